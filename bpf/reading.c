// SPDX-License-Identifier: GPL-2.0-only
#include "reading.h"

#include <errno.h>

#include "series.h"

/* A connection that is there: its epoch, unless a bump was seen already. */
static void note_device(const struct trace_device *device, void *arg)
{
	struct trace_conn conn = { .epoch = device->epoch };
	struct reading *r = arg;
	struct sample_mount *m;

	trace_note_conn(r->trace, device->dev, &conn);
	m = sample_find(r->sample, device->dev,
			sample_generation(r->sample, device->dev));
	if (m && !m->epoch)
		m->epoch = device->epoch;
}

/*
 * Look for daemons when there is a mount whose epoch isn't known; not again for
 * one whose daemon can't be found (virtiofs has none).
 */
static void learn_epochs(struct reading *r)
{
	struct sample *s = r->sample;
	bool ask = false;

	if (!trace_features(r->trace)->epochs)
		return;
	for (size_t i = 0; i < s->cnt; i++) {
		struct sample_mount *m = &s->mounts[i];

		ask |= !m->epoch && !m->epoch_asked && !m->gone_ns;
		m->epoch_asked = true;
	}
	if (ask)
		trace_devices(r->trace, note_device, r);
}

/* Is something else mounted there now? */
static void follow_mount(struct reading *r)
{
	uint32_t dev;

	if (!r->mount || mounts_dev_at(r->mounts, r->mount, &dev))
		return;
	r->only.dev = dev;
	r->only.generation = sample_generation(r->sample, dev);
}

/* With what has been gone for less than a time; NULL and errno on failure. */
static struct sample *read_on(struct reading *r, const struct sample *before,
			      uint64_t grace_ns)
{
	struct sample *s = sample_read(r->trace);

	if (!s || !before || !sample_keep_gone(before, s, grace_ns))
		return s;
	sample_free(s);
	errno = ENOMEM;
	return NULL;
}

/* The names of what is in a sample, and what has no more than a name. */
static struct mounts *read_names(struct reading *r, struct sample *s)
{
	struct mounts *m = mounts_scan(r->mounts, s);

	if (!m || !r->idle || !series_add_mounted(s, m))
		return m;
	mounts_free(m);
	return NULL;
}

/*
 * If a file system ended between counts and names, another may have its number,
 * and all is read again; not for ever, where mounts never cease to come and go.
 */
int reading_take(struct reading *r, struct sample **old)
{
	enum { TRIES = 4 };
	struct sample *s = read_on(r, r->sample, r->grace_ns), *again;
	struct mounts *m = s ? read_names(r, s) : NULL;
	int err;

	for (int i = 1; m && i < TRIES && sample_is_outdated(s, r->trace);
	     i++) {
		mounts_free(m);
		again = read_on(r, s, UINT64_MAX);
		sample_free(s);
		s = again;
		m = s ? read_names(r, s) : NULL;
	}
	if (!m) {
		err = s ? -ENOMEM : -errno;
		sample_free(s);
		return err;
	}
	mounts_free(r->mounts);
	r->mounts = m;
	*old = r->sample;
	r->sample = s;
	if (*old)
		sample_follow(*old, s);
	follow_mount(r);
	learn_epochs(r);
	return 0;
}

int reading_begin(struct reading *r)
{
	struct sample *none = NULL;
	int err = reading_take(r, &none);

	/* Of all that are there, since an idle one isn't in a sample. */
	if (!err)
		trace_devices(r->trace, note_device, r);
	return err;
}

void reading_free(struct reading *r)
{
	sample_free(r->sample);
	mounts_free(r->mounts);
}
