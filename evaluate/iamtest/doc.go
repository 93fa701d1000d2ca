// Package iamtest turns questions about permissions into unit tests: it has
// assertions for [testing.TB] that say, when they fail, which statement is to
// blame and where it stands.
//
//	func TestReportReadsOrders(t *testing.T) {
//		iam := iamtest.Load(t, "testdata/account.json")
//		iam.Allowed(report, "dynamodb:GetItem", orders)
//	}
//
//	func TestReportDoesNothingElse(t *testing.T) {
//		iam := iamtest.Load(t, "testdata/account.json")
//		iam.OnlyAllows(report, iamtest.Rules{iamtest.On(orders, "dynamodb:GetItem", "dynamodb:Query")})
//	}
//
// A failure tells the place as file:line:column, so that editors and terminals
// open it.
//
//   - [Tester.Allowed], [Tester.Denied], [Tester.ExplicitlyDenied] and
//     [Tester.DeniedBy] assert one decision.
//   - [Tester.OnlyAllows] asserts least privilege: of all actions of the catalogue
//     a caller may do those of a list, and no others.
//   - [Tester.Snapshot] keeps what a caller may do in a file, so that a change of
//     policies shows in a review as the permissions that it gives and takes.
//   - [Cases] runs files in the neutral case format as subtests.
//
// It needs no AWS account and no network, and nothing but the standard library
// and this module.
package iamtest
