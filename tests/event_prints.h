/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_prints.h - sections that no parser made, and the text that they print as
 *
 * Texts of these tests are those of librtasevent 2.0.4, which reads its structures as
 * ours does, except where a comment says "not the peer's".
 */
#pragma once

#include "librtas/ev.h"
#include "tests/test.h"

#define TITLE(text, line) "==== " text " " line "\n"

#define SECTION(event, id) .shdr = { .re = &(event), .scn_id = (id) }

/* uncounted: bytes that are written and not reported. */
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
