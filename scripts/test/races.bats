#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# scripts/races: whose a report of KCSAN is.  The reports have their lines
# already, so that a kernel without KCSAN will do.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	bats_require_minimum_version 1.5.0
	copy=$BATS_TEST_TMPDIR/copy
	mkdir "$copy"
	cp -a "$top/scripts" "$top/kernel" "$copy/"
	sed -i 's/--config kcsan //' "$copy/scripts/races"
	log=$BATS_TEST_TMPDIR/log
}

# report FRAME1 FRAME2, each with its caller after a comma.
report() {
	echo "BUG: KCSAN: data-race in some / other"
	printf 'write to 0xff of 8 bytes by task 70 on cpu 0:\n %s\n %s\n\n' "${1%,*}" "${1#*,}"
	printf 'read to 0xff of 8 bytes by task 71 on cpu 1:\n %s\n %s\n\n' "${2%,*}" "${2#*,}"
	echo ==================================================================
}

# One report, and the class that it gets.
class() {
	report "$2" "$3" >"$log"
	run -0 --separate-stderr "$copy/scripts/races" "$1" "$log" "${@:4}"
	echo "${output%%$'\t'*}"
}

@test "a report is ours, of what epoch.c calls, known, of the core, or new" {
	local worker='process_one_work+0x196/0x6a0,worker_thread+0x2ef/0x570'
	local queue='queue_work_on+0x42/0x90,queue_work (workqueue.h:665) fuse_epoch_shrink (epoch.c:260)'
	local other='queue_work_on+0x42/0x90,queue_delayed_work+0x1/0x2'
	[ "$(class hardened "$queue" "$worker")" = callee ]
	[ "$(class hardened "$other" "$worker")" = core ]
	[ "$(class hardened "$queue" 'get_work_pool+0x1/0x2,x+0x1/0x2')" = new ]
	[ "$(class hardened 'fuse_epoch_isolate (epoch.c:150),x+0x1/0x2' "$worker")" = ours ]
	[ "$(class hardened 'forget_pending (dev.c:1),x+0x1/0x2' \
		'fuse_dev_queue_forget (dev.c:2),x+0x1/0x2')" = known ]
	[ "$(class hardened 'fuse_get_req (dev.c:1),x+0x1/0x2' "$worker")" = new ]
	[ "$(class stock 'fuse_get_req (dev.c:1),x+0x1/0x2' "$worker")" = stock ]
	cp "$log" "$log.stock"
	"$copy/scripts/races" stock "$log.stock" >"$log.seen"
	[ "$(class hardened 'fuse_get_req (dev.c:1),x+0x1/0x2' "$worker" "$log.seen")" = known ]
}
