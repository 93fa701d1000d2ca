package evaluate_test

import (
	"fmt"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/workload"
	"github.com/portcullis-iam/portcullis/principal"
)

const workloadAccount = "111122223333"

// workloadDirectory makes an account of users and roles with 30 inline
// statements each, of which no two policies have the same text: the workload
// W4 again and again under other statement ids. Besides, everybody has one
// managed policy, to read the handbook.
func workloadDirectory(tb testing.TB, people int) (*principal.Directory, *workload.Set) {
	tb.Helper()
	set, err := workload.Generate(workload.ProfileMulti, workload.W4)
	if err != nil {
		tb.Fatal(err)
	}
	documents, err := set.Documents()
	if err != nil {
		tb.Fatal(err)
	}
	b := principal.NewBuilder()
	b.AddManagedPolicy(workloadAccount, principal.ManagedPolicyDetail{Name: "Handbook", Document: `{"Version": "2012-10-17", "Statement":
		{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::handbook/*"}}`})
	attached := []string{"arn:aws:iam::" + workloadAccount + ":policy/Handbook"}
	next := 0
	for number := range people {
		var inline []principal.NamedDocument
		for at := range 3 {
			text := strings.ReplaceAll(string(documents[next%len(documents)]), `"Sid":"S`, fmt.Sprintf(`"Sid":"R%dS`, next/len(documents)))
			inline = append(inline, principal.NamedDocument{Name: fmt.Sprint("inline-", at), Document: text})
			next++
		}
		tags := map[string]string{"team": fmt.Sprint("team-", number%20)}
		if number%2 == 0 {
			b.AddUser(workloadAccount, principal.UserDetail{Name: fmt.Sprint("user-", number), ID: fmt.Sprintf("AIDA%016d", number), Inline: inline, Attached: attached, Tags: tags})
		} else {
			b.AddRole(workloadAccount, principal.RoleDetail{Name: fmt.Sprint("role-", number), ID: fmt.Sprintf("AROA%016d", number), Inline: inline, Attached: attached, Tags: tags})
		}
	}
	d, err := b.Build()
	if err != nil {
		tb.Fatal(err)
	}
	return d, set
}

func workloadQuestion(q *workload.Request) evaluate.Question {
	context := new(condition.Context)
	for key, values := range q.Context {
		if key == "aws:TagKeys" {
			context.Set(key, condition.List(values...))
		} else {
			context.Set(key, condition.String(values[0]))
		}
	}
	return evaluate.Question{Action: q.Action, Resource: q.Resource, Account: workloadAccount, Context: context}
}

// BenchmarkWhoCan asks who can do an action on a resource, in an account of
// 5,000 users and roles with 30 inline statements each: 64 questions of the
// workload in turn, and one that everybody is allowed. "first" asks a Review
// that was never asked before.
func BenchmarkWhoCan(b *testing.B) {
	d, set := workloadDirectory(b, 5000)
	review, err := evaluate.NewReview(d)
	if err != nil {
		b.Fatal(err)
	}
	var mix []evaluate.Question
	for at := range 64 {
		mix = append(mix, workloadQuestion(&set.Mix[at]))
	}
	everybody := []evaluate.Question{{Action: "s3:GetObject", Resource: "arn:aws:s3:::handbook/travel.md", Account: workloadAccount, Context: mix[0].Context}}
	measure := func(name string, fresh bool, questions []evaluate.Question, workers int) {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			next, allowed, decided := 0, 0, 0
			options := evaluate.Options{Workers: workers, Progress: func(done, total int) {
				if done == total {
					decided += total
				}
			}}
			ask := func(review *evaluate.Review) {
				answer, err := review.WhoCan(b.Context(), questions[next%len(questions)], options)
				if err != nil {
					b.Fatal(err)
				}
				allowed += len(answer.Allowed)
				next++
			}
			if fresh { // making a review takes a second, so three of them are enough
				asking := time.Duration(0)
				for range 3 {
					review, err := evaluate.NewReview(d)
					if err != nil {
						b.Fatal(err)
					}
					runtime.GC()
					start := time.Now()
					ask(review)
					asking += time.Since(start)
				}
				b.ReportMetric(float64(asking.Nanoseconds())/3, "first-ns/op")
			} else {
				for b.Loop() {
					ask(review)
				}
			}
			b.ReportMetric(float64(allowed)/float64(next), "allowed/op")
			b.ReportMetric(float64(decided)/float64(next), "decided/op")
		})
	}
	measure("mix", false, mix, 0)
	measure("mix/first", true, mix, 0)
	measure("everybody/workers=1", false, everybody, 1)
	measure("everybody", false, everybody, 0)
	measure("everybody/first", true, everybody, 0)
}

// BenchmarkNewReview makes the index over those 150,000 statements.
func BenchmarkNewReview(b *testing.B) {
	d, _ := workloadDirectory(b, 5000)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := evaluate.NewReview(d); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(heapOf(func() any {
		review, err := evaluate.NewReview(d)
		if err != nil {
			b.Fatal(err)
		}
		return review
	}))/1e6, "MB-held")
}

// heapOf measures the heap that a value holds.
func heapOf(build func() any) int64 {
	var before, after runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&before)
	kept := build()
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&after)
	runtime.KeepAlive(kept)
	return int64(after.HeapAlloc) - int64(before.HeapAlloc)
}
