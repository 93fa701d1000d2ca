package main

import (
	"flag"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"
	"time"
)

const (
	core       = "arn,condition,policy,principal,evaluate,internal/wildcard,internal/compiled,internal/fold,internal/strictjson"
	modulePath = "github.com/portcullis-iam/portcullis"
)

type options struct {
	root       string
	packages   []string
	operators  []string
	without    []string
	sample     int
	seed       uint64
	list       bool
	run        int
	timeout    time.Duration
	equivalent string
	checks     int
	slow       time.Duration
	minimum    float64
	jobs       int
	verbose    bool
}

func main() {
	var o options
	packages := flag.String("packages", core, "folders of the packages to mutate, separated by commas")
	operators := flag.String("operators", "", "only these operators, separated by commas (default all)")
	without := flag.String("without", "", "folders of packages whose tests are left out, separated by commas; scores are then lower bounds")
	flag.StringVar(&o.root, "root", "../..", "the root of the module")
	flag.IntVar(&o.sample, "sample", 0, "try only so many mutants of each package (0 is all)")
	flag.Uint64Var(&o.seed, "seed", 1, "chooses the sample, and the draws of rapid")
	flag.BoolVar(&o.list, "list", false, "list the mutants and run nothing")
	flag.IntVar(&o.run, "run", 0, "run only the mutant with this number, and print what the tests say")
	flag.DurationVar(&o.timeout, "timeout", 5*time.Second, "the least time that the tests of a mutant are given; they get ten times their usual time if that is more")
	flag.StringVar(&o.equivalent, "equivalent", "mutate/equivalent.txt", "file of the mutants that change nothing")
	flag.IntVar(&o.checks, "checks", 100, "draws of each property with rapid")
	flag.DurationVar(&o.slow, "slow", 0, "leave out tests that take longer than this (0 is none); scores are then lower bounds")
	flag.Float64Var(&o.minimum, "minimum", 0, "fail if a package has a lower score, in percent")
	flag.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "tests to run at the same time")
	flag.BoolVar(&o.verbose, "v", false, "print every mutant as it is decided")
	flag.Parse()
	o.packages = strings.Split(*packages, ",")
	o.without = strings.Split(*without, ",")
	if *operators != "" {
		o.operators = strings.Split(*operators, ",")
	}
	if flag.NArg() > 0 {
		fmt.Fprintln(os.Stderr, "mutate takes no arguments; packages are given with -packages")
		os.Exit(2)
	}
	ok, err := mutate(&o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(2)
	}
	if !ok {
		os.Exit(1)
	}
}

// mutate does all of it. It tells whether every package reached the minimum.
func mutate(o *options) (bool, error) {
	folder, err := os.MkdirTemp("", "mutate")
	if err != nil {
		return false, err
	}
	defer os.RemoveAll(folder)
	interrupted := make(chan os.Signal, 1)
	signal.Notify(interrupted, os.Interrupt, syscall.SIGTERM)
	go func() {
		<-interrupted
		os.RemoveAll(folder)
		os.Exit(2)
	}()

	module, err := copyModule(o.root, folder)
	if err != nil {
		return false, err
	}
	mutants, sources, err := module.findMutants(o.packages)
	if err != nil {
		return false, err
	}
	if o.list {
		for _, m := range mutants {
			fmt.Println(m)
		}
		return true, nil
	}
	equivalents, err := readEquivalents(o.equivalent)
	if err != nil {
		return false, err
	}

	started := time.Now()
	progress("%d mutants; building", len(mutants))
	binaries, broken, err := module.build(o, mutants, sources)
	if err != nil {
		return false, err
	}
	progress("%d test binaries after %.0fs; finding out what each test reaches", len(binaries), time.Since(started).Seconds())
	skipped, err := reach(o, folder, binaries, len(mutants))
	if err != nil {
		return false, err
	}
	chosen := choose(o, mutants)
	progress("%.0fs; running %d mutants", time.Since(started).Seconds(), len(chosen))
	runAll(o, binaries, chosen)
	progress("done after %.0fs", time.Since(started).Seconds())
	return report(o, chosen, equivalents, append(broken, skipped...), binaries), nil
}

func progress(format string, values ...any) {
	fmt.Fprintf(os.Stderr, "mutate: "+format+"\n", values...)
}
