package main

import (
	"encoding/json"
	"fmt"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

// naiveEngine is the linear scan over encoding/json structs of package workload:
// what one writes in an hour.
func naiveEngine() Engine {
	return Engine{
		Name: "naive linear scan (workload.Decide)",
		Compile: func(documents [][]byte) (Prepare, error) {
			policies, err := parsePolicies(documents)
			if err != nil {
				return nil, err
			}
			return func(q *workload.Request) (Decide, error) {
				return func() string {
					decision, _ := workload.Decide(policies, q)
					return decision
				}, nil
			}, nil
		},
	}
}

func parsePolicies(documents [][]byte) ([]workload.Policy, error) {
	policies := make([]workload.Policy, len(documents))
	for i, document := range documents {
		if err := json.Unmarshal(document, &policies[i]); err != nil {
			return nil, fmt.Errorf("document %d: %w", i, err)
		}
	}
	return policies, nil
}
