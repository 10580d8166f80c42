// SPDX-License-Identifier: GPL-2.0-only
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/fanotify.h>
#include <sys/inotify.h>
#include <unistd.h>

#include "hazard.h"
#include "watch.h"

#ifndef FAN_MARK_EVICTABLE
#define FAN_MARK_EVICTABLE 0x200
#endif

static const char *const names[] = {
	[WATCH_INOTIFY] = "inotify",
	[WATCH_FANOTIFY] = "fanotify",
	[WATCH_EVICTABLE] = "evictable marks",
};

static int start_inotify(const char *path)
{
	int fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);

	if (fd >= 0 &&
	    inotify_add_watch(fd, path, IN_OPEN | IN_DELETE_SELF) < 0) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static int start_fanotify(unsigned int flags, const char *path)
{
	int fd = fanotify_init(FAN_CLASS_NOTIF | FAN_NONBLOCK | FAN_CLOEXEC,
			       O_RDONLY | O_CLOEXEC);

	if (fd >= 0 &&
	    fanotify_mark(fd, FAN_MARK_ADD | flags, FAN_OPEN, AT_FDCWD, path)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

int watch_start(enum watch_kind kind, const char *path)
{
	if (kind == WATCH_INOTIFY)
		return start_inotify(path);
	return start_fanotify(kind == WATCH_EVICTABLE ? FAN_MARK_EVICTABLE : 0,
			      path);
}

/* What some events say. */
static uint32_t inotify_mask(const char *events, ssize_t bytes)
{
	const struct inotify_event *event;
	uint32_t seen = 0;

	for (const char *at = events; at < events + bytes;
	     at += sizeof(*event) + event->len) {
		event = (const void *)at;
		seen |= event->mask;
	}
	return seen;
}

static bool fanotify_opened(const char *events, ssize_t bytes)
{
	const struct fanotify_event_metadata *event = (const void *)events;
	bool opened = false;

	for (; FAN_EVENT_OK(event, bytes);
	     event = FAN_EVENT_NEXT(event, bytes)) {
		opened |= event->mask & FAN_OPEN;
		close(event->fd);
	}
	return opened;
}

void watch_say(const char *probe, enum watch_kind kind, int fd,
	       const char *path)
{
	char events[4096] __attribute__((aligned(8)));
	bool opened = false, ended = false;
	ssize_t got;

	if (fd < 0) {
		say_untestable(probe, "no %s in this kernel", names[kind]);
		return;
	}
	close(open(path, O_RDONLY | O_CLOEXEC));
	/* They are there when what they are about comes back. */
	while ((got = read(fd, events, sizeof(events))) > 0) {
		if (kind == WATCH_INOTIFY) {
			uint32_t seen = inotify_mask(events, got);

			opened |= !!(seen & IN_OPEN);
			ended |= !!(seen & (IN_IGNORED | IN_DELETE_SELF));
		} else {
			opened |= fanotify_opened(events, got);
		}
	}
	close(fd);
	say_hazard(probe, ended || !opened, "%s",
		   ended     ? "watch ends"
		   : !opened ? "no event"
			     : "");
}
