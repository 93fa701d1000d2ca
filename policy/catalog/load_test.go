package catalog_test

import (
	"os"
	"testing"

	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// BenchmarkLoad decompresses what the first call does, and what the first
// description does.
func BenchmarkLoad(b *testing.B) {
	file, err := os.ReadFile("reference.bin")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("tables", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := reference.Decode(string(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("descriptions", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := reference.DecodeDescriptions(string(file)); err != nil {
				b.Fatal(err)
			}
		}
	})
}
