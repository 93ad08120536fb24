// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * replay - compare a machine's replies with recorded ones, or with another machine's
 *
 *   replay [options] FILE.json... [SCENARIO...]
 *     -m PROGRAM   the machine under test
 *     -r PROGRAM   compare with this machine; without it, with the recorded replies
 *     -o           the machine under test is ours: known differences are allowed
 *     -v VERSION   of QEMU: its machine type, and the known differences
 *     -f FILE      image of firmware.S
 *     -k FILE -s SECTION   known differences
 *
 * A file has scenarios: a configuration of the machine, and steps ("vectors") with
 * recorded replies. Prints TAP, a line for each vector. If it is known that the reference
 * crashes at a step, the following steps of the scenario are skipped.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/diff/compare.h"
#include "tests/diff/known.h"
#include "tests/diff/rules.h"
#include "tests/diff/run.h"
#include "tests/diff/step.h"
#include "tests/diff/tap.h"
#include "tests/diff/text.h"

struct replay {
	struct machine_setup setup, reference; /* no program: no reference */
	struct known known;
	struct tap tap;
};

static void prepare(struct machine *m, json_object *vector)
{
	json_object *before = json_object_object_get(vector, "before");
	size_t i, n = json_count(vector, "before");

	for (i = 0; i < n; i++)
		json_object_put(step_run(m, json_at(before, i)));
	if (n)
		json_object_put(machine_take_events(m));
}

/* ---- Comparing ---------------------------------------------------------------------------- */

/* A known difference must occur. */
static bool stale(struct replay *r, const char *id, json_object *want, json_object *got,
		  char **why)
{
	size_t i, len = strlen(id);

	for (i = 0; i < r->known.n; i++) {
		const char *what = r->known.entries[i].what;

		if (strncmp(what, id, len) != 0 || what[len] != ' ')
			continue;
		if (!json_object_equal(json_object_object_get(want, what + len + 1),
				       json_object_object_get(got, what + len + 1)))
			continue;
		*why = text_of("%s is listed as a difference and is none", what);
		return true;
	}
	return false;
}

static bool same(struct replay *r, const char *id, json_object *want, json_object *got,
		 char **why)
{
	const char *field;
	unsigned int n = 0;

	*why = NULL;
	while ((field = compare_next(want, got, &n))) {
		char *what = text_of("%s %s", id, field);
		bool known = r->setup.ours && known_take(&r->known, what);

		free(what);
		if (known)
			continue;
		*why = compare_explain(field, want, got);
		return false;
	}
	return !r->setup.ours || !stale(r, id, want, got, why);
}

static void judge(struct replay *r, json_object *vector, json_object *want,
		  json_object *got, json_object *recorded)
{
	const char *id = json_text(vector, "id", "?"),
		   *died = json_text(got, "died", NULL);
	char *why = NULL;
	bool ok;

	if (r->setup.ours)
		rules_apply(&r->known, vector, want, got);
	compare_prepare(vector, want, recorded);
	compare_prepare(vector, got, recorded);

	ok = !died && same(r, id, want, got, &why);
	tap_result(&r->tap, ok, "%s %s", id, json_text(vector, "note", ""));
	if (!ok) {
		json_object *brief = json_copy(vector);

		json_object_object_del(brief, "before");
		tap_note(died ? died : why);
		if (strlen(json_line(brief)) < 2000)
			tap_note(json_line(brief));
		json_object_put(brief);
	}
	free(why);
}

/* ---- Scenarios ------------------------------------------------------------------------------ */

/* Return true if the reference has crashed, as known. */
static bool skipped(struct replay *r, json_object *vector, const struct machine *other)
{
	char *what = text_of("%s died", json_text(vector, "id", "?"));
	const char *reason = other->dead ? known_take(&r->known, what) : NULL;

	free(what);
	if (reason)
		tap_skip(&r->tap, "the rest of %s: %s", json_text(vector, "id", "?"),
			 reason);
	return reason;
}

/* Return false if the following steps of the scenario must be skipped. */
static bool replay_vector(struct replay *r, struct machine *m, struct machine *other,
			  json_object *vector)
{
	json_object *want, *got, *recorded = r->reference.program ? NULL : vector;
	bool skip = false;

	prepare(m, vector);
	if (r->reference.program) {
		prepare(other, vector);
		got = run_step(m, vector, NULL);
		want = run_step(other, vector, json_object_object_get(got, "events"));
	} else {
		got = run_step(m, vector, json_object_object_get(vector, "events"));
		want = json_copy(vector);
	}
	if (r->reference.program)
		skip = skipped(r, vector, other);
	if (!skip)
		judge(r, vector, want, got, recorded);
	json_object_put(want);
	json_object_put(got);
	return !skip;
}

static void replay_scenario(struct replay *r, json_object *scenario)
{
	json_object *config = json_object_object_get(scenario, "machine");
	json_object *vectors = json_object_object_get(scenario, "vectors");
	size_t i, n = json_object_array_length(vectors);
	struct machine m, other;

	run_start(&m, &r->setup, config);
	if (r->reference.program)
		run_start(&other, &r->reference, config);
	for (i = 0; i < n && replay_vector(r, &m, &other, json_at(vectors, i)); i++)
		;
	machine_stop(&m);
	if (r->reference.program)
		machine_stop(&other);
}

static bool is_file(const char *name)
{
	size_t len = strlen(name);

	return len > 5 && strcmp(name + len - 5, ".json") == 0;
}

static bool is_chosen(json_object *scenario, char **names)
{
	const char *name = json_text(scenario, "scenario", "");
	bool any = !*names;

	for (; *names; names++)
		any = any || strcmp(*names, name) == 0;
	return any;
}

static void replay_file(struct replay *r, const char *file, char **names)
{
	json_object *all = json_object_from_file(file), *scenarios;
	size_t i;

	if (!all || !json_object_object_get_ex(all, "scenarios", &scenarios))
		errx(1, "%s: %s", file, json_util_get_last_err());
	for (i = 0; i < json_object_array_length(scenarios); i++) {
		json_object *scenario = json_at(scenarios, i);

		if (is_chosen(scenario, names))
			replay_scenario(r, scenario);
	}
	json_object_put(all);
}

int main(int argc, char **argv)
{
	const char *known = NULL, *section = "vectors";
	struct replay r = { .setup.ours = false };
	char **file, **names;
	int c;

	while ((c = getopt(argc, argv, "m:r:of:k:s:v:")) != -1) {
		switch (c) {
		case 'm':
			r.setup.program = optarg;
			break;
		case 'r':
			r.reference.program = optarg;
			break;
		case 'o':
			r.setup.ours = true;
			break;
		case 'f':
			r.setup.firmware = r.reference.firmware = optarg;
			break;
		case 'v':
			r.setup.version = r.reference.version = optarg;
			break;
		case 'k':
			known = optarg;
			break;
		case 's':
			section = optarg;
			break;
		default:
			return 1;
		}
	}
	if (!r.setup.program || !r.setup.firmware || !r.setup.version || optind == argc)
		errx(1, "usage: replay -m PROGRAM -f FIRMWARE -v VERSION [options] FILE "
			"[SCENARIO...]");
	if (known)
		known_load(&r.known, known, section, r.setup.version, rule_exists);

	for (names = argv + optind; *names && is_file(*names);)
		names++;
	for (file = argv + optind; file < names; file++)
		replay_file(&r, *file, names);
	if (!*names)
		tap_known(&r.tap, &r.known);
	known_free(&r.known);
	return tap_end(&r.tap);
}
