// SPDX-License-Identifier: GPL-2.0-only
/*
 * record_samples.c - the samples of a record, in columns.
 *
 * A struct sample has room for each request of each phase, 9.6 kB, of which a
 * measurement fills some forty words.  So a record keeps only those words that
 * aren't 0 in all of its samples: 100,000 records with all their samples then
 * take about as much memory as their text.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "record.h"

#define WORD_BYTES sizeof(uint64_t)
#define WORD_CNT (sizeof(struct sample) / WORD_BYTES)

_Static_assert(sizeof(struct sample) % WORD_BYTES == 0, "a sample is words");
_Static_assert(WORD_CNT <= UINT16_MAX, "a word's number fits");

/* Where the column of a word is, or would be. */
static size_t find(const struct record_samples *s, size_t word)
{
	size_t low = 0, high = s->word_cnt;

	while (low < high) {
		size_t mid = low + (high - low) / 2;

		if (s->word[mid] < word)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

static bool has(const struct record_samples *s, size_t nr, size_t word)
{
	return nr < s->word_cnt && s->word[nr] == word;
}

const uint64_t *record_column(const struct record *rec, size_t offset)
{
	const struct record_samples *s = &rec->samples;
	size_t nr = find(s, offset / WORD_BYTES);

	return has(s, nr, offset / WORD_BYTES) ? s->value + nr * s->room : NULL;
}

uint64_t record_value(const struct record *rec, size_t i, size_t offset)
{
	const uint64_t *column = record_column(rec, offset);

	return column ? column[i] : 0;
}

/* Room for so many words of so many samples; what is new is 0. */
static int resize(struct record_samples *s, size_t word_room, size_t room)
{
	uint16_t *word = reallocarray(s->word, word_room + 1, sizeof(*word));
	uint64_t *value = calloc(word_room * room + 1, sizeof(*value));

	if (word)
		s->word = word;
	if (!word || !value) {
		free(value);
		return -ENOMEM;
	}
	for (size_t i = 0; i < s->word_cnt; i++)
		memcpy(value + i * room, s->value + i * s->room,
		       (s->room < room ? s->room : room) * sizeof(*value));
	free(s->value);
	s->value = value;
	s->word_room = word_room;
	s->room = room;
	return 0;
}

int record_reserve(struct record *rec, size_t sample_cnt)
{
	struct record_samples *s = &rec->samples;

	return sample_cnt <= s->room ? 0 : resize(s, s->word_room, sample_cnt);
}

int record_trim(struct record *rec)
{
	return resize(&rec->samples, rec->samples.word_cnt, rec->sample_cnt);
}

uint64_t *record_column_new(struct record *rec, size_t offset)
{
	struct record_samples *s = &rec->samples;
	size_t word = offset / WORD_BYTES, nr = find(s, word);
	uint64_t *column;

	if (has(s, nr, word))
		return s->value + nr * s->room;
	if (s->word_cnt == s->word_room &&
	    resize(s, s->word_room ? 2 * s->word_room : 32, s->room))
		return NULL;
	column = s->value + nr * s->room;
	memmove(s->word + nr + 1, s->word + nr,
		(s->word_cnt - nr) * sizeof(*s->word));
	memmove(column + s->room, column,
		(s->word_cnt - nr) * s->room * sizeof(*column));
	memset(column, 0, s->room * sizeof(*column));
	s->word[nr] = (uint16_t)word;
	s->word_cnt++;
	return column;
}

/* One more of them, of which there is room for many. */
static int reserve_more(struct record *rec, size_t more)
{
	size_t wanted = rec->sample_cnt + more, room = rec->samples.room;

	if (wanted <= room)
		return 0;
	return record_reserve(rec, wanted > 2 * room ? wanted : 2 * room);
}

int record_add_sample(struct record *rec, const struct sample *sample)
{
	int ret = reserve_more(rec, 1);

	for (size_t word = 0; !ret && word < WORD_CNT; word++) {
		uint64_t value = ((const uint64_t *)sample)[word], *column;

		if (!value)
			continue;
		column = record_column_new(rec, word * WORD_BYTES);
		if (column)
			column[rec->sample_cnt] = value;
		else
			ret = -ENOMEM;
	}
	if (!ret)
		rec->sample_cnt++;
	return ret;
}

int record_add_samples(struct record *rec, const struct record *other)
{
	const struct record_samples *s = &other->samples;
	int ret = reserve_more(rec, other->sample_cnt);

	for (size_t i = 0; !ret && i < s->word_cnt; i++) {
		uint64_t *column =
			record_column_new(rec, s->word[i] * WORD_BYTES);

		if (column)
			memcpy(column + rec->sample_cnt, s->value + i * s->room,
			       other->sample_cnt * sizeof(*column));
		else
			ret = -ENOMEM;
	}
	if (!ret)
		rec->sample_cnt += other->sample_cnt;
	return ret;
}

int record_compare_samples(const struct record *a, size_t a_nr,
			   const struct record *b, size_t b_nr)
{
	const struct record_samples *x = &a->samples, *y = &b->samples;
	size_t i = 0, k = 0;

	while (i < x->word_cnt || k < y->word_cnt) {
		bool in_x = i < x->word_cnt &&
			    (k == y->word_cnt || x->word[i] <= y->word[k]);
		bool in_y = k < y->word_cnt &&
			    (i == x->word_cnt || y->word[k] <= x->word[i]);
		uint64_t p = in_x ? x->value[i * x->room + a_nr] : 0;
		uint64_t q = in_y ? y->value[k * y->room + b_nr] : 0;

		if (p != q)
			return p < q ? -1 : 1;
		i += in_x;
		k += in_y;
	}
	return 0;
}

void record_free(struct record *rec)
{
	free(rec->samples.word);
	free(rec->samples.value);
	free(rec->daemon);
	rec->samples = (struct record_samples){ .room = 0 };
	rec->daemon = NULL;
	rec->sample_cnt = 0;
}
