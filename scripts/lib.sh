# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What the scripts around kernels share: the cache of builds, and progress.  To be
# sourced; it brings lib-options.sh.
# shellcheck source-path=SCRIPTDIR source=lib-options.sh
. "${BASH_SOURCE[0]%/*}/lib-options.sh"

# Says where builds and downloads are kept, in $cache; `make distclean` clears it.
need_cache() {
	[ -n "${XDG_CACHE_HOME:-${HOME-}}" ] ||
		die 1 "no place for what is built: set HOME or XDG_CACHE_HOME"
	cache=${XDG_CACHE_HOME:-$HOME/.cache}/fuse-epoch
	[[ $cache == /* && $cache != *$'\n'* ]] ||
		die 2 "$cache isn't a path from / in one line: set XDG_CACHE_HOME to another"
	must_be_roots "$cache"
}

# must_be_roots FOLDER: root starts what lies there, so nobody else may have put it there,
# or could.  In a folder with the sticky bit nobody moves what is another's.
must_be_roots() {
	[ "$EUID" = 0 ] || return 0
	local at above=()
	IFS= read -rd '' at < <(realpath -mz -- "$1")
	others_touch "$at" -maxdepth 0
	while [ "${at%/*}" ]; do
		at=${at%/*}
		above+=("$at")
	done
	others_touch / "${above[@]}" -maxdepth 0 \( ! -uid 0 -o ! -perm -1000 \)
}

# all_must_be_roots FOLDER: all that is in it, too; of its tree, see intact, if $thorough.
all_must_be_roots() {
	[ "$EUID" = 0 ] || return 0
	local skip=(-path './tree/?*' -prune -o)
	[ -z "${thorough-}" ] || skip=()
	must_be_roots "$1"
	(cd "$1" && others_touch . "${skip[@]}" ! -type l)
}

others_touch() { # ARGUMENT of find...: dies if one of these can be another's
	local name
	name=$(find "$@" \( ! -uid 0 -o -perm -002 -o -perm -020 ! -gid 0 \) -print -quit 2>/dev/null) || :
	[ -z "$name" ] || die 1 "root starts nothing that others could have made: ${name/#./$PWD} is theirs, or they can write it; remove it, or set XDG_CACHE_HOME to a folder of root's own"
}

# Runs what builds: it gets where programs are, and nothing else of the caller, who may
# have been building another kernel.
clean() { env -i PATH="$PATH" LC_ALL=C ${HOME:+HOME="$HOME"} "$@"; }

# Linux is built there.
must_suit_linux() { # FOLDER
	[[ $1 =~ ^[A-Za-z0-9/._+@~-]+$ ]] ||
		die 1 "linux can't be built in $1: its makefiles take letters, digits and /._+@~- in a path; set XDG_CACHE_HOME to another"
}

# need TOOL...: all of them are there, or say how to get them.
need() {
	local tool
	for tool; do
		command -v "$tool" >/dev/null ||
			die 1 "no $tool here: run scripts/setup --vm"
	done
}

# The kernel that we build unless another of kernel/patches/ is asked for: a variant
# without a folder before its name is one of this.
# shellcheck disable=SC2034 # of build-kernel and build-module
own_linux=6.12

# What QEMU emulates where instructions are counted.  Its `max' is another CPU in each
# release, and kernel and libc choose by what it can: where `rep stosb' is fast it
# clears memory, and counts as one for each byte.
# shellcheck disable=SC2034 # of scripts/vm and lib-insns.sh
counting_cpu=max,-fsrm,level-func7=0,-xsaveerptr,family=15,model=107,stepping=1

# "QEMU 7.2.22"
qemu_version() {
	qemu-system-x86_64 --version | sed -n '1s/^.*version \([^ ]*\).*/QEMU \1/p'
}

hash() { sha256sum | cut -c 1-12; }

# intact DIR: what a build left there is unchanged.  All of the tree that modules
# are built with (8000 files) is only looked at if $thorough says so.
intact() {
	local sums=(SHA256SUMS)
	[ -z "${thorough-}" ] || sums+=(tree.sums)
	(cd "$1" && sha256sum --check --status "${sums[@]}") 2>/dev/null
}

# cached DIR BUILD [ARGUMENT...]: makes sure that DIR holds a finished build
# that is intact; else `BUILD ARGUMENT... TEMP` has to fill the folder TEMP.
# One process builds, others that want the same wait; those that only check it
# don't exclude each other.  What has the final name is complete: it is renamed
# last.  Takes the caller's trap of EXIT.
cached() {
	local dir=$1 lock fresh sums
	shift
	mkdir -p -- "${dir%/*}" || die 1 "cannot write $cache: set XDG_CACHE_HOME"
	exec {lock}>"$dir.lock" || die 1 "cannot write $cache: set XDG_CACHE_HOME"
	lock_or_wait --shared "$lock" "${dir##*/}"
	if ! intact "$dir"; then
		lock_or_wait --exclusive "$lock" "${dir##*/}"
		if [ -e "$dir" ] && ! intact "$dir"; then
			say "$dir is damaged: making it again"
			rm -rf --one-file-system "$dir"
		fi
	fi
	if [ ! -e "$dir" ]; then
		fresh=$dir.tmp
		rm -rf --one-file-system "$fresh" # of one that was killed
		building=$fresh
		trap 'rm -rf ${building:+"$building"}' EXIT
		mkdir "$fresh"
		"$@" "$fresh"
		if [ -d "$fresh/tree" ]; then
			(cd "$fresh" && find tree -mindepth 2 -type f -exec sha256sum {} + >tree.sums)
		fi
		sums=$(cd "$fresh" && find . -type f ! -path './tree/*/*' -exec sha256sum {} +)
		echo "$sums" >"$fresh/SHA256SUMS"
		mv -T "$fresh" "$dir"
		building=
	fi
	all_must_be_roots "$dir"
	exec {lock}>&-
}

# only_one NAME: of such a script, with what it has of a run that was stopped in $cache/NAME.
only_one() {
	need_cache
	mkdir -p -- "$cache/$1" || die 1 "cannot write $cache: set XDG_CACHE_HOME"
	exec {only}>"$cache/$1.lock" || die 1 "cannot write $cache: set XDG_CACHE_HOME"
	flock --nonblock "$only" || die 1 "another $1 runs: wait for it, or stop it"
}

# lock_or_wait HOW DESCRIPTOR WHAT
lock_or_wait() {
	flock --nonblock "$1" "$2" && return
	say "another process makes $3: waiting for it"
	flock "$1" "$2"
}

# Removes what interrupted builds have left, whatever it was to become.
sweep_cache() {
	local temp lock
	for temp in "$cache"/{kernel,fuse,module,debian,epochbench,tree}/*.tmp; do
		[ -e "$temp" ] || continue
		exec {lock}>>"${temp%.tmp}.lock"
		! flock -n "$lock" || rm -rf --one-file-system "$temp"
		exec {lock}>&-
	done
}

# Copies standard input, a build's output, to standard output, and shows on a
# terminal how far it is: a bar with the time that is left, by the number of
# files that are expected to be compiled.
build_progress() {
	local line n=0 start=$SECONDS last=-1 part
	while IFS= read -r line; do
		printf '%s\n' "$line"
		case $line in '  CC'* | '  AS'* | '  HOSTCC'* | '  LD'*) n=$((n + 1)) ;; esac
		if [ ! -t 2 ] || [ "$SECONDS" = "$last" ]; then continue; fi
		last=$SECONDS
		part=$((n < $1 ? n * 100 / $1 : 99))
		printf '\r%s: %3d%% [%-25s] %d s, %s s to go \e[K' "${0##*/}" "$part" \
			"$(printf '%*s' $((part / 4)) '' | tr ' ' '#')" \
			$((SECONDS - start)) \
			"$([ "$part" -lt 3 ] && echo '?' || echo $(((SECONDS - start) * (100 - part) / part)))" >&2
	done
	[ ! -t 2 ] || printf '\r\e[K' >&2
}

# step LOG FILES COMMAND...: runs a build step with its output in LOG; shows
# what went wrong if it fails.
step() {
	local log=$1 files=$2
	shift 2
	if ! clean "$@" 2>&1 </dev/null | build_progress "$files" >"$log"; then
		grep -m 5 -A 5 -E 'error|Error|No space' "$log" >&2 || tail -n 20 "$log" >&2
		die 1 "the build failed (above); run it again when that is mended"
	fi
}

# Is it a variant of a kernel that we have patches for?  Else it is a path.
is_variant() { [[ $1 != */* || ($1 == [0-9]* && -d ${BASH_SOURCE[0]%/*}/../kernel/patches/${1%%/*}) ]]; }

# take_kernel [MODULE...]: for who takes --kernel.  One of a path, or with modules, is
# looked at now, not when it boots: then $kernel is its image, by a path for any folder,
# and the array inserted has the options of scripts/vm for its modules.
take_kernel() {
	local found
	inserted=()
	if [[ $kernel == debian:* && $# = 0 ]]; then return; fi
	# shellcheck disable=SC2154 # the caller's
	found=$("$here/find-kernel" --verbose "${@/#/--module=}" -- "$kernel") || exit
	kernel=${found%%$'\n'*}
	[ "$found" = "$kernel" ] || mapfile -t inserted <<<"${found#*$'\n'}"
	inserted=("${inserted[@]/#/--module=}")
}
