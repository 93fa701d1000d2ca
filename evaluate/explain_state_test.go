package evaluate

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// everythingSaid is all that an explanation has to say.
func everythingSaid(x Explanation) string {
	var b strings.Builder
	written, err := json.Marshal(map[string]any{"explanation": x, "result": x.EvaluationResult()})
	fmt.Fprintln(&b, x, x.Summary(), x.AccessDenied(), x.MissingKeys(), x.UnknownKeys(), x.Residual(), x.NearMisses(), string(written), err)
	for _, blocker := range x.Blockers() {
		fmt.Fprintln(&b, blocker)
	}
	residual := x.Residual().Condition
	fmt.Fprintln(&b, residual.Keys(), residual.Evaluate(with("test:u", "true")))
	return b.String()
}

// told is a scene of which there is much to tell.
func told() scene {
	s := scene{caller: session, issuer: sessionRole, context: with("aws:RequestedRegion", "us-east-1", "test:text", "fish"), account: account,
		serviceControl: []string{yes, yes},
		resourcePolicy: to(aws(alice), yes),
		identity:       []string{only(`{"StringEquals": {"aws:RequestedRegion": "eu-west-1"}}`, yes), only(`{"Bool": {"test:u": "true"}, "StringEquals": {"test:text": "${test:text}"}}`, yes)},
		session:        []string{yes}}
	s.context.SetUnknown("test:u")
	return s
}

// TestExplanationRemembers: whatever becomes of the request, its context and its
// sides, an explanation says what it said.
func TestExplanationRemembers(t *testing.T) {
	t.Parallel()
	for _, late := range []bool{false, true} {
		s := told()
		e, r := s.evaluator(t), s.request(t)
		want := everythingSaid(e.Explain(r))
		x := e.Explain(r)
		if !late {
			if got := everythingSaid(x); got != want {
				t.Errorf("a second explanation says\n%s\nwant\n%s", got, want)
			}
		}
		r.Context.Reset()
		for _, key := range []string{"aws:RequestedRegion", "test:text", "test:u", "test:other"} {
			r.Context.Set(key, condition.String("eu-west-1"))
		}
		r.Resource, r.Endpoint = nil, nil
		if err := r.Set("s3:GetObject", "arn:aws:s3:::other/key", otherAccount); err != nil {
			t.Fatal(err)
		}
		if got := everythingSaid(x); got != want {
			t.Errorf("after the request was filled again:\n%s", cmp.Diff(want, got))
		}
	}
}

// TestExplanationsAreShared: any number of goroutines may ask one explanation, and
// asking changes nothing.
func TestExplanationsAreShared(t *testing.T) {
	t.Parallel()
	s := told()
	e, r := s.evaluator(t), s.request(t)
	want := everythingSaid(e.Explain(r))
	x := e.Explain(r) // of which nothing was asked before
	var wait sync.WaitGroup
	for range 8 {
		wait.Add(1)
		go func() {
			defer wait.Done()
			for range 4 {
				if got := everythingSaid(x); got != want {
					t.Errorf("one of several goroutines reads\n%s", cmp.Diff(want, got))
				}
			}
		}()
	}
	wait.Wait()
}

// TestZeroExplanation: it says little, and does not panic.
func TestZeroExplanation(t *testing.T) {
	t.Parallel()
	var x Explanation
	if got := x.String(); got != "ImplicitlyDenied" {
		t.Errorf("%q", got)
	}
	if x.Residual().String() != "ImplicitlyDenied" || x.NearMisses() != nil || x.MissingKeys() != nil || x.UnknownKeys() != nil || x.AccessDenied() != "" || x.Summary() != "ImplicitlyDenied" {
		t.Error("something is said of nothing")
	}
	written, err := json.Marshal(x)
	want := `{"principal":"","action":"","resource":"","outcome":"ImplicitlyDenied","decision":"ImplicitlyDenied","blockers":[{"layer":"no layer","outcome":"ImplicitlyDenied","sentence":"it was not decided: there is no request"}],"layers":[]}`
	if err != nil || string(written) != want {
		t.Errorf("%s, %v", written, err)
	}
	for _, zero := range []fmt.Stringer{Blocker{}, ElementTrace{}, EntryTrace{}, LayerTrace{}, NearMiss{}, Change{}, Residual{}, Example{}, Assignment{}, Expression{}, ResourceTest{}} {
		func() {
			defer func() {
				if r := recover(); r != nil {
					t.Errorf("the zero %T panics: %v", zero, r)
				}
			}()
			_ = zero.String()
		}()
	}
	if (LayerTrace{}).Statements() != nil || (LayerTrace{}).Total() != 0 || (StatementTrace{}).Tests() != nil || (StatementTrace{}).Elements() != nil {
		t.Error("zero traces have something in them")
	}
	if !(NearMiss{}).Apply(nil) {
		t.Error("the zero NearMiss has changes")
	}
}

