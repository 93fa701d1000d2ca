package catalog

import (
	"cmp"
	"iter"
	"slices"
	"strings"
	"sync"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/wildcard"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

// A ConditionKey is a condition key, or a family of them whose names have a
// variable part, as aws:RequestTag/${TagKey} has.
//
// One key may be documented by many services. It is one ConditionKey then,
// except where they disagree about its type.
type ConditionKey struct{ record *reference.Key }

// GlobalConditionKeys goes through the global condition keys, by name: those
// that AWS itself, and not the service that is called, puts into the context.
// Most begin with "aws:"; a few, such as lambda:SourceFunctionArn, do not.
//
// Source: IAM User Guide, "AWS global condition context keys".
func GlobalConditionKeys() iter.Seq[ConditionKey] {
	return func(yield func(ConditionKey) bool) {
		all := tables().Keys
		for i := range all {
			if all[i].Global && !yield(ConditionKey{&all[i]}) {
				return
			}
		}
	}
}

func keysOf(numbers []uint16) iter.Seq[ConditionKey] {
	return func(yield func(ConditionKey) bool) {
		all := tables().Keys
		for _, number := range numbers {
			if !yield(ConditionKey{&all[number]}) {
				return
			}
		}
	}
}

// LookupConditionKey finds a condition key by its name as it stands in a policy,
// in any letter case: "aws:sourceip", "aws:RequestTag/team". A name that fits
// several families is of the one with the most constant text. Where services
// disagree about the type of a key, the global one is found, else the first.
//
// Keys of OpenID Connect providers that AWS does not list, such as
// "oidc.example.com:sub", are not found.
//
// It is a binary search, then a match with each of a hundred families. Nothing
// is allocated.
func LookupConditionKey(name string) (ConditionKey, bool) {
	variants := keyVariants(name)
	if len(variants) == 0 {
		return ConditionKey{}, false
	}
	for i := range variants {
		if variants[i].Global {
			return ConditionKey{&variants[i]}, true
		}
	}
	return ConditionKey{&variants[0]}, true
}

// keyVariants gives the keys that a name in a policy is of: more than one where
// services disagree about the type.
func keyVariants(name string) []reference.Key {
	if variants := keysNamed(name); len(variants) > 0 {
		return variants
	}
	for _, family := range keyFamilies() {
		if family.pattern.MatchFold(name) {
			return keysNamed(family.name)
		}
	}
	return nil
}

// keysNamed gives the keys that have exactly this name, but for case.
func keysNamed(name string) []reference.Key {
	all := tables().Keys
	byName := func(k reference.Key, name string) int { return reference.Compare(k.Name, name) }
	first, found := slices.BinarySearchFunc(all, name, byName)
	if !found {
		return nil
	}
	end := first + 1
	for end < len(all) && byName(all[end], name) == 0 {
		end++
	}
	return all[first:end]
}

// A keyFamily is a condition key whose name has a variable part.
type keyFamily struct {
	name    string
	pattern wildcard.Pattern
}

// keyFamilies gives the families, those with the most constant text first.
var keyFamilies = sync.OnceValue(func() []keyFamily {
	var families []keyFamily
	for _, key := range tables().Keys {
		if pattern := keyPattern(key.Name); pattern != key.Name && (len(families) == 0 || families[len(families)-1].name != key.Name) {
			families = append(families, keyFamily{key.Name, wildcard.Compile(pattern)})
		}
	}
	constant := func(f keyFamily) int {
		return len(f.pattern.Text()) - 2*strings.Count(f.pattern.Text(), "?")
	}
	slices.SortStableFunc(families, func(a, b keyFamily) int { return cmp.Compare(constant(b), constant(a)) })
	return families
})

// keyPattern makes a pattern of the name of a key, which is the name itself if it
// has no variable part. Besides placeholders there are names that end in
// "/tag-key", or just in a slash.
func keyPattern(name string) string {
	if family, ok := strings.CutSuffix(name, "/tag-key"); ok {
		return family + "/?*"
	}
	if strings.HasSuffix(name, "/") {
		return name + "?*"
	}
	return placeholders(name)
}

// placeholders makes a pattern of a name or ARN format of the reference. What
// stands between ${ and }, or between < and >, is a placeholder for any text
// that is not empty.
func placeholders(text string) string {
	var pattern strings.Builder
	for text != "" {
		start := strings.IndexAny(text, "$<")
		if start < 0 {
			break
		}
		opening, closing := "${", "}"
		if text[start] == '<' {
			opening, closing = "<", ">"
		}
		end := strings.Index(text[start:], closing)
		if !strings.HasPrefix(text[start:], opening) || end < 0 {
			pattern.WriteString(text[:start+1])
			text = text[start+1:]
			continue
		}
		pattern.WriteString(text[:start] + "?*")
		text = text[start+end+1:]
	}
	return pattern.String() + text
}

// Name is the name in the spelling of AWS, such as "aws:SourceIp". A variable
// part is written as AWS does: "aws:RequestTag/${TagKey}",
// "s3:ExistingObjectTag/<key>", "ssm:resourceTag/tag-key".
func (k ConditionKey) Name() string {
	if k.record == nil {
		return ""
	}
	return k.record.Name
}

// String is the name.
func (k ConditionKey) String() string { return k.Name() }

// Description says what the key filters by. Of the descriptions of several
// services it is that of the service whose prefix the key has, if there is one.
// Most global keys have none.
func (k ConditionKey) Description() string {
	if k.record == nil {
		return ""
	}
	all := tables().Keys
	first, _ := slices.BinarySearchFunc(all, k.record.Name, func(k reference.Key, name string) int {
		return reference.Compare(k.Name, name)
	})
	for first < len(all) && &all[first] != k.record {
		first++
	}
	return descriptions().Key(first)
}

// Type is the type of the key's values, of each of them if there are many: one
// of String, Numeric, Date, Bool, Address and Arn. The reference gives no type
// to key aws:EpochTime but Date; Numeric operators work with it as well.
func (k ConditionKey) Type() condition.ValueType {
	if k.record == nil {
		return 0
	}
	return k.record.Type
}

// Multivalued tells whether the key can have several values in one request, so
// that operators need ForAllValues or ForAnyValue.
//
// Source: IAM User Guide, "Single-valued vs. multivalued context keys".
func (k ConditionKey) Multivalued() bool { return k.record != nil && k.record.Multivalued }

// Global tells whether the key is among [GlobalConditionKeys].
func (k ConditionKey) Global() bool { return k.record != nil && k.record.Global }
