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
 *   op 32 insns 1822 of 192 upper 1830
 *   ffffffff8117e6a0 1
 *   ffffffff8117e6a4 1
 *   ...
 *
 * its number, the instructions from marker to marker, how often it was executed,
 * and what three of four of these didn't exceed; then how often each address was executed in the shortest one.
 * `epochbench profile` makes functions of the addresses.
 *
 * It works for one CPU, because -icount has no more.  Debian doesn't package
 * QEMU's header, so this file declares what it uses of the interface: version 1
 * (QEMU 4.2 to 8.2), and versions 2 and later (from 9.0 on); it looks which of
 * the functions are there.  QEMU itself refuses a plugin whose version it
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

/* With the version of the interface that this QEMU has. */
struct qemu_info {
	const char *target_name;
	struct {
		int min, cur;
	} version;
};

/* Counters of each CPU; an entry is the one at an offset. */
struct qemu_plugin_scoreboard;
struct qemu_plugin_u64 {
	struct qemu_plugin_scoreboard *score;
	size_t offset;
};

size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
struct qemu_plugin_insn *
qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t idx);
size_t qemu_plugin_insn_size(const struct qemu_plugin_insn *insn);
uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
void qemu_plugin_register_vcpu_tb_trans_cb(
	uint64_t id, void (*cb)(uint64_t id, struct qemu_plugin_tb *tb));
void qemu_plugin_register_vcpu_insn_exec_cb(struct qemu_plugin_insn *insn,
					    void (*cb)(unsigned int vcpu,
						       void *arg),
					    int flags, void *arg);
void qemu_plugin_register_atexit_cb(uint64_t id,
				    void (*cb)(uint64_t id, void *arg),
				    void *arg);

/* One name, two functions: up to version 2, and from version 3 on. */
const void *
insn_data(const struct qemu_plugin_insn *insn) __asm__("qemu_plugin_insn_data");
size_t insn_data_copy(const struct qemu_plugin_insn *insn, void *to,
		      size_t len) __asm__("qemu_plugin_insn_data");

/* Version 1 alone has this, */
__attribute__((weak)) void
qemu_plugin_register_vcpu_insn_exec_inline(struct qemu_plugin_insn *insn,
					   int op, void *ptr, uint64_t imm);

/* and from version 2 on there are these in place of it. */
__attribute__((weak)) struct qemu_plugin_scoreboard *
qemu_plugin_scoreboard_new(size_t element_size);
__attribute__((weak)) void *
qemu_plugin_scoreboard_find(struct qemu_plugin_scoreboard *score,
			    unsigned int vcpu);
__attribute__((weak)) void qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
	struct qemu_plugin_insn *insn, int op, struct qemu_plugin_u64 entry,
	uint64_t imm);

EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(uint64_t id, const struct qemu_info *info,
			       int argc, char **argv);

static bool has_scoreboards(void)
{
	return qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu;
}

/* Before QEMU looks at the version. */
__attribute__((constructor)) static void choose_version(void)
{
	if (has_scoreboards())
		qemu_plugin_version = 2;
}

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
static struct qemu_plugin_scoreboard
	*scores[CHUNKS_MAX]; /* they are in, if any */
static struct spot *spots[CHUNKS_MAX];
static size_t spot_cnt;
static size_t bucket[BUCKETS];

struct line {
	uint64_t vaddr, cnt;
};

static struct op {
	uint64_t insn_cnt; /* of the shortest */
	uint64_t *seen; /* instructions of each */
	size_t seen_cnt, room;
	struct line *line;
	size_t line_cnt;
} ops[1 << MARKER_OP_BITS];

static unsigned int current;
static bool inside;
static const char *path;
static bool copies_data;

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

