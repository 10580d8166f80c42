// SPDX-License-Identifier: GPL-2.0-only
/*
 * profiler.c - a TCG plugin of QEMU: which instructions does an operation take?
 *
 * It counts each instruction of the guest by its address.  The guest delimits
 * operations with markers (bench/lib/marker.h); the plugin keeps the counts of
 * the shortest one of each, because a timer's tick makes an operation longer.
 * The counters are inline additions, which the guest can't notice.  At the end
 * it writes for each operation that it saw:
 *
 *   op 32 insns 1822 of 192
 *   ffffffff8117e6a0 1
 *   ffffffff8117e6a4 1
 *   ...
 *
 * its number, the instructions from marker to marker, and how often it was
 * executed; then how often each address was executed in the shortest one.
 * `epochbench profile` makes functions of the addresses.
 *
 * It works for one CPU, because -icount has no more.  Debian doesn't package
 * QEMU's header, so this file declares what it uses of version 1 of the
 * interface (QEMU 4.2 to 8.2).  QEMU itself refuses a plugin whose version it
 * doesn't know.
 *
 *   qemu-system-x86_64 -plugin build/profiler.so,out=FILE ...
 */
#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/lib/marker.h"

#define EXPORT __attribute__((visibility("default")))

struct qemu_plugin_tb;
struct qemu_plugin_insn;
enum { CB_NO_REGS = 0, INLINE_ADD_U64 = 0 };

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
const void *qemu_plugin_insn_data(const struct qemu_plugin_insn *insn);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(
	uint64_t id, void (*cb)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int vcpu,
						       void *arg),
					    int flags, void *arg);
void qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
						int op, void *ptr,
						uint64_t imm);
void qemu_plugin_register_atexit_cb(uint64_t id,
				    void (*cb)(uint64_t id, void *arg),
				    void *arg);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(uint64_t id, const void *info, int argc,
			       char **argv);

/*
 * An address of the guest is a spot; kernel and programs share none.  Generated
 * code has pointers to the counters, so they never move; and as all are looked
 * through at each marker, they are by themselves.
 */
#define CHUNK_SPOTS 65536
#define CHUNKS_MAX 256
#define BUCKETS (1U << 19)

struct spot {
	uint64_t vaddr;
	size_t next; /* in the same bucket, from 1; 0: the last */
};

static uint64_t *counters[CHUNKS_MAX]; /* since the operation began */
static struct spot *spots[CHUNKS_MAX];
static size_t spot_cnt;
static size_t bucket[BUCKETS];

struct line {
	uint64_t vaddr, cnt;
};

static struct op {
	uint64_t insn_cnt; /* of the shortest */
	uint64_t seen_cnt;
	struct line *line;
	size_t line_cnt;
} ops[1 << MARKER_OP_BITS];

static unsigned int current;
static bool inside;
static const char *path;

static void give_up(const char *why)
{
	fprintf(stderr, "profiler: %s\n", why);
	exit(1);
}

static struct spot *spot_at(size_t i)
{
	return &spots[i / CHUNK_SPOTS][i % CHUNK_SPOTS];
}

static uint64_t *counter_at(size_t i)
{
	return &counters[i / CHUNK_SPOTS][i % CHUNK_SPOTS];
}

static uint64_t *counter_of(uint64_t vaddr)
{
	size_t *head =
		&bucket[vaddr * 0x9e3779b97f4a7c15ULL >> 32 & (BUCKETS - 1)];
	size_t chunk = spot_cnt / CHUNK_SPOTS;

	for (size_t i = *head; i; i = spot_at(i - 1)->next)
		if (spot_at(i - 1)->vaddr == vaddr)
			return counter_at(i - 1);
	if (chunk == CHUNKS_MAX)
		give_up("more addresses than it has room for");
	if (!spots[chunk]) {
		spots[chunk] = calloc(CHUNK_SPOTS, sizeof(struct spot));
		counters[chunk] = calloc(CHUNK_SPOTS, sizeof(uint64_t));
	}
	if (!spots[chunk] || !counters[chunk])
		give_up("no memory");
	*spot_at(spot_cnt) = (struct spot){ vaddr, *head };
	*head = ++spot_cnt;
	return counter_at(spot_cnt - 1);
}

