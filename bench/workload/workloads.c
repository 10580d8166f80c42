// SPDX-License-Identifier: GPL-2.0-only
/*
 * workloads.c - the table of workloads.
 *
 * The mount is read-only to all of them.  Files of the oracle come and go while
 * they run, so it is no failure if a program complains of a file that has
 * vanished.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "above.h"
#include "bench/fs/nodes.h"
#include "prepare.h"
#include "programs.h"
#include "wrong.h"

#define GOOD(status) WORKLOAD_GOOD(status)
#define TAR "tar -cf - -C " STAGE_MOUNT " . | cat >/dev/null"

/*
 * A dump of what has changed since the last one, beginning with one of all.
 * Each mount has another device number, which is none of its business.
 */
#define SNAPSHOT STAGE_DIR "/snapshot"
#define DUMP                                                            \
	"tar --listed-incremental=" SNAPSHOT " --no-check-device "     \
	"--index-file=" WRONG_DUMPED " -vcf - -C " STAGE_MOUNT " . | " \
	"cat >/dev/null"

/*
 * Whatever numbers files have on this mount, git knows them then, and hasn't
 * to look into files for that alone; nor because they aren't older than its
 * index.
 */
#define GIT_REFRESH                                                    \
	"git update-index -q --refresh; touch -d '+1 minute' " STAGE_GIT \
	"/index; git status --porcelain"

/* Through the overlay, each file; xargs says 123 if some couldn't be read. */
#define SUMS                                                     \
	"cd " STAGE_ABOVE " && { xargs -0 -a " PREPARE_FILES     \
	" md5sum >/dev/null || [ $? = 123 ]; }"

/* Each has to find out by itself where it is. */
#define SHELLS \
	"cd \"$INSIDE\" && unset PWD && for i in {1..25}; do bash -c :; done"

#define BACKUP                                                               \
	"restic backup --no-cache --json --exclude " NODES_WATCHED " " \
	STAGE_MOUNT " >" WRONG_SUMMARY

/* All names; all names and what is in them. */
static const char *const warm_names[] = { "find", STAGE_MOUNT, "-size", "-1c",
					  NULL };
static const char *const warm_data[] = { "sh", "-c", TAR, NULL };
static const char *const warm_git[] = { "sh", "-c", GIT_REFRESH, NULL };
static const char *const warm_dump[] = { "sh", "-c",
					 "rm -f " SNAPSHOT "; " DUMP, NULL };

static const char *const warm_backup[] = {
	"sh", "-c",
	"rm -rf " PREPARE_RESTIC "; restic init --no-cache && " BACKUP, NULL
};

#define FIO                                                                    \
	{                                                                      \
		"fio", "--output-format=json", "--output=" FIO_OUTPUT, FIO_JOB \
	}

