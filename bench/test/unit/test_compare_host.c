// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which records may be compared: machines, names of hosts, variants of fuse.ko.
 */
#include "compare_fixture.h"

static void other_machines_are_refused(void **state)
{
	static const struct compare_options kernel = { .across =
							       "cpus,kernel" };
	static const struct compare_options force = { .force = true };
	struct pack p = session(1);
	struct hostinfo *host = &p.rec[2].host, was = *host;

	(void)state;
	strcpy(host->kernel, "6.19.0");
	strcpy(host->fuse, "v8 4567"); /* comes with it */
	compare(&p, NULL, NULL);
	refused(&p, "the kernel differs: '6.18.0' in A.jsonl, '6.19.0'");
	compare(&p, NULL, &kernel);
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	*host = was;
	strcpy(host->fuse, "shrink 4567");
	compare(&p, NULL, NULL);
	refused(&p, "say --across fuse");
	*host = was;
	host->cpu_cnt = 4;
	compare(&p, NULL, NULL);
	refused(&p, "the number of CPUs differs: '2' in A.jsonl, '4'");
	strcpy(host->cpu_model, "B CPU");
	compare(&p, NULL, &kernel);
	refused(&p, "the CPU model differs");
	*host = was;
	host->mem_total_bytes *= 2;
	compare(&p, NULL, NULL);
	refused(&p, "hosts differ");
	strcpy(host->arch, "riscv");
	compare(&p, NULL, &force);
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	*host = was;
	strcpy(host->bench, "v2"); /* what is usually compared */
	host->mem_total_bytes += 1000000;
	compare(&p, NULL, NULL);
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	strcpy(p.rec[1].host.kernel, "5.0"); /* A' counts, too */
	compare(&p, NULL, NULL);
	refused(&p, "the kernel differs");
	done(&p);
}

/* As epochbench merge --host calls them; two machines may look alike. */
static void other_names_are_other_hosts(void **state)
{
	static const struct compare_options across = { .across = "host" };
	static const struct compare_options kernel = { .across = "kernel" };
	static const struct compare_options force = { .force = true };
	struct pack p = session(1);

	(void)state;
	strcpy(p.rec[0].host.name, "alpha");
	compare(&p, NULL, NULL); /* the others have none */
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	strcpy(p.rec[1].host.name, "alpha");
	strcpy(p.rec[2].host.name, "beta");
	compare(&p, NULL, NULL);
	refused(&p, "the host differs: 'alpha' in A.jsonl, 'beta'");
	compare(&p, NULL, &kernel);
	refused(&p, "say --across host");
	compare(&p, NULL, &across);
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	compare(&p, NULL, &force);
	assert_int_equal(p.ret, 0);
	compare_free(&p.cmp);
	strcpy(p.rec[2].host.name, "alpha");
	compare(&p, NULL, NULL);
	assert_int_equal(p.ret, 0);
	done(&p);
}

/* Records of vm-bench: no sides, but two modules. */
static void fuse_chooses_the_sides(void **state)
{
	static const struct compare_options opt = { .fuse = { "v8",
							      "shrink" } };
	struct pack p = { .cnt = 0 };

	(void)state;
	for (int i = 0; i < 3; i++) {
		add(&p, make("base", "epoch", 1));
		p.rec[i].side[0] = '\0';
	}
	strcpy(p.rec[1].host.fuse, "shrink 4567");
	strcpy(p.rec[2].host.fuse, "shrinking 4567");
	compare(&p, NULL, &opt);
	assert_int_equal(p.ret, 0);
	assert_ptr_equal(p.cmp.cell[0].base, &p.rec[0]);
	assert_ptr_equal(p.cmp.cell[0].fresh, &p.rec[1]);
	done(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_machines_are_refused),
		cmocka_unit_test(other_names_are_other_hosts),
		cmocka_unit_test(fuse_chooses_the_sides),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
