/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * guard.h - restore the terminal even if the program crashes
 *
 * The screen runs in a child. Its parent waits and forwards signals. If the child crashed
 * or was killed, the parent restores the terminal. If the parent is killed, the child
 * receives SIGTERM and ends normally.
 */
#pragma once

/* Start the guard. Return in the child. In the parent, end the process as the child
 * ended. Return a negative errno if the guard cannot start. */
int guard_start(void);
