package httpguard_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/evaluate"
	"github.com/portcullis-iam/portcullis/evaluate/httpguard"
)

// Which condition keys follow from a connection. Headers count from trusted
// proxies alone.
func TestConnection(t *testing.T) {
	header := func(pairs ...string) http.Header {
		h := http.Header{}
		for at := 0; at < len(pairs); at += 2 {
			h.Add(pairs[at], pairs[at+1])
		}
		return h
	}
	const forwarded, proto = "X-Forwarded-For", "X-Forwarded-Proto"
	for name, c := range map[string]struct {
		remote string
		tls    bool
		header http.Header
		// The values of aws:SourceIp, aws:SecureTransport, aws:UserAgent,
		// aws:referer; "-" is an absent key. If there is only one, it is the
		// status of the answer.
		want []string
	}{
		"IPv4":                              {"192.0.2.7:4711", false, nil, []string{"192.0.2.7", "false", "-", "-"}},
		"IPv6":                              {"[2001:db8::7]:4711", false, nil, []string{"2001:db8::7", "false", "-", "-"}},
		"IPv4 at a listener for both":       {"[::ffff:192.0.2.7]:4711", false, nil, []string{"192.0.2.7", "false", "-", "-"}},
		"IPv6 with a zone":                  {"[fe80::7%eth0]:4711", false, nil, []string{"fe80::7", "false", "-", "-"}},
		"a Unix socket":                     {"@", false, nil, []string{"-", "false", "-", "-"}},
		"nothing":                           {"", false, nil, []string{"-", "false", "-", "-"}},
		"TLS":                               {"192.0.2.7:4711", true, nil, []string{"192.0.2.7", "true", "-", "-"}},
		"headers":                           {"192.0.2.7:4711", false, header("User-Agent", "curl/8", "Referer", "https://example.com/"), []string{"192.0.2.7", "false", "curl/8", "https://example.com/"}},
		"empty headers":                     {"192.0.2.7:4711", false, header("User-Agent", "", "Referer", ""), []string{"192.0.2.7", "false", "-", "-"}},
		"a header of anybody":               {"192.0.2.7:4711", false, header(forwarded, "10.1.2.3", proto, "https"), []string{"192.0.2.7", "false", "-", "-"}},
		"other headers of anybody":          {"192.0.2.7:4711", false, header("X-Real-Ip", "10.1.2.3", "Forwarded", "for=10.1.2.3;proto=https", "True-Client-Ip", "10.1.2.3"), []string{"192.0.2.7", "false", "-", "-"}},
		"a proxy":                           {"10.0.0.1:4711", false, header(forwarded, "192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"a proxy, IPv6":                     {"[fd00::1]:4711", false, header(forwarded, "2001:db8::7"), []string{"2001:db8::7", "false", "-", "-"}},
		"a proxy for itself":                {"10.0.0.1:4711", false, nil, []string{"10.0.0.1", "false", "-", "-"}},
		"a proxy in front of a proxy":       {"10.0.0.1:4711", false, header(forwarded, "192.0.2.7, 10.0.0.2"), []string{"192.0.2.7", "false", "-", "-"}},
		"a client that writes the header":   {"10.0.0.1:4711", false, header(forwarded, "127.0.0.1, 192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"a client that claims to be one":    {"10.0.0.1:4711", false, header(forwarded, "10.9.9.9, 192.0.2.7, 10.0.0.2"), []string{"192.0.2.7", "false", "-", "-"}},
		"nonsense of the client":            {"10.0.0.1:4711", false, header(forwarded, "',-- , 192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"several headers":                   {"10.0.0.1:4711", false, header(forwarded, "127.0.0.1", forwarded, "192.0.2.7, 10.0.0.2"), []string{"192.0.2.7", "false", "-", "-"}},
		"the client wrote another header":   {"10.0.0.1:4711", false, header(forwarded, "127.0.0.1", forwarded, "192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"only proxies":                      {"10.0.0.1:4711", false, header(forwarded, "10.0.0.3,10.0.0.2"), []string{"10.0.0.3", "false", "-", "-"}},
		"a port":                            {"10.0.0.1:4711", false, header(forwarded, "192.0.2.7:1234"), []string{"192.0.2.7", "false", "-", "-"}},
		"nonsense of the proxy":             {"10.0.0.1:4711", false, header(forwarded, "192.0.2.7, unknown"), []string{"500"}},
		"an empty entry of the proxy":       {"10.0.0.1:4711", false, header(forwarded, "192.0.2.7,"), []string{"500"}},
		"an empty header of the proxy":      {"10.0.0.1:4711", false, header(forwarded, ""), []string{"500"}},
		"the proxy had TLS":                 {"10.0.0.1:4711", false, header(proto, "https"), []string{"10.0.0.1", "true", "-", "-"}},
		"the proxy had TLS, in capitals":    {"10.0.0.1:4711", false, header(proto, "HTTPS"), []string{"10.0.0.1", "true", "-", "-"}},
		"the proxy had none":                {"10.0.0.1:4711", true, header(proto, "http"), []string{"10.0.0.1", "false", "-", "-"}},
		"the client says TLS, proxy not":    {"10.0.0.1:4711", false, header(proto, "https", proto, "http"), []string{"10.0.0.1", "false", "-", "-"}},
		"a list of schemes":                 {"10.0.0.1:4711", false, header(proto, "https,http"), []string{"10.0.0.1", "false", "-", "-"}},
		"the proxy's own TLS says nothing":  {"10.0.0.1:4711", true, nil, []string{"10.0.0.1", "true", "-", "-"}},
		"a proxy at a listener for both":    {"[::ffff:10.0.0.1]:4711", false, header(forwarded, "::ffff:192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"a header in another letter case":   {"10.0.0.1:4711", false, header("x-forwarded-for", "192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"zones and letters in the header":   {"10.0.0.1:4711", false, header(forwarded, "fe80::7%eth0"), []string{"fe80::7", "false", "-", "-"}},
		"an address that is no prefix's":    {"10.255.0.1:4711", false, header(forwarded, "192.0.2.7"), []string{"192.0.2.7", "false", "-", "-"}},
		"an address beside the last prefix": {"11.0.0.1:4711", false, header(forwarded, "192.0.2.7"), []string{"11.0.0.1", "false", "-", "-"}},
	} {
		var got []string
		s := snapshot(t, "", map[string]string{"wren": statement("Allow", "*", "")})
		guard := httpguard.Guard{
			Caller:         always(evaluator(t, s, "wren")),
			TrustedProxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")},
			Target: func(_ *http.Request, q *evaluate.Request) error {
				for _, key := range []string{"aws:SourceIp", "aws:SecureTransport", "aws:UserAgent", "aws:Referer"} {
					value, found := q.Context.Lookup(key)
					if !found {
						value = condition.String("-")
					}
					got = append(got, value.Text())
				}
				return q.Set("execute-api:Invoke", prod+"GET/", "")
			},
		}
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.TLS = c.remote, nil
		if c.tls {
			r.TLS = new(tls.ConnectionState)
		}
		if c.header != nil {
			r.Header = c.header
		}
		if w := serve(&guard, new(reached), r); w.Code != 200 {
			got = []string{fmt.Sprint(w.Code)}
		}
		if fmt.Sprint(got) != fmt.Sprint(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Prefixes count however they are written, and are those of the moment of Wrap.
func TestTrustedProxies(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "*", `, "Condition": {"IpAddress": {"aws:SourceIp": "192.0.2.7"}}`)})
	for prefix, status := range map[string]int{
		"10.0.0.0/8": 200, "::ffff:10.0.0.0/104": 200, "::ffff:10.0.0.1/128": 200, "::ffff:11.0.0.0/104": 403,
		"::/0": 403, "::ffff:0:0/95": 403, // both are about IPv6 addresses
	} {
		prefixes := []netip.Prefix{netip.MustParsePrefix(prefix)}
		guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api), TrustedProxies: prefixes}
		wrapped := guard.Wrap(new(reached))
		prefixes[0] = netip.MustParsePrefix("0.0.0.0/0")
		r := httptest.NewRequest("GET", "/", nil)
		r.RemoteAddr, r.Header = "10.0.0.1:1", http.Header{"X-Forwarded-For": {"192.0.2.7"}}
		w := httptest.NewRecorder()
		wrapped.ServeHTTP(w, r)
		if w.Code != status {
			t.Errorf("%s: status %d, want %d", prefix, w.Code, status)
		}
	}
}

// A policy about addresses decides by the connection, whatever a client writes.
func TestSourceIPCannotBeForged(t *testing.T) {
	s := snapshot(t, "", map[string]string{"wren": statement("Allow", "*", `, "Condition": {"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}, "Bool": {"aws:SecureTransport": "true"}}`)})
	guard := httpguard.Guard{Caller: always(evaluator(t, s, "wren")), Target: httpguard.Invoke(api)}
	r := httptest.NewRequest("GET", "/", nil)
	r.RemoteAddr = "192.0.2.7:1"
	r.Header = http.Header{"X-Forwarded-For": {"10.0.0.1"}, "X-Forwarded-Proto": {"https"}, "Aws:sourceip": {"10.0.0.1"}}
	r.Host = "10.0.0.1"
	if w := serve(&guard, new(reached), r); w.Code != 403 {
		t.Errorf("status %d", w.Code)
	}
	r.RemoteAddr, r.TLS = "10.0.0.1:1", new(tls.ConnectionState)
	if w := serve(&guard, new(reached), r); w.Code != 200 {
		t.Errorf("from the right address: status %d", w.Code)
	}
}
