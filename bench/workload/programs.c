// SPDX-License-Identifier: GPL-2.0-only
/*
 * programs.c - running a workload.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/host/cpu_time.h"
#include "bench/lib/clock.h"
#include "bench/lib/pulse.h"
#include "bench/lib/text.h"
#include "programs.h"

/* Between two looks at whether it still makes progress. */
enum { LOOK_MS = 100 };

static void __attribute__((noreturn))
be_program(const char *const *argv, const struct program_env *env)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	int log = open(PROGRAM_STDERR, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC,
		       0644);

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(null, STDIN_FILENO);
	dup2(null, STDOUT_FILENO);
	dup2(log, STDERR_FILENO);
	sched_setaffinity(0, sizeof(env->cpus), &env->cpus);
	if (env->fs) {
		env->fs->program_open_cnt = 0;
		env->fs->program_pid = getpid();
	}
	execvp(argv[0], (char *const *)argv);
	_exit(127);
}

void programs_clean_env(void)
{
	char *path = strdup(getenv("PATH") ?: "/usr/local/bin:/usr/bin:/bin");

	clearenv();
	setenv("PATH", path ?: "/usr/bin:/bin", 1);
	setenv("HOME", "/tmp", 1); /* the one of our namespace */
	setenv("LC_ALL", "C", 1);
	umask(022);
	free(path);
}

/* Its end, -ETIME, or -ENOTCONN. */
static int await(pid_t pid, const struct program_env *env)
{
	struct pollfd pfd[] = {
		{ .fd = pidfd_open(pid, 0), .events = POLLIN },
		{ .fd = env->daemon ? pidfd_open(env->daemon, 0) : -1,
		  .events = POLLIN },
	};
	struct pulse pulse = { .idle_ns = env->idle_ns };
	int status = -ETIME, ready = 0;

	while (ready <= 0 &&
	       pulse_beats(&pulse, cpu_time_of_tree(pid), clock_monotonic_ns()))
		ready = poll(pfd, 2, LOOK_MS);
	if (ready > 0 && pfd[1].revents)
		status = -ENOTCONN;
	else if (ready > 0)
		waitpid(pid, &status, 0);
	close(pfd[0].fd);
	if (pfd[1].fd >= 0)
		close(pfd[1].fd);
	return status;
}

int program_run(const char *const *argv, const struct program_env *env)
{
	pid_t pid = fork();
	int status;

	if (!pid)
		be_program(argv, env);
	if (pid < 0)
		return -errno;
	status = await(pid, env);
	if (status >= 0)
		return status;
	env->hang();
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	return status;
}

static bool is_remark(const char *line)
{
	return !strncmp(line, "warning:", 8) || !strncmp(line, "hint:", 5);
}

/* The first line that it said on stderr, but for warnings; "": none. */
static void read_words(char *line, size_t len)
{
	FILE *f = fopen(PROGRAM_STDERR, "re");
	bool more = f;

	while ((more = more && fgets(line, (int)len, f)) && is_remark(line))
		;
	if (!more)
		line[0] = '\0';
	if (f)
		fclose(f);
	line[strcspn(line, "\n")] = '\0';
}

void program_tell(const char *name, int status, const struct program_env *env,
		  char *text, size_t len)
{
	char line[PROGRAM_TEXT_BYTES];

	if (status == -ETIME) {
		snprintf(text, len,
			 "%s hung: aborted when it had stood still for %llu s",
			 name, (unsigned long long)(env->idle_ns / 1000000000));
	} else if (status == -ENOTCONN) {
		snprintf(text, len, "the file system's daemon went away");
	} else if (status < 0) {
		snprintf(text, len, "%s can't be started: %s", name,
			 strerror(-status));
	} else if (WIFSIGNALED(status)) {
		snprintf(text, len, "%s was killed by signal %d", name,
			 WTERMSIG(status));
	} else {
		read_words(line, sizeof(line));
		snprintf(text, len, "%s ended with status %d%s", name,
			 WEXITSTATUS(status), *line ? ": " : "");
		text_append(text, len, line);
	}
}

static bool is_good(const struct workload *w, int status)
{
	return status >= 0 && WIFEXITED(status) && WEXITSTATUS(status) < 64 &&
	       (w->good & WORKLOAD_GOOD(WEXITSTATUS(status)));
}

int workload_warm_up(const struct workload *w, const struct program_env *env,
		     struct workload_result *res)
{
	int status = program_run(w->warm ? w->warm : w->argv, env);

	if (is_good(w, status))
		return 0;
	program_tell(w->name, status, env, res->failure, sizeof(res->failure));
	return -EIO;
}

static int run_program(const struct workload *w, uint64_t run_ns,
		       const struct program_env *env,
		       struct workload_result *res)
{
	uint64_t begin_ns = clock_monotonic_ns(), at_ns = begin_ns;
	struct histogram *took = calloc(1, sizeof(*took));
	int ret = took ? 0 : -ENOMEM;

	while (!ret) {
		int status = program_run(w->argv, env);
		uint64_t now_ns = clock_monotonic_ns();

		if (!is_good(w, status)) {
			program_tell(w->name, status, env, res->failure,
				     sizeof(res->failure));
			ret = -EIO;
			break;
		}
		histogram_add(took, now_ns - at_ns);
		if (w->wrong)
			res->wrong_cnt += w->wrong_cnt(env->fs);
		at_ns = now_ns;
		if (at_ns - begin_ns >= run_ns)
			break;
	}
	res->wall_ns = at_ns - begin_ns;
	if (took) {
		res->op_cnt = took->cnt;
		res->p50_ns = histogram_quantile_ns(took, 0.5);
		res->p99_ns = histogram_quantile_ns(took, 0.99);
		res->p999_ns = histogram_quantile_ns(took, 0.999);
		res->max_ns = took->max_ns;
	}
	free(took);
	return ret;
}

int program_write(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	int ret = 0;

	if (!f)
		return -errno;
	if (fputs(text, f) == EOF)
		ret = -EIO;
	return fclose(f) ? -EIO : ret;
}

static int run_fio(const struct workload *w, uint64_t run_ns,
		   const struct program_env *env, struct workload_result *res)
{
	char *text = NULL, run_ms[24];
	size_t cap = 0;
	int ret, status;
	FILE *f;

	snprintf(run_ms, sizeof(run_ms), "%llu",
		 (unsigned long long)(run_ns ? run_ns / 1000000 : 1));
	setenv("RUN_MS", run_ms, 1);
	setenv("TREE", STAGE_MOUNT, 1);
	ret = program_write(FIO_JOB, w->fio);
	if (ret)
		return ret;
	status = program_run(w->argv, env);
	if (!is_good(w, status)) {
		program_tell(w->name, status, env, res->failure,
			     sizeof(res->failure));
		return -EIO;
	}
	f = fopen(FIO_OUTPUT, "re");
	if (!f || getdelim(&text, &cap, '\0', f) < 0)
		ret = -EIO;
	else
		ret = fio_parse(text, res);
	if (f)
		fclose(f);
	free(text);
	return ret;
}

int workload_run(const struct workload *w, uint64_t run_ns,
		 const struct program_env *env, struct workload_result *res)
{
	memset(res, 0, sizeof(*res));
	return w->fio ? run_fio(w, run_ns, env, res)
		      : run_program(w, run_ns, env, res);
}
