// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "methods.h"

static int drop(const char *what)
{
	int fd = open("/proc/sys/vm/drop_caches", O_WRONLY | O_CLOEXEC);
	int err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, what, 1) != 1)
		err = -errno;
	close(fd);
	return err;
}

static int act_drop_pages(const char *mountpoint)
{
	(void)mountpoint;
	return drop("1");
}

static int act_drop_all(const char *mountpoint)
{
	(void)mountpoint;
	return drop("3");
}

/*
 * As methods they compare with nothing, so `epochbench run` hasn't them.  The
 * other value, 2, is drop_caches of bench/inval.
 */
static const struct inval_method more[] = {
	{ .name = "drop_caches_1",
	  .help = "echo 1 >/proc/sys/vm/drop_caches: pages (the whole machine)",
	  .act = act_drop_pages },
	{ .name = "drop_caches_3",
	  .help = "echo 3 >/proc/sys/vm/drop_caches: both (the whole machine)",
	  .guarantee = GUARANTEE_SOME,
	  .act = act_drop_all },
};

#define MORE_CNT (sizeof(more) / sizeof(more[0]))

unsigned int hazard_method_cnt(void)
{
	return inval_method_cnt + MORE_CNT;
}

const struct inval_method *hazard_method(unsigned int i)
{
	return i < inval_method_cnt ? &inval_methods[i]
				    : &more[i - inval_method_cnt];
}

bool method_is_choice(const struct inval_method *m)
{
	return !m->act || m->guarantee == GUARANTEE_NAMES;
}

bool method_is_known(const struct inval_method *m)
{
	return inval_by_name(m->name) >= 0;
}

bool method_is_message(const struct inval_method *m)
{
	return m->build;
}

bool method_is_epoch(const struct inval_method *m)
{
	return m == &inval_methods[inval_by_name("epoch")];
}
