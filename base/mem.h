/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * mem.h - memory of one list, run or result: allocated piece by piece, freed at once
 *
 * The first allocation that fails is remembered, so a function that could fail only for
 * memory returns void, and its caller asks mem_check() once, before the answer matters.
 * After a failure the reserve is used first, then one scratch area that all further objects
 * share. So, of objects in a struct mem:
 *   - none finds another through a pointer between them, except text and rows of arrays,
 *     whose count does not grow then;
 *   - loops end at a count, and a reader stops at its first failure.
 *
 * Memory:  a zeroed struct mem is empty. Objects are valid until mem_end(); arrays, until
 *          the next vec_add() of the same array.
 * Errors:  -ENOMEM. A function that reads into a struct mem returns it besides the errors that
 *          its own description names.
 */
#pragma once

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MEM_MAX = 4096 }; /* the largest object of mem_new() and vec_add() */

struct mem {
	struct mem_chunk *chunks;  /* the newest first */
	struct mem_owned *owned;   /* blocks of malloc(3), the newest first */
	struct mem_chunk *reserve; /* for the time after a failure */
	char *at, *end;		   /* what is free in a chunk */
	bool failed;		   /* an allocation */
	bool lost;		   /* an object, because the reserve was short, too */
	bool is_undoing;	   /* the reserve serves: only what is lost counts */
	_Alignas(16) char scratch[MEM_MAX];
};

/* Free all objects. The struct mem is empty then, and its failure is forgotten. */
void mem_end(struct mem *m);

#define _cleanup_mem_ __attribute__((cleanup(mem_end)))

/* Return -ENOMEM if an allocation has failed; in an undo, if an object is lost. Otherwise
 * return 0. */
static inline int mem_check(const struct mem *m)
{
	return (m->is_undoing ? m->lost : m->failed) ? -ENOMEM : 0;
}

/* Note a failure of an allocation elsewhere. Return -ENOMEM. */
int mem_fail(struct mem *m);

/* Hold so many bytes back, for small objects after a failure. Return mem_check(). */
int mem_reserve(struct mem *m, size_t n);

/* Return n zeroed elements of this size. NULL: memory is short. */
void *mem_array(struct mem *m, size_t n, size_t size);
/* Return a zeroed object; without memory it is in the scratch area. */
#define mem_new(m, type)                                              \
	({                                                            \
		_Static_assert(sizeof(type) <= MEM_MAX, "size");      \
		void *new_ = mem_array(m, 1, sizeof(type));           \
		(type *)(new_ ? new_ : mem_scratch(m, sizeof(type))); \
	})

/* Return a text, without memory "". */
const char *mem_text(struct mem *m, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
const char *mem_vtext(struct mem *m, const char *fmt, va_list ap)
	__attribute__((format(printf, 2, 0)));
/* Return a copy of a text, or of at most n bytes of it. NULL stays NULL. */
const char *mem_copy(struct mem *m, const char *text);
const char *mem_copy_n(struct mem *m, const char *text, size_t n);

/* Return a copy of a text of malloc(3), which is freed. NULL stays NULL. */
const char *mem_move(struct mem *m, char *text);

/* Own a block of malloc(3). Return it; NULL: it was NULL, or memory is short and it has been
 * freed. */
void *mem_own(struct mem *m, void *block);

/* Add a zeroed element to an array, whose pointer and count are 0 at first. Return it. Without
 * memory the array stays as it is, and the element is in the scratch area. */
#define vec_add(m, array, n)                                                  \
	({                                                                    \
		void *vec_ = vec_room(m, array, n, sizeof(*(array)));         \
		if (vec_)                                                     \
			(array) = vec_;                                       \
		(__typeof__(array))(vec_ ? &(array)[(n)++]                    \
					 : mem_scratch(m, sizeof(*(array)))); \
	})
/* Return the array, with a zeroed element after its n elements; or NULL. */
void *vec_room(struct mem *m, void *array, size_t n, size_t size);
/* Return n zeroed bytes of the scratch area. */
void *mem_scratch(struct mem *m, size_t n);
