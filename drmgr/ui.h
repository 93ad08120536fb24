/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ui.h - questions to the person at the slot
 */
#pragma once

#include "libdrmgr/core/context.h"

/* Print the question on stdout and read a line from stdin: an empty one means yes, any
 * other no. Return 1 or 0; -ENODATA at the end of input or if it cannot be read, -EINTR
 * if stop_fd became readable. */
int ui_ask(enum dr_prompt prompt, const char *slot, int stop_fd);
