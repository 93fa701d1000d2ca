package sts_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/sts"
)

// BenchmarkDerive derives a session of a role whose policies are compiled.
func BenchmarkDerive(b *testing.B) {
	w := newWorld()
	w.role("audit").Trust = statements(trust(federated(github), `{"StringLike": {"token.actions.githubusercontent.com:sub": "repo:birds/*"}}`, "sts:AssumeRoleWithWebIdentity"))
	s := w.build(b)
	user := callerOf(b, s, wren)
	only := statements(allow("sqs:*", "*"))
	for _, one := range []struct {
		name string
		in   sts.AssumeRoleInput
	}{
		{"AssumeRole", sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly"}},
		{"AcrossAccounts", sts.AssumeRoleInput{RoleARN: vendor, RoleSessionName: "nightly", ExternalID: "right"}},
		{"SessionPolicy", sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly", Policy: only}},
		{"Everything", sts.AssumeRoleInput{RoleARN: deploy, RoleSessionName: "nightly", Policy: only, Tags: map[string]string{"cost": "42", "ticket": "7"},
			TransitiveTagKeys: []string{"cost"}, SourceIdentity: "wren", SerialNumber: device}},
	} {
		b.Run(one.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.AssumeRole(user, one.in); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("WebIdentity", func(b *testing.B) {
		in := sts.WebIdentityInput{RoleARN: audit, RoleSessionName: "ci", Identity: webIdentity(b, githubIssuer, githubClaims(nil))}
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.AssumeRoleWithWebIdentity(in); err != nil {
				b.Fatal(err)
			}
		}
	})
}
