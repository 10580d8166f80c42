/* SPDX-License-Identifier: GPL-2.0-only */
/* How a test waits, and for how long. */
#ifndef FUSE_EPOCH_TESTFS_PATIENCE_H
#define FUSE_EPOCH_TESTFS_PATIENCE_H

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <unistd.h>

/*
 * How long a condition may take that is expected to come true: PATIENCE_S from
 * the environment, as kernels with detectors are ten times slower, or 20 s.
 */
unsigned int patience_ms(void);
#define PATIENCE_MS patience_ms()

uint64_t now_us(void);

/* Poll a condition; its value in the end. */
#define poll_until(condition, limit_ms)                             \
	({                                                          \
		uint64_t end_us_ = now_us() + (limit_ms)*1000ull;   \
		bool met_;                                          \
		while (!(met_ = (condition)) && now_us() < end_us_) \
			usleep(1000);                               \
		met_;                                               \
	})

/* pthread_join() within a time; false if the thread is still at work. */
bool joined_within(pthread_t thread, unsigned int limit_ms);

#endif
