package policy

import (
	"slices"
	"strings"
)

// A Finding is something that AWS saves but that is probably not meant, or that
// has no effect. A document with findings parses, compiles and decides.
type Finding struct {
	// Code tells the findings apart; see the constants.
	Code Code
	// Severity is that of IAM Access Analyzer for the Code.
	Severity Severity
	// Position is where it stands, the zero Position in a document built in
	// code.
	Position Position
	// Path leads to it from the top of the document.
	Path string
	// Message is a sentence that says what is wrong and what to do.
	Message string
}

// String gives "SEVERITY line:column: path: message (CODE)", without the parts
// that are not known.
func (f *Finding) String() string {
	one := Error{Code: f.Code, Position: f.Position, Path: f.Path, Message: f.Message}
	return f.Severity.String() + " " + one.Error()
}

// A Severity says how much a finding matters. The types and their names are
// those of IAM Access Analyzer.
//
// Source: IAM Access Analyzer API Reference, "ValidatePolicyFinding".
type Severity uint8

const (
	// SeverityError: part of the policy does not work.
	SeverityError Severity = iota + 1
	// SeveritySecurityWarning: the policy gives more than is wise.
	SeveritySecurityWarning
	// SeverityWarning: the policy does not follow the advice of AWS.
	SeverityWarning
	// SeveritySuggestion: the policy can be improved without any effect.
	SeveritySuggestion
)

var severityNames = [...]string{"UNKNOWN", "ERROR", "SECURITY_WARNING", "WARNING", "SUGGESTION"}

// String gives the name as the API of AWS has it, such as "SECURITY_WARNING".
func (s Severity) String() string {
	if int(s) >= len(severityNames) {
		return severityNames[0]
	}
	return severityNames[s]
}

// Validate reports what can be found in the document alone, without lists of
// services, actions and context keys: elements that have no effect, values that
// their operator cannot read, policy variables where none work, names that are
// repeated, sizes over quota. The findings come in the order of the text, at
// most MaxErrors of them; none is nil.
//
// What Parse and Check refuse is not reported again, and the findings of a
// document that Check refuses are not complete. Validate sorts what the document
// holds, and is otherwise linear.
//
// Source: IAM User Guide, "IAM policy validation check reference".
func (d *Document) Validate() []Finding {
	v := validator{document: d}
	v.validate()
	if len(v.report.errors) == 0 {
		return nil
	}
	slices.SortStableFunc(v.report.errors, func(a, b *Error) int {
		return int(a.Position.Offset) - int(b.Position.Offset)
	})
	findings := make([]Finding, len(v.report.errors))
	for i, one := range v.report.errors {
		findings[i] = Finding{Code: one.Code, Severity: severity(one.Code),
			Position: one.Position, Path: one.Path, Message: one.Message}
	}
	return findings
}

// severity gives the severity of the code of a finding.
func severity(code Code) Severity {
	switch code {
	case AllowWithNotPrincipal:
		return SeveritySecurityWarning
	case MissingVersion, UniqueSidsRecommended, WildcardWithoutLikeOperator, InvalidUserReference, InvalidRoleReference,
		TypeMismatch, TypeMismatchBoolean, TypeMismatchDate, TypeMismatchNumber, TypeMismatchString,
		PolicySizeExceedsIdentityPolicyQuota, PolicySizeExceedsResourcePolicyQuota, PolicySizeExceedsRoleTrustPolicyQuota,
		PolicySizeExceedsSessionPolicyQuota, PolicySizeExceedsVPCEndpointPolicyQuota:
		return SeverityWarning
	case ImproveIPRange, NullWithQualifier, OperatorSpelling, WildcardInServiceName,
		RedundantAction, RedundantResource, RedundantStatement:
		return SeveritySuggestion
	}
	if strings.HasPrefix(string(code), "EMPTY_") && code != EmptyVariable {
		return SeveritySuggestion
	}
	return SeverityError
}
