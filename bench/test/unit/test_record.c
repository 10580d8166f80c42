// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a line looks like, and what the reader refuses.  A little over 400
 * lines: most of it is the table of what is refused.
 */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include <jansson.h>

#include "bench/lib/output.h"
#include "bench/record/record.h"
#include "bench/record/record_schema.h"
#include "samples_fixture.h"

static char dir[] = "/tmp/test_record.XXXXXX";
static char file[64];

static int setup(void **state)
{
	(void)state;
	if (!mkdtemp(dir))
		return -1;
	snprintf(file, sizeof(file), "%s/r.jsonl", dir);
	return 0;
}

/* Fails if a test has left something: a temporary file, say. */
static int teardown(void **state)
{
	(void)state;
	unlink(file);
	return rmdir(dir);
}

/* Three rounds; the last one didn't get to its first touch. */
static void fill(struct record *rec)
{
	static const struct record base = {
		.run_id = "20250102-030405-77",
		.case_name = "invalidate",
		.method = "epoch",
		.guarantee = "names",
		.shape = "wide",
		.populate = "lookup",
		.clock_unit = "ns",
		.side = "again",
		.order_seed = 23,
		.n = 23,
		.threads = 1,
		.host = { .kernel = "6.18.0",
			  .kernel_version = "#1 SMP",
			  .arch = "x86_64",
			  .cpu_model = "A CPU",
			  .virt = "kvm",
			  .emulator = "QEMU 7.2.22, CPU max",
			  .fuse = "v8 0123456789ab",
			  .libfuse = "3.14.0",
			  .bench = "v1",
			  .cpus = "0,1",
			  .fuse_minor = 44,
			  .cpu_cnt = 2,
			  .mem_total_bytes = 1ull << 34,
			  .mem_available_bytes = 1ull << 33,
			  .load1 = 0.25 },
	};

	*rec = base;
	for (unsigned int i = 0; i < 3; i++) {
		struct sample sample = { .msg_cnt = 1 }, *s = &sample;

		s->start_ns = INT64_MAX - i;
		s->msg_error_cnt = i;
		s->mem_peak_bytes = 1000 + i;
		s->slab_peak_bytes = 900 + i;
		s->daemon_rss_bytes = 2000 + i;
		s->phase[PHASE_NOTIFY] = (struct phase_cost){
			.used = true,
			.cost = 2300 + i,
			.driver_cpu_ns = 10 + i,
			.daemon_cpu_ns = 20 + i,
		};
		if (i < 2)
			s->phase[PHASE_FIRST_TOUCH] = (struct phase_cost){
				.used = true,
				.cost = 50 + i,
				/* The last one has no name. */
				.op_cnt = { [OPCODE_LOOKUP] = 24, [63] = i },
			};
		assert_int_equal(record_add_sample(rec, s), 0);
	}
}

static void write_record(const struct record *rec)
{
	const struct record_list list = { rec, 1 };

	assert_int_equal(output_write(file, record_write, &list), 0);
}

static void refuses_numbers_json_cannot_hold(void **state)
{
	struct record rec;
	const struct record_list list = { &rec, 1 };

	(void)state;
	fill(&rec);
	AT(rec, 1, phase[PHASE_NOTIFY].cost) = (uint64_t)INT64_MAX + 1;
	assert_int_equal(output_write(file, record_write, &list), -EOVERFLOW);
	assert_int_equal(access(file, F_OK), -1);
	record_free(&rec);
}

static char *valid_line(void)
{
	struct record rec;
	size_t cap = 0;
	char *line = NULL;
	FILE *f;

	fill(&rec);
	write_record(&rec);
	record_free(&rec);
	f = fopen(file, "r");
	assert_non_null(f);
	assert_true(getline(&line, &cap, f) > 0);
	fclose(f);
	line[strcspn(line, "\n")] = '\0';
	return line;
}

