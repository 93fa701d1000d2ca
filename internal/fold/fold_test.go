package fold

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// asciiLower is the oracle: the text with its ASCII capitals folded, by way of
// the standard library.
func asciiLower(text string) string {
	return strings.NewReplacer(strings.Split("A a B b C c D d E e F f G g H h I i J j K k L l M m N n O o P p Q q R r S s T t U u V v W w X x Y y Z z", " ")...).Replace(text)
}

// texts are texts of bytes that folding could confuse: letters, their
// neighbours in the table, what differs in the case bit alone, and letters
// beyond ASCII with ASCII folds (the Kelvin sign, the long s).
var texts = rapid.Custom(func(t *rapid.T) string {
	pieces := rapid.SampledFrom([]string{"a", "A", "z", "Z", "k", "K", "@", "`", "[", "{", "_", "\x7f", "0", "\x10", "\x00", ":", "é", "É", "\u212a", "ſ", "\xc3", "\xe3"})
	return strings.Join(rapid.SliceOfN(pieces, 0, 24).Draw(t, "pieces"), "")
})

// swapped gives the text with the case of some ASCII letters changed.
func swapped(t *rapid.T, text string) string {
	changed := []byte(text)
	for at, c := range changed {
		if lower := c | 0x20; 'a' <= lower && lower <= 'z' && rapid.Bool().Draw(t, "swap") {
			changed[at] = c ^ 0x20
		}
	}
	return string(changed)
}

func TestEqualAgreesWithTheOracle(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := texts.Draw(t, "a")
		b := texts.Draw(t, "b")
		if rapid.Bool().Draw(t, "alike") {
			b = swapped(t, a)
		}
		want := asciiLower(a) == asciiLower(b)
		if Equal(a, b) != want {
			t.Fatalf("Equal(%q, %q) is not %v", a, b, want)
		}
		if got := Text(a); got != asciiLower(a) {
			t.Fatalf("Text(%q) = %q", a, got)
		}
		if want = strings.HasPrefix(asciiLower(a), asciiLower(b)); HasPrefix(a, b) != want {
			t.Fatalf("HasPrefix(%q, %q) is not %v", a, b, want)
		}
		if want = strings.HasSuffix(asciiLower(a), asciiLower(b)); HasSuffix(a, b) != want {
			t.Fatalf("HasSuffix(%q, %q) is not %v", a, b, want)
		}
	})
}

func TestPrefixesAndSuffixesOfFoldedText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := texts.Draw(t, "text")
		cut := rapid.IntRange(0, len(text)).Draw(t, "cut")
		other := swapped(t, text)
		if !HasPrefix(other, text[:cut]) || !HasSuffix(other, text[cut:]) {
			t.Fatalf("%q does not begin with %q or end with %q", other, text[:cut], text[cut:])
		}
	})
}

func TestLower(t *testing.T) {
	for c := range 256 {
		if got, want := Lower(byte(c)), asciiLower(string([]byte{byte(c)})); string([]byte{got}) != want {
			t.Errorf("Lower(%q) = %q", byte(c), got)
		}
	}
}

// TestHashOfEqualTexts: texts that are equal but for case have one hash, of
// whatever length.
func TestHashOfEqualTexts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := texts.Draw(t, "a")
		if b := swapped(t, a); Hash(a) != Hash(b) {
			t.Fatalf("%q and %q have different hashes", a, b)
		}
	})
}

// TestHashTellsTextsApart: it would be of no use if it did not. Each byte of a
// text counts.
func TestHashTellsTextsApart(t *testing.T) {
	seen := make(map[uint64]string)
	base := strings.Repeat("abcdefgh", 4)
	add := func(text string) {
		if other, twice := seen[Hash(text)]; twice && other != text {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[Hash(text)] = text
	}
	for size := 0; size <= len(base); size++ {
		add(base[:size])
		if size < 4 {
			continue // of a short text three bytes count, and those are all
		}
		for at := range size {
			for _, c := range []byte("xyz019:/") {
				add(base[:at] + string(c) + base[at+1:size])
			}
		}
	}
}

func TestHashTellsShortTextsApart(t *testing.T) {
	seen := make(map[uint64]string)
	for _, text := range []string{"", "a", "b", "ab", "ba", "ac", "cb", "abc", "abd", "adc", "dbc"} {
		if other, twice := seen[Hash(text)]; twice {
			t.Errorf("%q and %q have one hash", text, other)
		}
		seen[Hash(text)] = text
	}
}
