// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

#include "stats.h"

int stats_of_real(const double *sample, size_t cnt, struct stats *out)
{
	double *sorted, *work;

	*out = (struct stats){ cnt, NAN, NAN, NAN, NAN };
	if (!cnt)
		return 0;
	sorted = calloc(2 * cnt, sizeof(*sorted));
	if (!sorted)
		return -ENOMEM;
	work = sorted + cnt;
	memcpy(sorted, sample, cnt * sizeof(*sorted));
	gsl_sort(sorted, 1, cnt);
	out->min = sorted[0];
	out->median = gsl_stats_median_from_sorted_data(sorted, 1, cnt);
	out->mad = gsl_stats_mad0(sorted, 1, cnt, work);
	out->max = sorted[cnt - 1];
	free(sorted);
	return 0;
}

int stats_of(const uint64_t *sample, size_t cnt, struct stats *out)
{
	double *real = calloc(cnt + 1, sizeof(*real));
	int ret;

	if (!real)
		return -ENOMEM;
	for (size_t i = 0; i < cnt; i++)
		real[i] = (double)sample[i];
	ret = stats_of_real(real, cnt, out);
	free(real);
	return ret;
}

double stats_paired_ratio(const uint64_t *a, size_t a_cnt, const uint64_t *b,
			  size_t b_cnt)
{
	size_t pairs = a_cnt < b_cnt ? a_cnt : b_cnt, used = 0;
	double *ratio, median = NAN;

	ratio = calloc(pairs ? pairs : 1, sizeof(*ratio));
	if (!ratio)
		return NAN;
	for (size_t i = 0; i < pairs; i++)
		if (b[i])
			ratio[used++] = (double)a[i] / (double)b[i];
	if (used) {
		gsl_sort(ratio, 1, used);
		median = gsl_stats_median_from_sorted_data(ratio, 1, used);
	}
	free(ratio);
	return median;
}