/* len bytes of data, whether they end with a line or within one. */
static void put_file(const void *data, size_t len)
{
	FILE *f = fopen(file, "w");

	assert_non_null(f);
	assert_int_equal(fwrite(data, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* Reads the file and forgets what was in it: the status and the message. */
static int read_status(char *err, size_t err_len, size_t *cnt)
{
	struct record *recs = NULL;
	size_t got = 0;
	int ret;

	err[0] = '\0';
	ret = record_read(file, &recs, &got, err, err_len);
	for (size_t i = 0; i < got; i++)
		record_free(&recs[i]);
	free(recs);
	if (cnt)
		*cnt = got;
	return ret;
}

static void comes_back_unchanged(void **state)
{
	struct record want, *got = NULL;
	char err[256] = "";
	size_t cnt = 0;

	(void)state;
	fill(&want);
	write_record(&want);
	assert_int_equal(record_read(file, &got, &cnt, err, sizeof(err)), 0);
	assert_int_equal(record_read(file, &got, &cnt, err, sizeof(err)), 0);
	assert_int_equal(cnt, 2); /* appended */
	for (size_t i = 0; i < cnt; i++) {
		assert_int_equal(got[i].sample_cnt, want.sample_cnt);
		for (size_t k = 0; k < want.sample_cnt; k++)
			assert_int_equal(
				record_compare_samples(&got[i], k, &want, k),
				0);
		assert_memory_equal(&got[i], &want,
				    offsetof(struct record, host));
		assert_memory_equal(&got[i].host, &want.host,
				    sizeof(want.host));
		record_free(&got[i]);
	}
	free(got);
	record_free(&want);
}

/* A phase that the tracer sees, and one that it doesn't. */
static void keeps_the_kernels_view(void **state)
{
	struct record rec, *read = NULL;
	struct kernel_counts *k;
	size_t cnt = 0;
	char err[200];
	json_t *root, *json;

	(void)state;
	fill(&rec);
	rec.traced = 1;
	AT(rec, 0, phase[PHASE_UMOUNT].used) = true;
	for (size_t i = 0; i < sizeof(*k) / sizeof(uint64_t); i++)
		record_column_new(&rec, offsetof(struct sample,
						 phase[PHASE_NOTIFY].kernel) +
						i * sizeof(uint64_t))[1] =
			100 + i;
	write_record(&rec);
	assert_int_equal(record_read(file, &read, &cnt, err, sizeof(err)), 0);
	assert_int_equal(read->traced, 1);
	assert_int_equal(record_compare_samples(read, 1, &rec, 1), 0);
	root = json_load_file(file, 0, NULL);
	assert_non_null(root);
	json = json_object_get(root, "phases");
	assert_null(json_object_get(json_object_get(json, "umount"), "kernel"));
	json = json_object_get(json_object_get(json, "notify"), "kernel");
	assert_int_equal(json_integer_value(json_array_get(
				 json_object_get(json, "lookup_cnt"), 1)),
			 109);
	json_decref(root);
	record_free(&rec);
	record_free(read);
	free(read);
}

/* The form of results/SCHEMA.md; a change here asks for a new RECORD_SCHEMA. */
static void has_the_documented_form(void **state)
{
	static const char want[] =
		"{\"schema\":1,\"run_id\":\"20250102-030405-77\","
		"\"case\":\"invalidate\",\"method\":\"epoch\","
		"\"guarantee\":\"names\",\"shape\":\"wide\","
		"\"populate\":\"lookup\",\"n\":23,\"threads\":1,"
		"\"traced\":0,\"clock\":\"ns\",\"samples\":3,\"exit\":0,"
		"\"why\":\"\","
		"\"side\":\"again\",\"order_seed\":23,"
		"\"start_ns\":[9223372036854775807,9223372036854775806,"
		"9223372036854775805],\"msgs\":[1,1,1],"
		"\"msg_errors\":[0,1,2],"
		"\"mem_peak_bytes\":[1000,1001,1002],"
		"\"slab_peak_bytes\":[900,901,902],"
		"\"daemon_rss_bytes\":[2000,2001,2002],\"phases\":{"
		"\"notify\":{\"ns\":[2300,2301,2302],"
		"\"driver_cpu_ns\":[10,11,12],\"daemon_cpu_ns\":[20,21,22],"
		"\"ops\":{}},"
		"\"first_touch\":{\"ns\":[50,51,null],"
		"\"driver_cpu_ns\":[0,0,0],\"daemon_cpu_ns\":[0,0,0],"
		"\"ops\":{\"LOOKUP\":[24,24,0],\"63\":[0,1,0]}}},"
		"\"host\":{\"kernel\":\"6.18.0\","
		"\"kernel_version\":\"#1 SMP\",\"arch\":\"x86_64\","
		"\"cpu_model\":\"A CPU\",\"virt\":\"kvm\","
		"\"emulator\":\"QEMU 7.2.22, CPU max\","
		"\"fuse\":\"v8 "
		"0123456789ab\",\"name\":\"\",\"tracer\":\"\",\"libfuse\":\"3."
		"14.0\","
		"\"bench\":\"v1\","
		"\"cpus\":\"0,1\","
		"\"fuse_minor\":44,\"cpu_cnt\":2,"
		"\"mem_total_bytes\":17179869184,"
		"\"mem_available_bytes\":8589934592,\"load1\":0.25}}";
	char *line = valid_line();

	(void)state;
	assert_string_equal(line, want);
	free(line);
}

/* Walks "a.b.c" from an object to the object that holds the last key. */
static json_t *parent_of(json_t *root, const char *path, const char **last)
{
	char part[64];
	size_t len;

	while (path[len = strcspn(path, ".")]) {
		snprintf(part, sizeof(part), "%.*s", (int)len, path);
		root = json_object_get(root, part);
		assert_non_null(root);
		path += len + 1;
	}
	*last = path;
	return root;
}

/* A valid line with one value replaced, or removed if value is NULL. */
static void put_changed(const char *path, const char *value)
{
	char *line = valid_line(), *changed;
	json_t *root = json_loads(line, 0, NULL), *parent;
	const char *key;

	parent = parent_of(root, path, &key);
	if (value)
		json_object_set_new(parent, key,
				    json_loads(value, JSON_DECODE_ANY, NULL));
	else
		json_object_del(parent, key);
	changed = json_dumps(root, JSON_COMPACT);
	strcat(strcpy(line = realloc(line, strlen(changed) + 2), changed),
	       "\n");
	put_file(line, strlen(line));
	free(changed);
	json_decref(root);
	free(line);
}

static void refuses_and_says_why(void **state)
{
	static const struct {
		const char *path, *value, *message;
	} cases[] = {
		{ "schema", "2", "\"schema\" is 2, this program reads 1 only" },
		{ "schema", "\"1\"", "\"schema\" must be a whole number" },
		{ "schema", NULL, "not a record of epochbench" },
		{ "method", NULL, "\"method\" is missing" },
		{ "method", "7", "\"method\" must be a string" },
		{ "method", "\"abcdefghijklmnopqrstuvwx\"",
		  "\"method\" is longer than 23 bytes" },
		{ "method", "\"\\u001b[2J\"",
		  "\"method\" must not hold control characters" },
		{ "method", "\"\\u009b2J\"",
		  "\"method\" must not hold control characters" },
		{ "host.cpu_model", "\"a\\u202eb\"",
		  "\"host.cpu_model\" must not hold control characters" },
		{ "why", "\"a\\u2066b\"", "must not hold control characters" },
		{ "case", "\"\"", "\"case\" must not be empty" },
		{ "run_id", "\"\"", "\"run_id\" must not be empty" },
		{ "n", "-5", "\"n\" must not be negative" },
		{ "n", "1.5", "\"n\" must be a whole number" },
		{ "threads", "4294967297", "\"threads\" must not be above" },
		{ "clock", "\"s\"", "\"clock\" must be \"ns\" or \"insns\"" },
		{ "clock", "\"insns\"", "\"phases.notify.insns\" is missing" },
		{ "samples", "4", "has 3 elements, but \"samples\" is 4" },
		{ "samples", "9223372036854775807", "more than 100000" },
		{ "samples", "100000", "has 3 elements" },
		{ "msgs", "[1,1]", "\"msgs\" has 2 elements" },
		{ "msgs", "{}", "\"msgs\" must be an array" },
		{ "msgs", NULL, "\"msgs\" is missing" },
		{ "msgs", "[1,1,null]",
		  "\"msgs\" must hold whole numbers, element 3 isn't" },
		{ "start_ns", "[1,-2,3]",
		  "\"start_ns\" must not be negative, element 2 is" },
		{ "phases", NULL, "\"phases\" must be an object" },
		{ "phases.notify", "[]", "\"phases.notify\" must be an" },
		{ "phases.notify.ns", "[1,2,-3]",
		  "\"phases.notify.ns\" must not be negative" },
		{ "phases.notify.daemon_cpu_ns", NULL,
		  "\"phases.notify.daemon_cpu_ns\" is missing" },
		{ "phases.notify.ops", NULL, "\"phases.notify.ops\" must" },
		{ "phases.first_touch.ops.LOOKUP", "[24]",
		  "\"phases.first_touch.ops.LOOKUP\" has 1 elements" },
		{ "host", "1", "\"host\" must be an object" },
		{ "host.kernel", NULL, "\"host.kernel\" is missing" },
		{ "host.load1", "-0.5", "\"host.load1\" must not be" },
		{ "host.load1", "1e16", "\"host.load1\" must not be above" },
		{ "host.load1", "\"0\"", "\"host.load1\" must be a number" },
	};
	char err[256], where[80];

	(void)state;
	snprintf(where, sizeof(where), "%s:1: ", file);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_changed(cases[i].path, cases[i].value);
		assert_int_equal(read_status(err, sizeof(err), NULL), -EINVAL);
		assert_memory_equal(err, where, strlen(where));
		if (!strstr(err, cases[i].message))
			assert_string_equal(err, cases[i].message);
	}
}

static void tolerates_what_a_newer_writer_adds(void **state)
{
	static const char *const paths[] = {
		"new",
		"host.new",
		"phases.notify.new",
		"phases.new",
		"phases.notify.ops.NEW",
	};
	char err[256];

	(void)state;
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++) {
		put_changed(paths[i], "{\"a\":[1]}");
		assert_int_equal(read_status(err, sizeof(err), NULL), 0);
	}
}

/* A daemon that isn't ours, and what was seen of it. */
static void keeps_what_is_said_of_a_daemon(void **state)
{
	struct record rec, *read = NULL;
	char err[256];
	size_t cnt = 0;

	(void)state;
	fill(&rec);
	rec.daemon = calloc(1, sizeof(*rec.daemon));
	assert_non_null(rec.daemon);
	*rec.daemon = (struct record_daemon){
		.command = "bindfs {source} {mount}",
		.program = "bindfs",
		.library = "libfuse.so.2.9.9",
		.threads = 3,
		.devices = 1,
		.listed_cnt = 7,
		.listed_of_cnt = 8,
		.entry_ns = 1000000000,
		.change_ns = 3000000000,
		.watched_ns = 3000000000,
	};
	AT(rec, 1, seen_cnt) = 2;
	AT(rec, 1, broken_bits) = RECORD_OVERLAY;
	write_record(&rec);
	assert_int_equal(record_read(file, &read, &cnt, err, sizeof(err)), 0);
	assert_int_equal(cnt, 1);
	assert_memory_equal(read->daemon, rec.daemon, sizeof(*rec.daemon));
	assert_int_equal(RECORD_VALUE(read, 1, seen_cnt), 2);
	assert_int_equal(RECORD_VALUE(read, 1, broken_bits), RECORD_OVERLAY);
	assert_int_equal(RECORD_VALUE(read, 0, broken_bits), 0);
	record_free(&rec);
	record_free(read);
	free(read);
}

/* Not measured isn't written either, so that no reader takes it for 0. */
static void knows_what_an_older_writer_left_out(void **state)
{
	struct record *read = NULL;
	char err[256], *line = NULL;
	size_t cnt = 0, cap = 0;
	FILE *f;

	(void)state;
	put_changed("slab_peak_bytes", NULL);
	assert_int_equal(record_read(file, &read, &cnt, err, sizeof(err)), 0);
	assert_int_equal(cnt, 1);
	assert_int_equal(RECORD_VALUE(read, 1, slab_peak_bytes), 0);
	assert_int_equal(RECORD_VALUE(read, 1, mem_peak_bytes), 1001);
	assert_int_equal(remove(file), 0);
	write_record(read);
	f = fopen(file, "r");
	assert_non_null(f);
	assert_true(getline(&line, &cap, f) > 0);
	fclose(f);
	assert_null(strstr(line, "slab_peak_bytes"));
	assert_non_null(strstr(line, "mem_peak_bytes"));
	free(line);
	record_free(read);
	free(read);
}

/* The good line before is kept, the bad one is named by its number. */
static void refuses_a_line_cut_anywhere(void **state)
{
	char *line = valid_line(), err[256], where[80];
	size_t len = strlen(line), cnt;
	char *text = malloc(2 * len + 3);

	(void)state;
	snprintf(where, sizeof(where), "%s:3: ", file);
	memcpy(text, line, len);
	memcpy(text + len, "\n\n", 2);
	memcpy(text + len + 2, line, len);
	for (size_t cut = 1; cut < len; cut++) {
		put_file(text, len + 2 + cut);
		assert_int_equal(read_status(err, sizeof(err), &cnt), -EINVAL);
		assert_int_equal(cnt, 1);
		assert_memory_equal(err, where, strlen(where));
	}
	put_file(text, len + 2 + len / 2);
	read_status(err, sizeof(err), NULL);
	assert_non_null(strstr(err, "cut off"));
	/* And where the line is whole: what came after it is lost. */
	put_file(text, 2 * len + 2);
	assert_int_equal(read_status(err, sizeof(err), &cnt), -EINVAL);
	assert_non_null(strstr(err, "cut off"));
	text[2 * len + 2] = '\n';
	put_file(text, 2 * len + 3);
	assert_int_equal(read_status(err, sizeof(err), &cnt), 0);
	assert_int_equal(cnt, 2);
	free(text);
	free(line);
}

/* Neither more samples nor more records than one command takes. */
static void refuses_too_many(void **state)
{
	struct record *recs = NULL;
	size_t cnt = RECORDS_MAX;
	char err[256];

	(void)state;
	assert_int_equal(record_append(NULL, &recs, &cnt, err, sizeof(err)),
			 -EINVAL);
	assert_int_equal(cnt, RECORDS_MAX);
	assert_string_equal(err, "more than 1000000 records: give fewer files");
}

static void refuses_foreign_files(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "[1]\n", ":1: not a JSON object" },
		{ "method,ns\nepoch,5\n", ":1: not a JSON object" },
		{ "\n  {\"a\":1}\n", ":2: \"schema\" is missing" },
		{ "{}{}", ":1: not JSON: " },
		{ "{\"schema\":1,\"schema\":1}", ":1: not JSON: duplicate" },
		{ "{\x1b[2J", ":1: not JSON: " },
	};
	struct record *recs = NULL;
	size_t cnt = 0;
	char err[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		put_file(cases[i].text, strlen(cases[i].text));
		assert_int_equal(read_status(err, sizeof(err), NULL), -EINVAL);
		assert_non_null(strstr(err, cases[i].message));
		assert_null(strchr(err, '\x1b'));
	}
	assert_int_equal(
		record_read("/dev/zero", &recs, &cnt, err, sizeof(err)),
		-EFBIG);
	assert_int_equal(record_read(dir, &recs, &cnt, err, sizeof(err)),
			 -EISDIR);
	assert_int_equal(record_read("/no/such", &recs, &cnt, err, sizeof(err)),
			 -ENOENT);
	assert_string_equal(err, "/no/such: No such file or directory");
	assert_null(recs);
}

