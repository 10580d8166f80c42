// SPDX-License-Identifier: GPL-2.0-only
/*
 * compare_junit.c - a comparison as JUnit XML, the form that CI servers share
 * (https://github.com/testmoapp/junitxml): a test per number, slower is a
 * failure, undecided is skipped.
 */
#include <errno.h>

#include <mxml.h>

#include "compare_format.h"

static int add_case(mxml_node_t *suite, const struct compare_cell *c)
{
	mxml_node_t *test = mxmlNewElement(suite, "testcase"), *what = NULL;
	char name[COMPARE_TEXT_LEN], text[COMPARE_TEXT_LEN];

	if (!test)
		return -ENOMEM;
	compare_cell_path(c, '/', name, sizeof(name));
	compare_cell_text(c, text, sizeof(text));
	mxmlElementSetAttrf(test, "classname", "epochbench.%s",
			    c->base->case_name);
	mxmlElementSetAttr(test, "name", name);
	if (c->j.verdict == VERDICT_SLOWER)
		what = mxmlNewElement(test, "failure");
	else if (c->j.verdict == VERDICT_UNDECIDED)
		what = mxmlNewElement(test, "skipped");
	if (c->j.verdict == VERDICT_SLOWER) {
		mxmlElementSetAttrf(what, "message", "slower: %s", text);
		mxmlElementSetAttr(what, "type", "slower");
	} else if (what) {
		mxmlElementSetAttrf(what, "message", "undecided: %s", c->j.why);
	}
	what = mxmlNewElement(test, "system-out");
	return mxmlNewOpaque(what, text) ? 0 : -ENOMEM;
}

int compare_print_junit(FILE *out, const struct comparison *cmp)
{
	mxml_node_t *xml = mxmlNewXML("1.0"), *suites, *suite;
	int ret = 0;

	suites = mxmlNewElement(xml, "testsuites");
	suite = mxmlNewElement(suites, "testsuite");
	if (!suite) {
		mxmlDelete(xml);
		return -ENOMEM;
	}
	mxmlElementSetAttr(suite, "name", "epochbench compare");
	mxmlElementSetAttrf(suite, "tests", "%zu", cmp->cnt);
	mxmlElementSetAttrf(suite, "failures", "%zu",
			    cmp->verdict_cnt[VERDICT_SLOWER]);
	mxmlElementSetAttr(suite, "errors", "0");
	mxmlElementSetAttrf(suite, "skipped", "%zu",
			    cmp->verdict_cnt[VERDICT_UNDECIDED]);
	for (size_t i = 0; !ret && i < cmp->cnt; i++)
		ret = add_case(suite, &cmp->cell[i]);
	if (!ret && mxmlSaveFile(xml, out, MXML_NO_CALLBACK))
		ret = ferror(out) ? 0 : -ENOMEM;
	fputc('\n', out);
	mxmlDelete(xml);
	return ret;
}
