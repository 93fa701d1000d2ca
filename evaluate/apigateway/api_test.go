package apigateway_test

import (
	"errors"
	"testing"

	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/apigateway"
	"github.com/portcullis-iam/portcullis/policy"
	"github.com/portcullis-iam/portcullis/principal"
)

func TestNew(t *testing.T) {
	trust, err := policy.Load(policy.RoleTrust, []byte(`{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}}`))
	if err != nil {
		t.Fatal(err)
	}
	var wrong *apigateway.APIError
	for _, one := range []struct {
		resource *principal.Resource
		target   any
	}{
		{nil, &wrong},
		{new(principal.Resource), &wrong},
		{&principal.Resource{ARN: "*"}, &wrong},
		{&principal.Resource{ARN: "arn:aws:s3:::a1b2c3d4e5", AccountID: owner}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1::a1b2c3d4e5", AccountID: owner}, &wrong},
		{&principal.Resource{ARN: apiARN, AccountID: partner}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1:111122223333:"}, &wrong},
		{&principal.Resource{ARN: "arn:aws:execute-api:eu-west-1:111122223333:*"}, &wrong},
		{&principal.Resource{ARN: apiARN, Policy: &principal.Attachment{Policy: trust}}, new(*evaluate.LayerError)},
		{&principal.Resource{ARN: apiARN, Policy: new(principal.Attachment)}, new(*evaluate.LayerError)},
		{&principal.Resource{ARN: apiARN, ControlLevels: []principal.Level{{Policies: []principal.Attachment{{Policy: trust}}}}}, new(*evaluate.LayerError)},
	} {
		if api, err := apigateway.New(one.resource); api != nil || !errors.As(err, one.target) || err.Error() == "" {
			t.Errorf("%+v: %v, %v", one.resource, api, err)
		}
	}
	// A method stands for its API.
	api, err := apigateway.New(&principal.Resource{ARN: getPets.ARN()})
	if err != nil {
		t.Fatal(err)
	}
	if got := api.AuthorizeOpen(&apigateway.Request{Method: apigateway.Method{Partition: "aws", Region: "eu-west-1", AccountID: owner, APIID: "a1b2c3d4e5", Stage: "dev", HTTPMethod: "POST"}}); !got.Allowed() {
		t.Error(got)
	}
}
