/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * tracer.h - whether somebody traces while we measure.
 */
#ifndef FUSE_EPOCH_HOST_TRACER_H
#define FUSE_EPOCH_HOST_TRACER_H

#include <stddef.h>

/*
 * The names of the processes that have BPF programs attached, with a comma
 * between them; "" if there is none (that we may look at).
 */
void tracer_names(char *buf, size_t len);

#endif
