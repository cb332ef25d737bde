# SPDX-License-Identifier: MIT
#
# make                 build/nstree and build/libnstree.a
# sudo make run        installs what is missing to build, builds, prints this machine's tree
# sudo make check      installs what is missing to test, builds, runs every test
# make install         honours DESTDIR, PREFIX and LIBDIR; make uninstall removes it again
# make static          build/nstree-static: one file that needs no library, for other machines
# make dist deb        build/nstree-VERSION.tar.gz; Debian packages in build/deb
# make fuzz SECONDS=60 each fuzz target for that long (clang)
# make lint format     lint checks the style of code; format changes it
#
# CC, CFLAGS, CPPFLAGS and LDFLAGS are yours; CI sets WERROR=1. B is the build directory.

CC ?= cc
CFLAGS ?= -O2 -g
PREFIX ?= /usr/local
SECONDS ?= 60
B ?= build

LIBDIR ?= $(PREFIX)/lib

VERSION := $(shell sed -n 's/^.define NSTREE_VERSION "\(.*\)"/\1/p' include/nstree.h)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
WARNINGS = -Wall -Wextra $(if $(WERROR),-Wconversion -Werror)
FLAGS = -std=c11 -D_GNU_SOURCE -Iinclude -Isrc -Isrc/lib $(WARNINGS) -MMD -MP -pthread \
    $(CPPFLAGS) $(CFLAGS)

