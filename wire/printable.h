/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * printable.h - untrusted text that is shown to a person
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

/* Replace each byte that is not printable ASCII by '?'. */
static inline void printable(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}
