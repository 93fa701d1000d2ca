package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/portcullis-iam/portcullis/internal/neutral"
)

// maxCaseBytes bounds one case. The largest case that the quotas of AWS allow
// has some 2 MB of policies; the bound is there so that a file without line
// ends cannot take all memory.
const maxCaseBytes = 1 << 28

// answerCases answers the cases of all files, or checks their answers.
func answerCases(o *options, stdin io.Reader, stdout, stderr io.Writer) int {
	status := statusYes
	for _, path := range o.cases {
		status = max(status, answerFile(path, o.check, stdin, stdout, stderr))
	}
	return status
}

func answerFile(path string, check bool, stdin io.Reader, stdout, stderr io.Writer) int {
	name, source := filepath.Base(path), stdin
	if path == "-" {
		name = "standard input"
	} else {
		f, err := os.Open(path)
		if err != nil {
			fmt.Fprintln(stderr, err)
			return statusBad
		}
		defer f.Close()
		source = f
	}
	answer := printAnswers(stdout)
	var comparison comparison
	if check {
		answer = comparison.to(stdout, name)
	}
	if err := eachCase(source, maxCaseBytes, answer); err != nil {
		fmt.Fprintf(stderr, "%s: %v\n", path, err)
		return statusBad
	}
	switch {
	case !check:
		return statusYes
	case comparison.all == 0: // nothing was checked, which must not pass for success
		fmt.Fprintf(stderr, "%s: there is no case in it\n", path)
		return statusBad
	}
	fmt.Fprintf(stdout, "%s: %d of %d\n", name, comparison.same, comparison.all)
	if comparison.same < comparison.all {
		return statusNo
	}
	return statusYes
}

// printAnswers gives a function that prints an answer as the case format says.
func printAnswers(stdout io.Writer) func(line int, answer neutral.Answer) {
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	return func(_ int, answer neutral.Answer) {
		// An answer always has JSON, and run looks at the errors of writing.
		_ = encoder.Encode(answer)
	}
}

// A comparison counts the cases whose answer is the expected one.
type comparison struct{ same, all int }

// to gives a function that counts an answer and prints it if it differs.
func (c *comparison) to(stdout io.Writer, name string) func(line int, answer neutral.Answer) {
	return func(line int, answer neutral.Answer) {
		c.all++
		if answer.AsExpected() {
			c.same++
			return
		}
		expect := answer.Expect
		if expect == "" {
			expect = "nothing: the case does not say what to expect"
		}
		fmt.Fprintf(stdout, "%s:%d: %q: %q, expected %s\n", name, line, answer.ID, answer.Decision, expect)
	}
}

var errLongLine = errors.New("line is too long")

// eachCase decides the case of every line that is not blank and has at most
// limit bytes. Lines count from 1. The error is that of reading.
func eachCase(source io.Reader, limit int, do func(line int, answer neutral.Answer)) error {
	reader := bufio.NewReaderSize(source, 1<<16)
	var buffer []byte
	for number := 1; ; number++ {
		line, err := readLine(reader, buffer[:0], limit)
		buffer = line
		switch {
		case errors.Is(err, errLongLine):
			do(number, neutral.Answer{Decision: fmt.Sprintf("Error: line %d has more than %d bytes", number, limit)})
			continue
		case err != nil && err != io.EOF:
			return fmt.Errorf("line %d: %w", number, err)
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			do(number, neutral.Run(line))
		}
		if err == io.EOF {
			return nil
		}
	}
}

// readLine appends a line to buffer. It reads a line that is too long to its
// end all the same, so that the next one can follow.
func readLine(reader *bufio.Reader, buffer []byte, limit int) ([]byte, error) {
	tooLong := false
	for {
		part, err := reader.ReadSlice('\n')
		if len(buffer)+len(part) > limit {
			tooLong, buffer = true, buffer[:0]
		}
		if !tooLong {
			buffer = append(buffer, part...)
		}
		switch {
		case err == bufio.ErrBufferFull:
			continue
		case tooLong && (err == nil || err == io.EOF):
			return buffer[:0], errLongLine
		}
		return buffer, err
	}
}
