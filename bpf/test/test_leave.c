// SPDX-License-Identifier: GPL-2.0-only
/*
 * A tool ends with who reads it and with the process that it is about, and
 * skips the intervals in which it was stopped.
 *
 * only: v8
 * program: epochstat
 * program: epochsnoop
 */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

/* How it ended, as wait() says; or it was killed, and that is a failure. */
static int end_of(pid_t pid, const char *what)
{
	int status = -1;

	if (!ktap_ok(poll_until(waitpid(pid, &status, WNOHANG) == pid,
				PATIENCE_MS),
		     "%s: it ends by itself", what)) {
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
	}
	tracer_read();
	return status;
}

/* Nothing happens, so there is nothing to be printed. */
static void ends_with_its_reader(const char *tool, const char *arg)
{
	int status;

	tracer_start(tool, "-j", arg, NULL);
	status = end_of(tracer_leave(), tool);
	ktap_ok(WIFEXITED(status) && WEXITSTATUS(status) == 1,
		"%s: with a failure", tool);
	ktap_ok(strstr(tracer_said(), "Broken pipe"), "%s: it says so", tool);
}

static void ends_with_the_process(void)
{
	pid_t child = fork(), pid;
	char text[16];
	int status;

	if (!child)
		for (;;)
			pause();
	snprintf(text, sizeof(text), "%d", child);
	pid = tracer_start("epochstat", "-j", "-p", text, "3600", NULL);
	ktap_control(waitpid(pid, NULL, WNOHANG) == 0, "it runs");
	kill(child, SIGKILL);
	status = end_of(pid, "-p");
	ktap_ok(status == 0, "-p: with status 0");
	waitpid(child, NULL, 0);
}

static double now_s(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec + now.tv_nsec / 1e9;
}

/* Stopped for so many intervals, it must lack about as many lines. */
static void skips_what_it_missed(void)
{
	enum { STOPPED = 12, MORE = 6, SPARE = 3 };
	const double interval_s = 0.5;
	pid_t pid = tracer_start("epochstat", "-a", "-j", "0.5", NULL);
	double began_s = now_s(), stopped_s;
	size_t before, lines;

	poll_until((tracer_read(), json_array_size(tracer_lines())),
		   PATIENCE_MS);
	kill(pid, SIGSTOP);
	poll_until(is_in_state(pid, "T"), PATIENCE_MS);
	stopped_s = now_s();
	while (now_s() < stopped_s + STOPPED * interval_s)
		usleep(10000);
	tracer_read();
	before = json_array_size(tracer_lines());
	kill(pid, SIGCONT);
	poll_until((tracer_read(),
		    json_array_size(tracer_lines()) >= before + MORE),
		   PATIENCE_MS);
	tracer_stop();
	lines = json_array_size(tracer_lines());
	ktap_ok(lines >= before + MORE, "it goes on");
	ktap_ok(lines <= (now_s() - began_s) / interval_s - STOPPED + SPARE,
		"lines in %.1f s: %zu", now_s() - began_s, lines);
}

int main(void)
{
	ktap_begin();
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	lookups_of("file");
	ends_with_its_reader("epochstat", "3600");
	ends_with_its_reader("epochsnoop", NULL);
	ends_with_the_process();
	skips_what_it_missed();
	server_stop();
	return ktap_end();
}
