package generate_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"pgregory.net/rapid"
)

// neutralCase is the neutral case format, as far as a decoder can check it.
type neutralCase struct {
	ID      string `json:"id"`
	Request *struct {
		Principal       string                     `json:"principal"`
		PrincipalIssuer string                     `json:"principalIssuer"`
		Action          string                     `json:"action"`
		Resource        string                     `json:"resource"`
		ResourceAccount string                     `json:"resourceAccount"`
		Context         map[string]json.RawMessage `json:"context"`
	} `json:"request"`
	IdentityPolicies      []json.RawMessage `json:"identityPolicies"`
	PermissionsBoundaries []json.RawMessage `json:"permissionsBoundaries"`
	SessionPolicies       []json.RawMessage `json:"sessionPolicies"`
	ResourcePolicy        json.RawMessage   `json:"resourcePolicy"`
	SCPs                  []neutralLevel    `json:"scps"`
	RCPs                  []neutralLevel    `json:"rcps"`
	VPCEndpointPolicies   []json.RawMessage `json:"vpcEndpointPolicies"`
}

type neutralLevel struct {
	OrgIdentifier string            `json:"orgIdentifier"`
	Policies      []json.RawMessage `json:"policies"`
}

// checkCase says what is wrong with a line of the neutral case format.
func checkCase(line []byte, broken bool) error {
	if bytes.ContainsAny(line, "\n\r") {
		return errors.New("more than one line")
	}
	var decoded neutralCase
	decoder := json.NewDecoder(bytes.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&decoded); err != nil {
		return err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("text after the case")
	}
	if decoded.ID == "" || decoded.Request == nil || decoded.Request.Principal == "" || decoded.Request.Resource == "" || decoded.Request.Context == nil {
		return errors.New("something is missing from the request")
	}
	if decoded.Request.Action == "" && !broken {
		return errors.New("no action")
	}
	documents := append(append(append(decoded.IdentityPolicies, decoded.PermissionsBoundaries...), decoded.SessionPolicies...), decoded.VPCEndpointPolicies...)
	for _, level := range append(decoded.SCPs, decoded.RCPs...) {
		if level.OrgIdentifier == "" || level.Policies == nil {
			return errors.New("a level without name or policies")
		}
		documents = append(documents, level.Policies...)
	}
	if decoded.ResourcePolicy != nil {
		documents = append(documents, decoded.ResourcePolicy)
	}
	for _, document := range documents {
		if broken {
			continue
		}
		var object map[string]json.RawMessage
		if err := json.Unmarshal(document, &object); err != nil {
			return fmt.Errorf("document %s: %w", document, err)
		}
		if object["Statement"] == nil {
			return fmt.Errorf("document %s: no statements", document)
		}
	}
	return nil
}

func TestFromSeedIsValid(t *testing.T) {
	t.Parallel()
	broken := 0
	for seed := range uint64(5000) {
		c := generate.FromSeed(seed)
		if c.Labels.Broken != "" {
			broken++
		}
		if err := checkCase(c.JSON(), c.Labels.Broken != ""); err != nil {
			t.Fatalf("seed %d: %v\n%s", seed, err, c.JSON())
		}
	}
	if broken == 0 {
		t.Error("no case has a deliberate error")
	}
}

func TestFromSeedIsDeterministic(t *testing.T) {
	t.Parallel()
	lines := map[string]bool{}
	for seed := range uint64(500) {
		first, second := generate.FromSeed(seed), generate.FromSeed(seed)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatalf("seed %d:\n%s", seed, diff)
		}
		line := string(first.JSON())
		if line != string(second.JSON()) {
			t.Fatalf("seed %d: two texts", seed)
		}
		_, rest, _ := strings.Cut(line, ",")
		lines[rest] = true
	}
	if len(lines) < 499 {
		t.Errorf("500 seeds gave only %d different cases", len(lines))
	}
}

func TestFromBytesOfNothingIsSimple(t *testing.T) {
	t.Parallel()
	c := generate.FromBytes(nil)
	if err := checkCase(c.JSON(), false); err != nil {
		t.Fatal(err)
	}
	if size := len(c.JSON()); size > 400 {
		t.Errorf("the simplest case has %d bytes:\n%s", size, c.JSON())
	}
}

func TestCloneIsDeep(t *testing.T) {
	t.Parallel()
	for seed := range uint64(300) {
		c := generate.FromSeed(seed)
		before := string(c.JSON())
		copied := c.Clone()
		if diff := cmp.Diff(c, copied); diff != "" {
			t.Fatalf("seed %d:\n%s", seed, diff)
		}
		spoil(&copied)
		if after := string(c.JSON()); after != before {
			t.Fatalf("seed %d: the copy is tied to\n%s\n%s", seed, before, after)
		}
	}
}

