package federation

import "github.com/portcullis-iam/portcullis/condition"

// A samlKey is a condition key that comes out of an attribute.
type samlKey struct {
	key string
	// list tells keys of several values.
	list bool
	// names are those of the attribute: its URN or URI, and what it is called.
	names []string
}

const (
	eduPerson = "urn:oid:1.3.6.1.4.1.5923.1.1.1."
	eduOrg    = "urn:oid:1.3.6.1.4.1.5923.1.2.1."
	claims    = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/"
)

// samlKeys is the table of attributes.
//
// Source: IAM User Guide, "Configure SAML assertions for the authentication
// response", mapping SAML attributes to AWS trust policy context keys; "IAM and
// AWS STS condition context keys", "Available keys for SAML-based AWS STS
// federation".
var samlKeys = [...]samlKey{
	{"saml:edupersonaffiliation", true, []string{eduPerson + "1", "eduPersonAffiliation"}},
	{"saml:edupersonnickname", true, []string{eduPerson + "2", "eduPersonNickname"}},
	{"saml:edupersonorgdn", false, []string{eduPerson + "3", "eduPersonOrgDN"}},
	{"saml:edupersonorgunitdn", true, []string{eduPerson + "4", "eduPersonOrgUnitDN"}},
	{"saml:edupersonprimaryaffiliation", false, []string{eduPerson + "5", "eduPersonPrimaryAffiliation"}},
	{"saml:edupersonprincipalname", false, []string{eduPerson + "6", "eduPersonPrincipalName"}},
	{"saml:edupersonentitlement", true, []string{eduPerson + "7", "eduPersonEntitlement"}},
	{"saml:edupersonprimaryorgunitdn", false, []string{eduPerson + "8", "eduPersonPrimaryOrgUnitDN"}},
	{"saml:edupersonscopedaffiliation", true, []string{eduPerson + "9", "eduPersonScopedAffiliation"}},
	{"saml:edupersontargetedid", true, []string{eduPerson + "10", "eduPersonTargetedID"}},
	{"saml:edupersonassurance", true, []string{eduPerson + "11", "eduPersonAssurance"}},
	{"saml:eduorghomepageuri", true, []string{eduOrg + "2", "eduOrgHomePageURI"}},
	{"saml:eduorgidentityauthnpolicyuri", true, []string{eduOrg + "3", "eduOrgIdentityAuthNPolicyURI"}},
	{"saml:eduorglegalname", true, []string{eduOrg + "4", "eduOrgLegalName"}},
	{"saml:eduorgsuperioruri", true, []string{eduOrg + "5", "eduOrgSuperiorURI"}},
	{"saml:eduorgwhitepagesuri", true, []string{eduOrg + "6", "eduOrgWhitePagesURI"}},
	{"saml:cn", true, []string{"urn:oid:2.5.4.3", "cn"}},

	{"saml:name", false, []string{claims + "name", "name"}},
	{"saml:commonName", false, []string{"http://schemas.xmlsoap.org/claims/CommonName", "commonName"}},
	{"saml:givenName", false, []string{claims + "givenname", "urn:oid:2.5.4.42", "givenName"}},
	{"saml:surname", false, []string{claims + "surname", "urn:oid:2.5.4.4", "surname"}},
	{"saml:mail", true, []string{claims + "emailaddress", "urn:oid:0.9.2342.19200300.100.1.3", "mail"}},
	{"saml:primaryGroupSID", false, []string{"http://schemas.microsoft.com/ws/2008/06/identity/claims/primarygroupsid", "primaryGroupSID"}},
	{"saml:uid", false, []string{"urn:oid:0.9.2342.19200300.100.1.1", "uid"}},
	{"saml:organizationStatus", false, []string{"urn:oid:0.9.2342.19200300.100.1.45", "organizationStatus"}},
	{"saml:x500UniqueIdentifier", false, []string{"urn:oid:2.5.4.45", "x500UniqueIdentifier"}},
}

// set sets the key of the first attribute that is there.
func (k *samlKey) set(s *SAMLIdentity, r *attributes) {
	for _, name := range k.names {
		if _, given := r.values[name]; !given {
			continue
		}
		if k.list {
			if values := r.list(name); len(values) > 0 {
				s.trust.Set(k.key, condition.List(values...))
			}
		} else if value := r.one(name); value != "" {
			s.trust.Set(k.key, condition.String(value))
		}
		return
	}
}
