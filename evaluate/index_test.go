package evaluate_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/internal/neutral"
	"github.com/portcullis-iam/portcullis/principal"
)

var questions = flag.Int("questions", 3000, "how many generated questions to ask with an index and without")

// sides is one question made ready with an index everywhere and with none.
type sides struct {
	evaluators [2]*evaluate.Evaluator
	requests   [2]*evaluate.Request
}

var ways = [2]evaluate.Indexing{evaluate.AlwaysIndex, evaluate.NeverIndex}

// bothWays makes the case ready. An error is one of the case.
func bothWays(c *neutral.Case) (*sides, error) {
	made := new(sides)
	for at, how := range ways {
		var err error
		if made.evaluators[at], err = evaluate.NewIndexed(&c.Principal, how); err != nil {
			return nil, err
		}
		request := &evaluate.Request{Context: c.Context}
		if request.Resource, err = evaluate.NewIndexedResource(&c.Resource, how); err != nil {
			return nil, err
		}
		if request.Endpoint, err = evaluate.NewIndexedEndpoint(c.Endpoint, how); err != nil {
			return nil, err
		}
		if err := request.Set(c.Action, c.Resource.ARN, c.Account); err != nil {
			return nil, err
		}
		made.requests[at] = request
	}
	return made, nil
}

// sameBothWays decides with an index and without. Which of several statements
// that apply is named may differ, and with it the level of an organization that
// an explicit denial names.
func (s *sides) sameBothWays() (with, without evaluate.Decision, same bool) {
	with, without = s.evaluators[0].Evaluate(s.requests[0]), s.evaluators[1].Evaluate(s.requests[1])
	same = with.Outcome == without.Outcome && with.Layer == without.Layer && with.Rule() == without.Rule()
	if with.Outcome == evaluate.ImplicitlyDenied {
		same = same && with.OrgIdentifier() == without.OrgIdentifier()
	}
	_, found := with.Statement()
	_, alsoFound := without.Statement()
	return with, without, same && found == alsoFound
}

func parallel(count uint64, do func(number uint64)) {
	var next atomic.Uint64
	var group sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		group.Go(func() {
			for number := next.Add(1) - 1; number < count; number = next.Add(1) - 1 {
				do(number)
			}
		})
	}
	group.Wait()
}

// TestIndexChangesNoDecision asks generated questions both ways.
func TestIndexChangesNoDecision(t *testing.T) {
	t.Parallel()
	var undetermined atomic.Int64
	parallel(uint64(*questions), func(seed uint64) {
		made := generate.FromSeed(seed)
		line := made.JSON()
		c, err := neutral.Decode(line)
		if err != nil {
			return
		}
		s, err := bothWays(c)
		if err != nil {
			return
		}
		if with, without, same := s.sameBothWays(); !same {
			t.Errorf("seed %d: with an index %v, without %v\n%s", seed, with, without, line)
		}
		// Nor does it if something is unknown.
		random := rand.New(rand.NewPCG(seed, 0x2e))
		for _, entry := range made.Request.Context {
			if random.IntN(2) == 0 {
				c.Context.SetUnknown(entry.Key)
			}
		}
		with, without, same := s.sameBothWays()
		if !same {
			t.Errorf("seed %d, with unknown keys: with an index %v, without %v\n%s", seed, with, without, line)
		}
		if with.Outcome == evaluate.Undetermined {
			undetermined.Add(1)
		}
	})
	if *questions >= 1000 && undetermined.Load() < int64(*questions)/200 {
		t.Errorf("%d of %d decisions are undetermined", undetermined.Load(), *questions)
	}
}

