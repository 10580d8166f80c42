// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whatever is sent to `epochstat --listen`, and how that is called.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include "bpf/listen.h"
#include "fuzz.h"

static char *render(void *arg, bool openmetrics)
{
	(void)arg;
	(void)openmetrics;
	return strdup("# EOF\n");
}

/* A port of ours, for all inputs. */
static in_port_t port(void)
{
	static struct listener *listener;
	static unsigned int number;
	char why[128];
	int status;

	if (listener)
		return htons((in_port_t)number);
	listener = listen_start("127.0.0.1:0", render, NULL, &status, why,
				sizeof(why));
	if (!listener ||
	    sscanf(listen_url(listener), "http://127.0.0.1:%u/", &number) != 1)
		abort();
	return htons((in_port_t)number);
}

/* Nobody is left waiting: after the request, or its half, it answers or closes. */
static void request(const uint8_t *data, size_t size)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
				  .sin_port = port(),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	const struct timeval limit = { .tv_sec = 8 };
	const struct linger reset = { .l_onoff = 1 };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char answer[4096];
	ssize_t got;

	if (fd < 0)
		abort();
	while (connect(fd, (struct sockaddr *)&to, sizeof(to))) {
		/* All ports are in TIME_WAIT: of those that were closed by it first. */
		if (errno != EADDRNOTAVAIL && errno != EINTR) {
			perror("connect");
			abort();
		}
		poll(NULL, 0, 10);
	}
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	/* Or all ports would soon be in TIME_WAIT. */
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
	if (send(fd, data, size, MSG_NOSIGNAL) >= 0)
		shutdown(fd, SHUT_WR);
	got = recv(fd, answer, sizeof(answer), 0);
	if (got > 0 && (got < 7 || memcmp(answer, "HTTP/1.", 7)))
		abort();
	close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *where = strndup((const char *)data, size), why[256] = "";

	if (where && listen_check(where, why, sizeof(why)) && !*why)
		abort();
	free(where);
	request(data, size);
	return 0;
}
