/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * forms.h - several forms of one result in one call: "-f text -f junit=FILE".
 */
#ifndef FUSE_EPOCH_LIB_FORMS_H
#define FUSE_EPOCH_LIB_FORMS_H

#include <stdio.h>

#include "options.h"

enum { FORMS_MAX = 8 };

/* Numbers of forms, by whose order the caller names them; zeroed: the first, shown. */
struct forms {
	size_t shown; /* on stdout */
	struct {
		size_t form;
		const char *path;
	} written[FORMS_MAX];
	size_t cnt;
};

/*
 * "FORM", which is shown, or "FORM=FILE", which is written there and to be called for
 * each.  A mistake, or a FILE that can't be written, ends the program with STATUS_USAGE.
 */
void forms_parse(struct forms *forms, struct argp_state *state,
		 const char *text, options_text_fn *name);

/* Puts the result in that form into out.  Returns 0 or -errno. */
typedef int forms_print_fn(FILE *out, size_t form, const void *arg);

/*
 * Shows one and writes the others, whatever became of those before.  Returns STATUS_OK,
 * or STATUS_FAILED, having said why on stderr after "NAME: ".  STATUS_USAGE: --columns
 * names one that the form that is shown has not (view.h), and nothing was.
 */
int forms_print(const struct forms *forms, const char *name,
		forms_print_fn *print, const void *arg);

#endif
