package sts

import (
	"sync/atomic"
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
	// narrowed is that of the last session with session policies: most sessions of
	// a role are made with the same ones, such as those of guests, which then need
	// not be made ready again.
	narrowed atomic.Pointer[evaluate.Evaluator]
}

// evaluatorOf makes the evaluator of a session of the role.
func (r *role) evaluatorOf(session *principal.Principal) (*evaluate.Evaluator, error) {
	if len(session.SessionPolicies) == 0 {
		return r.evaluator.WithPrincipal(session)
	}
	base := r.narrowed.Load()
	if base == nil {
		base = r.evaluator
	}
	made, err := base.WithPrincipal(session)
	if err == nil {
		r.narrowed.Store(made)
	}
	return made, err
}

// role finds the role that a call is about. Where there is none, the error says
// why, or is among those of the parameters.
func (c *call) role(roleARN string) (*role, error) {
	if found, ok := c.sts.kept.roles.Load(roleARN); ok {
		return found.(*role), nil
	}
	entity, err := arn.ParseEntity(roleARN)
	if err != nil || entity.Kind != arn.Role {
		c.fail("RoleArn", ValidationError, quote(roleARN)+" is not the ARN of a role")
		return nil, c.err()
	}
	found, err := c.sts.makeRole(roleARN)
	if err != nil && len(c.errors) > 0 {
		return nil, c.err()
	}
	return found, err
}

func (s *STS) makeRole(roleARN string) (*role, error) {
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
