// SPDX-License-Identifier: GPL-2.0-only
/*
 * workloads.c - the table of workloads, and what each needs beside the tree.
 *
 * The mount is read-only to all of them.  Files of the oracle come and go while
 * they run, so it is no failure if a program complains of a file that has
 * vanished.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "bench/lib/units.h"
#include "programs.h"
#include "wrong.h"

#define GOOD(status) WORKLOAD_GOOD(status)
#define REFERENCE STAGE_DIR "/reference"
#define HEADERS STAGE_DIR "/headers.c"
#define GCC_OPTIONS STAGE_DIR "/gcc.options"
#define PREPARE_IDLE_NS 120000000000ULL
/* To programs they are zeros, of which each pass over the tree reads all. */
#define HOLES_MAX_BYTES 1000000000ULL

static int write_text(const char *path, const char *text, char *err,
		      size_t err_len)
{
	int ret = program_write(path, text);

	if (ret)
		snprintf(err, err_len, "%s: %s", path, strerror(-ret));
	return ret;
}

/* Newer than all: `find -newer` stats each file, and prints none. */
static int prepare_find(const struct source *s, char *err, size_t err_len)
{
	(void)s;
	return write_text(REFERENCE, "", err, err_len);
}

/* What reads each file. */
static int prepare_data(const struct source *s, char *err, size_t err_len)
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
static int prepare_copy(const struct source *s, char *err, size_t err_len)
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
static int prepare_git(const struct source *s, char *err, size_t err_len)
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
	struct program_env env = { .idle_ns = PREPARE_IDLE_NS, .hang = dont_hang };
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

/* What a program printed, without its newline. */
static void ask(const char *command, char *text, size_t len)
{
	FILE *f = popen(command, "re");

	if (!f || !fgets(text, (int)len, f))
		text[0] = '\0';
	text[strcspn(text, "\n")] = '\0';
	if (f)
		pclose(f);
}

/*
 * A file that includes what there is of these, all but the compiler's own from
 * the mount.  More would do, but not all get along with each other.
 */
static const char *const headers[] = {
	"aio.h",
	"argp.h",
	"arpa/inet.h",
	"assert.h",
	"complex.h",
	"cpio.h",
	"ctype.h",
	"dirent.h",
	"dlfcn.h",
	"elf.h",
	"err.h",
	"errno.h",
	"fcntl.h",
	"fenv.h",
	"fmtmsg.h",
	"fnmatch.h",
	"fts.h",
	"ftw.h",
	"getopt.h",
	"glob.h",
	"grp.h",
	"iconv.h",
	"ifaddrs.h",
	"inttypes.h",
	"langinfo.h",
	"libgen.h",
	"limits.h",
	"link.h",
	"linux/bpf.h",
	"linux/fuse.h",
	"linux/perf_event.h",
	"linux/types.h",
	"locale.h",
	"malloc.h",
	"math.h",
	"mntent.h",
	"mqueue.h",
	"net/if.h",
	"netdb.h",
	"netinet/in.h",
	"netinet/tcp.h",
	"obstack.h",
	"poll.h",
	"pthread.h",
	"pwd.h",
	"regex.h",
	"resolv.h",
	"sched.h",
	"search.h",
	"semaphore.h",
	"setjmp.h",
	"signal.h",
	"spawn.h",
	"stdio.h",
	"stdlib.h",
	"string.h",
	"sys/epoll.h",
	"sys/inotify.h",
	"sys/ipc.h",
	"sys/mman.h",
	"sys/mount.h",
	"sys/msg.h",
	"sys/resource.h",
	"sys/select.h",
	"sys/sem.h",
	"sys/shm.h",
	"sys/socket.h",
	"sys/stat.h",
	"sys/statvfs.h",
	"sys/time.h",
	"sys/uio.h",
	"sys/un.h",
	"sys/utsname.h",
	"sys/wait.h",
	"syslog.h",
	"termios.h",
	"tgmath.h",
	"time.h",
	"ucontext.h",
	"unistd.h",
	"utime.h",
	"utmpx.h",
	"wchar.h",
	"wctype.h",
};

static int prepare_gcc(const struct source *s, char *err, size_t err_len)
{
	char own[4096], multiarch[128], text[16384] = "";
	size_t at = 0;
	int ret;

	(void)s;
	if (access(STAGE_TREE "/stdio.h", R_OK)) {
		snprintf(err, err_len,
			 "the tree has no headers of a C library (stdio.h)");
		return -ENOENT;
	}
	for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
		at += (size_t)snprintf(text + at, sizeof(text) - at,
				       "#if __has_include(<%s>)\n"
				       "#include <%s>\n#endif\n",
				       headers[i], headers[i]);
	ret = write_text(HEADERS, text, err, err_len);
	if (ret)
		return ret;
	ask("gcc -print-file-name=include", own, sizeof(own));
	ask("gcc -print-multiarch", multiarch, sizeof(multiarch));
	snprintf(text, sizeof(text),
		 "-fsyntax-only -D_GNU_SOURCE -nostdinc -isystem %s "
		 "-isystem " STAGE_MOUNT "/%s -isystem " STAGE_MOUNT " " HEADERS
		 "\n",
		 own, multiarch);
	return write_text(GCC_OPTIONS, text, err, err_len);
}

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

/* All names; all names and what is in them. */
static const char *const warm_names[] = { "find", STAGE_MOUNT, "-size", "-1c",
					  NULL };
static const char *const warm_data[] = { "sh", "-c", TAR, NULL };
static const char *const warm_git[] = { "sh", "-c", GIT_REFRESH, NULL };
static const char *const warm_dump[] = { "sh", "-c",
					 "rm -f " SNAPSHOT "; " DUMP, NULL };

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
	  .argv = { "find", STAGE_MOUNT, "-newer", REFERENCE },
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
	  .argv = { "gcc", "@" GCC_OPTIONS },
	  .good = GOOD(0),
	  .prepare = prepare_gcc },
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
	snprintf(why, sizeof(why), "there is no %s here (make setup)",
		 w->needs);
	return found ? NULL : why;
}
