package reference

import (
	"encoding/json"
	"testing"
)

const (
	wren    = "arn:aws:iam::210987654321:user/wren"
	deploy  = "arn:aws:iam::210987654321:role/team/deploy"
	deployS = "arn:aws:sts::210987654321:assumed-role/deploy/s1"
	kiosk   = "arn:aws:sts::210987654321:federated-user/kiosk"
	root    = "arn:aws:iam::210987654321:root"
	linked  = "arn:aws:iam::210987654321:role/aws-service-role/forge.amazonaws.com/Forge"
	saml    = "arn:aws:iam::210987654321:saml-provider/corp"

	home  = "210987654321"
	other = "345678901234"

	// Documents, with and without Principal.
	allowAll       = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}`
	denyAll        = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*"}}`
	allowNothing   = `{"Version":"2012-10-17","Statement":[]}`
	allowEverybody = `{"Version":"2012-10-17","Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}}`
	denyEverybody  = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`
	denyS3         = `{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"s3:*","Resource":"*"}}`
	rcpFullAccess  = allowEverybody
)

// ask is a neutral case to be. Fields that are empty get the defaults of
// [ask.line]; documents are JSON text, those of lists without the brackets.
type ask struct {
	principal, issuer, action, resource, account string

	context                             string // a JSON object
	identity, boundary, session, policy string
	scps, rcps, endpoint                string // scps and rcps: one level
}

func orElse(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

// line is the case as JSON.
func (a ask) line(t *testing.T) []byte {
	t.Helper()
	request := map[string]any{
		"principal":       orElse(a.principal, wren),
		"action":          orElse(a.action, "s3:GetObject"),
		"resource":        orElse(a.resource, "arn:aws:s3:::quarry/a"),
		"resourceAccount": orElse(a.account, home),
		"context":         json.RawMessage(orElse(a.context, `{}`)),
	}
	if a.issuer != "" {
		request["principalIssuer"] = a.issuer
	}
	if a.account == "-" {
		delete(request, "resourceAccount")
	}
	object := map[string]any{"id": t.Name(), "request": request}
	for name, documents := range map[string]string{
		"identityPolicies": a.identity, "permissionsBoundaries": a.boundary,
		"sessionPolicies": a.session, "vpcEndpointPolicies": a.endpoint,
	} {
		if documents != "" {
			object[name] = json.RawMessage("[" + documents + "]")
		}
	}
	for name, documents := range map[string]string{"scps": a.scps, "rcps": a.rcps} {
		if documents != "" {
			object[name] = json.RawMessage(`[{"orgIdentifier":"r","policies":[` + documents + `]}]`)
		}
	}
	if a.policy != "" {
		object["resourcePolicy"] = json.RawMessage(a.policy)
	}
	line, err := json.Marshal(object)
	if err != nil {
		t.Fatalf("%v in %+v", err, a)
	}
	return line
}

func (a ask) decide(t *testing.T) Verdict {
	t.Helper()
	return Decide(a.line(t))
}

// policyFor is a resource policy that does something to a principal element.
func policyFor(effect, element string) string {
	return `{"Version":"2012-10-17","Statement":{"Effect":"` + effect + `",` + element + `,"Action":"*","Resource":"*"}}`
}

// identityWith is an identity policy whose one Allow has this condition.
func identityWith(version, condition string) string {
	return `{"Version":"` + version + `","Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":` + condition + `}}`
}

type askTest struct {
	name  string
	ask   ask
	want  string // the decision
	layer string // of the verdict; not looked at when empty
	grant string // of the verdict; not looked at when empty
}

func runAsks(t *testing.T, tests []askTest) {
	t.Helper()
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			got := test.ask.decide(t)
			if got.Decision != test.want {
				t.Errorf("got %+v, want %s", got, test.want)
			}
			if test.layer != "" && got.Layer != test.layer {
				t.Errorf("layer %q, want %q", got.Layer, test.layer)
			}
			if test.grant != "" && got.Grant != test.grant {
				t.Errorf("grant %q, want %q", got.Grant, test.grant)
			}
		})
	}
}