LIB_OBJECTS = $(patsubst %.c,$(B)/%.o,$(wildcard src/base/*.c src/lib/*/*.c))
CLI_OBJECTS = $(patsubst %.c,$(B)/%.o,$(wildcard src/cli/*.c))
UNIT_TESTS = $(patsubst tests/unit/%.c,$(B)/tests/unit/%,$(wildcard tests/unit/test_*.c))
LIVE_TOOLS = $(addprefix $(B)/tests/, live/nest live/forest live/forge live/cast live/release \
    live/kernel-facts live/reuse live/stuck bench/floor)
FUZZ_TARGETS = $(patsubst tests/fuzz/fuzz_%.c,%,$(wildcard tests/fuzz/fuzz_*.c))
FUZZ_OBJECTS = $(B)/tests/fuzz/check.o $(filter-out %/main.o,$(CLI_OBJECTS)) $(B)/libnstree.a
REPLAYS = $(FUZZ_TARGETS:%=$(B)/tests/fuzz/replay_%)
FUZZERS = $(FUZZ_TARGETS:%=$(B)/tests/fuzz/fuzz_%)
LIBS = -ljansson

# The BPF scanner needs clang, bpftool and the headers of libbpf; BPF=no leaves it out. One of two
# empty files records the choice, so that a change of it rebuilds what depends on it.
BPFTOOL ?= $(firstword $(wildcard /usr/sbin/bpftool /usr/local/sbin/bpftool) bpftool)
BPF_CLANG ?= clang
ifndef BPF
BPF := $(shell \
    for tool in $(BPF_CLANG) $(BPFTOOL); do \
        command -v $$tool >/dev/null || { echo "no ($$tool is missing)"; exit; }; \
    done; \
    $(CC) $(CPPFLAGS) -fsyntax-only -x c -include errno.h -include string.h \
        -include bpf/skel_internal.h /dev/null 2>/dev/null && \
        echo yes || echo "no (libbpf's headers are missing)")
endif
BPF_STAMP = $(B)/bpf/$(firstword $(BPF))
BPF_HEADERS = $(if $(filter yes,$(BPF)),$(B)/bpf/tasks.lskel.h $(B)/bpf/unborn.lskel.h)
BPF_FLAGS = $(if $(BPF_HEADERS),-DNSTREE_BPF -isystem $(B)/bpf)

all: $(B)/nstree

$(B)/nstree: $(CLI_OBJECTS) $(B)/libnstree.a
	$(CC) $(FLAGS) -o $@ $^ $(LDFLAGS) $(LIBS) -lcap

$(B)/libnstree.a: $(LIB_OBJECTS)
	rm -f $@
	$(AR) rcs $@ $^

$(B)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -c -o $@ $<

$(BPF_STAMP):
	@mkdir -p $(@D) && rm -f $(@D)/yes $(@D)/no && touch $@
	@$(if $(BPF_HEADERS),,echo "make: the BPF scanner is left out: BPF=$(BPF)")

$(B)/bpf/%.o: $(addprefix src/lib/kernel/bpf/,%.bpf.c tasks.h kernel.h) $(BPF_STAMP)
	$(BPF_CLANG) -target bpf -ffreestanding -O2 -g $(WARNINGS) -c -o $@ $<

.PRECIOUS: $(B)/bpf/%.o
$(B)/bpf/%.lskel.h: $(B)/bpf/%.o
	$(BPFTOOL) gen skeleton -L $< name $*_program >$@.new && mv $@.new $@

$(B)/src/lib/kernel/bpf.o: FLAGS += $(BPF_FLAGS)
$(B)/src/lib/kernel/bpf.o: $(BPF_STAMP) $(BPF_HEADERS)

# Unit tests and fuzz targets link all objects of the library, and of the command except main.
$(B)/tests/unit/%: tests/unit/%.c $(filter-out %/main.o,$(CLI_OBJECTS)) $(B)/libnstree.a Makefile
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -o $@ $(filter %.c %.o %.a,$^) $(LDFLAGS) $(LIBS) -lcap \
	    -lcmocka

# With replay.o, a fuzz target reads files; this is always built. Else libFuzzer drives it.
$(REPLAYS): $(B)/tests/fuzz/replay_%: $(B)/tests/fuzz/fuzz_%.o $(B)/tests/fuzz/replay.o \
    $(FUZZ_OBJECTS)
	$(CC) $(FLAGS) -o $@ $^ $(LDFLAGS) $(LIBS) -lcap
$(FUZZERS): %: %.o $(FUZZ_OBJECTS)
	$(CC) $(FLAGS) -fsanitize=fuzzer -o $@ $^ $(LDFLAGS) $(LIBS) -lcap

$(B)/tests/live/kernel-facts: tests/live/kernel.c
$(filter-out %/kernel-facts,$(LIVE_TOOLS)): $(B)/%: %.c
$(LIVE_TOOLS):
	@mkdir -p $(@D)
	$(CC) $(FLAGS) -o $@ $(filter %.c,$^) $(if $(filter %/release,$@),-shared -fPIC,$(LDFLAGS))

# The recorded machines: a /proc for each table.
fixtures: $(B)/tests/fixtures/made
$(B)/tests/fixtures/made: $(addprefix tests/fixtures/,make table.py) \
    $(wildcard tests/fixtures/*/processes)
	tests/fixtures/make $(@D) && touch $@

# nstree uses neither NSS nor anything else that glibc would load at run time.
static: $(B)/nstree-static
$(B)/nstree-static: $(CLI_OBJECTS) $(B)/libnstree.a
	$(CC) $(FLAGS) -static -s -o $@ $^ $(LDFLAGS) $(LIBS) -lcap

# For both libraries. libnstree.map lists the symbols that libnstree.so exports.
$(LIB_OBJECTS): FLAGS += -fPIC
$(B)/libnstree.so.0: $(LIB_OBJECTS) src/lib/libnstree.map
	$(CC) $(FLAGS) -shared -Wl,-soname,$(@F) -Wl,--version-script=src/lib/libnstree.map \
	    -Wl,--no-undefined -o $@ $(LIB_OBJECTS) $(LDFLAGS) $(LIBS)

$(B)/libnstree.pc: src/lib/libnstree.pc.in include/nstree.h FORCE
	sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' $< >$@

tests: $(B)/nstree $(UNIT_TESTS) $(LIVE_TOOLS) $(REPLAYS) fixtures
fuzzers: $(FUZZERS)

run:
	@.ci/deps build bpf
	@$(MAKE) --no-print-directory all
	@$(B)/nstree

check:
	@.ci/deps build bpf test
	@$(MAKE) --no-print-directory tests
	@B=$(B) tests/run

# One stage each; CI runs them after check.
check-sanitize:
	@$(MAKE) --no-print-directory check B=$(B)/sanitize CFLAGS="-O1 -g $(SANITIZE)"

# Graphviz and Mermaid draw the pictures; npm installs Mermaid into a temporary directory.
check-pictures: $(B)/nstree fixtures
	@.ci/deps pictures
	@B=$(B) NSTREE=$(B)/nstree tests/pictures/run

# Built with musl; for arm64, run under qemu-user.
check-musl check-arm64:
	@.ci/deps build bpf $(@:check-%=%)
	@B=$(B) tests/$(@:check-%=%)/run

# Some tests run the program as nobody, which has to write the counts, too.
coverage:
	@.ci/deps build bpf test coverage
	@find $(B)/coverage -name '*.gcda' -delete 2>/dev/null || true
	@$(MAKE) --no-print-directory tests B=$(B)/coverage CFLAGS="-O0 -g --coverage"
	@chmod -R a+rwX $(B)/coverage
	@umask 0; $(MAKE) --no-print-directory check B=$(B)/coverage CFLAGS="-O0 -g --coverage"
	@gcovr --root . --filter src/ --exclude-unreachable-branches $(B)/coverage \
	    --fail-under-line 90 --print-summary

fuzz:
	@.ci/deps build fuzz
	@$(MAKE) --no-print-directory fuzzers B=$(B)/fuzz CC=clang \
	    CFLAGS="-O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link"
	@B=$(B)/fuzz tests/fuzz/run --fuzz $(SECONDS)

# The live tests in other kernels; the labels of real engines. Both need root and more packages.
check-kernels: tests
	@.ci/deps kernels
	@B=$(B) tests/kernels/stage $(abspath $(B))/kernels
	@tests/kernels/run $(if $(KERNELS),--kernels "$(KERNELS)") $(B)/kernels

check-engines: all
	@NSTREE=$(B)/nstree tests/engines/run --install -- tests/engines/check

# Times nstree and its peers; prints the tables of tests/bench/README.md.
bench: tests
	@B=$(B) tests/bench/run

deps:
	@.ci/deps build bpf test

# Reads the calls from the objects.

lint: all
	@B=$(B) tests/lint/run

format:
	clang-format -i $$(git ls-files -co --exclude-standard '*.c' '*.h')

# Install, the tarball and the Debian packages.
include .packaging/rules.mk

clean:
	rm -rf $(B)

.PHONY: all tests fixtures fuzzers run check check-sanitize check-pictures check-musl check-arm64 \
    check-kernels check-engines coverage fuzz bench deps lint format clean static FORCE

-include $(LIB_OBJECTS:.o=.d) $(CLI_OBJECTS:.o=.d) $(UNIT_TESTS:=.d) $(LIVE_TOOLS:=.d) \
    $(FUZZERS:=.d) $(B)/tests/fuzz/check.d $(B)/tests/fuzz/replay.d
