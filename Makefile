# make demo    recover PbSO4 from its measured X-ray pattern; says where the report is
# make test    build everything in release and run the tests (a seeded sample of every law), Python's too
# make laws    the same tests over all the data that is at hand
# make test-slurm  a campaign on a Slurm of its own, a node of which is killed (Debian; skipped where Slurm is missing)
# make wheel   the Python package with library, command and all that they need, in dist/ (Linux)
# make binary  the same without Python, one folder as dist/wyckoff-….tar.gz
# make install PREFIX=folder   that folder's content there, with man pages and what bash, zsh and fish complete
# make bench   kernels in turn with other programs, accuracy and time of the recoveries (Scripts/bench SECTION)
# make bench-recovery        the study of the recoveries, hours; goes on where it was stopped (STRUCTURES=folder)
# make bench-recovery-short  ten minutes of it on one core; fails where a rate has fallen
# make bench-design          the study of the designs, hours; goes on where it was stopped
# make fuzz    libFuzzer on every file reader, ten minutes each (Linux)
# make docs    the reference of all libraries, one archive (DOCS=folder); a warning is an error
# make check   lint and docs
# make lint | clean

SWIFT ?= swift
WYCKOFF := .build/release/wyckoff
DEMO ?= demo
STUDY ?= study
STRUCTURES ?= structures
DOCS ?= .build/documentation
PREFIX ?= /usr/local
BUNDLE := .build/bundle/wyckoff
VERSION := $(shell sed -n 's/.*text = "\(.*\)"/\1/p' Sources/Publishing/ReleaseVersion.swift)
BINARY := dist/wyckoff-$(VERSION)-linux-$(shell uname -m).tar.gz

.PHONY: demo test test-slurm laws bench bench-recovery bench-recovery-short bench-design fuzz lint docs check clean bootstrap release bundled wheel binary install

bootstrap:
	@Scripts/bootstrap

release: bootstrap
	$(SWIFT) build -c release --product wyckoff

demo: release
	@Scripts/demo $(WYCKOFF) $(DEMO)

test: bootstrap
	$(SWIFT) build -c release --build-tests
	$(SWIFT) build -c release --product WyckoffInterface
	$(SWIFT) test -c release --skip-build --disable-xctest
	@Scripts/python-tests

test-slurm: release
	@Scripts/test-slurm $(WYCKOFF)

bundled: release
	$(SWIFT) build -c release --product WyckoffInterface
	@rm -rf $(BUNDLE)
	@Scripts/bundle $(BUNDLE)

wheel: bundled
	@Scripts/wheel $(BUNDLE) dist

binary: bundled
	@mkdir -p dist
	@tar -C $(dir $(BUNDLE)) -czf $(BINARY) wyckoff
	@echo "$(BINARY)  $$(du -m $(BINARY) | cut -f1) MB"

install: release
	$(SWIFT) build -c release --product WyckoffInterface
	@Scripts/bundle $(PREFIX)
	@Scripts/manual $(PREFIX)/bin/wyckoff $(PREFIX)/share

laws: bootstrap
	$(SWIFT) build -c release --build-tests
	$(SWIFT) build -c release --product WyckoffInterface
	WYCKOFF_LAWS=all $(SWIFT) test -c release --skip-build --disable-xctest
	@WYCKOFF_LAWS=all Scripts/python-tests -s

bench: release
	$(SWIFT) build -c release --product wyckoff-bench
	@Scripts/bench all

bench-recovery: release
	@Scripts/bench-recovery.py $(WYCKOFF) $(STRUCTURES) $(STUDY)

bench-recovery-short: release
	@Scripts/bench-recovery.py $(WYCKOFF) $(STRUCTURES) $(STUDY)-short --short

bench-design: release
	@Scripts/bench-design.py $(WYCKOFF) $(STUDY)-design

fuzz: bootstrap
	@Scripts/fuzz

lint:
	$(SWIFT) format lint --strict --recursive --parallel Package.swift Sources Tests

docs: release
	@Scripts/docs $(DOCS)

check: lint docs

# What make made: the build, the second build folders of docs and fuzz, wheels, the demo, the studies.
clean:
	rm -rf .build .build-* dist demo $(DEMO) $(STUDY) $(STUDY)-short $(STUDY)-design
