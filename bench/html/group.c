// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "bench/lib/grow.h"
#include "bench/report/phase_stats.h"
#include "bench/report/report_host.h"
#include "group.h"

double html_median(const struct record *rec, enum phase ph)
{
	return phase_stats(rec, ph).median;
}

static bool is_drawn(const struct record *rec)
{
	return !rec->exit && !rec->traced && !rec->side[0] &&
	       !record_daemon_of(rec)->command[0] && phase_stats(rec, PHASE_TOTAL).cnt > 0;
}

/* What all records of a group have alike; free it. */
static char *key_of(const struct record *rec)
{
	struct words w;

	if (words_open(&w))
		return NULL;
	fprintf(w.out, "%s|%s|%s|%u|%s|%s|%s|%s|%s|%s|%u|%s", rec->case_name,
		rec->shape, rec->populate, rec->threads, rec->clock_unit,
		rec->host.bench, rec->host.kernel, rec->host.fuse,
		rec->host.cpu_model, rec->host.cpus, rec->host.cpu_cnt,
		rec->host.name);
	return words_close(&w) ? NULL : w.text;
}

/* The number that an object has for a text: the next one if it has none. */
static size_t number_of(json_t *numbers, const char *text)
{
	const json_t *number = json_object_get(numbers, text);
	size_t next = json_object_size(numbers);

	if (number)
		return (size_t)json_integer_value(number);
	json_object_set_new(numbers, text, json_integer((json_int_t)next));
	return next;
}

static int add(struct html_groups *groups, size_t nr, const struct record *rec)
{
	const struct record **grown_rec;
	struct html_group *g;

	if (nr == groups->cnt) {
		g = grow(groups->group, nr, sizeof(*g));
		if (!g)
			return -ENOMEM;
		groups->group = g;
		groups->group[groups->cnt++] = (struct html_group){ .cnt = 0 };
	}
	g = &groups->group[nr];
	grown_rec = grow(g->rec, g->cnt, sizeof(*g->rec));
	if (!grown_rec)
		return -ENOMEM;
	g->rec = grown_rec;
	g->rec[g->cnt++] = rec;
	return 0;
}

/* A record on its way into order. */
struct entry {
	size_t method;
	const struct record *rec;
};

static int by_method(const void *left, const void *right)
{
	const struct entry *a = left, *b = right;

	if (a->method != b->method)
		return a->method < b->method ? -1 : 1;
	if (a->rec->n != b->rec->n)
		return a->rec->n < b->rec->n ? -1 : 1;
	if (a->rec->sample_cnt != b->rec->sample_cnt)
		return a->rec->sample_cnt > b->rec->sample_cnt ? -1 : 1;
	return (a->rec > b->rec) - (a->rec < b->rec);
}

static bool same_point(const struct entry *a, const struct entry *b)
{
	return a->method == b->method && a->rec->n == b->rec->n;
}

static int by_n(const void *left, const void *right)
{
	uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

	return (a > b) - (a < b);
}

static int count_sizes(struct html_group *g)
{
	uint64_t *n = calloc(g->cnt, sizeof(*n));

	if (!n)
		return -ENOMEM;
	for (size_t i = 0; i < g->cnt; i++)
		n[i] = g->rec[i]->n;
	qsort(n, g->cnt, sizeof(*n), by_n);
	for (size_t i = 0; i < g->cnt; i++)
		g->size_cnt += !i || n[i] != n[i - 1];
	g->n_max = n[g->cnt - 1];
	free(n);
	return 0;
}

static int put_in_order(struct html_group *g)
{
	struct entry *entry = calloc(g->cnt, sizeof(*entry));
	json_t *methods = json_object();
	size_t cnt = 0;

	for (size_t i = 0; entry && i < g->cnt; i++)
		entry[i] =
			(struct entry){ number_of(methods, g->rec[i]->method),
					g->rec[i] };
	g->method_cnt = json_object_size(methods);
	json_decref(methods);
	if (!entry)
		return -ENOMEM;
	qsort(entry, g->cnt, sizeof(*entry), by_method);
	for (size_t i = 0; i < g->cnt; i++)
		if (!i || !same_point(&entry[i], &entry[i - 1]))
			g->rec[cnt++] = entry[i].rec;
	g->cnt = cnt;
	free(entry);
	return count_sizes(g);
}

