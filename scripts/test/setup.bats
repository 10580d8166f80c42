#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/setup with stubs in place of apt and dpkg, and with neither of them.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || exit
	mkdir bin here
	cp "$top"/scripts/{setup,lib-*.sh} here
	export STUB=$PWD
	touch installed release log
	cat >bin/dpkg-query <<-'STUB'
		#!/bin/sh
		sed 's/$/ installed/' "$STUB/installed"
	STUB
	cat >bin/apt-cache <<-'STUB'
		#!/bin/sh
		! grep -qxF "$2" "$STUB/release" || { echo "$2:"; echo "  Candidate: 1.0"; }
	STUB
	cat >bin/apt-get <<-'STUB'
		#!/bin/sh
		case $1 in
		indextargets) echo "$STUB/lists" ;;
		update) touch "$STUB/lists.lz4"; cp "$STUB/mirror" "$STUB/release" ;;
		install) shift; echo "$*" >>"$STUB/log" ;;
		esac
	STUB
	# What setup calls beside these.
	cat >bin/id <<-'STUB'
		#!/bin/sh
		echo "${USER_ID:-0}"
	STUB
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
}

# lines LINE...: the list of packages.
lines() { printf '%s\n' "$@" >here/packages; }

# has NAME...: what this release has, before and after apt-get update.
has() {
	printf '%s\n' "$@" >mirror
	cp mirror release
	touch lists.lz4
}

@test "the first name that the release has is installed" {
	lines "old|new x.pc bench a library" "other other bench a tool"
	has new
	echo other >installed
	run -0 here/setup
	[ "$(cat log)" = "-y --no-install-recommends new" ]
	echo new >>installed
	: >log
	run -0 here/setup
	[ -z "$output" ]
	[ ! -s log ]
}

@test "a package that a release may lack is done without, once its lists say so" {
	lines "gone|- gone bench a file system"
	has other
	run -0 here/setup
	[ -z "$output" ]
	# On a fresh machine nobody knows before apt-get update.
	rm lists.lz4
	: >release
	echo gone >mirror
	run -0 here/setup
	[ "$(cat log)" = "-y --no-install-recommends gone" ]
}

@test "what the release doesn't have is named by what is needed; the rest is installed" {
	lines "foo foo.pc bench a library" "bar bar bench a tool"
	has bar
	run -1 here/setup
	[[ $output == *"foo.pc "*"a library (foo)"*"stopped before anything was built"* ]]
	[ "$(cat log)" = "-y --no-install-recommends bar" ]
}

@test "only what is asked for" {
	lines "one one bench -" "two two guest -" "three three vm -" "four four test,workload -"
	has one two three four
	asked() { : >log; here/setup "$@" 2>/dev/null; sed 's/.*recommends //' log; }
	[ "$(asked)" = "one" ]
	[ "$(asked --guest)" = "one two" ]
	[ "$(asked --vm)" = "one two three" ]
	[ "$(asked --test)" = "one two three four" ]
	[ "$(asked --workload)" = "one four" ]
}

@test "who may not install is told what" {
	lines "one one bench -"
	has one
	USER_ID=1 run -1 here/setup
	[[ $output == *"sudo apt-get install one"* ]]
	[ ! -s log ]
}

# All commands of this machine, but apt and dpkg.
without_apt() {
	rm -r bin
	mkdir bin
	ln -s /usr/bin/* bin
	rm bin/apt-get bin/dpkg-query
	PATH=$PWD/bin
}

@test "without apt: what is missing, by the name that all distributions know" {
	lines "one no-such-command bench a tool" "two no_such.pc bench a library" \
		"three no_such.h bench a header" "four /no/such/file bench a file" \
		"five bash bench a shell" "six stdio.h bench a header" "seven seven vm a guest" \
		"eight|- eight bench a file system"
	without_apt
	run -1 here/setup
	[[ $output == *"no apt here"* ]]
	[[ $output == *"no-such-command "*"a tool (Debian: one)"* ]]
	[[ $output == *"no_such.pc "*"a library"*"no_such.h "*"/no/such/file "* ]]
	[[ $output == *"stopped before anything was built"* ]]
	[ "$(grep -c Debian: <<<"$output")" = 4 ]
	lines "five bash bench a shell"
	run -0 here/setup
	[ -z "$output" ]
}

@test "all that the list needs is found on a machine that has the packages" {
	rm bin/*
	"$top/scripts/setup" --test --list | awk '$2 == "missing" && $3 ~ /test|vm|guest|bench/' >missing
	[ ! -s missing ] || skip "not installed: $(awk '{ print $1 }' missing | paste -sd ' ')"
	without_apt
	run -0 "$top/scripts/setup" --test
	[ -z "$output" ]
}

@test "each line of the list has its four columns" {
	# shellcheck disable=SC2016 # for awk to expand
	run -0 awk '/^[^#]/ && (NF < 4 || $3 !~ /^[a-z,]+$/)' "$top/scripts/packages"
	[ -z "$output" ]
}
