package principal

import (
	"math"

	"github.com/portcullis-iam/portcullis/internal/strictjson"
	"github.com/portcullis-iam/portcullis/policy"
)

// A file is a file while a Builder needs it: a [File], or one that holds a
// document given in code.
type file struct {
	name  string
	text  string
	order int
	// milestones are the positions before every milestoneBytes of the text, as
	// far as they were needed.
	milestones []policy.Position
}

// milestoneBytes is how far apart the milestones of a file are. Every policy
// document of a file has its position looked up, and some files are one line, so
// counting must not begin at the start of the file or of the line each time.
const milestoneBytes = 4096

// position gives the place of an offset in the file.
func (f *file) position(offset int) policy.Position {
	offset = min(offset, len(f.text))
	if f.milestones == nil {
		f.milestones = append(f.milestones, policy.Position{Line: strictjson.Start.Line, Column: strictjson.Start.Column})
	}
	for len(f.milestones) <= offset/milestoneBytes {
		last := f.milestones[len(f.milestones)-1]
		f.milestones = append(f.milestones, f.behind(last, int(last.Offset)+milestoneBytes))
	}
	return f.behind(f.milestones[offset/milestoneBytes], offset)
}

// behind gives the place of an offset that is not before start.
func (f *file) behind(start policy.Position, offset int) policy.Position {
	place := strictjson.Place{Line: start.Line, Column: start.Column}.Behind(f.text[start.Offset:offset])
	return policy.Position{Offset: int32(offset), Line: place.Line, Column: place.Column}
}

// A place is where something was said: in a file or in code.
type place struct {
	file   *file
	offset int
	path   string
	// document says that a policy document begins here, as a JSON object.
	document bool
}

// or gives p, or other if p is no place in a file.
func (p place) or(other place) place {
	if p.file == nil {
		return other
	}
	return p
}

// wholeFile is the place of a document given in code: all of the file of that
// name, or no place if it has none. What was given in code stands last among the
// errors.
func wholeFile(name, text string) place {
	if name == "" {
		return place{}
	}
	return place{file: &file{name: name, text: text, order: math.MaxInt}, document: true}
}

// at gives the source with the place of its document.
func (s Source) at(d document) Source {
	if at := d.at; at.file != nil {
		s.File, s.Position, s.Encoded = at.file.name, at.file.position(at.offset), !at.document
	}
	return s
}
