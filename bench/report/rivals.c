// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "phase_stats.h"
#include "rivals.h"

/* The least cost of a phase, and the least of those of another method. */
struct least {
	const struct record *first, *second;
	double first_cost, second_cost;
};

/* Records that may be held against each other. */
struct class
{
	const struct record *control;
	struct least least[PHASE_MAX];
};

struct rivals {
	json_t *index; /* key to the number of its class */
	struct class *class;
	size_t cnt;
};

/* No text of a record holds a line feed. */
static json_t *key_of(const struct record *rec, const char *guarantee)
{
	return json_sprintf(
		"%llu\n%u\n%u\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s\n%s",
		(unsigned long long)rec->n, rec->threads, rec->traced,
		rec->host.name, rec->host.kernel, rec->host.fuse, rec->run_id,
		rec->side, rec->case_name, rec->shape, rec->populate,
		rec->clock_unit, guarantee);
}

static const struct class *find(const struct rivals *r,
				const struct record *rec, const char *guarantee)
{
	json_t *key = key_of(rec, guarantee), *nr = NULL;

	if (key)
		nr = json_object_get(r->index, json_string_value(key));
	json_decref(key);
	return nr ? &r->class[json_integer_value(nr)] : NULL;
}

/* The class of that key, which may be new; NULL: no memory. */
static struct class *class_of(struct rivals *r, const struct record *rec,
			      const char *guarantee)
{
	json_t *key = key_of(rec, guarantee), *nr;
	const char *text = json_string_value(key);
	struct class *class = NULL;

	if (!text)
		return NULL;
	nr = json_object_get(r->index, text);
	if (!nr && !json_object_set_new(r->index, text,
					json_integer((json_int_t)r->cnt)))
		class = &r->class[r->cnt++];
	else if (nr)
		class = &r->class[json_integer_value(nr)];
	json_decref(key);
	return class;
}

static bool same_method(const struct record *a, const struct record *b)
{
	return a && b && !strcmp(a->method, b->method);
}

/* Of equal ones the first counts. */
static void take(struct least *l, const struct record *rec, double cost)
{
	if (isnan(cost))
		return;
	if (!l->first || cost < l->first_cost) {
		if (!same_method(l->first, rec)) {
			l->second = l->first;
			l->second_cost = l->first_cost;
		}
		l->first = rec;
		l->first_cost = cost;
	} else if (!same_method(l->first, rec) &&
		   (!l->second || cost < l->second_cost)) {
		l->second = rec;
		l->second_cost = cost;
	}
}

static bool add(struct rivals *r, const struct record *rec)
{
	struct class *all = class_of(r, rec, "");
	struct class *own = all ? class_of(r, rec, rec->guarantee) : NULL;

	if (!own)
		return false;
	if (!all->control && !strcmp(rec->method, "none"))
		all->control = rec;
	for (enum phase ph = 0; ph < PHASE_MAX; ph++)
		take(&own->least[ph], rec, phase_stats(rec, ph).median);
	return true;
}

struct rivals *rivals_new(const struct record *const *rec, size_t cnt)
{
	struct rivals *r = calloc(1, sizeof(*r));
	bool good;

	if (!r)
		return NULL;
	r->index = json_object();
	r->class = calloc(2 * cnt + 1, sizeof(*r->class));
	good = r->index && r->class;
	for (size_t i = 0; good && i < cnt; i++)
		good = rec[i]->exit || add(r, rec[i]);
	if (good)
		return r;
	rivals_free(r);
	return NULL;
}

void rivals_free(struct rivals *r)
{
	if (!r)
		return;
	json_decref(r->index);
	free(r->class);
	free(r);
}

const struct record *rivals_control(const struct rivals *r,
				    const struct record *rec)
{
	const struct class *class = r ? find(r, rec, "") : NULL;

	return class && !same_method(class->control, rec) ? class->control
							  : NULL;
}

const struct record *rivals_best(const struct rivals *r,
				 const struct record *rec, enum phase ph)
{
	const struct class *class = r ? find(r, rec, rec->guarantee) : NULL;
	const struct least *l = class ? &class->least[ph] : NULL;

	if (!l)
		return NULL;
	return same_method(l->first, rec) ? l->second : l->first;
}
