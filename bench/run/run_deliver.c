// SPDX-License-Identifier: GPL-2.0-only
/*
 * run_deliver.c - what was measured: written, printed, and judged.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "bench/insn/symbols.h"
#include "bench/lib/output.h"
#include "bench/lib/progress.h"
#include "bench/lib/status.h"
#include "bench/lib/view.h"
#include "bench/report/report.h"
#include "run_internal.h"

static int exit_status(const struct run *r)
{
	bool some = false;

	for (size_t i = 0; i < r->rec_cnt; i++) {
		if (r->rec[i].exit == STATUS_FAILED)
			return STATUS_FAILED;
		some |= !r->rec[i].exit;
	}
	return some ? STATUS_OK : STATUS_SKIP;
}

void run_save_so_far(const struct run *r, size_t cnt)
{
	const struct record_list list = { r->rec, cnt };
	const char *path = r->cfg->output;
	int err = 0;

	if (path && output_is_file(path))
		err = output_write(path, record_write, &list);
	if (!err)
		return;
	progress_clear();
	fprintf(stderr, "epochbench: cannot write %s so far: %s\n", path,
		strerror(-err));
}

static int write_records(FILE *out, const void *run)
{
	const struct run *r = run;
	const struct record_list list = { r->rec, r->rec_cnt };

	return record_write(out, &list);
}

/* Those that weren't shown before, and what is said of the run. */
static int print_tables(FILE *out, const void *run)
{
	const struct run *r = run;

	return report_print(out, r->rec + r->shown_cnt,
			    r->rec_cnt - r->shown_cnt, REPORT_TEXT, false);
}

/* Does any of the first cnt share its table with one that isn't measured yet? */
static bool is_part(const struct run *r, size_t cnt)
{
	for (size_t i = r->shown_cnt; i < cnt; i++)
		for (size_t j = cnt; j < r->rec_cnt; j++)
			if (report_is_one_table(&r->rec[i], &r->rec[j]))
				return true;
	return false;
}

/* Or we would wait for who reads it, instead of measuring. */
static bool has_room(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };

	return poll(&p, 1, 0) == 1 && p.revents == POLLOUT;
}

void run_show_so_far(struct run *r, size_t cnt)
{
	const char *path = r->cfg->output;

	/* What a daemon answers is asked, and shown, when all is measured. */
	if (bench_interrupted || cnt == r->rec_cnt || is_part(r, cnt) ||
	    run_is_theirs(r->cfg) || (path && output_is_stdout(path)) ||
	    !has_room(STDOUT_FILENO))
		return;
	progress_clear();
	/* A failure is seen at the end, where it is told. */
	if (!report_print_part(stdout, r->rec + r->shown_cnt,
			       cnt - r->shown_cnt) &&
	    !fflush(stdout))
		r->shown_cnt = cnt;
}

int run_check_columns(const struct run *r)
{
	return view_check("epochbench: run", print_tables, r);
}

int run_deliver(const struct run *r)
{
	const struct output_result result = {
		.name = "epochbench",
		.path = r->cfg->output,
		.records = write_records,
		.tables = print_tables,
		.arg = r,
	};
	int err = 0;

	output_until_signal(bench_interrupted);
	if (bench_interrupted)
		fprintf(stderr, "epochbench: interrupted; the samples so far "
				"are kept\n");
	if (r->cfg->symbols)
		err = output_keep(result.name, r->cfg->symbols, symbols_write,
				  NULL);
	if (output_deliver(&result) || err)
		return STATUS_FAILED;
	return exit_status(r);
}
