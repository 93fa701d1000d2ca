package iamtest

import "testing"

// TestWitness tells which ARN stands for a pattern on a type of resource.
func TestWitness(t *testing.T) {
	u := theUniverse()
	for _, test := range []struct{ pattern, kind, want string }{
		{"arn:aws:s3:::reports/*", "s3 object", "arn:aws:s3:::reports/nobody-listed-this"},
		{"arn:aws:s3:::reports/*", "s3 bucket", ""},
		{"arn:aws:s3:::reports*", "s3 bucket", "arn:aws:s3:::reportsnobody-listed-this"},
		{"arn:aws:s3:::reports*", "s3 object", "arn:aws:s3:::reportsnobody-listed-this/nobody-listed-this"},
		{"arn:aws:s3:::*/secret", "s3 object", "arn:aws:s3:::nobody-listed-this/secret"},
		{"arn:aws:s3:::reports", "s3 bucket", "arn:aws:s3:::reports"},
		{"arn:aws:s3:::reports", "s3 object", ""},
		{"arn:aws:s3:::a?c", "s3 bucket", "arn:aws:s3:::a~c"},
		{"arn:aws:dynamodb:*:*:table/orders", "dynamodb table", "arn:aws:dynamodb:xx-nowhere-1:999999999999:table/orders"},
		{"arn:aws:dynamodb:eu-west-1:111122223333:table/orders*", "dynamodb index", "arn:aws:dynamodb:eu-west-1:111122223333:table/ordersnobody-listed-this/index/nobody-listed-this"},
		{"arn:aws:dynamodb:eu-*:111122223333:table/a*z", "dynamodb table", "arn:aws:dynamodb:eu--1:111122223333:table/anobody-listed-thisz"},
		{"arn:aws:dynamodb:*", "dynamodb table", "arn:aws:dynamodb:xx-nowhere-1:999999999999:table/nobody-listed-this"},
		{"arn:aws:logs:*:111122223333:log-group:/aws/lambda/app:*", "logs log-group", "arn:aws:logs:xx-nowhere-1:111122223333:log-group:/aws/lambda/app:nobody-listed-this"},
		{"arn:aws:logs:*:111122223333:log-group:/aws/lambda/app:*", "logs log-stream", "arn:aws:logs:xx-nowhere-1:111122223333:log-group:/aws/lambda/app:log-stream:nobody-listed-this"},
		{"arn:aws:iam::*:role/service/*", "iam role", "arn:aws:iam::999999999999:role/service/nobody-listed-this"},
	} {
		found := false
		for at := range u.types {
			if u.types[at].String() != test.kind {
				continue
			}
			found = true
			p := newPattern(test.pattern)
			got, ok := u.types[at].witness(&p, home{"aws", "111122223333"}, strangeRegion, "999999999999", strangeName)
			if got = map[bool]string{true: got}[ok]; got != test.want {
				t.Errorf("%s of %s: %q, want %q", test.kind, test.pattern, got, test.want)
			}
		}
		if !found {
			t.Errorf("there is no type %q", test.kind)
		}
	}
}

// TestEveryTypeHasAWitness tells that each format of the catalogue has an ARN.
func TestEveryTypeHasAWitness(t *testing.T) {
	u := theUniverse()
	p := newPattern("arn:*:*:*:*:*")
	var without []string
	at111122223333 := home{"aws", "111122223333"}
	for at := range u.types {
		t := &u.types[at]
		_, ok := t.witness(&p, at111122223333, strangeRegion, "111122223333", strangeName)
		if !ok || !t.MatchesARN(t.example("aws", "111122223333", strangeName)) {
			without = append(without, u.types[at].String()+" "+u.types[at].ARNFormat())
		}
	}
	if len(without) > 0 {
		t.Errorf("no ARN for %q", without)
	}
}
