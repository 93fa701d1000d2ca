package main

import (
	"context"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/rego"
	"github.com/open-policy-agent/opa/v1/topdown/cache"

	"github.com/portcullis-iam/portcullis/internal/workload"
)

const opaModule = "github.com/open-policy-agent/opa"

// opaCachedPatterns is how many compiled globs OPA may keep between queries; by
// its default it compiles nearly all of them again for each decision.
const opaCachedPatterns = 100_000

// opaQuery is what both forms of the policies define.
const opaQuery = "data.iam.decision"

// prepareOPA compiles the query with the given policies.
func prepareOPA(options ...func(*rego.Rego)) (Prepare, error) {
	limit := opaCachedPatterns
	values := cache.NewInterQueryValueCache(context.Background(), &cache.Config{
		InterQueryBuiltinValueCache: cache.InterQueryBuiltinValueCacheConfig{MaxNumEntries: &limit},
	})
	options = append(options,
		rego.Query(opaQuery),
		rego.InterQueryBuiltinValueCache(values),
		rego.StrictBuiltinErrors(true),
	)
	query, err := rego.New(options...).PrepareForEval(context.Background())
	if err != nil {
		return nil, err
	}
	return func(q *workload.Request) (Decide, error) {
		f, err := factsOf(q)
		if err != nil {
			return nil, err
		}
		input, err := ast.InterfaceToValue(map[string]any{
			"action":           q.Action,
			"resource":         q.Resource,
			"team":             f.team,
			"source_ip":        f.sourceIP.String(),
			"secure_transport": f.secureTransport,
		})
		if err != nil {
			return nil, fmt.Errorf("input: %w", err)
		}
		parsed := rego.EvalParsedInput(input)
		ctx := context.Background()
		return func() string {
			results, err := query.Eval(ctx, parsed)
			if err != nil || len(results) != 1 || len(results[0].Expressions) != 1 {
				return Failed
			}
			decision, ok := results[0].Expressions[0].Value.(string)
			if !ok {
				return Failed
			}
			return decision
		}, nil
	}, nil
}
