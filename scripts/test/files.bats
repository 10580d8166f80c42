#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# What a person names to be written: what it is stays, and what belongs there isn't lost.

load ../../bench/test/lib.bash

setup() {
	bats_require_minimum_version 1.5.0
	cd "$BATS_TEST_TMPDIR" || return
	mkdir tmp
	export TMPDIR=$PWD/tmp
	cat >try <<-SH
		#!/bin/bash -p
		set -euo pipefail
		. '$top/scripts/lib-options.sh'
		usage() { printf '%s\n' 'Usage: try' '  -o, --output FILE'; }
		output=''
		options "\$@"
		must_write "\$output"
		temp_folder
		printf 'one\ntwo\n' >"\$tmp/all"
		\${HOW:-deliver} "\$tmp/all" "\$output"
	SH
	chmod +x try
}

two=$'one\ntwo'

# Is it that, and is nothing else left?
holds() { expect "$1" "$(<"$1")" "$2"; }

@test "a file gets all of it, with a mode of its own, or that which it had" {
	(umask 027 && ./try -o new)
	holds new "$two"
	[ "$(stat -c %a new)" = 640 ]
	chmod 604 new
	ln new other # its name elsewhere
	./try -o new
	[ "$(stat -c %a,%h new)" = 604,2 ]
	HOW=append ./try -o new
	holds other "$two"$'\n'"$two"
	./try -o "-o x'\"\\ [y]*"
	[ -s "./-o x'\"\\ [y]*" ]
	[ -z "$(ls -A tmp)" ]
	[ "$(ls | wc -l)" = 5 ]
}

@test "a device, a FIFO and a link stay what they are, and get it" {
	[ "$(id -u)" = 0 ] || skip "needs root, for a device"
	mknod null c 1 3
	mkfifo fifo
	mkdir there
	echo old >there/file
	ln -s there/file link
	ln -s there/new dangling
	local how to
	for how in deliver append; do
		export HOW=$how
		rm -f there/new
		./try -o null
		cat fifo >got 3>&- &
		./try -o fifo
		wait $!
		holds got "$two"
		echo old >there/file
		./try -o link
		[ $how = deliver ] || sed -i 1d there/file
		holds there/file "$two"
		./try -o dangling
		holds there/new "$two"
		for to in /dev/stdout /dev/fd/1; do
			expect "$to" "$(./try -o $to | cat)" "$two"
		done
		expect "kinds" "$(stat -c %F null fifo link dangling | paste -sd ,)" \
			"character special file,fifo,symbolic link,symbolic link"
	done
	[ -z "$(ls -A tmp)" ]
}

@test "a FIFO whose reader comes late gets it all, and nobody who never comes holds us" {
	mkfifo fifo
	./try -o fifo 3>&- &
	kill -0 $!
	expect "what is read" "$(cat fifo)" "$two"
	wait $!
	./try -o fifo 3>&- &
	until_true 10 compgen -G 'tmp/*/all'
	local begin=$SECONDS status=0
	kill $!
	wait $! || status=$?
	[ "$status" = 130 ] && [ $((SECONDS - begin)) -le 60 ]
	[ -z "$(ls -A tmp)" ]
}

@test "what can't be written: said before the work, or kept elsewhere" {
	local to
	for to in /nonexistent/file there/ . /proc/version/x; do
		run -2 ./try -o "$to"
		[[ $output == *"cannot write $to"* ]] || { echo "$output"; return 1; }
	done
	[ -z "$(ls -A tmp)" ]
	run -1 ./try -o /dev/full
	[[ $output == *"cannot write /dev/full: what belongs there is in $PWD/tmp/kept-by-try."* ]]
	holds tmp/kept-by-try.* "$two"
}

@test "a full disk takes nothing of what was there" {
	[ "$(id -u)" = 0 ] || skip "a full disk needs root: a small tmpfs"
	mkdir disk
	mount -t tmpfs -o size=16k none disk
	echo old >disk/file
	head -c 8192 /dev/zero >disk/more
	head -c 1000000 /dev/zero >disk/full 2>/dev/null || :
	local how
	for how in deliver append; do
		sed -i "s/^printf.*/printf %9000d 1 >\"\$tmp\/all\"/" try
		run env HOW=$how ./try -o disk/file
		echo "$status $output" >>said
		cp disk/file after-$how
	done
	umount disk
	[ "$(grep -c '^1 ' said)" = 2 ] && [ "$(grep -c "kept-by-try" said)" = 2 ]
	holds after-deliver old
	holds after-append old
}

@test "words: quotes keep them together, and nothing is run or expanded" {
	cat >words <<-SH
		#!/bin/bash -p
		set -euo pipefail
		. '$top/scripts/lib-options.sh'
		list=()
		words list "\$1"
		printf '<%s>' "\${list[@]}"
		sh -c "set -- \$(quote "\${list[@]}")"'; printf "<%s>" "\$@"'
	SH
	chmod +x words
	local wanted=$'<a b><$HOME><`id`><*><it\'s><x\\y>'
	run -0 ./words '"a b" $HOME `id` *  "it'"'"'s" '"'x\\y'"
	[ "$output" = "$wanted$wanted" ]
	run -2 ./words '"a b'
	[[ $output == *"these are no words: \"a b"* ]]
}
