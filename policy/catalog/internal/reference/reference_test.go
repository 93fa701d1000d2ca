package reference

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/quick"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/portcullis-iam/portcullis/condition"
)

// sample is a reference with one of everything.
func sample() (*Reference, *Descriptions) {
	r := &Reference{
		SourceVersion: "1.2.3",
		Keys: []Key{
			{Name: "aws:SourceIp", Type: condition.AddressType, Global: true},
			{Name: "aws:TagKeys", Type: condition.StringType, Multivalued: true, Global: true},
			{Name: "nest:Eggs", Type: condition.NumericType},
			{Name: "nest:Eggs", Type: condition.ArnType, Multivalued: true},
		},
		Services: []Service{
			{Prefix: "aviary", Name: "Amazon Aviary"},
			{Prefix: "nest", Name: "AWS Nest", Actions: Range{0, 3}, ResourceTypes: Range{0, 2}, Keys: []uint16{1, 2}},
			{Prefix: "zoo", Name: "Zoo", Actions: Range{3, 4}, ResourceTypes: Range{2, 3}, Keys: []uint16{3}},
		},
		Actions: []Action{
			{Name: "nest:addEgg", Service: 1, Level: 3, Types: []ActionType{{Type: 0, Required: true, Keys: []uint16{2}}, {Type: 1}}, Keys: []uint16{1, 2}},
			{Name: "nest:ListEggs", Service: 1, Level: 1},
			{Name: "nest:TagEgg", Service: 1, Level: 5, Types: []ActionType{{Type: 0, Required: true}, {Type: 1, Keys: []uint16{1, 2}}}},
			{Name: "zoo:SetACL", Service: 2, Level: 4, Types: []ActionType{{Type: 2}}, Keys: []uint16{3}},
		},
		ResourceTypes: []ResourceType{
			{Name: "egg", Format: "arn:${Partition}:nest:::egg/${Egg}", Service: 1, Keys: []uint16{1}},
			{Name: "nest", Format: "arn:${Partition}:nest:::${Nest}", Service: 1},
			{Name: "animal", Format: "arn:${Partition}:zoo:*:*:${Animal}", Service: 2, Keys: []uint16{3}},
		},
	}
	d := &Descriptions{
		Actions: []string{
			"Grants permission to add an egg",
			"",
			"Grants permission to !shout",
			"Sets an ACL, an acl, ACLs and acls",
		},
		Keys: []string{"", "Filters access by tag keys", "Filters access", "!"},
	}
	return r, d
}

func encode(t *testing.T) string {
	t.Helper()
	file, err := Encode(sample())
	if err != nil {
		t.Fatal(err)
	}
	return string(file)
}

