#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/fetch-kernel, with a stub in place of apt and its mirror: it keeps
# whole images only.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bats_require_minimum_version 1.5.0
	[ -r /usr/share/keyrings/debian-archive-keyring.gpg ] || skip "needs Debian"
	export XDG_CACHE_HOME=$BATS_TEST_TMPDIR/cache
	store=$XDG_CACHE_HOME/fuse-epoch/debian
	export MIRROR=$BATS_TEST_TMPDIR/mirror
	mkdir -p "$MIRROR" "$BATS_TEST_TMPDIR/bin"
	# $MIRROR has one package: its name is that of the file.
	cat >"$BATS_TEST_TMPDIR/bin/apt-get" <<-'APT'
		#!/bin/sh
		case " $* " in
		*indextargets*) echo http://mirror/ ;;
		*" update "*) echo update >>"$MIRROR/log"; sleep 0.2; [ ! -e "$MIRROR/off" ] ;;
		*" download "*) echo download >>"$MIRROR/log"; cp "$MIRROR"/*.deb . ;;
		esac
	APT
	cat >"$BATS_TEST_TMPDIR/bin/apt-cache" <<-'APT'
		#!/bin/sh
		case " $* " in
		*" show $(basename -s .deb "$MIRROR"/*.deb) "*) dpkg-deb -f "$MIRROR"/*.deb ;;
		*" show "*) exit 100 ;;
		*) basename -s .deb "$MIRROR"/*.deb ;;
		esac
	APT
	chmod +x "$BATS_TEST_TMPDIR"/bin/*
	PATH=$BATS_TEST_TMPDIR/bin:$PATH
}

# package NAME MEMBER [VERSION]: puts one with that file, of 1 MB, on the mirror.
package() {
	local root=$BATS_TEST_TMPDIR/root
	rm -rf "$root" "$MIRROR"/*.deb
	mkdir -p "$root/DEBIAN" "$root/$(dirname "$2")"
	head -c 1000000 /dev/urandom >"$BATS_TEST_TMPDIR/image"
	case $2 in
	*.ko.xz) xz -0 <"$BATS_TEST_TMPDIR/image" >"$root/$2" ;;
	*) cp "$BATS_TEST_TMPDIR/image" "$root/$2" ;;
	esac
	printf '%s\n' "Package: $1" "Version: ${3:-1}" 'Architecture: amd64' \
		'Maintainer: nobody' 'Description: test' >"$root/DEBIAN/control"
	dpkg-deb -Znone --build "$root" "$MIRROR/$1.deb" >/dev/null
}

fetch() { "$top/scripts/fetch-kernel" "$@"; }

# The folders of the cache, without what is apt's own.
folders() {
	find "$store" -mindepth 1 -maxdepth 1 -type d ! -name apt -printf '%f\n' |
		sort | paste -sd ' '
}

@test "an image is taken from either place, once" {
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	run -0 --separate-stderr fetch --list
	[ "$output" = "6.18 6.18.1+deb13" ]
	run -0 --separate-stderr fetch 6.18
	[ "$output" = "$store/6.18.1+deb13/vmlinuz" ]
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	rm "$MIRROR/log"
	run -0 --separate-stderr fetch 6.18
	[ -z "$stderr" ]
	[ ! -e "$MIRROR/log" ]
	package linux-binary-7.3.1+deb13-amd64 usr/lib/modules/7.3.1/vmlinuz
	run -0 --separate-stderr fetch 7.3
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	[ "$(folders)" = "6.18.1+deb13 7.3.1+deb13" ]
}

@test "a module is taken from either place, of the version that was fetched" {
	local modules=usr/lib/modules/x/kernel/fs/overlayfs
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	fetch 6.18
	package linux-image-6.18.1+deb13-amd64 $modules/overlay.ko
	run -0 --separate-stderr fetch --module overlay 6.18
	[ "$output" = "$store/overlay-6.18.1+deb13/overlay.ko" ]
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	package linux-binary-7.3.1+deb13-amd64 usr/lib/modules/7.3.1/vmlinuz
	fetch 7.3
	package linux-modules-7.3.1+deb13-amd64 $modules/overlay.ko.xz
	run -0 --separate-stderr fetch --module overlay 7.3
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	run -1 fetch --module overla 7.3
	[[ $output == *"no module overla in linux-modules-7.3.1+deb13-amd64"* ]]
	rm "$MIRROR/log"
	run -0 --separate-stderr fetch --module overlay 7.3
	[ ! -e "$MIRROR/log" ]
	run -0 --separate-stderr fetch 7.3
	[ "$output" = "$store/7.3.1+deb13/vmlinuz" ]
	package linux-modules-7.3.2+deb13-amd64 $modules/overlay.ko
	rm -r "$store"/overlay-7*
	run -1 fetch --module overlay 7.3
	[[ $output == *"no modules of 7.3.1+deb13"* ]]
	run -2 fetch --module ../x 7.3
}

@test "6.1 is that of an older release, whose versions have a dash" {
	package linux-image-6.1.0-50-amd64 boot/vmlinuz-6.1.0-50
	run -0 --separate-stderr fetch 6.1
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	[ "$(folders)" = 6.1.0-50 ]
	[[ $(cat "$store/apt/sources") == *" bookworm main" ]]
	package linux-image-6.1.0-50-amd64 usr/lib/modules/x/kernel/fs/fuse/fuse.ko
	run -0 --separate-stderr fetch --module fuse 6.1
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	SUITES=mine run -0 --separate-stderr fetch --list
	[ "$output" = "6.1 6.1.0-50" ]
	[[ $(cat "$store/apt/sources") == *" mine main" ]]
	package linux-image-6.1.0-50-rt-amd64 boot/vmlinuz-6.1.0-50
	run -0 --separate-stderr fetch --list
	[ -z "$output" ]
}

@test "newest is what the mirror has, or without it what was fetched before" {
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	fetch 6.18
	run -0 --separate-stderr fetch newest
	[ "$output" = "$store/6.18.1+deb13/vmlinuz" ]
	package linux-binary-7.3.1+deb13-amd64 usr/lib/modules/7.3.1/vmlinuz
	run -0 --separate-stderr fetch newest
	[ "$output" = "$store/7.3.1+deb13/vmlinuz" ]
	touch "$MIRROR/off"
	run -0 --separate-stderr fetch newest
	[ "$output" = "$store/7.3.1+deb13/vmlinuz" ]
	rm -r "$store"/[67].*
	run -1 fetch newest
	[[ $output == *"cannot read the package lists"* ]]
}

@test "a package that is cut off, or has no image, leaves nothing" {
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	truncate -s 500000 "$MIRROR"/*.deb
	run -1 fetch 6.18
	[ -z "$(folders)" ]
	package linux-image-6.18.1+deb13-amd64 boot/config-6.18.1
	run -1 fetch 6.18
	[[ $output == *"no image in linux-image-6.18.1+deb13-amd64"* ]]
	[ -z "$(folders)" ]
}

@test "a source is taken once, too" {
	package linux-source-7.3 usr/src/linux-source-7.3.tar.xz 7.3.4-1~bpo13+1
	run -0 --separate-stderr fetch --source 7.3
	[ "$output" = "$store/source-7.3.4-1~bpo13+1/linux-source-7.3.tar.xz" ]
	cmp "$output" "$BATS_TEST_TMPDIR/image"
	rm "$MIRROR/log"
	run -0 --separate-stderr fetch --source 7.3
	[ "$output" = "$store/source-7.3.4-1~bpo13+1/linux-source-7.3.tar.xz" ]
	[ ! -e "$MIRROR/log" ]
	run -2 fetch --source 7.4
	[[ $output == *"no linux-source-7.4 in"* ]]
	run -2 fetch --source newest
}

@test "a source that is cut off leaves nothing" {
	package linux-source-7.3 usr/src/linux-source-7.3.tar.xz 7.3.4-1
	truncate -s 500000 "$MIRROR"/*.deb
	run -1 fetch --source 7.3
	[[ $output == *"linux-source-7.3, or it is damaged"* || $output == *"cannot unpack linux-source-7.3"* ]]
	[ -z "$(folders)" ]
}

@test "a full disk leaves nothing" {
	[ "$(id -u)" = 0 ] || skip "a full disk needs root: a small tmpfs"
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	mkdir -p "$XDG_CACHE_HOME"
	# The package fits, the image beside it doesn't.
	mount -t tmpfs -o size=1500k none "$XDG_CACHE_HOME"
	run fetch 6.18
	left=$(folders)
	umount "$XDG_CACHE_HOME"
	[ "$status" = 1 ]
	[[ $output == *"cannot unpack linux-image-6.18.1+deb13-amd64"* ]]
	[ -z "$left" ]
}

@test "what is damaged, or was left by one that was killed, is replaced" {
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	mkdir -p "$store/6.18.0+deb13.tmp"
	fetch 6.18
	[ ! -e "$store/6.18.0+deb13.tmp" ]
	printf x | dd of="$store/6.18.1+deb13/vmlinuz" bs=1 seek=100 conv=notrunc status=none
	run -0 fetch 6.18
	[[ $output == *"is damaged: making it again"* ]]
	cmp "$store/6.18.1+deb13/vmlinuz" "$BATS_TEST_TMPDIR/image"
}

@test "two at once fetch it once" {
	package linux-image-6.18.1+deb13-amd64 boot/vmlinuz-6.18.1
	fetch 6.18 >"$BATS_TEST_TMPDIR/1" 2>&1 3>&- &
	fetch 6.18 >"$BATS_TEST_TMPDIR/2" 2>&1 3>&- &
	wait
	[ "$(cat "$BATS_TEST_TMPDIR"/[12] | grep -cxF "$store/6.18.1+deb13/vmlinuz")" = 2 ]
	[ "$(grep -c download "$MIRROR/log")" = 1 ]
	[ "$(cat "$BATS_TEST_TMPDIR"/[12] | grep -c 'waiting for it')" = 1 ]
}
