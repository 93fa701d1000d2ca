package cognito_test

import (
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate/cognito"
)

func BenchmarkChooseRole(b *testing.B) {
	pool, user := newPool(), login()
	b.ReportAllocs()
	for b.Loop() {
		if !pool.ChooseRole(user, "").OK() {
			b.Fatal("no role")
		}
	}
}

func BenchmarkGetCredentialsForIdentity(b *testing.B) {
	for _, one := range []struct {
		name  string
		login *cognito.Login
	}{{"user", login()}, {"guest", nil}} {
		b.Run(one.name, func(b *testing.B) {
			pool, security := newPool(), security(b)
			b.ReportAllocs()
			for b.Loop() {
				if _, err := pool.GetCredentialsForIdentity(security, cognito.CredentialsInput{IdentityID: guestID, Login: one.login}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
