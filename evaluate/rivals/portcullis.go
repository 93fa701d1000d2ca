package main

import (
	"fmt"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/internal/workload"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// portcullisName is the engine to which the ratios of the tables refer.
const portcullisName = "portcullis"

// portcullisUser is the caller whose policies the workload's are, and
// portcullisAccount the account of the caller and of all buckets.
const (
	portcullisUser    = "arn:aws:iam::111122223333:user/caller"
	portcullisAccount = "111122223333"
)

// portcullisEngines returns this project's own contestant: the policies are the
// identity-based policies of one user. Nothing is derived from the user, so that
// the condition keys come from the request, as they do for all others.
func portcullisEngines() []Engine {
	return []Engine{{Name: portcullisName, Compile: compilePortcullis}}
}

func compilePortcullis(documents [][]byte) (Prepare, error) {
	identity, err := principal.Identify(portcullisUser, "")
	if err != nil {
		return nil, err
	}
	user := &principal.Principal{Identity: identity}
	for i, document := range documents {
		loaded, err := policy.Load(policy.IdentityBased, document)
		if err != nil {
			return nil, fmt.Errorf("document %d: %w", i, err)
		}
		user.IdentityPolicies = append(user.IdentityPolicies, principal.Attachment{Policy: loaded})
	}
	evaluator, err := evaluate.New(user)
	if err != nil {
		return nil, err
	}
	return func(q *workload.Request) (Decide, error) {
		f, err := factsOf(q)
		if err != nil {
			return nil, err
		}
		request, err := evaluate.NewRequest(q.Action, q.Resource, portcullisAccount)
		if err != nil {
			return nil, err
		}
		request.Context = new(condition.Context)
		request.Context.SetTag("aws:PrincipalTag", "team", condition.String(f.team))
		request.Context.Set(keySourceIP, condition.Addr(f.sourceIP))
		request.Context.Set(keySecureTransport, condition.Bool(f.secureTransport))
		return func() string {
			switch evaluator.Evaluate(request).Outcome {
			case evaluate.Allowed:
				return workload.Allow
			case evaluate.ExplicitlyDenied:
				return workload.ExplicitDeny
			case evaluate.ImplicitlyDenied:
				return workload.ImplicitDeny
			}
			return Failed
		}, nil
	}, nil
}
