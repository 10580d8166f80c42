#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# The daemons of bench/examples, which results/sending.md shows: what each notifies is
# seen, and without that it isn't (scripts/examples checks it before each).

load lib.bash

setup_file() {
	need_mount
	rec=$BATS_FILE_TMPDIR/rec.jsonl
	"$bench" run -o "$rec" -n 1 -r 1 -m epoch,prune >/dev/null || [ $? = 77 ]
	OFFERED=$(jq -r 'select(.exit == 0) | .method' "$rec" | tr '\n' ' ')
	export OFFERED
}

# sends NAME ROW...: of each "MESSAGE ERRNO SEEN LOOKUPS".  What this kernel doesn't know
# is EINVAL, or ENOSYS where the library knows that, and nobody sees it.  A file that is
# open looks deleted if what should expire is made invalid.
sends() {
	local name=$1 row said status=0 wanted=()
	shift
	for row; do
		[[ $row != @(epoch|prune)' 0 '* || " $OFFERED" == *" ${row%% *} "* ]] ||
			row="${row%% *} 22 false 0"
		wanted+=("$row")
	done
	said=$("$top/scripts/examples" "$name" 2>"$BATS_TEST_TMPDIR/talk") || status=$?
	[ $status != 77 ] || skip "$(sed 's/^.*: //' "$BATS_TEST_TMPDIR/talk")"
	cat "$BATS_TEST_TMPDIR/talk"
	expect status "$status" 0
	expect "what $name sends" \
		"$(jq -r '"\(.message) \(.errno | if . == 38 then 22 else . end) \(
			.seen) \(.lookup_cnt)\(
			if .message == "expire" and .looks_deleted then " deleted" else "" end)"' \
			<<<"$said")" \
		"$(printf '%s\n' "${wanted[@]}")"
}

all=('epoch 0 true 1' 'expire 0 true 1' 'prune 0 true 1' 'inode 0 true 0')

@test "C: libfuse" {
	sends with_libfuse "${all[@]}"
}

@test "Go: go-fuse" {
	sends with_go_fuse "${all[@]}"
}

@test "Rust: fuser" {
	sends with_fuser "${all[@]}"
}

@test "Python: pyfuse3" {
	sends with_pyfuse3 "${all[@]}"
}

@test "Python: python-fuse, which hides the numbers of nodes" {
	sends with_fuse 'epoch 0 true 1' 'expire 0 true 1' 'prune 95 false 0' 'inode 95 false 0'
}

@test "on a kernel without epochs the daemon learns that from its write, and goes on" {
	make_old_kernel
	on_old_kernel "$top/scripts/examples" with_pyfuse3
	[ "$status" != 77 ] || skip "no pyfuse3 here"
	expect status "$status" 0
	expect epoch "$(jq -c 'select(.message == "epoch") |
		[.errno, .seen, .lookup_cnt, .looks_deleted]' <<<"$output")" '[22,false,0,false]'
	expect inode "$(jq -c 'select(.message == "inode") | [.errno, .seen]' <<<"$output")" \
		'[0,true]'
}
