package condition_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/netip"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/portcullis-iam/portcullis/condition"
)

// dump has a line "key kind text" for every key.
func dump(c *condition.Context) []string {
	var lines []string
	for key, value := range c.All() {
		lines = append(lines, key+" "+value.Kind().String()+" "+value.String())
	}
	return lines
}

func TestContext(t *testing.T) {
	var c condition.Context
	c.Set("aws:SourceIp", condition.String("10.0.0.1"))
	c.SetTag("aws:RequestTag", "Team", condition.String("birds"))
	c.Set("AWS:requesttag/TEAM", condition.String("fish")) // the same key
	c.SetTag("aws:RequestTag", "a/b", condition.Bool(true))
	c.Set("aws:RequestTag/", condition.Int(1))
	c.Set("aws:RequestTag", condition.Int(2)) // another key than the one before
	c.Set("é", condition.Int(3))
	c.Set("É", condition.Int(4)) // only ASCII folds
	c.SetTag("issuer.example/path", "x:sub", condition.String("s"))
	want := []string{"aws:SourceIp string 10.0.0.1", "AWS:requesttag/TEAM string fish", "aws:RequestTag/a/b bool true", "aws:RequestTag/ number 1",
		"aws:RequestTag number 2", "é number 3", "É number 4", "issuer.example/path/x:sub string s"}
	if diff := cmp.Diff(want, dump(&c)); diff != "" {
		t.Errorf("context (-want +got)\n%s", diff)
	}
	for key, text := range map[string]string{"AWS:SOURCEIP": "10.0.0.1", "aws:RequestTag/team": "fish", "aws:requesttag/A/B": "true", "ISSUER.example/PATH/x:SUB": "s"} {
		if value, found := c.Lookup(key); !found || value.Text() != text {
			t.Errorf("%s is %v, %v; want %s", key, value, found, text)
		}
	}
	for _, key := range []string{"aws:SourceI", "aws:RequestTag/tea", "aws:RequestTagTeam", "aws:RequestTag/Team/", "aws/RequestTag:Team", ""} {
		if value, found := c.Lookup(key); found {
			t.Errorf("%q is %v", key, value)
		}
	}
	clone := c.Clone()
	c.Delete("AWS:RequestTag/A/b")
	c.Delete("nothing")
	c.Set("aws:SourceIp", condition.Value{})
	if c.Len() != 6 || clone.Len() != 8 {
		t.Errorf("%d keys and %d in the clone, want 6 and 8", c.Len(), clone.Len())
	}
	c.Reset()
	if value, found := c.Lookup("é"); c.Len() != 0 || found {
		t.Errorf("%d keys after Reset, é is %v", c.Len(), value)
	}
	if diff := cmp.Diff(want, dump(clone)); diff != "" {
		t.Errorf("clone (-want +got)\n%s", diff)
	}
}

func TestNilContext(t *testing.T) {
	var c *condition.Context
	if _, found := c.Lookup("k"); found || c.Len() != 0 || c.TagsKnown() || dump(c) != nil || c.Clone().Len() != 0 {
		t.Error("a nil context has keys")
	}
}

func TestUnknownAndAbsentKeys(t *testing.T) {
	var c condition.Context
	c.SetUnknown("u")
	c.SetAbsent("a")
	c.Set("k", condition.Bool(true))
	if diff := cmp.Diff([]string{"u unknown unknown", "k bool true"}, dump(&c)); diff != "" || c.Len() != 2 {
		t.Errorf("%d keys (-want +got)\n%s", c.Len(), diff)
	}
	if value, found := c.Lookup("a"); found {
		t.Errorf("a is %v", value)
	}
	c.Set("A", condition.Bool(true))
	c.Set("U", condition.Bool(true))
	if diff := cmp.Diff([]string{"U bool true", "A bool true", "k bool true"}, dump(&c)); diff != "" || c.Len() != 3 {
		t.Errorf("%d keys (-want +got)\n%s", c.Len(), diff)
	}
	c.SetAbsent("k")
	c.Delete("k")
	c.SetAbsent("u")
	if c.Len() != 1 {
		t.Errorf("%d keys, want 1", c.Len())
	}
}

