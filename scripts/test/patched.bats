#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A patch in a git tree of Linux that isn't ours: what it costs, which commit that is, and
# that the tree stays as it was.  A kernel is built of it, once for each of Debian's
# sources.
# shellcheck disable=SC2154 # of lib.bash and bats

load ../../bench/test/lib.bash

setup() {
	[ -n "${FULL-}" ] || skip "only with FULL=1, as make check-full has it"
	[ "$build" = "$top/build" ] || skip "scripts/patch-check runs build/epochbench"
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
}

# What no guest has is two thirds of the source.
unpack() { # FOLDER
	mkdir "$1"
	tar -xf /usr/src/linux-source-6.12.tar.xz -C "$1" --strip-components=1 \
		--exclude='*/Documentation/*.rst' --exclude='*/drivers/gpu/*.[ch]' \
		--exclude='*/drivers/media/*.[ch]' --exclude='*/drivers/net/*/*.[ch]' \
		--exclude='*/sound/*.[ch]' --exclude='*/arch/[!x]*/*.[chS]' --exclude='*.dts*'
}

of_tree() { git -C tree -c user.name=Nobody -c user.email=nobody@example.com "$@"; }

# commit SUBJECT [PATCH]...
commit() {
	local patch
	for patch in "${@:2}"; do patch -s -p1 -F0 -d tree <"$patch"; done
	of_tree add -Af
	of_tree commit -qm "$1"
}

# comment FILE: a commit that changes nothing but a line.
comment() {
	echo '/* nothing */' >>"tree/fs/fuse/$1"
	commit "$1: a comment"
}

make_tree() {
	local v8 planted
	mapfile -t v8 < <("$top/scripts/build-module" --patches v8)
	planted=$("$top/scripts/build-module" --patches v8+planted | tail -n 1)
	unpack tree
	of_tree init -q
	commit "v8" "${v8[@]}"
	of_tree tag base
	comment file.c
	commit "a slower hit" "$planted"
	of_tree tag planted
	comment dir.c
}

@test "a planted patch is named: by what it costs, and as the commit that did it" {
	make_tree
	of_tree for-each-ref >before
	run -3 --separate-stderr "$top/scripts/patch-check" --tree tree --seeds 1 -o page \
		base..HEAD messages attributes 3>&-
	echo "$stderr"
	cat page
	grep -qF 'a slower hit' page
	grep -qF 'no new warnings' page
	grep -qxF 'Each test ends as it did before.' page
	grep -qE '^hit: [0-9]+ instructions, [0-9]+ in the base: WORSE by [0-9]+$' page
	grep -qE '^ +\+[0-9]+  fuse_dentry_revalidate \[fuse\]$' page

	run -3 --separate-stderr "$top/scripts/insns-bisect" --tree tree --operation hit \
		base..HEAD -- fs/fuse 3>&-
	echo "$output" "$stderr"
	expect "the commit" "${lines[0]%% *}" "$(of_tree rev-parse --short planted)"
	[[ ${lines[0]} == *'("a slower hit") of Nobody'* ]]
	of_tree for-each-ref | diff before -
	[ -z "$(of_tree status --porcelain --ignored)" ]
}
