package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/portcullis-iam/portcullis/evaluate"
)

// An answer is an explained decision. If it hangs on unknown keys, residual says
// how.
type answer struct {
	evaluate.Explanation
	residual *evaluate.Residual
}

func answerOf(x evaluate.Explanation) answer {
	a := answer{Explanation: x}
	if x.Decision.Outcome == evaluate.Undetermined {
		residual := x.Residual()
		a.residual = &residual
	}
	return a
}

// outcome is what the decision comes to, also where it only seems to hang on the
// unknown keys.
func (a *answer) outcome() evaluate.Outcome {
	if a.residual != nil {
		return a.residual.Decision.Outcome
	}
	return a.Decision.Outcome
}

// print writes an answer for people.
func (a *answer) print(out io.Writer, explain bool) {
	fmt.Fprintf(out, "%s: %s on %s\n", a.Principal, a.Action, a.Resource)
	if explain {
		fmt.Fprintln(out, a.String())
		for _, near := range a.NearMisses() {
			fmt.Fprintf(out, "  near miss: %v\n", near)
		}
	} else {
		fmt.Fprintln(out, a.Summary())
	}
	switch {
	case a.residual == nil:
	case a.outcome() == evaluate.Undetermined:
		text := strings.TrimPrefix(a.residual.String(), evaluate.Undetermined.String()+": ")
		fmt.Fprintln(out, "  "+strings.ReplaceAll(text, "\n", "\n  "))
	default:
		fmt.Fprintf(out, "  whatever the unknown keys are: %v\n", a.residual.Decision)
	}
}

// A response has the shape of the answer of SimulatePrincipalPolicy.
type response struct {
	EvaluationResults []result
	IsTruncated       bool
}

// A result is what the API answers, and what it has no words for.
type result struct {
	evaluate.EvaluationResult
	Residual    *residualJSON         `json:",omitempty"`
	Explanation *evaluate.Explanation `json:",omitempty"`
	NearMisses  []nearMissJSON        `json:",omitempty"`
}

func (a *answer) result(explain bool) result {
	r := result{EvaluationResult: a.EvaluationResult(), Residual: a.residualJSON()}
	switch a.outcome() {
	case evaluate.Allowed:
		r.EvalDecision = "allowed"
	case evaluate.ExplicitlyDenied:
		r.EvalDecision = "explicitDeny"
	}
	if explain {
		r.Explanation, r.NearMisses = &a.Explanation, nearMissesJSON(a.NearMisses())
	}
	return r
}

// printJSON writes what has JSON, and gives the status back if that succeeds.
func printJSON(stdout, stderr io.Writer, value any, status int) int {
	encoder := json.NewEncoder(stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(value); err != nil {
		fmt.Fprintln(stderr, err)
		return statusBad
	}
	return status
}