static void begin(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	(void)arg;
	for (size_t i = 0; i < CHUNKS_MAX && counters[i]; i++)
		memset(counters[i], 0, CHUNK_SPOTS * sizeof(uint64_t));
	inside = true;
}

static void keep(struct op *op, uint64_t insn_cnt, size_t line_cnt)
{
	struct line *line = reallocarray(op->line, line_cnt, sizeof(*line));

	if (!line)
		give_up("no memory");
	op->line = line;
	op->line_cnt = 0;
	op->insn_cnt = insn_cnt;
	for (size_t i = 0; i < spot_cnt; i++)
		if (*counter_at(i))
			line[op->line_cnt++] = (struct line){ spot_at(i)->vaddr,
							      *counter_at(i) };
}

static void end(unsigned int vcpu, void *arg)
{
	struct op *op = &ops[current];
	uint64_t insn_cnt = 0;
	size_t line_cnt = 0;

	(void)vcpu;
	(void)arg;
	if (!inside)
		return;
	inside = false;
	for (size_t i = 0; i < spot_cnt; i++) {
		insn_cnt += *counter_at(i);
		line_cnt += *counter_at(i) != 0;
	}
	if (!op->seen_cnt++ || insn_cnt < op->insn_cnt)
		keep(op, insn_cnt, line_cnt);
}

static void bit(unsigned int vcpu, void *arg)
{
	(void)vcpu;
	current = (current << 1 | (arg != NULL)) & ((1 << MARKER_OP_BITS) - 1);
}

/* Which marker an instruction is; 0: none. */
static int marker_of(const struct qemu_plugin_insn *insn)
{
	static const uint8_t nopl[] = { 0x0f, 0x1f, 0x80 };
	const uint8_t *data = qemu_plugin_insn_data(insn);
	uint32_t disp;

	if (qemu_plugin_insn_size(insn) != sizeof(nopl) + sizeof(disp) ||
	    memcmp(data, nopl, sizeof(nopl)))
		return 0;
	memcpy(&disp, data + sizeof(nopl), sizeof(disp));
	return (disp & ~0xffU) == MARKER_MAGIC ? (int)(disp & 0xff) : 0;
}

static void translate(uint64_t id, struct qemu_plugin_tb *tb)
{
	(void)id;
	for (size_t i = 0; i < qemu_plugin_tb_n_insns(tb); i++) {
		struct qemu_plugin_insn *insn = qemu_plugin_tb_get_insn(tb, i);
		int marker = marker_of(insn);

		/* Markers themselves aren't counted. */
		if (marker == MARKER_BEGIN || marker == MARKER_END)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, marker == MARKER_BEGIN ? begin : end,
				CB_NO_REGS, NULL);
		else if (marker)
			qemu_plugin_register_vcpu_insn_exec_cb(
				insn, bit, CB_NO_REGS,
				marker == MARKER_ONE ? &current : NULL);
		else
			qemu_plugin_register_vcpu_insn_exec_inline(
				insn, INLINE_ADD_U64,
				counter_of(qemu_plugin_insn_vaddr(insn)), 1);
	}
}

static int by_vaddr(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

static void write_out(uint64_t id, void *arg)
{
	FILE *out = fopen(path, "w");

	(void)id;
	(void)arg;
	for (size_t i = 0; out && i < sizeof(ops) / sizeof(ops[0]); i++) {
		const struct op *op = &ops[i];

		if (!op->seen_cnt)
			continue;
		qsort(op->line, op->line_cnt, sizeof(*op->line), by_vaddr);
		fprintf(out, "op %zu insns %" PRIu64 " of %" PRIu64 "\n", i,
			op->insn_cnt, op->seen_cnt);
		for (size_t k = 0; k < op->line_cnt; k++)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n",
				op->line[k].vaddr, op->line[k].cnt);
	}
	if (!out || fclose(out))
		fprintf(stderr, "profiler: cannot write %s\n", path);
}

int qemu_plugin_install(uint64_t id, const void *info, int argc, char **argv)
{
	(void)info;
	for (int i = 0; i < argc; i++)
		if (!strncmp(argv[i], "out=", 4))
			path = strdup(argv[i] + 4);
	if (!path) {
		fprintf(stderr,
			"profiler: where to?  Use profiler.so,out=FILE\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translate);
	qemu_plugin_register_atexit_cb(id, write_out, NULL);
	return 0;
}
