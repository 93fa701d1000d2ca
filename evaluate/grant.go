package evaluate

import "github.com/portcullis-iam/portcullis/internal/compiled"

// A Grant is what a resource policy gives its caller. The more specific the
// principal that it names, the fewer of the caller's own policies must agree,
// in one account; across accounts all of them must.
//
// Source: IAM User Guide, "Policy evaluation for requests within a single
// account".
type Grant uint8

// The grants, each greater than the one before it.
const (
	// NoGrant: the policy does not allow the request to the caller.
	NoGrant = Grant(compiled.NoGrant)
	// AccountGrant: it names the account, which decides by its own policies.
	AccountGrant = Grant(compiled.AccountGrant)
	// IssuerGrant: it names the role or the issuing user, so that identity-based
	// policies need not allow; boundary and session policies must.
	IssuerGrant = Grant(compiled.IssuerGrant)
	// DirectGrant: it names the caller itself or everybody. Nothing else need
	// allow.
	DirectGrant = Grant(compiled.DirectGrant)
)

// String says whom the policy names.
func (g Grant) String() string {
	switch g {
	case NoGrant:
		return "nobody"
	case AccountGrant:
		return "the account"
	case IssuerGrant:
		return "the role or issuing user"
	case DirectGrant:
		return "the caller"
	}
	return "unknown grant"
}
