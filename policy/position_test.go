package policy

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPositionString(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		position Position
		want     string
	}{
		{Position{}, "-"},
		{Position{Line: 1, Column: 1}, "1:1"},
		{Position{Offset: 1 << 20, Line: 1 << 20, Column: 1 << 20}, "1048576:1048576"},
	} {
		if got := tt.position.String(); got != tt.want {
			t.Errorf("got %q, want %q", got, tt.want)
		}
	}
}

// TestPositionOutsideOfTheText: it is the nearest one inside.
func TestPositionOutsideOfTheText(t *testing.T) {
	t.Parallel()
	c := newCursor("a\nb")
	if got, want := c.position(4), (Position{Offset: 3, Line: 2, Column: 2}); got != want {
		t.Errorf("behind the text: got %+v, want %+v", got, want)
	}
	if got, want := c.position(-1), (Position{Line: 1, Column: 1}); got != want {
		t.Errorf("before the text: got %+v, want %+v", got, want)
	}
}

// TestCursor compares the cursor with counting from the start, at offsets in
// any order.
func TestCursor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Join(rapid.SliceOf(rapid.SampledFrom([]string{"a", "\n", "\r\n", "é", "😀", "  "})).Draw(t, "text"), "")
		c := newCursor(text)
		for _, offset := range rapid.SliceOf(rapid.IntRange(0, len(text))).Draw(t, "offsets") {
			for offset > 0 && offset < len(text) && text[offset]&0xC0 == 0x80 {
				offset--
			}
			before := text[:offset]
			want := Position{
				Offset: int32(offset),
				Line:   int32(strings.Count(before, "\n") + 1),
				Column: int32(len([]rune(before[strings.LastIndexByte(before, '\n')+1:])) + 1),
			}
			if got := c.position(offset); got != want {
				t.Fatalf("offset %d of %q: got %+v, want %+v", offset, text, got, want)
			}
			flat := cursor{text: text, flat: true}
			if !strings.ContainsAny(before, "\né😀") && flat.position(offset) != want {
				t.Fatalf("offset %d of %q: flat %+v, want %+v", offset, text, flat.position(offset), want)
			}
		}
	})
}
