#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-only
# A kernel without INC_EPOCH, simulated by a write() that answers EINVAL to
# message code 8, as such a kernel does; and one that takes it and does nothing.

load lib.bash

setup() {
	need_mount
	make_old_kernel
}

@test "make bench's suite says so in one line, and what to do" {
	on_old_kernel "$bench" run --suite quick
	[ "$status" = 77 ]
	[ "${#lines[@]}" = 1 ]
	[[ $output == *"no INC_EPOCH"* ]]
	[[ $output == *"in a guest: the suite's vm --fuse v8"* ]]
	expect_nothing_left
}

@test "other methods still run, epoch is skipped and says why" {
	on_old_kernel "$bench" run -n 23 -r 1 -m epoch,inval_entry
	[ "$status" = 0 ]
	[[ $output == *"skipped: not offered by this kernel"* ]]
	[[ $output == *"inval_entry"*"23"* ]]
}

@test "epoch alone: nothing to do here" {
	on_old_kernel "$bench" run -n 23 -r 1 -m epoch
	[ "$status" = 77 ]
}

@test "a method that makes nothing stale is found out" {
	TAKE_IT=1 on_old_kernel "$bench" run -n 23 -r 1 -m epoch
	[ "$status" = 1 ]
	[[ $output == *"not all became stale: 0 requests, 23 expected"* ]]
}
