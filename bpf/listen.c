// SPDX-License-Identifier: GPL-2.0-only
#include "listen.h"
#include "bench/lib/sizes.h"
#include "bench/lib/status.h"
#include "bench/lib/text.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <microhttpd.h>

#define OPENMETRICS "application/openmetrics-text"
#define OPENMETRICS_TYPE OPENMETRICS "; version=1.0.0; charset=utf-8"
#define TEXT_TYPE "text/plain; version=0.0.4; charset=utf-8"

/*
 * Only so many connections are kept, the newest: else idle ones could keep all
 * others out for as long as they may be idle.  Many, since all that come while
 * one is answered are taken before the next is read.
 */
enum { KEPT_MAX = 128, OPEN_MAX = 2 * KEPT_MAX, IDLE_MAX_S = 10 };

struct listener {
	struct MHD_Daemon *daemon;
	/* As they came; those that were shut down are still open for a moment. */
	int open[OPEN_MAX];
	size_t open_cnt;
	listen_render *render;
	void *arg;
	char url[128];
};

union address {
	struct sockaddr any;
	struct sockaddr_in v4;
	struct sockaddr_in6 v6;
};

static bool parse_port(const char *text, in_port_t *port)
{
	uint64_t value;

	if (whole_parse(text, 0, UINT16_MAX, &value))
		return false;
	*port = htons((uint16_t)value);
	return true;
}

static bool parse_address(const char *where, union address *a)
{
	const char *colon = strrchr(where, ':');
	size_t len = colon ? colon - where : 0;
	char host[64];

	memset(a, 0, sizeof(*a));
	if (len >= sizeof(host))
		return false;
	memcpy(host, where, len);
	host[len] = 0;
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') {
		host[len - 1] = 0;
		a->v6.sin6_family = AF_INET6;
		return inet_pton(AF_INET6, host + 1, &a->v6.sin6_addr) == 1 &&
		       parse_port(colon + 1, &a->v6.sin6_port);
	}
	a->v4.sin_family = AF_INET;
	a->v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (len && strcmp(host, "localhost") &&
	    inet_pton(AF_INET, host, &a->v4.sin_addr) != 1)
		return false;
	return parse_port(colon ? colon + 1 : where, &a->v4.sin_port);
}

/* All of them: IPv6, and IPv4 as well. */
static bool is_any(const union address *a)
{
	return !memcmp(&a->v6.sin6_addr, &in6addr_any, sizeof(in6addr_any));
}

int listen_check(const char *where, char *why, size_t len)
{
	union address a;

	if (parse_address(where, &a))
		return 0;
	snprintf(why, len,
		 "'%s' is no ADDR:PORT (127.0.0.1:9810, [::1]:9810, or just a "
		 "port)",
		 where);
	text_tame(why);
	return -1;
}

static enum MHD_Result reply(struct MHD_Connection *connection,
			     unsigned int status, char *text,
			     enum MHD_ResponseMemoryMode mode, const char *type)
{
	struct MHD_Response *response;
	enum MHD_Result result;

	response = MHD_create_response_from_buffer(strlen(text), text, mode);
	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	result = MHD_queue_response(connection, status, response);
	MHD_destroy_response(response);
	return result;
}

/* Prometheus does; by its order of preference, where it takes both. */
static bool wants_openmetrics(struct MHD_Connection *connection)
{
	const char *accept = MHD_lookup_connection_value(
		connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);

	return accept && strstr(accept, OPENMETRICS);
}

static enum MHD_Result answer(void *arg, struct MHD_Connection *connection,
			      const char *url, const char *method,
			      const char *version, const char *data,
			      size_t *data_bytes, void **state)
{
	static char not_found[] = "Only /metrics is here.\n";
	static char not_allowed[] = "Only GET is answered.\n";
	static char failed[] = "The counters can't be read.\n";
	struct listener *l = arg;
	bool openmetrics;
	char *text;

	(void)version;
	(void)data;
	(void)state;
	*data_bytes = 0;
	if (strcmp(method, "GET") && strcmp(method, "HEAD"))
		return reply(connection, MHD_HTTP_METHOD_NOT_ALLOWED,
			     not_allowed, MHD_RESPMEM_PERSISTENT, "text/plain");
	if (strcmp(url, "/metrics"))
		return reply(connection, MHD_HTTP_NOT_FOUND, not_found,
			     MHD_RESPMEM_PERSISTENT, "text/plain");
	openmetrics = wants_openmetrics(connection);
	text = l->render(l->arg, openmetrics);
	if (!text)
		return reply(connection, MHD_HTTP_INTERNAL_SERVER_ERROR, failed,
			     MHD_RESPMEM_PERSISTENT, "text/plain");
	return reply(connection, MHD_HTTP_OK, text, MHD_RESPMEM_MUST_FREE,
		     openmetrics ? OPENMETRICS_TYPE : TEXT_TYPE);
}

