// SPDX-License-Identifier: GPL-2.0-only
#include "openmetrics.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { MAX_FAMILIES = 64, MAX_LABELS = 8, MAX_TEXT = 256, MAX_KEY = 8192 };

struct label {
	char name[MAX_TEXT];
	char value[MAX_TEXT];
};

struct reader {
	const char *at;
	const char *wrong; /* NULL: nothing so far */
	char families[MAX_FAMILIES][MAX_TEXT];
	int family_cnt;
	char family[MAX_TEXT], type[MAX_TEXT];
	bool has_help, has_unit, has_samples, has_bucket;
	/* The last bucket: its value and bound, and labels without the bound. */
	char bucket[MAX_KEY];
	double le;
	double below;
	json_t *series; /* those that were there */
};

static bool fail(struct reader *r, const char *wrong)
{
	if (!r->wrong)
		r->wrong = wrong;
	return false;
}

static bool take(struct reader *r, const char *text)
{
	size_t len = strlen(text);

	if (strncmp(r->at, text, len))
		return false;
	r->at += len;
	return true;
}

static bool take_name(struct reader *r, char *name)
{
	size_t len = 0;

	if (!isalpha((unsigned char)*r->at) && *r->at != '_' && *r->at != ':')
		return fail(r, "a name begins with something else");
	while (isalnum((unsigned char)*r->at) || *r->at == '_' ||
	       *r->at == ':') {
		if (len == MAX_TEXT - 1)
			return fail(r, "a name is too long");
		name[len++] = *r->at++;
	}
	name[len] = 0;
	return true;
}

static bool take_value(struct reader *r, char *value)
{
	size_t len = 0;

	if (!take(r, "\""))
		return fail(r, "a label's value isn't quoted");
	while (*r->at != '"') {
		char c = *r->at++;

		if (!c || c == '\n')
			return fail(r, "a label's value doesn't end");
		if (c == '\\') {
			c = *r->at++;
			if (c == 'n')
				c = '\n';
			else if (c != '\\' && c != '"')
				return fail(r, "an escape that there isn't");
		}
		if (len == MAX_TEXT - 1)
			return fail(r, "a label's value is too long");
		value[len++] = c;
	}
	value[len] = 0;
	r->at++;
	return true;
}

static bool take_labels(struct reader *r, struct label *labels, int *cnt)
{
	*cnt = 0;
	if (!take(r, "{"))
		return true;
	do {
		struct label *l = &labels[*cnt];

		if (*cnt == MAX_LABELS)
			return fail(r, "too many labels");
		if (!take_name(r, l->name))
			return false;
		if (strchr(l->name, ':'))
			return fail(r, "a colon in a label's name");
		if (!take(r, "="))
			return fail(r, "a label without a value");
		if (!take_value(r, l->value))
			return false;
		for (int i = 0; i < *cnt; i++)
			if (!strcmp(labels[i].name, l->name))
				return fail(r, "a label twice");
		(*cnt)++;
	} while (take(r, ","));
	return take(r, "}") || fail(r, "labels don't end");
}

static bool buckets_end(struct reader *r)
{
	return !r->has_bucket || isinf(r->le) || fail(r, "no +Inf bucket");
}

static bool begin_family(struct reader *r, const char *name)
{
	if (!buckets_end(r))
		return false;
	for (int i = 0; i < r->family_cnt; i++)
		if (!strcmp(r->families[i], name))
			return fail(r, "a family in two places");
	if (r->family_cnt == MAX_FAMILIES)
		return fail(r, "too many families");
	strcpy(r->families[r->family_cnt++], name);
	strcpy(r->family, name);
	r->has_help = r->has_unit = r->has_samples = false;
	r->has_bucket = false;
	return true;
}

static bool take_rest(struct reader *r, char *rest)
{
	size_t len = strcspn(r->at, "\n");

	if (!len || len >= MAX_TEXT)
		return fail(r, "no text, or too much of it");
	memcpy(rest, r->at, len);
	rest[len] = 0;
	r->at += len;
	return true;
}

/* The labels of a histogram's sample without its bound, and that bound. */
static const char *take_bound(const struct label *labels, int cnt, char *others)
{
	const char *le = NULL;
	size_t used = 0; /* all labels fit */

	*others = 0;
	for (int i = 0; i < cnt; i++) {
		if (!strcmp(labels[i].name, "le"))
			le = labels[i].value;
		else
			used += snprintf(others + used, MAX_KEY - used,
					 "%s=%s,", labels[i].name,
					 labels[i].value);
	}
	return le;
}