static void add_chunk(size_t chunk)
{
	size_t bytes = CHUNK_SPOTS * sizeof(uint64_t);

	spots[chunk] = calloc(CHUNK_SPOTS, sizeof(struct spot));
	if (has_scoreboards()) {
		scores[chunk] = qemu_plugin_scoreboard_new(bytes);
		counters[chunk] = qemu_plugin_scoreboard_find(scores[chunk], 0);
	} else {
		counters[chunk] = calloc(1, bytes);
	}
	if (!spots[chunk] || !counters[chunk])
		give_up("no memory");
}

/* Which counter is that of an address. */
static size_t spot_of(uint64_t vaddr)
{
	size_t *head =
		&bucket[vaddr * 0x9e3779b97f4a7c15ULL >> 32 & (BUCKETS - 1)];
	size_t chunk = spot_cnt / CHUNK_SPOTS;

	for (size_t i = *head; i; i = spot_at(i - 1)->next)
		if (spot_at(i - 1)->vaddr == vaddr)
			return i - 1;
	if (chunk == CHUNKS_MAX)
		give_up("more addresses than it has room for");
	if (!spots[chunk])
		add_chunk(chunk);
	*spot_at(spot_cnt) = (struct spot){ vaddr, *head };
	*head = ++spot_cnt;
	return spot_cnt - 1;
}

static void count(struct qemu_plugin_insn *insn)
{
	size_t spot = spot_of(qemu_plugin_insn_vaddr(insn));

	if (has_scoreboards())
		qemu_plugin_register_vcpu_insn_exec_inline_per_vcpu(
			insn, INLINE_ADD_U64,
			(struct qemu_plugin_u64){ scores[spot / CHUNK_SPOTS],
						  spot % CHUNK_SPOTS *
							  sizeof(uint64_t) },
			1);
	else
		qemu_plugin_register_vcpu_insn_exec_inline(insn, INLINE_ADD_U64,
							   counter_at(spot), 1);
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

static void add_seen(struct op *op, uint64_t insn_cnt)
{
	if (op->seen_cnt == op->room) {
		op->room = op->room ? 2 * op->room : 64;
		op->seen = reallocarray(op->seen, op->room, sizeof(*op->seen));
		if (!op->seen)
			give_up("no memory");
	}
	op->seen[op->seen_cnt++] = insn_cnt;
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
	if (!op->seen_cnt || insn_cnt < op->insn_cnt)
		keep(op, insn_cnt, line_cnt);
	add_seen(op, insn_cnt);
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
	uint8_t data[sizeof(nopl) + sizeof(uint32_t)];
	uint32_t disp;

	if (qemu_plugin_insn_size(insn) != sizeof(data))
		return 0;
	if (!copies_data)
		memcpy(data, insn_data(insn), sizeof(data));
	else if (insn_data_copy(insn, data, sizeof(data)) != sizeof(data))
		return 0;
	if (memcmp(data, nopl, sizeof(nopl)))
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
			count(insn);
	}
}

static int by_vaddr(const void *a, const void *b)
{
	const struct line *x = a, *y = b;

	return (x->vaddr > y->vaddr) - (x->vaddr < y->vaddr);
}

static int by_size(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* What three of four don't exceed: of three, the longest. */
static uint64_t upper_of(const struct op *op)
{
	qsort(op->seen, op->seen_cnt, sizeof(*op->seen), by_size);
	return op->seen[(3 * op->seen_cnt + 3) / 4 - 1];
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
		fprintf(out,
			"op %zu insns %" PRIu64 " of %zu upper %" PRIu64 "\n",
			i, op->insn_cnt, op->seen_cnt, upper_of(op));
		for (size_t k = 0; k < op->line_cnt; k++)
			fprintf(out, "%" PRIx64 " %" PRIu64 "\n",
				op->line[k].vaddr, op->line[k].cnt);
	}
	if (!out || fclose(out))
		fprintf(stderr, "profiler: cannot write %s\n", path);
}

int qemu_plugin_install(uint64_t id, const struct qemu_info *info, int argc,
			char **argv)
{
	copies_data = info->version.cur >= 3;
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
