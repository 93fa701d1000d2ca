// Command rivals measures portcullis against other policy engines on the same
// policies and the same requests, and prints Markdown tables. See README.md for
// what is compared, and how each rival is translated.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// started is when the program began, for clocks that need a beginning.
var started = time.Now()

// options is what the flags say.
type options struct {
	rounds  int
	sample  time.Duration
	sizes   []workload.Size
	engines []Engine
	rows    []string
}

func main() {
	runtime.GOMAXPROCS(1)
	o, err := parseOptions(os.Args[1:])
	if errors.Is(err, flag.ErrHelp) {
		return
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	progress := func(format string, arguments ...any) {
		fmt.Fprintf(os.Stderr, "%6.1fs  %s\n", time.Since(started).Seconds(), fmt.Sprintf(format, arguments...))
	}
	results, err := run(o, progress)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Print(report(header(os.Args[1:], started), results))
}

// parseOptions reads the flags. Names of engines match by any part of them.
func parseOptions(arguments []string) (options, error) {
	flags := flag.NewFlagSet("rivals", flag.ContinueOnError)
	rounds := flags.Int("rounds", 12, "samples of each engine in each row")
	sample := flags.Duration("time", 50*time.Millisecond, "CPU time of one sample")
	sizes := flags.String("workloads", "", "workloads, separated by commas (default all: W1,W2,W3,W4)")
	names := flags.String("engines", "", "parts of engine names, separated by commas (default all)")
	rows := flags.String("rows", "", "rows, separated by commas (default all: "+strings.Join(rowNames(), ",")+")")
	if err := flags.Parse(arguments); err != nil {
		return options{}, err
	}
	if flags.NArg() > 0 {
		return options{}, fmt.Errorf("rivals takes flags only, not %q", flags.Arg(0))
	}
	if *rounds < 1 || *sample <= 0 {
		return options{}, fmt.Errorf("-rounds and -time must be positive")
	}
	o := options{rounds: *rounds, sample: *sample}
	var err error
	if o.sizes, err = choose("-workloads", *sizes, workload.Sizes(), func(s workload.Size, part string) bool { return string(s) == part }); err != nil {
		return options{}, err
	}
	if o.engines, err = choose("-engines", *names, engines(), func(e Engine, part string) bool { return strings.Contains(e.Name, part) }); err != nil {
		return options{}, err
	}
	if o.rows, err = choose("-rows", *rows, rowNames(), func(row, part string) bool { return row == part }); err != nil {
		return options{}, err
	}
	return o, nil
}

// choose returns the elements of all that some part of list matches, in the order
// of all; everything for an empty list. A part that matches nothing is an error.
func choose[T any](name, list string, all []T, matches func(T, string) bool) ([]T, error) {
	if list == "" {
		return all, nil
	}
	parts := strings.Split(list, ",")
	for _, part := range parts {
		if !slices.ContainsFunc(all, func(v T) bool { return matches(v, part) }) {
			return nil, fmt.Errorf("%s: nothing is called %q", name, part)
		}
	}
	var out []T
	for _, v := range all {
		if slices.ContainsFunc(parts, func(part string) bool { return matches(v, part) }) {
			out = append(out, v)
		}
	}
	return out, nil
}

// results is what run found, in the order of the tables.
type results struct {
	decide, compile []result
}

// result is one line of a table; row is empty for compiling.
type result struct {
	size    workload.Size
	row     string
	engine  string
	figures figures
}

// run measures the chosen engines, one workload after the other.
func run(o options, progress func(format string, arguments ...any)) (*results, error) {
	out := &results{}
	for _, size := range o.sizes {
		progress("%s: generating", size)
		set, err := workload.Generate(workload.ProfileS3, size)
		if err != nil {
			return nil, err
		}
		contenders, err := compile(o, set, out, progress)
		if err != nil {
			return nil, err
		}
		for _, row := range o.rows {
			progress("%s: %s", size, row)
			out.decide = append(out.decide, decide(o, size, row, contenders)...)
		}
	}
	return out, nil
}

// compile compiles the policies by each engine, in turn for as many rounds as
// there are, and checks all decisions. The largest workload is compiled once: some
// engines take seconds for it, and every engine has a thousand documents to take the
// mean of.
func compile(o options, set *workload.Set, out *results, progress func(format string, arguments ...any)) ([]*contender, error) {
	documents, err := set.Documents()
	if err != nil {
		return nil, err
	}
	engines := o.engines
	rounds := o.rounds
	if set.Size == workload.W4 {
		rounds = 1
	}
	prepares := make([]Prepare, len(engines))
	times := make([]int, len(engines))
	samples := make([][]sample, len(engines))
	for round := range rounds {
		progress("%s: compiling, round %d of %d", set.Size, round+1, rounds)
		for i := range engines {
			var failed error
			once := func() {
				if prepares[i], err = engines[i].Compile(documents); err != nil {
					failed = err
				}
			}
			if round == 0 {
				times[i] = 1
				if set.Size != workload.W4 {
					times[i] = calibrate(o.sample, once)
				}
			}
			s := measure(times[i], once)
			if failed != nil {
				return nil, fmt.Errorf("%s: %s: %w", engines[i].Name, set.Size, failed)
			}
			n := float64(len(documents))
			samples[i] = append(samples[i], sample{s.nanoseconds / n, s.bytes / n, s.allocations / n})
		}
	}
	contenders := make([]*contender, len(engines))
	for i := range engines {
		progress("%s: checking the decisions of %s", set.Size, engines[i].Name)
		if contenders[i], err = newContender(engines[i], prepares[i], set); err != nil {
			return nil, err
		}
		out.compile = append(out.compile, result{size: set.Size, engine: engines[i].Name, figures: summarize(samples[i])})
	}
	return contenders, nil
}

// decide measures one row. Within a round the engines take turns, each beginning
// one place later than in the round before, so that a machine that slows down or
// is busy for a while does so for all of them alike.
func decide(o options, size workload.Size, row string, contenders []*contender) []result {
	var runs []func()
	var names []string
	for _, c := range contenders {
		if decisions := c.rows[row]; len(decisions) > 0 {
			runs = append(runs, inTurn(decisions))
			names = append(names, c.engine.Name)
		}
	}
	times := make([]int, len(runs))
	for i := range runs {
		times[i] = calibrate(o.sample, runs[i])
	}
	samples := make([][]sample, len(runs))
	for round := range o.rounds {
		for k := range runs {
			i := (round + k) % len(runs)
			samples[i] = append(samples[i], measure(times[i], runs[i]))
		}
	}
	out := make([]result, len(runs))
	for i := range runs {
		out[i] = result{size: size, row: row, engine: names[i], figures: summarize(samples[i])}
	}
	return out
}