const struct workload workloads[] = {
	{ .name = "fio-stat",
	  .help = "fio: lstat of each file, again and again",
	  .op = "stat",
	  .needs = "fio",
	  .argv = FIO,
	  .fio = fio_stat_job,
	  .warm = warm_names,
	  .good = GOOD(0) },
	{ .name = "fio-read",
	  .help = "fio: random reads out of 64 open files",
	  .op = "read",
	  .needs = "fio",
	  .argv = FIO,
	  .fio = fio_read_job,
	  .warm = warm_data,
	  .good = GOOD(0),
	  .prepare = prepare_data },
	{ .name = "fio-mixed",
	  .help = "fio: lstat, and open, read and close, of each file",
	  .op = "stat+read",
	  .needs = "fio",
	  .argv = FIO,
	  .fio = fio_mixed_job,
	  .warm = warm_data,
	  .good = GOOD(0),
	  .prepare = prepare_data },
	{ .name = "find",
	  .help = "find -newer: looks at each name",
	  .op = "run",
	  .needs = "find",
	  .argv = { "find", STAGE_MOUNT, "-newer", PREPARE_REFERENCE },
	  .good = GOOD(0) | GOOD(1),
	  .prepare = prepare_find },
	{ .name = "git-status",
	  .help = "git status, all committed",
	  .op = "run",
	  .needs = "git",
	  .argv = { "git", "status", "--porcelain" },
	  .warm = warm_git,
	  .good = GOOD(0),
	  .prepare = prepare_git,
	  .wrong = "opened by git",
	  .wrong_cnt = wrong_opened_cnt },
	{ .name = "rsync",
	  .help = "rsync -an onto the same tree: compares sizes and times",
	  .op = "run",
	  .needs = "rsync",
	  .argv = { "rsync", "-an", STAGE_MOUNT "/", STAGE_TREE "/" },
	  .good = GOOD(0) | GOOD(23) | GOOD(24) },
	{ .name = "tar",
	  .help = "tar into a pipe: reads each file",
	  .op = "run",
	  .needs = "tar",
	  .argv = { "sh", "-c", TAR },
	  .good = GOOD(0),
	  .prepare = prepare_data },
	{ .name = "tar-dump",
	  .help = "tar --listed-incremental: what changed since the last one",
	  .op = "run",
	  .needs = "tar",
	  .argv = { "sh", "-c", DUMP },
	  .warm = warm_dump,
	  .good = GOOD(0),
	  .prepare = prepare_data,
	  .wrong = "dumped again by tar",
	  .wrong_cnt = wrong_dumped_cnt },
	{ .name = "cp",
	  .help = "cp -a over the last copy: copies each file",
	  .op = "run",
	  .needs = "cp",
	  .argv = { "cp", "-a", "-T", STAGE_MOUNT, STAGE_DIR "/copy" },
	  .good = GOOD(0) | GOOD(1),
	  .prepare = prepare_copy,
	  .wrong = "skipped by cp",
	  .wrong_cnt = wrong_skipped_cnt },
	{ .name = "gcc",
	  .help = "gcc -fsyntax-only of a file that includes some 80 headers",
	  .op = "run",
	  .needs = "gcc",
	  .argv = { "gcc", "@" PREPARE_GCC_OPTIONS },
	  .good = GOOD(0),
	  .prepare = prepare_gcc },
	{ .name = "restic",
	  .help = "restic backup: reads what changed since the last one",
	  .op = "run",
	  .needs = "restic",
	  .argv = { "sh", "-c", BACKUP },
	  .warm = warm_backup,
	  .good = GOOD(0) | GOOD(3),
	  .prepare = prepare_restic,
	  .wrong = "read again by restic",
	  .wrong_cnt = wrong_reread_cnt },
	{ .name = "overlay",
	  .help = "md5sum of each file, through an overlayfs above the mount",
	  .op = "run",
	  .needs = "xargs",
	  .argv = { "sh", "-c", SUMS },
	  .good = GOOD(0),
	  .prepare = prepare_overlay,
	  .setting = WORKLOAD_OVERLAY,
	  .wrong = "unreadable through the overlay",
	  .wrong_cnt = wrong_unreadable_cnt },
	{ .name = "shell",
	  .help = "25 shells, one by one, in a working directory of the tree",
	  .op = "run",
	  .needs = "bash",
	  .argv = { "bash", "-c", SHELLS },
	  .warm = warm_names,
	  .good = GOOD(0),
	  .prepare = prepare_shell,
	  .setting = WORKLOAD_INSIDE,
	  .wrong = "nameless to a shell that starts there",
	  .wrong_cnt = wrong_nameless_cnt },
};
const unsigned int workload_cnt = sizeof(workloads) / sizeof(workloads[0]);

const struct workload workload_walk = { .name = "walk",
					.op = "stat",
					.needs = "find",
					.warm = warm_names,
					.good = GOOD(0) };

const char *workload_name(size_t i)
{
	return i < workload_cnt ? workloads[i].name : NULL;
}

const char *workload_missing(const struct workload *w)
{
	static char why[120];
	const char *path = getenv("PATH");
	char *copy = strdup(path ? path : "/usr/bin:/bin"), *save = NULL;
	bool found = false;

	for (char *dir = copy ? strtok_r(copy, ":", &save) : NULL;
	     dir && !found; dir = strtok_r(NULL, ":", &save)) {
		char file[4096];

		snprintf(file, sizeof(file), "%s/%s", dir, w->needs);
		found = !access(file, X_OK);
	}
	free(copy);
	snprintf(why, sizeof(why), "there is no %s here",
		 w->needs);
	return found ? NULL : why;
}
