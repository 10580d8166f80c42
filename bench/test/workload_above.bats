#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# epochbench workload: what stands on the mount or works inside, and what is wrong
# there though nobody has changed it.

load workload_lib.bash

@test "an overlay above, a process inside: who shows other things, and who doesn't" {
	# One round is chance: a LOOKUP takes a while, so that getcwd() meets one.
	workload -w find -m epoch,inval_entry,expire_entry,inval_inode --rate 20 --seconds 1 --latency 2ms
	[ "$status" = 0 ]
	each '.oracle.getcwd_cnt > 50 and .oracle.cwd_lost_cnt == 0'
	each '.method == "none" or .oracle.number_cnt > 5'
	each '(.oracle.getcwd_failed_cnt > 0) == (.method | IN("epoch", "inval_entry"))'
	if [[ $output == *"nothing is looked at through an overlay"* ]]; then
		each '.oracle.overlay_cnt == 0'
		skip "no overlayfs here"
	fi
	each '.method == "none" or .oracle.overlay_cnt > 3'
	# All of it, from the first event on; the other methods leave the node as it is.
	each '.oracle.overlay_wrong_cnt == (if .method == "epoch" then .oracle.overlay_cnt else 0 end)'
	expect_nothing_of_it
}

# wrong_per_op WORKLOAD METHOD
wrong_per_op() {
	jq --arg w "$1" --arg m "$2" 'select(.workload == $w and .method == $m) |
		.wrong.cnt / .op_cnt' "$rec"
}

@test "programs above and inside: what md5sum can't read, shells that don't know where they are" {
	workload -w overlay,shell -m epoch,inval_entry,expire_entry --rate 20 --seconds 1.5 --latency 2ms
	[ "$status" = 0 ]
	each '.workload as $w | .setting == { overlay: "overlay", shell: "inside" }[$w]'
	# Up to the first event nothing is wrong; then all of it, for good.
	! [[ $output == *"overlay is left out: overlayfs can't"* ]] || skip "no overlayfs here"
	expect overlay "$(wrong_per_op overlay epoch | jq '. > 30 and . <= 100')" true
	expect others "$(wrong_per_op overlay inval_entry),$(wrong_per_op overlay expire_entry),$(wrong_per_op overlay none)" 0,0,0
	# A name that was dropped at once is missed until somebody walks there.
	expect shell "$(wrong_per_op shell inval_entry | jq '. > 0 and . <= 25')" true
	expect others "$(wrong_per_op shell expire_entry),$(wrong_per_op shell none)" 0,0
	[[ ${output//$'\n'/ } == *"and that were nameless to a shell that starts there, per operation"* ]]
	expect_nothing_of_it
}

# without_overlay COMMAND...: as on a kernel that has none.
without_overlay() {
	[ "${SANITIZE:-0}" = 0 ] || skip "a sanitizer must be loaded first"
	cat >none.c <<-'C'
		#include <errno.h>
		#include <string.h>
		#include <sys/syscall.h>
		#include <unistd.h>
		int mount(const char *source, const char *target, const char *type,
			  unsigned long flags, const void *data)
		{
			if (type && !strcmp(type, "overlay")) {
				errno = ENODEV;
				return -1;
			}
			return syscall(SYS_mount, source, target, type, flags, data);
		}
	C
	cc -D_GNU_SOURCE -shared -fPIC -o none.so none.c
	run env LD_PRELOAD="$PWD/none.so" "$@"
	echo "$output"
}

@test "where no overlay can be mounted, that is said, and all else is as ever" {
	make_tree
	without_overlay "$bench" workload --tree tree --seconds 0.4 --rounds 1 -w find,overlay \
		-m inval_inode --rate 20 -o "$rec"
	[ "$status" = 0 ]
	[[ $output == *"nothing is looked at through an overlay: overlayfs can't be mounted here: No such device"* ]]
	[[ $output == *"overlay is left out: overlayfs can't be mounted here: No such device"* ]]
	each '.oracle.overlay_cnt == 0 and .oracle.getcwd_cnt > 20'
}

is_inside() {
	local dir
	for dir in $(pgrep -P "$child" 2>/dev/null); do
		dir=$(readlink "/proc/$dir/cwd") || continue
		case $dir in /tmp/mnt/*) inside=${dir#/tmp/mnt/} && return ;; esac
	done
	return 1
}

@test "a working directory that is lost for good, as its directory is another one" {
	local inside=
	mkdir -p tree/{many,few{1..16}} # of the latter the oracle has its own
	printf x | tee tree/many/{1..40} tree/few{1..16}/1 >/dev/null
	cc -D_GNU_SOURCE -o exchange -x c - <<-'C'
		#include <stdio.h>
		#include <fcntl.h>
		int main(int argc, char **argv)
		{
			return renameat2(AT_FDCWD, argv[1], AT_FDCWD, argv[2], RENAME_EXCHANGE);
		}
	C
	start_long --rate 5 --seconds 4
	until_true 20 is_inside
	expect inside "$inside" many
	local copy=/proc/$child/root/tmp/tree
	cp -a "$copy/many" "$copy/another"
	./exchange "$copy/many" "$copy/another"
	ended 0
	each 'if .method == "epoch" then .oracle.cwd_lost_cnt == 1 and .oracle.getcwd_failed_cnt > 100
		else .oracle.getcwd_failed_cnt == 0 end'
}
