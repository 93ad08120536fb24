// SPDX-License-Identifier: GPL-2.0-or-later
/* The section that section.patch adds to the description: it is parsed, printed as text
 * and as JSON. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/event_show.h"
#include "tests/unit/fakes/test.h"
#include "wire/event.h"

static char event[256];

static struct rtas_event *parsed(size_t cut)
{
	static const char section[] = "TY\0\x10\1\2\0\0\4\x71\0\0\x40\0\0\x08";
	const struct event_log log = { .severity = 1, .type = EVENT_TYPE_HOT_PLUG };
	struct builder b = builder_of(event, sizeof(event));

	event_log_encode(&b, &log, section, 16);
	if (cut) { /* the section is shorter than its fields */
		event[b.len - 13] = (char)(16 - cut);
		event[7] = (char)(event[7] - (char)cut);
	}
	return parse_rtas_event(event, (int)(b.len - cut));
}

static void structure(void **state)
{
	struct rtas_event *re = parsed(0);
	const struct rtas_toy_scn *toy;

	(void)state;
	assert_non_null(re);
	toy = (void *)re->event_scns->next->next->next->next;
	assert_int_equal(toy->shdr.scn_id, RTAS_TOY_SCN);
	assert_int_equal(toy->v6hdr.subtype, 2);
	assert_int_equal(toy->wheels, 4);
	assert_int_equal(toy->color, 7);
	assert_int_equal(toy->broken, 1);
	assert_int_equal(toy->owner, 0x40000008);
	cleanup_rtas_event(re);

	re = parsed(1);
	assert_non_null(re);
	assert_int_equal(re->event_scns->next->next->next->next->scn_id,
			 RTAS_GENERIC_SCN);
	cleanup_rtas_event(re);
}

static void text_and_json(void **state)
{
	struct rtas_event *re = parsed(0);
	char *text;
	size_t len;
	FILE *out = open_memstream(&text, &len);
	json_object *o = event_show_json(re);
	const char *json = json_object_to_json_string(o);

	(void)state;
	rtas_print_event(out, re, 0);
	fclose(out);
	assert_non_null(strstr(text, "\n==== Toy Section ===="));
	assert_non_null(strstr(
		text, "\nWheels:             00000004    Color:              00000007\n"
		      "Owner:              40000008\n\n"));
	assert_non_null(strstr(json, "\"id\": \"TY\""));
	assert_non_null(strstr(json, "\"wheels\": 4, \"color\": 7, \"broken\": true, "
				     "\"owner\": \"0x40000008\" }"));
	json_object_put(o);
	free(text);
	cleanup_rtas_event(re);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(structure),
		cmocka_unit_test(text_and_json),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
