#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What is written: the place that was named stays what it is, and nothing that was
# measured is lost, wherever it can't be written.

load lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	export TMPDIR=$BATS_TEST_TMPDIR/kept
	mkdir kept tree tree/dir
	touch tree/file tree/dir/file
	rec=$top/results/reference/quick.jsonl
	hazards=$top/results/reference/hazards.jsonl
	insns=$top/results/baseline/insns.jsonl
}

# What measures, and what puts together.
measuring=(
	"run -n 5 -m none -r 1"
	"hazards --only semantics -m none"
	"workload -w find -m inval_entry --rate 0 -d 0.1 -r 1 --tree tree"
)
writing=("${measuring[@]}" "merge $top/results/reference/quick.jsonl")

# status COMMAND...: its status; what it says is in out and err.
status() {
	local status=0
	timeout -k 5 60 "$@" >out 2>err || status=$?
	echo "$*: $status: $(<err)" >&2
	echo $status
}

is_json() { jq -es 'length > 0' "$1" >/dev/null; }

# The one file that a failed command has put aside.
kept_file() {
	local files=("$TMPDIR"/*)
	expect "files that are kept" "${#files[@]}" 1
	expect "mode of ${files[0]}" "$(stat -c %a "${files[0]}")" 600
	is_json "${files[0]}"
	grep -F "it is kept in ${files[0]}" err
	rm "${files[0]}"
}

nothing_is_kept() { [ -z "$(ls "$TMPDIR")" ]; }

@test "a device and links stay, and a file keeps its other names, owner and mode" {
	need_mount
	local what
	for what in "${writing[@]}"; do
		rm -f null link far target other file
		mknod null c 1 3
		echo old >target
		ln -s target link
		ln -s new far
		ln target other
		for to in null link far; do
			# shellcheck disable=SC2086 # words
			expect "status of -o $to" "$(status "$bench" $what -o $to)" 0
		done
		expect kinds "$(stat -c %F null link far | paste -sd,)" \
			"character special file,symbolic link,symbolic link"
		is_json target
		is_json new
		expect "the other name" "$(md5sum <other)" "$(md5sum <target)"
		echo old >file
		chmod 604 file
		chown 12345:54321 file
		# shellcheck disable=SC2086 # words
		expect "status of -o file" "$(status "$bench" $what -o file)" 0
		is_json file
		expect owner "$(stat -c '%u %g %a' file)" "12345 54321 604"
		expect "what lies about" "$(find . -maxdepth 1 -name '*.tmp')" ""
		rm new
	done
}

@test "the reader of a FIFO gets all, and no early end" {
	need_mount
	mkfifo fifo
	local what reader
	for what in "${writing[@]}" "run -n 5 -m none -r 1 -o /dev/null --symbols fifo"; do
		cat fifo >got &
		reader=$!
		[[ $what == *fifo ]] || what+=" -o fifo"
		# shellcheck disable=SC2086 # words
		expect "status" "$(status "$bench" $what)" 0
		wait $reader
		[ -s got ]
		[[ $what == *--symbols* ]] || is_json got
		[ -p fifo ]
	done
}

@test "a signal ends the wait for a reader who never comes: shown, and kept" {
	need_mount
	mkfifo fifo
	local what
	for what in "${measuring[@]:0:2}"; do
		status=0
		# shellcheck disable=SC2086 # words
		timeout -k 5 2 "$bench" $what -o fifo >out 2>err || status=$?
		cat err
		expect "status of timeout" $status 124 # not 137: it wasn't killed
		[ -s out ]
		grep -F "cannot write fifo: nobody read it until a signal came" err
		kept_file
	done
}

@test "stdout by another name is stdout: its file has the records, and no tables" {
	"$bench" merge -o /dev/stdout "$rec" >file
	is_json file
	echo '{}' >both
	"$bench" merge -o /dev/fd/3 "$rec" 3>>both
	expect lines "$(wc -l <both)" $(($(wc -l <file) + 1))
	need_mount
	"$bench" run -n 5 -m none -r 1 -o /dev/stdout >file
	is_json file
}

@test "a place that can't be written is refused before anything is done" {
	need_mount
	mkdir folder readonly
	local what to option=-o
	for what in "${writing[@]}" "run -n 5 -m none -r 1 -o fine"; do
		[[ $what != *fine ]] || option=--symbols
		for to in folder folder/ folder/new/ absent/new "" readonly/new /proc/new; do
			# shellcheck disable=SC2016,SC2086 # words, and of the inner shell
			expect "status of '$to'" "$(status unshare -m sh -c '
				mount -t tmpfs -o ro none readonly &&
					exec "$@"' sh "$bench" $what "$option" "$to")" 2
			grep -F "cannot write $to: " err
			[ ! -s out ]
		done
	done
	[ ! -e fine ]
	nothing_is_kept
}

# on_full_disk COMMAND...: with full/new as the place to write.
on_full_disk() {
	mkdir -p full
	# shellcheck disable=SC2016 # of the inner shell
	unshare -m sh -c 'mount -t tmpfs -o size=4k none full &&
		head -c 4096 /dev/zero >full/fill && exec "$@"' sh "$@"
}
export -f on_full_disk

@test "on a full disk all is shown nevertheless, and kept elsewhere" {
	need_mount
	local what
	for what in "${measuring[@]}"; do
		# shellcheck disable=SC2086 # words
		expect status "$(status bash -c 'on_full_disk "$@"' bash \
			"$bench" $what -o full/new)" 1
		grep -F "cannot write full/new: No space left on device" err
		[ -s out ]
		kept_file
	done
}

@test "what is kept nowhere is said, and still shown" {
	need_mount
	# A limit that holds everywhere, and whose signal nobody must die of.
	set +e
	(ulimit -f 0 && "$bench" run -n 5 -m none -r 1 -o new) 2>&1 | cat >out
	status=${PIPESTATUS[0]}
	set -e
	cat out
	[ "$status" = 1 ]
	grep -F "5 names" out
	grep -F "cannot write new: File too large" out
	grep -F "nor could it be kept" out
	[ ! -e new ]
}

# stdout_fails COMMAND...: on a full disk, closed, without a reader, and beyond a
# limit (of which stderr, a pipe, knows nothing) it ends with 1 and a sentence.
stdout_fails() {
	local how status
	for how in '>/dev/full' '>&-' '>&6' '>limited'; do
		# shellcheck disable=SC2016 # of the inner shell
		bash -c "[ '$how' != '>limited' ] || ulimit -f 0
			exec env --default-signal=PIPE \"\$@\" 2>&1 $how" bash "$@" |
			cat >err
		status=${PIPESTATUS[0]}
		echo "$* $how: $status: $(<err)"
		[ "$status" = 1 ]
		grep -E "can't write: |cannot write to standard output: " err
	done
}

@test "what can't be printed is a failure of each command, with a sentence" {
	local command
	mkfifo fifo
	exec 5<>fifo 6>fifo 5>&- # nobody reads it any more
	while read -ra command; do
		stdout_fails "$build/${command[0]}" "${command[@]:1}"
	done <<-COMMANDS
	epochbench help run
	epochbench run --version
	epochbench list
	epochbench report $rec
	epochbench report -f json $rec
	epochbench report --trend $rec
	epochbench report $top/results/reference/workload.jsonl
	epochbench hazards $hazards
	epochbench hazards -o - $hazards
	epochbench gate -f junit $insns $insns
	epochbench workload --list
	epochbench merge $rec
	epochctl list --help
	epochstat --help
	epochsnoop --version
	COMMANDS
	nothing_is_kept
}

@test "nor is what was measured lost then" {
	need_mount
	local what how
	for what in "${measuring[@]}"; do
		for how in "" "-o -"; do
			# shellcheck disable=SC2086 # words
			expect status "$(status bash -c '"$@" >/dev/full' bash \
				"$bench" $what $how)" 1
			kept_file
		done
		# What can be had from a file isn't kept once more.
		# shellcheck disable=SC2086 # words
		expect status "$(status bash -c '"$@" >/dev/full' bash \
			"$bench" $what -o file)" 1
		is_json file
		nothing_is_kept
	done
}

@test "a closed stdout doesn't become the first file that is opened" {
	need_mount
	expect status "$(status bash -c '"$@" >&- <&-' bash \
		"$bench" run -n 5 -m none -r 1 -o file)" 1
	grep -F "can't write: Bad file descriptor" err
	expect lines "$(wc -l <file)" 1
	is_json file
	expect_nothing_left
}

@test "where /run is read-only, the message names what helps, and that helps" {
	need_mount
	mkdir mnt other
	chmod 700 other
	in_readonly_run() {
		# shellcheck disable=SC2016 # of the inner shell
		status env -u XDG_RUNTIME_DIR unshare -m sh -c \
			'mount -t tmpfs -o ro none /run && exec "$@"' sh \
			"$@" run -n 5 -m none -r 1
	}
	expect status "$(in_readonly_run "$bench")" 2
	grep -F -e --mountpoint err
	grep -F XDG_RUNTIME_DIR err
	expect "status with it" "$(in_readonly_run env XDG_RUNTIME_DIR="$PWD/other" "$bench")" 0
	mkdir -p mnt
	# shellcheck disable=SC2016 # of the inner shell
	expect "status with --mountpoint" "$(status env -u XDG_RUNTIME_DIR unshare -m sh -c '
		mount -t tmpfs -o ro none /run && exec "$@"' sh \
		"$bench" run -n 5 -m none -r 1 --mountpoint mnt)" 0
}

@test "nothing else writes to a place that a user names" {
	cd "$top"
	# bench/host has notes of ours below /run; all others write in a mount, a
	# tmpfs of their own, or in QEMU.
	run grep -rlE --include='*.c' 'f(re)?open\([^)]*"[wa]|O_CREAT|mko?stemps?\(' bench bpf
	expect "who opens files to write" \
		"$(grep -vE '/test/|^bench/host/' <<<"$output" | sort)" "$(
		printf '%s\n' bench/daemon/served.c bench/hazards/probe_deadlock.c \
			bench/insn/plugin/profiler.c bench/lib/output.c \
			bench/lib/output_fresh.c bench/workload/oracle.c \
			bench/workload/prepare.c bench/workload/programs.c)"
}
