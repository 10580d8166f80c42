#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/debian-tree with a stub in place of debootstrap, whose tree is busybox: what
# runs there leaves nothing.  The real one is for scripts/debian-check.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bats_require_minimum_version 1.5.0
	[ "$(id -u)" = 0 ] || skip "needs root"
	[ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || skip "needs Debian"
	cd "$BATS_TEST_TMPDIR" || exit
	export XDG_CACHE_HOME=$PWD/cache
	store=$XDG_CACHE_HOME/fuse-epoch/tree
	mkdir -p bin source/scripts
	cp "$top"/scripts/{debian-tree,lib.sh,lib-*.sh,packages} source/scripts
	cat >source/scripts/setup <<-'SETUP'
		#!/bin/sh
		echo "$*" >/installed
	SETUP
	echo first >source/file
	cat >bin/apt-get <<-'APT'
		#!/bin/sh
		echo http://mirror/
	APT
	# Of its arguments the last are the suite, the tree and the mirror.
	cat >bin/debootstrap <<-'STRAP'
		#!/bin/sh
		[ ! -e "$BATS_TEST_TMPDIR/broken" ] || { echo "E: no route"; exit 1; }
		while [ $# -gt 3 ]; do shift; done
		echo "$1 $3" >"$BATS_TEST_TMPDIR/asked"
		mkdir -p "$2" && cd "$2" || exit
		mkdir -p bin usr/bin proc sys dev run tmp root etc/apt/apt.conf.d var/cache/apt/archives
		cp "$(command -v busybox)" bin/busybox
		for name in $(bin/busybox --list); do [ -e "bin/$name" ] || ln -s busybox "bin/$name"; done
		printf '#!/bin/sh\nshift 2\nexec busybox env -i "$@"\n' >usr/bin/env
		chmod +x usr/bin/env
	STRAP
	chmod +x bin/* source/scripts/setup
	PATH=$PWD/bin:$PATH
	git -c init.defaultBranch=main init -q source
	git -C source add -A
	git -C source -c user.name=n -c user.email=e commit -qm first
}

tree() { source/scripts/debian-tree "$@" 3>&-; }

expect_nothing_left() {
	if grep -F "$XDG_CACHE_HOME" /proc/self/mounts; then return 1; fi
	[ "$(find "$store" -mindepth 1 -maxdepth 1 -name '*.??????' ! -name '*.cache')" = "" ]
}

@test "what runs there sees the source as it is, and leaves what was asked for" {
	echo second >source/file
	echo new >source/untracked
	run -0 --separate-stderr tree --out new/out 13 -- sh -c 'cat file untracked; pwd
		mkdir new; echo brought >new/out; echo x >/root/other; echo kept >/root/.cache/fuse-epoch/it; cat /installed'
	[ "${lines[*]}" = "second new /root/fuse-epoch --test --workload --extra" ]
	[ "$(cat asked)" = "trixie http://mirror/" ]
	[ "$(cat source/new/out)" = brought ]
	expect_nothing_left
	rm -r asked source/new
	run -5 tree 13 -- sh -c 'cat /root/other; cat /root/.cache/fuse-epoch/it; ls -d new; exit 5'
	[[ $output == */root/other*"No such"*kept*"new: No such"* ]]
	[ ! -e asked ]
	expect_nothing_left
}

@test "a bare tree has no packages, and is a tree of its own" {
	run -1 tree --bare 13 -- cat /installed
	run -0 tree 13 -- cat /installed
	expect_nothing_left
}

@test "a signal ends what runs there, and nothing stays mounted" {
	tree 13 -- sh -c 'echo >/root/.cache/fuse-epoch/ready; exec sleep 1234' &
	local pid=$! tries=0
	until [ -e "$store/trixie.cache/ready" ]; do
		[ $((tries += 1)) -lt 600 ]
		sleep 0.05
	done
	pkill -TERM -P "$pid" -f debian-tree || kill -TERM "$pid"
	wait "$pid" || :
	expect_nothing_left
}

@test "a command that doesn't hear the signal is ended, too" {
	tree 13 -- sh -c 'trap "" TERM; echo >/root/.cache/fuse-epoch/deaf; sleep 5432; sleep 5432' &
	local pid=$! tries=0
	until [ -e "$store/trixie.cache/deaf" ]; do
		[ $((tries += 1)) -lt 600 ]
		sleep 0.05
	done
	pkill -TERM -f "$BATS_TEST_TMPDIR/source/scripts/debian-tree|^/bin/bash -p source/scripts/debian-tree"
	wait "$pid" || :
	run -1 pgrep -xf 'sleep 5432'
	expect_nothing_left
}

@test "what its command left running ends with it" {
	run -3 tree 13 -- sh -c 'sleep 4321 >&- 2>&- & echo $! >>/root/.cache/fuse-epoch/left; exit 3'
	run -1 pgrep -xf 'sleep 4321'
	[ -s "$store/trixie.cache/left" ]
	expect_nothing_left
}

@test "a tree that couldn't be made is none" {
	touch broken
	run -1 tree 13 -- true
	[[ $output == *"E: no route"*"debootstrap failed"* ]]
	expect_nothing_left
	rm broken
	run -0 tree 13 -- true
}

@test "what isn't known is said" {
	run -2 tree 9 -- true
	[[ $output == *"Debian '9' isn't known here"* ]]
	run -2 tree
}
