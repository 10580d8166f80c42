// SPDX-License-Identifier: GPL-2.0-only
/*
 * cmd_profile.c - `epochbench profile`: addresses to functions.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "cmd.h"
#include "bench/insn/functions.h"
#include "bench/insn/profile.h"
#include "bench/lib/options.h"
#include "bench/lib/status.h"
#include "bench/lib/table.h"

struct options {
	bool json;
	char *file[3]; /* records, raw profile, symbols */
	unsigned int file_cnt;
};

static const struct argp_option options[] = {
	{ "json", 'j', NULL, 0,
	  "Print JSON Lines (insns/1 of SCHEMA.md)", 0 },
	{ 0 }
};

static const char doc[] =
	"Says which functions the instructions of each operation were spent "
	"in: "
	"of the RECORDS, the PROFILE and the SYMBOLS that one guest wrote.  "
	"Record and profile must agree to the last instruction."
	"\v"
	"Examples:\n"
	"  vm --fuse v8 --icount --profile raw -- \\\n"
	"    epochbench run --clock insns -c operation -n 64 \\\n"
	"    -o run.jsonl --symbols symbols\n"
	"  epochbench profile run.jsonl raw symbols\n"
	"\n"
	"Exit status: 0 ok, 1 failed, 2 bad usage or files that don't belong "
	"together.";

static error_t parse_option(int key, char *arg, struct argp_state *state)
{
	struct options *o = state->input;

	switch (key) {
	case 'j':
		o->json = true;
		return 0;
	case ARGP_KEY_ARG:
		if (o->file_cnt == 3)
			argp_error(state, "too many files");
		o->file[o->file_cnt++] = arg;
		return 0;
	case ARGP_KEY_END:
		if (o->file_cnt < 3)
			argp_error(state, "RECORDS, PROFILE and SYMBOLS are "
					  "needed");
		return 0;
	default:
		return ARGP_ERR_UNKNOWN;
	}
}

/* Returns the sum: all that the profiler has seen. */
static json_int_t print_functions(json_t *functions)
{
	size_t cnt;
	struct function_insns *all = functions_sorted(functions, &cnt);
	struct table *t = table_new();
	json_int_t sum = 0;
	char text[24];

	table_column(t, "insns", "insns", TABLE_RIGHT);
	table_column(t, "function", "function", TABLE_LEFT);
	for (size_t i = 0; i < cnt; i++) {
		snprintf(text, sizeof(text), "%" PRId64, all[i].insns);
		table_row(t);
		table_number(t, text, (double)all[i].insns);
		table_text(t, all[i].name);
		sum += all[i].insns;
	}
	table_print_text(t, stdout);
	table_free(t);
	free(all);
	return sum;
}

static void print_one(json_t *m)
{
	const char *fuse, *tracer, *method, *phase;
	json_int_t insns, times, sum;
	json_t *functions;

	json_unpack(m, "{s:s,s:s,s:s,s:s,s:I,s:I,s:o}", "fuse", &fuse, "tracer",
		    &tracer, "method", &method, "phase", &phase, "insns",
		    &insns, "times", &times, "functions", &functions);
	printf("%s, %s%s%s%s: %lld instructions, the least of %lld\n\n", method,
	       phase, *fuse ? ", fuse.ko " : "", fuse,
	       *tracer ? ", traced" : "", (long long)insns, (long long)times);
	sum = print_functions(functions);
	printf("\nSum: %lld, of which the clock's last instruction isn't in "
	       "the record: %lld.\n\n",
	       (long long)sum, (long long)(sum - PROFILE_MORE_INSNS));
}

int cmd_profile(int argc, char **argv)
{
	const struct argp argp = { .options = options,
				   .parser = parse_option,
				   .args_doc = "RECORDS PROFILE SYMBOLS",
				   .doc = doc };
	struct options o = { 0 };
	struct record *recs = NULL;
	json_t *all = NULL, *m;
	char err[512];
	size_t cnt = 0, i;

	options_parse(&argp, argc, argv, &o);
	if (!record_read(o.file[0], &recs, &cnt, err, sizeof(err)))
		all = profile_make(recs, cnt, o.file[1], o.file[2], err,
				   sizeof(err));
	if (!all)
		fprintf(stderr, "epochbench: profile: %s\n", err);
	json_array_foreach(all, i, m)
	{
		if (!o.json)
			print_one(m);
		else if (!json_dumpf(m, stdout, JSON_COMPACT | JSON_SORT_KEYS))
			putchar('\n');
	}
	for (i = 0; i < cnt; i++)
		record_free(&recs[i]);
	free(recs);
	if (!all)
		return STATUS_USAGE;
	json_decref(all);
	return STATUS_OK;
}
