/* SPDX-License-Identifier: GPL-2.0-only */
/* What becomes of calls that the kernel skips, and who adds to a counter. */
#ifndef PAIRS_BPF_H
#define PAIRS_BPF_H

/*
 * The kernel doesn't run a program on a CPU where a task was preempted in the
 * middle of it (prog->active), until that task goes on: thousands of calls, if
 * others are busy.  So where kernel code can be preempted each program but that
 * of the hot path is there twice: whichever calls the first didn't see are seen
 * by the second, unless tasks were preempted in both.  The first leaves a note
 * for the second, with the task: it may run on another CPU by then.  The kernel
 * runs those first that were attached last.
 */
const volatile bool paired;

/*
 * What the seconds did: calls that neither saw are what the firsts missed,
 * less these.
 */
__u64 ran_again;

/*
 * The task whose first program is done and whose second isn't yet, plus that
 * program's number: a task is aligned to cache lines.
 */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1 << TRACE_NOTE_BITS);
	__type(key, __u32);
	__type(value, __u64);
} notes SEC(".maps");

static __always_inline void note_done(__u64 number)
{
	__u64 mine = bpf_get_current_task() + number, other;
	__u64 *note = POINTER_ELEMENT(notes, mine - number, TRACE_NOTE_BITS);

	if (!note)
		return;
	other = __sync_lock_test_and_set(note, mine);
	/* Another's second comes, or came and was skipped. */
	if (other && (other ^ mine) >= TRACE_PROGRAMS)
		count_lost(TRACE_LOST_STATE);
}

static __always_inline bool was_done(__u64 number)
{
	__u64 mine = bpf_get_current_task() + number;
	__u64 *note = POINTER_ELEMENT(notes, mine - number, TRACE_NOTE_BITS);

	return note && __sync_val_compare_and_swap(note, mine, 0) == mine;
}

/* on_NAME(ctx) is what it does. */
#define PROGRAM(kind, function, name) \
	PROGRAM_(kind, function, name, __COUNTER__)
#define PROGRAM_(kind, function, name, number)       \
	SEC(#kind "/" #function)                     \
	int name##_again(__u64 *ctx)                 \
	{                                            \
		if (was_done(number))                \
			return 0;                    \
		__sync_fetch_and_add(&ran_again, 1); \
		on_##name(ctx);                      \
		return 0;                            \
	}                                            \
	SEC(#kind "/" #function)                     \
	int name(__u64 *ctx)                         \
	{                                            \
		on_##name(ctx);                      \
		if (paired)                          \
			note_done(number);           \
		return 0;                            \
	}                                            \
	_Static_assert((number) < TRACE_PROGRAMS, "too many for a note")

/*
 * On the hot path a second would cost more than the first.  There the kernel
 * itself counts the calls that weren't seen, of all mounts together.
 */
#define PROGRAM_ONCE(kind, function, name) \
	SEC(#kind "/" #function)           \
	int name(__u64 *ctx)               \
	{                                  \
		return on_##name(ctx);     \
	}

/*
 * Each counter is written by one program only.  That doesn't run twice at once
 * on a CPU, so that nothing is lost between a load and a store; but where it is
 * there twice, two may.
 */
#define ADD(counter, value) ADD_IF(paired, counter, value)
#define ADD_IF(atomic, counter, value)                           \
	do {                                                     \
		if (atomic)                                      \
			__sync_fetch_and_add(&(counter), value); \
		else                                             \
			(counter) += (value);                    \
	} while (0)

#endif
