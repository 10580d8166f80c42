# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# The one way in which scripts write what a person has named; and words of shells.  To
# be sourced, by lib-options.sh.

# must_write FILE: if it can't be written when the time comes, that is said now.  What is
# there isn't touched.
must_write() {
	local at=$1
	[ -e "$at" ] || IFS= read -rd '' at < <(realpath -mz -- "$at") # a link's end
	[ -e "$at" ] || at=${at%/*}/.
	[[ -w $at && ! -d $1 && $1 != */ ]] || die 2 "cannot write $1"
}

# deliver FROM TO: writes what is in FROM, which goes.  A device, a FIFO and a symbolic
# link stay what they are, and a file gets all of it or nothing.  If that fails, it is
# kept elsewhere, and the script ends.
deliver() {
	replace_file "$@" || { in_place "$2" && cat -- "$1" >"$2"; } || keep_elsewhere "$@"
	rm -f -- "$1"
}

# append FROM TO: the same, at the end of what is there.
append() {
	local size_bytes=''
	[ ! -f "$2" ] || size_bytes=$(stat -Lc %s -- "$2")
	if ! cat -- "$1" >>"$2"; then
		[ -z "$size_bytes" ] || truncate -s "$size_bytes" -- "$2"
		keep_elsewhere "$@"
	fi
	rm -f -- "$1"
}

keep_elsewhere() { # FROM TO
	local kept
	{
		kept=$(mktemp -- "${TMPDIR:-/tmp}/kept-by-${0##*/}.XXXXXX") && mv -f -- "$1" "$kept"
	} || die 1 "cannot write $2, nor keep what belongs there"
	die 1 "cannot write $2: what belongs there is in $kept"
}

# A file that others know by another name, or that is in a folder where no other can be
# made, is overwritten; so is what is no file.
in_place() { # FILE
	[ -e "$1" ] || return
	[ ! -f "$1" ] || [[ $1 == /dev/* || $1 == /proc/* ]] || [ "$(stat -Lc %h -- "$1")" -gt 1 ] ||
		[ ! -w "$(dirname -- "$(realpath -- "$1")")" ]
}

replace_file() { # FROM TO
	local to fresh
	! in_place "$2" || return
	IFS= read -rd '' to < <(realpath -mz -- "$2")
	fresh=$(mktemp -- "$to.XXXXXX") || return
	if cat -- "$1" >"$fresh" && same_mode "$to" "$fresh" && mv -fT -- "$fresh" "$to"; then
		return
	fi
	rm -f -- "$fresh"
	return 1
}

same_mode() { # OLD NEW
	if [ -e "$1" ]; then
		chmod --reference="$1" -- "$2" && { chown --reference="$1" -- "$2" 2>/dev/null || :; }
	else
		chmod "$(printf %o $((0666 & ~$(umask))))" -- "$2"
	fi
}

# quote WORD...: as words for any POSIX shell, whatever is in them.
quote() {
	local word
	for word; do
		printf "'%s' " "${word//\'/\'\\\'\'}"
	done
}

# words VARIABLE TEXT: makes an array of the words of a text.  Quotes and backslashes
# keep what is in a word together, as in a shell, and nothing is expanded or run.
words() {
	local -n words_of=$1
	xargs -r true <<<"$2" || die 2 "these are no words: $2"
	# shellcheck disable=SC2034 # it is the caller's
	mapfile -d '' words_of < <(xargs -r printf '%s\0' <<<"$2")
}
