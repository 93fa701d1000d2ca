// Package fuzz holds what tests the library as a whole: properties that every
// decision must have, and the fuzz targets that look for inputs that break one.
// It holds no code of its own, only tests.
//
//	generate/    makes whole questions, and directories of accounts
//	reference/   a slow evaluator, written from the semantics alone
//	compare/     a command that asks both sides generated questions for as long as you like
//	testdata/    worked cases in the neutral format
//	*_test.go    the properties, one file a theme, each test named after what it promises
//
// # Reading a failure
//
// A failing property prints what is wrong and the smallest question that it
// found, one line in the neutral case format (testdata/cases/FORMAT.md). The
// line can be fed to examples/simulate, to reference.Decide and to the file of
// cases.
//
// # Running
//
//	go test ./fuzz/...                             every property with a fixed budget
//	go test ./fuzz -run Explicit -questions 200000 one property, for longer
//	go test ./fuzz -fuzz '^FuzzDecision$'          one target, until it is stopped
//	go run ./fuzz/compare -n 10000000              engine against reference
//	make soak                                      all of it, in the root of the repository
//
// The budget of a property is a number of questions and never a time. It is
// smaller under the race detector and with -short, where everything is slower or
// in a hurry; nothing is skipped.
package fuzz
