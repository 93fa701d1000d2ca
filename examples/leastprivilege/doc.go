// Package leastprivilege shows how to test permissions: its tests assert what
// the parts of a small service may do, and that they may do nothing else.
//
// The service reports on orders. Its account, account.json, is what
//
//	aws iam get-account-authorization-details > account.json
//
// prints; yours goes there. It has
//
//   - a Lambda function, which acts as the role orders-report, reads one table
//     and writes its own logs;
//   - an engineer, wren, who deploys the functions of her team;
//   - a break-glass administrator, a role for the day when all else fails, which
//     wants a fresh MFA and leaves the audit trail alone;
//   - a partner in another account, partner-account.json, who fetches exports
//     from a bucket that has a policy of its own.
//
// Copy leastprivilege_test.go, change the names, and run
//
//	go test ./...
//	go test ./... -update    # after a change of what somebody may do
//
// A test that fails tells which statement is to blame, and where it stands.
package leastprivilege
