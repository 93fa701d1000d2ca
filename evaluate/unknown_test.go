package evaluate

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// TestUnknownKeys: what hangs on an unknown key is Undetermined, named by the
// statement that may decide; what does not hang on it is decided.
func TestUnknownKeys(t *testing.T) {
	t.Parallel()
	const (
		onA       = `{"StringEquals": {"test:a": "x"}}`
		onB       = `{"StringEquals": {"test:b": "x"}}`
		notOnA    = `{"StringNotEquals": {"test:a": "x"}}`
		variable  = `{"Sid": "Own", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:${test:a}"}`
		elsewhere = `{"Sid": "Own", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:us-east-1:*:${test:a}"}`
		except    = `{"Sid": "Except", "Effect": "Deny", "Action": "sqs:SendMessage", "NotResource": "arn:aws:sqs:*:*:${test:a}"}`
	)
	perhaps := func(layer Layer, sid string) verdict { return verdict{Undetermined, layer, "", sid} }
	for _, row := range []struct {
		name string
		scene
		want verdict
	}{
		{"an Allow may apply", scene{identity: []string{only(onA, yes)}}, perhaps(IdentityPolicy, "Yes")},
		{"a Deny may apply", scene{identity: []string{yes, only(onA, no)}}, perhaps(IdentityPolicy, "No")},
		{"a Deny may apply, nothing allows", scene{identity: []string{only(onA, no)}}, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy}},
		{"both may apply", scene{identity: []string{only(onA, yes), only(onB, no)}}, perhaps(IdentityPolicy, "Yes")},
		{"two statements may apply, the first is named", scene{identity: []string{only(onA, yes) + "," + only(onB, strings.Replace(yes, "Yes", "Later", 1))}}, perhaps(IdentityPolicy, "Yes")},
		{"two statements may grant, the first is named", scene{identity: []string{yes}, resource: otherQueue,
			resourcePolicy: to(everybody, only(onA, yes)) + "," + to(everybody, only(onB, strings.Replace(yes, "Yes", "Later", 1)))}, perhaps(ResourcePolicy, "Yes")},
		{"another statement allows", scene{identity: []string{only(onA, yes) + "," + strings.Replace(yes, "Yes", "Sure", 1)}}, verdict{Allowed, IdentityPolicy, "", "Sure"}},
		{"another statement denies", scene{identity: []string{yes, only(onA, no) + "," + strings.Replace(no, "No", "Sure", 1)}}, verdict{ExplicitlyDenied, IdentityPolicy, "", "Sure"}},
		{"an earlier layer may deny, a later one does", scene{identity: []string{yes}, boundary: []string{no}, serviceControl: []string{yes + "," + only(onA, no)}}, verdict{ExplicitlyDenied, PermissionsBoundary, "", "No"}},
		{"one layer may allow, another does not", scene{identity: []string{only(onA, yes)}, boundary: []string{other}}, verdict{outcome: ImplicitlyDenied, layer: PermissionsBoundary}},
		{"two layers may deny, the first is named", scene{identity: []string{yes + "," + only(onB, no)}, serviceControl: []string{yes + "," + only(onA, no)}}, verdict{Undetermined, ServiceControlPolicy, "r-1", "No"}},
		{"two layers may allow, the first is named", scene{identity: []string{only(onA, yes)}, serviceControl: []string{yes, only(onB, yes)}}, verdict{Undetermined, ServiceControlPolicy, "ou-1", "Yes"}},
		{"the boundary may allow", scene{identity: []string{yes}, boundary: []string{only(onA, yes)}}, perhaps(PermissionsBoundary, "Yes")},
		{"the session may allow", scene{caller: session, identity: []string{yes}, session: []string{only(onA, yes)}}, perhaps(SessionPolicy, "Yes")},
		{"the endpoint may allow", scene{identity: []string{yes}, endpoint: []string{to(everybody, only(onA, yes))}}, perhaps(VPCEndpointPolicy, "Yes")},
		{"the other account may allow", scene{identity: []string{yes}, resource: otherQueue, resourcePolicy: to(everybody, only(onA, yes))}, perhaps(ResourcePolicy, "Yes")},
		{"an RCP may deny", scene{identity: []string{yes}, resourceControl: []string{"", to(everybody, only(onA, no))}}, verdict{Undetermined, ResourceControlPolicy, "ou-1", "No"}},
		{"a service may be allowed", scene{caller: notifier, resourcePolicy: to(everybody, only(onA, yes))}, perhaps(ResourcePolicy, "Yes")},
		{"root needs no statement", scene{caller: root, resourcePolicy: to(everybody, only(onA, yes))}, verdict{outcome: Allowed, layer: IdentityPolicy}},

		{"the resource policy may make up for silence", scene{resourcePolicy: to(aws(alice), only(onA, yes))}, verdict{outcome: Undetermined, layer: IdentityPolicy}},
		{"a role may be named", scene{caller: session, resourcePolicy: to(aws(sessionRole), only(onA, yes))}, verdict{outcome: Undetermined, layer: IdentityPolicy}},
		{"a role may be named, the boundary is silent", scene{caller: session, boundary: []string{other}, resourcePolicy: to(aws(sessionRole), only(onA, yes))}, verdict{outcome: ImplicitlyDenied, layer: PermissionsBoundary}},
		{"the session may be named, the role is", scene{caller: session, boundary: []string{other}, resourcePolicy: to(aws(sessionRole), yes) + "," + to(aws(session), only(onA, yes))}, verdict{outcome: Undetermined, layer: PermissionsBoundary}},
		{"the session may be named, where nothing hangs on it", scene{caller: session, resourcePolicy: to(aws(sessionRole), yes) + "," + to(aws(session), only(onA, yes))}, verdict{Allowed, ResourcePolicy, "", "Yes"}},
		{"the account may be named, which is no help", scene{resourcePolicy: to(ownAccount, only(onA, yes))}, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy}},

		{"a negated operator", scene{identity: []string{yes, only(notOnA, no)}}, perhaps(IdentityPolicy, "No")},
		{"a variable in a resource", scene{identity: []string{variable}}, perhaps(IdentityPolicy, "Own")},
		{"a variable in a resource of another place", scene{identity: []string{elsewhere}}, verdict{outcome: ImplicitlyDenied, layer: IdentityPolicy}},
		{"a variable in an exception", scene{identity: []string{yes, except}}, perhaps(IdentityPolicy, "Except")},
		{"a rule of the service does not ask", scene{action: "sts:GetCallerIdentity", resource: "*", identity: []string{only(onA, everythingDenied)}}, verdict{outcome: Allowed, layer: ServiceRule}},
		{"a rule of the service denies", scene{action: "iam:DeletePolicy", resource: awsPolicy, account: account, identity: []string{everythingAllowed, only(onA, everythingDenied)}}, verdict{outcome: ImplicitlyDenied, layer: ServiceRule}},
	} {
		t.Run(row.name, func(t *testing.T) {
			row.context = new(condition.Context)
			row.context.SetUnknown("test:A") // letter case does not matter
			row.context.SetUnknown("test:b")
			row.scene.wants(t, row.want)
		})
	}
}

