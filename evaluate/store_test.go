package evaluate_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/principal"
)

// generation is a directory in which alice and the role deploy may read the
// bucket of that number alone; the bucket's policy lets bob in likewise.
func generation(tb testing.TB, number int, previous *principal.Directory) *principal.Directory {
	tb.Helper()
	bucket := fmt.Sprintf("arn:aws:s3:::bucket-%d", number)
	read := fmt.Sprintf(`{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "%s/*"}}`, bucket)
	b := principal.NewBuilder()
	b.Reuse(previous)
	b.AddUser("111111111111", principal.UserDetail{Name: "alice", ID: "AIDAALICE", Inline: []principal.NamedDocument{{Name: "read", Document: read}}})
	b.AddUser("111111111111", principal.UserDetail{Name: "bob", ID: "AIDABOB"})
	b.AddRole("111111111111", principal.RoleDetail{Name: "deploy", Path: "/ci/", ID: "AROADEPLOY", Inline: []principal.NamedDocument{{Name: "read", Document: read}}})
	b.AddResource(principal.ResourceDetail{ARN: bucket, AccountID: "111111111111", Document: fmt.Sprintf(
		`{"Statement": {"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::111111111111:user/bob"}, "Action": "s3:GetObject", "Resource": "%s/*"}}`, bucket)})
	d, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return d
}

func readBucket(tb testing.TB, number int) *evaluate.Request {
	tb.Helper()
	r, err := evaluate.NewRequest("s3:GetObject", fmt.Sprintf("arn:aws:s3:::bucket-%d/key", number), "111111111111")
	if err != nil {
		tb.Error(err) // not Fatal: readers call this in goroutines of their own
	}
	return r
}

var generationCallers = []string{"arn:aws:iam::111111111111:user/alice", "arn:aws:iam::111111111111:user/bob",
	"arn:aws:iam::111111111111:role/ci/deploy", "arn:aws:sts::111111111111:assumed-role/deploy/run"}

// TestStoreSwap has readers decide, in each snapshot that they see, about its
// own bucket and another one's, while a writer swaps snapshots. With the race
// detector it also shows that nothing is shared that is written.
func TestStoreSwap(t *testing.T) {
	t.Parallel()
	const swaps, decisions = 300, 2000 // at least
	store := evaluate.NewStore(generation(t, 0, nil))
	numbers := new(sync.Map) // of the directories
	numbers.Store(store.Load().Directory(), 0)
	var stop atomic.Bool
	var decided atomic.Int64
	var readers sync.WaitGroup
	for reader := range 4 {
		readers.Go(func() {
			last := 0
			for turn := reader; !stop.Load(); turn++ {
				snapshot := store.Load()
				number, known := numbers.Load(snapshot.Directory())
				if !known || number.(int) < last {
					t.Errorf("a reader sees directory %v after %d", number, last)
					return
				}
				last = number.(int)
				caller := generationCallers[turn%len(generationCallers)]
				for _, asked := range []int{last, last + 1} {
					decision, err := snapshot.Decide(caller, readBucket(t, asked))
					if err != nil || decision.Allowed() != (asked == last) {
						t.Errorf("snapshot %d, %s reads bucket %d: %v, %v", last, caller, asked, decision, err)
						return
					}
				}
				if turn%16 == 0 {
					review, err := snapshot.Review()
					if err != nil {
						t.Error(err)
						return
					}
					q := evaluate.Question{Action: "s3:GetObject", Resource: fmt.Sprintf("arn:aws:s3:::bucket-%d/key", last), Account: "111111111111"}
					if answer, err := review.WhoCan(t.Context(), q, evaluate.Options{}); err != nil || len(answer.Allowed) != 3 {
						t.Errorf("snapshot %d: who can is %v, %v; want three", last, answer, err)
						return
					}
				}
				decided.Add(1)
			}
		})
	}
	current := store.Load().Directory()
	for number := 1; (number <= swaps || decided.Load() < decisions) && !t.Failed(); number++ {
		next := generation(t, number, current)
		numbers.Store(next, number)
		if previous := store.Swap(next); previous.Directory() != current {
			t.Error("Swap does not give the snapshot that was in force")
		}
		current = next
	}
	stop.Store(true)
	readers.Wait()
}

