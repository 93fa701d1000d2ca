package principal

import (
	"runtime"
	"testing"
)

// fullAccount is the size of an account near the default quotas.
var fullAccount = accountSize{users: 1000, groups: 300, roles: 2000, policies: 500}

func BenchmarkLoad(b *testing.B) {
	text := generateAccount(fullAccount)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Load(File{Name: "account.json", Text: text}); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadHeld reports how much memory a directory holds.
func BenchmarkLoadHeld(b *testing.B) {
	text := generateAccount(fullAccount)
	var before, after runtime.MemStats
	for b.Loop() {
		runtime.GC()
		runtime.ReadMemStats(&before)
		d, err := Load(File{Name: "account.json", Text: text})
		if err != nil {
			b.Fatal(err)
		}
		runtime.GC()
		runtime.ReadMemStats(&after)
		runtime.KeepAlive(d)
	}
	b.ReportMetric(float64(after.HeapAlloc-before.HeapAlloc)/1e6, "MB-held")
	b.ReportMetric(float64(after.TotalAlloc-before.TotalAlloc)/1e6, "MB-allocated")
}

func BenchmarkPrincipal(b *testing.B) {
	d, err := Load(File{Name: "account.json", Text: generateAccount(accountSize{users: 10, groups: 3, roles: 10, policies: 10})})
	if err != nil {
		b.Fatal(err)
	}
	for name, caller := range map[string]string{
		"user":    "arn:aws:iam::111111111111:user/people/user-7",
		"session": "arn:aws:sts::111111111111:assumed-role/role-7/run",
	} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := d.Principal(caller); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