// unknowns are the keys that a drawn case may declare unknown, known one that
// it does not.
var unknowns = []string{"test:a", "test:b"}

// known is a key whose value is drawn, text one that always has the text "x".
const (
	known = "test:known"
	text  = "test:text"
)

// domain is every value that matters to the conditions of drawn cases: all
// texts that they compare with, one that they do not, and lists. The zero Value
// stands for an absent key.
var domain = []condition.Value{
	{}, condition.String("x"), condition.String("y"), condition.String("z"), condition.String("jobs"), condition.String(""),
	condition.List(), condition.List("x"), condition.List("y"), condition.List("z"), condition.List("x", "z"),
}

// A drawing draws a scene whose statements look at unknown keys.
type drawing struct {
	t *rapid.T
	// left are the keys that may still be looked at. Without reuse a key
	// leaves once it has been.
	left  []string
	reuse bool
}

func pick[T any](d *drawing, label string, from ...T) T {
	return rapid.SampledFrom(from).Draw(d.t, label)
}

// key gives a key to look at.
func (d *drawing) key() string {
	name := pick(d, "key", append([]string{known}, d.left...)...)
	if !d.reuse {
		d.left = slices.DeleteFunc(slices.Clone(d.left), func(other string) bool { return other == name })
	}
	return name
}

