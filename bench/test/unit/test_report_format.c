// SPDX-License-Identifier: GPL-2.0-only
/*
 * Markdown, JSON, the host line, and the command with its exit status.
 */
#include <sys/wait.h>
#include <unistd.h>

#include <jansson.h>

#include "bench/cmd/cmd.h"
#include "bench/lib/output.h"
#include "report_fixture.h"
#include "bench/record/record_text.h"

static void markdown(void **state)
{
	struct record recs[] = {
		make("selftest", "inval_entry", "names", 10),
		make("selftest", "prune", "names", 10),
	};
	char *text;

	(void)state;
	recs[1].exit = 77;
	strcpy(recs[1].why, "a|b");
	text = print(recs, 2, REPORT_MARKDOWN, false);
	has(text, "### Self-test: wide, 100k names, populated by lookup, 1 "
		  "thread\n\n| method | notify | total |");
	has(text, "\n|---|---:|---:|---:|---:|---:|---:|---:|\n");
	has(text, "\n| inval\\_entry | 2.3 us | 1.1 ms | 9.1% | - | - | "
		  "100001 | 3 |\n");
	has(text, "\n| prune | skipped: a\\|b |  |  |  |  |  |  |\n");
	free(text);
}

static void json_has_numbers_with_units(void **state)
{
	struct record recs[] = {
		make("selftest", "epoch", "names", 10),
		make("selftest", "prune", "names", 10),
	};
	json_t *root, *row;
	char *text;

	(void)state;
	recs[0].sample_cnt = 2;
	recs[1].exit = 77;
	text = print(recs, 2, REPORT_JSON, true);
	root = json_loads(text, 0, NULL);
	assert_int_equal(json_array_size(root), 1);
	row = json_array_get(json_object_get(json_array_get(root, 0), "rows"),
			     0);
#define ROW(key) json_object_get(row, key)
	assert_string_equal(json_string_value(ROW("method")), "epoch");
	assert_int_equal(json_integer_value(ROW("notify_median_ns")), 2300);
	assert_int_equal(json_integer_value(ROW("total_LOOKUP_cnt")), 100001);
	assert_int_equal(json_integer_value(ROW("runs")), 2);
	assert_true(json_is_real(ROW("total_mad_pct")));
	assert_true(json_is_null(ROW("total_vs_none_ratio")));
	row = json_array_get(json_object_get(json_array_get(root, 0), "rows"),
			     1);
	assert_string_equal(json_string_value(ROW("status")),
			    "skipped: no reason recorded");
	row = json_array_get(json_object_get(json_array_get(root, 0), "phases"),
			     0);
	assert_int_equal(json_integer_value(ROW("median_ns")), 2300);
	json_decref(root);
	free(text);
}

static void an_emulated_guest_is_marked(void **state)
{
	struct record rec = make("selftest", "none", "none", 10);
	char *text;

	(void)state;
	strcpy(rec.host.virt, "tcg");
	strcpy(rec.host.emulator, "QEMU 7.2.22, CPU max");
	text = print(&rec, 1, REPORT_MARKDOWN, false);
	has(text, "1 thread, emulated\n");
	has(text, "tcg by QEMU 7.2.22, CPU max, load");
	has(text, "Emulated: no time here");
	free(text);
	rec = make("selftest", "none", "none", 10);
	strcpy(rec.host.emulator, "QEMU 7.2.22, CPU max");
	text = print(&rec, 1, REPORT_MARKDOWN, false);
	has(text, "kvm by QEMU");
	has_not(text, "mulated");
	free(text);
}

static void host_line_says_which_cpus(void **state)
{
	struct hostinfo host = { .kernel = "6.1", .virt = "metal" };
	char *line;

	(void)state;
	strcpy(host.cpus, "0,1");
	line = record_host_line(&host);
	has(line, "driver on CPU 0, daemon on CPU 1");
	has(line, "bare metal");
	has_not(line, "FUSE 7.0");
	free(line);
	strcpy(host.cpus, "0,2-3");
	line = record_host_line(&host);
	has(line, "driver on CPU 0, daemon on CPUs 2-3");
	free(line);
}

/* Exit status of `epochbench report arg file`; sizes of what it printed. */
static int run_report(const char *arg, const char *file, char *err,
		      size_t err_len, long *out_len)
{
	FILE *out = tmpfile(), *talk = tmpfile();
	size_t len;
	int status;

	assert_true(out && talk);
	fflush(stdout);
	if (!fork()) {
		char *argv[] = { (char *)"epochbench report", (char *)arg,
				 (char *)file, NULL };

		dup2(fileno(out), STDOUT_FILENO);
		dup2(fileno(talk), STDERR_FILENO);
		exit(cmd_report(file ? 3 : 2, argv));
	}
	assert_true(wait(&status) > 0);
	assert_true(WIFEXITED(status));
	fseek(out, 0, SEEK_END);
	*out_len = ftell(out);
	rewind(talk);
	len = fread(err, 1, err_len - 1, talk);
	err[len] = '\0';
	fclose(out);
	fclose(talk);
	return WEXITSTATUS(status);
}

static void command_refuses_with_2(void **state)
{
	char path[] = "/tmp/test_report.XXXXXX", err[512], want[128];
	struct record rec = make("selftest", "epoch", "names", 10);
	int fd = mkstemp(path);
	const struct record_list list = { &rec, 1 };
	long out;

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(output_write(path, record_write, &list), 0);
	record_free(&rec);
	close(fd);
	assert_int_equal(run_report("-v", path, err, sizeof(err), &out), 0);
	assert_true(out > 0);
	assert_string_equal(err, "");

	assert_int_equal(truncate(path, 200), 0);
	snprintf(want, sizeof(want),
		 "epochbench: report: %s:1: the record is "
		 "cut off",
		 path);
	assert_int_equal(run_report("-v", path, err, sizeof(err), &out), 2);
	has(err, want);
	assert_int_equal(out, 0);

	assert_int_equal(truncate(path, 0), 0);
	assert_int_equal(run_report("-v", path, err, sizeof(err), &out), 2);
	has(err, ": no records");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(run_report("-v", path, err, sizeof(err), &out), 2);
	has(err, "No such file");

	assert_int_equal(run_report("-fxml", path, err, sizeof(err), &out), 2);
	has(err, "epochbench report: no format is called 'xml'");
	assert_int_equal(run_report("-v", NULL, err, sizeof(err), &out), 2);
	has(err, "no FILE given");
	assert_int_equal(run_report("-h", NULL, err, sizeof(err), &out), 0);
	assert_true(out > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(markdown),
		cmocka_unit_test(json_has_numbers_with_units),
		cmocka_unit_test(an_emulated_guest_is_marked),
		cmocka_unit_test(host_line_says_which_cpus),
		cmocka_unit_test(command_refuses_with_2),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