// Beyond sixteen keys a table takes over from the scan.
func TestManyKeys(t *testing.T) {
	var c condition.Context
	for round := range 3 {
		for n := range 100 {
			c.Set(fmt.Sprintf("Key%d", n), condition.Int(int64(n+round)))
			c.SetTag("aws:RequestTag", fmt.Sprint(n), condition.Int(int64(n-round)))
			if c.Len() != 2*(n+1) {
				t.Fatalf("%d keys after %d", c.Len(), 2*(n+1))
			}
		}
		for n := range 100 {
			a, _ := c.Lookup(fmt.Sprintf("kEY%d", n))
			b, _ := c.Lookup(fmt.Sprintf("AWS:requestTag/%d", n))
			if a.Text() != fmt.Sprint(n+round) || b.Text() != fmt.Sprint(n-round) {
				t.Fatalf("round %d, key %d: %v and %v", round, n, a, b)
			}
		}
		for n := range 90 {
			c.Delete(fmt.Sprintf("Key%d", n))
			c.Delete(fmt.Sprintf("aws:RequestTag/%d", n))
		}
		for n := range 100 {
			if _, found := c.Lookup(fmt.Sprintf("key%d", n)); found != (n >= 90) {
				t.Fatalf("round %d: key %d found: %v", round, n, found)
			}
		}
		c.Reset()
	}
}

func TestContextDoesNotAllocate(t *testing.T) {
	var c condition.Context
	remote := netip.MustParseAddr("203.0.113.77")
	now := time.Date(2026, 10, 1, 8, 30, 0, 0, time.UTC)
	keys := make([]string, 40)
	for n := range keys {
		keys[n] = fmt.Sprintf("key:%d", n)
	}
	fill := func() {
		c.Reset()
		c.Set("aws:SourceIp", condition.Addr(remote))
		c.Set("aws:SecureTransport", condition.Bool(true))
		c.Set("aws:CurrentTime", condition.Time(now))
		c.SetTag("aws:RequestTag", "team", condition.String("birds"))
		for _, key := range keys {
			c.Set(key, condition.Int(1))
		}
		c.SetUnknown("u")
		c.Lookup("AWS:RequestTag/TEAM")
		c.Lookup("Key:39")
	}
	fill()
	if allocated := testing.AllocsPerRun(100, fill); allocated != 0 {
		t.Errorf("%v allocations to fill a context again", allocated)
	}
	view := benchmarkView()
	if allocated := testing.AllocsPerRun(100, func() { view.Lookup("aws:PrincipalTag/team") }); allocated != 0 {
		t.Errorf("%v allocations to look a key up", allocated)
	}
}

func TestFromMap(t *testing.T) {
	c, err := condition.FromMap(map[string]any{
		"a": "text", "b": true, "c": 1, "d": int8(-1), "e": int16(2), "f": int32(3), "g": int64(4), "h": uint(50), "i": uint8(6), "j": uint16(7), "k": uint32(8),
		"l": uint64(math.MaxUint64), "m": float32(0.1), "n": 1e21, "o": json.Number("1.50"), "p": time.Date(2026, 1, 2, 3, 4, 5, 600, time.UTC),
		"q": netip.MustParseAddr("::1"), "r": []byte("a"), "s": []string{"x", "y"}, "t": []any{"x", 1, true, 2.5}, "u": []any{}, "v": condition.List(), "w": condition.UnknownValue(),
	})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a string text", "b bool true", "c number 1", "d number -1", "e number 2", "f number 3", "g number 4", "h number 50", "i number 6", "j number 7", "k number 8",
		"l number 18446744073709551615", "m number 0.1", "n number 1000000000000000000000", "o number 1.50", "p time 2026-01-02T03:04:05.0000006Z",
		"q address ::1", "r binary YQ==", "s list [x y]", "t list [x 1 true 2.5]", "u list []", "v list []", "w unknown unknown"}
	if diff := cmp.Diff(want, dump(c)); diff != "" {
		t.Errorf("context (-want +got)\n%s", diff)
	}
	if c, err := condition.FromMap(nil); err != nil || c.Len() != 0 {
		t.Errorf("nil map: %d keys, %v", c.Len(), err)
	}
	texts := []string{"a"}
	c, err = condition.FromMap(map[string]any{"k": texts})
	texts[0] = "b"
	if value, _ := c.Lookup("k"); err != nil || value.Values()[0] != "a" {
		t.Errorf("the list was not copied: %v, %v", value, err)
	}
}