// TestIndexOfWhatGeneratorsDoNotWrite holds an index against a scan where it
// would be easy to take one thing for another.
func TestIndexOfWhatGeneratorsDoNotWrite(t *testing.T) {
	t.Parallel()
	const everything = `{"Effect":"Allow","Action":"*","Resource":"*"}`
	for _, row := range []struct {
		name, statements, action, resource string
		want                               evaluate.Outcome
	}{
		{"a list of actions like one action with a NUL in it", `{"Effect":"Deny","Action":"s3:a*\u0000s3:b*","Resource":"*"},{"Effect":"Deny","Action":["s3:a*","s3:b*"],"Resource":"*"}`,
			"s3:apple", "arn:aws:s3:::b/k", evaluate.ExplicitlyDenied},
		{"the same the other way round", `{"Effect":"Deny","Action":["s3:a*","s3:b*"],"Resource":"arn:aws:s3:::x"},{"Effect":"Deny","Action":"s3:a*\u0000s3:b*","Resource":"*"}`,
			"s3:apple", "arn:aws:s3:::b/k", evaluate.Allowed},
		{"an action of several colons", `{"Effect":"Deny","Action":"a:b:C*","Resource":"*"}`, "A:B:cd", "*", evaluate.ExplicitlyDenied},
		{"a resource shorter than its ending", `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:::*aaaa"}`, "s3:x", "arn:aws:s3:::aaa", evaluate.Allowed},
		{"an unknown variable behind other text", `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:*:*:logs/${aws:username}"}`, "s3:x", "arn:aws:s3:::b/k", evaluate.Allowed},
		{"an unknown variable behind the same text", `{"Effect":"Deny","Action":"s3:*","Resource":"arn:aws:s3:*:*:b/${aws:username}"}`, "s3:x", "arn:aws:s3:::b/k", evaluate.Undetermined},
		{"an unknown variable and no resource", `{"Effect":"Deny","Action":"s3:*","Resource":"arn:${aws:username}"}`, "s3:x", "*", evaluate.Allowed},
	} {
		line := `{"id":"x","identityPolicies":[{"Version":"2012-10-17","Statement":[` + everything + "," + row.statements + `]}],"request":{"principal":"arn:aws:iam::111111111111:user/alice",` +
			`"action":"` + row.action + `","resource":"` + row.resource + `","resourceAccount":"111111111111","context":{"aws:username":"alice"}}}`
		c, err := neutral.Decode([]byte(line))
		if err != nil {
			t.Fatal(err)
		}
		c.Context.SetUnknown("aws:username")
		s, err := bothWays(c)
		if err != nil {
			t.Fatal(err)
		}
		if with, without, same := s.sameBothWays(); !same || with.Outcome != row.want {
			t.Errorf("%s: with an index %v, without %v, want %v", row.name, with, without, row.want)
		}
	}
}

// TestIndexOfACrowdChangesNoDecision puts the statements of many questions into
// each layer of one caller, so that an index has work to do: hundreds of
// statements, patterns with common beginnings, crowds under one of them, classes
// of actions, more classes than a matrix takes. Every question is asked of all.
func TestIndexOfACrowdChangesNoDecision(t *testing.T) {
	t.Parallel()
	// One in so many statements is a Deny: in a crowd there would always be
	// one that applies, and it would hide everything else.
	for _, crowd := range []struct {
		name       string
		size       uint64
		keepDenies bool
	}{{"small", 12, true}, {"medium", 60, false}, {"large", 400, false}, {"large with denies", 150, true}} {
		t.Run(crowd.name, func(t *testing.T) {
			t.Parallel()
			var outcomes [4]atomic.Int64
			rounds := max(1, uint64(*questions)/(crowd.size*8))
			parallel(rounds, func(round uint64) {
				askCrowd(t, 1_000_000*(round+1), crowd.size, crowd.keepDenies, &outcomes)
			})
			// Denies that hide everything would be a test of one thing only.
			total := int64(0)
			for at := range outcomes {
				total += outcomes[at].Load()
			}
			if total > 1000 && (outcomes[evaluate.Allowed].Load() == 0 || outcomes[evaluate.ExplicitlyDenied].Load() == 0) {
				t.Errorf("allowed %d, explicitly denied %d", outcomes[evaluate.Allowed].Load(), outcomes[evaluate.ExplicitlyDenied].Load())
			}
		})
	}
}

