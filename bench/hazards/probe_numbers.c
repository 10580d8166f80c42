// SPDX-License-Identifier: GPL-2.0-only
/*
 * probe_numbers.c - do files that nobody changed keep their inode numbers?
 *
 * Where the server numbers anew what was forgotten, as libfuse's high level does:
 * so each FORGET is a new st_ino.  One that is late finds the number in use again
 * and changes nothing, so there are many names.
 */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/served.h"
#include "methods.h"
#include "stage.h"

enum { NAMES = 64 }; /* of each kind: nobody's, and open ones */

static struct file {
	uint64_t slot;
	ino_t ino;
	int fd;
} files[2 * NAMES];

static bool is_open(int i)
{
	return i >= NAMES;
}

static ino_t ino_of(const struct file *f)
{
	struct stat st;

	if (lstat(stage_path(f->slot), &st))
		say_broken("a name is gone");
	return st.st_ino;
}

/* Of one kind, how many have another number than before. */
static unsigned int changed_cnt(bool open)
{
	unsigned int cnt = 0;

	for (int i = 0; i < 2 * NAMES; i++)
		if (is_open(i) == open)
			cnt += ino_of(&files[i]) != files[i].ino;
	return cnt;
}

static void set_scene(void)
{
	for (int i = 0; i < 2 * NAMES; i++)
		files[i].slot = stage_add(S_IFREG | 0644);
	for (int i = 0; i < 2 * NAMES; i++) {
		files[i].ino = ino_of(&files[i]);
		files[i].fd = is_open(i) ? open(stage_path(files[i].slot),
						O_PATH | O_CLOEXEC)
					 : -1;
	}
}

static void say(const char *probe, bool open)
{
	bool changed = changed_cnt(open);

	say_hazard(probe, changed, "%s", changed ? "others" : "");
}

/* Also with the method: it isn't what numbers anew. */
static void control(const struct inval_method *m)
{
	stage_start(m, NULL);
	set_scene();
	stage_notify(m);
	if (changed_cnt(false) || changed_cnt(true))
		say_broken("control: a number isn't kept");
}

static void close_all(void)
{
	for (int i = 0; i < 2 * NAMES; i++)
		close(files[i].fd);
	stage_stop();
}

static void run(const struct inval_method *m)
{
	control(m);
	close_all();
	stage_start(m, NULL);
	tree_number_anew();
	set_scene();
	if (changed_cnt(false) || changed_cnt(true))
		say_broken("control: a number changes without a reason");
	stage_notify(m);
	say("st_ino", false);
	say("st_ino of open files", true);
	close_all();
}

const struct hazard hazard_numbers = {
	.name = "numbers",
	.title = "Numbers of unchanged files",
	.note = "The server gives a file another number when the kernel has "
		"forgotten it, as libfuse's high level does without use_ino.  "
		"Nothing has changed; the method, about all names; then a stat "
		"of each.  others: git, tar, backup programs take the files "
		"for "
		"new ones, and cp for replaced ones.  With a server that keeps "
		"its numbers (the control) no method changes one.",
	.stack = "git, tar, cp; the server numbers anew",
	.concerns = method_is_known,
	.run = run,
	.limit_s = 20,
	.confirm = true,
};
