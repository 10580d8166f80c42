// SPDX-License-Identifier: GPL-2.0-only
/*
 * A daemon that isn't ours: its command, and what is said of it.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bench/daemon/command.h"
#include "bench/report/report_daemon.h"
#include "samples_fixture.h"

static const struct command_place places[] = {
	{ "source", "/a b/it's \"$here\"" },
	{ "mount", "/mnt" },
	{ NULL, NULL },
};

static void expect_filled(const char *text, const char *wanted)
{
	char *filled = command_fill(text, places);

	assert_string_equal(filled, wanted);
	free(filled);
}

static void places_become_quoted_words(void **state)
{
	(void)state;
	expect_filled("x {source} {mount}",
		      "x '/a b/it'\\''s \"$here\"' '/mnt'");
	expect_filled("x lowerdir={mount},o{mount}",
		      "x lowerdir='/mnt',o'/mnt'");
	expect_filled("a{}b ${HOME} {other} {mount",
		      "a{}b ${HOME} {other} {mount");
	expect_filled("{{mount}}", "{'/mnt'}");
	expect_filled("", "");
	assert_true(command_has("x {mount}", "mount"));
	assert_false(command_has("x {mounted} mount {mount", "mount"));
}

/* What the shell makes of it is the path, whatever is in it. */
static void the_shell_gets_the_path(void **state)
{
	char *filled = command_fill("printf %s {source}", places), got[64];
	FILE *out = popen(filled, "r");

	(void)state;
	assert_non_null(out);
	assert_non_null(fgets(got, sizeof(got), out));
	pclose(out);
	assert_string_equal(got, places[0].path);
	free(filled);
}

enum { ROUNDS = 3 };

/* As measured: a total of about ns, all three changes of each round seen. */
static struct record method(const char *name, uint64_t ns)
{
	static const struct record_daemon daemon = { .command = "x {mount}",
						     .program = "x",
						     .threads = 1,
						     .devices = 2,
						     .listed_of_cnt = 1000,
						     .entry_ns = 1000000000,
						     .changes = 1,
						     .change_ns = 3000000000,
						     .watched_ns = 3000000000 };
	struct record rec = {
		.clock_unit = "ns",
		.guarantee = "names",
		.n = 1000,
		.daemon = malloc(sizeof(daemon)),
	};

	assert_non_null(rec.daemon);
	*rec.daemon = daemon;
	snprintf(rec.method, sizeof(rec.method), "%s", name);
	for (unsigned int i = 0; i < ROUNDS; i++) {
		struct sample sample = { .msg_cnt = 0 }, *s = &sample;

		s->phase[PHASE_TOTAL].used = true;
		s->phase[PHASE_TOTAL].cost = ns + i;
		s->phase[PHASE_NOTIFY] = s->phase[PHASE_TOTAL];
		s->phase[PHASE_FIRST_TOUCH] = s->phase[PHASE_TOTAL];
		s->unseen_cnt = 3;
		s->seen_cnt = 3;
		s->tried_bits = RECORD_SUBMOUNT | RECORD_OVERLAY;
		assert_int_equal(record_add_sample(&rec, s), 0);
	}
	return rec;
}

/* text_of(): of these two. */
static char *text_of(const struct record *a, const struct record *b)
{
	const struct record *both[] = { a, b };
	char *text = report_daemon_text(both, 2);

	assert_non_null(text);
	return text;
}

#define HAS(text, what) assert_non_null(strstr(text, what))
#define HASNT(text, what) assert_null(strstr(text, what))

static void advice_is_what_was_measured(void **state)
{
	struct record epoch = method("epoch", 1000);
	struct record expire = method("expire_entry", 5000);
	char *text;

	(void)state;
	AT(epoch, 1, broken_bits) = RECORD_SUBMOUNT;
	AT(epoch, 2, renumbered_cnt) = 9;
	AT(epoch, 1, renumbered_cnt) = 9;
	text = text_of(&epoch, &expire);
	HAS(text,
	    "x (package -, no libfuse to be seen, 1 thread, 2 open /dev/fuse)");
	HAS(text, "0 of 1000 nodes along: no READDIRPLUS");
	HAS(text, "without a question for 1 s, one that is missing not at all");
	HAS(text, "was hidden for more than 3 s.");
	HAS(text, "epoch detaches what is mounted on its folders, gives 9 of "
		  "1000 names another st_ino");
	HASNT(text, "ESTALE");
	HAS(text, "expire_entry shows changes of names, too, and breaks "
		  "nothing: 5 us for 1000 names");
	HAS(text, "epoch takes the daemon 1 us instead of 5 us");
	free(text);

	/* Nothing else is broken: then the cheaper one, and by how sure. */
	AT(epoch, 1, broken_bits) = 0;
	for (unsigned int i = 0; i < ROUNDS; i++)
		AT(epoch, i, renumbered_cnt) = 0;
	text = text_of(&epoch, &expire);
	HAS(text, "epoch shows changes");
	HAS(text, "so does expire_entry, in 5 us.");
	free(text);
	AT(expire, 0, phase[PHASE_TOTAL].cost) = 1;
	text = text_of(&epoch, &expire);
	HAS(text, "which may be chance");
	free(text);
	record_free(&epoch);
	record_free(&expire);
}

static void what_hides_nothing_needs_no_notification(void **state)
{
	struct record a = method("epoch", 1000), b = method("inval_entry", 1);
	char *text;

	(void)state;
	a.daemon->change_ns = 0;
	text = text_of(&a, &b);
	HAS(text, "seen at once");
	HASNT(text, "breaks nothing");
	free(text);
	a.daemon->change_ns = 1;
	for (unsigned int i = 0; i < ROUNDS; i++) {
		AT(a, i, seen_cnt) = 0;
		AT(b, i, seen_cnt) = 0;
	}
	text = text_of(&a, &b);
	HAS(text, "No change behind was seen after any method");
	free(text);
	record_free(&a);
	record_free(&b);
}

static void what_it_answers_is_told(void **state)
{
	struct record a = method("epoch", 1000), b = method("inval_entry", 1);
	struct record_answers *said = &a.daemon->answers;
	char *text;

	(void)state;
	text = text_of(&a, &b);
	HASNT(text, "strace");
	HASNT(text, "answers");
	free(text);

	*said = (struct record_answers){ .minor = 31,
					 .entry = "1 s",
					 .attr = "0 s, 1 s",
					 .negative = "-",
					 .notified = "-" };
	strcpy(a.daemon->package, "bindfs 1.14");
	text = text_of(&a, &b);
	HAS(text, "x (package bindfs 1.14, ");
	HAS(text, "protocol 7.31 and lets names be kept for 1 s, attributes "
		  "for 0 s, 1 s, missing names -; it doesn't ask for "
		  "READDIRPLUS; of a change behind it notifies by itself: "
		  "nothing.");
	free(text);
	said->readdirplus = 1;
	strcpy(said->notified, "DELETE");
	text = text_of(&a, &b);
	HAS(text, "it asks for READDIRPLUS");
	HAS(text, "by itself: DELETE.");
	free(text);

	*said = (struct record_answers){ .untraced = "there is no strace" };
	text = text_of(&a, &b);
	HAS(text, "What it answers: -, as there is no strace.");
	HASNT(text, "protocol");
	free(text);
	record_free(&a);
	record_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(places_become_quoted_words),
		cmocka_unit_test(the_shell_gets_the_path),
		cmocka_unit_test(advice_is_what_was_measured),
		cmocka_unit_test(what_hides_nothing_needs_no_notification),
		cmocka_unit_test(what_it_answers_is_told),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