// variable gives a key to compare with. Without reuse it has a text or is
// unknown: whether an unknown key can equal a variable that is there and has no
// text is not asked.
func (d *drawing) variable() string {
	if name := d.key(); d.reuse || name != known {
		return name
	}
	return text
}

// condition gives a Condition element of one key, which holds for some values
// of the domain and not for others.
func (d *drawing) condition() string {
	operator := pick(d, "operator", "StringEquals", "StringNotEquals", "StringEqualsIfExists", "StringNotEqualsIfExists", "StringLike",
		"ForAnyValue:StringEquals", "ForAllValues:StringEquals", "ForAnyValue:StringNotEquals", "ForAllValues:StringNotLike",
		"ForAnyValue:StringLikeIfExists", "ForAllValues:StringEqualsIfExists", "Null", "variable")
	key := d.key()
	switch operator {
	case "Null":
		return `{"Null": {"` + key + `": "` + pick(d, "value", "true", "false") + `"}}`
	case "variable":
		return `{"` + pick(d, "comparison", "StringEquals", "StringNotEquals") + `": {"` + key + `": "${` + d.variable() + pick(d, "default", "", ", 'x'") + `}"}}`
	}
	return `{"` + operator + `": {"` + key + `": ` + pick(d, "value", `"x"`, `["x", "y"]`, `"y"`) + `}}`
}

// statement gives a statement about [send] on [queue].
func (d *drawing) statement(effects ...string) string {
	resource := pick(d, "resource", `"Resource": "*"`, `"Resource": "*"`, `"Resource": "`+queue+`"`, `"Resource": variable`, `"NotResource": variable`)
	if before, after, found := strings.Cut(resource, "variable"); found {
		resource = before + `"arn:aws:sqs:eu-west-1:*:${` + d.key() + `}"` + after
	}
	statement := `{"Effect": "` + pick(d, "effect", effects...) + `", "Action": "sqs:*", ` + resource + "}"
	if rapid.Bool().Draw(d.t, "conditional") {
		statement = only(d.condition(), statement)
	}
	return statement
}

// policy gives up to two statements.
func (d *drawing) policy(effects ...string) string {
	statements := d.statement(effects...)
	if rapid.Bool().Draw(d.t, "two statements") {
		statements += "," + d.statement(effects...)
	}
	return statements
}

// layer gives a policy, or none.
func (d *drawing) layer(name string) []string {
	switch pick(d, name, "none", "allows", "drawn", "drawn") {
	case "none":
		return nil
	case "allows":
		return []string{yes}
	}
	return []string{d.policy("Allow", "Allow", "Deny")}
}

