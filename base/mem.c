// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define MEM_IS_CHECKED
#endif
#endif
#ifdef __SANITIZE_ADDRESS__
#define MEM_IS_CHECKED
#endif
#ifdef MEM_IS_CHECKED
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(p, n)	  ((void)(p), (void)(n))
#define ASAN_UNPOISON_MEMORY_REGION(p, n) ((void)(p), (void)(n))
#endif

enum {
	ALIGN = 16,
	CHUNK_BYTES = 4096 - 64, /* of small objects */
	LARGE_BYTES = 2048,	 /* a larger object has a chunk of its own */
	FIRST_BYTES = 64,	 /* of an array */
};

/* The bytes of a chunk follow it. */
struct mem_chunk {
	struct mem_chunk *next, *previous;
	size_t bytes;
	size_t unused; /* keeps what follows aligned */
};

struct mem_owned {
	struct mem_owned *next;
	void *block;
};

/* What is before the elements of an array. */
struct vec_head {
	size_t room;
	struct mem_chunk *own; /* NULL: it shares one */
};

_Static_assert(sizeof(struct mem_chunk) % ALIGN == 0, "alignment");
_Static_assert(sizeof(struct vec_head) == ALIGN, "alignment");

static void mem_chunk_free(struct mem_chunk *chunk)
{
	if (chunk)
		ASAN_UNPOISON_MEMORY_REGION(chunk + 1, chunk->bytes);
	free(chunk);
}

void mem_end(struct mem *m)
{
	while (m->owned) {
		struct mem_owned *owned = m->owned;

		m->owned = owned->next;
		free(owned->block);
	}
	while (m->chunks) {
		struct mem_chunk *chunk = m->chunks;

		m->chunks = chunk->next;
		mem_chunk_free(chunk);
	}
	mem_chunk_free(m->reserve);
	m->reserve = NULL;
	m->at = m->end = NULL;
	m->failed = m->lost = false;
}

int mem_fail(struct mem *m)
{
	m->failed = true;
	m->lost |= m->is_undoing;
	return -ENOMEM;
}

static struct mem_chunk *mem_chunk_new(size_t bytes)
{
	struct mem_chunk *chunk = malloc(sizeof(*chunk) + bytes);

	if (chunk) {
		*chunk = (struct mem_chunk){ .bytes = bytes };
		ASAN_POISON_MEMORY_REGION(chunk + 1, bytes);
	}
	return chunk;
}

static void mem_link(struct mem *m, struct mem_chunk *chunk)
{
	chunk->next = m->chunks;
	chunk->previous = NULL;
	if (m->chunks)
		m->chunks->previous = chunk;
	m->chunks = chunk;
}

int mem_reserve(struct mem *m, size_t n)
{
	if (!m->failed && (!m->reserve || m->reserve->bytes < n)) {
		struct mem_chunk *more = mem_chunk_new(n);

		if (!more)
			return mem_fail(m);
		mem_chunk_free(m->reserve);
		m->reserve = more;
	}
	return mem_check(m);
}

/* Return a chunk for one object, or NULL. Pages without a write stay untouched. */
static void *mem_take_large(struct mem *m, size_t bytes)
{
	struct mem_chunk *chunk = m->failed ? NULL : calloc(1, sizeof(*chunk) + bytes);

	if (!chunk)
		return NULL;
	chunk->bytes = bytes;
	mem_link(m, chunk);
	return chunk + 1;
}

/* Return n zeroed bytes: those that are free, of a new chunk, or of the reserve. NULL: memory
 * is short. */
static void *mem_take(struct mem *m, size_t n)
{
	size_t bytes = (n + !n + ALIGN - 1) / ALIGN * ALIGN;
	bool is_large = bytes > LARGE_BYTES;
	struct mem_chunk *chunk;
	void *at;

	if (bytes > (size_t)(m->end - m->at)) {
		at = is_large ? mem_take_large(m, bytes) : NULL;
		if (at)
			return at;
		chunk = m->failed || is_large ? NULL : mem_chunk_new(CHUNK_BYTES);
		if (!chunk) {
			m->failed = true;
			if (!m->reserve || m->reserve->bytes < bytes) {
				m->lost = true;
				return NULL;
			}
			chunk = m->reserve;
			m->reserve = NULL;
		}
		mem_link(m, chunk);
		m->at = (char *)(chunk + 1);
		m->end = m->at + chunk->bytes;
	}
	at = m->at;
	m->at += bytes;
	ASAN_UNPOISON_MEMORY_REGION(at, n);
	return memset(at, 0, n);
}

