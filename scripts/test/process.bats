#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What a script is to the machine around it: what it takes of its environment, how it
# ends, and what it leaves.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir tmp
	export TMPDIR=$PWD/tmp
}

teardown() { running | xargs -r kill -KILL || :; }

# script NAME LINE...: one of ours, as it were, with options and what these lines do.
script() {
	cat >"$1" <<-SH
		#!/bin/bash -p
		set -euo pipefail
		. '$top/scripts/lib.sh'
		usage() { echo "Usage: $1"; }
		options "\$@"
		$(printf '%s\n' "${@:2}")
	SH
	chmod +x "$1"
}

# Processes of this test, but for the shell that runs it.
running() {
	local env pid
	while read -r env; do
		pid=${env//[!0-9]/}
		[ "$pid" = $$ ] || [ "$pid" = "$BASHPID" ] || [ "$pid" = "$PPID" ] || echo "$pid"
	done < <(grep -lzFxs "MARK=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ)
}
none_running() { [ -z "$(running)" ]; }

@test "neither a hook's repository nor a person's habits change what a script does" {
	local wanted
	wanted=$("$top/scripts/vm" --version)
	mkdir -p there/scripts && git init -q there/other
	echo 'echo from BASH_ENV; exit 3' >rc
	# What bash would take for a function of its own.
	run -0 env BASH_ENV="$PWD/rc" ENV="$PWD/rc" CDPATH="$PWD/there" SHELLOPTS=xtrace:noglob \
		GIT_DIR="$PWD/there/other/.git" GIT_INDEX_FILE=/none POSIXLY_CORRECT=1 \
		GETOPT_COMPATIBLE=1 GREP_OPTIONS=-v IFS=/ LANGUAGE=de LC_ALL=C \
		'BASH_FUNC_cat%%=() { echo from a function; }' \
		"$top/scripts/vm" --version
	[ "$output" = "$wanted" ]
	script try 'env | grep -E "^(GIT_|BASH_ENV|CDPATH|POSIX|BASH_FUNC|LC_|LANGUAGE)"; umask; type -t cat'
	run -0 env GIT_DIR=/none BASH_ENV="$PWD/rc" CDPATH=/ POSIXLY_CORRECT=1 LC_ALL=C LANGUAGE=de \
		'BASH_FUNC_cat%%=() { echo from a function; }' sh -c 'umask 0777; exec ./try'
	[ "$output" = $'LC_ALL=C.UTF-8\n0077\nfile' ]
	run -0 sh -c 'umask 0; ./try'
	[ "${lines[1]}" = 0022 ]
}

@test "without HOME: help, and a word where a place is needed" {
	local one
	for one in "$top"/scripts/*; do
		[ -f "$one" ] && [ -x "$one" ] && [ "$(head -n 1 "$one")" != '#!/bin/sh' ] || continue
		run -0 env -i PATH="$PATH" "$one" --help
	done
	run -1 env -i PATH="$PATH" "$top/scripts/build-module" stock
	[[ $output == *"no place for what is built: set HOME or XDG_CACHE_HOME"* ]]
	run -2 env -i PATH="$PATH" XDG_CACHE_HOME=here "$top/scripts/build-module" stock
	[[ $output == *"here/fuse-epoch isn't a path from /"* ]]
	run -1 env TMPDIR=/nonexistent "$top/scripts/tables" --check
	[[ $output == *"cannot make a folder in /nonexistent: set TMPDIR"* ]]
}

@test "what can't be printed: 1, and a sentence; and no file gets it" {
	local one
	for one in vm build-module regress; do
		run -1 sh -c "'$top/scripts/$one' --help >/dev/full"
		[ "$output" = "$one: cannot write to standard output" ]
		run -1 sh -c "'$top/scripts/$one' --version >&-"
		[ "$output" = "$one: cannot write to standard output" ]
	done
	run -1 sh -c "'$top/scripts/build-module' --list >/dev/full"
	# Who opens a file would have it as 1.
	printf '%s\n' '#include <stdio.h>' 'int main(void) { FILE *f = fopen("file", "w");' \
		'puts("printed"); fputs("kept\n", f); return 0; }' | cc -o prints -x c -
	script try ./prints
	run -0 sh -c './try 2>&-'
	[ "$output" = printed ]
	run sh -c './try >&-'
	expect file "$(<file)" kept
	script try 'for i in 0 1 2; do [ -e /proc/self/fd/$i ]; done'
	run -0 ./try >&- 2>&- <&-
	# What nobody reads any more.
	script try 'while :; do echo line; done'
	run -0 bash -c './try | head -n 1; echo "${PIPESTATUS[0]}"'
	[[ $output == *"try: cannot write: nobody reads it any more"* && ${lines[-1]} = 1 ]]
	script try 'yes | cat'
	run -0 bash -c './try | head -n 1; echo "${PIPESTATUS[0]}"'
	[[ $output == *"try: cannot write: nobody reads it any more"* && ${lines[-1]} = 1 ]]
	script try 'head -c 9000 /dev/zero >file'
	run -1 bash -c 'ulimit -f 4; ./try'
	[[ $output == *"limit (ulimit -f)"* ]]
}

# Seconds in which nobody waited for a CPU: on a busy machine all takes long.
unhurried_s() {
	local stalled
	stalled=$(sed -n 's/^some .* total=\([0-9]*\)$/\1/p' /proc/pressure/cpu 2>/dev/null) || :
	echo $((${EPOCHREALTIME%.*} - ${stalled:-0} / 1000000))
}

# A script in a script, which waits for a command that may not want to end.
@test "a signal ends a script, and all that it has started, and nothing is left" {
	script inner temp_folder 'x=$(bash -c "trap \"$HOW\" TERM INT HUP; echo >there; sleep 1000; sleep 1000")'
	script outer temp_folder 'sleep 1000 &' './inner'
	local signal begin how
	export MARK=$BATS_TEST_TMPDIR HOW
	for signal in TERM-refused TERM INT HUP QUIT PIPE TERM-ignored; do
		rm -f there
		HOW=- how=(--default-signal="INT,QUIT,HUP,TERM,PIPE")
		[ $signal != TERM-refused ] || HOW=:
		# As in the background.
		[ $signal != TERM-ignored ] || how=(--default-signal="HUP,TERM,PIPE" --ignore-signal="INT,QUIT")
		env "${how[@]}" ./outer 3>&- &
		until_true 60 test -e there
		begin=$(unhurried_s) status=0
		kill "-${signal%-*}" $!
		wait $! || status=$?
		expect "status after $signal" "$status" 130
		[ $(($(unhurried_s) - begin)) -le 5 ]
		none_running || { ps -fp "$(running | paste -sd ,)"; return 1; }
		expect "left after $signal" "$(ls -A tmp)" ''
	done
}

@test "what was killed is removed by the next, once none of its processes lives" {
	script try temp_folder 'echo >there' 'sleep 1000'
	export MARK=$BATS_TEST_TMPDIR
	./try 3>&- &
	until_true 20 test -e there
	local left pid
	left=$(echo tmp/fuse-epoch-try-run.*)
	[ -d "$left" ]
	# All but the command that it waits for.
	for pid in $(running); do
		[[ $(<"/proc/$pid/comm") == sleep ]] || kill -KILL "$pid"
	done
	wait $! || :
	script other temp_folder 'ls -d "${TMPDIR}"/*'
	./other | grep -F "/$left"
	running | xargs kill -KILL || : # among them is the shell that asks
	until_true 10 none_running
	run ./other
	[[ $output != *"$left"* ]]
	[ ! -e "$left" ]
}

@test "neither a name nor a number makes a folder ours to remove" {
	[ "$(id -u)" = 0 ] || skip "needs root, for a folder of another user"
	script other temp_folder :
	local lock=.fuse-epoch-lock folder=tmp/fuse-epoch-vm-run
	mkdir -p $folder.{nolock,theirs,theirl,linked,gone00} precious
	touch {$folder.{theirs,theirl,gone00},precious}/$lock precious/file
	chown nobody $folder.theirs $folder.theirl/$lock
	ln -s "$PWD/precious" $folder.linka0
	ln -s "$PWD/precious/$lock" $folder.linked/$lock
	# One that lives in another pid namespace.
	script living temp_folder 'echo "$tmp" >lives' 'sleep 1000'
	unshare -pf --kill-child ./living 3>&- &
	until_true 20 test -s lives
	unshare -pf ./other
	[ -d "$(<lives)" ]
	kill -KILL $!
	wait $! || :
	expect "what is left" "$(cd tmp && echo fuse-epoch-vm-run.*)" \
		"$(echo fuse-epoch-vm-run.{linka0,linked,nolock,theirl,theirs})"
	[ -e precious/file ]
}

@test "what root starts from a cache is root's" {
	[ "$(id -u)" = 0 ] || skip "needs root"
	export XDG_CACHE_HOME=$PWD/cache
	mkdir cache
	script try need_cache 'made() { echo made >"$1/program"; }' 'cached "$cache/kind/one" made' \
		'cat "$cache/kind/one/program"'
	run -0 ./try
	[ "$output" = made ]
	local what
	for what in cache cache/fuse-epoch cache/fuse-epoch/kind cache/fuse-epoch/kind/one{,/program}; do
		chown nobody "$what"
		run -1 ./try
		[[ $output == *"root starts nothing that others could have made: "*" is theirs"* ]]
		chown root "$what"
		chmod o+w "$what"
		run -1 ./try
		[[ $output == *"root starts nothing that others could have made: "* ]]
		chmod o-w "$what"
	done
	run -0 ./try
}

@test "what a guest or a host says commands no terminal" {
	script try plain
	run -0 ./try < <(printf 'a\e[31mb\b\x7f\u009b\u202ec\u2066\ufff9\u061c ä \U1F600 tab\t\r\nlast\0')
	[ "$output" = $'a?[31mb???\?c??? ä 😀 tab\t\nlast' ] || { cat -A <<<"$output"; return 1; }
	script try 'die 1 "no $(printf "\e]0;x\a\u202e")"'
	run -1 ./try
	[ "$output" = 'try: no ?]0;x??' ]
}
