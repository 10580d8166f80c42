# SPDX-License-Identifier: GPL-2.0-only
# What the tests of epochbench workload share.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # lib.bash and bats set them; tests use them

load lib.bash

setup() {
	need_mount
	cd "$BATS_TEST_TMPDIR" || return
	rec=$BATS_TEST_TMPDIR/rec.jsonl
}

teardown() {
	[ -z "${tool-}" ] || kill -9 "$tool" 2>/dev/null || true
}

# 5 directories, 100 files, a link.
make_tree() {
	[ ! -d tree ] || return 0
	local dir i
	mkdir -p tree/{a/b,c,d,e}
	for dir in a a/b c d e; do
		for i in {1..20}; do
			printf '%8000s' "$dir $i" >"tree/$dir/file$i"
		done
	done
	ln -s c tree/link
}

# workload OPTION...: on that tree, for a short time.
workload() {
	[ -d tree ] || make_tree
	run timeout 60 "$bench" workload --tree tree --seconds 0.4 --rounds 1 -o "$rec" "$@"
	echo "$output"
	case $output in *"epoch is left out"*) skip "this kernel has no INC_EPOCH" ;; esac
}

# each CONDITION: holds for all records.
each() {
	jq -e -s "length > 0 and all($1)" "$rec" >/dev/null || {
		echo "not so in all: $1"
		jq -c 'del(.host, .timeline)' "$rec"
		return 1
	}
}

# of METHOD SCOPE FILTER
of() {
	jq -r --arg m "$1" --arg s "$2" "select(.method == \$m and .scope == \$s) | $3" "$rec"
}

# Its mounts are in a namespace that ends with its processes.
expect_nothing_of_it() {
	expect_nothing_left
	[ -z "${namespace-}" ] || until_true 10 namespace_is_gone
	if compgen -G "$rec.*"; then return 1; fi
}

namespace_is_gone() {
	! readlink /proc/*/ns/mnt 2>/dev/null | grep -qxF "$namespace"
}

# start_long OPTION...: in the middle of a cell of $tool: $child has the mount,
# $daemon serves it.
start_long() {
	make_tree
	"$bench" workload --tree tree -w find -m epoch --rates 10 --seconds 30 --rounds 1 \
		-o "$rec" "$@" >stdout 2>stderr 3>&- &
	tool=$!
	until_true 20 has_mount
	namespace=$(readlink "/proc/$child/ns/mnt")
	daemon=$(pgrep -o -P "$child")
}

# A mount to try methods on came before: there no oracle and no walker are at work.
has_mount() {
	for child in $(pgrep -P "$tool"); do
		grep -qs ' /tmp/mnt fuse.epochbench ' "/proc/$child/mounts" || continue
		[ "$(pgrep -c -P "$child")" -lt 3 ] || return 0
	done
	return 1
}

ended() {
	local status=0
	wait "$tool" || status=$?
	tool=
	expect status "$status" "$1"
}
