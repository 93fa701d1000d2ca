package evaluate

import "github.com/portcullis-iam/portcullis/policy"

// A Location is where something stands in a file. The zero Location is no
// place.
type Location struct {
	// File is the name of the file, as it was given when the file was loaded; ""
	// if it is not known.
	File string
	// Position is the place in the file: line and column from 1. The Offset is
	// always zero.
	Position policy.Position
}

// String gives "file:line:column", which editors and terminals open, or "" for
// the zero Location.
func (l Location) String() string {
	switch {
	case l.File == "":
		return ""
	case !l.Position.IsValid():
		return l.File
	}
	return l.File + ":" + l.Position.String()
}

// Location tells where the statement begins in the file that its document was
// loaded from. Of a document that stands in the file as a JSON string, plain or
// percent-encoded, it tells where that string begins, since the lines of the
// document are none of the file's. It is the zero Location if the file is not
// known: for documents built in code, and for AWS managed policies that are not
// in the files.
func (s StatementRef) Location() Location {
	if s.attachment == nil || s.attachment.Source.File == "" {
		return Location{}
	}
	source := &s.attachment.Source
	at := policy.Position{Line: source.Position.Line, Column: source.Position.Column}
	if start, _ := s.Span(); start.IsValid() && at.IsValid() && !source.Encoded {
		if start.Line > 1 {
			at.Column = start.Column
		} else {
			at.Column += start.Column - 1
		}
		at.Line += start.Line - 1
	}
	return Location{File: source.File, Position: at}
}