func (d *drawing) scene() *scene {
	s := &scene{caller: pick(d, "caller", alice, alice, session, guest, root, notifier), context: new(condition.Context)}
	s.resource = pick(d, "queue", queue, queue, otherQueue)
	s.identity, s.boundary, s.session = d.layer("identity"), d.layer("boundary"), d.layer("session")
	s.serviceControl = d.layer("service control")
	if rapid.Bool().Draw(d.t, "resource policy") {
		who := func() string {
			return pick(d, "principal", everybody, ownAccount, aws(sessionRole), aws(session), aws(alice), `{"Service": "sns.amazonaws.com"}`)
		}
		s.resourcePolicy = to(who(), d.statement("Allow", "Allow", "Deny"))
		if rapid.Bool().Draw(d.t, "two principals") {
			s.resourcePolicy += "," + to(who(), d.statement("Allow", "Allow", "Deny"))
		}
	}
	if rapid.IntRange(0, 3).Draw(d.t, "endpoint") == 0 {
		s.endpoint = []string{to(everybody, d.statement("Allow"))}
	}
	if rapid.IntRange(0, 3).Draw(d.t, "resource control") == 0 {
		s.resourceControl = []string{to(everybody, d.statement("Deny"))}
	}
	s.context.Set(text, condition.String("x"))
	s.context.Set(known, pick(d, "value of the known key", domain...))
	return s
}

// substituted counts how the outcomes of a request fall when every unknown key
// is given every value of the domain.
func substituted(e *Evaluator, r *Request) (outcomes [4]int) {
	original := r.Context
	defer func() { r.Context = original }()
	r.Context = original.Clone()
	var give func(keys []string)
	give = func(keys []string) {
		if len(keys) == 0 {
			outcomes[e.Evaluate(r).Outcome]++
			return
		}
		for _, value := range domain {
			r.Context.Set(keys[0], value) // the zero Value deletes
			give(keys[1:])
		}
	}
	give(unknowns)
	return outcomes
}

// TestUnknownIsEverySubstitution: the decision with unknown keys against the
// decisions with every value that they may have.
//
// A decision never promises what a value could break: neither that a request is
// allowed, nor that it is denied, nor that it is denied explicitly. That it
// decides as soon as all values agree holds if no unknown key is looked at in
// two places. Where one is, the engine does not compare the two: an Allow that
// wants a key to be "x" beside another that wants it to be something else is
// Undetermined. Nor does it ask whether any value could make a text fit that
// holds a variable, if it holds more than that.
func TestUnknownIsEverySubstitution(t *testing.T) {
	t.Parallel()
	for _, mode := range []struct {
		name  string
		reuse bool
	}{{"keys looked at once", false}, {"keys looked at any number of times", true}} {
		t.Run(mode.name, func(t *testing.T) {
			var seen [4]int
			check := func(t *rapid.T) {
				d := &drawing{t: t, left: unknowns, reuse: mode.reuse}
				s := d.scene()
				e, r := s.evaluator(t), s.request(t)
				for _, key := range unknowns {
					s.context.SetUnknown(key)
				}
				decision := e.Evaluate(r)
				outcomes := substituted(e, r)
				seen[decision.Outcome]++

				denied := outcomes[ImplicitlyDenied] + outcomes[ExplicitlyDenied]
				switch decision.Outcome {
				case Allowed:
					if denied > 0 {
						t.Errorf("%v, but values deny it: %v", decision, outcomes)
					}
				case ImplicitlyDenied:
					if outcomes[Allowed] > 0 {
						t.Errorf("%v, but values allow it: %v", decision, outcomes)
					}
				case ExplicitlyDenied:
					if outcomes[Allowed]+outcomes[ImplicitlyDenied] > 0 {
						t.Errorf("%v, but values make it something else: %v", decision, outcomes)
					}
				case Undetermined:
					if !mode.reuse && (denied == 0 || outcomes[Allowed] == 0) {
						t.Errorf("%v, but all values agree: %v", decision, outcomes)
					}
					if keys := e.Explain(r).UnknownKeys(); len(keys) == 0 {
						t.Error("Undetermined without a key that it hangs on")
					}
				}
				if outcomes[Undetermined] > 0 {
					t.Errorf("Undetermined although every key is known: %v", outcomes)
				}
			}
			for range 20 { // cases are small, and a mistake may show in few of them
				rapid.Check(t, check)
			}
			for outcome, count := range seen {
				if count == 0 {
					t.Errorf("no case was %v: %v", Outcome(outcome), seen)
				}
			}
		})
	}
}
