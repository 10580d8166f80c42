// SPDX-License-Identifier: GPL-2.0-only
/*
 * stale_text.c - what was wrong in the cells of a table, as sentences.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "rate_table.h"
#include "rounds.h"
#include "stale_text.h"

/* Adds up what each hazard explains, over the rounds of a row. */
static json_t *explained(const struct workload_record *recs, size_t cnt,
			 const struct workload_record *like)
{
	json_t *sum = json_object(), *value;
	const char *hazard;

	for (size_t i = 0; i < cnt; i++) {
		if (!workload_same_row(&recs[i], like))
			continue;
		json_object_foreach (recs[i].explained, hazard, value) {
			json_int_t all = json_integer_value(value);

			all += json_integer_value(json_object_get(sum, hazard));
			json_object_set_new(sum, hazard, json_integer(all));
		}
	}
	return sum;
}

/*
 * With epoch at 10/s, 5 of 200 answers were stale, and 3 of them nothing
 * explains: FAILED; known hazards: 2 readdirplus race.
 */
static void put_stale(FILE *out, const struct workload_row *row,
		      const json_t *hazards)
{
	char method[WORKLOAD_METHOD_LEN];
	const char *sep = "; known hazards: ", *hazard;
	json_t *value;

	workload_method_text(row->like, method);
	fprintf(out, "With %s at %g/s, %llu of %llu answers were stale", method,
		row->like->rate_hz,
		(unsigned long long)(row->stale_cnt + row->explained_cnt),
		(unsigned long long)row->check_cnt);
	if (row->stale_cnt)
		fprintf(out, ", and %llu of them nothing explains: %s",
			(unsigned long long)row->stale_cnt,
			row->like->daemon.command[0]
				? "perhaps the daemon keeps answers itself"
				: "FAILED");
	json_object_foreach ((json_t *)hazards, hazard, value) {
		if (!json_integer_value(value))
			continue;
		fprintf(out, "%s%" JSON_INTEGER_FORMAT " %s", sep,
			json_integer_value(value), hazard);
		sep = ", ";
	}
	fputs(".  ", out);
}

/* With epoch at 10/s, directories that are the same got other numbers 5 times. */
static void put_renumbered(FILE *out, const struct workload_row *row)
{
	char method[WORKLOAD_METHOD_LEN];

	workload_method_text(row->like, method);
	fprintf(out,
		"With %s at %g/s, directories that are the same got other "
		"numbers %llu times.  ",
		method, row->like->rate_hz,
		(unsigned long long)row->same.renumbered_cnt);
}

static void put_lost(FILE *out, const struct workload_row *row)
{
	char method[WORKLOAD_METHOD_LEN];

	workload_method_text(row->like, method);
	fprintf(out,
		"With %s at %g/s, the working directory of a process was lost "
		"for good in %llu of %zu rounds.  ",
		method, row->like->rate_hz,
		(unsigned long long)row->same.cwd_lost_cnt, row->round_cnt);
}

static int put_row_stale(FILE *out, const struct workload_record *recs,
			 size_t cnt, const struct workload_record *like)
{
	struct workload_row row;
	json_t *hazards;
	int ret = workload_row_sum(recs, cnt, like, &row);

	if (!ret && row.same.renumbered_cnt)
		put_renumbered(out, &row);
	if (!ret && row.same.cwd_lost_cnt)
		put_lost(out, &row);
	if (ret || (!row.stale_cnt && !row.explained_cnt))
		return ret;
	hazards = explained(recs, cnt, like);
	put_stale(out, &row, hazards);
	json_decref(hazards);
	return 0;
}

char *workload_stale_text(const struct workload_record *recs, size_t cnt,
			  const struct workload_record *like)
{
	char *text = NULL;
	size_t len, row_cnt;
	FILE *out = open_memstream(&text, &len);
	const struct workload_record **rows =
		workload_rows(recs, cnt, like, &row_cnt);
	int ret = out && rows ? 0 : -ENOMEM;

	for (size_t i = 0; !ret && i < row_cnt; i++)
		ret = put_row_stale(out, recs, cnt, rows[i]);
	free(rows);
	if (out && fclose(out))
		ret = -ENOMEM;
	if (!ret)
		return text;
	free(text);
	return NULL;
}
