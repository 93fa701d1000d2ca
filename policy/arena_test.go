package policy

import (
	"strings"
	"testing"
)

// TestArenaHasRoomForEverything: wherever a long text stands in a document, the
// arena has room for it from the start, so that it never moves and the policy
// holds each text once.
func TestArenaHasRoomForEverything(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 10_000)
	short := StringsOf("x")
	principals := &Principals{Entries: []PrincipalEntry{{Type: PrincipalAWS, Values: *short}, {Type: PrincipalService, Values: *StringsOf("x", long)}}}
	condition := func(key ConditionKey) Statement {
		return Statement{Condition: []ConditionOperator{{}, {Keys: []ConditionKey{{}, key}}}}
	}
	for name, s := range map[string]Statement{
		"Sid":             {Sid: Text{Value: long}},
		"Action":          {Action: StringsOf("x", long)},
		"NotAction":       {NotAction: StringsOf(long, "x")},
		"Resource":        {Resource: StringsOf(long)},
		"NotResource":     {NotResource: StringsOf(long)},
		"Principal":       {Principal: principals},
		"NotPrincipal":    {NotPrincipal: principals},
		"condition key":   condition(ConditionKey{Key: Text{Value: long}}),
		"condition value": condition(ConditionKey{Values: []ConditionValue{{Value: "x"}, {Value: long}}}),
	} {
		a := newArena(&Document{Statements: []Statement{{Action: short}, s, {Resource: short}}})
		if room := a.texts.Cap(); room < len(long)+2 {
			t.Errorf("%s: there is room for %d bytes, want %d", name, room, len(long)+2)
		}
	}
}
