package catalog

import (
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/fold"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/policy/catalog/internal/reference"
)

func (c *checker) condition(s *policy.Statement) {
	for i := range s.Condition {
		written := &s.Condition[i]
		operator, err := written.Operator()
		if err != nil {
			continue // policy.Document.Check reports it
		}
		for j := range written.Keys {
			if c.full() {
				return
			}
			key := written.Keys[j].Key
			path := c.statement + ".Condition." + written.Name.Value + "[" + quote(key.Value) + "]"
			c.conditionKey(operator, key, path)
		}
	}
}

func (c *checker) conditionKey(operator condition.Operator, key policy.Text, path string) {
	prefix, name, found := strings.Cut(key.Value, ":")
	if !found || prefix == "" || name == "" {
		return // policy.Document.Validate reports it
	}
	variants := keyVariants(key.Value)
	if len(variants) == 0 {
		c.unknownKey(prefix, key, path)
		return
	}
	if operator.Type() == condition.NullType {
		return // whether a key is absent can be asked of every key
	}
	c.keyType(operator, variants, key, path)
	multivalued := func(k reference.Key) bool { return k.Multivalued }
	single := func(k reference.Key) bool { return !k.Multivalued }
	switch {
	case operator.Qualifier() == condition.NoQualifier && !slices.ContainsFunc(variants, single):
		c.add(MissingQualifier, key.Position, path, "%s can have several values: write ForAnyValue:%s or ForAllValues:%s",
			quote(key.Value), operator, operator)
	case operator.Qualifier() == condition.ForAllValues && !slices.ContainsFunc(variants, multivalued):
		c.add(ForAllValuesWithSingleValuedKey, key.Position, path, "%s has one value, and under ForAllValues a missing key makes the condition true: remove ForAllValues",
			quote(key.Value))
	}
}

func (c *checker) unknownKey(prefix string, key policy.Text, path string) {
	_, known := LookupService(prefix)
	switch {
	case keyVariants(strings.TrimSuffix(key.Value, "/")+"/x") != nil:
		// Of the three families of aws: policy.Document.Validate reports it.
		if !fold.Equal(prefix, "aws") {
			c.add(policy.MissingTagKeyInCondition, key.Position, path, "%s names no tag: write %s/name", quote(key.Value), strings.TrimSuffix(key.Value, "/"))
		}
	case fold.Equal(prefix, "aws"):
		c.add(InvalidGlobalConditionKey, key.Position, path, "AWS documents no global condition key %s: correct it", quote(key.Value))
	case known || keyPrefixExists(prefix):
		c.add(InvalidServiceConditionKey, key.Position, path, "AWS documents no condition key %s: correct it", quote(key.Value))
	case !strings.ContainsAny(prefix, "./"):
		c.add(InvalidService, key.Position, path, "AWS documents no service or identity provider with the prefix %s: correct it", quote(prefix))
	}
	// The others are the keys of an OpenID Connect provider: its address, and a
	// claim.
}

// keyPrefixExists tells whether there are condition keys with a prefix that is
// not a service, such as saml. Identity providers with a name of their own, such
// as accounts.google.com, may have keys that AWS does not list.
func keyPrefixExists(prefix string) bool {
	if strings.ContainsAny(prefix, "./") {
		return false
	}
	start := prefix + ":"
	all := tables().Keys
	at, _ := slices.BinarySearchFunc(all, start, func(k reference.Key, name string) int {
		return reference.Compare(k.Name, name)
	})
	return at < len(all) && fold.HasPrefix(all[at].Name, start)
}

// keyType compares the type of the operator with those that the key has.
func (c *checker) keyType(operator condition.Operator, variants []reference.Key, key policy.Text, path string) {
	for i := range variants {
		if takes(operator, &variants[i]) {
			if variants[i].Type == condition.ArnType && strings.HasSuffix(operator.Base(), "Like") && operator.Type() == condition.StringType {
				c.add(StringLikeOperatorWithARNConditionKeys, key.Position, path, "the values of %s are ARNs, over whose colons a wildcard of %s runs: use an Arn operator",
					quote(key.Value), operator.Base())
			}
			return
		}
	}
	c.add(policy.TypeMismatch, key.Position, path, "%s is a key of type %s: use an operator of that type in place of %s",
		quote(key.Value), variants[0].Type, operator.Base())
}

// takes tells whether an operator is for the values of a key. ARNs may be
// compared as text, and the value of a tag, whatever the reference calls it, may
// be an ARN. The documentation has aws:EpochTime under both Date and Numeric
// operators.
//
// Source: IAM User Guide, "AWS global condition context keys".
func takes(operator condition.Operator, key *reference.Key) bool {
	switch {
	case operator.Type() == key.Type:
		return true
	case key.Type == condition.ArnType:
		return operator.Type() == condition.StringType
	case key.Type == condition.StringType && keyPattern(key.Name) != key.Name:
		return operator.Type() == condition.ArnType
	case fold.Equal(key.Name, "aws:EpochTime"):
		return operator.Type() == condition.NumericType
	}
	return false
}
