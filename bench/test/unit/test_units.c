// SPDX-License-Identifier: GPL-2.0-only
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "bench/host/hostinfo.h"
#include "bench/lib/opcode.h"
#include "bench/lib/units.h"

static void reads(double value, enum unit unit, const char *want)
{
	char text[UNITS_LEN];

	assert_string_equal(units_format(value, unit, text, sizeof(text)),
			    want);
}

static void durations(void **state)
{
	(void)state;
	reads(0, UNIT_NS, "0 ns");
	reads(850, UNIT_NS, "850 ns");
	reads(0.5, UNIT_NS, "0.5 ns");
	reads(2300, UNIT_NS, "2.3 us");
	reads(1.25e9, UNIT_NS, "1.25 s");
	reads(123456, UNIT_NS, "123 us");
	reads(4321e9, UNIT_NS, "4321 s");
}

/* Rounding up must change the unit, never print "1e+03 ns" or "1000 ns". */
static void rounding_to_the_next_unit(void **state)
{
	(void)state;
	reads(999.4, UNIT_NS, "999 ns");
	reads(999.6, UNIT_NS, "1 us");
	reads(999600, UNIT_NS, "1 ms");
	reads(999.6e6, UNIT_NS, "1 s");
	reads(999.6e6, UNIT_BYTES, "1 GB");
}

static void counts_are_exact(void **state)
{
	(void)state;
	reads(100001, UNIT_CNT, "100001");
	reads(100000, UNIT_CNT, "100000");
	reads(50000001, UNIT_CNT, "50000001");
	reads(0, UNIT_CNT, "0");
	reads(23.5, UNIT_CNT, "23.5");
}

/* At most six places, in a table that is watched. */
static void tallies_stay_short(void **state)
{
	(void)state;
	reads(0, UNIT_TALLY, "0");
	reads(873, UNIT_TALLY, "873");
	reads(9999.4, UNIT_TALLY, "9999");
	reads(9999.6, UNIT_TALLY, "10.0k");
	reads(12345, UNIT_TALLY, "12.3k");
	reads(99949, UNIT_TALLY, "99.9k");
	reads(99951, UNIT_TALLY, "100k");
	reads(999600, UNIT_TALLY, "1.00M");
	reads(1234567, UNIT_TALLY, "1.23M");
	reads(2e10, UNIT_TALLY, "20.0G");
	reads(1.5e12, UNIT_TALLY, "1500G");
}

static void names_shorten_only_exactly(void **state)
{
	(void)state;
	reads(23, UNIT_NAMES, "23");
	reads(100000, UNIT_NAMES, "100k");
	reads(100001, UNIT_NAMES, "100001");
	reads(1000000, UNIT_NAMES, "1M");
	reads(1500000, UNIT_NAMES, "1500k");
	reads(0, UNIT_NAMES, "0");
}

static void bytes(void **state)
{
	(void)state;
	reads(1139, UNIT_BYTES, "1139 B");
	reads(9999, UNIT_BYTES, "9999 B");
	reads(10000, UNIT_BYTES, "10 kB");
	reads(11.4e9, UNIT_BYTES, "11.4 GB");
	reads(2.5e12, UNIT_BYTES, "2500 GB");
}

static void ratios(void **state)
{
	(void)state;
	reads(1.9, UNIT_RATIO, "1.9x");
	reads(1.04, UNIT_RATIO, "1.04x");
	reads(0.5234, UNIT_RATIO, "0.523x");
	reads(0.01, UNIT_RATIO, "0.01x");
	reads(0.00002, UNIT_RATIO, "1/50000x");
	reads(0.0000813, UNIT_RATIO, "1/12300x");
	reads(999.6, UNIT_RATIO, "1000x");
	reads(12345, UNIT_RATIO, "12300x");
	reads(0, UNIT_RATIO, "0x");
}

static void rates_percents_instructions(void **state)
{
	(void)state;
	reads(312345, UNIT_PER_S, "312k/s");
	reads(1.25e6, UNIT_PER_S, "1.25M/s");
	reads(3.14, UNIT_PCT, "3.1%");
	reads(9.96, UNIT_PCT, "10%");
	reads(25, UNIT_PCT, "25%");
	reads(850, UNIT_INSNS, "850 insns");
	reads(2945, UNIT_INSNS, "2945 insns");
	reads(999999, UNIT_INSNS, "999999 insns");
	reads(2945.5, UNIT_INSNS, "2.95k insns");
	reads(2.3e6, UNIT_INSNS, "2.3M insns");
}

static void nothing_is_a_dash(void **state)
{
	(void)state;
	for (enum unit u = UNIT_NS; u <= UNIT_PER_S; u++) {
		reads(NAN, u, "-");
		reads(INFINITY, u, "-");
		assert_true(strlen(units_suffix(u)) > 0);
	}
}

static void opcodes(void **state)
{
	(void)state;
	assert_string_equal(opcode_name(OPCODE_LOOKUP), "LOOKUP");
	assert_string_equal(opcode_name(OPCODE_FORGET), "FORGET");
	assert_string_equal(opcode_name(OPCODE_GETATTR), "GETATTR");
	assert_string_equal(opcode_name(OPCODE_READLINK), "READLINK");
	assert_string_equal(opcode_name(44), "READDIRPLUS");
	assert_string_equal(opcode_name(7), "OTHER");
	assert_string_equal(opcode_name(4096), "OTHER");
	assert_int_equal(opcode_by_name("batch_forget"), 42);
	assert_int_equal(opcode_by_name("nonsense"), -1);
}

static void the_host_is_known(void **state)
{
	struct hostinfo hi;

	(void)state;
	hostinfo_get(&hi);
	assert_true(strlen(hi.kernel) > 0);
	assert_true(strlen(hi.arch) > 0);
	assert_true(strlen(hi.bench) > 0);
	assert_true(hi.cpu_cnt >= 1);
	assert_true(hi.mem_total_bytes > 1 << 20);
	assert_true(hi.mem_available_bytes <= hi.mem_total_bytes);
	assert_true(hostinfo_mem_used_bytes() < hi.mem_total_bytes);
	assert_in_range(hostinfo_slab_bytes(), 1, hi.mem_total_bytes);
	assert_true(hi.fuse_minor == 0 && !hi.libfuse[0] && !hi.cpus[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(durations),
		cmocka_unit_test(rounding_to_the_next_unit),
		cmocka_unit_test(counts_are_exact),
		cmocka_unit_test(tallies_stay_short),
		cmocka_unit_test(names_shorten_only_exactly),
		cmocka_unit_test(bytes),
		cmocka_unit_test(ratios),
		cmocka_unit_test(rates_percents_instructions),
		cmocka_unit_test(nothing_is_a_dash),
		cmocka_unit_test(opcodes),
		cmocka_unit_test(the_host_is_known),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
