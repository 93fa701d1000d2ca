package catalog

import (
	"cmp"
	"iter"
	"slices"

	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// A ResourceType is a type of resource as a service defines it for its actions.
type ResourceType struct{ record *resourceType }

// Name is the name of the type, which is unique in its service, such as
// "bucket".
func (t ResourceType) Name() string {
	if t.record == nil {
		return ""
	}
	return t.record.Name
}

// String is the service prefix and the name, such as "s3 bucket".
func (t ResourceType) String() string {
	if t.record == nil {
		return ""
	}
	return t.Service().Prefix() + " " + t.Name()
}

// Service is the service whose actions take the type.
func (t ResourceType) Service() Service {
	if t.record == nil {
		return Service{}
	}
	return Service{&tables().Services[t.record.Service]}
}

// ARNFormat is what the ARNs of the type look like, such as
// "arn:${Partition}:s3:::${BucketName}". The service in it need not be the
// service of the type: some actions are about resources of others.
func (t ResourceType) ARNFormat() string {
	if t.record == nil {
		return ""
	}
	return t.record.Format
}

// ConditionKeys goes through the condition keys that can be in the context of a
// request about a resource of the type, by name.
func (t ResourceType) ConditionKeys() iter.Seq[ConditionKey] {
	if t.record == nil {
		return keysOf(nil)
	}
	return keysOf(t.record.Keys)
}

// MatchesARN tells whether an ARN names a resource of this type, as far as its
// text can tell: whether the type is among [ResourceTypesOf] it. It does not
// tell whether there is such a resource.
func (t ResourceType) MatchesARN(arn string) bool {
	if t.record == nil {
		return false
	}
	name, ok := cutARN(arn)
	if !ok || !t.record.fits(&name) {
		return false
	}
	fitting := formats().fitting(&name)
	return slices.Contains(fitting, t.record) && t.record.named(&name, fitting)
}

// cutARN cuts an ARN at its colons. "*" is none.
func cutARN(arn string) (wildcard.Name, bool) {
	name, ok := wildcard.CutName(arn)
	return name, ok && !name.All()
}

// ResourceTypesOf gives the resource types of all services that an ARN may be
// of, by service and name. It is nil for what is not an ARN of six parts, "*"
// included, and for one that fits no format.
//
// A placeholder of a format stands for any text that is not empty, without
// colons in front of the fifth colon of the ARN. Behind it colons and slashes
// may belong to a name, and the reference does not say where: an object of
// Amazon S3 and the path of a role have slashes, the name of a bucket has not.
// So an ARN may fit several formats, and then those count that say more: of the
// formats of one service, one is left out if another that fits is narrower, that
// is, if it fits part of the same ARNs only. "arn:aws:s3:::nest/egg.jpg" fits
// both arn:${Partition}:s3:::${BucketName} and
// arn:${Partition}:s3:::${BucketName}/${ObjectName}; it is an object. The formats
// of the service that the ARN names also narrow those of other services, and a
// format in which the service is a placeholder, as AWS Backup has one, counts
// only if no other fits. Types whose formats are the same, or only overlap, as
// those of a version and an alias of a function do, cannot be told apart, and all
// of them are given.
//
// Wildcards in the ARN are ordinary characters: "arn:aws:s3:::nest/*" is an
// object, and "arn:aws:s3:::*" is a bucket.
//
// The cost is that of matching the ARN with each format of the service that it
// names, some hundred at most, linear in its length.
//
// Source: Service Authorization Reference, "How to read the tables", "Resource
// types table".
func ResourceTypesOf(arn string) []ResourceType {
	name, ok := cutARN(arn)
	if !ok {
		return nil
	}
	var types []ResourceType
	for _, t := range namedTypes(&name) {
		types = append(types, ResourceType{t})
	}
	return types
}

// namedTypes gives the types that the ARN may name, in the order of the
// reference.
func namedTypes(name *wildcard.Name) []*resourceType {
	fitting := formats().fitting(name)
	named := slices.Clone(fitting)
	named = slices.DeleteFunc(named, func(t *resourceType) bool { return !t.named(name, fitting) })
	slices.SortFunc(named, func(a, b *resourceType) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), reference.Compare(a.Name, b.Name))
	})
	return named
}

// ActionsOn gives the actions that can be asked on a resource, in the order of
// Actions: those that take one of the types that are [ResourceTypesOf] the ARN.
// For "*" it gives the actions without resource types, which cannot be asked on
// anything else. It is nil where nothing can be asked.
//
// It costs a walk over the actions of the services that have such a type, some
// microseconds each.
func ActionsOn(resource string) []Action {
	if resource == "*" {
		return actionsWithoutTypes()
	}
	name, ok := cutARN(resource)
	if !ok {
		return nil
	}
	r, all := tables(), formats().all
	named := namedTypes(&name)
	var on []Action
	for i, t := range named {
		if i > 0 && t.Service == named[i-1].Service {
			continue
		}
		service := &r.Services[t.Service]
		for at := service.Actions.First; at < service.Actions.End; at++ {
			action := &r.Actions[at]
			if slices.ContainsFunc(action.Types, func(taken reference.ActionType) bool {
				return slices.Contains(named, &all[taken.Type])
			}) {
				on = append(on, Action{action})
			}
		}
	}
	return on
}

func actionsWithoutTypes() []Action {
	var without []Action
	for action := range Actions() {
		if !action.HasResourceTypes() {
			without = append(without, action)
		}
	}
	return without
}
