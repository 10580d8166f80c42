#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What CI is told to do exists, as far as that can be seen without its servers.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$top" || return
	python3 -c 'import yaml' 2>/dev/null || skip "no yaml module of python3 here"
	# JOB<tab>COMMAND, one command a line.
	python3 - .github/workflows/check.yml >"$BATS_TEST_TMPDIR/commands" <<-'PYTHON'
		import sys, yaml
		for name, job in yaml.safe_load(open(sys.argv[1]))["jobs"].items():
		    for step in job["steps"]:
		        for line in step.get("run", "").splitlines():
		            print(name + "\t" + line.strip())
	PYTHON
	commands=$BATS_TEST_TMPDIR/commands
}

@test "each script that it runs is there" {
	local script scripts
	scripts=$(cut -f 2 "$commands" | grep -oE '(^|[ /(])scripts/[a-z-]+' | grep -o 'scripts/.*')
	[ "$(sort -u <<<"$scripts" | wc -l)" -ge 3 ]
	for script in $scripts; do
		[ -x "$script" ] || { echo "no $script here"; return 1; }
	done
}

@test "each option that it gives to a script is in the script's help" {
	local script options option known
	while read -r script options; do
		known=$("$script" --help)
		case $options in --insns*) known+=$("$script" --insns --help) ;; esac
		for option in $options; do
			[[ $option != --* ]] || grep -qE -- "^ .*$option( |,|$)" <<<"$known" ||
				{ echo "$script has no $option"; return 1; }
		done
	done < <(cut -f 2 "$commands" | grep -oE 'scripts/(setup|regress|build-module) .*' |
		sed 's/[>|].*//')
}

@test "each make target is there" {
	local target targets
	targets=$(cut -f 2 "$commands" | sed -nE 's/^make( -C [^ ]+)? //p')
	[ -n "$targets" ]
	make -np help >"$BATS_TEST_TMPDIR/rules" 2>/dev/null
	for target in $targets; do
		grep -q "^$target:" "$BATS_TEST_TMPDIR/rules" ||
			{ echo "no target $target here"; return 1; }
	done
}

# A tree with the same tests, all of them empty: a prove of ours says which it got.
@test "the unit job runs all programs that scripts/run-tests takes for tests, and no others" {
	local line file
	line=$(grep -oP '^unit\t\Kscripts/run-tests .*' "$commands")
	cd "$BATS_TEST_TMPDIR"
	mkdir -p build/test scripts bin
	for file in "$build"/test/*; do
		: >"build/test/${file##*/}"
	done
	ln -s "$top"/{bench,bpf,kernel} .
	ln -s "$top"/scripts/test scripts/
	cp "$top"/scripts/{run-tests,lib-*.sh} scripts/
	# shellcheck disable=SC2016 # for that shell to expand
	printf '%s\n' '#!/bin/sh' 'printf "%s\n" "$@"' >bin/prove
	chmod +x bin/prove
	export PATH=$PWD/bin:$PATH
	unset BUILD
	scripts/run-tests >all
	sh -c "$line" >unit
	expect "programs" "$(grep ^build/test/ unit | paste -sd ' ')" \
		"$(grep ^build/test/ all | paste -sd ' ')"
	grep -vE '^(--.*|scripts/run-tests.*|[0-9]+|(seq|par)=.*)$' unit >given
	expect "no tests" "$(grep -vxFf all given || :)" ''
	[ -s given ]
}
