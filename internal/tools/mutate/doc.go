// Mutate measures how strong the tests of the core packages are. It changes one
// small thing at a time in a package (a mutant), runs the tests, and reports the
// mutants that no test notices.
//
//	cd internal/tools
//	go run ./mutate -packages arn,internal/wildcard
//	go run ./mutate -packages policy -sample 100
//	go run ./mutate -packages arn -list
//	go run ./mutate -packages arn -run 17
//
// # What is changed
//
//   - negate: a condition, an operand of && or ||, a comparison, a Boolean
//     literal or a Boolean result is negated. This includes == against !=.
//   - logic: && becomes ||, and || becomes &&.
//   - boundary: < becomes <=, > becomes >=, and the other way round.
//   - arithmetic: + becomes -, & becomes |, ++ becomes --, += becomes -=, and
//     the other way round.
//   - number: an integer literal is one larger.
//   - delete: a call, an assignment to a variable that exists, ++, --, break,
//     continue, go or defer is dropped.
//   - zero: a result of a function is the zero value of its type.
//
// Constants, the labels of a switch, the lengths of array types, capacities,
// the amounts of shifts and numbers that are returned beside false are left
// alone.
//
// # How it is fast
//
// All mutants are compiled once, into one copy of the module in a temporary
// folder: each is behind a test of a number that a process reads from the
// environment when it starts. A first run of every test function records which
// mutants it comes by, and then a mutant meets only the tests that do, those of
// its own package first, quick ones before slow ones, up to the first that
// fails. A test that takes ten times as long as it should, or more than the
// memory limit, fails. The draws of rapid are fixed, so that a run can be
// repeated.
//
// Tests that fail although no mutant is on are left out, and named: a test
// of allocations may be disturbed by what is compiled in.
//
// # Mutants that change nothing
//
// The file equivalent.txt lists those that were looked at and found to behave
// as the original does. Each line is a package, a function, an operator, the
// original text, the number of the occurrence of that text in the function, and
// the reason, separated by tabs. They do not count. A line for a mutant that
// does not exist, or that a test kills, is reported.
//
// It needs Linux or another Unix with mmap.
package main
