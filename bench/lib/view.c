// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <jansson.h>

#include "fold.h"
#include "options.h"
#include "status.h"
#include "text.h"
#include "view.h"

enum { OPT_COLUMNS = 2048, OPT_WIDE, OPT_COLOR };

enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

static struct {
	const char *wide_option; /* NULL: none was asked */
	bool wide;
	enum color color;
	json_t *wanted; /* names to whether there is such a column */
	json_t *offered; /* titles of all columns to their keys */
	bool rehearsal;
} view;

#define COLUMNS_HELP                                                          \
	"Of tables, show only these columns, and what tells rows apart (all " \
	"that have room); - or _ stand for a blank"
#define WIDE_HELP                                                          \
	"Show all columns, however narrow the terminal is: those without " \
	"room below"
#define COLOR_HELP                                                           \
	"Colours of verdicts, and bold titles (auto: on a terminal, unless " \
	"NO_COLOR is set)"

static const struct argp_option options[] = {
	{ "columns", OPT_COLUMNS, "COLUMN,...", 0, COLUMNS_HELP, 8 },
	{ "wide", 'w', NULL, 0, WIDE_HELP, 8 },
	{ "color", OPT_COLOR, "WHEN", OPTION_ARG_OPTIONAL, COLOR_HELP, 8 },
	{ 0 }
};

static const struct argp_option options_long[] = {
	{ "columns", OPT_COLUMNS, "COLUMN,...", 0, COLUMNS_HELP, 8 },
	{ "wide", OPT_WIDE, NULL, 0, WIDE_HELP, 8 },
	{ "color", OPT_COLOR, "WHEN", OPTION_ARG_OPTIONAL, COLOR_HELP, 8 },
	{ 0 }
};

static const char *color_name(size_t i)
{
	static const char *const names[] = { [COLOR_AUTO] = "auto",
					     [COLOR_ALWAYS] = "always",
					     [COLOR_NEVER] = "never",
					     NULL };

	return names[i];
}

static void want(struct argp_state *state, const char *text)
{
	char *copy = strdup(text), *rest = copy, *name;

	if (!view.wanted)
		view.wanted = json_object();
	while ((name = strsep(&rest, ","))) {
		if (!*name)
			argp_error(state, "--columns '%s': a name is missing",
				   text);
		json_object_set_new_nocheck(view.wanted, name, json_false());
	}
	free(copy);
}

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	switch (key) {
	case ARGP_KEY_INIT:
		view.wide_option = "-w";
		return 0;
	case OPT_COLUMNS:
		want(state, arg);
		return 0;
	case 'w':
	case OPT_WIDE:
		view.wide = true;
		return 0;
	case OPT_COLOR:
		view.color =
			arg ? options_pick_one(state, arg, "time", color_name)
			    : COLOR_ALWAYS;
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

static error_t parse_long(int key, char *arg, struct argp_state *state)
{
	error_t ret = parse_option(key, arg, state);

	if (key == ARGP_KEY_INIT)
		view.wide_option = "--wide";
	return ret;
}

static char *add_names(int key, const char *text, void *input)
{
	(void)input;
	return key == OPT_COLOR ? options_list(text, color_name) : (char *)text;
}

const struct argp view_argp = { .options = options,
				.parser = parse_option,
				.help_filter = add_names };
const struct argp view_argp_long = { .options = options_long,
				     .parser = parse_long,
				     .help_filter = add_names };
const struct argp_child view_options[] = { VIEW_CHILD, { 0 } };

size_t view_line_width(FILE *out)
{
	struct winsize size;

	if (!isatty(fileno(out)))
		return SIZE_MAX;
	if (ioctl(fileno(out), TIOCGWINSZ, &size) || !size.ws_col)
		return 80;
	return size.ws_col;
}

size_t view_table_width(FILE *out)
{
	return view.wide || !view.wide_option ? SIZE_MAX : view_line_width(out);
}

int view_print_left_out(FILE *out, const char *names)
{
	char *text, *folded;

	if (asprintf(&text, "Left out: %s (%s shows all, --columns chooses)",
		     names, view.wide_option) < 0)
		return -ENOMEM;
	folded = fold_text(text, view_line_width(out));
	if (folded)
		fprintf(out, "%s\n", folded);
	free(folded);
	free(text);
	return folded ? 0 : -ENOMEM;
}

/* https://no-color.org */
bool view_has_color(FILE *out)
{
	const char *no_color = getenv("NO_COLOR"), *term = getenv("TERM");

	if (view.color != COLOR_AUTO)
		return view.color == COLOR_ALWAYS;
	return isatty(fileno(out)) && (!no_color || !*no_color) && term &&
	       strcmp(term, "dumb");
}

bool view_is_choosy(void)
{
	return view.wanted;
}

bool view_is_rehearsal(void)
{
	return view.rehearsal;
}

static int plain(char c)
{
	return c == '-' || c == '_' ? ' ' : tolower((unsigned char)c);
}

/* A comma stands between names, so there is none in them. */
void view_put_name(FILE *out, const char *title, const char *key)
{
	for (const char *name = *title ? title : key; *name; name++)
		if (*name != ',')
			fputc(*name, out);
}

static bool is_called(const char *column, const char *name)
{
	for (; *column; column++) {
		if (*column == ',')
			continue;
		if (plain(*column) != plain(*name))
			return false;
		name++;
	}
	return !*name;
}

bool view_chooses(const char *title, const char *key)
{
	bool chosen = false;
	const char *name;
	json_t *met;

	if (view.rehearsal)
		json_object_set_new_nocheck(view.offered, title,
					    json_string_nocheck(key));
	json_object_foreach (view.wanted, name, met) {
		if (!is_called(title, name) && !is_called(key, name))
			continue;
		chosen = true;
		json_object_set_new_nocheck(view.wanted, name, json_true());
	}
	return chosen;
}

static void list_offered(FILE *out)
{
	const char *title, *separator = ": there are ";
	json_t *key;

	json_object_foreach (view.offered, title, key) {
		fputs(separator, out);
		view_put_name(out, title, json_string_value(key));
		separator = ", ";
	}
	fputs(json_object_size(view.offered) ? "\n" : ": this is no table\n",
	      out);
}

int view_check(const char *name, output_fn *print, const void *arg)
{
	const char *wanted;
	json_t *met;
	char *unseen = NULL;
	size_t len;
	FILE *out;
	int ret = 0;

	if (!view.wanted)
		return 0;
	out = open_memstream(&unseen, &len);
	view.offered = json_object();
	view.rehearsal = true;
	/* What is wrong with it, it says again when it is meant. */
	if (out)
		print(out, arg);
	view.rehearsal = false;
	json_object_foreach (view.wanted, wanted, met) {
		if (!out || ret || json_is_true(met))
			continue;
		fprintf(stderr, "%s: no column is called '", name);
		text_put(stderr, wanted, "");
		fputc('\'', stderr);
		list_offered(stderr);
		ret = STATUS_USAGE;
	}
	if (out)
		fclose(out);
	free(unseen);
	json_decref(view.offered);
	view.offered = NULL;
	if (ret) {
		json_decref(view.wanted);
		view.wanted = NULL;
	}
	return ret;
}
