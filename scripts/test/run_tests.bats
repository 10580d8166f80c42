#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/run-tests: what fails is seen, what failed with others beside it is said, and
# what the tests printed is kept.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return
	t=$PWD
}

# a_test NAME LINE...: prints a plan of one test and does what else is asked.
a_test() {
	printf '%s\n' '#!/bin/sh' 'echo 1..1' "${@:2}" >"$1"
	chmod +x "$1"
}

ran() { # TEST...: with those
	run "$top/scripts/run-tests" -o kept "${@/#/"$t/"}" 3>&-
}

@test "what passes: 0, once, and kept as text and as JUnit" {
	a_test good "echo x >>'$t/times'" "echo 'ok 1 it & <that>'"
	ran good
	[ "$status" = 0 ]
	[[ ${lines[-2]} == Files=1,\ Tests=1,* ]]
	[ "$(cat times)" = x ]
	grep -qxF 'ok 1 it & <that>' "kept/tap/$t/good"
	[ ! -e kept/first ]
	[ -s kept/junit.xml ] || skip "$output"
	xmllint --noout kept/junit.xml
	[ "$(xmllint --xpath 'string(//testcase/@name)' kept/junit.xml)" = "1 it & <that>" ]
}

@test "what fails again is red, and JUnit says so" {
	a_test bad "echo 'not ok 1 never'"
	a_test good "echo ok 1"
	ran bad good
	[ "$status" = 1 ]
	[[ ${lines[-1]} == "2 tests in 2 files; these failed"*"did not pass without, either: $t/bad" ]]
	[ -s kept/junit.xml ] || skip "$output"
	[ "$(xmllint --xpath 'count(//failure)' kept/junit.xml)" = 1 ]
}

@test "what fails only beside others, or dies, is named in the last line" {
	local how
	for how in "echo not ok 1" "kill -KILL \$\$" "exit 3"; do
		a_test once "[ -e '$t/seen' ] || { : >'$t/seen'; $how; exit; }" "echo ok 1"
		a_test good "echo ok 1"
		rm -rf seen kept
		ran once good
		[ "$status" = 0 ]
		[[ ${lines[-1]} == "2 tests in 2 files; these failed"*"and passed without: $t/once" ]]
		[ -e "kept/first/$t/once" ] && [ ! -e "kept/first/$t/good" ]
		grep -qx 'ok 1' "kept/tap/$t/once"
	done
}

@test "of more than three nothing is tried again" {
	local name
	for name in a b c d; do a_test $name "echo x >>'$t/times'" "echo not ok 1"; done
	ran a b c d
	[ "$status" = 1 ]
	[ "$(grep -c x times)" = 4 ]
	[[ ${lines[-1]} == "Result: FAIL" ]]
}

@test "without the formatter the texts are kept, and it is said" {
	a_test good "echo ok 1"
	mkdir -p lib/TAP/Formatter
	echo 'die "none here";' >lib/TAP/Formatter/JUnit.pm
	PERL5LIB=$t/lib ran good
	[ "$status" = 0 ]
	[[ $output == *"no JUnit"*libtap-formatter-junit-perl* ]]
	[ -s "kept/tap/$t/good" ]
}

@test "a folder with files of others is refused, and left alone" {
	a_test good "echo ok 1"
	mkdir -p kept/tap
	echo mine >kept/tap/file
	ran good
	[ "$status" = 2 ]
	[[ $output == *"kept has files of others"* ]]
	[ "$(cat kept/tap/file)" = mine ]
}
