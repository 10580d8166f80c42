// SPDX-License-Identifier: GPL-2.0-only
/*
 * What others do to its port doesn't keep a scrape from being answered at once.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <cmocka.h>

#include "bpf/listen.h"

enum { IDLE_CNT = 64, TIMES = 4, LIMIT_S = 3 };

static struct listener *listener;

static char *render(void *arg, bool openmetrics)
{
	(void)arg;
	return strdup(openmetrics ? "open # EOF\n" : "# EOF\n");
}

/* The port that it listens on, by its URL. */
static in_port_t start(const char *where)
{
	char why[256], *colon;
	int status;

	listener = listen_start(where, render, NULL, &status, why, sizeof(why));
	if (!listener)
		return 0;
	colon = strrchr(listen_url(listener), ':');
	assert_non_null(colon);
	return htons(atoi(colon + 1));
}

static int dial(in_port_t port)
{
	const struct timeval limit = { .tv_sec = LIMIT_S };
	struct sockaddr_in address = { .sin_family = AF_INET,
				       .sin_port = port,
				       .sin_addr.s_addr =
					       htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	assert_int_equal(
		connect(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	return fd;
}

/* Is that connection answered, within the limit? */
static bool answers(int fd)
{
	static const char ask[] = "GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n";
	static const char ok[] = "HTTP/1.1 200 OK";
	char answer[1024] = "";
	size_t len = 0;
	ssize_t got;

	if (send(fd, ask, sizeof(ask) - 1, MSG_NOSIGNAL) < 0)
		return false;
	while (!strstr(answer, "# EOF\n")) {
		got = recv(fd, answer + len, sizeof(answer) - 1 - len, 0);
		if (got <= 0)
			return false;
		len += got;
		answer[len] = 0;
	}
	return !strncmp(answer, ok, sizeof(ok) - 1);
}

static bool is_answered(in_port_t port)
{
	int fd = dial(port);
	bool answered = answers(fd);

	close(fd);
	return answered;
}

static void idle_connections_keep_nobody_out(void **state)
{
	in_port_t port = start("0");
	int idle[TIMES * IDLE_CNT];

	(void)state;
	assert_true(port);
	for (size_t i = 0; i < TIMES * IDLE_CNT; i++) {
		idle[i] = dial(port);
		if (i % IDLE_CNT == IDLE_CNT - 1)
			assert_true(is_answered(port));
	}
	for (size_t i = 0; i < TIMES * IDLE_CNT; i++)
		close(idle[i]);
	assert_true(is_answered(port));
	listen_stop(listener);
}

/* Only the oldest of many is shut down, and none that ended by itself counts. */
static void a_slow_one_is_answered(void **state)
{
	in_port_t port = start("0");
	int slow, idle[IDLE_CNT / 4];

	(void)state;
	for (size_t i = 0; i < IDLE_CNT; i++)
		assert_true(is_answered(port));
	slow = dial(port);
	for (size_t i = 0; i < IDLE_CNT / 4; i++)
		idle[i] = dial(port);
	assert_true(is_answered(port));
	assert_true(answers(slow));
	for (size_t i = 0; i < IDLE_CNT / 4; i++)
		close(idle[i]);
	close(slow);
	listen_stop(listener);
}

/* The other format, unless that is asked for. */
static void openmetrics_for_who_asks(void **state)
{
	/* As Prometheus asks. */
	static const char openmetrics[] =
		"GET /metrics HTTP/1.0\r\nAccept: application/openmetrics-text;"
		"version=1.0.0,text/plain;version=0.0.4;q=0.5\r\n\r\n";
	static const char *const asks[] = {
		"GET /metrics HTTP/1.0\r\n\r\n",
		"GET /metrics HTTP/1.0\r\nAccept: text/html,*/*;q=0.8\r\n\r\n",
		openmetrics,
	};
	in_port_t port = start("0");

	(void)state;
	for (size_t i = 0; i < sizeof(asks) / sizeof(*asks); i++) {
		int fd = dial(port);
		char answer[1024] = "";
		size_t len = 0;
		ssize_t got;

		assert_true(send(fd, asks[i], strlen(asks[i]), 0) > 0);
		while ((got = recv(fd, answer + len, sizeof(answer) - 1 - len,
				   0)) > 0)
			len += got;
		assert_true(
			strstr(answer, i == 2 ? "Content-Type: application/"
						"openmetrics-text; version=1"
					      : "Content-Type: text/plain; "
						"version=0.0.4") != NULL);
		assert_int_equal(strstr(answer, "open # EOF") != NULL, i == 2);
		close(fd);
	}
	listen_stop(listener);
}

static void any_address_is_ipv4_as_well(void **state)
{
	in_port_t port = start("[::]:0");

	(void)state;
	if (!port)
		skip(); /* no IPv6 here */
	assert_true(is_answered(port));
	listen_stop(listener);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(idle_connections_keep_nobody_out),
		cmocka_unit_test(a_slow_one_is_answered),
		cmocka_unit_test(openmetrics_for_who_asks),
		cmocka_unit_test(any_address_is_ipv4_as_well),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
