package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"
)

// A test is a test function, an example, or a fuzz target with its seeds.
type test struct {
	name    string
	took    time.Duration
	reached []byte // one byte for each mutant
	failed  bool
}

// start makes the command that runs some tests of the binary.
func (b *binary) start(ctx context.Context, o *options, number int, tests []string, timeout time.Duration) *exec.Cmd {
	arguments := []string{
		"-test.run", "^(" + strings.Join(tests, "|") + ")$", "-test.failfast",
		"-test.timeout", timeout.String(),
	}
	if b.rapid {
		arguments = append(arguments, "-rapid.nofailfile", "-rapid.shrinktime=1ms",
			fmt.Sprintf("-rapid.seed=%d", o.seed), fmt.Sprintf("-rapid.checks=%d", o.checks))
	}
	command := exec.CommandContext(ctx, b.path, arguments...)
	command.Dir = b.dir
	command.Env = append(os.Environ(), fmt.Sprintf("MUTANT=%d", number), "GOWORK=off")
	command.WaitDelay = time.Second
	return command
}

// reach runs every test once, with no mutant on, and records what it comes by
// and how long it takes. It gives the tests that fail as they are.
func reach(o *options, folder string, binaries []*binary, mutants int) (skipped []string, err error) {
	type job struct {
		binary *binary
		test   *test
	}
	var jobs []job
	for _, b := range binaries {
		command := exec.Command(b.path, "-test.list", ".")
		command.Dir = b.dir
		output, err := command.Output()
		if err != nil {
			return nil, fmt.Errorf("listing the tests of %s: %w", b.pkg, err)
		}
		for _, name := range strings.Fields(string(output)) {
			if strings.HasPrefix(name, "Test") || strings.HasPrefix(name, "Example") || strings.HasPrefix(name, "Fuzz") {
				t := &test{name: name}
				b.tests = append(b.tests, t)
				jobs = append(jobs, job{b, t})
			}
		}
	}
	var errs []error
	var lock sync.Mutex
	parallel(o.jobs, len(jobs), func(worker, number int) {
		j := jobs[number]
		file := filepath.Join(folder, fmt.Sprintf("reached%d", worker))
		err := os.WriteFile(file, make([]byte, mutants+1), 0o644)
		command := j.binary.start(context.Background(), o, -1, []string{j.test.name}, 10*time.Minute)
		command.Env = append(command.Env, "MUTANTS_REACHED="+file)
		started := time.Now()
		failure := command.Run()
		j.test.took = time.Since(started)
		if err == nil {
			j.test.reached, err = os.ReadFile(file)
		}
		lock.Lock()
		defer lock.Unlock()
		if err != nil {
			errs = append(errs, err)
		}
		if failure != nil {
			j.test.failed = true
			skipped = append(skipped, j.binary.pkg+": "+j.test.name)
		}
	})
	slices.Sort(skipped)
	return skipped, errors.Join(errs...)
}

// parallel calls do for every number below count, by so many workers.
func parallel(workers, count int, do func(worker, number int)) {
	numbers := make(chan int)
	var group sync.WaitGroup
	for worker := range workers {
		group.Go(func() {
			for number := range numbers {
				do(worker, number)
			}
		})
	}
	for number := range count {
		numbers <- number
	}
	close(numbers)
	group.Wait()
}

// choose takes the sample of the mutants that compile.
func choose(o *options, mutants []*mutant) []*mutant {
	byPackage := map[string][]*mutant{}
	for _, m := range mutants {
		if m.dropped {
			m.result = notCompiled
		}
		if o.run != 0 && m.id != o.run || o.operators != nil && !slices.Contains(o.operators, m.operator) {
			continue
		}
		byPackage[m.pkg] = append(byPackage[m.pkg], m)
	}
	var chosen []*mutant
	for _, folder := range o.packages {
		name := strings.Trim(folder, "/")
		own := byPackage[name]
		if o.sample > 0 && o.sample < len(own) {
			hash := fnv.New64a()
			hash.Write([]byte(name))
			random := rand.New(rand.NewPCG(o.seed, hash.Sum64()))
			random.Shuffle(len(own), func(a, b int) { own[a], own[b] = own[b], own[a] })
			own = own[:o.sample]
			slices.SortFunc(own, func(a, b *mutant) int { return a.id - b.id })
		}
		chosen = append(chosen, own...)
	}
	return chosen
}

// A step is some tests of a binary that reach a mutant.
type step struct {
	binary *binary
	tests  []string
	took   time.Duration
}

// steps gives what a mutant has to survive, in the order in which it is tried.
func steps(o *options, binaries []*binary, m *mutant) []step {
	const slow = 300 * time.Millisecond
	var all []step
	for _, b := range binaries {
		var quick, long step
		for _, t := range b.tests {
			if t.failed || t.reached[m.id] == 0 || o.slow > 0 && t.took > o.slow {
				continue
			}
			into := &quick
			if t.took > slow {
				into = &long
			}
			into.binary = b
			into.tests = append(into.tests, regexp.QuoteMeta(t.name))
			into.took += t.took
		}
		for _, s := range []step{quick, long} {
			if s.binary != nil {
				all = append(all, s)
			}
		}
	}
	// A second of the tests beside the code is worth several of others.
	cost := func(s step) time.Duration {
		if s.binary.pkg == m.pkg {
			return s.took / 8
		}
		return s.took
	}
	slices.SortStableFunc(all, func(a, b step) int { return int(cost(a) - cost(b)) })
	return all
}

func runAll(o *options, binaries []*binary, mutants []*mutant) {
	var lock sync.Mutex
	done := 0
	parallel(o.jobs, len(mutants), func(_, number int) {
		m := mutants[number]
		if m.result != notCompiled {
			runOne(o, binaries, m)
		}
		lock.Lock()
		defer lock.Unlock()
		if done++; o.verbose {
			progress("%d/%d %s\t%s\t%s\t%.1fs", done, len(mutants), m, resultNames[m.result], m.by, m.took.Seconds())
		} else if done%200 == 0 {
			progress("%d/%d", done, len(mutants))
		}
	})
}

var failedTest = regexp.MustCompile(`(?m)^\s*--- FAIL: (\S+)`)

func runOne(o *options, binaries []*binary, m *mutant) {
	started := time.Now()
	defer func() { m.took = time.Since(started) }()
	m.result = uncovered
	for _, s := range steps(o, binaries, m) {
		m.result = survived
		timeout := max(o.timeout, 10*s.took).Round(time.Second)
		ctx, cancel := context.WithTimeout(context.Background(), timeout+5*time.Second)
		command := s.binary.start(ctx, o, m.id, s.tests, timeout)
		var output bytes.Buffer
		command.Stdout, command.Stderr = &output, &output
		err := command.Run()
		late := ctx.Err() != nil || bytes.Contains(output.Bytes(), []byte("panic: test timed out"))
		cancel()
		if o.run != 0 {
			fmt.Printf("%s: %s\n%s\n", s.binary.pkg, strings.Join(s.tests, " "), output.Bytes())
		}
		if err == nil {
			continue
		}
		m.result, m.by = killed, s.binary.pkg
		if late {
			m.result = timedOut
		}
		if match := failedTest.FindSubmatch(output.Bytes()); match != nil {
			m.by += "." + string(match[1])
		}
		return
	}
}
