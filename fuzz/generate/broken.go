package generate

import "strings"

// breakage spoils one statement or document so that it must be refused.
type breakage struct {
	name string
	// layers restricts the breakage to some layers; nil means all.
	layers []Layer
	apply  func(b *builder, d *Document, s *Statement)
}

func extra(name, json string) func(*builder, *Document, *Statement) {
	return func(_ *builder, _ *Document, s *Statement) { s.Extra = append(s.Extra, Member{name, json}) }
}

func documentExtra(name, json string) func(*builder, *Document, *Statement) {
	return func(_ *builder, d *Document, _ *Statement) { d.Extra = append(d.Extra, Member{name, json}) }
}

func raw(json string) func(*builder, *Document, *Statement) {
	return func(_ *builder, d *Document, _ *Statement) { d.Raw = json }
}

// conditionOf replaces the statement's condition.
func conditionOf(blocks ...OperatorBlock) func(*builder, *Document, *Statement) {
	return func(_ *builder, _ *Document, s *Statement) {
		s.Condition = (&Statement{Condition: &Condition{Operators: blocks}}).Clone().Condition
	}
}

func rawCondition(json string) func(*builder, *Document, *Statement) {
	return func(_ *builder, _ *Document, s *Statement) {
		s.Condition = nil
		s.Extra = append(s.Extra, Member{"Condition", json})
	}
}

func equals(key, value string) KeyTest {
	return KeyTest{Key: key, Values: []Scalar{{Text: value}}, Scalar: true}
}

var (
	withoutPrincipal = []Layer{LayerIdentity, LayerBoundary, LayerSession, LayerSCP}
	withPrincipal    = []Layer{LayerResource, LayerEndpoint}
	notResource      = []Layer{LayerIdentity, LayerBoundary, LayerSession, LayerSCP, LayerRCP, LayerEndpoint}
)

