// SPDX-License-Identifier: GPL-2.0-only
/*
 * epochstat --listen serves what was counted as OpenMetrics, on loopback.
 *
 * only: v8
 * program: epochstat
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "tracer.h"

static char answer[1 << 20];

/* The port that it listens on, from what it said; 0: not yet. */
static unsigned int port(void)
{
	const char *url;
	unsigned int number;

	tracer_read();
	url = strstr(tracer_said(), "http://127.0.0.1:");
	return url && sscanf(url, "http://127.0.0.1:%u/metrics", &number) == 1
		       ? number
		       : 0;
}

static bool ask(const char *request)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(port()),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t have = 0;
	ssize_t got;

	if (connect(fd, (struct sockaddr *)&address, sizeof(address)) ||
	    write(fd, request, strlen(request)) != (ssize_t)strlen(request)) {
		close(fd);
		return false;
	}
	while ((got = read(fd, answer + have, sizeof(answer) - 1 - have)) > 0)
		have += got;
	answer[have] = 0;
	close(fd);
	return have;
}

/* The value of this family for the server's mount, with one more label. */
static uint64_t value(const char *family, const char *label)
{
	char mount[300], *line, *save = NULL;
	char *copy = strdup(answer);
	uint64_t found = ~0ull;

	snprintf(mount, sizeof(mount), "mount=\"%s", server_path(""));
	mount[strlen(mount) - 1] = '"';
	for (line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, family, strlen(family)) &&
		    line[strlen(family)] == '{' && strstr(line, mount) &&
		    strstr(line, label))
			found = strtoull(strrchr(line, ' ') + 1, NULL, 10);
	}
	free(copy);
	return found;
}

/* Is anything of that port listening beyond loopback? */
static bool is_on_loopback_only(void)
{
	FILE *file = fopen("/proc/net/tcp", "r");
	unsigned int address, number, seen = 0, wrong = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %*d: %x:%x", &address, &number) != 2 ||
		    number != port())
			continue;
		seen++;
		wrong += address != htonl(INADDR_LOOPBACK);
	}
	if (file)
		fclose(file);
	return seen && !wrong;
}

int main(void)
{
	bool epochs;

	ktap_begin();
	server_start();
	tree_add(ROOT, "file", S_IFREG | 0644);
	epochs = server_bump() == 0;
	tracer_start("epochstat", "--listen", "0", NULL);
	ktap_ok(poll_until(port(), PATIENCE_MS), "it says where it listens");
	ktap_ok(is_on_loopback_only(), "on loopback only");
	for (int i = 0; i < 24; i++)
		lookups_of("file");
	server_bump();

	ktap_ok(ask("GET /metrics HTTP/1.0\r\n\r\n") &&
			strstr(answer, " 200 ") &&
			strstr(answer, "application/openmetrics-text"),
		"metrics are answered");
	ktap_is(value("fuse_dentry_revalidations_total", "outcome=\"fresh\""),
		23, "fresh");
	ktap_is(value("fuse_lookups_total", ""), 1, "LOOKUPs");
	ktap_is(value("fuse_notifications_total", "kind=\"inc_epoch\""), epochs,
		"bumps");
	if (epochs)
		ktap_is(value("fuse_epoch", ""), 3, "the epoch");
	ktap_ok(strlen(answer) > 6 &&
			!strcmp(answer + strlen(answer) - 6, "# EOF\n"),
		"it is complete");
	ktap_ok(ask("GET / HTTP/1.0\r\n\r\n") && strstr(answer, " 404 "),
		"nothing else is there");
	ktap_ok(ask("POST /metrics HTTP/1.0\r\nContent-Length: 0\r\n\r\n") &&
			strstr(answer, " 405 "),
		"nothing can be sent");
	ktap_ok(ask("GET /metrics HTTP/1.0\r\n\r\n") && strstr(answer, " 200 "),
		"and it still answers");
	ktap_ok(tracer_stop() == 0, "Ctrl-C ends it with status 0");
	server_stop();
	return ktap_end();
}
