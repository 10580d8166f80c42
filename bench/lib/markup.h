/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * markup.h - texts of others in HTML and SVG: the only way into a page.
 */
#ifndef FUSE_EPOCH_LIB_MARKUP_H
#define FUSE_EPOCH_LIB_MARKUP_H

#include <stdio.h>

/*
 * Prints a text, between tags or in a quoted attribute: nothing of it is markup.
 * What isn't plain (text.h) comes as "?".
 */
void markup_put(FILE *out, const char *text);

#endif