var breakages = []breakage{
	{"unknown statement element", nil, extra("Actions", `"s3:GetObject"`)},
	{"unknown document element", nil, documentExtra("Comment", `"x"`)},
	{"element in other letter case", nil, extra("sid", `"x"`)},
	{"document element in other letter case", nil, documentExtra("statement", `[]`)},
	{"Effect twice", nil, func(_ *builder, _ *Document, s *Statement) {
		s.Extra = append(s.Extra, Member{"Effect", `"` + s.Effect + `"`})
	}},
	{"Version twice", nil, func(_ *builder, d *Document, _ *Statement) {
		d.Version = currentVersion
		d.Extra = append(d.Extra, Member{"Version", `"` + currentVersion + `"`})
	}},
	{"Statement twice", nil, documentExtra("Statement", `[]`)},
	{"Effect of other letter case", nil, func(_ *builder, _ *Document, s *Statement) { s.Effect = strings.ToLower(s.Effect) }},
	{"Effect missing", nil, func(_ *builder, _ *Document, s *Statement) { s.Effect = "" }},
	{"Effect a list", nil, func(_ *builder, _ *Document, s *Statement) {
		s.Extra = append(s.Extra, Member{"Effect", `["` + s.Effect + `"]`})
		s.Effect = ""
	}},
	{"Version unknown", nil, func(b *builder, d *Document, _ *Statement) {
		d.Version = pick(b.chooser, []string{"2012-10-18", "2012", "latest", "2012-10-17 "})
	}},
	{"Version a number", nil, func(_ *builder, d *Document, _ *Statement) {
		d.Version = ""
		d.Extra = append(d.Extra, Member{"Version", "20121017"})
	}},
	{"Version null", nil, func(_ *builder, d *Document, _ *Statement) {
		d.Version = ""
		d.Extra = append(d.Extra, Member{"Version", "null"})
	}},
	{"Action missing", nil, func(_ *builder, _ *Document, s *Statement) { s.Action, s.NotAction = nil, nil }},
	{"Action and NotAction", nil, func(_ *builder, _ *Document, s *Statement) {
		s.Action, s.NotAction = one("s3:GetObject"), one("s3:PutObject")
	}},
	{"Action a number", nil, func(_ *builder, _ *Document, s *Statement) {
		s.Action, s.NotAction = nil, nil
		s.Extra = append(s.Extra, Member{"Action", "5"})
	}},
	{"Action with a number", nil, func(_ *builder, _ *Document, s *Statement) {
		s.Action, s.NotAction = nil, nil
		s.Extra = append(s.Extra, Member{"Action", `["s3:GetObject", 5]`})
	}},
	{"Action without service", nil, func(b *builder, _ *Document, s *Statement) {
		s.Action, s.NotAction = &Strings{Values: []string{"s3:GetObject", pick(b.chooser, []string{"GetObject", "", "s3", "**"})}}, nil
	}},
	{"Resource missing", notResource, func(_ *builder, _ *Document, s *Statement) { s.Resource, s.NotResource = nil, nil }},
	{"Resource and NotResource", notResource, func(_ *builder, _ *Document, s *Statement) { s.Resource, s.NotResource = one("*"), one("*") }},
	{"Resource no ARN", notResource, func(b *builder, _ *Document, s *Statement) {
		s.Resource, s.NotResource = &Strings{Values: []string{"*", pick(b.chooser, []string{"reports", "", "**", "ARN:aws:s3:::reports", "execute-api:/live/GET"})}}, nil
	}},
	{"Resource null", notResource, func(_ *builder, _ *Document, s *Statement) {
		s.Resource, s.NotResource = nil, nil
		s.Extra = append(s.Extra, Member{"Resource", "null"})
	}},
	{"Resource in a trust policy", []Layer{LayerResource}, func(b *builder, _ *Document, s *Statement) {
		s.Resource, s.NotResource = one("reports"), nil // refused in every resource-based policy
		if b.resourceKind == kindTrust {
			s.Resource = one("*")
		}
	}},
	{"Principal forbidden", withoutPrincipal, func(_ *builder, _ *Document, s *Statement) { s.Principal = everyone() }},
	{"NotPrincipal forbidden", append([]Layer{LayerRCP}, withoutPrincipal...), func(_ *builder, _ *Document, s *Statement) {
		s.NotPrincipal = &Principal{Groups: []PrincipalGroup{{"AWS", Strings{Values: []string{"111111111111"}}}}}
	}},
	{"Principal missing", []Layer{LayerResource, LayerEndpoint, LayerRCP}, func(_ *builder, _ *Document, s *Statement) { s.Principal, s.NotPrincipal = nil, nil }},
	{"Principal a plain string", withPrincipal, func(b *builder, _ *Document, s *Statement) {
		s.Principal, s.NotPrincipal = nil, nil
		s.Extra = append(s.Extra, Member{"Principal", pick(b.chooser, []string{`"111111111111"`, `"arn:aws:iam::111111111111:root"`, `""`, `["*"]`, `5`})})
	}},
	{"Principal of unknown type", withPrincipal, func(b *builder, _ *Document, s *Statement) {
		s.Principal = &Principal{Groups: []PrincipalGroup{{pick(b.chooser, []string{"User", "aws", "Services"}), Strings{Values: []string{"111111111111"}}}}}
		s.NotPrincipal = nil
	}},
	{"Principal and NotPrincipal", withPrincipal, func(_ *builder, _ *Document, s *Statement) {
		s.Principal, s.NotPrincipal = everyone(), &Principal{Groups: []PrincipalGroup{{"AWS", Strings{Values: []string{"111111111111"}}}}}
	}},
	{"RCP with Allow", []Layer{LayerRCP}, func(_ *builder, _ *Document, s *Statement) {
		s.Effect, s.Action, s.NotAction = "Allow", one("s3:*"), nil
	}},
	{"RCP with NotAction", []Layer{LayerRCP}, func(_ *builder, _ *Document, s *Statement) {
		s.Effect, s.Action, s.NotAction = "Deny", nil, one("s3:*")
	}},
	{"RCP with bare Action", []Layer{LayerRCP}, func(_ *builder, _ *Document, s *Statement) { s.Effect, s.Action, s.NotAction = "Deny", one("*"), nil }},
	{"RCP with other Principal", []Layer{LayerRCP}, func(_ *builder, _ *Document, s *Statement) {
		s.Effect, s.Principal = "Deny", &Principal{Groups: []PrincipalGroup{{"AWS", Strings{Values: []string{"111111111111"}}}}}
		s.Action, s.NotAction = one("s3:*"), nil
	}},
	{"incomplete ARN in session policy", []Layer{LayerSession}, func(b *builder, _ *Document, s *Statement) {
		s.Resource, s.NotResource = &Strings{Values: []string{"*", pick(b.chooser, []string{"arn:aws:sqs", "arn:aws:s3:*", "arn:", "arn:aws:s3::"})}}, nil
	}},
	{"NullIfExists", nil, conditionOf(OperatorBlock{"NullIfExists", []KeyTest{equals("aws:TokenIssueTime", "true")}})},
	{"unknown operator", nil, func(b *builder, _ *Document, s *Statement) {
		name := pick(b.chooser, []string{"StringEqual", "ForAnyValues:StringLike", "IfExists", "StringEqualsIfExistsIfExists", "", "NumericLike", "BinaryNotEquals", "ForAllValues:", "ForAnyValue:ForAllValues:StringLike", "StringLikeIfExist"})
		s.Condition = &Condition{Operators: []OperatorBlock{{name, []KeyTest{equals("aws:TokenIssueTime", "x")}}}}
	}},
	{"operators equal but for case", nil, conditionOf(OperatorBlock{"StringLike", []KeyTest{equals("app:Part", "a")}}, OperatorBlock{"stringLike", []KeyTest{equals("app:Other", "b")}})},
	{"operator twice", nil, conditionOf(OperatorBlock{"Bool", []KeyTest{equals("app:Part", "a")}}, OperatorBlock{"Bool", []KeyTest{equals("app:Other", "b")}})},
	{"keys equal but for case", nil, conditionOf(OperatorBlock{"StringEquals", []KeyTest{equals("aws:PrincipalTag/team", "a"), equals("aws:principaltag/TEAM", "b")}})},
	{"key twice", nil, conditionOf(OperatorBlock{"StringEquals", []KeyTest{equals("app:Part", "a"), equals("app:Part", "a")}})},
	{"Condition a list", nil, rawCondition(`[]`)},
	{"operator with a string", nil, rawCondition(`{"StringEquals": "app:Part"}`)},
	{"condition value an object", nil, rawCondition(`{"StringEquals": {"app:Part": {}}}`)},
	{"condition value null", nil, rawCondition(`{"StringEquals": {"app:Part": null}}`)},
	{"nested condition values", nil, rawCondition(`{"StringEquals": {"app:Part": [["a"]]}}`)},
	{"Sid a number", nil, extra("Sid", "1")},
	{"Statement missing", nil, raw(`{"Version": "2012-10-17"}`)},
	{"Statement a string", nil, raw(`{"Version": "2012-10-17", "Statement": "x"}`)},
	{"statement not an object", nil, raw(`{"Version": "2012-10-17", "Statement": ["x"]}`)},
	{"document a list", nil, raw(`[]`)},
	{"document a string", nil, raw(`"{}"`)},
	{"document null", []Layer{LayerIdentity, LayerSession}, raw(`null`)},
	{"document empty", nil, raw(`{}`)},
}