// TestSnapshotDecide holds a Snapshot, which shares what it can among sessions
// and resources, against principals and resources made one by one.
func TestSnapshotDecide(t *testing.T) {
	t.Parallel()
	allowed := 0
	for seed := range uint64(150) {
		described := generate.DirectoryFromSeed(seed)
		d := generatedDirectory(t, described)
		store := evaluate.NewStore(d)
		random := rand.New(rand.NewPCG(seed, 3))
		for _, generated := range described.Questions(seed, 12) {
			someone, err := d.Principal(generated.Principal)
			if err != nil {
				if _, got := store.Load().Decide(generated.Principal, readBucket(t, 0)); got == nil || got.Error() != err.Error() {
					t.Errorf("%s: error %v, want %v", generated.Principal, got, err)
				}
				continue
			}
			request := evaluate.Request{Context: generatedContext(generated.Context, func() bool { return random.IntN(8) == 0 })}
			resource, owner := generated.Resource, ""
			if strings.HasPrefix(resource, "arn:aws:s3:::") && random.IntN(2) == 0 {
				resource += "/another/object"
			}
			if resource == "*" {
				owner = someone.Identity.AccountID
			} else if _, err := d.Resource(resource, ""); err != nil {
				owner = described.Accounts[0].ID
			}
			direct, side := evaluate.Request{Context: request.Context}, (*evaluate.Resource)(nil)
			if found, err := d.Resource(resource, owner); err == nil {
				if side, err = evaluate.NewResource(found); err != nil {
					t.Fatal(err)
				}
				owner = found.AccountID
			}
			if err := request.Set(generated.Action, resource, owner); err != nil {
				t.Fatal(err)
			}
			if err := direct.Set(generated.Action, resource, owner); err != nil {
				t.Fatal(err)
			}
			direct.Resource = side
			e, err := evaluate.New(someone)
			if err != nil {
				t.Fatal(err)
			}
			want := e.Evaluate(&direct)
			for range 2 { // made, and kept
				got, err := store.Load().Decide(generated.Principal, &request)
				if err != nil {
					t.Fatal(err)
				}
				if difference := cmp.Diff(want.String(), got.String()); difference != "" {
					t.Errorf("directory %d, %s, %s on %s (-made one by one, +Snapshot):\n%s", seed, generated.Principal, generated.Action, resource, difference)
				}
			}
			if request.Resource != nil {
				t.Error("Decide leaves its resource in the request")
			}
			if want.Allowed() {
				allowed++
			}
		}
	}
	if allowed < 120 {
		t.Errorf("only %d decisions allow: too few to compare", allowed)
	}
}

// TestSnapshotSessionBounded: a session has the boundary of its role, and with
// it comes that a Deny with NotPrincipal spares it never.
func TestSnapshotSessionBounded(t *testing.T) {
	t.Parallel()
	const everything = `{"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}`
	b := principal.NewBuilder()
	b.AddManagedPolicy("111111111111", principal.ManagedPolicyDetail{Name: "All", Document: everything})
	for name, boundary := range map[string]string{"free": "", "bounded": "arn:aws:iam::111111111111:policy/All"} {
		b.AddRole("111111111111", principal.RoleDetail{Name: name, ID: "AROA", Boundary: boundary, Attached: []string{"arn:aws:iam::111111111111:policy/All"}})
	}
	b.AddResource(principal.ResourceDetail{ARN: "arn:aws:s3:::bucket-1", AccountID: "111111111111", Document: `{"Statement":
		{"Effect": "Deny", "Action": "s3:*", "Resource": "*", "NotPrincipal": {"AWS": ["111111111111",
			"arn:aws:iam::111111111111:role/free", "arn:aws:sts::111111111111:assumed-role/free/run",
			"arn:aws:iam::111111111111:role/bounded", "arn:aws:sts::111111111111:assumed-role/bounded/run"]}}}`})
	d, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	snapshot := evaluate.NewSnapshot(d)
	for name, want := range map[string]evaluate.Outcome{"free": evaluate.Allowed, "bounded": evaluate.ExplicitlyDenied} {
		decision, err := snapshot.Decide("arn:aws:sts::111111111111:assumed-role/"+name+"/run", readBucket(t, 1))
		if err != nil || decision.Outcome != want {
			t.Errorf("the session of the role %s: %v, %v; want %v", name, decision, err, want)
		}
	}
}

