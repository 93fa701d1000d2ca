package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/policy"
)

// readFile reads a file of at most limit bytes.
func readFile(path string, limit int) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, int64(limit)+1))
	if err != nil {
		return nil, err
	}
	if len(text) > limit {
		return nil, fmt.Errorf("%s: has more than %d bytes", path, limit)
	}
	return text, nil
}

// loadPolicy reads and compiles a policy document. The error has one line for
// each fault, with its place.
func loadPolicy(kind policy.Kind, path string) (*policy.Policy, []byte, error) {
	text, err := readFile(path, policy.MaxDocumentBytes)
	if err != nil {
		return nil, nil, err
	}
	compiled, err := policy.Load(kind, text)
	return compiled, text, inFile(path, err)
}

// inFile gives one line for each fault of a policy or a context, which begins
// with the file and the place in it.
func inFile(path string, err error) error {
	var inPolicy policy.Errors
	var inContext condition.ContextErrors
	var all []error
	switch {
	case err == nil:
		return nil
	case errors.As(err, &inPolicy):
		all = inPolicy.Unwrap()
	case errors.As(err, &inContext):
		all = inContext.Unwrap()
	default:
		return fmt.Errorf("%s: %w", path, err)
	}
	lines := make([]string, len(all))
	for at, one := range all {
		lines[at] = path + ":" + one.Error()
	}
	return errors.New(strings.Join(lines, "\n"))
}

// readContext gives the context of the request: what the file has, covered by
// what the command line says, of keys that are known and of those that are not.
func (o *options) readContext() (*condition.Context, error) {
	context := new(condition.Context)
	if o.contextFile != "" {
		text, err := readFile(o.contextFile, condition.MaxContextBytes)
		if err != nil {
			return nil, err
		}
		parse := condition.ParseJSON
		if bytes.HasPrefix(bytes.TrimLeft(text, " \t\r\n"), []byte("[")) {
			parse = condition.ParseEntries
		}
		if context, err = parse(text); err != nil {
			return nil, inFile(o.contextFile, err)
		}
	}
	var said condition.Context
	for _, pair := range o.context {
		key, value, _ := strings.Cut(pair, "=")
		if _, twice := said.Lookup(key); twice {
			return nil, fmt.Errorf("-context %s is given twice: write several values as %s=[A,B]", key, key)
		}
		said.Set(key, valueOf(value))
	}
	for _, argument := range o.unknown {
		key, value, err := parseUnknown(argument)
		if err != nil {
			return nil, err
		}
		if _, twice := said.Lookup(key); twice {
			return nil, fmt.Errorf("-unknown %s is given twice, or with -context: a key is as one of them says", key)
		}
		said.Set(key, value)
	}
	for key, value := range said.All() {
		context.Set(key, value)
	}
	return context, nil
}

// valueOf reads the value of -context: [A,B] is a list, everything else one
// value. Operators of other types than String parse the text.
func valueOf(text string) condition.Value {
	inner, isList := strings.CutPrefix(text, "[")
	inner, closed := strings.CutSuffix(inner, "]")
	switch {
	case !isList || !closed:
		return condition.String(text)
	case inner == "":
		return condition.List()
	}
	return condition.List(strings.Split(inner, ",")...)
}
