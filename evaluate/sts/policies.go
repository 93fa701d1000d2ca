package sts

import (
	"sync"
	"sync/atomic"

	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

// A policyCache keeps compiled inline session policies by their text, those of
// late, in two generations: when the young one is full it becomes the old one.
type policyCache struct {
	young, old atomic.Pointer[generation]
}

type generation struct {
	byText sync.Map // string to *policy.Policy
	count  atomic.Int64
}

// generationSize bounds a generation. A session policy has at most 2,048
// characters, and takes some kilobytes when it is compiled.
const generationSize = 1 << 10

// compile gives the compiled policy. Policies with errors are not kept.
func (c *policyCache) compile(text string) (*policy.Policy, error) {
	young := c.young.Load()
	if young == nil {
		c.young.CompareAndSwap(nil, new(generation))
		young = c.young.Load()
	}
	if found, ok := young.byText.Load(text); ok {
		return found.(*policy.Policy), nil
	}
	var compiled *policy.Policy
	if old := c.old.Load(); old != nil {
		if found, ok := old.byText.Load(text); ok {
			compiled = found.(*policy.Policy)
		}
	}
	if compiled == nil {
		var err error
		if compiled, err = policy.Load(policy.Session, []byte(text)); err != nil {
			return nil, err
		}
	}
	found, loaded := young.byText.LoadOrStore(text, compiled)
	if !loaded && young.count.Add(1) == generationSize && c.young.CompareAndSwap(young, new(generation)) {
		c.old.Store(young)
	}
	return found.(*policy.Policy), nil
}

// managedPolicy gives a managed policy of the directory, or of AWS, as a session
// policy. There are only so many of them, so all are kept.
func (s *STS) managedPolicy(policyARN string) (principal.Attachment, error) {
	if found, ok := s.kept.managed.Load(policyARN); ok {
		return found.(principal.Attachment), nil
	}
	attached, err := s.snapshot.Directory().SessionPolicy(policyARN)
	if err != nil {
		return principal.Attachment{}, err
	}
	found, _ := s.kept.managed.LoadOrStore(policyARN, attached)
	return found.(principal.Attachment), nil
}
