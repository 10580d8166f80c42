// SPDX-License-Identifier: GPL-2.0-only
#include "sweep.h"

#include "child_note.h"
#include "mount.h"
#include "param.h"

void sweep_leftovers(void)
{
	child_note_sweep();
	mount_sweep();
	param_sweep();
}
