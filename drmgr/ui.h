/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ui.h - prompt the user at the slot
 */
#pragma once

#include "libdrmgr/drmgr.h"

/* Print the prompt on stdout and read a line from stdin. Return 1 for an empty line
 * (yes), 0 for any other. -ENODATA: the input ended or cannot be read. -EINTR: stop_fd
 * became readable. */
int ui_prompt(enum dr_prompt prompt, const char *slot, int stop_fd);
