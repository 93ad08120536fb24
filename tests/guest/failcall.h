/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failcall.h - what the libraries that let calls fail have in common
 */
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static inline bool failcall_is_ours(const char *program)
{
	static const char *const ours[] = {
		"drmgr",       "lsslot",     "drmon",	   "papr-overlay",
		"papr-eventd", "rtas-event", "ofpathtool",
	};

	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		if (!strcmp(program, ours[i]))
			return true;
	return false;
}

/* What the environment says. */
struct failcall {
	const char *log; /* a file */
	long nth;	 /* the call that fails; 0: none */
	bool lasts;
};

/* Read the environment. Return memory that the program shares with its children, which count
 * its calls on; NULL: no call is counted. */
static inline void *failcall_begin(struct failcall *is, size_t size)
{
	const char *position = getenv("FAILCALL_NTH");
	void *shared;

	is->log = getenv("FAILCALL_LOG");
	if (!is->log || !failcall_is_ours(program_invocation_short_name))
		return NULL;
	is->nth = position ? strtol(position, NULL, 10) : 0;
	is->lasts = getenv("FAILCALL_LASTS") != NULL;
	shared = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
		      0);
	return shared == MAP_FAILED ? NULL : shared;
}

/* Append a line to the file of this name, without calls that could be one of ours. */
static inline void failcall_note(const char *name, const char *line)
{
	int fd = (int)syscall(SYS_openat, AT_FDCWD, name,
			      O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

	if (fd < 0)
		return;
	syscall(SYS_write, fd, line, strlen(line));
	syscall(SYS_close, fd);
}
