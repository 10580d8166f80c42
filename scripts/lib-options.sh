# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash
# What all scripts share: options, and lib-process.sh and lib-files.sh.  To be sourced.
#
# The usage text is the table of the options.  A script declares a variable for
# each of them, with its default, and then calls options "$@":
#
#	usage() {
#		cat <<-'USAGE'
#		Usage: scripts/NAME [OPTION]... [FILE]... [-- COMMAND...]
#		  --strict           a flag: strict=1
#		  -o, --output FILE  a value: output=FILE
#		  --config LAYER     an array takes each value: config+=(LAYER)
#		USAGE
#	}
#	strict='' output=results/name.jsonl config=()
#	options "$@"
#
# Then the arguments are in the array `args'; and if the usage text has "[-- ", what
# stands behind -- is in `rest'.  A dash in a name is an underscore in its variable.
# `aliases' may have old spellings, OLD=NEW, which the usage text doesn't show.
# Each script answers -h, -?, --help, -V and --version.

# Then the script goes on as a child of itself (supervise in lib-process.sh).
# shellcheck source-path=SCRIPTDIR source=lib-process.sh
. "${BASH_SOURCE[0]%/*}/lib-process.sh"
# shellcheck source-path=SCRIPTDIR source=lib-files.sh
. "${BASH_SOURCE[0]%/*}/lib-files.sh"

aliases=() args=() rest=()

# misuse TEXT: this is no way to call the script.
misuse() {
	say "$1"
	echo "Try '$0 --help'." >&2
	exit 2
}

# arguments LEAST [MOST]: so many of them are right; without MOST exactly LEAST.
arguments() {
	[ ${#args[@]} -ge "$1" ] || misuse "an argument is missing"
	[ ${#args[@]} -le "${2-$1}" ] || misuse "unexpected argument '${args[${2-$1}]}'"
}

# What is known of the options: how getopt wants their names; the variable of each
# spelling (-o, --output); and what its value is called, if it takes one.
options_short='h?V' options_long=help,version
declare -A options_variable=([-h]=. [-?]=. [--help]=. [-V]=. [--version]=.)
declare -A options_value=()

options_add() { # VARIABLE VALUE LONG [SHORT]
	declare -p "$1" >/dev/null 2>&1 || die 1 "bug: --$3 has no variable"
	options_long+=,$3${2:+:} options_variable[--$3]=$1 options_value[--$3]=$2
	[ -n "${4-}" ] || return 0
	options_short+=$4${2:+:} options_variable[-$4]=$1 options_value[-$4]=$2
}

# Learns them from the usage text and the old spellings.
options_learn() {
	local line alias form='^  (-([A-Za-z]), )?--([a-z][a-z-]*)( [A-Z][^ ]*)?(  |$)'
	options_text=$(usage)
	while IFS= read -r line; do
		[[ $line == '  -'* ]] || continue
		[[ $line =~ $form ]] || die 1 "bug: no option can be read from '$line'"
		options_add "${BASH_REMATCH[3]//-/_}" "${BASH_REMATCH[4]# }" \
			"${BASH_REMATCH[3]}" "${BASH_REMATCH[2]}"
	done <<<"$options_text"
	for alias in "${aliases[@]}"; do
		line=--${alias#*=}
		options_add "${options_variable[$line]}" "${options_value[$line]}" "${alias%%=*}"
	done
}

options_help() { print "$options_text"; exit; }

options_version() {
	local top=${BASH_SOURCE[0]%/*}/..
	print "${0##*/} $(git -C "$top" describe --always --dirty --tags 2>/dev/null ||
		cat "$top/build/version" 2>/dev/null || echo unknown)"
	exit
}

options_set() { # OPTION VALUE
	set -- "${options_variable[$1]}" "$2" "${options_value[$1]}"
	# No program takes the name of a file for an option then.
	[[ $2 != -* || $3 != @(FILE|DIR|PATH)* ]] || set -- "$1" "./$2"
	if [[ $(declare -p "$1") == 'declare -a'* ]]; then
		local -n options_target=$1
		options_target+=("$2")
	else
		printf -v "$1" %s "$2"
	fi
}

# options_parse PLUS WORD...: with a PLUS the first argument ends the options.  What
# is local here has names that no option has, whose variables it would hide.
options_parse() {
	local options_said='' options_call
	options_call=(-n "${0##*/}" -o "$1$options_short" -l "$options_long" -- "${@:2}")
	getopt --test >/dev/null 2>&1 || options_said=$?
	[ "$options_said" = 4 ] ||
		die 1 "this needs getopt of util-linux, and finds $(command -v getopt || echo none)"
	options_said=$(getopt -Q "${options_call[@]}" 2>&1) || {
		[ -z "$options_said" ] || misuse "${options_said#"${0##*/}: "}"
		options_help # -? is an error, too, but getopt has nothing to say of it
	}
	eval "set -- $(getopt "${options_call[@]}")"
	while [ "$1" != -- ]; do
		case $1 in
		-h | --help) options_help ;;
		-V | --version) options_version ;;
		esac
		if [ -n "${options_value[$1]}" ]; then
			options_set "$1" "$2"
			shift
		else
			options_set "$1" 1
		fi
		shift
	done
	args=("${@:2}")
}

# options WORD...: options may stand behind arguments.
options() {
	local options_end=1
	options_learn
	if [[ $options_text == *'[-- '* ]]; then
		while [ $options_end -le $# ] && [ "${!options_end}" != -- ]; do
			options_end=$((options_end + 1))
		done
		rest=("${@:options_end + 1}")
		set -- "${@:1:options_end - 1}"
	fi
	options_parse '' "$@"
	supervise
}

# options_first WORD...: the first argument ends them; what follows is of others.
options_first() {
	options_learn
	options_parse + "$@"
	supervise
}

# options_own WORD...: for a script that hands on what isn't its own option: `rest' has
# that, in order.
options_own() {
	local options_mine=()
	options_learn
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		if [[ $1 != -* || -z ${options_variable[${1%%=*}]-} ]]; then
			rest+=("$1")
		elif [[ -n ${options_value[$1]-} ]]; then
			options_mine+=("${@:1:2}")
			shift $(($# > 1))
		else
			options_mine+=("$1")
		fi
		shift
	done
	rest+=("${@:2}")
	options_parse '' "${options_mine[@]}"
	supervise
}
