package sts

import (
	"time"

	"github.com/portcullis-iam/portcullis/arn"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/principal"
)

// A role is a role made ready to be assumed.
type role struct {
	identity  principal.Identity
	evaluator *evaluate.Evaluator // of a session of which nothing is stated
	resource  *evaluate.Resource  // its trust policy and what goes with it
	longest   time.Duration       // of its sessions
}

// role finds a role by its ARN. The error is a [*principal.NotFoundError], or
// one of package evaluate.
func (s *STS) role(roleARN string) (*role, error) {
	if found, ok := s.kept.roles.Load(roleARN); ok {
		return found.(*role), nil
	}
	evaluator, err := s.snapshot.Evaluator(roleARN)
	if err != nil {
		return nil, err
	}
	resource, err := s.snapshot.Resource(roleARN, "")
	if err != nil {
		return nil, err
	}
	made := &role{
		identity: evaluator.Principal().Identity, evaluator: evaluator, resource: resource,
		longest: s.snapshot.Directory().MaxSessionDuration(roleARN),
	}
	found, _ := s.kept.roles.LoadOrStore(roleARN, made)
	return found.(*role), nil
}

// isRole tells the ARN of a role.
func isRole(text string) bool {
	entity, err := arn.ParseEntity(text)
	return err == nil && entity.Kind == arn.Role
}