// askCrowd merges the questions from first on and asks each of them.
func askCrowd(t *testing.T, first, size uint64, keepDenies bool, outcomes *[4]atomic.Int64) {
	var everyone principal.Principal
	var resources []principal.Attachment
	var endpoint []principal.Attachment
	var cases []*neutral.Case
	level, control := principal.Level{OrgIdentifier: "r-root"}, principal.Level{OrgIdentifier: "r-root"}
	for seed := first; seed < first+size; seed++ {
		made := generate.FromSeed(seed)
		if !keepDenies && seed%16 != 0 {
			made = withoutDenies(made)
		}
		c, err := neutral.Decode(made.JSON())
		if err != nil {
			continue
		}
		cases = append(cases, c)
		everyone.IdentityPolicies = append(everyone.IdentityPolicies, c.Principal.IdentityPolicies...)
		everyone.PermissionsBoundaries = append(everyone.PermissionsBoundaries, c.Principal.PermissionsBoundaries...)
		everyone.SessionPolicies = append(everyone.SessionPolicies, c.Principal.SessionPolicies...)
		for _, one := range c.Principal.ServiceControlLevels {
			level.Policies = append(level.Policies, one.Policies...)
		}
		for _, one := range c.Resource.ControlLevels {
			control.Policies = append(control.Policies, one.Policies...)
		}
		endpoint = append(endpoint, c.Endpoint...)
		if c.Resource.Policy != nil {
			resources = append(resources, *c.Resource.Policy)
		}
	}
	if len(everyone.IdentityPolicies) < int(min(4, size/20)) {
		t.Errorf("a crowd of %d identity policies", len(everyone.IdentityPolicies))
	}
	everyone.ServiceControlLevels = []principal.Level{level}
	for number, c := range cases {
		merged := *c
		merged.Principal = everyone
		merged.Principal.Identity = c.Principal.Identity
		merged.Endpoint = endpoint
		merged.Resource.ControlLevels = []principal.Level{control}
		if number%3 == 0 { // the wide layers alone, so that they are what decides
			merged.Principal.PermissionsBoundaries, merged.Principal.SessionPolicies, merged.Principal.ServiceControlLevels = nil, nil, nil
			merged.Endpoint, merged.Resource.ControlLevels = nil, nil
		}
		if len(resources) > 0 && merged.Resource.Policy == nil {
			merged.Resource.Policy = &resources[number%len(resources)]
		}
		if len(cases) > 100 && number%8 != 0 {
			continue // making an index of a crowd takes its time; asking does not
		}
		s, err := bothWays(&merged)
		if err != nil {
			continue
		}
		// The one crowd is asked what all questions of it ask.
		for other := number % 7; other < len(cases); other += 7 {
			asked := cases[other]
			refused := 0
			for at := range s.requests {
				s.requests[at].Context = asked.Context
				if err := s.requests[at].Set(asked.Action, asked.Resource.ARN, asked.Account); err != nil {
					refused++ // the generator spoils some questions
				}
			}
			if refused == len(s.requests) {
				continue
			}
			with, without, same := s.sameBothWays()
			if !same {
				t.Errorf("the question of %s in the crowd from seed %d, asked by the caller of %s: with an index %v, without %v", asked.ID, first, c.ID, with, without)
				return
			}
			outcomes[with.Outcome].Add(1)
		}
	}
}

// withoutDenies gives the question without its Deny statements.
func withoutDenies(c generate.Case) generate.Case {
	c = c.Clone()
	for _, document := range c.AllDocuments() {
		kept := document.Statements[:0]
		for _, statement := range document.Statements {
			if !strings.EqualFold(statement.Effect, "Deny") {
				kept = append(kept, statement)
			}
		}
		document.Statements = kept
	}
	return c
}

