# Everything that is run by hand. `make test` is what the README says; `make ci`
# is what a merge needs.

GO ?= go

# How long `make soak` fuzzes each target, and how many questions engine and
# reference are asked in it.
SOAKTIME ?= 10m
SOAKQUESTIONS ?= 20000000
# How many questions `make soak` asks each property.
SOAKBUDGET ?= 100000
# The questions of `make compare`, and the seed of the first one.
QUESTIONS ?= 1000000
SEED ?= 0
# How often `make bench` runs each benchmark.
COUNT ?= 6

.PHONY: test ci compare soak bench rivals mutate

# The tests, every property with its fixed budget.
test:
	$(GO) test ./...

# All that must hold before a merge; takes some minutes.
ci:
	.ci/run

# Asks engine and reference the same questions, and shows what was asked.
compare:
	$(GO) run ./fuzz/compare -n $(QUESTIONS) -seed $(SEED)

# Searches for as long as you like: engine against reference with the
# distribution of what was asked, each property on more questions, and every fuzz
# target for SOAKTIME. The go command prints executions a second and new coverage
# while it fuzzes. A crasher is written to testdata/fuzz beside its target; commit
# it with the fix.
#
#	make soak SOAKTIME=1h SOAKQUESTIONS=100000000
soak:
	$(GO) run ./fuzz/compare -n $(SOAKQUESTIONS) -seed $(SEED)
	$(GO) test -timeout 0 -coverpkg=./... -coverprofile=coverage.out ./fuzz -questions $(SOAKBUDGET)
	$(GO) test -timeout 0 -run TestIndex ./evaluate -questions $(SOAKBUDGET)
	$(GO) tool cover -func=coverage.out | tail -n 1
	@failed=; for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz'); do \
			echo "== $$package $$target for $(SOAKTIME)"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(SOAKTIME) $$package || failed="$$failed $$target"; \
		done; \
	done; \
	if [ -n "$$failed" ]; then echo "crashers or failures in:$$failed"; exit 1; fi

# The benchmarks of the library, in the form that benchstat reads.
bench:
	$(GO) test -run '^$$' -bench . -count $(COUNT) ./...

# The same work by other engines, in a module of its own.
rivals:
	cd evaluate/rivals && GOWORK=off $(GO) run .

# Breaks the engine in many ways, one at a time, and says which no test notices.
mutate:
	cd internal/tools && GOWORK=off $(GO) run ./mutate
