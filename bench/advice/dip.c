// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <string.h>

#include "dip.h"

/* Blocks of one eighth to eight eighths, in UTF-8; nothing at all is a blank. */
static const char *const blocks[] = { " ", "▁", "▂", "▃", "▄",
				      "▅", "▆", "▇", "█" };
#define BLOCK_MAX (sizeof(blocks) / sizeof(blocks[0]) - 1)

static size_t event_bin(const struct workload_timeline *tl)
{
	return tl->event_ns / tl->bin_ns;
}

static size_t window_bins(const struct workload_timeline *tl)
{
	return tl->bin_ns < DIP_WINDOW_NS ? DIP_WINDOW_NS / tl->bin_ns : 1;
}

/* One of them begins with the event, so that none is half before it. */
static size_t first_bin(const struct workload_timeline *tl)
{
	return event_bin(tl) % window_bins(tl);
}

static size_t event_window(const struct workload_timeline *tl)
{
	return event_bin(tl) / window_bins(tl);
}

static double ops(const struct workload_timeline *tl, size_t from, size_t to)
{
	double sum = 0;

	for (size_t i = from; i < to; i++)
		sum += (double)tl->op_cnt[i];
	return sum;
}

static uint64_t longest(const struct workload_timeline *tl, size_t from,
			size_t to)
{
	uint64_t max_ns = 0;

	for (size_t i = from; i < to; i++)
		if (tl->max_ns[i] > max_ns)
			max_ns = tl->max_ns[i];
	return max_ns;
}

/* Operations per bin before the event. */
static double per_bin_before(const struct workload_timeline *tl)
{
	return tl->before_cnt > 0 ? tl->before_cnt / (double)event_bin(tl)
				  : NAN;
}

size_t dip_window_cnt(const struct workload_timeline *tl)
{
	return (tl->bin_cnt - first_bin(tl)) / window_bins(tl);
}

double dip_window_part(const struct workload_timeline *tl, size_t i)
{
	size_t bins = window_bins(tl), from = first_bin(tl) + i * bins;

	return ops(tl, from, from + bins) / (double)bins / per_bin_before(tl);
}

double dip_window_ns(const struct workload_timeline *tl, size_t i)
{
	return ((double)i - (double)event_window(tl)) *
	       (double)window_bins(tl) * (double)tl->bin_ns;
}

/* The lowest of the windows [from, to); NaN if there is none. */
static double lowest(const struct workload_timeline *tl, size_t from, size_t to)
{
	double low = NAN;

	for (size_t i = from; i < to; i++)
		low = fmin(low, dip_window_part(tl, i));
	return low;
}

/* From window i on, is the walker as fast as before? */
static bool is_back(const struct workload_timeline *tl, size_t i)
{
	size_t end = i + DIP_BACK_WINDOWS, cnt = dip_window_cnt(tl);
	double sum = 0;

	if (end > cnt)
		end = cnt;
	for (size_t k = i; k < end; k++)
		sum += dip_window_part(tl, k);
	return dip_window_part(tl, i) >= DIP_BACK_PART &&
	       sum / (double)(end - i) >= DIP_BACK_PART;
}

/* The first window from i on in which it is; the number of all if never. */
static size_t back_window(const struct workload_timeline *tl, size_t i)
{
	size_t cnt = dip_window_cnt(tl);

	while (i < cnt && !is_back(tl, i))
		i++;
	return i;
}

/* Does window i begin something that isn't there before the event? */
static bool begins_dip(const struct workload_timeline *tl, size_t i,
		       const struct dip *dip)
{
	double part = dip_window_part(tl, i);
	size_t bins = window_bins(tl), end;

	if (part >= DIP_BACK_PART)
		return false;
	if (!(part >= dip->quiet_part))
		return true;
	/* A long operation may end in the window in which all is well again. */
	end = first_bin(tl) + (back_window(tl, i) + 1) * bins;
	return longest(tl, first_bin(tl) + i * bins,
		       end < tl->bin_cnt ? end : tl->bin_cnt) >
	       dip->quiet_stall_ns;
}

/* The window in which the dip begins; the number of all if there is none. */
static size_t first_window(const struct workload_timeline *tl,
			   const struct dip *dip)
{
	size_t cnt = dip_window_cnt(tl), i;

	for (i = event_window(tl); i < cnt; i++) {
		if (dip_window_ns(tl, i) > (double)DIP_BEGIN_NS)
			break;
		if (begins_dip(tl, i, dip))
			return i;
	}
	return cnt;
}

static void follow(const struct workload_timeline *tl, size_t first,
		   struct dip *out)
{
	size_t back = back_window(tl, first);
	double window_ns = (double)window_bins(tl) * (double)tl->bin_ns;

	out->is_dip = true;
	out->lowest_part = lowest(tl, first, back);
	out->back_ns =
		back < dip_window_cnt(tl) ? dip_window_ns(tl, back) : NAN;
	for (size_t i = first; i < back; i++)
		out->missing_ns += (1 - dip_window_part(tl, i)) * window_ns;
}

void dip_of(const struct workload_timeline *tl, struct dip *out)
{
	size_t bin = event_bin(tl), cnt = dip_window_cnt(tl);
	size_t event = event_window(tl), first;

	*out = (struct dip){
		.before_per_s = per_bin_before(tl) * 1e9 / (double)tl->bin_ns,
		.quiet_part = lowest(tl, 0, event),
		.lowest_part = lowest(tl, event, cnt),
		.stall_ns = longest(tl, bin, tl->bin_cnt),
		.quiet_stall_ns = longest(tl, 0, bin),
	};
	if (isnan(out->before_per_s)) {
		out->back_ns = NAN;
		out->missing_ns = NAN;
		return;
	}
	first = first_window(tl, out);
	if (first < cnt)
		follow(tl, first, out);
}

void dip_line(const struct workload_timeline *tl, size_t width, char *buf)
{
	double full = per_bin_before(tl);

	*buf = '\0';
	for (size_t i = 0; i < width; i++) {
		size_t from = i * tl->bin_cnt / width;
		size_t to = (i + 1) * tl->bin_cnt / width;
		double part, height;

		if (to == from) /* fewer bins than blocks */
			to = from + 1;
		part = ops(tl, from, to) / (double)(to - from) / full;
		height = isnan(part) ? 0 : round(part * BLOCK_MAX);
		if (height > BLOCK_MAX)
			height = BLOCK_MAX;
		/* What isn't nothing shall be seen. */
		if (height < 1 && part > 0)
			height = 1;
		buf = stpcpy(buf, blocks[(size_t)height]);
	}
}