// TestIndexUnderOnePrefixChangesNoDecision builds what the generator does not:
// hundreds of patterns that begin alike and differ behind a wildcard, which an
// index lists for each action, and so many actions and classes of them that the
// matrix would cost too much.
func TestIndexUnderOnePrefixChangesNoDecision(t *testing.T) {
	t.Parallel()
	for _, shape := range []struct {
		name                         string
		statements, actions, choices int // actions of a statement, and of how many they are
		others                       int // actions that one more statement names, if all the others have patterns
	}{{"a crowd", 300, 2, 12, 0}, {"many actions", 120, 40, 5000, 0}, {"a crowd of patterns", 200, 1, 3, 0}, {"a crowd with too many actions for lists", 150, 1, 8, 3000}} {
		t.Run(shape.name, func(t *testing.T) {
			t.Parallel()
			var outcomes [4]atomic.Int64
			rounds := max(1, uint64(*questions)/600)
			parallel(rounds, func(round uint64) {
				random := rand.New(rand.NewPCG(round, 0x1d))
				pick := func(from ...string) string { return from[random.IntN(len(from))] }
				action := func() string { return fmt.Sprintf("s3:Do%d", random.IntN(shape.choices)) }
				tail := func(wild bool) string {
					star, any := "*", "*"
					if !wild {
						star, any = pick("", "x", "eu-", "raw/1/"), pick("a", "logs", "日本")
					}
					return "acme-" + star + "/" + pick("raw", "logs", "backup", "r", any) + "/" + pick("2026", "2025", any) + pick(".csv", ".json", "/"+any, "")
				}
				// An Allow of everything but a few things hides all else, so
				// most rounds have none.
				negated := func(element string) string {
					if round%4 == 0 && random.IntN(50) == 0 {
						return "Not" + element
					}
					return element
				}
				var document strings.Builder
				document.WriteString(`{"Version":"2012-10-17","Statement":[`)
				for number := range shape.statements {
					if number > 0 {
						document.WriteByte(',')
					}
					effect := "Allow"
					if random.IntN(60) == 0 {
						effect = "Deny"
					}
					var actions []string
					for range shape.actions {
						if shape.others > 0 {
							other := `"s3:X*"` // most say nothing about what is asked
							actions = append(actions, pick(`"s3:*"`, `"s3:Do*"`, `"s3:*1"`, other, other, other, other, other, other, other, other, other, other, other, other, other, other, other))
							continue
						}
						actions = append(actions, `"`+pick(action(), action(), action(), action()+"*", "s3:D?"+action()[4:])+`"`)
					}
					fmt.Fprintf(&document, `{"Effect":%q,%q:[%s],%q:["arn:aws:s3:::%s","arn:%s:s3:::%s"]}`, effect,
						negated("Action"), strings.Join(actions, ","), negated("Resource"), tail(true), pick("aws", "*"), tail(true))
				}
				if shape.others > 0 {
					document.WriteString(`,{"Effect":"Allow","Resource":"arn:aws:s3:::other","Action":["s3:Do0"`)
					for number := range shape.others {
						fmt.Fprintf(&document, `,"s3:Do%d"`, number)
					}
					document.WriteString(`]}`)
				}
				document.WriteString(`]}`)
				line := `{"id":"crowd","identityPolicies":[` + document.String() + `],"request":{"principal":"arn:aws:iam::111111111111:user/alice","action":"s3:Do1","resource":"arn:aws:s3:::b/k","resourceAccount":"111111111111"}}`
				c, err := neutral.Decode([]byte(line))
				if err != nil {
					t.Errorf("%v\n%s", err, line)
					return
				}
				s, err := bothWays(c)
				if err != nil {
					t.Error(err)
					return
				}
				for range 600 {
					name, resource := action(), "arn:aws:s3:::"+tail(false)
					if random.IntN(20) == 0 {
						name += "x"
					}
					for at := range s.requests {
						if err := s.requests[at].Set(name, resource, "111111111111"); err != nil {
							t.Error(err)
						}
					}
					with, without, same := s.sameBothWays()
					if !same {
						t.Errorf("round %d, %s on %s: with an index %v, without %v\n%s", round, name, resource, with, without, line)
						return
					}
					outcomes[with.Outcome].Add(1)
				}
			})
			for _, outcome := range []evaluate.Outcome{evaluate.Allowed, evaluate.ExplicitlyDenied, evaluate.ImplicitlyDenied} {
				if count := outcomes[outcome].Load(); count < int64(rounds) {
					t.Errorf("%d decisions in %d rounds are %v", count, rounds, outcome)
				}
			}
		})
	}
}
