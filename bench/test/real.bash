# SPDX-License-Identifier: GPL-2.0-only
# What the tests share that have real programs stand on a FUSE file system, or live
# in it.  Each counts the harm that a program took, in $found, of many files: where a
# daemon numbers anew, a third of single files keep their number by chance.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # from ctl.bash and bats; for tests

load ctl.bash

# What programs say is read.
export LC_ALL=C

# plant: 40 folders with a file in each, older than any run of a program.
plant() {
	local i
	for i in {1..40}; do
		mkdir "source/d$i"
		echo "content $i" >"source/d$i/file"
	done
	find source -exec touch -d 2026-01-01 {} +
}

# tell nothing | ARGUMENT...: epochctl does that to mnt; inval to each name there.
tell() {
	local names=()
	[ "$1" != inval ] || names=(d{1..40}/file d{1..40})
	[ "$1" = nothing ] || works "$@" mnt "${names[@]}"
}

# walk: by name, for a listing may say of names that they are still right.
walk() {
	stat mnt/d{1..40}/file >/dev/null
}

# none COMMAND...: no harm in one of ten trials.  In the others somebody may have dropped
# caches, as other tests do, which is as bad as a bump.
none() {
	in_one_of_ten 0 "$@"
}

# some COMMAND...: harm in one of ten trials, mostly in the first.
some() {
	in_one_of_ten 1 "$@"
}

in_one_of_ten() {
	local wanted=$1 i
	shift
	for i in {1..10}; do
		found=
		"$@"
		echo "$*: $found"
		[ $((found > 0)) != "$wanted" ] || return 0
	done
	return 1
}

# need_both: these tests compare both ways.
need_both() {
	need_epochs
	epochctl expire "$dir/mnt"
	[ "$status" != 77 ] || skip "this kernel has no expire_entry"
}

# talk COMMAND...: a program that we hear and tell to go on, and whose end we wait for.
talk() {
	coproc "$@" 2>&1 3>&-
	talker=$COPROC_PID
	pids+=("$talker")
	# bash forgets its own when that has ended.
	exec {talker_out}<&"${COPROC[0]}" {talker_in}>&"${COPROC[1]}"
	eval "exec ${COPROC[0]}<&- ${COPROC[1]}>&-"
}

# hear [END]: the next line that it says, or all up to that character, in $said.
hear() {
	read -t 30 -r -d "${1-$'\n'}" -u "$talker_out" said
}

go_on() {
	echo "$@" >&"$talker_in"
}

end_talk() {
	exec {talker_out}<&- {talker_in}>&-
	ended "$talker"
}

# ended PID: waits for its end; then its number may be somebody else's.
ended() {
	local pid kept=()
	wait "$1" || :
	for pid in "${pids[@]}"; do
		[ "$pid" = "$1" ] || kept+=("$pid")
	done
	pids=("${kept[@]}")
}

# unmount: what serves mnt ends, and another may follow.
unmount() {
	umount mnt
	ended "$daemon"
}