// requestBreakage spoils the request.
type requestBreakage struct {
	name  string
	apply func(b *builder, r *Request)
}

var requestBreakages = []requestBreakage{
	{"request action with wildcard", func(b *builder, r *Request) { r.Action = pick(b.chooser, []string{"s3:*", "s3:Get?bject", "*"}) }},
	{"request action without service", func(b *builder, r *Request) { r.Action = pick(b.chooser, []string{"GetObject", ""}) }},
	{"request context null", func(_ *builder, r *Request) {
		r.Context = append(r.Context, ContextEntry{Key: "app:Null", Raw: "null"})
	}},
	{"request context nested", func(b *builder, r *Request) {
		r.Context = append(r.Context, ContextEntry{Key: "app:Nested", Raw: pick(b.chooser, []string{`{}`, `[["a"]]`, `[null]`, `[{}]`})})
	}},
	{"request context keys equal but for case", func(_ *builder, r *Request) {
		r.Context = append(r.Context, ContextEntry{Key: "app:Twice", Raw: `"a"`}, ContextEntry{Key: "APP:twice", Raw: `"a"`})
	}},
	{"resource account unknown", func(b *builder, r *Request) {
		r.ResourceAccount = ""
		r.Resource = pick(b.chooser, []string{"arn:aws:s3:::reports", "arn:aws:iam::aws:policy/X", "arn:aws:sqs:us-east-1:11111111111:inbox"})
	}},
}

// breakSomething makes one hard error. Where the drawn one does not fit the case, it stays sound.
func (b *builder) breakSomething() {
	if b.chance(12) {
		broken := pick(b.chooser, requestBreakages)
		broken.apply(b, &b.made.Request)
		b.made.Labels.Broken = broken.name
		return
	}
	start := b.intn(len(breakages))
	for i := range breakages {
		broken := &breakages[(start+i)%len(breakages)]
		layers := broken.layers
		if layers == nil {
			layers = Layers()
		}
		first := b.intn(len(layers))
		for j := range layers {
			layer := layers[(first+j)%len(layers)]
			documents := b.made.Documents(layer)
			if len(documents) == 0 {
				continue
			}
			document := pick(b.chooser, documents)
			if len(document.Statements) == 0 {
				continue
			}
			broken.apply(b, document, &document.Statements[b.intn(len(document.Statements))])
			b.made.Labels.Broken = broken.name
			return
		}
	}
}
