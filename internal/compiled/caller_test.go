package compiled

import "testing"

const account = "111111111111"

var (
	wren       = Caller{Kind: User, ARN: "arn:aws:iam::111111111111:user/wren", Partition: "aws", AccountID: account}
	session    = Caller{Kind: RoleSession, ARN: "arn:aws:sts::111111111111:assumed-role/deploy/s1", Partition: "aws", AccountID: account, Issuer: "deploy"}
	role       = Caller{Kind: RoleSession, Partition: "aws", AccountID: account, Issuer: "deploy"}
	federated  = Caller{Kind: FederatedUser, ARN: "arn:aws:sts::111111111111:federated-user/kiosk", Partition: "aws", AccountID: account, Issuer: "wren"}
	root       = Caller{Kind: Root, ARN: "arn:aws:iam::111111111111:root", Partition: "aws", AccountID: account}
	service    = Caller{Kind: Service, ARN: "sns.amazonaws.com"}
	provider   = Caller{Kind: FederatedProvider, ARN: "cognito-identity.amazonaws.com"}
	deployRole = "arn:aws:iam::111111111111:role/path/deploy"
)

func list(values ...string) *Principals {
	p := new(Principals)
	for at := 0; at < len(values); at += 2 {
		p.Add(values[at], values[at+1])
	}
	return p
}

func TestFormsOfPrincipals(t *testing.T) {
	for _, c := range []struct {
		kind, text string
		want       PrincipalForm
	}{
		{"AWS", account, Account},
		{"AWS", "arn:aws:iam::111111111111:root", Account},
		{"AWS", deployRole, RoleARN},
		{"AWS", wren.ARN, UserARN},
		{"AWS", session.ARN, Exactly},
		{"AWS", federated.ARN, Exactly},
		{"AWS", "arn:aws:iam::111111111111:other", Exactly},
		{"AWS", "arn:aws:iam::111111111111:group/g", Nobody},
		{"AWS", "AIDAIOSFODNN7EXAMPLE", Nobody},
		{"Service", "sns.amazonaws.com", ServiceName},
		{"Service", "*", Nobody},
		{"Federated", "cognito-identity.amazonaws.com", Provider},
		{"Federated", "*", Nobody},
		{"CanonicalUser", "79a59df9", Nobody},
		{"CanonicalUser", "*", Nobody},
	} {
		p := list(c.kind, c.text)
		if len(p.Entries) != 1 || p.Entries[0].Form != c.want || p.Entries[0].Text != c.text || p.Everyone {
			t.Errorf("%s %q: %+v, want the form %d", c.kind, c.text, p, c.want)
		}
	}
	if p := list("AWS", "*"); !p.Everyone || len(p.Entries) != 0 {
		t.Errorf("everyone: %+v", p)
	}
}

