package iamtest_test

import (
	"os"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/evaluate/iamtest"
)

func TestTry(t *testing.T) {
	for _, who := range []string{"role/service/orders-report", "user/ada", "user/wren"} {
		file := t.TempDir() + "/x"
		t.Setenv("IAMTEST_UPDATE", "1")
		start := time.Now()
		t.Log(reported(func(t testing.TB) {
			iam := iamtest.Load(t, "../../examples/quickstart/account.json")
			iam.Snapshot("arn:aws:iam::111122223333:"+who, file)
		}))
		t.Log(time.Since(start))
		text, _ := os.ReadFile(file)
		t.Log(len(text), string(text[:min(len(text), 3000)]))
		t.Setenv("IAMTEST_UPDATE", "")
		os.WriteFile(file, append([]byte("[s3 Read]\ns3:Foo on *\n"), text[:len(text)/2]...), 0o666)
		got := reported(func(t testing.TB) {
			iam := iamtest.Load(t, "../../examples/quickstart/account.json")
			iam.Snapshot("arn:aws:iam::111122223333:"+who, file)
		})
		t.Log(got[:min(len(got), 2000)])
	}
}
