// Package httpguard guards HTTP handlers: a middleware asks package evaluate
// whether the caller of a request may do what the request asks for, and passes
// on only what is allowed.
//
//	guard := httpguard.Guard{
//		Caller: whoIsIt,                    // a session, a user: an *evaluate.Evaluator
//		Target: httpguard.Invoke(shopAPI),  // or whatever a request means
//		Logger: slog.Default(),
//	}
//	http.ListenAndServe(address, guard.Wrap(mux))
//
// Two functions join it to a program. Caller says who makes a request, from a
// token that it has verified or from a session; Target says which action on which
// resource the request is. Between the two the guard fills in the condition keys
// that follow from the connection.
//
//	aws:CurrentTime, aws:EpochTime   when the request came
//	aws:SourceIp                     the other end of the connection
//	aws:SecureTransport              whether it came through TLS
//	aws:UserAgent, aws:referer       the headers, absent if they are
//
// Source: IAM User Guide, "AWS global condition context keys", properties of the
// network and properties of the request.
//
// # It fails closed
//
// Whatever is not clearly allowed is not passed on: no caller, an error of
// either function, a request that was not understood, an undetermined decision.
// Answers say no more than what the status says; which policy decided is in
// [Result], for the log and for the handlers behind the guard, and never in the
// body.
//
// # What a client says is not believed
//
// Addresses come from the connection, and from headers of proxies only if the
// connection comes from an address in [Guard.TrustedProxies]. The Host and headers
// such as X-HTTP-Method-Override and X-Original-URL take no part. [MethodOf]
// refuses paths that two programs could read as two paths. The headers User-Agent
// and Referer are whatever the client likes; AWS warns of policies that rely on
// them.
//
// The guard verifies no token and no signature: that is for the function Caller,
// with a library for it.
package httpguard
