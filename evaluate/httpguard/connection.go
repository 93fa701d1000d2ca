package httpguard

import (
	"fmt"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/portcullis-iam/portcullis/condition"
	"github.com/portcullis-iam/portcullis/internal/message"
)

// connection fills in what follows from the connection and from the headers that
// every request has.
func (h *handler) connection(r *http.Request, keys *condition.Context) error {
	now := h.Clock()
	keys.Set("aws:CurrentTime", condition.Time(now))
	keys.Set("aws:EpochTime", condition.Int(now.Unix()))
	secure := r.TLS != nil
	if peer, known := addressOf(r.RemoteAddr); known {
		if h.trusts(peer) {
			var err error
			if peer, err = h.forwardedFor(r.Header["X-Forwarded-For"], peer); err != nil {
				return err
			}
			if through := r.Header["X-Forwarded-Proto"]; len(through) > 0 {
				secure = strings.EqualFold(through[len(through)-1], "https")
			}
		}
		keys.Set("aws:SourceIp", condition.Addr(peer))
	}
	keys.Set("aws:SecureTransport", condition.Bool(secure))
	if agent := r.UserAgent(); agent != "" {
		keys.Set("aws:UserAgent", condition.String(agent))
	}
	if from := r.Referer(); from != "" {
		keys.Set("aws:referer", condition.String(from))
	}
	return nil
}

// addressOf reads an address, with or without a port. A listener for both
// families writes IPv4 addresses as IPv6; to policies they are IPv4.
func addressOf(text string) (address netip.Addr, ok bool) {
	if address, err := netip.ParseAddr(text); err == nil {
		return address.Unmap().WithZone(""), true
	}
	with, err := netip.ParseAddrPort(text)
	return with.Addr().Unmap().WithZone(""), err == nil
}

// unmapped copies prefixes, with those of IPv4 addresses in IPv6 as what
// [addressOf] makes of such addresses: they would contain none otherwise.
func unmapped(prefixes []netip.Prefix) []netip.Prefix {
	const mapped = 128 - 32 // bits in front of the IPv4 address
	copied := slices.Clone(prefixes)
	for at, prefix := range copied {
		if prefix.Addr().Is4In6() && prefix.Bits() >= mapped {
			copied[at] = netip.PrefixFrom(prefix.Addr().Unmap(), prefix.Bits()-mapped)
		}
	}
	return copied
}

func (h *handler) trusts(address netip.Addr) bool {
	for _, prefix := range h.TrustedProxies {
		if prefix.Contains(address) {
			return true
		}
	}
	return false
}

// forwardedFor finds the client behind trusted proxies: each proxy adds whom it
// got the request from at the end of the list, so that only what stands behind
// the last address that is not a trusted proxy can be believed. What the client
// itself wrote stands in front of that and is not looked at.
//
// An entry that is no address is an error, and not a reason to take another: a
// proxy wrote it.
func (h *handler) forwardedFor(headers []string, peer netip.Addr) (netip.Addr, error) {
	for line := len(headers) - 1; line >= 0; line-- {
		for rest, more := headers[line], true; more; {
			entry := rest
			if comma := strings.LastIndexByte(rest, ','); comma >= 0 {
				entry, rest = rest[comma+1:], rest[:comma]
			} else {
				more = false
			}
			address, ok := addressOf(strings.TrimSpace(entry))
			if !ok {
				return netip.Addr{}, fmt.Errorf("httpguard: a trusted proxy says that the request is from %s, which is no address", message.Quote(entry, message.Enough))
			}
			if peer = address; !h.trusts(peer) {
				return peer, nil
			}
		}
	}
	return peer, nil
}
