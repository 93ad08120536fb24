/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * crash_dump.h - does the crash dump (kdump, fadump) follow a change of cores or memory?
 */
#pragma once

#include <stdbool.h>

/* Return "follows": the kernel describes the change to the crash dump; "reload": a program
 * must load or register it again; NULL: none is set up, or it cannot be known. root: "", or
 * the folder of a captured tree. */
const char *crash_dump_after(const char *root, bool is_memory);
