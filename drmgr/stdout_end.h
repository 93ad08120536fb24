/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * stdout_end.h - the last thing that a command does
 */
#pragma once

/* Closes standard output. The status; failed, with a message, if that is 0 and not all
 * could be written. */
int stdout_end(const char *program, int status, int failed);
