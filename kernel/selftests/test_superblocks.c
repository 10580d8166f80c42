// SPDX-License-Identifier: GPL-2.0-only
/*
 * A bump reaches every super block of a connection.  Only virtiofs has several,
 * for submounts that its server announces (FUSE_SUBMOUNTS); a connection of
 * /dev/fuse has one, and the guest has no virtiofs.
 *
 * skip: any
 */
#include "kernel/testfs/ktap.h"

int main(void)
{
	ktap_begin();
	ktap_skip_all("not supported: needs virtiofs with announced submounts");
}
