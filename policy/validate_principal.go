package policy

import "strings"

func (v *validator) principals() {
	s := v.statement
	if s.NotPrincipal != nil && s.Effect == Allow {
		v.add(AllowWithNotPrincipal, s.NotPrincipal.Position, v.place.element(elementNotPrincipal),
			"Allow with NotPrincipal grants to everybody else, also to anonymous callers: name in Principal to whom to grant")
	}
	v.principal(s.Principal, elementPrincipal)
	v.principal(s.NotPrincipal, elementNotPrincipal)
}

func (v *validator) principal(p *Principals, e element) {
	switch {
	case p == nil:
		return
	case p.Everyone && v.document.Kind == RoleTrust && v.statement.Effect == Allow:
		v.everyone(p.Position, v.place.element(e))
	case !p.Everyone && len(p.Entries) == 0:
		v.add(EmptyObjectPrincipal, p.Position, v.place.element(e), "%s names nobody, so that the statement has no effect: name somebody, or remove the statement", e)
	}
	for i := range p.Entries {
		entry := &p.Entries[i]
		path := member(v.place.element(e), string(entry.Type))
		if len(entry.Values.Values) == 0 {
			v.add(EmptyArrayPrincipal, entry.Position, path, "%s names nobody: add a value, or remove it", entry.Type)
		}
		if entry.Type == PrincipalFederated && v.document.Kind != RoleTrust {
			v.add(FederatedPrincipalNotSupported, entry.Position, path, "Federated principals are for role trust policies: name the role or its sessions")
		}
		for j := range entry.Values.Values {
			if v.report.full() {
				return
			}
			at := path
			if !entry.Values.Single || len(entry.Values.Values) != 1 {
				at = index(path, j)
			}
			v.principalValue(entry, entry.Values.Values[j], at, e)
		}
	}
}

// everyone reports a trust policy that lets anybody in.
func (v *validator) everyone(at Position, path string) {
	v.add(RoleTrustWildcardPrincipal, at, path, "everybody may assume the role: name who may")
}

func (v *validator) principalValue(entry *PrincipalEntry, value Text, path string, e element) {
	switch text := value.Value; {
	case text == "*" && entry.Type == PrincipalAWS:
		if v.document.Kind == RoleTrust && v.statement.Effect == Allow {
			v.everyone(value.Position, path)
		}
	case strings.ContainsAny(text, "*?"):
		v.add(UnsupportedWildcardInPrincipal, value.Position, path,
			"a wildcard in %s matches nobody: write the name in full, or a condition on aws:PrincipalArn", quote(text))
	case entry.Type == PrincipalAWS && strings.HasPrefix(text, "AIDA"):
		v.add(InvalidUserReference, value.Position, path, "%s is the id of a user that was probably deleted: write the ARN of a user", quote(text))
	case entry.Type == PrincipalAWS && strings.HasPrefix(text, "AROA"):
		v.add(InvalidRoleReference, value.Position, path, "%s is the id of a role that was probably deleted: write the ARN of a role", quote(text))
	}
	v.noVariable(value, path, e)
}
