package workload

import (
	"fmt"
	"strings"
)

var (
	sourceIPs = []string{"10.1.2.3", "10.20.30.40", "192.168.7.9", "172.20.1.1", "203.0.113.77", "198.51.100.5", "8.8.8.8", "100.70.1.2"}
	// secureTransports makes one request in four come without TLS.
	secureTransports = []string{"true", "true", "true", "false"}
)

// namedRequests returns the requests of [Set.Named] of W2 to W4.
func namedRequests() []Request {
	context := func(sourceIP, secureTransport string) map[string]Strings {
		return map[string]Strings{keyTeam: {"zulu"}, keySourceIP: {sourceIP}, keySecureTransport: {secureTransport}, keyUsername: {"alice"}}
	}
	return []Request{
		{Name: RequestAllow, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-prod-zulu-0001/2024/09/late/report-17.csv", Context: context("10.1.2.3", "true"), Expect: Allow},
		{Name: RequestExplicitDeny, Action: "s3:DeleteObject", Resource: "arn:aws:s3:::acme-prod-zulu-0002/some/dir/file-00042.json", Context: context("10.1.2.3", "false"), Expect: ExplicitDeny},
		{Name: RequestImplicitDeny, Action: "s3:GetObject", Resource: "arn:aws:s3:::acme-prod-zulu-0001/2024/09/late/report-17.parquet", Context: context("10.1.2.3", "true"), Expect: ImplicitDeny},
		{Name: RequestImplicitDenyFar, Action: "s3:RestoreObject", Resource: "arn:aws:s3:::zenith-private/keys/root.pem", Context: context("8.8.8.8", "true"), Expect: ImplicitDeny},
	}
}

// mixRequest makes a request that is near a random statement of policies: most
// fit it, some miss it by the action, the resource or a condition.
func (r *random) mixRequest(policies []Policy) Request {
	p := policies[r.below(len(policies))]
	st := p.Statement[r.below(len(p.Statement))]
	// The draws of this function come in a fixed order: another one would be
	// another workload.
	team, sourceIP := r.pick(teams), r.pick(sourceIPs)
	secureTransport, username := r.pick(secureTransports), r.pick(teams)
	action := r.pick(st.Action)
	resource := r.pick(st.Resource)
	if strings.ContainsAny(action, "*?") || r.percent(15) {
		action = r.concreteAction(action)
	}
	resource = r.fill(resource, username)
	if r.percent(15) {
		resource = strings.Replace(resource, "-00", "-09", 1)
	}
	if v := st.Condition["StringEquals"][keyTeam]; len(v) > 0 && r.percent(70) {
		team = v[0]
	}
	if v := st.Condition["Bool"][keySecureTransport]; len(v) > 0 && r.percent(70) {
		secureTransport = v[0]
	}
	return Request{Action: action, Resource: resource, Context: map[string]Strings{
		keyTeam: {team}, keySourceIP: {sourceIP}, keySecureTransport: {secureTransport}, keyUsername: {username}}}
}

// concreteAction returns an action of the service of pattern, one that matches
// pattern if twenty tries find any.
func (r *random) concreteAction(pattern string) string {
	service, _, _ := strings.Cut(pattern, ":")
	list, ok := multiActions[service]
	if !ok {
		list = s3Actions
	}
	action := r.pick(list)
	for range 20 {
		if c := r.pick(list); Match(pattern, c) {
			return c
		}
	}
	return action
}

// fill replaces the wildcards and the variable of a pattern by plausible text.
func (r *random) fill(pattern, username string) string {
	pattern = strings.ReplaceAll(pattern, "${aws:username}", username)
	var b strings.Builder
	for i := 0; i < len(pattern); i++ {
		switch {
		case pattern[i] == '*' && i > 0 && pattern[i-1] == '/':
			fmt.Fprintf(&b, "2024/%02d/part-%04d", 1+r.below(12), r.below(10000))
		case pattern[i] == '*':
			fmt.Fprintf(&b, "%02d", r.below(100))
		case pattern[i] == '?':
			fmt.Fprintf(&b, "%d", r.below(10))
		default:
			b.WriteByte(pattern[i])
		}
	}
	return b.String()
}
