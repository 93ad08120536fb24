/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * failcall.h - what the libraries that let calls fail have in common
 */
#pragma once

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
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
