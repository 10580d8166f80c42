# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=bash disable=SC2016,SC2034,SC2154 # programs of jq; the caller's, and a row's
# What a row of scripts/daemons.d may use and may say otherwise, and serving it.  To be
# sourced by daemons-row, which sets $dir, $source, $mnt, $pass and $build.

names_cnt=100

until_true() { # SECONDS COMMAND...
	local until=$((SECONDS + $1))
	until "${@:2}" >/dev/null 2>&1; do
		[ $SECONDS -lt $until ] || return 1
		sleep 0.05
	done
}

listens() { (: <>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; } # PORT

# tree FOLDER: what rows are measured on.
tree() {
	mkdir -p "$1/d/sub"
	seq -f "$1/d/f%03.0f" $names_cnt | while read -r file; do echo hi >"$file"; done
	echo hi >"$1/top"
}

# What a row may say otherwise; see CONTRIBUTING.md.
package='' needs='' guess='' fixed='' impossible='' inside=''
prepare() { tree source; }
populate() { :; }
names() { cd "$mnt/$inside" && timeout 60 find . -mindepth 1 -maxdepth 3 -type f -printf '%P\n' | sort; }
behind() { echo "$1"; } # NAME: where it is in source
put() { # NAME: another file gets this name
	echo longer >"$source/.new" && mv "$source/.new" "$source/$(behind "$1")"
}

# The measured names, below the mount.
declare -a all=()
at() { echo "$mnt/$inside$1"; }
size() { timeout 10 stat -c %s "$(at "$1")" 2>/dev/null || echo none; }
walk() { (cd "$mnt/$inside" && timeout 60 stat -c '%i %n' -- "${all[@]}" 2>/dev/null) || :; }
ctl() { timeout 30 "$build/epochctl" "$@" 2>>ctl.log; }
tell() { # METHOD [NAME]: a bump, an expire_entry of every name, or of METHOD one of NAME
	case $1 in
	bump) ctl bump --detach-submounts --break-overlays "$mnt" >/dev/null ;;
	expire) ctl expire "$mnt" "$mnt/$inside" >/dev/null ;;
	*) ctl inval -m "$1" --detach-submounts "$mnt" "$(at "$2")" >/dev/null ;;
	esac
}
mark() { stat "$mnt/.fuse-epoch.$1" >/dev/null 2>&1 || :; }
ms() { echo $((${EPOCHREALTIME//[!0-9]/} / 1000)); }
cell() { jq -cn "$@"; }

is_fuse() {
	awk -v path="$mnt" '$5 == path { type = $0; sub(/.* - /, "", type); found = type ~ /^fuse/ }
		END { exit !found }' /proc/self/mountinfo
}

mounted_or_ended() { is_fuse || ! kill -0 "$served"; }
last() { grep . "$1" | tail -n 1 || :; } # FILE

start() {
	local trace=()
	[ "$pass" = plain ] || trace=(strace -f -y -xx -s 1024 -o "$dir/trace" -e signal=none
		-e 'trace=read,readv,write,writev,splice')
	set -a # for the shell that serves
	export -f serve until_true
	export dir source mnt
	set +a
	prepare >prepare.log 2>&1 || fail "can't be prepared: $(last prepare.log)"
	"${trace[@]}" "$BASH" -c serve >serve.log 2>&1 </dev/null &
	served=$!
	until_true 300 mounted_or_ended || :
	# What ended well has become a daemon.
	is_fuse || { ! kill -0 $served && wait $served && until_true 20 is_fuse; } 2>/dev/null ||
		fail "it doesn't mount: $(last serve.log)"
	timeout 20 stat "$mnt" >/dev/null 2>&1 || fail "its root can't be looked at"
	populate >populate.log 2>&1 || fail "can't be filled: $(last populate.log)"
	mapfile -t all < <(names 2>>names.log | head -n $names_cnt)
}

fail() { # WHY
	cell --arg why "$1" '{why: $why | gsub("[^ -~]"; "?") | .[:300]}' >&3
	exit 0
}

# Which library speaks for it: what is mapped, or what its program was made of.
library() { # PID
	local name
	name=$(sed -nE 's,.*/(libfuse3?|libfuse-lite|librofs)[-.]([^/]*)$,\1.\2,p' "/proc/$1/maps" |
		sort -u | head -n 1)
	case $name in
	libfuse3.so.*) echo "libfuse ${name#libfuse3.so.}" ;;
	libfuse.so.*) echo "libfuse ${name#libfuse.so.}" ;;
	*)
		# Of Rust: the module fuser::session, in a symbol.
		name=$(grep -aoE 'hanwen/go-fuse|bazil.org/fuse|anacrolix/fuse|jacobsa/fuse|5fuser7session' \
			"/proc/$1/exe" | sed s/5fuser7session/fuser/ | sort -u | paste -sd ' ' | sed 's/ / or /') || :
		echo "${name:-its own}"
		;;
	esac
}

process() {
	local pid line
	line=$(ctl list -j | jq -c --arg mnt "$mnt" 'select(.mount == $mnt and .namespace == 0)')
	pid=$(jq .pid <<<"$line")
	[ "$pid" != null ] || { echo '{}'; return; }
	jq -c --arg library "$(library "$pid")" \
		--argjson devices "$(find "/proc/$pid/fd" -lname '*/dev/fuse' | wc -l)" \
		--argjson threads "$(find "/proc/$pid/task" -mindepth 1 -maxdepth 1 | wc -l)" \
		'{daemon: .comm, fd_cnt, device_cnt: $devices, threads: $threads, library: $library}' \
		<<<"$line"
}
