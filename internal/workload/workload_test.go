package workload

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"testing"
)

// pinned holds the SHA-256 of the documents and of the requests of each workload.
// A workload whose hash changes is another workload: figures measured on it can
// not be compared with older ones, so think before changing a line here.
var pinned = []struct {
	profile             Profile
	size                Size
	documents, requests string
	statements          int
	mixed               map[string]int
}{
	{ProfileS3, W1, "e8e98a18f4683d02de959aa2971cc2aceafbc918ac98130cc535d829df7687af", "fcbe1fd5328bffbce491a1939ce7be9a297ffc92ddd17320c6f4c9e13ac6b60f", 1, map[string]int{Allow: 1, ImplicitDeny: 2}},
	{ProfileS3, W2, "e041f4ed5c5edf74c279ce90d586865f39e28513f5bd9541a840a4d31006953e", "31f0f3809f8d4a8b9e7d62afc98905b085fa6dc2209f07fcd9b00bf186a469a1", 100, map[string]int{Allow: 364, ExplicitDeny: 17, ImplicitDeny: 131}},
	{ProfileS3, W3, "5c9af64d6e6f6f3d53f72feed2d67e3e3115e6a0b57ba8d92c310ed558e52401", "1a0698692b005e9c8dc9d79dc741c3fb88fa6cd00c98c3eee8716b67c97d6834", 1000, map[string]int{Allow: 379, ExplicitDeny: 17, ImplicitDeny: 116}},
	{ProfileS3, W4, "ef33eb7025aa33222d79fb21adf8c7b19d8a925cd6632c67efd80b66afcce54f", "8712801c976bf17a1f12376a4f49a8da9714528bb23dc7e97c5d0ab1f253dbcf", 10000, map[string]int{Allow: 449, ExplicitDeny: 14, ImplicitDeny: 49}},
	{ProfileMulti, W1, "e8e98a18f4683d02de959aa2971cc2aceafbc918ac98130cc535d829df7687af", "fcbe1fd5328bffbce491a1939ce7be9a297ffc92ddd17320c6f4c9e13ac6b60f", 1, map[string]int{Allow: 1, ImplicitDeny: 2}},
	{ProfileMulti, W2, "98b23d2e9223417ab12a5511003f0c62690f280f7519d80f1b7cbb753e963477", "9b39b9763a13f538dfaf55febe7829fb8f91a0801547066ed96bc3c194c59343", 100, map[string]int{Allow: 363, ExplicitDeny: 8, ImplicitDeny: 141}},
	{ProfileMulti, W3, "a44a0b5d29ad4f6096dd9432e7b8dde3a87471d8b0fd6499a560f3ea8b3172b6", "8749197dbdad8ebfa6add69c988c30640bd06837f365d2b504e82f5429716524", 1000, map[string]int{Allow: 387, ExplicitDeny: 9, ImplicitDeny: 116}},
	{ProfileMulti, W4, "8e5898e5b6d386c5d27fe0bde7095fcef3a8cd25d28ee54342a44a079f060756", "e9f30124de20b90684674ee124e9334e5d852250cc2d054c36990f29dce7f785", 10000, map[string]int{Allow: 417, ExplicitDeny: 9, ImplicitDeny: 86}},
}

func TestGeneratePinned(t *testing.T) {
	if got, want := len(pinned), len(Profiles())*len(Sizes()); got != want {
		t.Errorf("%d workloads are pinned, there are %d", got, want)
	}
	for _, p := range pinned {
		t.Run(string(p.profile)+"/"+string(p.size), func(t *testing.T) {
			t.Parallel()
			s, err := Generate(p.profile, p.size)
			if err != nil {
				t.Fatal(err)
			}
			documents, err := s.Documents()
			if err != nil {
				t.Fatal(err)
			}
			h := sha256.New()
			for _, d := range documents {
				h.Write(d)
			}
			if got := hex.EncodeToString(h.Sum(nil)); got != p.documents {
				t.Errorf("documents hash to %s, pinned is %s", got, p.documents)
			}
			if got := requestsHash(t, s); got != p.requests {
				t.Errorf("requests hash to %s, pinned is %s", got, p.requests)
			}
			if got := s.Statements(); got != p.statements {
				t.Errorf("%d statements, expected %d", got, p.statements)
			}
			mixed := map[string]int{}
			for i := range s.Mix {
				mixed[s.Mix[i].Expect]++
			}
			for _, decision := range []string{Allow, ExplicitDeny, ImplicitDeny} {
				if mixed[decision] != p.mixed[decision] {
					t.Errorf("%d requests of the mix are %s, expected %d", mixed[decision], decision, p.mixed[decision])
				}
			}
			testNamed(t, s)
		})
	}
}

// requestsHash hashes the requests as two indented JSON arrays, each with a
// newline after it.
func requestsHash(t *testing.T, s *Set) string {
	t.Helper()
	h := sha256.New()
	for _, requests := range [][]Request{s.Named, s.Mix} {
		b, err := json.MarshalIndent(requests, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		h.Write(append(b, '\n'))
	}
	return hex.EncodeToString(h.Sum(nil))
}

// testNamed checks that the named requests are decided as the package comment
// says, and by as many statements.
func testNamed(t *testing.T, s *Set) {
	t.Helper()
	matches := map[string]int{RequestAllow: 1, RequestExplicitDeny: 2, RequestImplicitDeny: 0, RequestImplicitDenyFar: 0}
	for i := range s.Named {
		q := &s.Named[i]
		decision, matched := Decide(s.Policies, q)
		if decision != q.Expect || matched != matches[q.Name] {
			t.Errorf("%s: %s by %d statements, expected %s by %d", q.Name, decision, matched, q.Expect, matches[q.Name])
		}
	}
}

// The allow of W2 to W4 must hang on the last statement: without it an engine that
// stops early would be measured on luck.
func TestAllowComesLast(t *testing.T) {
	for _, profile := range Profiles() {
		s, err := Generate(profile, W2)
		if err != nil {
			t.Fatal(err)
		}
		last := &s.Policies[len(s.Policies)-1]
		last.Statement = last.Statement[:len(last.Statement)-1]
		if got, _ := Decide(s.Policies, &s.Named[0]); got != ImplicitDeny {
			t.Errorf("%s: without the last statement: %s, expected %s", profile, got, ImplicitDeny)
		}
	}
}

func TestGenerateErrors(t *testing.T) {
	if _, err := Generate("s4", W1); err == nil {
		t.Error("profile s4: no error")
	}
	if _, err := Generate(ProfileS3, "W5"); err == nil {
		t.Error("size W5: no error")
	}
}