static int by_content(const void *left, const void *right)
{
	const struct html_group *a = left, *b = right;

	if (a->size_cnt != b->size_cnt)
		return a->size_cnt > b->size_cnt ? -1 : 1;
	if (a->cnt != b->cnt)
		return a->cnt > b->cnt ? -1 : 1;
	return (a->rec[0] > b->rec[0]) - (a->rec[0] < b->rec[0]);
}

int html_groups_get(const struct record *recs, size_t cnt,
		    struct html_groups *groups)
{
	json_t *keys = json_object();
	int ret = 0;

	*groups = (struct html_groups){ NULL, 0 };
	for (size_t i = 0; !ret && i < cnt; i++) {
		char *key = is_drawn(&recs[i]) ? key_of(&recs[i]) : NULL;

		if (key)
			ret = add(groups, number_of(keys, key), &recs[i]);
		free(key);
	}
	json_decref(keys);
	for (size_t i = 0; !ret && i < groups->cnt; i++)
		ret = put_in_order(&groups->group[i]);
	if (!ret && groups->cnt)
		qsort(groups->group, groups->cnt, sizeof(*groups->group),
		      by_content);
	return ret;
}

void html_groups_free(struct html_groups *groups)
{
	for (size_t i = 0; i < groups->cnt; i++)
		free(groups->group[i].rec);
	free(groups->group);
}

void html_group_say(const struct html_group *g, FILE *out)
{
	const struct record *rec = g->rec[0];

	fprintf(out, "%s tree, populated by %s, %u thread%s, Linux %s",
		rec->shape, rec->populate, rec->threads,
		rec->threads == 1 ? "" : "s", rec->host.kernel);
	if (rec->host.fuse[0])
		fprintf(out, " (fuse.ko %s)", rec->host.fuse);
	if (rec->host.cpus[0])
		fprintf(out, ", on CPU %s", rec->host.cpus);
	if (rec->host.virt[0])
		fprintf(out, ", %s", rec->host.virt);
	if (rec->host.name[0])
		fprintf(out, ", %s", rec->host.name);
	fprintf(out, ", epochbench %s", rec->host.bench);
}

/* Nobody types more of them. */
#define SIZES_MAX 16

/* "1000,100000" */
static void put_sizes(const struct html_group *g, FILE *out)
{
	const char *sep = "";
	uint64_t last = 0;

	for (int cnt = 0; last < g->n_max && cnt < SIZES_MAX; cnt++) {
		uint64_t next = g->n_max;

		for (size_t i = 0; i < g->cnt; i++)
			if (g->rec[i]->n > last && g->rec[i]->n < next)
				next = g->rec[i]->n;
		fprintf(out, "%s%" PRIu64, sep, next);
		sep = ",";
		last = next;
	}
}

void html_group_command(const struct html_group *g, FILE *out)
{
	const struct record *rec = g->rec[0];

	fprintf(out, "epochbench run -c %s -m ", part_word(rec->case_name));
	for (size_t i = 0; i < g->cnt; i++)
		if (!i || strcmp(g->rec[i]->method, g->rec[i - 1]->method))
			fprintf(out, "%s%s", i ? "," : "",
				part_word(g->rec[i]->method));
	fputs(" -n ", out);
	put_sizes(g, out);
	fprintf(out, " -s %s --populate %s -t %u", part_word(rec->shape),
		part_word(rec->populate), rec->threads);
	if (rec->host.cpus[0] && !strpbrk(rec->host.cpus, "'\\ "))
		fprintf(out, " --cpus %s", rec->host.cpus);
	if (strcmp(rec->clock_unit, "ns"))
		fprintf(out, " --clock %s", part_word(rec->clock_unit));
}
