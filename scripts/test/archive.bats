#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What a guest sends back is a stranger's: here a QEMU that only sends what a test wants
# it to.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	local tool
	for tool in qemu-system-x86_64 busybox cpio; do
		command -v $tool >/dev/null || skip "no $tool here"
	done
	ulimit -Sf 204800 # a mistake here fills no disk
	cd "$BATS_TEST_TMPDIR" || return
	mkdir bin tmp here outside guest
	echo precious >outside/file
	# The command's folder there is this one.
	there=.$PWD/here in=guest$PWD/here
	mkdir -p "$in" guest/run/vm
	echo "no complaint" >guest/run/vm/dmesg
	echo 7 >guest/run/vm/status
	fake_kernel kernel 1.2.3
	export TMPDIR=$PWD/tmp SENT=$PWD/sent
	cat >bin/qemu-system-x86_64 <<-'SH'
		#!/bin/bash
		[ "$1" != --version ] || { echo "QEMU emulator version 0"; exit; }
		while [ $# -gt 0 ]; do
			# A comma ends a value; two are one in it.
			path=${1#*path=}
			path=${path//,,/$'\1'}
			path=${path%%,*}
			path=${path//$'\1'/,}
			case $1 in
			file:*) echo "vm: started" >"${1#file:}" ;;
			file,id=result,*) result=$path ;;
			file,id=out,*) echo said >"$path" ;;
			file,id=err,*) : >"$path" ;;
			esac
			shift
		done
		exec cat "$SENT" >"$result"
	SH
	chmod +x bin/qemu-system-x86_64
	PATH=$PWD/bin:$PATH
}

# As scripts/vm-init does it: send [FILE...], of what is in the guest.
send() {
	rm -f "$SENT"
	(cd guest && {
		find . -mindepth 1 ! -path './run*' -print0 | tar -c --no-recursion --null -T - -f -
		tar -c "$@" run/vm/dmesg run/vm/status
	}) >>"$SENT"
}

# shellcheck disable=SC2120 # "run" passes some
vm() { (cd here && "$top/scripts/vm" --kernel ../kernel "$@" -- true); }

# Nothing but HERE has changed, and no leftover.
unharmed() {
	[ "$(cat outside/*)" = precious ]
	[ "$(find outside tmp -mindepth 1 ! -path 'tmp/kept-by-vm.*')" = outside/file ]
}

@test "files, folders and links within the folder come back, with the status" {
	mkdir -p "$in/a/b" here/kept
	chmod 700 here/kept
	mkdir "$in/kept"
	echo new >"$in/kept/in"
	echo odd >"$in/a/ -x 'y' *"$'\n'
	ln -s a/b "$in/link"
	ln "$in/kept/in" "$in/hard"
	chmod 640 "$in/kept/in"
	send
	run -7 vm
	[ "$output" = said ]
	[ -d here/a/b ] && [ "$(readlink here/link)" = a/b ]
	[ "$(cat "here/a/ -x 'y' *"$'\n' here/hard here/kept/in | paste -sd ' ')" = "odd new new" ]
	[ "$(stat -c %a here/kept here/kept/in | paste -sd ' ')" = "700 640" ]
	unharmed
}

