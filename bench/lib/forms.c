// SPDX-License-Identifier: GPL-2.0-only
#include "forms.h"

#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "status.h"
#include "view.h"

void forms_parse(struct forms *forms, struct argp_state *state,
		 const char *text, options_text_fn *name)
{
	const char *path = strchr(text, '=');
	size_t form;
	char *only;
	int err;

	if (!path) {
		forms->shown = options_pick_one(state, text, "format", name);
		return;
	}
	only = strndup(text, (size_t)(path - text));
	if (!only)
		argp_failure(state, STATUS_FAILED, 0, "no memory");
	form = options_pick_one(state, only, "format", name);
	free(only);
	path++;
	err = output_check(path);
	if (err)
		argp_error(state, "-f %s: cannot write there: %s", text,
			   strerror(-err));
	if (output_is_stdout(path)) {
		forms->shown = form;
		return;
	}
	if (forms->cnt == FORMS_MAX)
		argp_error(state, "-f %s: that is one file too many, %d can be",
			   text, FORMS_MAX);
	forms->written[forms->cnt].form = form;
	forms->written[forms->cnt++].path = path;
}

struct one {
	forms_print_fn *print;
	size_t form;
	const void *arg;
};

static int print_one(FILE *out, const void *arg)
{
	const struct one *one = arg;

	return one->print(out, one->form, one->arg);
}

int forms_print(const struct forms *forms, const char *name,
		forms_print_fn *print, const void *arg)
{
	const struct one shown = { print, forms->shown, arg };
	int status = view_check(name, print_one, &shown), err;

	if (status)
		return status;
	err = print_one(stdout, &shown);
	if (err) {
		fprintf(stderr, "%s: can't print: %s\n", name, strerror(-err));
		status = STATUS_FAILED;
	}
	for (size_t i = 0; i < forms->cnt; i++) {
		const struct one one = { print, forms->written[i].form, arg };

		err = output_write(forms->written[i].path, print_one, &one);
		if (!err)
			continue;
		output_complain(name, forms->written[i].path, err);
		status = STATUS_FAILED;
	}
	return status;
}
