# The commands of the house. Each is a script, so that this page stays a table of contents.
# ARGS passes arguments on: make run ARGS="--staffed --http 127.0.0.1:8090"

ARGS ?=
.DEFAULT_GOAL := help
.PHONY: help run test check bench prove screenshots

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## install what is missing, build console and server, start the demo
	@scripts/run $(ARGS)

test: ## everything that must hold: unit, simulation, database, end to end, browser
	@scripts/test $(ARGS)

check: ## format, lints, generated files
	@scripts/check

bench: ## measure against the targets and write docs/BENCHMARKS.md
	@scripts/bench $(ARGS)

prove: ## the seeded simulations again, with many more seeds (SIM_SEEDS=…)
	@scripts/prove $(ARGS)

screenshots: ## every page of the console, in artefacts/screenshots
	@scripts/screenshots