/* Behind "# ": TYPE comes first here, so that it says which family this is. */
static bool take_metadata(struct reader *r)
{
	char name[MAX_TEXT], rest[MAX_TEXT];
	bool type = take(r, "TYPE "), help = !type && take(r, "HELP ");
	size_t len;

	if (!type && !help && !take(r, "UNIT "))
		return fail(r, "a comment");
	if (!take_name(r, name))
		return false;
	if (!take(r, " "))
		return fail(r, "no space behind the family's name");
	if (!take_rest(r, rest))
		return false;
	if (type) {
		if (strcmp(rest, "counter") && strcmp(rest, "gauge") &&
		    strcmp(rest, "histogram"))
			return fail(r, "a type that isn't expected");
		strcpy(r->type, rest);
		return begin_family(r, name);
	}
	if (strcmp(name, r->family))
		return fail(r, "metadata of another family");
	if (r->has_samples)
		return fail(r, "metadata behind samples");
	if (help) {
		if (r->has_help)
			return fail(r, "HELP twice");
		r->has_help = true;
		return true;
	}
	len = strlen(rest);
	if (r->has_unit || strlen(name) <= len ||
	    strcmp(name + strlen(name) - len, rest))
		return fail(r, "the family's name doesn't end in its unit");
	r->has_unit = true;
	return true;
}

static bool check_bucket(struct reader *r, struct label *labels, int cnt,
			 double value)
{
	char others[MAX_KEY], *end;
	const char *le = take_bound(labels, cnt, others);
	double bound;

	if (!le)
		return fail(r, "a bucket without a bound");
	bound = strtod(le, &end);
	if (end == le || *end || isnan(bound))
		return fail(r, "a bound that is no number");
	if (r->has_bucket && !strcmp(others, r->bucket)) {
		if (!(bound > r->le) || value < r->below)
			return fail(r, "buckets don't ascend");
	} else if (!buckets_end(r)) {
		return false;
	}
	r->has_bucket = true;
	strcpy(r->bucket, others);
	r->le = bound;
	r->below = value;
	return true;
}

/* Behind its buckets: the sum, and the count, which is that of the last. */
static bool check_total(struct reader *r, const char *suffix,
			struct label *labels, int cnt, double value)
{
	char others[MAX_KEY];

	if (take_bound(labels, cnt, others))
		return fail(r, "a bound where there is no bucket");
	if (!r->has_bucket || !isinf(r->le) || strcmp(others, r->bucket))
		return fail(r, "not behind its own buckets");
	return strcmp(suffix, "_count") || value == r->below ||
	       fail(r, "a count that isn't that of all buckets");
}

/* What may follow a family's name. */
static bool fits(const struct reader *r, const char *suffix)
{
	if (!strcmp(r->type, "counter"))
		return !strcmp(suffix, "_total");
	if (!strcmp(r->type, "gauge"))
		return !*suffix;
	return !strcmp(suffix, "_bucket") || !strcmp(suffix, "_sum") ||
	       !strcmp(suffix, "_count");
}

static bool take_number(struct reader *r, bool whole, double *value)
{
	const char *start = r->at;

	if (!isdigit((unsigned char)*r->at))
		return fail(r, "no number behind the labels");
	while (isdigit((unsigned char)*r->at) || (!whole && *r->at == '.'))
		r->at++;
	*value = strtod(start, NULL);
	return true;
}

static bool take_sample(struct reader *r)
{
	const char *start = r->at, *suffix, *end;
	struct label labels[MAX_LABELS];
	char name[MAX_TEXT], key[MAX_KEY];
	size_t len = strlen(r->family);
	double value;
	int cnt;

	if (!take_name(r, name))
		return false;
	if (!len || strncmp(name, r->family, len))
		return fail(r, "a sample of another family");
	suffix = name + len;
	if (!fits(r, suffix))
		return fail(r, "a suffix that doesn't go with the type");
	if (!take_labels(r, labels, &cnt))
		return false;
	end = r->at;
	if (!take(r, " "))
		return fail(r, "no space behind the labels");
	if (!take_number(r, *suffix && strcmp(suffix, "_sum"), &value))
		return false;
	snprintf(key, sizeof(key), "%.*s", (int)(end - start), start);
	if (json_object_get(r->series, key))
		return fail(r, "the same series twice");
	json_object_set_new(r->series, key, json_true());
	r->has_samples = true;
	if (strcmp(r->type, "histogram"))
		return true;
	return strcmp(suffix, "_bucket")
		       ? check_total(r, suffix, labels, cnt, value)
		       : check_bucket(r, labels, cnt, value);
}

static bool take_all(struct reader *r, const char *text)
{
	json_t *whole = json_string(text);

	/* Else all of it is refused. */
	if (!whole)
		return fail(r, "it isn't UTF-8");
	json_decref(whole);
	while (!take(r, "# EOF\n")) {
		if (!*r->at)
			return fail(r, "no EOF");
		if (*r->at == '\n')
			return fail(r, "an empty line");
		if (!(take(r, "# ") ? take_metadata(r) : take_sample(r)))
			return false;
		if (!take(r, "\n"))
			return fail(r, "something behind the value");
	}
	if (*r->at)
		return fail(r, "something behind EOF");
	return buckets_end(r);
}

bool openmetrics_is_valid(const char *text, char *why, size_t len)
{
	struct reader *r = calloc(1, sizeof(*r));
	bool ok;

	r->at = text;
	r->series = json_object();
	ok = take_all(r, text);
	if (!ok)
		snprintf(why, len, "%s, before '%.40s'", r->wrong, r->at);
	json_decref(r->series);
	free(r);
	return ok;
}
