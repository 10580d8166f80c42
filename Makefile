# SPDX-License-Identifier: GPL-2.0-only
# Every verb a person types; `make help` lists them.  V=1 shows the commands.

SHELL := /bin/bash
.DEFAULT_GOAL := all
MAKEFLAGS += --no-builtin-rules

SANITIZE ?= 0
ifeq ($(SANITIZE),1)
BUILD := build/sanitize
SANFLAGS := -fsanitize=address,undefined -fno-sanitize-recover=undefined \
	    -fno-omit-frame-pointer
else
BUILD := build
SANFLAGS :=
endif

# Of this tree, also within a hook of another; of an archive (make dist) what it says.
VERSION := $(shell cat .version 2>/dev/null || env -u GIT_DIR -u GIT_WORK_TREE -u GIT_INDEX_FILE git describe --always --dirty --tags 2>/dev/null || echo unknown)
PKGS := fuse3 gsl jansson libelf mount mxml smartcols
BPF_PKGS := libbpf mount jansson libmicrohttpd

CFLAGS ?= -O2 -g
# Set by make check, where a warning is an error; nothing is rebuilt for it.
WERROR :=
WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes
# _GNU_SOURCE: pinning, 64-bit file offsets: libfuse insists.
CPPFLAGS += -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -DFUSE_USE_VERSION=314 -iquote .
# Recursive on purpose: asked only when something is compiled, after setup.
PKG_CFLAGS = $(shell pkg-config --cflags $(PKGS))
PKG_LIBS = $(shell pkg-config --libs $(PKGS))

ifeq ($(V),1)
Q :=
say = @:
else
Q := @
say = @printf '  %-6s %s\n'
endif

