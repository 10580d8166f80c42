/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * listen.h - serves metrics: GET /metrics over HTTP.
 */
#ifndef FUSE_EPOCH_LISTEN_H
#define FUSE_EPOCH_LISTEN_H

#include <stddef.h>

struct listener;

/* Is that such an address?  0, or -1 with the reason in why. */
int listen_check(const char *where, char *why, size_t len);

/*
 * Listens on "ADDR:PORT", "[ADDR6]:PORT", ":PORT" or "PORT"; without an address
 * on loopback only, port 0: any that is free.  render makes the text, which is
 * freed afterwards; it is called by another thread, one call at a time.  NULL
 * on failure, with the reason in why and an exit status in *status, which is
 * STATUS_USAGE if where is no address.
 */
struct listener *listen_start(const char *where, char *(*render)(void *arg),
			      void *arg, int *status, char *why, size_t len);
void listen_stop(struct listener *l);

/* Where it listens, for people: "http://127.0.0.1:9810/metrics". */
const char *listen_url(const struct listener *l);

#endif