@test "what would lead elsewhere isn't taken: names, links, links in between" {
	local evil
	# Names that tar itself makes, as a guest may.
	for evil in "$PWD/outside/new" "../../../../../../../../../..$PWD/outside/new"; do
		echo pwned >guest/run/vm/evil
		send -P --transform "s,^run/vm/evil,$evil," run/vm/evil
		tar -tPif "$SENT" | grep -qxF "$evil"
		run vm
		unharmed
	done
	# A link, and a file behind it: in one archive, and in the next.
	ln -s "$PWD/outside" "$in/out"
	ln -s ../outside "$in/up"
	ln -s /etc/passwd "$in/passwd"
	send
	run -7 vm
	[[ $output == *"not taken from the guest: passwd (a link to elsewhere)"* ]]
	[ -z "$(ls -A here)" ]
	rm "$in"/*
	mkdir "$in/out" "$in/up"
	echo pwned | tee "$in/out/new" >"$in/up/file"
	(cd guest && tar -c "$there/out/new" "$there/up/file") | cat - "$SENT" >both
	mv both "$SENT"
	run vm
	[ ! -L here/out ] && [ ! -L here/up ] && [ ! -L here/passwd ]
	unharmed
	rm -rf here/*
	(cd guest && tar -c "$there/out/new" "$there/up/file") >>"$SENT"
	run vm
	unharmed
}

@test "links that were here lead a guest nowhere; what isn't a file stays what it is" {
	[ "$(id -u)" = 0 ] || skip "needs root, for a device"
	ln -s ../outside here/out
	ln -s ../outside/file here/file
	ln -s inner here/within
	mkfifo here/fifo
	mknod here/null c 1 3
	mkdir here/folder "$in/out"
	echo pwned | (cd "$in" && tee out/file out/new file within fifo null folder >/dev/null)
	send
	run -7 vm
	[ "$(cat here/inner)" = pwned ]
	[[ $output == *"not taken from the guest: out/file (it would be outside of this folder)"* ]]
	[[ $output == *"not taken from the guest: null (what is here isn't a file)"* ]]
	[ "$(cd here && stat -c %F out file within fifo null folder | paste -sd ,)" = \
		"symbolic link,symbolic link,symbolic link,fifo,character special file,directory" ]
	unharmed
}

@test "no device, FIFO, or setuid bit comes in, and no folder that can't be removed" {
	[ "$(id -u)" = 0 ] || skip "needs root, for a device"
	mknod "$in/sda" b 8 0
	mkfifo "$in/fifo"
	echo x >"$in/setuid"
	mkdir -p "$in/shut/in"
	chown nobody "$in/setuid"
	chmod 4777 "$in/setuid"
	chmod 0 "$in/shut"
	send
	run -7 vm
	[[ $output == *"not taken from the guest: sda (neither a file nor a folder)"* ]]
	[ "$(cd here && stat -c %n,%a,%u * | paste -sd ' ')" = "setuid,777,$(id -u) shut,755,$(id -u)" ]
	unharmed
}

@test "what comes in place of the status, of the log, or of the archive is no proof" {
	local what
	for what in 256 -1 '' '0 ' "\$(touch $PWD/outside/new)"; do
		printf %s "$what" >guest/run/vm/status
		send
		run -1 vm
		[[ $output == *"the guest died before"* ]]
	done
	echo 0 >guest/run/vm/status
	rm guest/run/vm/dmesg
	ln -s /etc/passwd guest/run/vm/dmesg
	send
	run vm --dmesg "$PWD/log"
	run ! grep root log
	ln -s /etc guest/etc
	for what in 'head -c 11400' 'gzip' 'tr a-z b-za'; do
		send
		$what <"$SENT" >less
		mv less "$SENT"
		run -1 vm
	done
	# The folder itself, as a link.
	rm -rf guest/tmp "guest/${PWD#/}"
	mkdir -p guest/run
	ln -s /etc guest/run/x
	send run/x
	run -1 vm --as /run/x
	[ -z "$(ls here)" ]
	unharmed
}

@test "a guest sends no more than its memory holds, and no file is larger" {
	send
	head -c 100M /dev/zero >>"$SENT"
	run -1 vm --mem 16M
	[[ $output == *"the guest sent more than its memory holds (--mem 16M)"* ]]
	(ulimit -Sf unlimited && truncate -s 100G "$in/sparse")
	(cd guest && tar -cS "$there/sparse" run/vm/dmesg run/vm/status) >"$SENT"
	run -1 vm
	[ ! -e here/sparse ]
	rm -rf tmp/kept-by-vm.*
	unharmed
}

@test "what doesn't fit here is kept elsewhere" {
	[ "$(id -u)" = 0 ] || skip "a full disk needs root: a small tmpfs"
	head -c 50000 /dev/zero >"$in/file"
	send
	mount -t tmpfs -o size=16k none here
	run vm
	umount here
	[ "$status" = 1 ]
	[[ $output == *"cannot write what the command wrote: it is in $TMPDIR/kept-by-vm."* ]]
	[ "$(stat -c %s tmp/kept-by-vm.*/back/"$PWD"/here/file)" = 50000 ]
}

@test "a guest's last words command no terminal, and there are some" {
	sed -i 's/vm: started/\\e[31mred/; s/echo/echo -e/' bin/qemu-system-x86_64
	: >"$SENT"
	run -1 vm
	[[ $output == *"didn't come up (attempt 3 of 3): ?[31mred"* ]]
	sed -i 's/.e.31mred/ /' bin/qemu-system-x86_64
	run -1 vm --mem 48M
	[[ $output == *"didn't come up (attempt 3 of 3): it said nothing, as where --mem 48M is too little"* ]]
}

@test "a folder for temporary files with commas and quotes" {
	TMPDIR="$PWD/tmp/a,b 'c' \"d\" *"
	mkdir "$TMPDIR"
	echo x >"$in/made"
	send
	run -7 vm
	[ "$output" = said ] && [ -s here/made ]
}

@test "the guest's init runs nowhere else" {
	[ "$(id -u)" = 0 ] || skip "needs root, to be PID 1 somewhere"
	# Each in mounts of its own: one that goes on must not do it to this machine.
	local how own='unshare -mpf --propagation private'
	for how in 'unshare -m --propagation private' "$own" "$own --mount-proc" \
		"env fuse_epoch_guest=1 $own" "env fuse_epoch_guest=1 $own --mount-proc"; do
		run -2 $how "$top/scripts/vm-init"
		[ "$output" = "vm-init: this is for the guests of scripts/vm" ]
	done
	run -2 "$top/kernel/selftests/run" 1 true
	[ ! -e /tmp/says ]
}

# Processes of ours by a mark in their environment, with their names.
marked() {
	local file
	for file in $(grep -lzFxs "NOBODY_WAITS=$PWD" /proc/[0-9]*/environ); do
		echo "${file//[!0-9]/} $(cat "${file%environ}comm" 2>/dev/null)"
	done
}

no_cat() { ! marked | grep -q ' cat$'; }

@test "nobody waits for what a QEMU would have said that was killed, with the script" {
	cat >bin/qemu-system-x86_64 <<-'SH'
		#!/bin/bash
		[ "$1" != --version ] || { echo "QEMU emulator version 0"; exit; }
		touch "$NOBODY_WAITS/there"
		exec sleep 1000
	SH
	NOBODY_WAITS=$PWD vm 3>&- &
	until_true 60 test -e there
	until_true 60 eval 'marked | grep -q " cat$"'
	marked | grep -v ' cat$' | cut -d ' ' -f 1 | xargs kill -KILL || : # some have ended meanwhile
	until_true 60 no_cat
	until_true 60 eval '[ -z "$(marked)" ]'
}
