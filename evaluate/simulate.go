package evaluate

import (
	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/principal"
)

// An EvaluationResult is an explanation in the shape of the IAM API's policy
// simulator, for programs that read that already. The names of its fields are
// those of the API.
//
// Source: IAM API Reference, "EvaluationResult".
type EvaluationResult struct {
	EvalActionName                    string
	EvalResourceName                  string
	EvalDecision                      string // allowed, explicitDeny, implicitDeny
	MatchedStatements                 []MatchedStatement
	MissingContextValues              []string
	OrganizationsDecisionDetail       *OrganizationsDecisionDetail       `json:",omitempty"`
	PermissionsBoundaryDecisionDetail *PermissionsBoundaryDecisionDetail `json:",omitempty"`
	EvalDecisionDetails               map[string]string                  `json:",omitempty"`
}

// A MatchedStatement names a statement that decided.
//
// Source: IAM API Reference, "Statement".
type MatchedStatement struct {
	SourcePolicyId   string
	SourcePolicyType string // user, group, role, aws-managed, user-managed, resource, none
	StartPosition    TextPosition
	EndPosition      TextPosition
}

// A TextPosition is a line and a column, both from 1, and as in the simulator
// behind the character that it points at: a statement starts behind its
// opening brace.
//
// Source: IAM API Reference, "Position".
type TextPosition struct{ Line, Column int }

// OrganizationsDecisionDetail tells whether the service control policies of
// all levels allow.
type OrganizationsDecisionDetail struct{ AllowedByOrganizations bool }

// PermissionsBoundaryDecisionDetail tells whether the boundary allows.
type PermissionsBoundaryDecisionDetail struct{ AllowedByPermissionsBoundary bool }

// EvaluationResult gives the explanation in the shape of the policy simulator.
// As there, only the Deny statements are listed if there are any. Where the
// simulator has no word, the nearest one is taken: an undetermined decision is
// an implicitDeny with its keys in MissingContextValues, and layers that the
// simulator does not know show up in EvalDecisionDetails under their own names.
func (x Explanation) EvaluationResult() EvaluationResult {
	result := EvaluationResult{
		EvalActionName: x.Action, EvalResourceName: x.Resource, EvalDecision: "implicitDeny",
		MatchedStatements:    []MatchedStatement{},
		MissingContextValues: append(append([]string{}, x.MissingKeys()...), x.UnknownKeys()...),
		EvalDecisionDetails:  map[string]string{},
	}
	switch x.Decision.Outcome {
	case Allowed:
		result.EvalDecision = "allowed"
	case ExplicitlyDenied:
		result.EvalDecision = "explicitDeny"
	}
	organizations := true
	for at := range x.Layers {
		layer := &x.Layers[at]
		said := "implicitDeny"
		matched := layer.Allows
		if len(layer.Denies) > 0 {
			said = "explicitDeny"
		} else if len(layer.Allows) > 0 {
			said = "allowed"
		}
		if result.EvalDecision == "explicitDeny" {
			matched = layer.Denies
		}
		for _, ref := range matched {
			result.MatchedStatements = append(result.MatchedStatements, matchedStatement(ref))
		}
		switch layer.Layer {
		case ServiceControlPolicy:
			organizations = organizations && said == "allowed"
			result.OrganizationsDecisionDetail = &OrganizationsDecisionDetail{organizations}
		case PermissionsBoundary:
			result.PermissionsBoundaryDecisionDetail = &PermissionsBoundaryDecisionDetail{said == "allowed"}
			result.EvalDecisionDetails["Permissions Boundary Policy"] = said
		case IdentityPolicy:
			result.EvalDecisionDetails["IAM Policy"] = said
		case ResourcePolicy:
			result.EvalDecisionDetails["Resource Policy"] = said
		case ResourceControlPolicy:
			if said == "explicitDeny" {
				result.EvalDecisionDetails["Resource Control Policy"] = said
			}
		case VPCEndpointPolicy:
			result.EvalDecisionDetails["VPC Endpoint Policy"] = said
		case SessionPolicy:
			result.EvalDecisionDetails["Session Policy"] = said
		}
	}
	return result
}

func matchedStatement(ref StatementRef) MatchedStatement {
	source := ref.Source()
	start, end := ref.Span()
	matched := MatchedStatement{
		SourcePolicyId:   source.Name,
		SourcePolicyType: "none",
		EndPosition:      TextPosition{int(end.Line), int(end.Column)},
	}
	if start.IsValid() {
		matched.StartPosition = TextPosition{int(start.Line), int(start.Column) + 1}
	}
	inline := func(kind string) {
		name := source.AttachedTo
		if entity, err := arn.ParseEntity(name); err == nil {
			name = entity.Name
		}
		matched.SourcePolicyType, matched.SourcePolicyId = kind, kind+"_"+name+"_"+source.Name
	}
	switch source.Type {
	case principal.UserInline:
		inline("user")
	case principal.GroupInline:
		inline("group")
	case principal.RoleInline:
		inline("role")
	case principal.AWSManaged:
		matched.SourcePolicyType = "aws-managed"
	case principal.CustomerManaged, principal.Boundary:
		matched.SourcePolicyType = "user-managed"
	case principal.ResourcePolicy, principal.TrustPolicy:
		matched.SourcePolicyType, matched.SourcePolicyId = "resource", "ResourcePolicy"
	}
	return matched
}
