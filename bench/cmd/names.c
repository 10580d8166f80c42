// SPDX-License-Identifier: GPL-2.0-only
#include "names.h"

#include "bench/hazards/hazard.h"
#include "bench/hazards/methods.h"
#include "bench/inval/inval.h"
#include "bench/lib/tree.h"
#include "bench/run/case.h"
#include "bench/run/session.h"
#include "bench/run/suite.h"
#include "bench/workload/programs.h"

static const struct bench_case *case_at(size_t i)
{
	size_t cnt = (size_t)(__stop_bench_cases - __start_bench_cases);

	return i < cnt ? __start_bench_cases[i] : NULL;
}

const char *names_case(size_t i)
{
	return case_at(i) ? case_at(i)->table.name : NULL;
}

const char *names_case_help(size_t i)
{
	return case_at(i) ? case_at(i)->help : NULL;
}

const char *names_method(size_t i)
{
	return i < inval_method_cnt ? inval_methods[i].name : NULL;
}

const char *names_method_help(size_t i)
{
	return i < inval_method_cnt ? inval_methods[i].help : NULL;
}

static const struct inval_method *real_method_at(size_t i)
{
	for (unsigned int k = 0; k < inval_method_cnt; k++)
		if (!inval_unfit_real(&inval_methods[k]) && !i--)
			return &inval_methods[k];
	return NULL;
}

const char *names_real_method(size_t i)
{
	return real_method_at(i) ? real_method_at(i)->name : NULL;
}

const char *names_real_method_help(size_t i)
{
	return real_method_at(i) ? real_method_at(i)->help : NULL;
}

const char *names_shape(size_t i)
{
	return i < SHAPE_MAX ? shape_name((enum shape)i) : NULL;
}

const char *names_shape_help(size_t i)
{
	return i < SHAPE_MAX ? shape_help((enum shape)i) : NULL;
}

const char *names_populate(size_t i)
{
	return i < POPULATE_MAX ? populate_name((enum populate)i) : NULL;
}

const char *names_suite_help(size_t i)
{
	return suite_name(i) ? suite_help(suite_name(i)) : NULL;
}

const char *names_phase(size_t i)
{
	return i < PHASE_MAX ? phase_name((enum phase)i) : NULL;
}

const char *names_hazard(size_t i)
{
	return i < hazard_cnt ? hazards[i]->name : NULL;
}

const char *names_hazard_help(size_t i)
{
	return i < hazard_cnt ? hazards[i]->title : NULL;
}

const char *names_hazard_method(size_t i)
{
	return i < hazard_method_cnt() ? hazard_method((unsigned int)i)->name
				       : NULL;
}

const char *names_workload_help(size_t i)
{
	return workload_name(i) ? workloads[i].help : NULL;
}
