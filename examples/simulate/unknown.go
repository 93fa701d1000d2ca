package main

import (
	"fmt"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
)

// parseUnknown reads an argument of -unknown, which says how much is known of a
// condition key. A question mark stands for what is not known: behind the key
// for whether it is there, in place of the value for the value.
//
//	KEY          nothing
//	KEY=?        it is there with one value
//	KEY=[?]      it is there as a list
//	KEY?=VALUE   it is absent, or there with this value, which may be ? or [?]
func parseUnknown(argument string) (key string, value condition.Value, err error) {
	key, text, found := strings.Cut(argument, "=")
	if !found {
		value = condition.UnknownValue()
	}
	key, perhaps := strings.CutSuffix(key, "?")
	switch {
	case key == "" || perhaps && !found || strings.Contains(key, "?"):
		return "", value, fmt.Errorf("-unknown %q must be KEY, KEY=?, KEY=[?] or KEY?=VALUE", argument)
	case !found:
		return key, value, nil
	case text == "?":
		value = condition.UnknownSingle()
	case text == "[?]":
		value = condition.UnknownList()
	case perhaps:
		value = valueOf(text)
	default:
		return "", value, fmt.Errorf("-unknown %q leaves nothing unknown: write %s?=%s if the key may be absent, or -context", argument, key, text)
	}
	if perhaps {
		value = condition.Perhaps(value)
	}
	return key, value, nil
}
