/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * platform_log.h - the file that has each event as a dump, for drmon(8) and rtas-event(1)
 *
 * The form is that of the kernel and of rtas_errd: "RTAS: N -------- RTAS event begin
 * --------", lines of 16 bytes "RTAS I: XXXXXXXX XXXXXXXX XXXXXXXX XXXXXXXX", and an end
 * like the begin. N is the kernel's number.
 *
 * Source:  Linux 6.1 arch/powerpc/kernel/rtasd.c; tests/data/golden/rtas-event/platform
 */
#pragma once

#include <stddef.h>

/* Append an event, whose bytes may be damaged, to the file. A file of 1 MiB is first renamed
 * to one with the suffix ".0". Return 0 or a negative errno; -EPERM: the file is not this user's own. */
int platform_log_append(const char *path, int sequence, const char *bytes, size_t len);
