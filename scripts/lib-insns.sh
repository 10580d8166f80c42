# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2154 # the caller's variables, as said here
# For scripts that count instructions in guests and have them judged
# (regress-insns, insns-matrix).  To be sourced after lib.sh.  The caller sets
# $here, this folder; $top, the tree; and $tmp, a folder that it removes.

# The programs without what debuggers read, which has the names of this machine's
# folders, and without the name of the commit: what is counted depends on neither.
strip_programs() {
	head -c 48 /dev/zero >"$tmp/version"
	objcopy --strip-all -R .note.gnu.build-id --update-section "bench_version=$tmp/version" \
		"$top/build/epochbench" "$tmp/epochbench"
	objcopy --strip-all -R .note.gnu.build-id "$top/build/epochstat" "$tmp/epochstat"
}

# package_version NAME...: those that are installed.  dpkg-query fails if it doesn't
# know one of them, which is no failure here: names differ between releases.
package_version() {
	dpkg-query -W -f '${db:Status-Status}\t${Package}\t${Version}\n' "$@" 2>/dev/null |
		sed -n 's/^installed\t//p' || :
}

# owner FILE: the package it is of.  With a merged /usr, dpkg may know it by either
# of two names.
owner() {
	local other=/usr$1 said
	[[ $1 != /usr/* ]] || other=${1#/usr}
	said=$(dpkg-query -S "$1" 2>/dev/null || dpkg-query -S "$other" 2>/dev/null) || return
	said=$(grep -v '^diversion ' <<<"$said") || return
	echo "${said%%[:,]*}"
}

# libraries PROGRAM...: all that go into the guest with these, by the packages that
# they are of; one that is of none has its file's hash.
libraries() {
	local file package prog
	while read -r file; do
		if package=$(owner "$file"); then
			package_version "$package"
		else
			printf '%s\t%s\n' "${file##*/}" "$(hash <"$file")"
		fi
	done < <(for prog; do ldd "$prog"; done | grep -oE '/[^ ]+' | sort -u)
}

# What the numbers depend on wherever they are counted, "NAME<tab>VERSION" a line.
versions_of_programs() {
	local prog
	for prog in epochbench epochstat; do
		printf '%s\t%s\n' "$prog" "$(hash <"$tmp/$prog")"
	done
	libraries "$top"/build/{epochbench,epochstat}
	printf 'qemu\t%s\n' "$(qemu-system-x86_64 --version | head -n 1)"
	printf 'cpu\t%s\n' "$counting_cpu"
}

# Such lines as the first one of measurements (insns/1).
versions_line() {
	jq -cRn '{schema: "insns/1", versions: ([inputs | split("\t") | {(.[0]): .[1]}] | add)}'
}

# measurements VERSIONS COUNTED: both files as one (insns/1); the first line says how
# many others there are, so that half a file isn't taken for a whole one.
measurements() {
	jq -c --argjson cnt "$(wc -l <"$2")" '.measurements = $cnt' "$1"
	cat "$2"
}

# run_command NAMES: what counts, with all methods.
run_command() {
	local methods=none,epoch,inval_inode_attr,inval_inode,inval_entry,inval_entry_top
	methods+=,expire_entry,delete,prune
	echo "./epochbench run --clock insns -c operation -n $1 -r 3 -o run.jsonl" \
		"--symbols symbols -m $methods"
}

with_folder() { # FOLDER COMMAND...: which takes that for $tmp
	local tmp=$1
	"${@:2}"
}

# at_once FUNCTION ARGUMENT...: FUNCTION ARGUMENT for each, as many at the same time as
# there are CPUs (but 4, as a guest takes 2 GB), each with a $tmp of its own that has the
# programs.  What they print is printed in this order.  Guests that count know nothing of
# each other: the numbers are the same.
at_once() {
	local function=$1 most dir dirs=() running=0 status=0 argument
	shift
	most=$(nproc)
	[ "$most" -le 4 ] || most=4
	for argument; do
		if [ $running = "$most" ]; then
			wait -n || status=$?
			running=$((running - 1))
		fi
		[ $status = 0 ] || break
		dir=$tmp/${#dirs[@]}
		dirs+=("$dir")
		rm -rf "$dir"
		mkdir "$dir"
		ln "$tmp/epochbench" "$tmp/epochstat" "$dir"
		with_folder "$dir" "$function" "$argument" >"$dir/printed" &
		running=$((running + 1))
	done
	while [ $running -gt 0 ]; do
		wait -n || status=$?
		running=$((running - 1))
	done
	[ $status = 0 ] || exit $status
	cat "${dirs[@]/%//printed}"
}

# count WHAT COMMAND VM_OPTION...: run it in such a guest, and print what it counted
# (insns/1 without the first line); run.jsonl, symbols and raw stay in $tmp/guest.
# WHAT names the guest in errors.
count() {
	local dir=$tmp/guest status=0
	rm -rf "$dir"
	mkdir "$dir"
	cp -p "$tmp/epochbench" "$tmp/epochstat" "$dir"
	# 77: some methods aren't for this kernel.
	(cd "$dir" && "$here/vm" "${@:3}" --icount --profile "$tmp/raw" --as /run/insns \
		--with epochbench --with epochstat -- sh -c "$2" >"$tmp/said") || status=$?
	[ "$status" = 0 ] || [ "$status" = 77 ] || die 1 "the guest of $1 failed"
	mv "$tmp/raw" "$dir/raw"
	# Our own functions have names in what isn't stripped.
	TOP=$top awk '(at = index($0, "/run/insns/")) {
			$0 = substr($0, 1, at - 1) ENVIRON["TOP"] "/build/" substr($0, at + 11)
		} 1' "$dir/symbols" >"$dir/named"
	mv "$dir/named" "$dir/symbols"
	"$top/build/epochbench" profile -j "$dir/run.jsonl" "$dir/raw" "$dir/symbols" ||
		die 1 "the profile of $1 isn't that of its records"
}
