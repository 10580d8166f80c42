// SPDX-License-Identifier: GPL-2.0-only
#include "metrics.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "kernel/testfs/server.h"
#include "tracer.h"

static char answer[4 << 20];

unsigned int metrics_port(void)
{
	const char *url;
	unsigned int number;

	tracer_read();
	url = strstr(tracer_said(), "http://127.0.0.1:");
	return url && sscanf(url, "http://127.0.0.1:%u/metrics", &number) == 1
		       ? number
		       : 0;
}

bool metrics_ask(const char *request)
{
	struct sockaddr_in address = {
		.sin_family = AF_INET,
		.sin_port = htons(metrics_port()),
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

bool metrics_scrape(void)
{
	return metrics_ask("GET /metrics HTTP/1.0\r\n\r\n") &&
	       strstr(answer, " 200 ");
}

const char *metrics_text(void)
{
	return answer;
}

double metrics_value_of(const char *mount, const char *series,
			const char *label)
{
	char place[300], *line, *save = NULL;
	char *copy = strdup(answer);
	double found = -1;

	snprintf(place, sizeof(place), "mountpoint=\"%s\"", mount);
	for (line = strtok_r(copy, "\n", &save); line;
	     line = strtok_r(NULL, "\n", &save)) {
		if (!strncmp(line, series, strlen(series)) &&
		    line[strlen(series)] == '{' && strstr(line, place) &&
		    strstr(line, label))
			found = strtod(strrchr(line, ' ') + 1, NULL);
	}
	free(copy);
	return found;
}

double metrics_value(const char *series, const char *label)
{
	char mount[256];

	snprintf(mount, sizeof(mount), "%s", server_path(""));
	mount[strlen(mount) - 1] = 0;
	return metrics_value_of(mount, series, label);
}
