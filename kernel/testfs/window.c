// SPDX-License-Identifier: GPL-2.0-only
#include "window.h"

#include <stdio.h>

#include "client.h"
#include "ktap.h"

enum { CLOSED, WANTED, OPEN }; /* as in delay.c */

static void set(unsigned int state)
{
	FILE *file = fopen("/sys/module/delay/parameters/window", "w");

	if (!file || fprintf(file, "%u", state) < 0 || fclose(file)) {
		puts("Bail out! cannot set the window of the module delay");
		exit(1);
	}
}

void window_want(void)
{
	delay_parameter("window"); /* SKIP without the module */
	set(WANTED);
}

bool window_has_opened(void)
{
	return delay_parameter("window") != WANTED;
}

bool window_is_open(void)
{
	return delay_parameter("window") == OPEN;
}

void window_close(void)
{
	set(CLOSED);
}
