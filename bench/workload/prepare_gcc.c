// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "prepare.h"

#define HEADERS STAGE_DIR "/headers.c"

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

int prepare_gcc(const struct source *s, char *err, size_t err_len)
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
	ret = prepare_file(HEADERS, text, err, err_len);
	if (ret)
		return ret;
	ask("gcc -print-file-name=include", own, sizeof(own));
	ask("gcc -print-multiarch", multiarch, sizeof(multiarch));
	snprintf(text, sizeof(text),
		 "-fsyntax-only -D_GNU_SOURCE -nostdinc -isystem %s "
		 "-isystem " STAGE_MOUNT "/%s -isystem " STAGE_MOUNT " " HEADERS
		 "\n",
		 own, multiarch);
	return prepare_file(PREPARE_GCC_OPTIONS, text, err, err_len);
}
