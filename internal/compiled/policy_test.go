package compiled

import (
	"testing"
	"unsafe"
)

// TestSizes watches what accounts hold by the hundred thousand.
func TestSizes(t *testing.T) {
	for name, c := range map[string]struct{ got, want uintptr }{
		"Statement": {unsafe.Sizeof(Statement{}), 96},
		"Action":    {unsafe.Sizeof(Action{}), 24},
		"Resource":  {unsafe.Sizeof(Resource{}), 32},
	} {
		if c.got > c.want {
			t.Errorf("%s takes %d bytes, want at most %d", name, c.got, c.want)
		}
	}
}

func TestEnd(t *testing.T) {
	for _, at := range []Place{{}, {1, 1}, {1 << 20, 1 << 20}, {3, 65_536}, {3, 255}} {
		var s Statement
		s.SetEnd(at)
		if s.End() != at {
			t.Errorf("set to end at %v, ends at %v", at, s.End())
		}
	}
}