// reasons are the reasons of a ContextErrors.
func reasons(t *testing.T, err error) []condition.ContextReason {
	t.Helper()
	var all condition.ContextErrors
	var one *condition.ContextError
	if !errors.As(err, &all) || !errors.As(err, &one) || one != all[0] {
		t.Fatalf("error of type %T: %v", err, err)
	}
	found := []condition.ContextReason{}
	for _, e := range all {
		found = append(found, e.Reason)
	}
	return found
}

func TestFromMapErrors(t *testing.T) {
	_, err := condition.FromMap(map[string]any{
		"a": nil, "b": map[string]any{}, "c": []any{[]any{}}, "d": []any{nil}, "e": struct{}{}, "f": math.NaN(), "g": math.Inf(-1),
		"K": 1, "k": 2, "l": condition.Value{}, "m": []any{map[string]any{}}, "n": []any{condition.UnknownValue()}, "o": []int{1},
	})
	want := []condition.ContextReason{condition.DuplicateKey, condition.NullValue, condition.NestedValue, condition.NestedValue, condition.NullValue, condition.UnsupportedType,
		condition.UnsupportedType, condition.UnsupportedType, condition.UnsupportedType, condition.NestedValue, condition.NestedValue, condition.UnsupportedType}
	got := reasons(t, err)
	// Keys are sorted by their bytes: K, a, …, k.
	want = append(want[1:8], want[0], want[8], want[9], want[10], want[11])
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("reasons (-want +got)\n%s\n%v", diff, err)
	}
	if !strings.Contains(err.Error(), `key "c": a value is a string, number or boolean, or one list of them (value 1 of the list)`) {
		t.Errorf("message: %v", err)
	}
	for detail, value := range map[string]any{"(the zero Value)": condition.Value{}, "(value 2 of the list, the zero Value)": []any{1, condition.Value{}}, "([]int)": []int{1}, "(float64)": math.Inf(1)} {
		if _, err := condition.FromMap(map[string]any{"k": value}); err == nil || !strings.HasSuffix(err.Error(), detail) {
			t.Errorf("%T: message %v, want %s at its end", value, err, detail)
		}
	}
	many := map[string]any{}
	for n := range condition.MaxKeys {
		many[fmt.Sprint(n)] = nil
	}
	if _, err = condition.FromMap(many); len(reasons(t, err)) != condition.MaxErrors {
		t.Errorf("%d errors, want %d", len(reasons(t, err)), condition.MaxErrors)
	}
	many["one more"] = 1
	if _, err = condition.FromMap(many); reasons(t, err)[0] != condition.TooManyKeys {
		t.Errorf("too many keys: %v", err)
	}
}

func TestParseJSON(t *testing.T) {
	c, err := condition.ParseJSON([]byte(` {"a.b": "x\u00e9\ud83d\ude00\"", "s3:*": 1.50, "n": -1e400, "t": true, "f": false, "l": ["x", 1.0, true], "e": [], "": "", "x|y": "p", "#": "q"} `))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{`a.b string xé😀"`, "s3:* number 1.50", "n number -1e400", "t bool true", "f bool false", "l list [x 1.0 true]", "e list []", " string ", "x|y string p", "# string q"}
	if diff := cmp.Diff(want, dump(c)); diff != "" {
		t.Errorf("context (-want +got)\n%s", diff)
	}
}

// The bound of the text is the last length that is allowed.
func TestParseJSONTakesTheLargestText(t *testing.T) {
	text := `{"k": "v"}` + strings.Repeat(" ", condition.MaxContextBytes)
	if _, err := condition.ParseJSON([]byte(text[:condition.MaxContextBytes])); err != nil {
		t.Error(err)
	}
}

