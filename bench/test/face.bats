#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# All programs and all their commands have one face: how they help, and how they
# say that they were called wrongly.  Nothing here needs root.

bats_require_minimum_version 1.5.0
load lib.bash

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

# Each program, and each command that its own help lists: "epochctl bump".
faces() {
	local program command
	for program in "$build"/epoch*; do
		program=${program##*/}
		echo "$program"
		"$build/$program" --help |
			sed -n '/^  -/q; s/^  \([a-z]*\)  .*/\1/p' |
			while read -r command; do echo "$program $command"; done
	done
}

# answer FACE ARGUMENT...: what it says, in $output, $errors and $status.
answer() {
	local words
	read -ra words <<<"$1"
	shift
	status=0
	output=$("$build/${words[0]}" "${words[@]:1}" "$@" \
		2>errors) || status=$?
	errors=$(<errors)
	echo "${words[*]} $*: $status: $output$errors"
}

# answers FACE ARGUMENT...: the same, and it is no mistake.
answers() {
	answer "$@"
	[ "$status" = 0 ]
	[ -z "$errors" ]
	[ -n "$output" ]
}

@test "the programs are found, and their commands" {
	diff - <(faces) <<-ALL
	epochbench
	$(sed -n 's/^\t{ "\([a-z]*\)", cmd_.*/epochbench \1/p' "$top/bench/cmd/main.c")
	epochbench help
	epochctl
	epochctl list
	epochctl bump
	epochctl expire
	epochctl inval
	epochctl help
	epochsnoop
	epochstat
	ALL
}

@test "-h, -? and --help say the same, with examples and exit statuses" {
	local face help option examples
	while read -r face; do
		answers "$face" --help
		help=$output
		[[ $help == "Usage: ${face% help}"* ]]
		[[ $(tr '\n' ' ' <<<"$help") == *"  Exit status: 0 "*" 1 "*" 2 "* ]]
		[[ $help == *"-h, -?, --help "*" --usage "*"-V, --version "* ]]
		examples=$(sed '1,/^Examples:/d; /^$/,$d' <<<"$help")
		[[ $examples == *"${face% help}"* ]]
		for option in -h '-?'; do
			answers "$face" "$option"
			expect "$option" "$output" "$help"
		done
	done < <(faces)
}

@test "--usage and --version" {
	local face version option
	version=$(<"$build/version")
	while read -r face; do
		answers "$face" --usage
		[[ $output == "Usage: ${face% help} "* ]]
		for option in --version -V; do
			answers "$face" $option
			expect version "$output" "${face%% *} $version"
		done
	done < <(faces)
}

@test "help as a command" {
	local face help
	while read -r face; do
		[[ $face == *\ * ]] || continue
		answers "$face" --help
		help=$output
		[[ $face == *\ help ]] || answers "${face/ / help }"
		expect "${face/ / help }" "$output" "$help"
	done < <(faces)
	answers "epochctl help"
	help=$output
	answers "epochctl --help"
	expect help "$help" "$output"
}

@test "what there isn't: told on stderr, with a pointer to --help" {
	local face option
	while read -r face; do
		for option in --frob -Z --help=frob; do
			answer "$face" "$option"
			[ "$status" = 2 ]
			[ -z "$output" ]
			[[ $errors == *"Try \`${face% help} --help'"* ]]
		done
	done < <(faces)
	for face in epochbench epochctl; do
		for option in frob '' 'help frob' 'help list frob'; do
			answer "$face $option"
			[ "$status" = 2 ]
			[ -z "$output" ]
			[[ $errors == *"Try \`$face --help'"* ]]
		done
	done
}

@test "an argument that controls terminals is shown without that" {
	local word=$'a\e[31mb\u009bc\u202ed' try args
	for try in "epochbench" "epochbench report x -f" "epochbench run --method" \
			"epochbench run -" "epochctl bump -" "epochstat" "epochsnoop -M"; do
		read -ra args <<<"$try"
		case $try in
		*-) args[-1]=--$word ;;
		*) args+=("$word") ;;
		esac
		run -2 --separate-stderr "$build/${args[0]}" "${args[@]:1}"
		[[ $stderr == *b*c*d* ]] || { echo "$try: $stderr"; false; }
		[[ $stderr != *[$'\e\u009b\u202e']* ]] || { echo "$try: $stderr" | cat -v; false; }
	done
}

@test "help that can't be written is a failure" {
	local face option
	while read -r face; do
		for option in --help --usage --version; do
			status=0
			# shellcheck disable=SC2086 # two words
			"$build"/$face $option >/dev/full 2>errors || status=$?
			[ "$status" = 1 ]
			grep "can't write: No space left" errors
		done
	done < <(faces)
}