// spoil changes everything that can be reached from a case.
func spoil(c *generate.Case) {
	for i := range c.Request.Context {
		c.Request.Context[i].Key = "spoiled"
		for j := range c.Request.Context[i].Value.Items {
			c.Request.Context[i].Value.Items[j].Text = "spoiled"
		}
	}
	for _, document := range c.AllDocuments() {
		if document.ID != nil {
			*document.ID = "spoiled"
		}
		for i := range document.Extra {
			document.Extra[i].Name = "spoiled"
		}
		for i := range document.Statements {
			s := &document.Statements[i]
			if s.Sid != nil {
				*s.Sid = "spoiled"
			}
			for _, list := range []*generate.Strings{s.Action, s.NotAction, s.Resource, s.NotResource} {
				if list != nil && len(list.Values) > 0 {
					list.Values[0] = "spoiled"
				}
			}
			for _, principal := range []*generate.Principal{s.Principal, s.NotPrincipal} {
				if principal == nil {
					continue
				}
				for j := range principal.Groups {
					principal.Groups[j].Type = "spoiled"
					if values := principal.Groups[j].Values.Values; len(values) > 0 {
						values[0] = "spoiled"
					}
				}
			}
			if s.Condition != nil {
				for j := range s.Condition.Operators {
					block := &s.Condition.Operators[j]
					block.Name = "spoiled"
					for k := range block.Keys {
						block.Keys[k].Key = "spoiled"
						if len(block.Keys[k].Values) > 0 {
							block.Keys[k].Values[0].Text = "spoiled"
						}
					}
				}
			}
			for j := range s.Extra {
				s.Extra[j].Name = "spoiled"
			}
			s.Effect = "spoiled"
		}
		document.Version = "spoiled"
	}
}

func TestCasesAreValid(t *testing.T) {
	t.Parallel()
	cases := generate.Cases()
	rapid.Check(t, func(t *rapid.T) {
		c := cases.Draw(t, "case")
		if err := checkCase(c.JSON(), c.Labels.Broken != ""); err != nil {
			t.Fatal(err)
		}
	})
}

// TestEncoding checks the appender against the standard library's decoder on texts that need escapes.
func TestEncoding(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "plain", "a\"b\\c/d", "line\nbreak\ttab\x00\x1f\x7f", "é日本😀", "\u2028", "bad\xff\xc3utf8\xe6\x97", "e/e"} {
		for _, escaped := range []bool{false, true} {
			id := text
			document := generate.Document{ID: &id, Escaped: escaped, Spaced: escaped}
			var decoded struct {
				ID string `json:"Id"`
			}
			if err := json.Unmarshal(document.JSON(), &decoded); err != nil {
				t.Fatalf("%q: %v", text, err)
			}
			want := strings.ToValidUTF8(text, "\uFFFD")
			if text == "bad\xff\xc3utf8\xe6\x97" {
				want = "bad\uFFFD\uFFFDutf8\uFFFD\uFFFD" // one for each byte
			}
			if decoded.ID != want {
				t.Errorf("escaped %v: %q became %q", escaped, text, decoded.ID)
			}
		}
	}
}

func FuzzFromBytes(f *testing.F) {
	f.Add([]byte(nil))
	f.Add([]byte("\x00\xff\x10portcullis"))
	f.Add(bytes.Repeat([]byte{0xff}, 4096))
	f.Add(bytes.Repeat([]byte{0x63, 0xc7, 0x1b, 0xfa}, 512))
	f.Fuzz(func(t *testing.T, data []byte) {
		c := generate.FromBytes(data)
		if err := checkCase(c.JSON(), c.Labels.Broken != ""); err != nil {
			t.Fatal(err)
		}
		if string(c.JSON()) != string(generate.FromBytes(data).JSON()) {
			t.Fatal("the same bytes gave another case")
		}
	})
}

// The task: make and write a question for a differential run.
func ExampleFromSeed() {
	c := generate.FromSeed(1)
	fmt.Println(json.Valid(c.JSON()), c.ID)
	// Output: true seed-1
}

func BenchmarkFromSeed(b *testing.B) {
	b.ReportAllocs()
	var line []byte
	for seed := uint64(0); b.Loop(); seed++ {
		line = generate.FromSeed(seed).AppendJSON(line[:0])
	}
}
