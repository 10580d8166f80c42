/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * status.h - what a program's exit status says, the same in all of them.
 */
#ifndef FUSE_EPOCH_LIB_STATUS_H
#define FUSE_EPOCH_LIB_STATUS_H

enum status {
	STATUS_OK = 0,
	STATUS_FAILED = 1,
	STATUS_USAGE = 2, /* wrong options, or input that can't be used */
	STATUS_REGRESSION = 3, /* it was judged, and is worse */
	STATUS_SKIP = 77, /* this machine or kernel can't */
};

#endif
