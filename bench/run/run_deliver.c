// SPDX-License-Identifier: GPL-2.0-only
/*
 * run_deliver.c - what was measured: written, printed, and judged.
 */
#include <stdio.h>
#include <string.h>

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

static int print_tables(FILE *out, const void *list)
{
	const struct record_list *l = list;

	return report_print(out, l->rec, l->cnt, REPORT_TEXT, false);
}

int run_check_columns(const struct run *r)
{
	const struct record_list list = { r->rec, r->rec_cnt };

	return view_check("epochbench: run", print_tables, &list);
}

int run_deliver(const struct run *r)
{
	const struct record_list list = { r->rec, r->rec_cnt };
	const struct output_result result = {
		.name = "epochbench",
		.path = r->cfg->output,
		.records = record_write,
		.tables = print_tables,
		.arg = &list,
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
