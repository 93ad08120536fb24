/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that change the state of the whole process run in a child. */
#pragma once

#include <sys/wait.h>
#include <unistd.h>

#include "tests/unit/fakes/test.h"

/* In a child, which exits with the line of the failed check. */
#define CHECK(cond)                                \
	do {                                       \
		if (!(cond))                       \
			_exit(__LINE__ % 250 + 1); \
	} while (0)

static inline void in_child(void (*check)(void))
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (!pid) {
		check();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}