// TestExplanationJSON: the whole form.
func TestExplanationJSON(t *testing.T) {
	t.Parallel()
	s := scene{context: withList("aws:TagKeys", "a", "b"), resourcePolicy: to(ownAccount, yes), serviceControl: []string{yes},
		identity: []string{only(`{"ForAllValues:StringEquals": {"aws:TagKeys": "a"}, "StringLike": {"test:name": "${test:other}*"}}`, `{"Effect": "Allow", "Action": "sqs:*", "NotResource": "arn:aws:sqs:*:*:${test:own}"}`), only(`{"StringEquals": {"test:u": "x"}}`, no)}}
	s.context.Set("test:name", condition.String("n"))
	s.context.Set("test:other", condition.String("o"))
	s.context.SetUnknown("test:u")
	written, err := json.MarshalIndent(s.evaluator(t).Explain(s.request(t)), "", "  ")
	if err != nil {
		t.Fatal(err)
	}
	const want = `{
  "principal": "arn:aws:iam::111122223333:user/staff/alice",
  "action": "sqs:SendMessage",
  "resource": "arn:aws:sqs:eu-west-1:111122223333:jobs",
  "outcome": "ImplicitlyDenied",
  "decision": "ImplicitlyDenied: no identity-based policy allows it",
  "accessDenied": "User: arn:aws:iam::111122223333:user/staff/alice is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:eu-west-1:111122223333:jobs because no identity-based policy allows the sqs:SendMessage action",
  "blockers": [
    {
      "layer": "identity-based policy",
      "outcome": "ImplicitlyDenied",
      "sentence": "no identity-based policy allows it: statement 1 (1:41) of managed policy p1 would, but ForAllValues:StringEquals aws:TagKeys \"a\" does not hold, it is the list [\"a\", \"b\"]; and StringLike test:name \"${test:other}*\", which is \"o*\", does not hold, it is \"n\"; the resource-based policy names only the account, whose own policies must allow it too"
    }
  ],
  "layers": [
    {
      "layer": "service control policy",
      "orgIdentifier": "r-1",
      "needed": true,
      "total": 1,
      "statements": [
        {
          "policy": "service control policy p1",
          "index": 0,
          "sid": "Yes",
          "effect": "Allow",
          "start": "1:41",
          "applies": "true",
          "elements": [
            {
              "name": "Action",
              "matches": "true",
              "entries": [
                {
                  "text": "sqs:SendMessage",
                  "matches": "true"
                }
              ]
            },
            {
              "name": "Resource",
              "matches": "true",
              "entries": [
                {
                  "text": "*",
                  "matches": "true"
                }
              ]
            }
          ]
        }
      ]
    },
    {
      "layer": "resource-based policy",
      "needed": false,
      "grant": "the account",
      "total": 1,
      "statements": [
        {
          "policy": "an unnamed resource-based policy",
          "index": 0,
          "sid": "Yes",
          "effect": "Allow",
          "start": "1:41",
          "applies": "true",
          "elements": [
            {
              "name": "Principal",
              "matches": "true",
              "entries": [
                {
                  "text": "111122223333",
                  "matches": "true"
                }
              ]
            },
            {
              "name": "Action",
              "matches": "true",
              "entries": [
                {
                  "text": "sqs:SendMessage",
                  "matches": "true"
                }
              ]
            },
            {
              "name": "Resource",
              "matches": "true",
              "entries": [
                {
                  "text": "*",
                  "matches": "true"
                }
              ]
            }
          ]
        }
      ]
    },
    {
      "layer": "identity-based policy",
      "needed": true,
      "total": 2,
      "statements": [
        {
          "policy": "managed policy p2",
          "index": 0,
          "sid": "No",
          "effect": "Deny",
          "start": "1:41",
          "applies": "unknown",
          "elements": [
            {
              "name": "Action",
              "matches": "true",
              "entries": [
                {
                  "text": "sqs:SendMessage",
                  "matches": "true"
                }
              ]
            },
            {
              "name": "Resource",
              "matches": "true",
              "entries": [
                {
                  "text": "*",
                  "matches": "true"
                }
              ]
            }
          ],
          "tests": [
            {
              "operator": "StringEquals",
              "key": "test:u",
              "values": [
                "x"
              ],
              "value": {
                "unknown": "unknown"
              },
              "result": "unknown"
            }
          ]
        },
        {
          "policy": "managed policy p1",
          "index": 0,
          "effect": "Allow",
          "start": "1:41",
          "applies": "false",
          "elements": [
            {
              "name": "Action",
              "matches": "true",
              "entries": [
                {
                  "text": "sqs:*",
                  "matches": "true"
                }
              ]
            },
            {
              "name": "NotResource",
              "matches": "true",
              "entries": [
                {
                  "text": "arn:aws:sqs:*:*:${test:own}",
                  "missing": [
                    "test:own"
                  ],
                  "matches": "false"
                }
              ]
            }
          ],
          "tests": [
            {
              "operator": "ForAllValues:StringEquals",
              "key": "aws:TagKeys",
              "values": [
                "a"
              ],
              "value": [
                "a",
                "b"
              ],
              "result": "false"
            },
            {
              "operator": "StringLike",
              "key": "test:name",
              "values": [
                "${test:other}*"
              ],
              "resolved": [
                "o*"
              ],
              "value": "n",
              "result": "false"
            }
          ]
        }
      ]
    }
  ],
  "missingKeys": [
    "test:own"
  ],
  "unknownKeys": [
    "test:u"
  ]
}`
	if diff := cmp.Diff(want, string(written)); diff != "" {
		t.Error("(-want +got):\n" + diff)
	}
}