static int socket_of(struct MHD_Connection *connection)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(
		connection, MHD_CONNECTION_INFO_CONNECTION_FD);

	return info ? info->connect_fd : -1;
}

static void forget(struct listener *l, int fd)
{
	size_t kept = 0;

	for (size_t i = 0; i < l->open_cnt; i++)
		if (l->open[i] != fd)
			l->open[kept++] = l->open[i];
	l->open_cnt = kept;
}

/* By the one thread that answers, between two answers. */
static void note(void *arg, struct MHD_Connection *connection, void **context,
		 enum MHD_ConnectionNotificationCode code)
{
	struct listener *l = arg;

	if (code == MHD_CONNECTION_NOTIFY_CLOSED) {
		forget(l, (intptr_t)*context);
		return;
	}
	*context = (void *)(intptr_t)socket_of(connection);
	if (l->open_cnt == OPEN_MAX)
		return;
	/* What is shut down ends as if the other side had ended it. */
	if (l->open_cnt >= KEPT_MAX)
		shutdown(l->open[l->open_cnt - KEPT_MAX], SHUT_RDWR);
	l->open[l->open_cnt++] = (intptr_t)*context;
}

static void set_url(struct listener *l, const union address *a)
{
	const union MHD_DaemonInfo *info;
	char host[INET6_ADDRSTRLEN] = "?";
	bool v6 = a->any.sa_family == AF_INET6;

	info = MHD_get_daemon_info(l->daemon, MHD_DAEMON_INFO_BIND_PORT);
	inet_ntop(a->any.sa_family,
		  v6 ? (const void *)&a->v6.sin6_addr : &a->v4.sin_addr, host,
		  sizeof(host));
	snprintf(l->url, sizeof(l->url), "http://%s%s%s:%u/metrics",
		 v6 ? "[" : "", host, v6 ? "]" : "", info ? info->port : 0);
}

struct listener *listen_start(const char *where, listen_render *render,
			      void *arg, int *status, char *why, size_t len)
{
	unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD;
	struct listener *l;
	union address a;

	*status = STATUS_USAGE;
	if (listen_check(where, why, len) || !parse_address(where, &a))
		return NULL;
	*status = STATUS_FAILED;
	l = calloc(1, sizeof(*l));
	if (!l) {
		snprintf(why, len, "no memory");
		return NULL;
	}
	l->render = render;
	l->arg = arg;
	if (a.any.sa_family == AF_INET6)
		flags |= is_any(&a) ? MHD_USE_DUAL_STACK : MHD_USE_IPv6;
	errno = 0;
	l->daemon = MHD_start_daemon(
		flags, 0, NULL, NULL, answer, l, MHD_OPTION_SOCK_ADDR, &a.any,
		MHD_OPTION_CONNECTION_LIMIT, (unsigned int)OPEN_MAX,
		MHD_OPTION_CONNECTION_TIMEOUT, (unsigned int)IDLE_MAX_S,
		MHD_OPTION_NOTIFY_CONNECTION, note, l, MHD_OPTION_END);
	if (!l->daemon) {
		snprintf(why, len, "can't listen on %s: %s", where,
			 errno ? strerror(errno) : "unknown reason");
		free(l);
		return NULL;
	}
	set_url(l, &a);
	return l;
}

void listen_stop(struct listener *l)
{
	if (!l)
		return;
	MHD_stop_daemon(l->daemon);
	free(l);
}

const char *listen_url(const struct listener *l)
{
	return l->url;
}
