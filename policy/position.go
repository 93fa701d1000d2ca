package policy

import (
	"strconv"

	"github.com/portcullis-iam/portcullis/internal/strictjson"
)

// A Position is a place in the text of a document.
//
// The zero Position is no place: it is what the nodes of a document that was
// built in code have.
type Position struct {
	// Offset counts the bytes before the place.
	Offset int32
	// Line counts lines from 1. A line ends behind its line feed.
	Line int32
	// Column counts code points from 1, as editors do.
	Column int32
}

// IsValid tells whether p is a place in a text.
func (p Position) IsValid() bool { return p.Line > 0 }

// String gives "line:column", or "-" for the zero Position.
func (p Position) String() string {
	if !p.IsValid() {
		return "-"
	}
	var buffer [24]byte
	text := strconv.AppendInt(buffer[:0], int64(p.Line), 10)
	text = append(text, ':')
	return string(strconv.AppendInt(text, int64(p.Column), 10))
}

// A cursor turns offsets into positions. Asked in ascending order it goes over
// the text once; an offset before the last one makes it start again.
type cursor struct {
	text string
	at   Position
	// flat says that the text is one line of ASCII, as documents are that
	// programs write: positions then need no look at it.
	flat bool
}

func newCursor(text string) cursor {
	return cursor{text: text, at: Position{Line: 1, Column: 1}}
}

// position gives the place of offset, of the end of the text if it is beyond.
func (c *cursor) position(offset int) Position {
	if c.flat {
		return Position{Offset: int32(offset), Line: 1, Column: int32(offset) + 1}
	}
	return c.find(offset)
}

func (c *cursor) find(offset int) Position {
	offset = min(max(offset, 0), len(c.text))
	at := c.at
	if offset < int(at.Offset) {
		at = Position{Line: 1, Column: 1}
	}
	place := strictjson.Place{Line: at.Line, Column: at.Column}.Behind(c.text[at.Offset:offset])
	c.at = Position{Offset: int32(offset), Line: place.Line, Column: place.Column}
	return c.at
}
