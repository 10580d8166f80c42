// SPDX-License-Identifier: GPL-2.0-only
/*
 * Options of overlays as libmount gives them: seen on Linux 6.1 to 7.3.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "bench/lib/mount_layers.h"

static char got[256];
static int left;

static bool take(const char *path, void *arg)
{
	(void)arg;
	snprintf(got + strlen(got), sizeof(got) - strlen(got), "[%s]", path);
	return --left;
}

static void expect(const char *options, int limit, const char *wanted)
{
	*got = 0;
	left = limit;
	assert_int_equal(mount_layers_each(options, take, NULL), 0);
	assert_string_equal(got, wanted);
}

static void layers(void **state)
{
	(void)state;
	expect("", -1, "");
	expect("rw,lowerdir=/a,upperdir=/u,workdir=/w,uuid=on", -1, "[/a][/u]");
	expect("rw,lowerdir=/a:/b::/data1::/data2", -1,
	       "[/a][/b][/data1][/data2]");
	/* One path each, as the new interface takes them. */
	expect("rw,lowerdir+=/a:b,datadir+=/d,redirect_dir=on", -1,
	       "[/a:b][/d]");
	expect("lowerdir=a:b", -1, "[a][b]"); /* relative: to what, is lost */
}

static void escapes(void **state)
{
	(void)state;
	expect("rw,lowerdir=/co\\:lon:/com\\,ma:/back\\\\slash", -1,
	       "[/co:lon][/com,ma][/back\\slash]");
	expect("rw,upperdir=/co:lon", -1, "[/co:lon]");
}

static void damaged(void **state)
{
	(void)state;
	expect("lowerdir", -1, "");
	expect("lowerdir=", -1, "");
	expect("lowerdir=:::", -1, "");
	expect("lowerdir=/a\\", -1, "[/a\\]");
	expect(",,=,lowerdir=/a,", -1, "[/a]");
}

static void enough(void **state)
{
	(void)state;
	expect("lowerdir=/a:/b,upperdir=/u", 1, "[/a]");
	expect("lowerdir=/a:/b,upperdir=/u", 2, "[/a][/b]");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(layers),
		cmocka_unit_test(escapes),
		cmocka_unit_test(damaged),
		cmocka_unit_test(enough),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
