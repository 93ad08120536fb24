/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * ui.h - questions to the person at the slot
 */
#pragma once

#include "drmgr/model/context.h"

/* Shows the question on stdout and reads a line from stdin: an empty one means yes,
 * any other and the end of input no. 1, 0; -EINTR stop_fd became readable. */
int ui_ask(enum dr_prompt prompt, const char *slot, int stop_fd);
