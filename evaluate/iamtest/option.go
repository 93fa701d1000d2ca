package iamtest

import (
	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/principal"
)

// An Option says more about a question than caller, action and resource. The
// options of one question add up; of two that contradict each other the later
// one counts. The zero Option says nothing.
type Option struct{ apply func(*setting) error }

// A setting is what the options of a question come to.
type setting struct {
	context   condition.Context
	stated    map[string]bool // the keys of context, folded
	owner     string
	resources []string
	principal *principal.Principal
}

func (s *setting) state(key string) {
	if s.stated == nil {
		s.stated = make(map[string]bool)
	}
	s.stated[fold.Text(key)] = true
}

func newSetting(options []Option) (*setting, error) {
	s := new(setting)
	for _, option := range options {
		if option.apply == nil {
			continue
		}
		if err := option.apply(s); err != nil {
			return nil, err
		}
	}
	return s, nil
}

// With states the value of a condition key of the request: a string, bool,
// number, time.Time, netip.Addr, or a slice of them for a key with several
// values; see [condition.FromMap].
func With(key string, value any) Option {
	return Option{func(s *setting) error {
		one, err := condition.FromMap(map[string]any{key: value})
		if err != nil {
			return err
		}
		s.add(one)
		return nil
	}}
}

// WithContext states several condition keys of the request. Later changes of the
// context do not count.
func WithContext(context *condition.Context) Option {
	copied := context.Clone()
	return Option{func(s *setting) error {
		s.add(copied)
		return nil
	}}
}

func (s *setting) add(context *condition.Context) {
	for key, value := range context.All() {
		s.state(key)
		s.context.Set(key, value)
	}
}

// Unknown says of condition keys that nothing is known about them. A decision
// that hangs on one is neither allowed nor denied.
func Unknown(keys ...string) Option {
	return Option{func(s *setting) error {
		for _, key := range keys {
			s.state(key)
			s.context.SetUnknown(key)
		}
		return nil
	}}
}

// Absent says that the request does not have condition keys. It matters to
// [Tester.OnlyAllows] and [Tester.Snapshot], for which a key is unknown unless
// something is stated about it.
func Absent(keys ...string) Option {
	return Option{func(s *setting) error {
		for _, key := range keys {
			s.state(key)
			s.context.Delete(key)
		}
		return nil
	}}
}

// Owner says which account owns the resource, where neither its ARN nor the
// directory tells. Without it that is the account of the caller.
func Owner(account string) Option {
	return Option{func(s *setting) error {
		s.owner = account
		return nil
	}}
}

// Resources names further resources, by ARN, that [Tester.OnlyAllows] and
// [Tester.Snapshot] ask about: those that have policies of their own, which may
// grant what the caller's policies do not.
func Resources(names ...string) Option {
	return Option{func(s *setting) error {
		s.resources = append(s.resources, names...)
		return nil
	}}
}

// As decides for a principal that was made otherwise, such as a session of
// which more is stated ([principal.Directory.Session]). The caller of the
// question then serves as its name only. The principal must not change
// afterwards.
func As(who *principal.Principal) Option {
	return Option{func(s *setting) error {
		s.principal = who
		return nil
	}}
}