func TestRoundTrip(t *testing.T) {
	file := encode(t)
	if err := CheckFile(file); err != nil {
		t.Error(err)
	}
	want, described := sample()
	got, err := Decode(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	texts, err := DecodeDescriptions(file)
	if err != nil {
		t.Fatal(err)
	}
	for i, text := range described.Actions {
		if got := texts.Action(got, i); got != text {
			t.Errorf("description of %s is %q", want.Actions[i].Name, got)
		}
	}
	for i, text := range described.Keys {
		if got := texts.Key(i); got != text {
			t.Errorf("description of %s is %q", want.Keys[i].Name, got)
		}
	}
	if texts.Key(99) != "" || new(Texts).Action(got, 0) != "" {
		t.Error("there are descriptions of nothing")
	}
	if again := encode(t); again != file {
		t.Error("the same again gives other bytes")
	}
}

// TestSharedSets sees that what one action has cannot be changed by appending to
// what another has.
func TestSharedSets(t *testing.T) {
	r, err := Decode(encode(t))
	if err != nil {
		t.Fatal(err)
	}
	for i := range r.Actions {
		a := &r.Actions[i]
		if cap(a.Keys) != len(a.Keys) || cap(a.Types) != len(a.Types) {
			t.Errorf("%s: there is room behind the lists", a.Name)
		}
	}
}

// TestEncodeErrors changes the sample to what cannot be written.
func TestEncodeErrors(t *testing.T) {
	for name, change := range map[string]func(*Reference, *Descriptions){
		"level":    func(r *Reference, _ *Descriptions) { r.Actions[0].Level = 9 },
		"no level": func(r *Reference, _ *Descriptions) { r.Actions[0].Level = 0 },
		"type":     func(r *Reference, _ *Descriptions) { r.Keys[0].Type = condition.NullType },
		"order of actions": func(r *Reference, _ *Descriptions) {
			r.Actions[0].Name, r.Actions[1].Name = r.Actions[1].Name, r.Actions[0].Name
		},
		"equal but for case": func(r *Reference, _ *Descriptions) {
			r.Actions[1].Name = "nest:ADDEGG"
		},
		"no name":           func(r *Reference, _ *Descriptions) { r.Actions[0].Name = "nest:" },
		"other prefix":      func(r *Reference, _ *Descriptions) { r.Actions[0].Name = "zoo:addEgg" },
		"prefix in capital": func(r *Reference, _ *Descriptions) { r.Services[0].Prefix = "Aviary" },
		"order of services": func(r *Reference, _ *Descriptions) { r.Services[0].Prefix = "oak" },
		"order of types":    func(r *Reference, _ *Descriptions) { r.ResourceTypes[0].Name = "zebra" },
		"format":            func(r *Reference, _ *Descriptions) { r.ResourceTypes[0].Format = "arn:aws:nest" },
		"order of keys":     func(r *Reference, _ *Descriptions) { r.Keys[0].Name = "zoo:x" },
		"foreign key":       func(r *Reference, _ *Descriptions) { r.Actions[0].Keys = []uint16{0} },
		"keys not sorted":   func(r *Reference, _ *Descriptions) { r.Services[1].Keys = []uint16{2, 1} },
		"foreign type":      func(r *Reference, _ *Descriptions) { r.Actions[0].Types[0].Type = 2 },
		"tab":               func(r *Reference, _ *Descriptions) { r.Services[0].Name = "a\tb" },
		"line feed":         func(r *Reference, _ *Descriptions) { r.ResourceTypes[0].Name = "a\nb" },
		"NUL":               func(r *Reference, _ *Descriptions) { r.Keys[3].Name = "nest:Eggs\x00" },
		"empty, not nil":    func(r *Reference, _ *Descriptions) { r.Actions[1].Keys = []uint16{} },
		"few descriptions":  func(_ *Reference, d *Descriptions) { d.Actions = d.Actions[1:] },
		"few keys":          func(_ *Reference, d *Descriptions) { d.Keys = nil },
		"line in text":      func(_ *Reference, d *Descriptions) { d.Actions[0] += "\n" },
		"line in key":       func(_ *Reference, d *Descriptions) { d.Keys[0] += "a\nb" },
		"control character": func(_ *Reference, d *Descriptions) { d.Actions[0] += "\x01" },
	} {
		r, d := sample()
		change(r, d)
		if _, err := Encode(r, d); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// pack makes a file of two texts, whatever they are.
func pack(t testing.TB, tables, described string) string {
	t.Helper()
	var packed [2][]byte
	file := []byte(magic)
	for i, text := range []string{tables, described} {
		var err error
		if packed[i], err = compress(text); err != nil {
			t.Fatal(err)
		}
		file = binary.BigEndian.AppendUint32(file, uint32(len(packed[i])))
		file = binary.BigEndian.AppendUint32(file, uint32(len(text)))
	}
	return string(slices.Concat(file, packed[0], packed[1]))
}

func unpack(t testing.TB, file string, number int) string {
	t.Helper()
	text, err := stream(file, number)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestCorrupt(t *testing.T) {
	file := encode(t)
	tables, described := unpack(t, file, 0), unpack(t, file, 1)
	edited := func(old, new string) string {
		if !strings.Contains(tables, old) {
			t.Fatalf("the tables have no %q: %q", old, tables)
		}
		return pack(t, strings.Replace(tables, old, new, 1), described)
	}
	for name, corrupt := range map[string]string{
		"empty":             "",
		"magic":             "X" + file[1:],
		"cut":               file[:len(file)-1],
		"longer":            file + "x",
		"header only":       file[:headerSize],
		"size too large":    file[:len(magic)+4] + "\xff" + file[len(magic)+5:],
		"size too small":    file[:len(magic)+7] + "\x01" + file[len(magic)+8:],
		"stream":            file[:headerSize] + "\xff\xff\xff" + file[headerSize+3:],
		"no sections":       pack(t, "", ""),
		"few sections":      pack(t, "\x00\x00", described),
		"text at the end":   pack(t, tables+"x", described),
		"bad number":        edited("nest\tAWS Nest\t3", "nest\tAWS Nest\tx"),
		"number too large":  edited("nest\tAWS Nest\t3", "nest\tAWS Nest\t9"),
		"number too small":  edited("nest\tAWS Nest\t3", "nest\tAWS Nest\t2"),
		"number too long":   edited("nest\tAWS Nest\t3", "nest\tAWS Nest\t0000003"),
		"field missing":     edited("nest\tAWS Nest\t3\t2", "nest\tAWS Nest\t3"),
		"sets too many":     edited("zoo\tZoo\t1\t1\t1", "zoo\tZoo\t1\t1\t65535"),
		"key out of range":  edited("\n1 2\n", "\n1 4\n"),
		"space at the end":  edited("\n1 2\n", "\n1 2 \n"),
		"type out of range": edited("\x000!:", "\x002!:"),
		"set out of range":  edited("0!:", "0!:9"),
		"sign":              edited("0!:", "0?:"),
		"two signs":         edited("0!:", "0!!:"),
		"level":             edited("WLTP", "WLTX"),
		"level missing":     edited("WLTP", "WLT"),
		"level too many":    edited("WLTP", "WLTPP"),
		"name missing":      edited("ListEggs\n", ""),
		"key type":          edited("ISNA", "ISNx"),
		"key flag":          edited("2301", "2305"),
	} {
		if _, err := Decode(corrupt); !errors.Is(err, ErrCorrupt) {
			t.Errorf("%s: error %v", name, err)
		}
		if err := CheckFile(corrupt); err == nil {
			t.Errorf("%s: the file is good", name)
		}
	}
	if _, err := Decode(pack(t, strings.Replace(tables, "ListEggs\n", strings.Repeat("\n", maxCount), 1), described)); !errors.Is(err, ErrCorrupt) {
		t.Errorf("more actions than have numbers: error %v", err)
	}
	for name, corrupt := range map[string]string{
		"few sections":     pack(t, tables, "\x00"),
		"stream":           file[:len(file)-3] + "\xff\xff\xff",
		"too few for keys": pack(t, tables, "\x00\x00"),
	} {
		if err := CheckFile(corrupt); !errors.Is(err, ErrCorrupt) {
			t.Errorf("descriptions, %s: error %v", name, err)
		}
	}
	if err := CheckFile(edited("Amazon Aviary", "Amazon Beehive")); err == nil || !strings.Contains(err.Error(), "checksum") {
		t.Errorf("a changed name: error %v", err)
	}
}

func TestNameWords(t *testing.T) {
	for name, want := range map[string]string{
		"CreateVPCEndpoint":   "Create VPC Endpoint",
		"getObject":           "get Object",
		"GetURL":              "Get URL",
		"A":                   "A",
		"":                    "",
		"ListTagsV2":          "List Tags V2",
		"OneTwoThreeFourFive": "One Two Three Four Five",
		"ABCDefGhIJkLmNoPqRs": "ABC Def Gh I Jk Lm No",
	} {
		words := nameWords(name)
		if got := strings.TrimRight(strings.Join(words[:], " "), " "); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
}

// TestShorten shortens and lengthens descriptions that are near to a name.
func TestShorten(t *testing.T) {
	if got := shorten("CreateAnalyzer", "Grants permission to create Analyzers, not recreate analyzer"); got != "\x01 "+string(shortByte(1, 3))+", not recreate "+string(shortByte(1, 0)) {
		t.Errorf("%q", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`([A-Z]{1,3}[a-z0-9]{0,4}){1,9}`).Draw(t, "name")
		var words []string
		for _, word := range nameWords(name) {
			words = append(words, word, strings.ToLower(word), word+"s", strings.ToLower(word)+"s")
		}
		words = append(words, "a", "the", ",", "!", "Grants", "é", "\u212a", "")
		text := rapid.SampledFrom([]string{common, "", "!"}).Draw(t, "start") +
			strings.Join(rapid.SliceOfN(rapid.SampledFrom(words), 0, 12).Draw(t, "words"), rapid.SampledFrom([]string{" ", "", "-"}).Draw(t, "between"))
		short := shorten(name, text)
		if got := lengthen(name, short); got != text {
			t.Fatalf("%s: %q is shortened to %q, and lengthened to %q", name, text, short, got)
		}
		if strings.ContainsAny(short, "\x00\t\n") {
			t.Fatalf("%s: %q is shortened to %q", name, text, short)
		}
	})
}

func TestCompare(t *testing.T) {
	property := func(a, b string) bool {
		lower := func(s string) string {
			return strings.Map(func(r rune) rune {
				if 'A' <= r && r <= 'Z' {
					r += 'a' - 'A'
				}
				return r
			}, s)
		}
		return Compare(a, b) == strings.Compare(lower(a), lower(b))
	}
	if err := quick.Check(property, nil); err != nil {
		t.Error(err)
	}
	for _, pair := range [][2]string{{"a", "B"}, {"A", "b"}, {"a", "AA"}, {"", "a"}, {"Z", "\xff"}} {
		if Compare(pair[0], pair[1]) >= 0 || Compare(pair[1], pair[0]) <= 0 {
			t.Errorf("%q is not before %q", pair[0], pair[1])
		}
	}
	if Compare("s3:GETObject", "S3:getobject") != 0 {
		t.Error("case counts")
	}
}

// FuzzDecode looks for tables that break Decode, or that hold numbers of nothing.
func FuzzDecode(f *testing.F) {
	file, err := Encode(sample())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(unpack(f, string(file), 0), unpack(f, string(file), 1))
	f.Add(strings.Repeat("\x00", sectionCount), "\x00\x00")
	f.Fuzz(func(t *testing.T, tables, described string) {
		texts, err := decodeTexts(described)
		if err != nil {
			texts = &Texts{}
		}
		r, err := decodeTables(tables)
		if err != nil {
			return
		}
		for i := range r.Actions {
			a := &r.Actions[i]
			s := &r.Services[a.Service]
			for _, taken := range a.Types {
				if r.ResourceTypes[taken.Type].Service != a.Service {
					t.Fatalf("%s takes a type of another service", a.Name)
				}
			}
			for _, key := range a.Keys {
				if !slices.Contains(s.Keys, key) {
					t.Fatalf("%s has a key that its service has not", a.Name)
				}
			}
			texts.Action(r, i)
		}
		for i := range r.Keys {
			_ = fmt.Sprint(r.Keys[i].Type, texts.Key(i))
		}
		if err := r.Check(); err != nil {
			return
		}
	})
}