// TestSnapshotOnce makes each evaluator and each resource once, however many
// ask for it.
func TestSnapshotOnce(t *testing.T) {
	t.Parallel()
	snapshot := evaluate.NewSnapshot(generation(t, 1, nil))
	type made struct {
		evaluator *evaluate.Evaluator
		resource  *evaluate.Resource
	}
	var each [8]made
	var all sync.WaitGroup
	for at := range each {
		all.Go(func() {
			var err error
			if each[at].evaluator, err = snapshot.Evaluator(generationCallers[0]); err != nil {
				t.Error(err)
			}
			if each[at].resource, err = snapshot.Resource("arn:aws:s3:::bucket-1/key", ""); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for at := range each {
		if each[at] != each[0] || each[at].evaluator == nil || each[at].resource == nil {
			t.Errorf("goroutine %d got %v, goroutine 0 %v", at, each[at], each[0])
		}
	}
}

// TestSnapshotForgets asks about more sessions and objects than a snapshot
// keeps. It must go on answering, and not keep all of them.
func TestSnapshotForgets(t *testing.T) {
	t.Parallel()
	snapshot := evaluate.NewSnapshot(generation(t, 1, nil))
	first, err := snapshot.Evaluator("arn:aws:sts::111111111111:assumed-role/deploy/run-0")
	if err != nil {
		t.Fatal(err)
	}
	used, err := snapshot.Evaluator("arn:aws:sts::111111111111:assumed-role/deploy/used")
	if err != nil {
		t.Fatal(err)
	}
	request := &evaluate.Request{Context: new(condition.Context)}
	for number := range 20000 {
		if err := request.Set("s3:GetObject", fmt.Sprintf("arn:aws:s3:::bucket-1/key-%d", number), "111111111111"); err != nil {
			t.Fatal(err)
		}
		decision, err := snapshot.Decide(fmt.Sprintf("arn:aws:sts::111111111111:assumed-role/deploy/run-%d", number), request)
		if err != nil || !decision.Allowed() {
			t.Fatalf("session %d: %v, %v", number, decision, err)
		}
		if again, err := snapshot.Evaluator("arn:aws:sts::111111111111:assumed-role/deploy/used"); err != nil || again != used {
			t.Fatalf("the session that is in use was forgotten (%v)", err)
		}
	}
	if again, err := snapshot.Evaluator("arn:aws:sts::111111111111:assumed-role/deploy/run-0"); err != nil || again == first {
		t.Errorf("after 20,000 others the first session is still kept (%v)", err)
	}
}

// TestSnapshotNoAllocs is the promise about the request path: once the caller
// and the resource are ready, from the Store to the decision nothing is
// allocated.
func TestSnapshotNoAllocs(t *testing.T) {
	store := evaluate.NewStore(generation(t, 1, nil))
	request := readBucket(t, 1)
	for _, caller := range generationCallers {
		decide := func() {
			if decision, err := store.Load().Decide(caller, request); err != nil || !decision.Allowed() {
				t.Errorf("%s: %v, %v", caller, decision, err)
			}
		}
		decide()
		if allocations := testing.AllocsPerRun(100, decide); allocations != 0 {
			t.Errorf("%s: %v allocations for a decision, want 0", caller, allocations)
		}
	}
}

func TestSnapshotErrors(t *testing.T) {
	t.Parallel()
	snapshot := evaluate.NewSnapshot(generation(t, 1, nil))
	var notFound *principal.NotFoundError
	var identity *principal.IdentityError
	var resource *principal.ResourceError
	if d, err := snapshot.Decide("arn:aws:iam::111111111111:user/nobody", readBucket(t, 1)); d.Allowed() || !errors.As(err, &notFound) {
		t.Errorf("unknown user: %v, %v", d, err)
	}
	if d, err := snapshot.Decide("arn:aws:sts::111111111111:assumed-role/nobody/run", readBucket(t, 1)); d.Allowed() || !errors.As(err, &notFound) {
		t.Errorf("session of an unknown role: %v, %v", d, err)
	}
	if d, err := snapshot.Decide("", readBucket(t, 1)); d.Allowed() || !errors.As(err, &identity) {
		t.Errorf("no caller: %v, %v", d, err)
	}
	wrongOwner, err := evaluate.NewRequest("s3:GetObject", "arn:aws:s3:::bucket-1/key", "222222222222")
	if err != nil {
		t.Fatal(err)
	}
	if d, err := snapshot.Decide(generationCallers[0], wrongOwner); d.Allowed() || !errors.As(err, &resource) {
		t.Errorf("the account of another: %v, %v", d, err)
	}
	for _, unset := range []*evaluate.Request{nil, {}} {
		if d, err := snapshot.Decide(generationCallers[0], unset); d.Allowed() || err != nil {
			t.Errorf("a request that was not set: %v, %v; want a denial", d, err)
		}
	}
	if d, err := new(evaluate.Store).Load().Decide(generationCallers[0], readBucket(t, 1)); d.Allowed() || !errors.As(err, &notFound) {
		t.Errorf("the zero Store: %v, %v", d, err)
	}
	zero := new(evaluate.Store)
	if previous := zero.Swap(generation(t, 1, nil)); previous == nil {
		t.Error("Swap of the zero Store gives nil")
	}
	if d, err := zero.Load().Decide(generationCallers[0], readBucket(t, 1)); err != nil || !d.Allowed() {
		t.Errorf("after the first Swap: %v, %v", d, err)
	}
}

// BenchmarkStoreDecide decides on all processors, with and without a writer
// that swaps snapshots as fast as it can.
func BenchmarkStoreDecide(b *testing.B) {
	directories := [2]*principal.Directory{generation(b, 1, nil)}
	directories[1] = generation(b, 1, directories[0])
	for _, swapping := range []bool{false, true} {
		b.Run(fmt.Sprintf("swapping=%t", swapping), func(b *testing.B) {
			store := evaluate.NewStore(directories[0])
			var stop atomic.Bool
			var writer sync.WaitGroup
			swaps := 0
			if swapping {
				writer.Go(func() {
					for ; !stop.Load(); swaps++ {
						store.Swap(directories[swaps%2])
					}
				})
			}
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				request := readBucket(b, 1)
				for turn := 0; pb.Next(); turn++ {
					if d, err := store.Load().Decide(generationCallers[turn%len(generationCallers)], request); err != nil || !d.Allowed() {
						b.Error(d, err)
						return
					}
				}
			})
			stop.Store(true)
			writer.Wait()
			if swapping {
				b.ReportMetric(float64(swaps)/b.Elapsed().Seconds(), "swaps/s")
			}
		})
	}
}
