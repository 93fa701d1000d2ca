package catalog

import (
	"iter"
	"slices"

	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// A Service is a service prefix: what stands before the colon of its actions.
// What AWS sells as one service may have several, as Amazon API Gateway has
// apigateway and execute-api.
type Service struct{ record *reference.Service }

// Services goes through all services, by prefix.
func Services() iter.Seq[Service] {
	return func(yield func(Service) bool) {
		all := tables().Services
		for i := range all {
			if !yield(Service{&all[i]}) {
				return
			}
		}
	}
}

// LookupService finds a service by its prefix, such as "s3", in any letter case.
// It is a binary search and allocates nothing.
func LookupService(prefix string) (Service, bool) {
	all := tables().Services
	i, found := slices.BinarySearchFunc(all, prefix, func(s reference.Service, prefix string) int {
		return reference.Compare(s.Prefix, prefix)
	})
	if !found {
		return Service{}, false
	}
	return Service{&all[i]}, true
}

// Prefix is the service prefix, such as "s3".
func (s Service) Prefix() string {
	if s.record == nil {
		return ""
	}
	return s.record.Prefix
}

// Name is the name of the service, such as "Amazon S3".
func (s Service) Name() string {
	if s.record == nil {
		return ""
	}
	return s.record.Name
}

// String is the prefix.
func (s Service) String() string { return s.Prefix() }

// Actions goes through the actions of the service, by name.
func (s Service) Actions() iter.Seq[Action] { return actionsOf(s.actions()) }

func (s Service) actions() []reference.Action {
	if s.record == nil {
		return nil
	}
	return tables().Actions[s.record.Actions.First:s.record.Actions.End]
}

// ResourceTypes goes through the resource types of the service, by name.
func (s Service) ResourceTypes() iter.Seq[ResourceType] {
	return func(yield func(ResourceType) bool) {
		for _, t := range s.resourceTypes() {
			if !yield(ResourceType{t}) {
				return
			}
		}
	}
}

// ResourceType finds a resource type of the service by its name, such as
// "bucket", in any letter case.
func (s Service) ResourceType(name string) (ResourceType, bool) {
	all := s.resourceTypes()
	i, found := slices.BinarySearchFunc(all, name, func(t *resourceType, name string) int {
		return reference.Compare(t.Name, name)
	})
	if !found {
		return ResourceType{}, false
	}
	return ResourceType{all[i]}, true
}

// ConditionKeys goes through the condition keys that the service documents, by
// name: its own, those of other services and those global ones that depend on
// the action, such as aws:ResourceTag/${TagKey}. The other global keys, such as
// aws:SourceIp, are not among them; see [GlobalConditionKeys].
func (s Service) ConditionKeys() iter.Seq[ConditionKey] {
	if s.record == nil {
		return keysOf(nil)
	}
	return keysOf(s.record.Keys)
}
