// Command compare asks the engine and the reference evaluator the same
// generated questions and prints where they differ.
//
//	go run ./fuzz/compare -n 1000000
//	go run ./fuzz/compare -n 1000000 -explain
//
// With -explain it also holds the explanation of every question, its near misses,
// and what is said when keys are unknown, against the reference evaluator.
//
// It uses all processors, prints the distribution of what was asked, and exits
// with status 1 if there is a difference. A question that differs is printed
// as one line in the neutral case format, ready to become a test.
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/portcullis-iam/portcullis/fuzz/explained"
	"github.com/portcullis-iam/portcullis/fuzz/generate"
	"github.com/portcullis-iam/portcullis/fuzz/reference"
	"github.com/portcullis-iam/portcullis/internal/neutral"
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout, os.Stderr))
}

// A difference is a question that the two answer differently.
type difference struct {
	seed              uint64
	engine, reference string
	line              []byte
}

func run(args []string, stdout, stderr io.Writer) int {
	flags := flag.NewFlagSet("compare", flag.ContinueOnError)
	flags.SetOutput(stderr)
	count := flags.Uint64("n", 100_000, "how many questions to ask")
	first := flags.Uint64("seed", 0, "the first seed; question i has the seed `s`+i")
	workers := flags.Int("workers", runtime.GOMAXPROCS(0), "how many goroutines ask")
	show := flags.Int("show", 20, "how many differences to print")
	explain := flags.Bool("explain", false, "hold explanations against the reference as well")
	table := flags.Bool("table", true, "print the distribution")
	if err := flags.Parse(args); err != nil {
		return 2
	}
	start := time.Now()
	var next atomic.Uint64
	var mutex sync.Mutex
	var differences []difference
	var total generate.Tally
	var explanations explained.Counts
	var group sync.WaitGroup
	for range *workers {
		group.Add(1)
		go func() {
			defer group.Done()
			var tally generate.Tally
			var counts explained.Counts
			for {
				seed := next.Add(1) - 1
				if seed >= *count {
					break
				}
				question := generate.FromSeed(*first + seed)
				line := question.JSON()
				verdict := reference.Decide(line)
				answer := neutral.Run(line)
				tally.Add(question, generate.Outcome{Decision: verdict.Decision, Layer: verdict.Layer, Grant: verdict.Grant, Denies: verdict.Denies})
				if decision, _, _ := strings.Cut(answer.Decision, ":"); decision != verdict.Decision {
					mutex.Lock()
					differences = append(differences, difference{*first + seed, answer.Decision, verdict.Decision + " " + verdict.Error, line})
					mutex.Unlock()
				}
				if *explain {
					looked, err := explained.Check(*first+seed, question)
					if counts.Add(looked); err != nil {
						mutex.Lock()
						differences = append(differences, difference{*first + seed, err.Error(), verdict.Decision, line})
						mutex.Unlock()
					}
				}
			}
			mutex.Lock()
			total.Merge(&tally)
			explanations.Add(counts)
			mutex.Unlock()
		}()
	}
	group.Wait()
	elapsed := time.Since(start)
	if *table {
		fmt.Fprintln(stdout, total.String())
	}
	for at, d := range differences {
		if at == *show {
			break
		}
		fmt.Fprintf(stdout, "seed %d: engine %s, reference %s\n%s\n", d.seed, d.engine, d.reference, d.line)
	}
	if *explain {
		fmt.Fprintln(stdout, explanations.String())
	}
	fmt.Fprintf(stdout, "questions: %d, differences: %d, in %v (%.0f a second on %d goroutines)\n",
		*count, len(differences), elapsed.Round(time.Millisecond), float64(*count)/elapsed.Seconds(), *workers)
	if len(differences) > 0 {
		return 1
	}
	return 0
}
