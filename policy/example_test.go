package policy_test

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/portcullis-iam/portcullis/policy"
)

// Every value of a document knows where it stands.
func ExampleParse() {
	document, err := policy.Parse(policy.IdentityBased, []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow",
    "Action": ["s3:GetObject", "s3:PutObject"],
    "Resource": "arn:aws:s3:::reports/*"
  }
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, statement := range document.Statements {
		for _, action := range statement.Action.Values {
			fmt.Println(action.Position, statement.Effect, action.Value)
		}
	}
	// Output:
	// 5:16 Allow s3:GetObject
	// 5:32 Allow s3:PutObject
}

// A bad document gives all its errors at once.
func ExampleParse_errors() {
	_, err := policy.Parse(policy.IdentityBased, []byte(`{
  "Statement": [{
    "Effect": "allow",
    "Action": "GetObject"
  }]
}`))
	fmt.Println(err)
	var first *policy.Error
	if errors.As(err, &first) && first.Code == policy.MissingResource {
		fmt.Println("The first one is in line", first.Position.Line)
	}
	// Output:
	// 2:17: Statement[0]: a statement of an identity-based policy needs Resource or NotResource: add one, if only "*" (MISSING_RESOURCE)
	// 3:15: Statement[0].Effect: Effect is "allow": write "Allow" or "Deny" (INVALID_EFFECT)
	// 4:15: Statement[0].Action: "GetObject" is not an action: write "*" or the prefix of the service, a colon and a name, such as "s3:GetObject" (INVALID_ACTION_FORMAT)
	// The first one is in line 2
}

// The kind says which elements a document may have.
func ExampleKind() {
	text := []byte(`{"Statement": {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}}`)
	for _, kind := range []policy.Kind{policy.RoleTrust, policy.IdentityBased} {
		_, err := policy.Parse(kind, text)
		fmt.Printf("%v: %v\n", kind, err)
	}
	// Output:
	// role trust policy: <nil>
	// identity-based policy: 1:15: Statement: a statement of an identity-based policy needs Resource or NotResource: add one, if only "*" (MISSING_RESOURCE)
	// 1:48: Statement.Principal: an identity-based policy takes no Principal: it applies to whom it is attached to; remove it (UNSUPPORTED_PRINCIPAL)
}

// A document can be built in code, checked and written.
func ExampleDocument_MarshalJSON() {
	document := &policy.Document{
		Kind:    policy.IdentityBased,
		Version: policy.Text{Value: policy.Version2012},
		Statements: []policy.Statement{{
			Effect:   policy.Deny,
			Action:   policy.StringsOf("*"),
			Resource: policy.StringsOf("*"),
			Condition: []policy.ConditionOperator{{
				Name: policy.Text{Value: "Bool"},
				Keys: []policy.ConditionKey{{
					Key:    policy.Text{Value: "aws:SecureTransport"},
					Values: []policy.ConditionValue{{Value: "false", Type: policy.BooleanValue}},
					Single: true,
				}},
			}},
		}},
	}
	if err := document.Check(); err != nil {
		fmt.Println(err)
		return
	}
	text, err := json.MarshalIndent(document, "", "  ")
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(string(text))
	// Output:
	// {
	//   "Version": "2012-10-17",
	//   "Statement": [
	//     {
	//       "Effect": "Deny",
	//       "Action": "*",
	//       "Resource": "*",
	//       "Condition": {
	//         "Bool": {
	//           "aws:SecureTransport": false
	//         }
	//       }
	//     }
	//   ]
	// }
}

// Check finds in a document built in code what Parse finds in a text.
func ExampleDocument_Check() {
	document := &policy.Document{Kind: policy.RoleTrust, Statements: []policy.Statement{{
		Effect:    policy.Allow,
		Principal: &policy.Principals{Everyone: true},
		Action:    policy.StringsOf("sts:AssumeRole"),
		Resource:  policy.StringsOf("*"),
	}}}
	fmt.Println(document.Check())
	// Output: Statement[0].Resource: a role trust policy takes no Resource: the resource is the role; remove it (ROLE_TRUST_POLICY_SYNTAX_ERROR_RESOURCE)
}

// Validate reports what AWS saves, but what is probably not meant.
func ExampleDocument_Validate() {
	document, err := policy.Parse(policy.IdentityBased, []byte(`{
  "Version": "2012-10-17",
  "Statement": {
    "Effect": "Allow", "Action": "ec2:*", "Resource": "*",
    "Condition": {
      "StringEquals": {"aws:ResourceTag/project": "atlas-*"},
      "IpAddress": {"aws:SourceIp": "203.0.113"}
    }
  }
}`))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, finding := range document.Validate() {
		fmt.Println(finding.Severity, finding.Position, finding.Code)
	}
	// Output:
	// WARNING 6:51 WILDCARD_WITHOUT_LIKE_OPERATOR
	// ERROR 7:37 TYPE_MISMATCH_IP_RANGE
}

// Documents that are written differently can say the same.
func ExampleEqual() {
	a, errA := policy.Parse(policy.IdentityBased, []byte(`{"Statement": {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}}`))
	b, errB := policy.Parse(policy.IdentityBased, []byte(`{"Version": "2008-10-17", "Statement": [{"Resource": ["*"], "Action": ["S3:getobject"], "Effect": "Allow"}]}`))
	fmt.Println(errA, errB, policy.Equal(a, b))
	// Output: <nil> <nil> true
}