# Options that mean the same in all of them: their letter, their word.
words() {
	cat <<-WORDS
	h help
	V version
	n names
	r rounds
	o output
	f format
	m method
	j json
	v verbose
	p pid
	d duration
	WORDS
}

# options FACE: letter (or -) and word of each that its help shows.
options() {
	answers "$1" --help >/dev/null
	sed -n 's/^  -\(.\), \(-?, \)*--\([a-z0-9-]*\).*/\1 \3/p
		s/^      --\([a-z0-9-]*\).*/- \1/p' <<<"$output"
}

@test "the same option has the same word and letter everywhere" {
	local face
	while read -r face; do
		options "$face" | sort >options
		[ -s options ]
		words | sort >words
		echo "$face"
		diff /dev/null <(sort -k 2 options | join -1 2 -2 2 - <(sort -k 2 words) |
			awk '$2 != $3')
		diff /dev/null <(join options words | awk '$2 != $3')
		[[ $face != epochbench\ * ]] || ! grep -q ' format$' options ||
			grep '^j json$' options
	done < <(faces)
}

@test "old words of options do what the new ones do, and aren't shown" {
	local face old new help
	while read -r face old new; do
		face=${face/+/ }
		answers "$face" --help
		help=$output
		if grep -e " ${old}[,= ]" <<<"$help"; then return 1; fi
		grep -e "${new}[,=]" <<<"$help"
		answer "$face" "$new" x
		[ "$status" = 2 ]
		help=$errors
		answer "$face" "$old" x
		expect "what is said of $old" "$errors" "$help"
		[ "$status" = 2 ]
	done <<-OLD
	epochbench+run --files --names
	epochbench+run --runs --rounds
	epochbench+run -p --populate
	epochbench+compare --files --names
	epochbench+workload --rates --rate
	epochbench+workload --seconds --duration
	epochctl+inval --timeout --limit
	epochstat -m --mount
	epochsnoop -m --mount
	OLD
}

@test "-j is -f json" {
	local file=$top/results/reference
	while read -ra words; do
		answers "epochbench ${words[0]}" -j "${words[@]:1}"
		echo "$output" >json
		answers "epochbench ${words[0]}" -f json "${words[@]:1}" >/dev/null
		cmp - json <<<"$output"
	done <<-COMMANDS
	report $file/shapes.jsonl
	hazards -m epoch $file/hazards.jsonl
	gate $top/results/baseline/insns.jsonl $top/results/baseline/insns.jsonl
	workload --version
	compare --version
	COMMANDS
}

# flat_help FACE: its help in one line.
flat_help() {
	answers "$1" --help >/dev/null
	tr -s ' \n' ' ' <<<"$output"
}

# listed HEADING: the names that `epochbench list` has below it: "wide, deep".
listed() {
	answers "epochbench list" >/dev/null
	sed -n "/^$1 /,/^$/s/^  \([^ ]*\).*/\1/p" <<<"$output" | paste -sd, |
		sed 's/,/, /g'
}

@test "lists in help texts are those of the tables" {
	local heading command
	while read -r heading command; do
		expect "$heading of $command" \
			"$(flat_help "epochbench $command" | grep -c ": $(listed "$heading")[, ]")" 1
	done <<-LISTS
	Cases run
	Methods run
	Shapes run
	Suites run
	Methods hazards
	Hazards hazards
	Workloads workload
	LISTS
}

@test "each format and method in a help is taken, and no other" {
	local face name names
	while read -r face; do
		names=$(flat_help "$face" |
			sed -n 's/.*--format=[^:]*: \([a-z]*\(, [a-z]*\)*\).*/\1/p')
		[[ $face != *\ compare ]] || names=$("$bench" compare --help |
			sed -n '/^Formats:/,/^$/s/^  \([a-z]*\) .*/\1/p')
		[ -n "$names" ] || continue
		[[ $names == *json* ]]
		for name in ${names//,/ }; do
			answers "$face" -f "$name" --help
		done
		answer "$face" -f frob
		[ "$status" = 2 ]
		[[ $errors == *"no format is called 'frob'"* ]]
		echo "$face" >>seen
	done < <(faces)
	expect "commands with formats" "$(wc -l <seen)" 5
	for name in $("$build/epochctl" inval --help |
		sed -n '/^Methods:/,/^[^ ]*inval_entry /s/^  \([a-z_]*\) .*/\1/p'); do
		answers "epochctl inval" -m "$name" --help
		echo "$name" >>methods
	done
	[ "$(wc -l <methods)" -ge 4 ]
	answer "epochctl inval" -m epoch --help
	[ "$status" = 2 ]
}
