package evaluate

import (
	"strings"

	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/principal"
)

// A sessionToken says of an IAM user or a root user that it comes with temporary
// credentials of GetSessionToken. Condition keys tell: aws:TokenIssueTime, and
// aws:MultiFactorAuthPresent of those made with an MFA code.
type sessionToken uint8

const (
	noToken sessionToken = iota
	tokenWithoutMFA
	tokenWithMFA
)

var sessionTokenRule = "IAM User Guide: Compare AWS STS credentials (GetSessionToken)"

const sessionTokenCause = "credentials of GetSessionToken can call nothing of AWS STS but AssumeRole and GetCallerIdentity, and of IAM only with MFA"

func tokenOf(p *principal.Principal) sessionToken {
	if p.Identity.Kind != principal.User && p.Identity.Kind != principal.Root {
		return noToken
	}
	if _, temporary := p.Facts.Lookup("aws:TokenIssueTime"); !temporary {
		return noToken
	}
	if mfa, found := p.Facts.Lookup("aws:MultiFactorAuthPresent"); found && fold.Equal(mfa.Text(), "true") {
		return tokenWithMFA
	}
	return tokenWithoutMFA
}

// amend adds what such credentials may never do: of AWS STS everything but
// AssumeRole, with what belongs to it, and GetCallerIdentity; and without MFA
// everything of IAM.
//
// Source: IAM User Guide, "Compare AWS STS credentials".
func (t sessionToken) amend(ruled ruling, action string) ruling {
	if t == noToken {
		return ruled
	}
	service, name, _ := strings.Cut(action, ":")
	switch {
	case fold.Equal(service, "iam") && t == tokenWithoutMFA:
		return neverAllowed
	case fold.Equal(service, "sts"):
		for _, may := range [...]string{"AssumeRole", "TagSession", "SetSourceIdentity", "SetContext", "GetCallerIdentity"} {
			if fold.Equal(name, may) {
				return ruled
			}
		}
		return ruled&^alwaysAllowed | neverAllowed
	}
	return ruled
}