CTL_SRC := $(wildcard bench/ctl/*.c)
CTL_OBJ := $(CTL_SRC:%.c=$(BUILD)/%.o)
CTL_PKGS := mount jansson smartcols
CTL_LIBS = $(shell pkg-config --libs $(CTL_PKGS))
# All rooms but epochctl's and the examples; the self-tests' server is that of hazards.
BENCH_SRC := $(filter-out $(CTL_SRC) bench/test/% bench/examples/%,$(wildcard bench/*/*.c)) \
	     $(wildcard kernel/testfs/*.c)
BENCH_OBJ := $(BENCH_SRC:%.c=$(BUILD)/%.o)
# Jobs, and the page's style and script, which a browser takes by their sums only.
$(BUILD)/bench/workload/fio.o $(BUILD)/bench/html/assets.o: $(wildcard bench/workload/fio/*.fio bench/html/page.*)
sha256 = -D$(1)_SHA256='"$(shell printf "$$(sha256sum <bench/html/page.$(2) | sed 's/ .*//; s/../\\x&/g')" | base64)"'
$(BUILD)/bench/html/assets.o: private CPPFLAGS += $(call sha256,STYLE,css) $(call sha256,SCRIPT,js)
# What programs other than epochbench take of it: the linker picks.
SHARED_OBJ := $(filter $(addprefix $(BUILD)/bench/,lib/% host/% inval/% device/%),$(BENCH_OBJ))
SHARED := $(BUILD)/shared.a
# What unit tests link: all but the program's main().
UNIT_OBJ := $(filter-out $(BUILD)/bench/cmd/main.o,$(BENCH_OBJ))
UNIT := $(patsubst bench/test/unit/%.c,$(BUILD)/test/%,$(wildcard bench/test/unit/test_*.c))

# The tracer: one object for all kernels, its skeleton, and what both tools use.
CLANG ?= clang
BPFTOOL ?= $(or $(shell command -v bpftool),/usr/sbin/bpftool)
BPF_TOOLS := epochstat epochsnoop
BPF_SRC := $(wildcard bpf/*.c)
BPF_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %.bpf.c,$(BPF_SRC)))
BPF_SHARED := $(filter-out $(BPF_TOOLS:%=$(BUILD)/bpf/%.o),$(BPF_OBJ))
BPF_LIBS = $(shell pkg-config --libs $(BPF_PKGS))
# What epochbench --trace takes from there.
TRACE_OBJ := $(addprefix $(BUILD)/bpf/,attach.o obstacle.o preempt.o sample.o\
		sample_read.o types.o)
TRACE_LIBS = $(shell pkg-config --libs libbpf)
# Unit tests of the tracer's user space; what isn't a test is a helper of all.
TRACE_UNIT_SRC := $(wildcard bpf/test/unit/*.c)
TRACE_UNIT_OBJ := $(TRACE_UNIT_SRC:%.c=$(BUILD)/%.o)
TRACE_UNIT := $(patsubst bpf/test/unit/test_%.c,$(BUILD)/test/trace_%,\
		$(filter bpf/test/unit/test_%,$(TRACE_UNIT_SRC)))
TRACE_UNIT_SHARED := $(filter-out $(BUILD)/bpf/test/unit/test_%,$(TRACE_UNIT_OBJ))
FUZZ := $(patsubst bench/test/fuzz/%.c,$(BUILD)/test/%,$(wildcard bench/test/fuzz/fuzz_*.c))
FUZZ_TOOLS := $(patsubst %.c,$(BUILD)/%.o,$(wildcard bench/test/fuzz/tool_*.c))
# As the headers of the system name a machine; and as libbpf does.
BPF_ARCH := $(shell uname -m)
BPF_TARGET := $(patsubst aarch64,arm64,$(patsubst x86_64,x86,$(BPF_ARCH)))

# $(call link,LIBRARIES): a program of all that it needs.
define link
$(say) LD $@
$(Q)mkdir -p $(@D) && $(CC) $(CFLAGS) $(SANFLAGS) $(LDFLAGS) -o $@ $^ $(1)
endef

all: $(BUILD)/epochbench $(BUILD)/epochctl $(BPF_TOOLS:%=$(BUILD)/%) $(BUILD)/profiler.so ## build into build/ (installs nothing)

$(BUILD)/epochbench: $(BENCH_OBJ) $(TRACE_OBJ)
	$(call link,$(PKG_LIBS) $(TRACE_LIBS) -lm -lpthread)

$(SHARED): $(SHARED_OBJ)
$(BUILD)/fuzz.a: $(filter-out %/epochctl.o,$(CTL_OBJ)) $(BPF_SHARED) $(FUZZ_TOOLS)
$(SHARED) $(BUILD)/fuzz.a:
	@rm -f $@
	$(Q)$(AR) rcs $@ $^

$(BUILD)/epochctl: $(CTL_OBJ) $(SHARED)
	$(call link,$(CTL_LIBS) -lm -lpthread)

$(CTL_OBJ): private PKGS := $(CTL_PKGS)

$(BPF_TOOLS:%=$(BUILD)/%): $(BUILD)/%: $(BUILD)/bpf/%.o $(BPF_SHARED) $(SHARED)
	$(call link,$(BPF_LIBS) -lm)

# A plugin of QEMU: never with SANITIZE, which is for what we run ourselves.
$(BUILD)/profiler.so: bench/insn/plugin/profiler.c bench/lib/marker.h $(BUILD)/flags
	$(say) PLUGIN $@
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(WARN) -fPIC -fvisibility=hidden -shared -o $@ $<

# Freestanding, or <stdint.h> is that of a machine which isn't BPF.  The lines of
# the source that go into the program are named without this machine's folders.
BPF_CFLAGS := -O2 -g -target bpf -mcpu=v3 -ffreestanding \
	      -ffile-prefix-map="$$PWD=." \
	      -D__TARGET_ARCH_$(BPF_TARGET) -I/usr/include/$(BPF_ARCH)-linux-gnu \
	      -Wall -Wextra -Wno-unused-parameter

$(BUILD)/%.bpf.o: %.bpf.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) BPF $<
	$(Q)$(CLANG) $(BPF_CFLAGS) -MMD -MP -c -o $@ $<

# Linking it leaves out what only a debugger reads.
$(BUILD)/bpf/%.skel.h: $(BUILD)/bpf/%.bpf.o
	$(say) SKEL $@
	$(Q)$(BPFTOOL) gen object $(<:.o=.linked.o) $<
	$(Q)$(BPFTOOL) gen skeleton $(<:.o=.linked.o) name $*_bpf >$@.new
	$(Q)mv $@.new $@

# private: $(BUILD)/flags isn't made with these.
$(BPF_OBJ) $(TRACE_UNIT_OBJ): private PKGS := $(BPF_PKGS)
$(BUILD)/bpf/attach.o: private CPPFLAGS += -iquote $(BUILD)
$(BUILD)/bpf/attach.o: $(BUILD)/bpf/trace.skel.h

$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(say) CC $<
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) $(WARN) $(WERROR) $(PKG_CFLAGS) -MMD -MP -c -o $@ $<

# The version changes with each commit: only this one is rebuilt then.
$(BUILD)/bench/lib/version.o: CPPFLAGS += -DFUSE_EPOCH_VERSION='"$(VERSION)"'
$(BUILD)/bench/lib/version.o: $(BUILD)/version

$(BUILD)/version: FORCE
	@mkdir -p $(@D)
	@echo '$(VERSION)' | cmp -s - $@ || echo '$(VERSION)' >$@

$(BUILD)/test/sim_compare: $(addprefix $(BUILD)/bench/test/tools/sim_,compare.o draw.o judge.o)
$(UNIT): $(BUILD)/test/%: $(BUILD)/bench/test/unit/%.o
$(UNIT) $(BUILD)/test/sim_compare: $(UNIT_OBJ) $(TRACE_OBJ)
	$(call link,$(PKG_LIBS) $(TRACE_LIBS) -lcmocka -lm -lpthread)

# epochbench with a phase that is slower by a known part.
$(BUILD)/test/slow_epochbench: $(BUILD)/bench/test/tools/slow.o $(BENCH_OBJ) $(TRACE_OBJ)
	$(call link,-Xlinker --wrap=measure_end $(PKG_LIBS) $(TRACE_LIBS) -lm -lpthread)

$(BUILD)/test/trace_%: $(BUILD)/bpf/test/unit/test_%.o $(TRACE_UNIT_SHARED) \
		$(BPF_SHARED) $(SHARED)
	$(call link,$(BPF_LIBS) -lcmocka -lm)

# What scripts/trace-cost holds against the tracer.
trace-rivals: $(addprefix $(BUILD)/bpf/cost/,load empty.bpf.o kprobe.bpf.o)

$(BUILD)/bpf/cost/load.o: private PKGS := libbpf
$(BUILD)/bpf/cost/load: $(BUILD)/bpf/cost/load.o
	$(call link,$(TRACE_LIBS))

# Fuzz targets, each a file; scripts/fuzz has them built with clang and its flags.
$(FUZZ): $(BUILD)/test/%: $(BUILD)/bench/test/fuzz/%.o $(UNIT_OBJ) $(BUILD)/fuzz.a
	$(call link,-fsanitize=fuzzer $(PKG_LIBS) $(BPF_LIBS) -lm -lpthread)

TEST_TOOLS := $(BUILD)/test/slow_epochbench $(BUILD)/test/sim_compare

tests: $(UNIT) $(TRACE_UNIT) $(TEST_TOOLS) all

# Objects are rebuilt when compiler or flags change.
ALL_FLAGS = $(CC) $(CPPFLAGS) $(CFLAGS) $(SANFLAGS) $(WARN) $(CLANG) $(BPF_CFLAGS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(ALL_FLAGS)' | cmp -s - $@ || echo '$(ALL_FLAGS)' >$@

setup: ## install the Debian packages that building needs (scripts/setup --list)
	@scripts/setup

# ready,WHO: packages that are missing are installed, programs are built.
ready = @scripts/setup $(1) && $(MAKE) --no-print-directory all

bench: ## quick suite on the running kernel, 5 to 7 minutes
bench-full: ## all methods at 1M and more, about an hour
bench bench-full:
	$(ready)
	@scripts/bench $(if $(filter bench,$@),quick,full)

vm-bench: ## compare the variants of fuse.ko in guests, about 25 minutes
regress: ## does this tree make an operation slower?  (status 3 of scripts/regress)
trace-demo: ## a bump seen live by the tracer, in a guest
trace-cost: ## what tracing costs, by our tools and by others, in a guest
study: ## measure all of results/STUDY.md again, hours (can be stopped and resumed)
vm-bench regress trace-demo trace-cost study:
	$(call ready,--vm $(if $(filter study,$@),--workload --test))
	@scripts/$@

vm-bench-full: ## the same with 1M names too, hours (can be stopped and resumed)
	$(call ready,--vm)
	@scripts/vm-bench --full

hazards: ## what each method breaks, on each kernel: results/hazards.md, 15 minutes
	$(call ready,--vm)
	@scripts/hazards && scripts/tables

daemons: ## what Debian's file systems have the kernel keep: results/daemons.md, an hour
	$(call ready,--workload)
	@scripts/daemons --install --reference

workload: ## real programs on a tree that changes, while a method invalidates, 20 minutes
	$(call ready,--workload)
	@scripts/workload

matrix: ## the instruction-exact gate over Debian's kernels and our 7.3, 18 minutes
	$(call ready,--vm)
	@scripts/insns-matrix
	@scripts/insns-matrix --baseline results/baseline/insns-7.3.jsonl 7.3/{mainline,fixes,reask}

# Modules are built before the tests, where their progress is seen (77: this
# machine can't have guests, and the tests that need them say so).
check: ## install, build and run all tests (SANITIZE=1: ASan and UBSan)
	@scripts/setup --test
	@$(MAKE) --no-print-directory $(if $(filter 1,$(SANITIZE)),,WERROR=-Werror) tests
	@scripts/build-module --all >/dev/null || [ $$? = 77 ]
	@BUILD=$(BUILD) SANITIZE=$(SANITIZE) scripts/run-tests -o $(BUILD)/check

# One after the other, whatever -j says: each of them fills the machine.  What
# can't run here (77) has said so.
check-full: ## and long stress, debug kernels, Debian's kernels, Debian 13
	@FULL=1 $(MAKE) --no-print-directory check
	@{ scripts/debug-check -o results/reference/debug-check.tap && scripts/debug-check --only debug 7.3/{mainline,fixes,reask}; } || [ $$? = 77 ]
	@scripts/matrix || [ $$? = 77 ]
	@scripts/debian-check -o results/reference/debian13.tap || [ $$? = 77 ]

torture: ## 500 kills at random moments, and faults: what do they leave?  an hour
	$(call ready,--test)
	@scripts/torture -o results/reference/torture.jsonl && scripts/torture --faults -o results/reference/torture-faults.jsonl

fuzz: ## all that reads what others wrote, 10 minutes each, two at once: an hour
	@scripts/fuzz -o results/reference/fuzz.jsonl

debug-check: ## self-tests under KASAN, lockdep and KCSAN, about an hour
	@scripts/setup --test
	@scripts/debug-check

report: ## a page of all committed records: build/report.html
	$(call ready,--page)
	@build/epochbench report -f html results/{reference,baseline}/*.jsonl results/history.jsonl >build/report.new && mv build/report.new build/report.html && echo build/report.html

tables: all ## regenerate the tables in the READMEs from results/reference/
	@scripts/tables

clean: ## remove build/
	$(Q)rm -rf build

distclean: clean ## also clear the cache
	$(Q)rm -rf "$${XDG_CACHE_HOME:-$${HOME:?}/.cache}/fuse-epoch"

include scripts/install/install.mk

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n",$$1,$$2}' Makefile scripts/install/install.mk

FORCE:
.PHONY: FORCE tests trace-rivals $(shell sed -n 's/^\([a-z-]*\):.*\#\# .*/\1/p' Makefile scripts/install/install.mk)
.SECONDARY:
-include $(BENCH_OBJ:.o=.d) $(CTL_OBJ:.o=.d) \
	$(patsubst %.c,$(BUILD)/%.d,$(wildcard bench/test/*/*.c))
-include $(BPF_SRC:%.c=$(BUILD)/%.d) $(TRACE_UNIT_OBJ:.o=.d)
