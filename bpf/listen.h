/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listen.h - serves metrics: GET /metrics over HTTP.
 */
#ifndef FUSE_EPOCH_LISTEN_H
#define FUSE_EPOCH_LISTEN_H

#include <stdbool.h>
#include <stddef.h>

struct listener;

typedef char *listen_render(void *arg, bool openmetrics);

/* Is that such an address?  0, or -1 with the reason in why. */
int listen_check(const char *where, char *why, size_t len);

/*
 * Listens on "ADDR:PORT", "[ADDR6]:PORT", ":PORT" or "PORT"; without an address
 * on loopback only, port 0: any that is free.  render makes the text, as
 * OpenMetrics for those who ask for that, which is freed afterwards; it is
 * called by another thread, one call at a time.  NULL
 * on failure, with the reason in why and an exit status in *status, which is
 * STATUS_USAGE if where is no address.
 */
struct listener *listen_start(const char *where, listen_render *render,
			      void *arg, int *status, char *why, size_t len);
void listen_stop(struct listener *l);

/* Where it listens, for people: "http://127.0.0.1:9810/metrics". */
const char *listen_url(const struct listener *l);

#endif
