# SPDX-License-Identifier: GPL-2.0-only
# What the tests of epochctl share.
# shellcheck shell=bash
# shellcheck disable=SC2154,SC2034 # from lib.bash and bats; for tests

load lib.bash

ctl=$build/epochctl
# However long a name was answered, it stays.
hour=entry_timeout=3600,attr_timeout=3600,negative_timeout=3600

# need PACKAGE PROGRAM: skips without it.
need() {
	command -v "$2" >/dev/null || skip "needs the Debian package $1"
}

setup() {
	need_mount
	dir=$BATS_TEST_TMPDIR
	pids=() pinned=() as=() hanging=
	mkdir "$dir/source" "$dir/mnt"
	mkdir "$dir/source/sub"
	echo hi | tee "$dir"/source/file{,1,2,3,4,5,6,7,8,9} >/dev/null
	cd "$dir" || return
}

# Only what a test started is killed: FUSE connections end with their daemons,
# also where these hang.
teardown() {
	local path fd
	cd / || return
	# What a daemon hangs in, no signal may end.
	[ -z "$hanging" ] || abort_connection "$hanging"
	for fd in "${pinned[@]}"; do exec {fd}>&-; done
	[ ${#pids[@]} = 0 ] || kill -9 "${pids[@]}" 2>/dev/null || :
	wait
	while read -r path; do
		umount "$path" 2>/dev/null || umount -l "$path"
	done < <(ours | tac | sed 's/\\040/ /g')
	# What makes itself a daemon ends when it is unmounted.
	until_true 10 no_daemon
	expect "mounts left" "$(ours)" ""
}

ours() {
	awk -v dir="$dir/" 'index($5, dir) == 1 { print $5 }' /proc/self/mountinfo
}

no_daemon() {
	! pgrep -f "[ =:]$dir/" >/dev/null
}

mounted() {
	grep -q " $1 " /proc/self/mountinfo
}

# serve [OPTION...]: a bindfs of source at mnt; its process in $daemon.
serve() {
	need bindfs bindfs
	bindfs -f -o "$hour" "$@" "$dir/source" "$dir/mnt" 3>&- &
	daemon=$!
	pids+=("$daemon")
	until_true 10 mounted "$dir/mnt"
}

# serve_sshfs [OPTION...]: an sshfs of source at mnt, with no sshd, which would listen to
# all the world: the SFTP server is at the other end of a pipe.
serve_sshfs() {
	need sshfs sshfs
	need openssh-sftp-server /usr/lib/openssh/sftp-server
	[ -p wire ] || mkfifo wire
	# shellcheck disable=SC2094 # that is what a pipe is for
	/usr/lib/openssh/sftp-server <wire 3>&- |
		sshfs -f -o "$hour,dir_cache=no,passive" "$@" ":$dir/source" mnt \
			>wire 3>&- &
	daemon=$!
	pids+=("$daemon")
	until_true 10 mounted "$dir/mnt"
}

# above NAME [LOWERDIR [OPTION...]]: an overlay at NAME, of the mount's folder sub.
above() {
	local name=$1 lower=${2:-$dir/mnt/sub}
	mkdir -p "$dir/$name" "$dir/layers"
	mountpoint -q "$dir/layers" || mount -t tmpfs none "$dir/layers"
	mkdir "$dir/layers/$name" "$dir/layers/$name.work"
	mount -t overlay "$name" \
		-o "lowerdir=$lower,upperdir=$dir/layers/$name,workdir=$dir/layers/$name.work" \
		"$dir/$name"
}

need_overlay() {
	grep -qw overlay /proc/filesystems || modprobe overlay 2>/dev/null ||
		skip "this kernel has no overlayfs"
}

# epochctl ARGUMENT...: $status, $output and $errors.
epochctl() {
	status=0
	output=$(timeout -k 5 30 ${as[@]+"${as[@]}"} "$ctl" "$@" \
		2>"$dir/errors" 3>&-) || status=$?
	errors=$(<"$dir/errors")
	echo "epochctl $*: $status: $output $errors"
}

# refused STATUS TEXT ARGUMENT...: and nothing on stdout.
refused() {
	local wanted=$1 text=$2
	shift 2
	epochctl "$@"
	expect status "$status" "$wanted"
	[[ $errors == *"$text"* ]]
	[ -z "$output" ]
}

# works ARGUMENT...: without a word on stderr.
works() {
	epochctl "$@"
	expect status "$status" 0
	expect errors "$errors" ""
}

# lists [OPTION...]: what it can; of mounts and processes that aren't ours it may
# have to say that it can't.
lists() {
	epochctl list "$@"
	expect status "$status" 0
}

# listed FILTER: of list's line about mnt, in $value.
listed() {
	lists -j
	value=$(jq -c --arg m "$dir/mnt" \
		"select(.mount == \$m and .namespace == 0) | $1" <<<"$output")
}

# need_epochs: what can't be tested on this kernel.
need_epochs() {
	epochctl bump "$dir/mnt"
	[ "$status" != 77 ] || skip "this kernel has no epochs"
}

size() {
	timeout 10 stat -c %s "$1" 2>/dev/null || echo none
}

# The number of mnt's connection.
connection() {
	awk -v path="$dir/mnt" '$5 == path { sub(".*:", "", $3); print $3 }' \
		/proc/self/mountinfo
}

# abort_connection NUMBER: all that waits for its daemon ends.
abort_connection() {
	# shellcheck disable=SC2016 # for that shell to expand
	unshare -m sh -c 'mount -t fusectl none /sys/fs/fuse/connections 2>/dev/null
		cd "/sys/fs/fuse/connections/$0" 2>/dev/null || exit 0
		echo 1 >abort' "$1"
}

# oddly KIND: a daemon of ours at mnt, see ctl_daemon.c; its process in $daemon.
oddly() {
	cc -D_GNU_SOURCE -o daemon "$top/bench/test/tools/ctl_daemon.c" -lpthread
	./daemon "$dir/mnt" "$1" 3>&- &
	daemon=$!
	pids+=("$daemon")
	until_true 10 mounted "$dir/mnt"
}

# sees NAME SIZE: what stat says at the mount ("none": there is no such name).
sees() {
	expect "size of $1" "$(size "$dir/mnt/$1")" "$2"
}

# pin NAME...: keeps what is cached of it, also when memory is short or somebody
# else writes to drop_caches, as other tests do.
pin() {
	local name fd
	for name; do
		exec {fd}<"$dir/mnt/$name"
		pinned+=("$fd")
	done
}

# go_behind [FOLDER]: warms the cache with $file and $absent, a name that there
# isn't, then changes both behind the mount; control: that isn't seen.  Tried
# with other names if the kernel has forgotten them: memory may be short, and
# other tests write to drop_caches.
go_behind() {
	local behind=$dir/${1:-source} i
	for i in {1..9}; do
		file=file$i absent=absent$i
		sees "$file" 3
		sees "$absent" none
		echo longer >"$behind/new"
		mv "$behind/new" "$behind/$file"
		echo y >"$behind/$absent"
		[ "$(size "$dir/mnt/$file")" != 3 ] ||
			[ "$(size "$dir/mnt/$absent")" != none ] || return 0
	done
	echo "the change is seen without a bump"
	return 1
}

# preload FILE: compiles C from stdin, for LD_PRELOAD in $as.
preload() {
	[ "${SANITIZE:-0}" = 0 ] || skip "a sanitizer must be loaded first"
	cat >"$dir/$1.c"
	cc -D_GNU_SOURCE -shared -fPIC -o "$dir/$1.so" "$dir/$1.c"
	as=(env LD_PRELOAD="$dir/$1.so")
}

# elsewhere COMMAND: a process in a mount namespace of its own that runs that
# first; in $other.
elsewhere() {
	unshare -m --propagation private sh -c "$1 && : >ready && exec sleep 100" 3>&- &
	other=$!
	pids+=("$other")
	until_true 10 [ -e ready ]
}

# hang COMMAND...: the daemon doesn't answer that, which waits in $waiter.
hang() {
	hanging=$(connection)
	kill -STOP "$daemon"
	"$@" >answer 2>&1 3>&- &
	waiter=$!
	pids+=("$waiter")
	until_true 10 waits
}

waits() {
	listed .waiting
	[ "$value" -gt 0 ]
}
