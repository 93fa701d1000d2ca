package cognito

import (
	"encoding/json"
	"strconv"
	"strings"
)

// claimText gives the text that a claim is compared by, and whether there is
// one. A number stands for its shortest decimal, a Boolean for true or false, and
// a list for its values with commas between them, which is how the guide
// describes the claim cognito:roles. Null, an empty list, an object and a list of
// other than texts count as a claim that is missing.
func claimText(claims map[string]any, name string) (string, bool) {
	switch value := claims[name].(type) {
	case string:
		return value, true
	case bool:
		return strconv.FormatBool(value), true
	case float64:
		return strconv.FormatFloat(value, 'f', -1, 64), true
	case int:
		return strconv.Itoa(value), true
	case int64:
		return strconv.FormatInt(value, 10), true
	case json.Number:
		return value.String(), true
	}
	list := claimList(claims, name)
	return strings.Join(list, ","), len(list) > 0
}

// claimList gives the texts of a claim that is a list of texts, or one text with
// commas in it. It is nil for any other.
func claimList(claims map[string]any, name string) []string {
	switch value := claims[name].(type) {
	case string:
		var list []string
		for one := range strings.SplitSeq(value, ",") {
			if one = strings.TrimSpace(one); one != "" {
				list = append(list, one)
			}
		}
		return list
	case []string:
		return value
	case []any:
		list := make([]string, len(value))
		for at, one := range value {
			text, ok := one.(string)
			if !ok {
				return nil
			}
			list[at] = text
		}
		return list
	}
	return nil
}
