# SPDX-License-Identifier: GPL-2.0-only
# What the integration tests share.
# shellcheck shell=bash

top=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
build=${BUILD:-build}
case $build in /*) ;; *) build=$top/$build ;; esac
bench=$build/epochbench

# Tests that mount need root and the device: without them they prove nothing.
need_mount() {
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ -c /dev/fuse ] || skip "needs /dev/fuse"
	(: <>/dev/fuse) 2>/dev/null || skip "/dev/fuse can't be opened here"
}

# And those of INC_EPOCH a kernel that has it.
need_epoch() {
	need_mount
	measure -n 1 -m epoch -r 1
	skip_unoffered
}

# measure OPTION...: run, records into $rec.  All skipped (77) is no failure.
measure() {
	rec=$BATS_TEST_TMPDIR/rec.jsonl
	"$bench" run -o "$rec" "$@" >/dev/null || [ $? = 77 ]
}

# Skips the test if the kernel doesn't offer the only method of $rec.
skip_unoffered() {
	[ "$(jq .exit "$rec")" != 77 ] || skip "$(jq -r .why "$rec")"
}

# ops METHOD PHASE OPCODE: the count in each sample ("23 23"), "0" if none.
ops() {
	jq -r --arg m "$1" --arg p "$2" --arg o "$3" 'select(.method == $m) |
		.samples as $n | .phases[$p].ops[$o] // [range($n) | 0] |
		map(tostring) | join(" ")' "$rec"
}

# expect WHAT IS WANTED: says both when they differ.
expect() {
	[ "$2" = "$3" ] && return
	echo "$1: is '$2', wanted '$3'"
	return 1
}

# until_true SECONDS COMMAND...: polls a condition.
until_true() {
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.02
	done
}

# A test knows of its own runs only: where others leave what the next ones must
# know is another folder, and processes are those that it has started.
export XDG_RUNTIME_DIR=${BATS_TEST_TMPDIR-/nonexistent}.runtime
[ -z "${BATS_TEST_TMPDIR-}" ] || mkdir -m 700 "$XDG_RUNTIME_DIR"

no_process() {
	local env
	while read -r env; do
		[ "$(readlink "${env%environ}exe")" != "$bench" ] || return 1
	done < <(grep -lzFxs "BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR" /proc/[0-9]*/environ)
}

# Nothing of ours may be left: no mount, no directory, no process.
expect_nothing_left() {
	until_true 10 no_process # the last of them may still be cleaning up
	# Not "! grep": a negated command never ends a test.
	if grep -F "$BATS_TEST_TMPDIR" /proc/self/mounts; then return 1; fi
	if compgen -G "$XDG_RUNTIME_DIR/*"; then return 1; fi
}

# A kernel without INC_EPOCH, for on_old_kernel: one whose write() refuses it, or,
# with TAKE_IT in the environment, takes it and does nothing.
make_old_kernel() {
	[ "${SANITIZE:-0}" = 0 ] || skip "a sanitizer must be loaded first"
	cat >"$BATS_TEST_TMPDIR/old.c" <<-'C'
		#include <errno.h>
		#include <stdlib.h>
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		static int takes_it;
		__attribute__((constructor)) static void look(void)
		{
			takes_it = !!getenv("TAKE_IT");
		}
		ssize_t write(int fd, const void *buf, size_t len)
		{
			static const unsigned char msg[8] = { 16, 0, 0, 0, 8 };
			if (len == 16 && !memcmp(buf, msg, sizeof(msg))) {
				if (takes_it)
					return len;
				errno = EINVAL;
				return -1;
			}
			return syscall(SYS_write, fd, buf, len);
		}
	C
	cc -D_GNU_SOURCE -shared -fPIC -o "$BATS_TEST_TMPDIR/old.so" \
		"$BATS_TEST_TMPDIR/old.c"
}

on_old_kernel() {
	run env LD_PRELOAD="$BATS_TEST_TMPDIR/old.so" "$@"
	# shellcheck disable=SC2154 # bats sets it
	echo "$output"
}

# fake_kernel FILE RELEASE [CONFIG]: an image as far as its header goes, with that
# configuration in it if it is named.
fake_kernel() {
	local packed=$BATS_TEST_TMPDIR/packed
	{
		printf 'of a kernel'
		[ -z "${3-}" ] || { printf IKCFG_ST; gzip -c <"$3"; }
	} | gzip -c >"$packed"
	local size_bytes
	size_bytes=$(stat -c %s "$packed")
	{
		head -c 497 /dev/zero
		printf '\x01' # sectors of the part before what is packed, but the first
		head -c 16 /dev/zero
		printf 'HdrS\x0f\x02\0\0\0\0\0\0\xa0\0' # the release is at 0x2a0
		head -c 38 /dev/zero
		printf '\x01\0' # 64 bits
		head -c 16 /dev/zero
		printf '\0\0\0\0' # where it begins, there
		printf %b "$(printf '\\x%02x\\x%02x\\0\\0' $((size_bytes & 255)) $((size_bytes >> 8)))"
		head -c 80 /dev/zero
		printf '%s (nobody) #1\0' "$2"
	} >"$1"
	truncate -s 1024 "$1"
	cat "$packed" >>"$1"
}
