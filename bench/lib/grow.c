// SPDX-License-Identifier: GPL-2.0-only
#include "grow.h"

#include <stdlib.h>

void *grow(void *array, size_t cnt, size_t size)
{
	if (array && cnt & (cnt - 1))
		return array;
	return reallocarray(array, cnt ? 2 * cnt : 1, size);
}