func TestParseJSONErrors(t *testing.T) {
	for _, one := range []struct {
		text         string
		reason       condition.ContextReason
		line, column int
	}{
		{``, condition.NotJSON, 1, 1},
		{`[]`, condition.WrongShape, 1, 1},
		{`"a"`, condition.WrongShape, 1, 1},
		{`null`, condition.WrongShape, 1, 1},
		{`{"a": 1,}`, condition.NotJSON, 1, 8},
		{"{\n \"é\": nope}", condition.NotJSON, 2, 7},
		{`{"a": 01}`, condition.NotJSON, 1, 7},
		{`{"a": "`, condition.NotJSON, 1, 7},
		{`{"a": 1} x`, condition.NotJSON, 1, 10},
		{"{\"a\": \"\xff\"}", condition.InvalidUnicode, 1, 8},
		{`{"a": "\ud800"}`, condition.InvalidUnicode, 1, 8},
		{`{"a": "\\\udc00\ud800"}`, condition.InvalidUnicode, 1, 10},
		{`{"a": "\ud800x"}`, condition.InvalidUnicode, 1, 8},
		{`{"\ud800\u0041": "a"}`, condition.InvalidUnicode, 1, 3},
		{"{\"é\": null}", condition.NullValue, 1, 7},
		{"{\"a\": [1,\n  null]}", condition.NullValue, 2, 3},
		{`{"a": {}}`, condition.NestedValue, 1, 7},
		{`{"a": {"b": []}}`, condition.NestedValue, 1, 13},
		{`{"a": [[]]}`, condition.NestedValue, 1, 8},
		{"{\"a\": 1,\n\"A\": 2}", condition.DuplicateKey, 2, 1},
		{`{"a": 1, "\u0061": 2}`, condition.DuplicateKey, 1, 10},
		{`{"a/b": 1, "A/B": 2}`, condition.DuplicateKey, 1, 12},
		{strings.Repeat("[", 1_000_000), condition.NestedValue, 1, 3},
		{strings.Repeat(`{"a":`, 100_000), condition.NestedValue, 1, 11},
		{strings.Repeat(" ", condition.MaxContextBytes+1), condition.TooLarge, 0, 0},
	} {
		c, err := condition.ParseJSON([]byte(one.text))
		var first *condition.ContextError
		if c != nil || !errors.As(err, &first) {
			t.Errorf("%.60q: %v, error %v", one.text, c, err)
			continue
		}
		if first.Reason != one.reason || first.Line != one.line || first.Column != one.column {
			t.Errorf("%.60q: %v at %d:%d, want %v at %d:%d", one.text, first.Reason, first.Line, first.Column, one.reason, one.line, one.column)
		}
	}
}

