package strictjson

// A Place is a place in a text as people count: lines from 1, each ending
// behind its line feed, and columns from 1 in code points, as editors do.
type Place struct{ Line, Column int32 }

// Start is the place before the first character.
var Start = Place{1, 1}

// Behind gives the place behind text that begins at p. It costs a look at each
// byte.
func (p Place) Behind(text string) Place {
	for at := 0; at < len(text); at++ {
		switch b := text[at]; {
		case b == '\n':
			p.Line++
			p.Column = 1
		case b&0xC0 != 0x80: // not the second or later byte of a code point
			p.Column++
		}
	}
	return p
}
