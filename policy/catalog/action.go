package catalog

import (
	"iter"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// An Action is an action of a service.
type Action struct{ record *reference.Action }

// Actions goes through all actions, by service and name. It costs some
// nanoseconds an action and allocates nothing.
func Actions() iter.Seq[Action] {
	return func(yield func(Action) bool) { actionsOf(tables().Actions)(yield) }
}

// CountActions is the number of actions that Actions goes through.
func CountActions() int { return len(tables().Actions) }

func actionsOf(all []reference.Action) iter.Seq[Action] {
	return func(yield func(Action) bool) {
		for i := range all {
			if !yield(Action{&all[i]}) {
				return
			}
		}
	}
}

// LookupAction finds an action by its name with prefix, such as "s3:GetObject",
// in any letter case. Wildcards are ordinary characters; see [Expand]. It is a
// binary search and allocates nothing.
func LookupAction(name string) (Action, bool) {
	prefix, _, found := strings.Cut(name, ":")
	if !found {
		return Action{}, false
	}
	service, found := LookupService(prefix)
	if !found {
		return Action{}, false
	}
	all := service.actions()
	i, found := slices.BinarySearchFunc(all, name, func(a reference.Action, name string) int {
		return reference.Compare(a.Name, name)
	})
	if !found {
		return Action{}, false
	}
	return Action{&all[i]}, true
}

// String is the action as policies name it, such as "s3:GetObject", in the
// spelling of AWS. It costs nothing.
func (a Action) String() string {
	if a.record == nil {
		return ""
	}
	return a.record.Name
}

// Name is the name without the prefix, such as "GetObject".
func (a Action) Name() string {
	_, name, _ := strings.Cut(a.String(), ":")
	return name
}

// Service is the service that the action is of.
func (a Action) Service() Service {
	if a.record == nil {
		return Service{}
	}
	return Service{&tables().Services[a.record.Service]}
}

// Description says in a sentence without a period what the action permits, such
// as "Grants permission to retrieve objects from Amazon S3". A few actions have
// none, and white space is one space each. It is put together, and allocated,
// at each call.
func (a Action) Description() string {
	if a.record == nil {
		return ""
	}
	r := tables()
	service := &r.Services[a.record.Service]
	at, _ := slices.BinarySearchFunc(r.Actions[service.Actions.First:service.Actions.End], a.record.Name, func(b reference.Action, name string) int {
		return reference.Compare(b.Name, name)
	})
	return descriptions().Action(r, int(service.Actions.First)+at)
}

// AccessLevel says what kind of access the action gives.
func (a Action) AccessLevel() AccessLevel {
	if a.record == nil {
		return 0
	}
	return AccessLevel(a.record.Level)
}

// HasResourceTypes tells whether the action takes resources. An action that does
// not is asked on "*", and only a statement with "Resource": "*" grants it.
func (a Action) HasResourceTypes() bool { return a.record != nil && len(a.record.Types) > 0 }

// ResourceTypes goes through the resource types that the action takes, by name.
// It is empty if HasResourceTypes is false.
func (a Action) ResourceTypes() iter.Seq[ActionResourceType] {
	return func(yield func(ActionResourceType) bool) {
		if a.record == nil {
			return
		}
		for i := range a.record.Types {
			if !yield(ActionResourceType{&a.record.Types[i]}) {
				return
			}
		}
	}
}

// ConditionKeys goes through the condition keys that can be in the context of a
// request for the action, whatever resource type it is about, by name. Further
// ones come with the resource types, see [ActionResourceType.ConditionKeys] and
// [ResourceType.ConditionKeys], and most global keys are not repeated here, see
// [GlobalConditionKeys].
func (a Action) ConditionKeys() iter.Seq[ConditionKey] {
	if a.record == nil {
		return keysOf(nil)
	}
	return keysOf(a.record.Keys)
}

// An ActionResourceType is a resource type as one action takes it.
type ActionResourceType struct{ record *reference.ActionType }

// Type is the resource type. It is of the same service as the action.
func (t ActionResourceType) Type() ResourceType {
	if t.record == nil {
		return ResourceType{}
	}
	return ResourceType{&formats().all[t.record.Type]}
}

// Required tells whether each request for the action names a resource of the
// type. An action with several optional types takes one of them, or several.
//
// Source: Service Authorization Reference, "How to read the tables".
func (t ActionResourceType) Required() bool { return t.record != nil && t.record.Required }

// ConditionKeys goes through the condition keys that can be in the context of a
// request when the action is about this resource type, beside those that the
// action and the type have anyway.
func (t ActionResourceType) ConditionKeys() iter.Seq[ConditionKey] {
	if t.record == nil {
		return keysOf(nil)
	}
	return keysOf(t.record.Keys)
}

// An AccessLevel is the kind of access that an action gives. The zero
// AccessLevel is none.
//
// Source: IAM User Guide, "Access levels in policy summaries".
type AccessLevel uint8

const (
	// List sees that resources exist, without their contents.
	List AccessLevel = iota + 1
	// Read reads the contents of resources.
	Read
	// Write creates, changes and deletes.
	Write
	// PermissionsManagement gives or changes permissions.
	PermissionsManagement
	// Tagging changes tags and nothing else.
	Tagging
)

// String names the level as AWS does, such as "Permissions management".
func (l AccessLevel) String() string {
	switch l {
	case List:
		return "List"
	case Read:
		return "Read"
	case Write:
		return "Write"
	case PermissionsManagement:
		return "Permissions management"
	case Tagging:
		return "Tagging"
	}
	return "unknown access level"
}