func TestParseJSONCollectsErrors(t *testing.T) {
	_, err := condition.ParseJSON([]byte(`{"a": null, "b": {}, "A": 1, "a": 2, "c": [null]}`))
	want := []condition.ContextReason{condition.NullValue, condition.NestedValue, condition.DuplicateKey, condition.NullValue}
	if diff := cmp.Diff(want, reasons(t, err)); diff != "" {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
	if want := `1:7: key "a": null is no value; leave the key out to make it absent`; !strings.HasPrefix(err.Error(), want+"\n") {
		t.Errorf("message: %v", err)
	}
	var text strings.Builder
	for n := range condition.MaxKeys + 2 {
		fmt.Fprintf(&text, `,"%d":1`, n)
	}
	if _, err = condition.ParseJSON([]byte("{" + text.String()[1:] + "}")); !slices.Equal(reasons(t, err), []condition.ContextReason{condition.TooManyKeys}) {
		t.Errorf("too many keys: %v", err)
	}
	nulls := strings.ReplaceAll(text.String()[1:], ":1", ":null")
	if _, err = condition.ParseJSON([]byte("{" + nulls + "}")); len(reasons(t, err)) != condition.MaxErrors {
		t.Errorf("%d errors", len(reasons(t, err)))
	}
}

func TestFromEntries(t *testing.T) {
	c, err := condition.ParseEntries([]byte(`[
		{"ContextKeyName": "a", "ContextKeyValues": ["x"], "ContextKeyType": "string"},
		{"ContextKeyType": "stringList", "ContextKeyName": "b", "ContextKeyValues": ["x", "y"]},
		{"ContextKeyName": "c", "ContextKeyValues": [], "ContextKeyType": "stringList"},
		{"ContextKeyName": "d", "ContextKeyValues": ["01.50"], "ContextKeyType": "numeric"},
		{"ContextKeyName": "e", "ContextKeyValues": ["1"], "ContextKeyType": "numericList"},
		{"ContextKeyName": "f", "ContextKeyValues": ["TRUE"], "ContextKeyType": "boolean"},
		{"ContextKeyName": "g", "ContextKeyValues": ["true", "false"], "ContextKeyType": "booleanList"},
		{"ContextKeyName": "h", "ContextKeyValues": ["10.0.0.1"], "ContextKeyType": "ip"},
		{"ContextKeyName": "i", "ContextKeyValues": ["::1"], "ContextKeyType": "ipList"},
		{"ContextKeyName": "j", "ContextKeyValues": ["YQ=="], "ContextKeyType": "binary"},
		{"ContextKeyName": "k", "ContextKeyValues": ["YQ=="], "ContextKeyType": "binaryList"},
		{"ContextKeyName": "l", "ContextKeyValues": ["2026-01-01"], "ContextKeyType": "date"},
		{"ContextKeyName": "m", "ContextKeyValues": ["2026"], "ContextKeyType": "dateList"}]`))
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"a string x", "b list [x y]", "c list []", "d number 01.50", "e list [1]", "f string TRUE", "g list [true false]", "h string 10.0.0.1",
		"i list [::1]", "j string YQ==", "k list [YQ==]", "l string 2026-01-01", "m list [2026]"}
	if diff := cmp.Diff(want, dump(c)); diff != "" {
		t.Errorf("context (-want +got)\n%s", diff)
	}
	if c, err := condition.FromEntries(nil); err != nil || c.Len() != 0 {
		t.Errorf("no entries: %v", err)
	}
	if c, err := condition.ParseEntries([]byte("[]")); err != nil || c.Len() != 0 {
		t.Errorf("no entries: %v", err)
	}
}

func TestFromEntriesErrors(t *testing.T) {
	entries := []condition.Entry{
		{"a", []string{"x", "y"}, "string"}, {"b", nil, "numeric"}, {"c", []string{"x"}, "numeric"}, {"d", []string{"1", "x"}, "numericList"},
		{"e", []string{"yes"}, "boolean"}, {"f", []string{"10.0.0.0/8"}, "ip"}, {"g", []string{"YQ"}, "binary"}, {"h", []string{"2026-13"}, "date"},
		{"i", []string{"x"}, "String"}, {"j", []string{"x"}, "List"}, {"k", []string{"x"}, ""}, {"", []string{"x"}, "string"},
		{"l", []string{"x"}, "string"}, {"L", []string{"x"}, "string"}, {"m", []string{"x"}, "stringListList"},
	}
	_, err := condition.FromEntries(entries)
	want := []condition.ContextReason{condition.WrongValueCount, condition.WrongValueCount, condition.InvalidEntryValue, condition.InvalidEntryValue,
		condition.InvalidEntryValue, condition.InvalidEntryValue, condition.InvalidEntryValue, condition.InvalidEntryValue,
		condition.UnknownEntryType, condition.UnknownEntryType, condition.UnknownEntryType, condition.InvalidEntry, condition.DuplicateKey, condition.UnknownEntryType}
	if diff := cmp.Diff(want, reasons(t, err)); diff != "" {
		t.Errorf("reasons (-want +got)\n%s", diff)
	}
	for _, message := range []string{
		`entry 1: key "a": a single-valued type takes exactly one value (string)`,
		`entry 4: key "d": the value does not parse for the type ("x" as numericList)`,
		`entry 9: key "i": unknown context key type ("String")`,
	} {
		if !strings.Contains(err.Error(), message) {
			t.Errorf("message: %v\nwant in it: %s", err, message)
		}
	}
	if _, err := condition.FromEntries(make([]condition.Entry, condition.MaxKeys+1)); reasons(t, err)[0] != condition.TooManyKeys {
		t.Errorf("too many entries: %v", err)
	}
	if _, err := condition.FromEntries(make([]condition.Entry, condition.MaxKeys)); len(reasons(t, err)) != condition.MaxErrors {
		t.Errorf("%d errors", len(reasons(t, err)))
	}
}

