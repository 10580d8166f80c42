// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#include "above.h"
#include "bench/lib/units.h"
#include "prepare.h"
#include "programs.h"

#define IDLE_NS 120000000000ULL
/* To programs they are zeros, of which each pass over the tree reads all. */
#define HOLES_MAX_BYTES 1000000000ULL

int prepare_file(const char *path, const char *text, char *err, size_t err_len)
{
	int ret = program_write(path, text);

	if (ret)
		snprintf(err, err_len, "%s: %s", path, strerror(-ret));
	return ret;
}

/* Newer than all: `find -newer` stats each file, and prints none. */
int prepare_find(const struct source *s, char *err, size_t err_len)
{
	(void)s;
	return prepare_file(PREPARE_REFERENCE, "", err, err_len);
}

/* What reads each file. */
int prepare_data(const struct source *s, char *err, size_t err_len)
{
	uint64_t hole_bytes = s->file_bytes - s->data_bytes;
	char text[UNITS_LEN];

	if (hole_bytes <= HOLES_MAX_BYTES)
		return 0;
	units_format((double)hole_bytes, UNIT_BYTES, text, sizeof(text));
	snprintf(err, err_len, "it would read %s of holes", text);
	return -EFBIG;
}

static void dont_hang(void)
{
}

/* Another copy of all. */
int prepare_copy(const struct source *s, char *err, size_t err_len)
{
	uint64_t name_cnt = s->file_cnt + s->dir_cnt + s->symlink_cnt;
	uint64_t need = s->data_bytes + name_cnt * 4096;
	struct statvfs st;
	int ret = prepare_data(s, err, err_len);

	if (ret || statvfs(STAGE_DIR, &st) || st.f_bavail * st.f_frsize > need)
		return ret;
	snprintf(err, err_len, "there is no room for another copy");
	return -ENOSPC;
}

/*
 * The repository lies beside the tree, so that nothing in it is git's own; and
 * is told to look at the mount later.
 */
int prepare_git(const struct source *s, char *err, size_t err_len)
{
	uint64_t hole_bytes = s->file_bytes - s->data_bytes;
	const char *const commit[] = {
		"sh", "-c",
		"set -e; git init -q; git config core.compression $1; "
		"git config gc.auto 0; git add -A; "
		"git -c user.name=epochbench -c "
		"user.email=epochbench@localhost "
		"commit -q -m tree",
		"sh",
		/* Holes are zeros to git, and must not fill the memory. */
		hole_bytes ? "1" : "0", NULL
	};
	struct program_env env = { .idle_ns = IDLE_NS, .hang = dont_hang };
	int status;

	if (prepare_data(s, err, err_len))
		return -EFBIG;
	setenv("GIT_DIR", STAGE_GIT, 1);
	setenv("GIT_WORK_TREE", STAGE_TREE, 1);
	setenv("GIT_CONFIG_GLOBAL", "/dev/null", 1);
	setenv("GIT_CONFIG_NOSYSTEM", "1", 1);
	sched_getaffinity(0, sizeof(env.cpus), &env.cpus);
	status = program_run(commit, &env);
	setenv("GIT_WORK_TREE", STAGE_MOUNT, 1);
	setenv("GIT_OPTIONAL_LOCKS", "0", 1);
	if (!status)
		return 0;
	program_tell("git", status, &env, err, err_len);
	return -EIO;
}

int prepare_overlay(const struct source *s, char *err, size_t err_len)
{
	FILE *f;
	int ret = prepare_data(s, err, err_len);

	if (ret)
		return ret;
	f = fopen(PREPARE_FILES, "we");
	for (uint64_t i = 0; f && i < s->file_cnt; i++)
		fprintf(f, "./%s%c", s->file[i], '\0');
	if (f && !fclose(f))
		return 0;
	snprintf(err, err_len, PREPARE_FILES ": %s", strerror(errno));
	return -EIO;
}

int prepare_shell(const struct source *s, char *err, size_t err_len)
{
	char path[PATH_MAX] = STAGE_MOUNT "/";
	size_t top_len = strlen(path);

	(void)err, (void)err_len;
	source_busy_dir(s, path + top_len, sizeof(path) - top_len);
	return setenv("INSIDE", path, 1) ? -ENOMEM : 0;
}

int prepare_restic(const struct source *s, char *err, size_t err_len)
{
	setenv("RESTIC_REPOSITORY", PREPARE_RESTIC, 1);
	setenv("RESTIC_PASSWORD", "epochbench", 1);
	return prepare_copy(s, err, err_len);
}