void *mem_scratch(struct mem *m, size_t n)
{
#ifdef MEM_IS_CHECKED /* a reader of the object before gets no zeros */
	memset(m->scratch, 0xa5, MEM_MAX);
#endif
	return memset(m->scratch, 0, n);
}

void *mem_array(struct mem *m, size_t n, size_t size)
{
	if (n > SIZE_MAX / 2 / size) {
		mem_fail(m);
		return NULL;
	}
	return mem_take(m, n * size);
}

const char *mem_vtext(struct mem *m, const char *fmt, va_list ap)
{
	va_list again;
	char *text;
	int len;

	va_copy(again, ap);
	len = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	text = len < 0 ? NULL : mem_take(m, (size_t)len + 1);
	if (!text) {
		mem_fail(m);
		return "";
	}
	vsnprintf(text, (size_t)len + 1, fmt, ap);
	return text;
}

const char *mem_text(struct mem *m, const char *fmt, ...)
{
	const char *text;
	va_list ap;

	va_start(ap, fmt);
	text = mem_vtext(m, fmt, ap);
	va_end(ap);
	return text;
}

const char *mem_copy_n(struct mem *m, const char *text, size_t n)
{
	size_t len = strnlen(text, n);
	char *copy = mem_take(m, len + 1);

	return copy ? memcpy(copy, text, len) : "";
}

const char *mem_copy(struct mem *m, const char *text)
{
	return text ? mem_copy_n(m, text, strlen(text)) : NULL;
}

const char *mem_move(struct mem *m, char *text)
{
	const char *copy = mem_copy(m, text);

	free(text);
	return copy;
}

void *mem_own(struct mem *m, void *block)
{
	struct mem_owned *owned = block ? mem_take(m, sizeof(*owned)) : NULL;

	if (!owned) {
		free(block);
		return NULL;
	}
	*owned = (struct mem_owned){ .next = m->owned, .block = block };
	m->owned = owned;
	return block;
}

/* Move an array to a chunk of its own, or make that larger. Return NULL without memory. */
static struct vec_head *vec_own(struct mem *m, struct vec_head *head, size_t used,
				size_t bytes)
{
	struct mem_chunk *old = head ? head->own : NULL, *chunk;

	if (m->failed)
		return NULL;
	if (!old) {
		chunk = mem_chunk_new(bytes);
		if (!chunk)
			return NULL;
		ASAN_UNPOISON_MEMORY_REGION(chunk + 1, bytes);
		if (head)
			memcpy(chunk + 1, head, used);
		mem_link(m, chunk);
	} else {
		chunk = realloc(old, sizeof(*chunk) + bytes);
		if (!chunk)
			return NULL;
		chunk->bytes = bytes;
		if (chunk->next)
			chunk->next->previous = chunk;
		if (chunk->previous)
			chunk->previous->next = chunk;
		else
			m->chunks = chunk;
	}
	head = (struct vec_head *)(chunk + 1);
	head->own = chunk;
	return head;
}

void *vec_room(struct mem *m, void *array, size_t n, size_t size)
{
	struct vec_head *head = array ? (struct vec_head *)array - 1 : NULL, *old = head;
	size_t room = head ? head->room : 0, used = sizeof(*head) + n * size, bytes;

	if (n == room) {
		room = room ? 2 * room : size < FIRST_BYTES ? FIRST_BYTES / size : 1;
		if (room > SIZE_MAX / 2 / size) {
			mem_fail(m);
			return NULL;
		}
		bytes = sizeof(*head) + room * size;
		head = bytes > LARGE_BYTES ? vec_own(m, old, used, bytes) : NULL;
		if (!head) {
			m->failed = m->failed || bytes > LARGE_BYTES;
			head = mem_take(m, bytes);
			if (!head)
				return NULL;
			if (old)
				memcpy(head, old, used);
			head->own = NULL;
		}
		head->room = room;
	}
	memset((char *)(head + 1) + n * size, 0, size);
	return head + 1;
}
