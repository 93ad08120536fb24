/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stdout_end.h - the last thing that a command does
 */
#pragma once

/* Close standard output. Return the status, or failed if that is 0 and not all could be
 * written. Print a message, unless a reader has left: "lsslot | head". */
int stdout_end(const char *program, int status, int failed);

/* The same for a program that has changed the machine: return the status of that change,
 * whatever became of the output. The message is printed in each case. */
int stdout_end_of_change(const char *program, int status);
