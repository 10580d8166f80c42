// SPDX-License-Identifier: GPL-2.0-only
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/options.h"
#include "bench/lib/sizes.h"
#include "bench/inval/inval.h"
#include "options.h"
#include "programs.h"

#define RATE_MAX_HZ 1000.0
#define RATE_MIN_HZ 0.01
#define RUN_MAX_S 3600.0

void workload_parse_workloads(struct argp_state *state, const char *text,
			      struct plan *p)
{
	p->workload_cnt = (unsigned int)options_pick(state, text, "workload",
						     workload_name, p->workload,
						     PLAN_WORKLOADS_MAX);
}

static void parse_method(struct argp_state *state, char *name, struct plan *p)
{
	char *colon = strchr(name, ':');
	struct plan_method *m = &p->method[p->method_cnt];
	const char *why;
	int nr;

	if (p->method_cnt == PLAN_METHODS_MAX)
		argp_error(state, "too many methods at once");
	if (colon && strcmp(colon, ":changed") && strcmp(colon, ":all"))
		argp_error(state, "'%s' is neither :changed nor :all", colon);
	m->changed = colon && !strcmp(colon, ":changed");
	if (colon)
		*colon = '\0';
	nr = inval_by_name(name);
	if (nr < 0)
		argp_error(state, "no method is called '%s' (see --help)",
			   name);
	why = inval_unfit_real(&inval_methods[nr]);
	if (why)
		argp_error(state, "%s can't: it %s", name, why);
	if (m->changed && inval_methods[nr].names_all)
		argp_error(state, "%s is about all names: leave out :changed",
			   name);
	m->method = (unsigned int)nr;
	for (unsigned int i = 0; i < p->method_cnt; i++)
		if (p->method[i].method == m->method &&
		    p->method[i].changed == m->changed)
			return;
	p->method_cnt++;
}

void workload_parse_methods(struct argp_state *state, const char *text,
			    struct plan *p)
{
	char *copy = strdup(text), *save = NULL;

	for (char *name = copy ? strtok_r(copy, ",", &save) : NULL; name;
	     name = strtok_r(NULL, ",", &save))
		parse_method(state, name, p);
	free(copy);
	if (!p->method_cnt)
		argp_error(state, "name at least one method");
}

void workload_parse_rates(struct argp_state *state, const char *text,
			  struct plan *p)
{
	char *copy = strdup(text), *save = NULL;

	for (char *item = copy ? strtok_r(copy, ",", &save) : NULL; item;
	     item = strtok_r(NULL, ",", &save)) {
		double hz;

		if (real_parse(item, 0, RATE_MAX_HZ, &hz) ||
		    (hz > 0 && hz < RATE_MIN_HZ))
			argp_error(state, "'%s' is no rate from %g to %g", item,
				   RATE_MIN_HZ, RATE_MAX_HZ);
		if (p->rate_cnt == PLAN_RATES_MAX)
			argp_error(state, "too many rates at once");
		if (hz > 0) /* 0 is the control */
			p->rate_hz[p->rate_cnt++] = hz;
	}
	free(copy);
}

void workload_parse_seconds(struct argp_state *state, const char *text,
			    struct plan *p)
{
	double s;

	if (real_parse(text, 0.1, RUN_MAX_S, &s))
		argp_error(state, "'%s' is no number of seconds from 0.1 to %g",
			   text, RUN_MAX_S);
	p->run_ns = (uint64_t)(s * 1e9);
}

void workload_parse_cpus(struct argp_state *state, const char *text,
			 struct conduct *c)
{
	uint64_t cpu[2];
	const char *bad;
	int cnt = size_parse_list(text, 0, CPU_SETSIZE - 1, cpu, 2, &bad);
	cpu_set_t allowed;

	if (cnt < 1)
		argp_error(state, "'%s' is no list of one or two CPUs (0,1)",
			   text);
	sched_getaffinity(0, sizeof(allowed), &allowed);
	for (int i = 0; i < cnt; i++)
		if (!CPU_ISSET(cpu[i], &allowed))
			argp_error(state, "CPU %d is not available here",
				   (int)cpu[i]);
	c->workload_cpu = (int)cpu[0];
	c->daemon_cpu = (int)cpu[cnt - 1];
	snprintf(c->cpus, sizeof(c->cpus), "%s", text);
}

void workload_default_cpus(struct conduct *c)
{
	cpu_set_t allowed;

	sched_getaffinity(0, sizeof(allowed), &allowed);
	c->workload_cpu = -1;
	for (int i = 0; i < CPU_SETSIZE; i++) {
		if (!CPU_ISSET(i, &allowed))
			continue;
		if (c->workload_cpu < 0)
			c->workload_cpu = i;
		c->daemon_cpu = i;
	}
	snprintf(c->cpus, sizeof(c->cpus), "%d,%d", c->workload_cpu,
		 c->daemon_cpu);
}