func TestParseEntriesErrors(t *testing.T) {
	const good = `"ContextKeyName": "a", "ContextKeyType": "string"`
	for _, one := range []struct {
		text                string
		reason              condition.ContextReason
		entry, line, column int
	}{
		{`{}`, condition.WrongShape, 0, 1, 1},
		{`[`, condition.NotJSON, 0, 1, 2},
		{`[[[[`, condition.NestedValue, 0, 1, 4},
		{`[1]`, condition.InvalidEntry, 1, 1, 2},
		{`[{}]`, condition.InvalidEntry, 1, 1, 2},
		{`[{` + good + `}]`, condition.InvalidEntry, 1, 1, 2},
		{`[{` + good + `, "ContextKeyValues": "x"}]`, condition.InvalidEntry, 1, 1, 74},
		{`[{` + good + `, "ContextKeyValues": [1]}]`, condition.InvalidEntry, 1, 1, 75},
		{`[{` + good + `, "ContextKeyValues": ["x", 1, 2]}]`, condition.InvalidEntry, 1, 1, 80},
		{`[{` + good + `, "ContextKeyValues": ["x", "y"]}]`, condition.WrongValueCount, 1, 1, 2},
		{`[{"ContextKeyName": 1}]`, condition.InvalidEntry, 1, 1, 21},
		{`[{"ContextKeyName": "a", "ContextKeyName": "b"}]`, condition.InvalidEntry, 1, 1, 26},
		{`[{"contextKeyName": "a"}]`, condition.InvalidEntry, 1, 1, 3},
		{"[{" + good + ", \"ContextKeyValues\": [\"x\"]},\n {" + good + `, "ContextKeyValues": []}]`, condition.WrongValueCount, 2, 2, 2},
	} {
		_, err := condition.ParseEntries([]byte(one.text))
		var first *condition.ContextError
		if !errors.As(err, &first) {
			t.Errorf("%s: error %v", one.text, err)
			continue
		}
		if first.Reason != one.reason || first.Entry != one.entry || first.Line != one.line || first.Column != one.column {
			t.Errorf("%s: %v in entry %d at %d:%d, want %v in %d at %d:%d", one.text, first, first.Entry, first.Line, first.Column, one.reason, one.entry, one.line, one.column)
		}
	}
	many := "[" + strings.Repeat("1,", condition.MaxKeys) + "1]"
	if _, err := condition.ParseEntries([]byte(many)); len(reasons(t, err)) != condition.MaxErrors {
		t.Errorf("%d errors", len(reasons(t, err)))
	}
	many = "[" + strings.Repeat("{"+good+`,"ContextKeyValues":["x"]},`, condition.MaxKeys) + "1,1]"
	if _, err := condition.ParseEntries([]byte(many)); !slices.Equal(reasons(t, err), []condition.ContextReason{condition.TooManyKeys}) {
		t.Errorf("too many entries: %v", err)
	}
}

func TestContextErrorText(t *testing.T) {
	for reason := condition.TooLarge; reason <= condition.InvalidEntry; reason++ {
		if text := reason.String(); text == "" || text == "unknown reason" {
			t.Errorf("reason %d has no text", reason)
		}
	}
	if condition.ContextReason(0).String() != "unknown reason" || (condition.InvalidEntry+1).String() != "unknown reason" || condition.ContextReason(200).String() != "unknown reason" {
		t.Error("reasons that do not exist have a text")
	}
	long := &condition.ContextError{Reason: condition.DuplicateKey, Key: strings.Repeat("é", 5000)}
	if len(long.Error()) > 400 {
		t.Errorf("message of %d bytes", len(long.Error()))
	}
	if !strings.Contains(condition.TooLarge.String(), fmt.Sprint(condition.MaxContextBytes)) || !strings.Contains(condition.TooManyKeys.String(), fmt.Sprint(condition.MaxKeys)) {
		t.Error("the texts of the bounds are not the bounds")
	}
}
