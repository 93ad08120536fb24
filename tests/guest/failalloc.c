// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * failalloc - let an allocation of one of our programs fail, loaded with LD_PRELOAD
 *
 * FAILCALL_LOG: a file for a line "allocation PLACE" for each allocation of the program and
 * its children, also of libraries. With FAILCALL_NTH=N, the Nth of them fails, and the file
 * has only its line. With FAILCALL_LASTS, all later ones fail, too.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/guest/failcall.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

static atomic_long *count;
static struct failcall is;

__attribute__((constructor)) static void failalloc_begin(void)
{
	count = failcall_begin(&is, sizeof(*count));
}

/* Return true if this allocation fails. */
static bool failalloc_now(const void *caller)
{
	int kept = errno;
	Dl_info at;
	char text[512];
	long now;

	if (!count)
		return false;
	now = atomic_fetch_add(count, 1) + 1;
	if (!is.nth || now == is.nth) {
		if (!dladdr(caller, &at))
			at = (Dl_info){ .dli_fname = "?" };
		snprintf(text, sizeof(text), "allocation %s %#lx\n", at.dli_fname,
			 (long)((const char *)caller - (const char *)at.dli_fbase));
		failcall_note(is.log, text);
	}
	errno = kept;
	return is.nth && (now == is.nth || (is.lasts && now > is.nth));
}

static void *failalloc_no(void)
{
	errno = ENOMEM;
	return NULL;
}

void *malloc(size_t size)
{
	return failalloc_now(__builtin_return_address(0)) ? failalloc_no()
							  : __libc_malloc(size);
}

void *calloc(size_t n, size_t size)
{
	return failalloc_now(__builtin_return_address(0)) ? failalloc_no()
							  : __libc_calloc(n, size);
}

void *realloc(void *old, size_t size)
{
	return failalloc_now(__builtin_return_address(0)) ? failalloc_no()
							  : __libc_realloc(old, size);
}

void *reallocarray(void *old, size_t n, size_t size)
{
	size_t bytes;

	return __builtin_mul_overflow(n, size, &bytes) ||
			       failalloc_now(__builtin_return_address(0))
		       ? failalloc_no()
		       : __libc_realloc(old, bytes);
}
