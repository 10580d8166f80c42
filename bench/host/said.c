// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench/lib/text.h"
#include "said.h"

bool said_read(struct said *said, int fd)
{
	char part[4096], *grown;
	ssize_t got = read(fd, part, sizeof(part));

	if (got <= 0)
		return got < 0 && errno == EINTR;
	grown = realloc(said->text, said->len + (size_t)got + 1);
	if (!grown) {
		said->incomplete = true;
		return true;
	}
	said->text = grown;
	memcpy(grown + said->len, part, (size_t)got);
	said->len += (size_t)got;
	grown[said->len] = '\0';
	return true;
}

/* What it says goes into a record, which holds no more than that. */
static void add(json_t *all, const char *outcome, const char *why)
{
	char text[200];

	snprintf(text, sizeof(text), "%s", why);
	text_tame(text);
	json_array_append_new(all,
			      json_pack("{ss ss ss}", "probe", "", "outcome",
					outcome, "detail", text));
}

/* Returns whether it told how it ended; what can't be read is no good end. */
static bool take_line(json_t *all, const char *line)
{
	json_t *json;

	if (!strncmp(line, SAID_SKIP, strlen(SAID_SKIP))) {
		add(all, "skip", line + strlen(SAID_SKIP));
		return true;
	}
	if (!strncmp(line, SAID_BAIL, strlen(SAID_BAIL))) {
		add(all, "failed", line + strlen(SAID_BAIL));
		return true;
	}
	if (*line != '{')
		return false;
	json = json_loads(line, 0, NULL);
	if (!json)
		add(all, "failed", "said what can't be read");
	else
		json_array_append_new(all, json);
	return !json;
}

static void tell_end(json_t *all, int err, int status, unsigned int limit_s)
{
	char why[96] = "";

	if (err == -ETIME)
		snprintf(why, sizeof(why),
			 "hung: aborted and ended after %u s%s", limit_s,
			 status == -1 ? ", but it doesn't end" : "");
	else if (err)
		snprintf(why, sizeof(why), "cannot start: %s", strerror(-err));
	else if (status == -1)
		snprintf(why, sizeof(why), "it doesn't end");
	else if (WIFSIGNALED(status))
		snprintf(why, sizeof(why), "killed by signal %d",
			 WTERMSIG(status));
	else if (status)
		snprintf(why, sizeof(why), "ended with status %d",
			 WEXITSTATUS(status));
	if (why[0])
		add(all, "failed", why);
}

json_t *said_end(struct said *said, int err, int status, unsigned int limit_s)
{
	json_t *all = NULL;
	char *save = NULL;
	bool told = false;

	if (!said->incomplete && err != -EINTR)
		all = json_array();
	for (char *line = all && said->text ? strtok_r(said->text, "\n", &save)
					    : NULL;
	     line; line = strtok_r(NULL, "\n", &save))
		told |= take_line(all, line);
	if (all && !told)
		tell_end(all, err, status, limit_s);
	free(said->text);
	*said = (struct said){ 0 };
	return all;
}
