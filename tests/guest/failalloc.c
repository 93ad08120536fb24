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
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/guest/failcall.h"

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t n, size_t size);
void *__libc_realloc(void *old, size_t size);

/* The children of a program count its allocations on. */
static atomic_long *count;
static const char *log_name;
static long nth;
static bool lasts;

__attribute__((constructor)) static void failalloc_begin(void)
{
	const char *position = getenv("FAILCALL_NTH");
	void *shared;

	log_name = getenv("FAILCALL_LOG");
	if (!log_name || !failcall_is_ours(program_invocation_short_name))
		return;
	nth = position ? strtol(position, NULL, 10) : 0;
	lasts = getenv("FAILCALL_LASTS") != NULL;
	shared = mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	count = shared == MAP_FAILED ? NULL : shared;
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
	if (!nth || now == nth) {
		if (!dladdr(caller, &at))
			at = (Dl_info){ .dli_fname = "?" };
		snprintf(text, sizeof(text), "allocation %s %#lx\n", at.dli_fname,
			 (long)((const char *)caller - (const char *)at.dli_fbase));
		failcall_note(log_name, text);
	}
	errno = kept;
	return nth && (now == nth || (lasts && now > nth));
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
