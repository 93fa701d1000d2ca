package evaluate

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// TestResidual: what a decision hangs on, and what it does not hang on although
// keys are unknown.
func TestResidual(t *testing.T) {
	t.Parallel()
	named := func(sid, statement string) string { return strings.Replace(statement, `"Yes"`, `"`+sid+`"`, 1) }
	const (
		onA     = `{"StringEquals": {"test:a": "x"}}`
		notOnA  = `{"StringNotEquals": {"test:a": "x"}}`
		ownName = `{"Sid": "Own", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": "arn:aws:sqs:*:*:${test:a}"}`
	)
	number := func(operator, value string) string { return `{"` + operator + `": {"test:a": "` + value + `"}}` }
	for _, row := range []struct {
		name    string
		unknown map[string]condition.Value // test:a is unknown if there is none
		scene
		want string
	}{
		{"not undetermined, allowed", nil, scene{identity: []string{yes}}, `Allowed by an identity-based policy: statement "Yes" (1:41) of managed policy p1`},
		{"not undetermined, denied", nil, scene{identity: []string{only(onA, yes), no}}, `ExplicitlyDenied by an identity-based policy: statement "No" (1:41) of managed policy p2`},
		{"one key", nil, scene{identity: []string{only(onA, yes)}}, "Undetermined: allowed exactly if StringEquals test:a \"x\"\n  Allowed with test:a = \"x\"\n  ImplicitlyDenied with test:a = \"another value\""},
		{"a Deny", nil, scene{identity: []string{yes, only(onA, no)}}, "Undetermined: allowed exactly if not (StringEquals test:a \"x\")\n  Allowed with test:a = \"another value\"\n  ExplicitlyDenied with test:a = \"x\""},

		// What all values agree on is settled.
		{"equal or not equal", nil, scene{identity: []string{only(onA, yes) + "," + only(notOnA, yes)}}, `Allowed by an identity-based policy: statement "Yes" (1:169) of managed policy p1`},
		{"denied if equal and if not", nil, scene{identity: []string{yes, only(onA, no), only(notOnA, no)}}, `ExplicitlyDenied by an identity-based policy: statement "No" (1:41) of managed policy p3`},
		{"present or not", nil, scene{identity: []string{only(`{"Null": {"test:a": "true"}}`, yes) + "," + only(`{"Null": {"test:a": "false"}}`, yes)}}, `Allowed by an identity-based policy: statement "Yes" (1:164) of managed policy p1`},
		{"a contradiction in one statement", nil, scene{identity: []string{only(`{"StringEquals": {"test:a": "x"}, "StringLike": {"test:a": "y*"}}`, yes)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"a contradiction between layers", nil, scene{identity: []string{only(onA, yes)}, boundary: []string{only(notOnA, yes)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"an Allow within a Deny", nil, scene{identity: []string{only(`{"StringEquals": {"test:a": "xy"}}`, yes), only(`{"StringLike": {"test:a": "x*"}}`, no)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"a Deny that misses the Allow", nil, scene{identity: []string{only(`{"StringLike": {"test:a": "x*"}}`, yes) + "," + only(`{"StringNotLike": {"test:a": "x*"}}`, yes), only(`{"StringEquals": {"test:a": "x"}, "StringNotEquals": {"test:a": "x"}}`, no)}},
			`Allowed by an identity-based policy: statement "Yes" (1:168) of managed policy p1`},
		{"addresses within each other", nil, scene{identity: []string{only(`{"IpAddress": {"test:a": "10.1.0.0/16"}}`, yes), only(`{"IpAddress": {"test:a": "10.0.0.0/8"}}`, no)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"addresses beside each other", nil, scene{identity: []string{only(`{"IpAddress": {"test:a": "10.1.0.0/16"}}`, yes), only(`{"NotIpAddress": {"test:a": "10.0.0.0/8"}}`, no)}},
			"Undetermined: allowed exactly if not (NotIpAddress test:a \"10.0.0.0/8\") and (IpAddress test:a \"10.1.0.0/16\")\n  Allowed with test:a = \"10.1.0.0\"\n  ExplicitlyDenied with test:a = \"another value\""},
		{"numbers that leave nothing", nil, scene{identity: []string{only(`{"NumericLessThan": {"test:a": "5"}, "NumericGreaterThan": {"test:a": "5"}}`, yes)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"numbers that leave little", nil, scene{identity: []string{only(number("NumericLessThan", "5.001"), yes), only(number("NumericLessThanEquals", "5"), no)}},
			"Undetermined: allowed exactly if not (NumericLessThanEquals test:a \"5\") and (NumericLessThan test:a \"5.001\")\n  Allowed with test:a = \"5.0005\"\n  ImplicitlyDenied with test:a = \"another value\""},
		{"dates that leave nothing", nil, scene{identity: []string{only(`{"DateLessThan": {"test:a": "2026-01-01T00:00:00Z"}}`, yes), only(`{"DateLessThan": {"test:a": "2027-01-01T00:00:00Z"}}`, no)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"dates that leave a year", nil, scene{identity: []string{only(`{"DateLessThan": {"test:a": "2027-01-01T00:00:00Z"}}`, yes), only(`{"DateLessThan": {"test:a": "2026-01-01T00:00:00Z"}}`, no)}},
			"Undetermined: allowed exactly if not (DateLessThan test:a \"2026-01-01T00:00:00Z\") and (DateLessThan test:a \"2027-01-01T00:00:00Z\")\n  Allowed with test:a = \"2026-01-01T00:00:00Z\"\n  ImplicitlyDenied with test:a = \"another value\""},

		// Lists.
		{"a list", map[string]condition.Value{"test:a": condition.UnknownList()}, scene{identity: []string{only(`{"ForAnyValue:StringEquals": {"test:a": "x"}}`, yes), only(`{"ForAllValues:StringEquals": {"test:a": "x"}}`, no)}},
			"Undetermined: allowed exactly if not (ForAllValues:StringEquals test:a \"x\") and (ForAnyValue:StringEquals test:a \"x\")\n  Allowed with test:a = [\"x\", \"\"]\n  ExplicitlyDenied with test:a = []"},
		{"a list under plain operators", map[string]condition.Value{"test:a": condition.UnknownList()}, scene{identity: []string{only(onA, yes) + "," + only(notOnA, yes)}}, "ImplicitlyDenied: no identity-based policy allows it"},
		{"all values and none", map[string]condition.Value{"test:a": condition.UnknownList()}, scene{identity: []string{yes, only(`{"ForAnyValue:StringEquals": {"test:a": "x"}}`, no) + "," + only(`{"ForAllValues:StringNotEquals": {"test:a": "x"}}`, no)}},
			`ExplicitlyDenied by an identity-based policy: statement "No" (1:179) of managed policy p2`},

		// How much is unknown.
		{"a value that is there", map[string]condition.Value{"test:a": condition.UnknownSingle()}, scene{identity: []string{only(`{"Null": {"test:a": "false"}}`, yes)}}, `Allowed by an identity-based policy: statement "Yes" (1:41) of managed policy p1`},
		{"present or not, with a known value", map[string]condition.Value{"test:a": condition.Perhaps(condition.String("y"))}, scene{identity: []string{only(`{"StringEqualsIfExists": {"test:a": "x"}}`, yes)}},
			"Undetermined: allowed exactly if StringEqualsIfExists test:a \"x\"\n  Allowed with test:a is absent\n  ImplicitlyDenied with test:a = \"y\""},

		// Variables.
		{"a variable in a resource", nil, scene{identity: []string{ownName}}, "Undetermined: allowed exactly if (Resource \"arn:aws:sqs:*:*:${test:a}\" matches \"arn:aws:sqs:eu-west-1:111122223333:jobs\")\n  Allowed with test:a = \"jobs\"\n  ImplicitlyDenied with test:a = \"another value\""},
		{"a variable in a resource and a condition that do not go together", nil, scene{identity: []string{only(onA, ownName)}},
			"ImplicitlyDenied: no identity-based policy allows it"},
		{"two keys that must be equal", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.UnknownSingle()}, scene{identity: []string{only(`{"StringEquals": {"test:a": "${test:b}"}}`, yes)}},
			"Undetermined: allowed exactly if StringEquals test:a \"${test:b}\"\n  Allowed with test:b = \"another value\", test:a = \"another value\"\n  ImplicitlyDenied with test:b = \"another value\", test:a = \"\""},
		{"a chain of keys that must be equal", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.UnknownSingle(), "test:c": condition.UnknownSingle()},
			scene{identity: []string{only(`{"StringEquals": {"test:a": "${test:b}", "test:c": ["${test:a}"]}, "StringLike": {"test:c": "x*"}}`, yes)}},
			"Undetermined: allowed exactly if (StringEquals test:a \"${test:b}\") and (StringEquals test:c \"${test:a}\") and (StringLike test:c \"x*\")\n  Allowed with test:b = \"x\", test:a = \"x\", test:c = \"x\"\n  ImplicitlyDenied with test:b = \"another value\", test:a = \"another value\", test:c = \"another value\""},
		{"a chain that leads nowhere", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.UnknownSingle(), "test:c": condition.UnknownSingle()},
			scene{identity: []string{only(`{"StringEquals": {"test:a": "${test:b}", "test:c": ["${test:a}"]}, "StringLike": {"test:c": "x*", "test:b": "y*"}}`, yes)}},
			"ImplicitlyDenied: no identity-based policy allows it"},
		{"two keys of which one is known", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.String("x")}, scene{identity: []string{only(`{"StringEquals": {"test:a": "${test:b}"}}`, yes) + "," + only(notOnA, yes)}},
			`Allowed by an identity-based policy: statement "Yes" (1:177) of managed policy p1`},
		{"the variable is unknown", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.String("x")}, scene{identity: []string{only(`{"StringEquals": {"test:b": "${test:a}"}}`, yes)}},
			"Undetermined: allowed exactly if StringEquals test:b \"${test:a}\"\n  Allowed with test:a = \"x\"\n  ImplicitlyDenied with test:a = \"another value\""},
		{"letters of another case", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.String("fish")},
			scene{identity: []string{only(`{"StringEqualsIgnoreCase": {"test:b": "${test:a}"}, "StringLike": {"test:a": "F*"}}`, yes)}},
			"Undetermined: allowed exactly if (StringEqualsIgnoreCase test:b \"${test:a}\") and (StringLike test:a \"F*\")\n  ImplicitlyDenied with test:a = \"another value\""},
		{"the variable is unknown, of a list", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.List("x", "y")}, scene{identity: []string{only(`{"ForAllValues:StringEquals": {"test:b": ["${test:a}", "x"]}}`, yes)}},
			"Undetermined: allowed exactly if ForAllValues:StringEquals test:b \"x\" or \"${test:a}\"\n  Allowed with test:a = \"y\"\n  ImplicitlyDenied with test:a = \"another value\""},

		// Several statements and layers.
		{"any of two statements", map[string]condition.Value{"test:a": condition.UnknownSingle(), "test:b": condition.UnknownSingle()}, scene{identity: []string{only(onA, yes) + "," + only(`{"StringEquals": {"test:b": "x"}}`, named("Other", yes))}},
			"Undetermined: allowed exactly if (StringEquals test:a \"x\") or (StringEquals test:b \"x\")\n  Allowed with test:a = \"another value\", test:b = \"x\"\n  ImplicitlyDenied with test:a = \"another value\", test:b = \"another value\""},
		{"a grant to the role makes up for the identity", map[string]condition.Value{"test:a": condition.UnknownSingle()}, scene{caller: session, issuer: sessionRole, boundary: []string{yes}, resourcePolicy: to(aws(sessionRole), only(onA, yes))},
			"Undetermined: allowed exactly if StringEquals test:a \"x\"\n  Allowed with test:a = \"x\"\n  ImplicitlyDenied with test:a = \"another value\""},
		{"across accounts it does not", map[string]condition.Value{"test:a": condition.UnknownSingle()}, scene{resource: otherQueue, identity: []string{only(notOnA, yes)}, resourcePolicy: to(aws(alice), only(onA, yes))}, "ImplicitlyDenied: no resource-based policy allows it"},
	} {
		t.Run(row.name, func(t *testing.T) {
			if row.unknown == nil {
				row.unknown = map[string]condition.Value{"test:a": condition.Perhaps(condition.UnknownSingle())}
			}
			row.context = new(condition.Context)
			for key, value := range row.unknown {
				row.context.Set(key, value)
			}
			x := row.scene.evaluator(t).Explain(row.scene.request(t))
			residual := x.Residual()
			if diff := cmp.Diff(row.want, residual.String()); diff != "" {
				t.Errorf("%v (-want +got):\n%s", x.Decision, diff)
			}
			if undetermined := residual.Decision.Outcome == Undetermined; undetermined == residual.Condition.IsConstant() || undetermined != (len(residual.Keys) > 0) {
				t.Errorf("%v with the condition %v on %q", residual.Decision, residual.Condition, residual.Keys)
			}
		})
	}
}

// TestResidualIsEverySubstitution: what Residual says against the decisions with
// every value that the unknown keys may have.
func TestResidualIsEverySubstitution(t *testing.T) {
	t.Parallel()
	undetermined, settled, bothWays, oneWay, unsettled := 0, 0, 0, 0, 0
	check := func(t *rapid.T) {
		d := &drawing{t: t, left: unknowns, reuse: true}
		s := d.scene()
		e, r := s.evaluator(t), s.request(t)
		for _, key := range unknowns {
			s.context.SetUnknown(key)
		}
		x := e.Explain(r)
		residual := x.Residual()
		outcomes := substituted(e, r)
		if x.Decision.Outcome != Undetermined {
			if residual.Decision != x.Decision {
				t.Errorf("%v became %v", x.Decision, residual.Decision)
			}
			return
		}
		undetermined++
		denied := outcomes[ImplicitlyDenied] + outcomes[ExplicitlyDenied]
		switch residual.Decision.Outcome {
		case Allowed:
			settled++
			if denied > 0 {
				t.Errorf("settled as %v, but values deny it: %v", residual.Decision, outcomes)
			}
		case ImplicitlyDenied:
			settled++
			if outcomes[Allowed] > 0 {
				t.Errorf("settled as %v, but values allow it: %v", residual.Decision, outcomes)
			}
		case ExplicitlyDenied:
			settled++
			if outcomes[Allowed]+outcomes[ImplicitlyDenied] > 0 {
				t.Errorf("settled as %v, but values make it something else: %v", residual.Decision, outcomes)
			}
		case Undetermined:
			switch {
			case residual.Allowed != nil && residual.Denied != nil:
				bothWays++
			case denied > 0 && outcomes[Allowed] > 0:
				oneWay++
			default:
				unsettled++
			}
			for _, example := range []*Example{residual.Allowed, residual.Denied} {
				if example == nil {
					continue
				}
				given := r.Context.Clone()
				for _, assigned := range example.Values {
					given.Set(assigned.Key, assigned.Value)
				}
				changed := *r
				changed.Context = given
				if got := e.Evaluate(&changed); got != example.Decision {
					t.Errorf("%v, but Evaluate says %v", example, got)
				}
			}
		}
		// The condition holds exactly if it is allowed.
		context := r.Context.Clone()
		for _, a := range domain {
			for _, b := range domain {
				context.Set(unknowns[0], a)
				context.Set(unknowns[1], b)
				changed := *r
				changed.Context = context
				want := truthOf(e.Evaluate(&changed).Allowed())
				if got := residual.Condition.Evaluate(context); got != want && residual.Decision.Outcome == Undetermined {
					t.Fatalf("with %v and %v the condition %v is %v, want %v", a, b, residual.Condition, got, want)
				}
			}
		}
	}
	for range 15 {
		rapid.Check(t, check)
	}
	t.Logf("undetermined %d, settled %d, both ways %d, one way although there are both %d, one way and not settled %d", undetermined, settled, bothWays, oneWay, unsettled)
	if undetermined < 200 || settled < undetermined/50 || oneWay+unsettled > undetermined/20 {
		t.Error("undetermined questions are not shown to go both ways, or not settled")
	}
}

// expressionOf makes an expression of a test, as in a residual.
func expressionOf(operator, key string, values ...string) Expression {
	o, err := condition.ParseOperator(operator)
	if err != nil {
		panic(err) // a mistake in the test itself
	}
	test := condition.Test{Operator: o, Key: key, Values: values}
	return Expression{Test: &test, block: condition.Compile([]condition.Test{test}, true)}
}

// TestExpressions: how expressions are joined and simplified, and their forms.
func TestExpressions(t *testing.T) {
	t.Parallel()
	a, b, c := expressionOf("StringEquals", "a", "x"), expressionOf("Bool", "b", "true"), expressionOf("Null", "c", "true")
	const aJSON, bJSON = `{"test":{"key":"a","operator":"StringEquals","values":["x"]}}`, `{"test":{"key":"b","operator":"Bool","values":["true"]}}`
	resource := Expression{Resource: &ResourceTest{Resource: "arn:r", Entries: []string{"arn:${k}", "arn:x"}}}
	except := Expression{Resource: &ResourceTest{Resource: "arn:r", Entries: []string{"arn:${k}"}, Except: true}}
	for _, row := range []struct {
		got        Expression
		text, json string
	}{
		{Expression{}, "always", `{"constant":true}`},
		{always, "always", `{"constant":true}`},
		{never, "never", `{"constant":false}`},
		{a, `StringEquals a "x"`, aJSON},
		{expressionOf("StringEquals", "a"), `StringEquals a []`, `{"test":{"key":"a","operator":"StringEquals","values":[]}}`},
		{allOf(nil), "always", `{"constant":true}`},
		{anyOf(nil), "never", `{"constant":false}`},
		{allOf([]Expression{a}), `StringEquals a "x"`, aJSON},
		{anyOf([]Expression{a}), `StringEquals a "x"`, aJSON},
		{allOf([]Expression{always, a, always}), `StringEquals a "x"`, aJSON},
		{allOf([]Expression{a, never}), "never", `{"constant":false}`},
		{anyOf([]Expression{never, a}), `StringEquals a "x"`, aJSON},
		{anyOf([]Expression{a, always}), "always", `{"constant":true}`},
		{allOf([]Expression{a, b, a}), `(StringEquals a "x") and (Bool b "true")`, `{"all":[` + aJSON + `,` + bJSON + `]}`},
		{anyOf([]Expression{a, b, b}), `(StringEquals a "x") or (Bool b "true")`, `{"any":[` + aJSON + `,` + bJSON + `]}`},
		{allOf([]Expression{allOf([]Expression{a, b}), allOf([]Expression{b, c})}), `(StringEquals a "x") and (Bool b "true") and (Null c "true")`, ""},
		{anyOf([]Expression{anyOf([]Expression{a, b}), c}), `(StringEquals a "x") or (Bool b "true") or (Null c "true")`, ""},
		{allOf([]Expression{anyOf([]Expression{a, b}), c}), `((StringEquals a "x") or (Bool b "true")) and (Null c "true")`, ""},
		{anyOf([]Expression{allOf([]Expression{a, b}), notOf(c)}), `((StringEquals a "x") and (Bool b "true")) or not (Null c "true")`, ""},
		{notOf(a), `not (StringEquals a "x")`, `{"not":` + aJSON + `}`},
		{notOf(notOf(a)), `StringEquals a "x"`, aJSON},
		{notOf(always), "never", `{"constant":false}`},
		{notOf(never), "always", `{"constant":true}`},
		{notOf(allOf([]Expression{a, b})), `not ((StringEquals a "x") and (Bool b "true"))`, `{"not":{"all":[` + aJSON + `,` + bJSON + `]}}`},
		{resource, `(Resource "arn:${k}" or "arn:x" matches "arn:r")`, `{"resource":{"entries":["arn:${k}","arn:x"],"matches":"arn:r"}}`},
		{except, `(NotResource "arn:${k}" matches "arn:r")`, `{"notResource":{"entries":["arn:${k}"],"matches":"arn:r"}}`},
	} {
		if got := row.got.String(); got != row.text {
			t.Errorf("got %s, want %s", got, row.text)
		}
		written, err := json.Marshal(row.got)
		if err != nil || row.json != "" && string(written) != row.json {
			t.Errorf("%v: %s, %v; want %s", row.got, written, err, row.json)
		}
		if constant := row.text == "always" || row.text == "never"; row.got.IsConstant() != constant {
			t.Errorf("%v: constant %v", row.got, row.got.IsConstant())
		}
	}
}

// TestExpressionsEvaluate: an expression holds as logic has it, and asks about
// the keys that were unknown.
func TestExpressionsEvaluate(t *testing.T) {
	t.Parallel()
	const (
		f, y, u = condition.False, condition.True, condition.Unknown
		onA     = `{"StringEquals": {"test:a": "x"}}`
		onB     = `{"StringEquals": {"TEST:B": "${test:a}"}}`
	)
	s := scene{context: new(condition.Context), identity: []string{only(onA, yes) + "," + `{"Effect": "Allow", "Action": "sqs:*", "Resource": "arn:aws:sqs:*:*:${test:c}"}`, only(onB, no)}}
	s.context.SetUnknown("test:a")
	s.context.SetUnknown("test:b")
	s.context.SetUnknown("test:c")
	residual := s.evaluator(t).Explain(s.request(t)).Residual()
	if diff := cmp.Diff([]string{"TEST:B", "test:a", "test:c"}, residual.Keys); diff != "" {
		t.Errorf("keys of %v (-want +got):\n%s", residual.Condition, diff)
	}
	for _, row := range []struct {
		given *condition.Context
		want  condition.Truth
	}{
		{nil, f},
		{with("test:a", "x"), y},
		{with("test:a", "y"), f},
		{with("test:c", "jobs"), y},
		{with("test:a", "x", "test:b", "x"), f},
		{with("test:a", "y", "test:b", "x", "test:c", "jobs"), y},
		{with("test:a", "y", "test:b", "y", "test:c", "jobs"), f},
	} {
		if got := residual.Condition.Evaluate(row.given); got != row.want {
			t.Errorf("with %v the condition is %v, want %v", row.given, got, row.want)
		}
	}
	open := with("test:b", "x")
	open.SetUnknown("test:a")
	if got := residual.Condition.Evaluate(open); got != u && got != f {
		t.Errorf("with a key unknown the condition is %v", got)
	}
	open.SetUnknown("test:c")
	if got := residual.Condition.Evaluate(open); got != u {
		t.Errorf("with keys unknown the condition is %v", got)
	}
	for _, constant := range []Expression{always, never, {}} {
		if keys, truth := constant.Keys(), constant.Evaluate(nil); keys != nil || truth != truthOf(!constant.Never) {
			t.Errorf("%v: keys %q, %v", constant, keys, truth)
		}
	}
}
