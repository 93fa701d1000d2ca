package catalog

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

const (
	created = "2015-02-06T18:39:46Z"
	updated = "2026-08-26T01:07:19Z"
)

func policy(pathAndName, document string) Policy {
	return Policy{
		Record:   Record{ARN: arnPrefix + pathAndName, VersionID: "v2", Created: created, Updated: updated},
		Document: json.RawMessage(document),
	}
}

// samples are in the order of their names, which is not that of their ARNs.
var samples = []Policy{
	policy("z/A", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:PutObject"]}]}`),
	policy("B", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"]}]}`),
	policy("a/b/C", `{"b":1,"a":2,"b":"<&>é"}`),
}

func encode(t testing.TB, policies ...Policy) (index, documents string) {
	t.Helper()
	index, raw, err := Encode([]HeaderLine{{"source", "a test"}}, policies)
	if err != nil {
		t.Fatal(err)
	}
	return index, string(raw)
}

func TestRoundTrip(t *testing.T) {
	for n := range len(samples) + 1 {
		index, documents := encode(t, samples[:n]...)
		c, err := New(index, documents)
		if err != nil {
			t.Fatal(err)
		}
		if c.Len() != n || c.Header("source") != "a test" || c.Header("none") != "" {
			t.Errorf("%d policies: Len %d, source %q, none %q", n, c.Len(), c.Header("source"), c.Header("none"))
		}
		for i, want := range samples[:n] {
			if got := c.Record(i); got != want.Record {
				t.Errorf("Record(%d) = %+v, want %+v", i, got, want.Record)
			}
			if got, err := c.Document(i); err != nil || !bytes.Equal(got, want.Document) {
				t.Errorf("Document(%d) = %s, %v, want %s", i, got, err, want.Document)
			}
			if got, found := c.Search(want.Name()); got != i || !found {
				t.Errorf("Search(%q) = %d, %t, want %d", want.Name(), got, found, i)
			}
		}
		for _, name := range []string{"", "0", "AA", "D", "z"} {
			if i, found := c.Search(name); found {
				t.Errorf("Search(%q) found %d", name, i)
			}
		}
		for _, i := range []int{-1, n, n + 1, math.MaxInt} {
			if got := c.Record(i); got != (Record{}) {
				t.Errorf("Record(%d) of %d = %+v", i, n, got)
			}
			if _, err := c.Document(i); !errors.Is(err, ErrCorrupt) {
				t.Errorf("Document(%d) of %d: error %v, want ErrCorrupt", i, n, err)
			}
		}
	}
}

func TestZeroCatalog(t *testing.T) {
	var c Catalog
	if _, found := c.Search("A"); found || c.Len() != 0 || c.Header("x") != "" || c.Record(0) != (Record{}) {
		t.Error("the zero Catalog is not empty")
	}
	if _, err := c.Document(0); !errors.Is(err, ErrCorrupt) {
		t.Errorf("Document(0): %v, want ErrCorrupt", err)
	}
}

func TestEncodeIgnoresOrderAndWhiteSpace(t *testing.T) {
	index, documents := encode(t, samples...)
	shuffled := slices.Clone(samples)
	slices.Reverse(shuffled)
	shuffled[0].Document = json.RawMessage("{\n  \"b\": 1,\n  \"a\": 2,\n  \"b\": \"<&>é\"\n}\n")
	index2, documents2 := encode(t, shuffled...)
	if index != index2 || documents != documents2 {
		t.Errorf("two encodings of the same policies differ:\n%s\n%s", index, index2)
	}
	if shuffled[0].Name() != "C" {
		t.Error("Encode changed its argument")
	}
}

func TestEncodeErrors(t *testing.T) {
	tests := []struct {
		policies []Policy
		want     string
	}{
		{[]Policy{policy("A", "{}"), policy("x/A", "{}")}, `two policies are named "A"`},
		{[]Policy{policy("A\tB", "{}")}, "a tab"},
		{[]Policy{policy("A\nB", "{}")}, "a line break"},
		{[]Policy{policy("A", `{"a":}`)}, `document of "A"`},
		{[]Policy{policy("A", "")}, `document of "A"`},
		{[]Policy{policy("x/", "{}")}, "has the ARN"},
		{[]Policy{{Record: Record{ARN: "arn:aws:iam::1:policy/A", VersionID: "v1", Created: created, Updated: updated}, Document: json.RawMessage("{}")}}, "has the ARN"},
		{[]Policy{{Record: Record{ARN: arnPrefix + "A", VersionID: "1", Created: created, Updated: updated}, Document: json.RawMessage("{}")}}, "version ID"},
		{[]Policy{{Record: Record{ARN: arnPrefix + "A", VersionID: "v1", Created: created}, Document: json.RawMessage("{}")}}, "parsing time"},
	}
	for _, tt := range tests {
		index, documents, err := Encode(nil, tt.policies)
		if err == nil || !strings.Contains(err.Error(), tt.want) || index != "" || documents != nil {
			t.Errorf("Encode(%+v): error %v, want one with %q", tt.policies, err, tt.want)
		}
	}
}

// TestVerifyFindsDamage cuts a catalog at every byte and changes every byte in
// turn. Only the header lines that Verify does not know are not covered.
func TestVerifyFindsDamage(t *testing.T) {
	index, documents := encode(t, samples...)
	flip := func(s string, i int, mask byte) string {
		b := []byte(s)
		b[i] ^= mask
		return string(b)
	}
	for i := range documents {
		for _, mask := range []byte{0x01, 0x80, 0xff} {
			c, err := New(index, flip(documents, i, mask))
			if err == nil {
				err = c.Verify()
			}
			// A byte of the dictionary that no document refers to does not matter.
			if err == nil && !sameDocuments(t, c) {
				t.Errorf("changing byte %d of the documents by %#x goes unseen", i, mask)
			}
			if err != nil && !errors.Is(err, ErrCorrupt) {
				t.Errorf("byte %d: %v does not wrap ErrCorrupt", i, err)
			}
		}
	}
	for cut := range documents {
		if c, err := New(index, documents[:cut]); err == nil && c.Verify() == nil {
			t.Errorf("cutting the documents at %d goes unseen", cut)
		}
	}
	for cut := range index {
		if c, err := New(index[:cut], documents); err == nil && c.Verify() == nil {
			t.Errorf("cutting the index at %d goes unseen", cut)
		}
	}
	body := strings.Index(index, "\n"+arnPrefix) + 1
	for i := body; i < len(index); i++ {
		if c, _ := New(flip(index, i, 0x80), documents); c.Verify() == nil {
			t.Errorf("changing byte %d of the index goes unseen", i)
		}
	}
	c, _ := New(strings.Replace(index, HeaderPolicies+"\t3", HeaderPolicies+"\t4", 1), documents)
	if c.Verify() == nil {
		t.Error("a wrong number of policies in the header goes unseen")
	}
}

func sameDocuments(t *testing.T, c Catalog) bool {
	t.Helper()
	for i, want := range samples {
		if got, err := c.Document(i); err != nil || !bytes.Equal(got, want.Document) {
			return false
		}
	}
	return c.Len() == len(samples)
}

// TestRoundTripProperty encodes policies with drawn names and documents and
// finds all of them again.
func TestRoundTripProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[A-Za-z0-9+=,.@_-]{1,12}`), 0, 20, rapid.ID[string]).Draw(t, "names")
		var policies []Policy
		for _, name := range names {
			path := rapid.SampledFrom([]string{"", "service-role/", "a/b/"}).Draw(t, "path")
			value, _ := json.Marshal(rapid.StringN(0, 200, -1).Draw(t, "value"))
			policies = append(policies, policy(path+name, fmt.Sprintf(`{"Action":"s3:GetObject","value":%s}`, value)))
		}
		index, documents, err := Encode(nil, policies)
		if err != nil {
			t.Fatal(err)
		}
		c, err := New(index, string(documents))
		if err != nil || c.Len() != len(policies) {
			t.Fatalf("%d policies, error %v, want %d", c.Len(), err, len(policies))
		}
		for _, want := range policies {
			i, found := c.Search(want.Name())
			got, err := c.Document(i)
			if !found || err != nil || c.Record(i) != want.Record || !bytes.Equal(got, want.Document) {
				t.Fatalf("%s: found %t as %+v with %s (%v), want %s", want.ARN, found, c.Record(i), got, err, want.Document)
			}
		}
	})
}

// FuzzNew reads a catalog from bytes that nobody wrote: whatever they are, each
// method returns, and documents stay within their bound.
func FuzzNew(f *testing.F) {
	index, documents := encode(f, samples...)
	f.Add(index, []byte(documents))
	f.Add("", []byte(magic))
	f.Add(index, []byte(magic+"\xff\xff\xff\xff\xff\xff\xff\xff"))
	f.Fuzz(func(t *testing.T, index string, documents []byte) {
		c, err := New(index, string(documents))
		if err != nil {
			if !errors.Is(err, ErrCorrupt) {
				t.Errorf("New: %v does not wrap ErrCorrupt", err)
			}
			return
		}
		c.Search("B")
		for i := range min(c.Len(), 10) {
			c.Record(i)
			if document, err := c.Document(i); err != nil && !errors.Is(err, ErrCorrupt) || len(document) > maxDocumentSize {
				t.Errorf("document %d has %d bytes, error %v", i, len(document), err)
			}
		}
		if err := c.Verify(); err != nil && !errors.Is(err, ErrCorrupt) {
			t.Errorf("Verify: %v does not wrap ErrCorrupt", err)
		}
	})
}
