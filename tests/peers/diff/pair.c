// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "tests/peers/diff/compare.h"
#include "tests/peers/diff/pair.h"
#include "tests/peers/diff/rules.h"
#include "tests/peers/diff/run.h"
#include "tests/peers/diff/text.h"

void pair_start(struct pair *pair, struct pair_programs *programs, json_object *config)
{
	pair->programs = programs;
	run_start(&pair->ours, &programs->ours, config);
	run_start(&pair->reference, &programs->reference, config);
}

void pair_stop(struct pair *pair)
{
	machine_stop(&pair->ours);
	machine_stop(&pair->reference);
}

static char *explain(json_object *want, json_object *got)
{
	unsigned int n = 0;
	const char *field;

	if (json_object_object_get_ex(got, "died", NULL))
		return text_of("ours ended: %s", json_text(got, "died", ""));
	if (json_object_object_get_ex(want, "died", NULL))
		return text_of("the reference ended: %s", json_text(want, "died", ""));
	field = compare_next(want, got, &n);
	return field ? compare_explain(field, want, got) : NULL;
}

json_object *pair_step(struct pair *pair, json_object *step, char **why)
{
	json_object *got = run_step(&pair->ours, step, NULL), *want, *reply;
	char *words;

	want = run_step(&pair->reference, step, json_object_object_get(got, "events"));
	if (json_count(want, "events") != json_count(got, "events"))
		run_more_events(&pair->ours, got, json_object_object_get(want, "events"));
	reply = json_copy(got);

	rules_apply(&pair->programs->known, step, want);
	compare_prepare(step, want, NULL);
	compare_prepare(step, got, NULL);
	words = explain(want, got);
	if (words) {
		*why = text_of("%s\n%.1500s", words, json_line(step));
		free(words);
	}
	json_object_put(want);
	json_object_put(got);
	return reply;
}
