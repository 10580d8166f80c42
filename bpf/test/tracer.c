// SPDX-License-Identifier: GPL-2.0-only
#include "tracer.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"

enum { MAX_ARGS = 16 };

static pid_t pid;
static int out_fd, err_fd;
static FILE *out_stream, *err_stream;
static char *out_text, *err_text;
static size_t out_len, err_len, lines_len;
static json_t *lines;

static void fatal(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Take over what there is to read; false at the end of both. */
static bool drain(int timeout_ms)
{
	struct pollfd fds[2] = { { .fd = out_fd, .events = POLLIN },
				 { .fd = err_fd, .events = POLLIN } };
	char buffer[65536];
	bool open = false;
	ssize_t got;

	poll(fds, 2, timeout_ms);
	for (int i = 0; i < 2; i++) {
		if (fds[i].fd < 0)
			continue;
		open = true;
		if (!fds[i].revents)
			continue;
		got = read(fds[i].fd, buffer, sizeof(buffer));
		if (got <= 0) {
			close(fds[i].fd);
			*(i ? &err_fd : &out_fd) = -1;
			continue;
		}
		fwrite(buffer, 1, got, i ? err_stream : out_stream);
		fflush(i ? err_stream : out_stream);
	}
	return open;
}

/* Start afresh with empty texts. */
static void forget_texts(void)
{
	if (out_stream)
		fclose(out_stream);
	if (err_stream)
		fclose(err_stream);
	free(out_text);
	free(err_text);
	json_decref(lines);
	lines = NULL;
	out_stream = open_memstream(&out_text, &out_len);
	err_stream = open_memstream(&err_text, &err_len);
	fflush(out_stream); /* then there are texts, empty ones */
	fflush(err_stream);
}

static bool is_ready(void)
{
	drain(10);
	if (out_fd < 0 && err_fd < 0) {
		printf("Bail out! the tracer ended: %s\n", err_text);
		exit(1);
	}
	return strstr(err_text, "tracing FUSE");
}

pid_t tracer_start(const char *tool, ...)
{
	const char *build = getenv("EPOCH_BUILD");
	const char *args[MAX_ARGS];
	int out[2], err[2], cnt = 0;
	char path[512];
	va_list list;

	snprintf(path, sizeof(path), "%s/%s", build ?: "build", tool);
	if (access(path, X_OK))
		ktap_skip_all("the tracer isn't here: run make");
	args[cnt++] = path;
	va_start(list, tool);
	while (cnt < MAX_ARGS && (args[cnt] = va_arg(list, char *)))
		cnt++;
	va_end(list);
	forget_texts();
	if (pipe2(out, O_CLOEXEC) || pipe2(err, O_CLOEXEC))
		fatal("pipe");
	pid = fork();
	if (pid < 0)
		fatal("fork");
	if (!pid) {
		dup2(out[1], STDOUT_FILENO);
		dup2(err[1], STDERR_FILENO);
		execv(path, (char **)args);
		_exit(127);
	}
	close(out[1]);
	close(err[1]);
	out_fd = out[0];
	err_fd = err[0];
	/* Loading takes what it takes; who runs this ends what hangs. */
	while (!is_ready())
		;
	return pid;
}

int tracer_stop(void)
{
	int status = 0;

	kill(pid, SIGINT);
	if (!poll_until(!drain(10), PATIENCE_MS)) {
		kill(pid, SIGKILL);
		puts("# the tracer had to be killed");
	}
	waitpid(pid, &status, 0);
	return status;
}

json_t *tracer_lines(void)
{
	char *copy, *save = NULL, *line;

	if (lines && lines_len == out_len)
		return lines;
	copy = strdup(out_text);
	lines_len = out_len;
	json_decref(lines);
	lines = json_array();
	for (line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		json_error_t error;
		json_t *value = json_loads(line, 0, &error);

		if (value)
			json_array_append_new(lines, value);
		else
			printf("# no JSON: %s: %s\n", error.text, line);
	}
	free(copy);
	return lines;
}

pid_t tracer_leave(void)
{
	close(out_fd);
	out_fd = -1;
	return pid;
}

void tracer_read(void)
{
	drain(10);
}

const char *tracer_said(void)
{
	return err_text;
}

/* "a.b": the member b of the member a. */
static json_t *member(json_t *value, const char *field)
{
	char name[64];
	size_t len;

	for (;;) {
		len = strcspn(field, ".");
		snprintf(name, sizeof(name), "%.*s", (int)len, field);
		value = json_object_get(value, name);
		if (!field[len])
			return value;
		field += len + 1;
	}
}

static bool is_of(json_t *line, const char *mount)
{
	const char *path = json_string_value(json_object_get(line, "mount"));

	return path && !strcmp(path, mount);
}

uint64_t tracer_sum_of(const char *mount, const char *field)
{
	uint64_t sum = 0;
	bool any = false;
	json_t *line;
	size_t i;

	json_array_foreach (tracer_lines(), i, line) {
		json_t *value = member(line, field);

		if (!is_of(line, mount) || !json_is_integer(value))
			continue;
		any = true;
		sum += json_integer_value(value);
	}
	return any ? sum : ~0ull;
}

/* The path of the server's mount, without a slash at its end. */
static const char *server_mount(void)
{
	static char path[256];

	snprintf(path, sizeof(path), "%s", server_path(""));
	path[strlen(path) - 1] = 0;
	return path;
}

/* Lines of the server's mount so far. */
static unsigned int mount_lines(void)
{
	unsigned int count = 0;
	json_t *line;
	size_t i;

	drain(10);
	json_array_foreach (tracer_lines(), i, line)
		count += is_of(line, server_mount());
	return count;
}

void tracer_settle(void)
{
	unsigned int before = mount_lines();

	/* The next may have been read before, the one after it wasn't. */
	if (!poll_until(mount_lines() >= before + 2, PATIENCE_MS))
		puts("# the tracer shows no more of this mount");
}

uint64_t tracer_sum(const char *field)
{
	return tracer_sum_of(server_mount(), field);
}

uint64_t tracer_last(const char *field)
{
	uint64_t last = ~0ull;
	json_t *line;
	size_t i;

	json_array_foreach (tracer_lines(), i, line) {
		json_t *value = member(line, field);

		if (is_of(line, server_mount()) && json_is_integer(value))
			last = json_integer_value(value);
	}
	return last;
}
