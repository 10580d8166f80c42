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
#include <sys/stat.h>
#include <unistd.h>

#include "kernel/testfs/client.h"
#include "kernel/testfs/ktap.h"
#include "kernel/testfs/server.h"
#include "metrics.h"
#include "tracer.h"

/* Is anything of that port listening beyond loopback? */
static bool is_on_loopback_only(void)
{
	FILE *file = fopen("/proc/net/tcp", "r");
	unsigned int address, number, seen = 0, wrong = 0;
	char line[256];

	while (file && fgets(line, sizeof(line), file)) {
		if (sscanf(line, " %*d: %x:%x", &address, &number) != 2 ||
		    number != metrics_port())
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
	ktap_ok(poll_until(metrics_port(), PATIENCE_MS),
		"it says where it listens");
	ktap_ok(is_on_loopback_only(), "on loopback only");
	for (int i = 0; i < 24; i++)
		lookups_of("file");
	server_bump();

	ktap_ok(metrics_scrape() && strstr(metrics_text(), "text/plain"),
		"metrics are answered");
	ktap_is(metrics_value("fuse_dentry_revalidations_total",
			      "outcome=\"fresh\""),
		23, "fresh");
	ktap_is(metrics_value("fuse_lookups_total", ""), 1, "LOOKUPs");
	ktap_is(metrics_value("fuse_notifications_total", "kind=\"inc_epoch\""),
		epochs, "bumps");
	if (epochs)
		ktap_is(metrics_value("fuse_epoch", ""), 3, "the epoch");
	ktap_ok(metrics_ask("GET /metrics HTTP/1.0\r\n"
			    "Accept: application/openmetrics-text\r\n\r\n") &&
			strstr(metrics_text(), "application/openmetrics-text"),
		"as OpenMetrics, too");
	ktap_ok(strlen(metrics_text()) > 6 &&
			!strcmp(metrics_text() + strlen(metrics_text()) - 6,
				"# EOF\n"),
		"it is complete");
	ktap_ok(metrics_ask("GET / HTTP/1.0\r\n\r\n") &&
			strstr(metrics_text(), " 404 "),
		"nothing else is there");
	ktap_ok(metrics_ask("POST /metrics HTTP/1.0\r\n"
			    "Content-Length: 0\r\n\r\n") &&
			strstr(metrics_text(), " 405 "),
		"nothing can be sent");
	ktap_ok(metrics_scrape(), "and it still answers");
	ktap_ok(tracer_stop() == 0, "Ctrl-C ends it with status 0");
	server_stop();
	return ktap_end();
}
