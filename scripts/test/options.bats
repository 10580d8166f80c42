#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# All scripts take their options alike: those that are here, whichever they are, and
# what scripts/lib-options.sh makes of a usage text.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$top" || return
	# What has #!/bin/sh is for the guest's busybox, and no person calls it.
	mapfile -t scripts < <(find scripts scripts/test -maxdepth 1 -type f -perm -u+x \
		! -name '*.bats' -exec grep -LFx '#!/bin/sh' {} + | sort)
}

# said STATUS COMMAND...: runs it; $output and $stderr are what it said.
said() {
	local wanted=$1
	shift
	status=0
	output=$(timeout 20 "$@" </dev/null 2>"$BATS_TEST_TMPDIR/stderr") || status=$?
	stderr=$(<"$BATS_TEST_TMPDIR/stderr")
	expect "status of $*" "$status" "$wanted"
}

# The options that want a value, by a script's help, each spelling on a line.
with_value() {
	"$1" --help | sed -nE 's/^  (-., )?(--[a-z-]+) [A-Z].*/\1\2/p' | sed 's/, /\n/'
}

@test "there are scripts, and all take their options from lib-options.sh" {
	[ ${#scripts[@]} -gt 25 ]
	[[ " ${scripts[*]} " == *" scripts/vm "* ]]
	expect "by hand" "$(grep -lE -- '--help *(\||\))' "${scripts[@]}" || :)" ''
}

@test "-h, -?, --help: the usage text, on stdout" {
	local script option help
	for script in "${scripts[@]}"; do
		help=
		for option in -h '-?' --help; do
			said 0 "$script" "$option"
			[[ $output == "Usage: $script"* ]]
			expect "stderr of $script $option" "$stderr" ''
			expect "$script $option" "$output" "${help:-$output}"
			help=$output
		done
	done
}

@test "--version: the name, and the version of the tree" {
	local script version
	version=$(git describe --always --dirty --tags 2>/dev/null || cat build/version)
	for script in "${scripts[@]}"; do
		said 0 "$script" --version
		expect "$script --version" "$output" "${script##*/} $version"
	done
}

# Two hand what they don't know to a program that must have been built.
@test "an unknown option: 2, and stderr names it and where help is" {
	[ -x "$bench" ] || skip "needs epochbench"
	local script
	for script in "${scripts[@]}"; do
		said 2 "$script" --frobnicate
		expect "stdout of $script" "$output" ''
		[[ $stderr == *--frobnicate* && $stderr == *--help* ]] ||
			{ echo "$script: $stderr"; return 1; }
	done
}

@test "an option without its value: 2, and stderr names it" {
	local script option cnt=0
	for script in "${scripts[@]}"; do
		for option in $(with_value "$script"); do
			said 2 "$script" "$option"
			expect "stdout of $script" "$output" ''
			[[ $stderr == *"'$option'"* || $stderr == *"-- '${option#-}'"* ]] &&
				[[ $stderr == *--help* ]] ||
				{ echo "$script: $stderr"; return 1; }
			cnt=$((cnt + 1))
		done
	done
	[ $cnt -gt 50 ]
}

@test "the same word for the same option, and short where the programs have it short" {
	local script line
	for script in "${scripts[@]}"; do
		while read -r line; do
			case ${line%%  *} in
			*--names* | *--rounds* | *--output* | *--format* | *--method* | *--duration*)
				[[ $line =~ ^-(.),\ --(.) && ${BASH_REMATCH[1]} == "${BASH_REMATCH[2]}" ]] ||
					{ echo "$script: $line"; return 1; }
				;;
			*--runs* | *--files* | *--timeout* | *--seconds* | *--json*)
				echo "$script: $line"
				return 1
				;;
			esac
		done < <("$script" --help | grep -E '^  -')
	done
}

# try FUNCTION USAGE_LINE...: a script, which says what that function made of its words.
try() {
	cat >"$BATS_TEST_TMPDIR/try" <<-SH
		#!/bin/bash
		set -euo pipefail
		. '$top/scripts/lib-options.sh'
		usage() {
			cat <<'USAGE'
		$(printf '%s\n' "${@:2}")
		USAGE
		}
		strict='' output=none config=() dry_run='' aliases=(result=output)
		$1 "\$@"
		arguments 0 2
		echo "\$strict|\$output|\${config[*]}|\$dry_run|\${args[*]}|\${rest[*]}"
	SH
	chmod +x "$BATS_TEST_TMPDIR/try"
	cd "$BATS_TEST_TMPDIR"
}

table=('  -s, --strict       a flag' '  -o, --output FILE  a value'
	'  --config LAYER     several' '  --dry-run' 'This is no option: --frob')

# got WANTED WORD...: what it said.
got() { expect "try ${*:2}" "$(./try "${@:2}" 2>&1)" "$1"; }

@test "options are joined, cut short, attached, repeated, and behind arguments" {
	try options 'Usage: try' "${table[@]}"
	got '|none||||'
	got '1|x||||' -sox
	got '1|x y|||a b|' a --out='x y' b --strict
	got '|./-x|one two|1||' --config one -o -x --config=two --dry-run
	got '|none|||a --strict|' a -- --strict
}

@test "an old spelling is taken, and no help tells of it" {
	try options 'Usage: try' "${table[@]}"
	got '|x||||' --result x
	said 0 ./try --help
	[[ $output != *result* ]]
	said 2 ./try --result
	[[ $stderr == *"'--result' requires an argument"* ]]
}

@test "what stands behind -- is apart, if the usage text has it apart" {
	try options 'Usage: try [FILE]... [-- COMMAND]' "${table[@]}"
	got '1|none|||a|b -s --' a -s -- b -s --
	said 2 ./try --output -- b
}

@test "options of another program, or behind an argument, are left alone" {
	try options_first 'Usage: try' "${table[@]}"
	got '1|none|||a --frob|' -s a --frob
	try options_own 'Usage: try' "${table[@]}"
	got '1|x||||--frob y -f z' --frob y -o x -f --strict z
	got '|x||||--frob -s' --frob --output=x -- -s
	got '||||| x' '' x -o ''
	said 2 ./try --frob -o
	said 0 ./try --frob --help
}

@test "too many arguments, or a table that can't be: said" {
	try options 'Usage: try' "${table[@]}"
	said 2 ./try a b c
	[[ $stderr == "try: unexpected argument 'c'"$'\n'"Try './try --help'." ]]
	try options 'Usage: try' '  --colour  whose variable is missing'
	said 1 ./try
	[[ $stderr == *"--colour has no variable"* ]]
	try options 'Usage: try' '  -x'
	said 1 ./try
	[[ $stderr == *"no option can be read from '  -x'"* ]]
}

@test "another getopt is refused, and so is none" {
	try options 'Usage: try' "${table[@]}"
	mkdir bin
	ln -s "$(command -v cat)" "$(command -v bash)" bin/
	said 1 env PATH="$PWD/bin" bash ./try
	[[ $stderr == *"needs getopt of util-linux, and finds none"* ]]
	printf '#!/bin/bash\necho " --"\n' >bin/getopt # as that of BSD
	chmod +x bin/getopt
	said 1 env PATH="$PWD/bin" bash ./try
	[[ $stderr == *"finds $PWD/bin/getopt"* ]]
}
