/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_prints.h - sections that no parser made, and their texts
 *
 * Texts of these tests are those of librtasevent 2.0.4, whose structures are the same as
 * ours, except where a comment says "not the peer's".
 */
#pragma once

#include "librtas/ev.h"
#include "tests/unit/fakes/test.h"

#define TITLE(text, line) "==== " text " " line "\n"

#define SECTION(event, id) .shdr = { .re = &(event), .scn_id = (id) }

/* uncounted: bytes that are written but not in the return value. */
static inline void prints_less(void *scn, int verbosity, const char *expected,
			       int uncounted)
{
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);
	int bytes = rtas_print_scn(file, scn, verbosity);

	fclose(file);
	assert_string_equal(text, expected);
	assert_int_equal(bytes, (int)len - uncounted);
	free(text);
}

static inline void prints(void *scn, int verbosity, const char *expected)
{
	prints_less(scn, verbosity, expected, 0);
}
