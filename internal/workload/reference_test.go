package workload

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"
)

func TestMatch(t *testing.T) {
	for _, c := range []struct {
		pattern, s string
		want       bool
	}{
		{"", "", true},
		{"", "a", false},
		{"*", "", true},
		{"?", "", false},
		{"a", "A", false},
		{"a*a", "a", false},
		{"a*a", "aa", true},
		{"?é", "aé", true},
		{"é?é", "é日é", true},
		{"??", "日", false},
		{"*ab", "aab", true},
		{"s3:Get*Tagging", "s3:GetObjectTagging", true},
		{"s3:Get*Tagging", "s3:GetObject", false},
		{"a**b", "ab", true},
		{"*a*b*", "bbab", true},
		{"*a*b*", "bba", false},
	} {
		if got := Match(c.pattern, c.s); got != c.want {
			t.Errorf("Match(%q, %q) = %v", c.pattern, c.s, got)
		}
	}
}

// matchTable is Match written as a table over all pairs of suffixes.
func matchTable(pattern, s string) bool {
	p, r := []rune(pattern), []rune(s)
	row := make([]bool, len(r)+1) // row[j]: the rest of the pattern matches r[j:]
	row[len(r)] = true
	for i := len(p) - 1; i >= 0; i-- {
		next := make([]bool, len(r)+1)
		for j := len(r); j >= 0; j-- {
			switch {
			case p[i] == '*':
				next[j] = row[j] || j < len(r) && next[j+1]
			case j < len(r):
				next[j] = (p[i] == '?' || p[i] == r[j]) && row[j+1]
			}
		}
		row = next
	}
	return row[0]
}

func TestMatchAgainstTable(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringOfN(rapid.SampledFrom([]rune("ab*?é")), 0, 12, -1).Draw(t, "pattern")
		s := rapid.StringOfN(rapid.SampledFrom([]rune("abé")), 0, 16, -1).Draw(t, "s")
		if got, want := Match(pattern, s), matchTable(pattern, s); got != want {
			t.Fatalf("Match(%q, %q) = %v", pattern, s, got)
		}
	})
}

func TestConditions(t *testing.T) {
	for _, c := range []struct {
		operator    string
		want, have  Strings
		holds, knew bool
	}{
		{"StringEquals", Strings{"a", "b"}, Strings{"b"}, true, true},
		{"StringEquals", Strings{"a"}, Strings{"A"}, false, true},
		{"StringEquals", Strings{"a"}, nil, false, true},
		{"StringEqualsIfExists", Strings{"a"}, nil, true, true},
		{"StringNotEquals", Strings{"a"}, Strings{"b"}, true, true},
		{"StringNotEquals", Strings{"a"}, Strings{"a"}, false, true},
		{"StringNotEquals", Strings{"a"}, nil, true, true},
		{"StringNotEqualsIfExists", Strings{"a"}, Strings{"a"}, false, true},
		{"StringLike", Strings{"al*"}, Strings{"alice"}, true, true},
		{"ArnLike", Strings{"arn:aws:iam::*:role/x-*"}, Strings{"arn:aws:iam::111122223333:role/x-1"}, true, true},
		{"Bool", Strings{"true"}, Strings{"TRUE"}, true, true},
		{"Null", Strings{"true"}, nil, true, true},
		{"Null", Strings{"false"}, nil, false, true},
		{"Null", Strings{"true"}, Strings{"1"}, false, true},
		{"NumericLessThanEquals", Strings{"100"}, Strings{"100.0"}, true, true},
		{"NumericLessThanEquals", Strings{"100"}, Strings{"101"}, false, true},
		{"NumericLessThanEquals", Strings{"100"}, Strings{"many"}, false, true},
		{"IpAddress", Strings{"10.0.0.0/8"}, Strings{"10.9.9.9"}, true, true},
		{"IpAddress", Strings{"10.0.0.0/8"}, Strings{"11.9.9.9"}, false, true},
		{"IpAddress", Strings{"10.0.0.0/8"}, Strings{"here"}, false, true},
		{"ForAnyValue:StringEquals", Strings{"a"}, Strings{"x", "a"}, true, true},
		{"ForAnyValue:StringEquals", Strings{"a"}, nil, false, true},
		{"DateEquals", Strings{"2024-01-01"}, Strings{"2024-01-01"}, false, false},
	} {
		if holds, known := conditionHolds(c.operator, c.want, c.have); holds != c.holds || known != c.knew {
			t.Errorf("%s, policy %v, request %v: holds %v, known %v", c.operator, c.want, c.have, holds, known)
		}
	}
}

func TestDecideUnknownOperator(t *testing.T) {
	q := &Request{Action: "s3:GetObject", Resource: "arn:aws:s3:::b/o"}
	statement := func(effect string) Policy {
		return Policy{Statement: []Statement{{Effect: effect, Action: Strings{"*"}, Resource: Strings{"*"}, Condition: Condition{"Wish": {"k": {"v"}}}}}}
	}
	if got, _ := Decide([]Policy{statement(EffectAllow)}, q); got != ImplicitDeny {
		t.Errorf("an Allow that is not understood: %s", got)
	}
	if got, _ := Decide([]Policy{statement(EffectDeny)}, q); got != ExplicitDeny {
		t.Errorf("a Deny that is not understood: %s", got)
	}
}

func TestDecide(t *testing.T) {
	policies := []Policy{{Statement: []Statement{
		{Effect: EffectAllow, Action: Strings{"S3:get*"}, Resource: Strings{"arn:aws:s3:::home/${aws:username}/*"}},
		{Effect: EffectDeny, Action: Strings{"s3:*"}, Resource: Strings{"arn:aws:s3:::home/*/secret"}},
	}}}
	for _, c := range []struct {
		action, resource, want string
		matched                int
	}{
		{"s3:GetObject", "arn:aws:s3:::home/alice/a", Allow, 1},
		{"s3:GetObject", "arn:aws:s3:::home/bob/a", ImplicitDeny, 0},
		{"s3:PutObject", "arn:aws:s3:::home/alice/a", ImplicitDeny, 0},
		{"s3:GetObject", "arn:aws:s3:::home/alice/secret", ExplicitDeny, 2},
	} {
		q := &Request{Action: c.action, Resource: c.resource, Context: map[string]Strings{keyUsername: {"alice"}}}
		if got, matched := Decide(policies, q); got != c.want || matched != c.matched {
			t.Errorf("%s on %s: %s by %d, expected %s by %d", c.action, c.resource, got, matched, c.want, c.matched)
		}
	}
}

// Strings must read what it writes, so that an engine that parses the documents
// sees the policies that Decide saw.
func TestDocumentsRoundTrip(t *testing.T) {
	s, err := Generate(ProfileMulti, W2)
	if err != nil {
		t.Fatal(err)
	}
	documents, err := s.Documents()
	if err != nil {
		t.Fatal(err)
	}
	parsed := make([]Policy, len(documents))
	for i, d := range documents {
		if err := json.Unmarshal(d, &parsed[i]); err != nil {
			t.Fatal(err)
		}
		again, err := json.Marshal(&parsed[i])
		if err != nil {
			t.Fatal(err)
		}
		if string(again) != string(d) {
			t.Errorf("document %d:\n%s\nread and written:\n%s", i, d, again)
		}
	}
	var bad Strings
	if err := json.Unmarshal([]byte(`{"a":1}`), &bad); err == nil {
		t.Error("an object was read as strings")
	}
}