func TestGrant(t *testing.T) {
	for name, c := range map[string]struct {
		principals *Principals
		caller     Caller
		want       Grant
	}{
		"everyone, anonymous":              {list("AWS", "*"), Caller{}, DirectGrant},
		"nobody listed":                    {list(), wren, NoGrant},
		"anonymous":                        {list("AWS", account), Caller{}, NoGrant},
		"user":                             {list("AWS", wren.ARN), wren, DirectGrant},
		"user, another":                    {list("AWS", wren.ARN+"s"), wren, NoGrant},
		"user, as a session":               {list("AWS", wren.ARN), Caller{Kind: RoleSession, ARN: wren.ARN, AccountID: account, Partition: "aws"}, NoGrant},
		"user, its account":                {list("AWS", account), wren, AccountGrant},
		"user, its root":                   {list("AWS", root.ARN), wren, AccountGrant},
		"user, another account":            {list("AWS", "111111111112"), wren, NoGrant},
		"user, another partition":          {list("AWS", "arn:aws-cn:iam::111111111111:root"), wren, NoGrant},
		"user, account then itself":        {list("AWS", account, "AWS", wren.ARN), wren, DirectGrant},
		"user, itself then account":        {list("AWS", wren.ARN, "AWS", account), wren, DirectGrant},
		"user by unique id":                {list("AWS", "AIDAIOSFODNN7EXAMPLE"), Caller{Kind: User, ARN: "AIDAIOSFODNN7EXAMPLE"}, NoGrant},
		"session":                          {list("AWS", session.ARN), session, DirectGrant},
		"session, another":                 {list("AWS", session.ARN+"0"), session, NoGrant},
		"session, its role":                {list("AWS", deployRole), session, IssuerGrant},
		"session, role of another name":    {list("AWS", deployRole+"s"), session, NoGrant},
		"session, role in another account": {list("AWS", "arn:aws:iam::111111111112:role/deploy"), session, NoGrant},
		"session, role, partition":         {list("AWS", "arn:aws-cn:iam::111111111111:role/deploy"), session, NoGrant},
		"session, user of that name":       {list("AWS", "arn:aws:iam::111111111111:user/deploy"), session, NoGrant},
		"session, account and role":        {list("AWS", account, "AWS", deployRole), session, IssuerGrant},
		"user of the name of a role":       {list("AWS", "arn:aws:iam::111111111111:role/wren"), Caller{Kind: User, ARN: wren.ARN, Partition: "aws", AccountID: account, Issuer: "wren"}, NoGrant},
		"federated user":                   {list("AWS", federated.ARN), federated, DirectGrant},
		"federated user, its user":         {list("AWS", wren.ARN), federated, IssuerGrant},
		"federated user, another user":     {list("AWS", wren.ARN+"s"), federated, NoGrant},
		"root":                             {list("AWS", root.ARN), root, DirectGrant},
		"root, account id":                 {list("AWS", account), root, DirectGrant},
		"root of another account":          {list("AWS", "111111111112"), root, NoGrant},
		"service":                          {list("Service", "sns.amazonaws.com"), service, DirectGrant},
		"service, another":                 {list("Service", "sqs.amazonaws.com"), service, NoGrant},
		"service as a provider":            {list("Federated", "sns.amazonaws.com"), service, NoGrant},
		"service, account":                 {list("AWS", account), service, NoGrant},
		"provider":                         {list("Federated", "cognito-identity.amazonaws.com"), provider, DirectGrant},
		"provider, another":                {list("Federated", "accounts.google.com"), provider, NoGrant},
		"provider as a service":            {list("Service", "cognito-identity.amazonaws.com"), provider, NoGrant},
		"canonical user":                   {list("CanonicalUser", wren.ARN), wren, NoGrant},
		"service of the ARN of a user":     {list("Service", wren.ARN), wren, NoGrant},
	} {
		if got := c.principals.Grant(&c.caller); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// TestNotPrincipal: a Deny spares only whom the list names in every way in
// which the caller can be named, an Allow passes only whom it names in none.
func TestNotPrincipal(t *testing.T) {
	bounded := wren
	bounded.Bounded = true
	for name, c := range map[string]struct {
		principals *Principals
		caller     Caller
		hits       bool
		passes     bool
	}{
		"nobody listed":              {list(), wren, true, true},
		"everyone":                   {list("AWS", "*"), wren, false, false},
		"everyone, bounded":          {list("AWS", "*"), bounded, false, false},
		"everyone and a name":        {list("AWS", "*", "AWS", wren.ARN), session, false, false},
		"anonymous":                  {list("AWS", account), Caller{}, true, true},
		"user and account":           {list("AWS", wren.ARN, "AWS", account), wren, false, false},
		"bounded":                    {list("AWS", wren.ARN, "AWS", account), bounded, true, false},
		"user alone":                 {list("AWS", wren.ARN), wren, true, false},
		"user, account alone":        {list("AWS", account), wren, true, false},
		"session, all":               {list("AWS", session.ARN, "AWS", deployRole, "AWS", account), session, false, false},
		"session, no session":        {list("AWS", deployRole, "AWS", account), session, true, false},
		"session, no role":           {list("AWS", session.ARN, "AWS", account), session, true, false},
		"session, no account":        {list("AWS", session.ARN, "AWS", deployRole), session, true, false},
		"session, role alone":        {list("AWS", deployRole), session, true, false},
		"session, session alone":     {list("AWS", session.ARN), session, true, false},
		"session, account alone":     {list("AWS", account), session, true, false},
		"role, role and account":     {list("AWS", deployRole, "AWS", account), role, false, false},
		"role, account alone":        {list("AWS", account), role, true, false},
		"role, role alone":           {list("AWS", deployRole), role, true, false},
		"federated, all":             {list("AWS", federated.ARN, "AWS", wren.ARN, "AWS", account), federated, false, false},
		"federated, not itself":      {list("AWS", wren.ARN, "AWS", account), federated, true, false},
		"federated, not its user":    {list("AWS", federated.ARN, "AWS", account), federated, true, false},
		"federated, not its account": {list("AWS", federated.ARN, "AWS", wren.ARN), federated, true, false},
		"root":                       {list("AWS", account), root, false, false},
		"root, another":              {list("AWS", "111111111112"), root, true, true},
		"service":                    {list("Service", "sns.amazonaws.com"), service, false, false},
		"service, another":           {list("Service", "sqs.amazonaws.com"), service, true, true},
		"provider":                   {list("Federated", "cognito-identity.amazonaws.com"), provider, false, false},
		"provider, another":          {list("Federated", "accounts.google.com"), provider, true, true},
		"several that are not it":    {list("AWS", "AIDA", "CanonicalUser", "x", "AWS", "111111111112"), session, true, true},
	} {
		if got := c.principals.Hits(&c.caller); got != c.hits {
			t.Errorf("%s: a Deny hits: %v", name, got)
		}
		if got := c.principals.Passes(&c.caller); got != c.passes {
			t.Errorf("%s: an Allow passes: %v", name, got)
		}
	}
}
