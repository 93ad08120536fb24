// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(FDT_LIBS) $(JSON_LIBS) */
/*
 * generate - make random calls on two machines at the same time
 *
 *   generate -m PROGRAM -r REFERENCE -v VERSION -f FIRMWARE -c MACHINES -k KNOWN
 *            [-n CALLS] [-p CALLS_PER_MACHINE] [-s SEED] [-x]
 *
 * Every answer of the machine under test (ours) must be that of the reference: status,
 * results, memory writes, replies and events of QMP. CALLS is the number of RTAS calls in
 * all, for all configurations in MACHINES. After a difference, the steps are repeated
 * with some of them omitted, and the shortest sequence that ends with a difference is
 * printed. -x: PROGRAM is a reference, too. Prints TAP, one line for each machine that
 * was started.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/peers/diff/compare.h"
#include "tests/peers/diff/gen.h"
#include "tests/peers/diff/known.h"
#include "tests/peers/diff/pair.h"
#include "tests/peers/diff/rules.h"
#include "tests/peers/diff/tap.h"
#include "tests/peers/diff/text.h"

enum { SHRINK_TRIES = 60, STEPS_MAX = 20000, ENOUGH_CALLS = 10000 };

struct generate {
	struct pair_programs programs;
	unsigned long calls, per_machine;
	uint64_t seed;
	struct tap tap;
};

/* ---- Shortening
 * -------------------------------------------------------------------------- */

/* Return true if these steps end with a difference, and remove the steps after the first
 * one. */
static bool still_differs(struct generate *all, json_object *config, json_object *steps)
{
	struct pair pair;
	char *why = NULL;
	size_t i, n = json_object_array_length(steps);

	pair_start(&pair, &all->programs, config);
	for (i = 0; i < n && !why; i++)
		json_object_put(pair_step(&pair, json_at(steps, i), &why));
	pair_stop(&pair);
	if (why && i < n)
		json_object_array_del_idx(steps, i, n - i);
	free(why);
	return why;
}

/* Omit n steps from this one on. Return NULL if this would omit the last one. */
static json_object *without(json_object *steps, size_t from, size_t n)
{
	size_t i, total = json_object_array_length(steps);
	json_object *rest;

	if (from + n >= total)
		return NULL;
	rest = json_object_new_array();
	for (i = 0; i < total; i++) {
		if (i < from || i >= from + n)
			json_object_array_add(rest, json_object_get(json_at(steps, i)));
	}
	return rest;
}

static json_object *shorten(struct generate *all, json_object *config, json_object *steps)
{
	size_t chunk = json_object_array_length(steps) / 2, from;
	unsigned int tries = SHRINK_TRIES;

	json_object_get(steps);
	while (chunk && tries) {
		bool less = false;

		for (from = 0; tries && from + 1 < json_object_array_length(steps);) {
			json_object *rest = without(steps, from, chunk);

			if (!rest)
				break;
			tries--;
			if (still_differs(all, config, rest)) {
				json_object_put(steps);
				steps = rest;
				less = true;
			} else {
				json_object_put(rest);
				from += chunk;
			}
		}
		if (!less || chunk > json_object_array_length(steps))
			chunk /= 2;
	}
	return steps;
}

/* ---- Running -------------------------------------------------------------------------------- */

static bool is_rtas(json_object *step)
{
	const char *kind = json_text(step, "kind", "");

	return strcmp(kind, "rtas") == 0 || strcmp(kind, "cc-walk") == 0;
}

static void report(struct generate *all, json_object *config, json_object *steps,
		   const char *why)
{
	json_object *few = shorten(all, config, steps);
	size_t i;

	tap_note(why);
	printf("# machine: %s\n# shortest row of steps:\n", json_line(config));
	for (i = 0; i < json_object_array_length(few); i++)
		printf("#   %.1500s\n", json_line(json_at(few, i)));
	fflush(stdout);
	json_object_put(few);
}

/* Make so many calls on one machine. Return the number of calls that were made. */
static unsigned long run(struct generate *all, json_object *config, uint64_t seed,
			 unsigned long calls)
{
	json_object *steps = json_object_new_array(), *step, *reply;
	unsigned long n = 0;
	struct pair pair;
	const char *ended = NULL;
	char *why = NULL;
	struct gen g;

	gen_begin(&g, seed, config);
	pair_start(&pair, &all->programs, config);
	while (n < calls && !why && !g.over &&
	       json_object_array_length(steps) < STEPS_MAX) {
		step = gen_step(&g);
		reply = pair_step(&pair, step, &why);
		gen_learn(&g, step, reply);
		if (pair.reference.dead && g.over) {
			ended = "QEMU may not live through the removal of a core";
			free(why);
			why = NULL;
		}
		json_object_put(reply);
		json_object_array_add(steps, step);
		n += is_rtas(step);
	}
	pair_stop(&pair);
	gen_end(&g);

	tap_result(&all->tap, !why, "%s, seed %llu: %lu calls, %zu steps%s%s",
		   json_text(config, "name", "?"), (unsigned long long)seed, n,
		   json_object_array_length(steps), ended ? "; " : "",
		   ended ? ended : "");
	if (why)
		report(all, config, steps, why);
	free(why);
	json_object_put(steps);
	return n;
}

static void run_all(struct generate *all, json_object *machines)
{
	size_t i, n = json_object_array_length(machines);
	unsigned long left = all->calls, per;

	for (i = 0; left; i++) {
		per = left < all->per_machine ? left : all->per_machine;
		per = run(all, json_at(machines, i % n), all->seed + i, per);
		left -= per < left ? per : left;
	}
}

int main(int argc, char **argv)
{
	struct generate all = { .calls = ENOUGH_CALLS, .per_machine = 500, .seed = 1 };
	struct pair_programs *programs = &all.programs;
	const char *machines = NULL, *known = NULL;
	json_object *list;
	int c;

	programs->ours.ours = true;
	while ((c = getopt(argc, argv, "m:r:f:c:k:n:p:s:v:x")) != -1) {
		switch (c) {
		case 'm':
			programs->ours.program = optarg;
			break;
		case 'r':
			programs->reference.program = optarg;
			break;
		case 'f':
			programs->ours.firmware = programs->reference.firmware = optarg;
			break;
		case 'c':
			machines = optarg;
			break;
		case 'k':
			known = optarg;
			break;
		case 'n':
			all.calls = strtoul(optarg, NULL, 0);
			break;
		case 'p':
			all.per_machine = strtoul(optarg, NULL, 0);
			break;
		case 's':
			all.seed = strtoull(optarg, NULL, 0);
			break;
		case 'v':
			programs->ours.version = programs->reference.version = optarg;
			break;
		case 'x':
			programs->ours.ours = false;
			break;
		default:
			return 1;
		}
	}
	if (!programs->ours.program || !programs->reference.program ||
	    !programs->ours.firmware || !programs->ours.version || !machines || !known ||
	    !all.per_machine)
		errx(1,
		     "usage: generate -m OURS -r REFERENCE -v VERSION -f FIRMWARE -c MACHINES "
		     "-k KNOWN [-n CALLS] [-p CALLS] [-s SEED]");
	list = json_object_from_file(machines);
	if (!list || !json_object_array_length(list))
		errx(1, "%s: %s", machines, json_util_get_last_err());
	known_load(&programs->known, known, "generated", rule_exists);

	run_all(&all, list);
	/* A few calls do not reach all known differences. */
	if (all.calls >= ENOUGH_CALLS)
		tap_known(&all.tap, &all.programs.known);
	json_object_put(list);
	known_free(&all.programs.known);
	return tap_end(&all.tap);
}
