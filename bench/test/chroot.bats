#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# In a chroot whose root is an ordinary directory, so that its "/" is in no mount table.

load lib

setup() {
	need_mount
	root=$BATS_TEST_TMPDIR/root
	mkdir -p "$root"/{proc,run,tmp,tools}
	cp "$build"/epochbench "$build"/epochctl "$root/tools"
}

# inside COMMAND...: in such a root, with this machine's folders.  All mounts end
# with it.
inside() {
	run unshare -m --propagation slave bash -ec '
		root=$1
		shift
		for dir in /usr /etc /dev /sys /bin /sbin /lib /lib64; do
			[ ! -L $dir ] || cp -P $dir "$root"
			[ -L $dir ] || [ ! -e $dir ] || { mkdir "$root$dir"; mount --rbind $dir "$root$dir"; }
		done
		mount -t proc proc "$root/proc"
		exec env -u XDG_RUNTIME_DIR BATS_TEST_TMPDIR="$BATS_TEST_TMPDIR" \
			chroot "$root" sh -c "cd / && exec \"\$@\"" sh "$@"' inside "$root" "$@"
	echo "$output"
}

@test "a run, and its mount is in no other namespace" {
	inside sh -c 'grep -q " / / " /proc/self/mountinfo && exit 9
		exec tools/epochbench run -n 23 -r 2 -m none,inval_entry -o /tmp/rec.jsonl'
	[ "$status" = 0 ]
	expect records "$(jq -c '[.exit, .samples]' "$root/tmp/rec.jsonl" | paste -sd ' ')" \
		"[0,2] [0,2]"
	# But for the folder of libmount, from 2.41 on.
	expect "what is left in /run" "$(ls -A -I mount "$root/run")" ""
	expect_nothing_left
}

@test "hazards, in namespaces of their own below that" {
	inside tools/epochbench hazards --only submount -m inval_entry,expire_entry \
		-f json -o /tmp/hazards.jsonl
	[ "$status" = 0 ]
	expect outcomes "$(jq -r .outcome "$root/tmp/hazards.jsonl" | sort -u | paste -sd ' ')" \
		"absent present"
}

@test "epochctl finds a file system by its path there, and what lies beneath" {
	command -v bindfs >/dev/null || skip "needs bindfs"
	mkdir -p "$root"/mnt/{source/sub,it}
	inside sh -c 'bindfs /mnt/source /mnt/it && mount -t tmpfs none /mnt/it/sub
		tools/epochctl list; tools/epochctl bump /mnt/it; echo "status $?"
		umount /mnt/it/sub; tools/epochctl bump /mnt/it; echo "status $?"
		umount /mnt/it'
	[[ $output != *"status 77"* ]] || skip "this kernel has no epochs"
	[[ $output == *" /mnt/it"$'\n'*"/mnt/it/sub (tmpfs)"*"status 1"*"/mnt/it: bumped"*"status 0" ]]
}