// TestSpeakingByIndex: with an index the statements that speak of an action are
// those that a scan finds.
func TestSpeakingByIndex(t *testing.T) {
	t.Parallel()
	spoken := 0
	rapid.Check(t, func(t *rapid.T) {
		actions := []string{"sqs:SendMessage", "sqs:*", "SQS:sendmessage", "sqs:Send*", "sqs:Receive*", "*", "s*:*", "s?s:*", "s3:GetObject", "s3:*", "*:SendMessage", "iam:PassRole", "sqs:SendMessageBatch"}
		var statements []string
		for at := range rapid.IntRange(1, 30).Draw(t, "statements") {
			element := rapid.SampledFrom([]string{"Action", "Action", "Action", "NotAction"}).Draw(t, "element")
			names := rapid.SliceOfN(rapid.SampledFrom(actions), 1, 3).Draw(t, "actions")
			statements = append(statements, fmt.Sprintf(`{"Sid": "S%d", "Effect": "%s", "%s": ["%s"], "Resource": "%s"}`, at, rapid.SampledFrom([]string{"Allow", "Deny"}).Draw(t, "effect"),
				element, strings.Join(names, `", "`), rapid.SampledFrom([]string{"*", "arn:aws:sqs:*:*:jobs", "arn:aws:s3:::b/*", "arn:aws:sqs:*:*:${aws:username}"}).Draw(t, "resource")))
		}
		s := scene{identity: []string{strings.Join(statements, ",")}, action: rapid.SampledFrom([]string{send, "s3:GetObject", "iam:PassRole", "sqs:ReceiveMessage", "none:Such"}).Draw(t, "action")}
		var sids [2][]string
		for at, how := range []indexing{neverIndex, alwaysIndex} {
			e, err := newEvaluator(s.principal(t), how)
			if err != nil {
				t.Fatal(err)
			}
			x := e.Explain(s.request(t))
			for _, layer := range x.Layers {
				for _, statement := range layer.Statements() {
					sids[at] = append(sids[at], statement.Sid()+" "+statement.Applies.String())
				}
			}
		}
		spoken += len(sids[0])
		if !slices.Equal(sids[0], sids[1]) {
			t.Fatalf("a scan finds %q, an index %q", sids[0], sids[1])
		}
	})
	if spoken < 100 {
		t.Errorf("%d statements", spoken)
	}
}
