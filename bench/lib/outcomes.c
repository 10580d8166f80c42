// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <mxml.h>

#include "grow.h"
#include "outcomes.h"
#include "text.h"

struct outcome *outcomes_add(struct outcomes *all)
{
	struct outcome *grown = grow(all->one, all->cnt, sizeof(*grown));

	if (!grown)
		return NULL;
	all->one = grown;
	memset(&grown[all->cnt], 0, sizeof(*grown));
	return &grown[all->cnt++];
}

void outcomes_free(struct outcomes *all)
{
	for (size_t i = 0; i < all->cnt; i++)
		free(all->one[i].text);
	free(all->one);
	all->one = NULL;
	all->cnt = 0;
}

void outcome_say(char *buf, size_t len, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(buf, len, fmt, ap);
	va_end(ap);
	text_tame(buf);
}

static size_t count(const struct outcomes *all, enum outcome_end end)
{
	size_t cnt = 0;

	for (size_t i = 0; i < all->cnt; i++)
		cnt += all->one[i].end == end;
	return cnt;
}

static int add_case(mxml_node_t *suite, const struct outcome *o)
{
	static const char *const elements[OUTCOME_END_MAX] = {
		[OUTCOME_FAILED] = "failure",
		[OUTCOME_ERROR] = "error",
		[OUTCOME_SKIPPED] = "skipped",
	};
	mxml_node_t *test = mxmlNewElement(suite, "testcase"), *what = NULL;

	if (!test)
		return -ENOMEM;
	mxmlElementSetAttr(test, "classname", o->group);
	mxmlElementSetAttr(test, "name", o->name);
	if (o->time_s > 0)
		mxmlElementSetAttrf(test, "time", "%.9f", o->time_s);
	if (elements[o->end]) {
		what = mxmlNewElement(test, elements[o->end]);
		mxmlElementSetAttr(what, "message", o->why);
	}
	if (o->kind)
		mxmlElementSetAttr(what, "type", o->kind);
	if (o->end != OUTCOME_FAILED && o->end != OUTCOME_ERROR)
		what = mxmlNewElement(test, "system-out");
	return !o->text || mxmlNewOpaque(what, o->text) ? 0 : -ENOMEM;
}

/* https://github.com/testmoapp/junitxml: what CI servers share. */
int outcomes_print_junit(FILE *out, const struct outcomes *all)
{
	mxml_node_t *xml = mxmlNewXML("1.0"), *suites, *suite;
	int ret = 0;

	suites = mxmlNewElement(xml, "testsuites");
	suite = mxmlNewElement(suites, "testsuite");
	if (!suite) {
		mxmlDelete(xml);
		return -ENOMEM;
	}
	mxmlElementSetAttr(suite, "name", all->suite);
	mxmlElementSetAttrf(suite, "tests", "%zu", all->cnt);
	mxmlElementSetAttrf(suite, "failures", "%zu",
			    count(all, OUTCOME_FAILED));
	mxmlElementSetAttrf(suite, "errors", "%zu", count(all, OUTCOME_ERROR));
	mxmlElementSetAttrf(suite, "skipped", "%zu",
			    count(all, OUTCOME_SKIPPED));
	if (all->timestamp[0])
		mxmlElementSetAttr(suite, "timestamp", all->timestamp);
	for (size_t i = 0; !ret && i < all->cnt; i++)
		ret = add_case(suite, &all->one[i]);
	if (!ret && mxmlSaveFile(xml, out, MXML_NO_CALLBACK))
		ret = ferror(out) ? 0 : -ENOMEM;
	fputc('\n', out);
	mxmlDelete(xml);
	return ret;
}

static void print_comment(FILE *out, const char *text)
{
	while (text && *text) {
		size_t len = strcspn(text, "\n");

		fprintf(out, "# %.*s\n", (int)len, text);
		text += len + (text[len] == '\n');
	}
}

/*
 * Documentation/dev-tools/ktap.rst:
 *
 *   KTAP version 1
 *   1..2
 *   # slower: 97.1 ms to 102 ms, +5.1% (+4.2% to +6%), floor 1.1%
 *   not ok 1 invalidate/epoch/wide/10000/readdirplus/1/rewalk
 *   ok 2 invalidate/none/wide/10000/readdirplus/1/total # SKIP undecided: ...
 */
int outcomes_print_ktap(FILE *out, const struct outcomes *all)
{
	fprintf(out, "KTAP version 1\n1..%zu\n", all->cnt);
	for (size_t i = 0; i < all->cnt; i++) {
		const struct outcome *o = &all->one[i];
		bool skipped = o->end == OUTCOME_SKIPPED;

		if (!skipped)
			print_comment(out, o->why);
		print_comment(out, o->text);
		fprintf(out, "%sok %zu ",
			skipped || o->end == OUTCOME_PASSED ? "" : "not ",
			i + 1);
		/* What comes behind a "#" may say that no failure counts. */
		text_put(out, o->name, "#\\");
		fprintf(out, "%s%s\n", skipped ? " # SKIP " : "",
			skipped ? o->why : "");
	}
	return 0;
}