/* Nothing but 0 or -EINVAL with a message, whatever the bytes. */
static void survives_garbage(void **state)
{
	char *line = valid_line(), err[256];
	size_t len = strlen(line);
	uint64_t x = 88172645463325252ull;

	(void)state;
	for (int round = 0; round < 3000; round++) {
		char *bad = strdup(line);

		for (int flips = 0; flips <= round % 4; flips++) {
			x ^= x << 13; /* xorshift64: same bytes in each run */
			x ^= x >> 7;
			x ^= x << 17;
			bad[x % len] = (x >> 32) & 1 ? line[(x >> 33) % len]
						     : (char)(x >> 40);
		}
		put_file(bad, len);
		if (read_status(err, sizeof(err), NULL)) {
			assert_memory_equal(err, file, strlen(file));
			assert_non_null(strstr(err, ": "));
		}
		free(bad);
	}
	free(line);
}

/* Cut in the middle of a character, with a line break. */
static void writes_only_valid_text(void **state)
{
	struct record rec, *got = NULL;
	char err[256];
	size_t cnt = 0;

	(void)state;
	fill(&rec);
	strcpy(rec.why, "a\nb \xc3");
	write_record(&rec);
	record_free(&rec);
	assert_int_equal(record_read(file, &got, &cnt, err, sizeof(err)), 0);
	assert_string_equal(got[0].why, "a b ?");
	record_free(&got[0]);
	free(got);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(refuses_numbers_json_cannot_hold),
		cmocka_unit_test(comes_back_unchanged),
		cmocka_unit_test(keeps_the_kernels_view),
		cmocka_unit_test(has_the_documented_form),
		cmocka_unit_test(refuses_and_says_why),
		cmocka_unit_test(tolerates_what_a_newer_writer_adds),
		cmocka_unit_test(knows_what_an_older_writer_left_out),
		cmocka_unit_test(refuses_a_line_cut_anywhere),
		cmocka_unit_test(refuses_too_many),
		cmocka_unit_test(keeps_what_is_said_of_a_daemon),
		cmocka_unit_test(refuses_foreign_files),
		cmocka_unit_test(survives_garbage),
		cmocka_unit_test(writes_only_valid_text),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, setup, teardown);
}
