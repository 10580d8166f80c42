# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What a script is to the machine around it: what it takes of its environment, how it
# speaks, how it ends, and where its temporary files are.  To be sourced, by
# lib-options.sh.
#
# A script whose first line has -p takes no functions and no BASH_ENV of its caller.

# Nor does anything else of him change what our commands do: the repository of a git
# hook, a person's habits, a language.
unset -v "${!GIT_@}" "${!DPKG_@}" BASH_ENV ENV CDPATH GLOBIGNORE GETOPT_COMPATIBLE \
	GREP_OPTIONS GREP_COLOR GREP_COLORS TAR_OPTIONS GZIP XZ_OPT XZ_DEFAULTS \
	QUOTING_STYLE BLOCK_SIZE BLOCKSIZE DF_BLOCK_SIZE LANGUAGE POSIXLY_CORRECT
shopt -qu patsub_replacement 2>/dev/null || : # "&" in a path is a letter
{ export LC_ALL=C.UTF-8; } 2>/dev/null
export PATH=${PATH:-/usr/local/bin:/usr/bin:/bin}
[[ :$PATH: == *:/usr/sbin:* ]] || PATH+=:/usr/sbin:/sbin
[[ -z ${TMPDIR-} || $TMPDIR == /* ]] || TMPDIR=$PWD/$TMPDIR
# What we make we can read, and nobody else can write.
umask u=rwx,go-w

# The number of one that is closed would be given to a file, which then got what others
# print.  Whoever prints there is to hear that it fails.
: 9>&2 || exec 2>/dev/null # and if it is closed, nothing is said of that
{ : 9<&0; } 2>/dev/null || exec </dev/null
{ : 9>&1; } 2>/dev/null || exec >/dev/full

# tame VARIABLE: puts "?" in place of what a terminal takes for a command: of control
# characters (but ends of lines and tabs), and of what turns the direction of a text.
tame() {
	local LC_ALL=C
	local -n tame_text=$1
	tame_text=${tame_text//[$'\001'-$'\010'$'\013'-$'\037'$'\177']/?}
	[[ $tame_text == *[$'\302\330\342\357\363']* ]] || return 0
	tame_text=${tame_text//$'\302'[$'\200'-$'\237']/?}
	tame_text=${tame_text//$'\330\234'/?}
	tame_text=${tame_text//$'\342\200'[$'\216\217\250'-$'\256']/?}
	tame_text=${tame_text//$'\342\201'[$'\246'-$'\251']/?}
	tame_text=${tame_text//$'\357\277'[$'\271'-$'\273']/?}
	tame_text=${tame_text//$'\363\240'[$'\200\201']?/?}
}

# Copies what a guest or another host says to where people read it, line by line, each
# behind PREFIX.
# shellcheck disable=SC2120 # most have none
plain() { # [PREFIX]
	local line
	while IFS= read -r line || [ -n "$line" ]; do
		line=${line%$'\r'}
		tame line
		printf '%s%s\n' "${1-}" "$line"
	done
}

say() {
	local text="${0##*/}: $*"
	tame text
	printf '%s\n' "$text" >&2 || :
}
die() { say "$2"; exit "$1"; }

# print LINE...: what the script was called for.
print() { printf '%s\n' "$@" 2>/dev/null || die 1 "cannot write to standard output"; }

# A command of a script has failed: by a signal that says no word itself?
fallen() { # STATUS
	case $1 in
	141) die 1 "cannot write: nobody reads it any more" ;;
	153) die 1 "cannot write: the file would be larger than the limit (ulimit -f)" ;;
	esac
}

# Processes are "PID START" here: no other has the number and the start.

# processes: puts all that there are into born (by number) and children (of a number).
processes() {
	local file text pid
	born=() children=()
	for file in /proc/[0-9]*/stat; do
		{ read -r text <"$file"; } 2>/dev/null || continue
		pid=${text%% *}
		read -ra text <<<"${text##*) }" # state, parent, ...
		[ "${text[0]}" != Z ] || continue
		born[$pid]=${text[19]}
		children[${text[1]}]+=" $pid"
	done
}

