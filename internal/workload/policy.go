package workload

import "encoding/json"

// Strings is a list of strings that JSON writes as a single string when there is
// one, as IAM policies do.
type Strings []string

// UnmarshalJSON takes a string or an array of strings.
func (s *Strings) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && b[0] == '"' {
		var one string
		if err := json.Unmarshal(b, &one); err != nil {
			return err
		}
		*s = Strings{one}
		return nil
	}
	var many []string
	if err := json.Unmarshal(b, &many); err != nil {
		return err
	}
	*s = many
	return nil
}

// MarshalJSON gives a string for a list of one, otherwise an array.
func (s Strings) MarshalJSON() ([]byte, error) {
	if len(s) == 1 {
		return json.Marshal(s[0])
	}
	return json.Marshal([]string(s))
}

// Condition maps an operator to condition keys to values.
type Condition map[string]map[string]Strings

// The effects of a statement.
const (
	EffectAllow = "Allow"
	EffectDeny  = "Deny"
)

// Statement is one statement, with the elements that the generator uses.
type Statement struct {
	Sid       string    `json:"Sid,omitempty"`
	Effect    string    `json:"Effect"`
	Action    Strings   `json:"Action,omitempty"`
	Resource  Strings   `json:"Resource,omitempty"`
	Condition Condition `json:"Condition,omitempty"`
}

// Policy is one identity policy document.
type Policy struct {
	Version   string      `json:"Version"`
	Statement []Statement `json:"Statement"`
}

// The decisions, as [Request.Expect] and [Decide] name them.
const (
	Allow        = "allow"
	ExplicitDeny = "explicit_deny"
	ImplicitDeny = "implicit_deny"
)

// Request is one request, with the decision that is due.
type Request struct {
	Name     string             `json:"name"`
	Action   string             `json:"action"`
	Resource string             `json:"resource"`
	Context  map[string]Strings `json:"context"`
	// Expect is the decision under all policies of the set together: Allow,
	// ExplicitDeny or ImplicitDeny.
	Expect string `json:"expect"`
}

// The condition keys of profile s3, and the two that only multi uses in policies.
const (
	keyTeam            = "aws:PrincipalTag/team"
	keySourceIP        = "aws:SourceIp"
	keySecureTransport = "aws:SecureTransport"
	keyUsername        = "aws:username"
)
