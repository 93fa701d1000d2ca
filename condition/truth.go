package condition

// A Truth is an answer of three-valued (Kleene) logic. The zero Truth is
// [False], so what is forgotten does not hold.
type Truth uint8

// The three answers.
const (
	// False: it does not hold, whatever the unknown keys are.
	False Truth = iota
	// True: it holds, whatever the unknown keys are.
	True
	// Unknown: it hangs on keys that are not known yet.
	Unknown
)

// String is "false", "true" or "unknown".
func (t Truth) String() string {
	switch t {
	case False:
		return "false"
	case True:
		return "true"
	}
	return "unknown"
}

// Not is the negation; that of Unknown is Unknown.
func (t Truth) Not() Truth {
	switch t {
	case False:
		return True
	case True:
		return False
	}
	return Unknown
}

// And is False if either is, True if both are, else Unknown.
func (t Truth) And(other Truth) Truth {
	switch {
	case t == False || other == False:
		return False
	case t == True && other == True:
		return True
	}
	return Unknown
}

// Or is True if either is, False if both are, else Unknown.
func (t Truth) Or(other Truth) Truth {
	switch {
	case t == True || other == True:
		return True
	case t == False && other == False:
		return False
	}
	return Unknown
}

func truthOf(holds bool) Truth {
	if holds {
		return True
	}
	return False
}