# families PROCESS...: the array family has those of them that are still there, and what
# they have started, and that in turn.
families() {
	local -A born=() children=() seen=()
	local one pid
	processes
	family=()
	while [ $# -gt 0 ]; do
		pid=${1% *}
		if [ "$1" = "$pid ${born[$pid]-}" ] && [ -z "${seen[$pid]-}" ]; then
			family+=("$1") seen[$pid]=1
			for one in ${children[$pid]-}; do
				set -- "$@" "$one ${born[$one]}"
			done
		fi
		shift
	done
}

# kill_families SIGNAL: of the array family.  What is stopped starts no other meanwhile,
# so none is missed.
kill_families() {
	local known=-1
	while families "${family[@]}" && [ ${#family[@]} -gt "$known" ]; do
		known=${#family[@]}
		kill -STOP "${family[@]% *}" 2>/dev/null || :
	done
	kill "-$1" "${family[@]% *}" 2>/dev/null || :
	kill -CONT "${family[@]% *}" 2>/dev/null || :
}

# ended_within MS: has the array family ended by then?
ended_within() {
	local until_us=$((${EPOCHREALTIME//[!0-9]/} + $1 * 1000))
	while families "${family[@]}" && [ ${#family[@]} -gt 0 ]; do
		[ "${EPOCHREALTIME//[!0-9]/}" -lt $until_us ] || return
		sleep 0.1
	done
}

# Ends the script, with all that it has started, and its leftovers.
stop() {
	trap '' INT TERM HUP QUIT PIPE
	[ -n "${supervised-}" ] || exit 130
	local text family
	{ read -r text <"/proc/$supervised/stat"; } 2>/dev/null || exit 130
	read -ra text <<<"${text##*) }"
	family=("$supervised ${text[19]}")
	kill_families TERM
	! ended_within 3000 || exit 130
	# They had their time.  What is killed holds its locks until it is gone.
	disown -a
	kill_families KILL
	ended_within 1000 || :
	sweep_folders
	exit 130
}

# A shell hears of no signal while it waits for a command, which may take an hour.  So
# what a script does is done by a child of it; it only waits, hears, and ends the child
# with all that this has started.  The child goes on behind this.
supervise() {
	if [ "${supervisor-}" = "$PPID" ]; then
		unset supervisor
		set -E
		trap 'fallen $?' ERR
		trap 'fallen 141' PIPE
		trap 'exit 130' INT TERM HUP QUIT
		return
	fi
	[ -z "${unsupervised-}" ] || return 0
	local status=0 with_us=()
	! type -P setpriv >/dev/null || with_us=(setpriv --pdeathsig TERM)
	# Before there is a child, and between that and its number being known.
	# shellcheck disable=SC2154 # as it is then
	trap 'supervised=${supervised:-${!-}}; stop' INT TERM HUP QUIT PIPE
	# A child in the background would ignore SIGINT, and that for ever.
	(
		trap - INT QUIT TERM HUP PIPE
		supervisor=$$ exec "${with_us[@]}" "$BASH" -p "$0" "${command_line[@]}"
	) <&0 &
	supervised=$!
	wait "$supervised" || status=$?
	[ "$status" -lt 128 ] || sweep_folders
	exit "$status"
}
# What the script was called with: this is sourced without arguments.
command_line=("$@")

# temp_folder: makes $tmp, a folder of this run, which goes when the script ends.  Who
# has its lock open is of the run: this script and what it starts.  If all of them were
# killed, the next run removes it.
temp_folder() {
	local at=${TMPDIR:-/tmp}
	sweep_folders
	for _ in 1 2 3; do
		tmp=$(mktemp -d -- "$at/fuse-epoch-${0##*/}-run.XXXXXX") ||
			die 1 "cannot make a folder in $at: set TMPDIR to another"
		exec {tmp_lock}>"$tmp/.fuse-epoch-lock"
		# Another run may have taken it for a leftover until here.
		if flock --nonblock "$tmp_lock" &&
			[ "$tmp/.fuse-epoch-lock" -ef "/proc/self/fd/$tmp_lock" ]; then
			trap remove_temp EXIT
			return
		fi
		exec {tmp_lock}>&-
	done
	die 1 "cannot lock a folder in $at: set TMPDIR to another"
}

remove_temp() { rm -rf --one-file-system -- "$tmp"; }

# Removes the folders of runs that were killed.
sweep_folders() {
	local old
	for old in "${TMPDIR:-/tmp}"/fuse-epoch-*-run.??????; do
		[ ! -d "$old" ] || [ ! -O "$old" ] || sweep_folder "$old" || :
	done
}

# Neither a name nor a number says that a folder is ours and left: only we could make
# the lock in it, and nobody holds that.  What is looked at is what is emptied, even if
# another gets its name meanwhile.
sweep_folder() (
	lock=.fuse-epoch-lock
	cd -P -- "${1%/*}" && at=${PWD%/}/${1##*/} && cd -P -- "${1##*/}" 2>/dev/null || exit 0
	# No link to elsewhere.
	[ "$PWD" = "$at" ] && [ -O . ] && [ -O $lock ] && [ ! -L $lock ] || exit 0
	exec {held}<$lock
	flock --nonblock "$held" && [ $lock -ef "/proc/self/fd/$held" ] || exit 0
	find . -xdev -mindepth 1 ! -path ./$lock -delete
	rm -f $lock
	rmdir -- "$at"
)
