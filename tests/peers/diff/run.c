// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdlib.h>

#include "tests/peers/diff/run.h"
#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"
#include "tests/guest/clock.h"

enum { LATE_MS = 3000 };

void run_start(struct machine *m, const struct machine_setup *setup, json_object *config)
{
	machine_start(m, setup, config);
	if (json_number(config, "cas", 0))
		step_linux_cas(m);
	else if (json_number(config, "stopped", 0))
		json_object_put(machine_qmp(m, "stop", NULL));
	json_object_put(machine_take_events(m));
}

static bool has_event(struct machine *m, json_object *wanted)
{
	size_t i, n = json_object_array_length(m->events);

	for (i = 0; i < n; i++) {
		if (json_object_equal(json_at(m->events, i), wanted))
			return true;
	}
	return false;
}

static void wait_for(struct machine *m, json_object *expected)
{
	int64_t until = clock_ms() + LATE_MS;
	size_t i, n = expected ? json_object_array_length(expected) : 0;

	for (i = 0; i < n; i++) {
		while (!m->dead && !has_event(m, json_at(expected, i)) &&
		       clock_ms() < until)
			machine_wait_events(m, json_object_array_length(m->events) + 1);
	}
	if (n && !m->dead && clock_ms() < until)
		machine_wait_events(m, n);
}

json_object *run_step(struct machine *m, json_object *step, json_object *expected)
{
	json_object *reply = step_run(m, step);

	wait_for(m, expected);
	json_object_object_add(reply, "events", machine_take_events(m));
	if (m->dead) {
		char *why = machine_death(m);

		json_object_object_add(reply, "died", json_object_new_string(why));
		free(why);
	}
	return reply;
}

void run_more_events(struct machine *m, json_object *reply, json_object *expected)
{
	json_object *late, *events = json_object_object_get(reply, "events");
	size_t i, n = json_count(reply, "events");
	size_t wanted = json_object_array_length(expected);

	if (wanted > n)
		machine_wait_events(m, wanted - n);
	late = machine_take_events(m);
	for (i = 0; i < json_object_array_length(late); i++)
		json_object_array_add(events, json_object_get(json_at(late, i)));
	json_object_put(late);
}
