/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fold.h - text that is too long for a line.
 *
 * Widths are cells of a terminal.  A character takes what wcwidth() says in the
 * locale of the calling thread, and none if it isn't one there.
 */
#ifndef FUSE_EPOCH_LIB_FOLD_H
#define FUSE_EPOCH_LIB_FOLD_H

#include <stddef.h>

/* How wide the text is in one line; and the widest of its words. */
size_t fold_width(const char *text);
size_t fold_word_width(const char *text);

/*
 * The same text in lines of at most width cells, but for a character that is
 * wider.  Line breaks stand where blanks were, or inside a word that has no room
 * in any line.  The caller frees it; NULL: no memory.
 */
char *fold_text(const char *text, size_t width);

#endif
