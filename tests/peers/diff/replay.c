// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(FDT_LIBS) $(JSON_LIBS) */
/*
 * replay - compare a machine's replies with recorded ones, or with another machine's
 *
 *   replay [options] FILE.json... [SCENARIO...]
 *     -m PROGRAM   the machine under test
 *     -r PROGRAM   compare with this machine; without it, with recorded replies
 *     -o           the machine under test is ours: known differences are allowed
 *     -v VERSION   of QEMU: its machine type, and the known differences
 *     -f FILE      image of firmware.S
 *     -k FILE -s SECTION   known differences
 *     -a FILE      recorded answers of this version (answers.h)
 *     -w FILE      record the answers of the reference, or of the machine under test
 *
 * A file has scenarios: a configuration of the machine, and steps ("vectors"), some with
 * the replies of QEMU 7.2. Prints TAP, a line for each vector.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/peers/diff/answers.h"
#include "tests/peers/diff/compare.h"
#include "tests/peers/diff/known.h"
#include "tests/peers/diff/rules.h"
#include "tests/peers/diff/run.h"
#include "tests/peers/diff/step.h"
#include "tests/peers/diff/tap.h"
#include "tests/peers/diff/text.h"

struct replay {
	struct machine_setup setup, reference; /* no program: no reference */
	struct known known;
	struct answers answers;
	bool has_replies;   /* the file was recorded from QEMU 7.2 */
	const char *record; /* file to write; NULL: none */
	struct tap tap;
};

/* A step of a scenario, and what is expected. */
struct vector {
	json_object *step;
	const char *scenario, *id;
	size_t n;	   /* of its scenario */
	bool has_reply;	   /* recorded */
	json_object *want; /* NULL: only a digest is known */
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

/* Compare the digest of a reply with the recorded one, or record it. Known differences are
 * no part of it. */
static bool same_digest(struct replay *r, const struct vector *v, json_object *reply,
			char **why)
{
	json_object *fields = compare_fields(reply);
	unsigned int n = 0;
	const char *field;
	uint32_t digest;
	bool ok = true;

	while ((field = compare_next(fields, NULL, &n))) {
		char *what = text_of("%s %s", v->id, field);

		if (known_take(&r->known, what))
			json_object_object_del(fields, field);
		free(what);
	}
	digest = answers_digest(fields);
	if (r->record)
		answers_note_digest(&r->answers, v->scenario, digest);
	else
		ok = answers_has_digest(&r->answers, v->scenario, v->n, digest);
	if (!ok)
		*why = text_of("QEMU's recorded answer is another one than\n%.3000s",
			       json_line(fields));
	json_object_put(fields);
	return ok;
}

/* Is this reply, which is prepared, the expected one? */
static bool is_expected(struct replay *r, const struct vector *v, json_object *got,
			char **why)
{
	const char *died = json_text(got, "died", NULL);

	if (!died && v->want)
		died = json_text(v->want, "died", NULL);
	if (died) {
		*why = text_of("%s", died);
		return false;
	}
	if (r->record && v->has_reply) {
		json_object *fields = compare_fields(got);

		answers_note(&r->answers, v->id, v->want, fields);
		json_object_put(fields);
		return true;
	}
	if (v->want && !same(r, v->id, v->want, got, why))
		return false;
	if (v->has_reply ||
	    (!r->record && !json_object_object_length(r->answers.digests)))
		return true;
	return same_digest(r, v, v->want ? v->want : got, why);
}

static void judge(struct replay *r, const struct vector *v, json_object *got)
{
	char *why = NULL;
	bool ok = is_expected(r, v, got, &why);

	tap_result(&r->tap, ok, "%s %s", v->id, json_text(v->step, "note", ""));
	if (!ok) {
		json_object *brief = json_copy(v->step);

		json_object_object_del(brief, "before");
		tap_note(why);
		if (strlen(json_line(brief)) < 2000)
			tap_note(json_line(brief));
		json_object_put(brief);
	}
	free(why);
}

/* ---- Scenarios ------------------------------------------------------------------------------ */

static void prepare_reply(struct replay *r, const struct vector *v, json_object *reply,
			  bool is_ours)
{
	if (!is_ours)
		rules_apply(&r->known, v->step, reply);
	compare_prepare(v->step, reply, v->has_reply ? v->step : NULL);
}

static void replay_vector(struct replay *r, struct machine *m, struct machine *other,
			  struct vector *v)
{
	json_object *got;

	prepare(m, v->step);
	if (v->has_reply) {
		json_object *recorded = json_copy(v->step);

		v->want = compare_fields(recorded);
		json_object_put(recorded);
		prepare_reply(r, v, v->want, false);
		answers_apply(&r->answers, v->id, v->want);
		got = run_step(m, v->step, json_object_object_get(v->want, "events"));
	} else {
		got = run_step(m, v->step, NULL);
	}
	if (other) {
		prepare(other, v->step);
		v->want = run_step(other, v->step, json_object_object_get(got, "events"));
		prepare_reply(r, v, v->want, false);
	}
	prepare_reply(r, v, got, r->setup.ours);
	judge(r, v, got);
	json_object_put(v->want);
	json_object_put(got);
}

static void replay_scenario(struct replay *r, json_object *scenario)
{
	json_object *config = json_object_object_get(scenario, "machine");
	json_object *vectors = json_object_object_get(scenario, "vectors");
	struct machine m, reference, *other = r->reference.program ? &reference : NULL;
	size_t i;

	run_start(&m, &r->setup, config);
	if (other)
		run_start(other, &r->reference, config);
	for (i = 0; i < json_object_array_length(vectors); i++) {
		struct vector v = { .step = json_at(vectors, i), .n = i };

		v.scenario = json_text(scenario, "scenario", "?");
		v.id = json_text(v.step, "id", "?");
		v.has_reply = !other && r->has_replies;
		replay_vector(r, &m, other, &v);
	}
	machine_stop(&m);
	if (other)
		machine_stop(other);
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
	r->has_replies = json_object_object_get_ex(all, "qemu", NULL);
	for (i = 0; i < json_object_array_length(scenarios); i++) {
		json_object *scenario = json_at(scenarios, i);

		if (is_chosen(scenario, names))
			replay_scenario(r, scenario);
	}
	json_object_put(all);
}

int main(int argc, char **argv)
{
	const char *known = NULL, *section = "vectors", *answers = NULL;
	struct replay r = { .setup.ours = false };
	char **file, **names;
	int c;

	while ((c = getopt(argc, argv, "m:r:of:k:s:v:a:w:")) != -1) {
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
		case 'a':
			answers = optarg;
			break;
		case 'w':
			r.record = optarg;
			break;
		default:
			return 1;
		}
	}
	if (!r.setup.program || !r.setup.firmware || !r.setup.version || optind == argc)
		errx(1, "usage: replay -m PROGRAM -f FIRMWARE -v VERSION [options] FILE "
			"[SCENARIO...]");
	if (known)
		known_load(&r.known, known, section, rule_exists);
	answers_load(&r.answers, answers);

	for (names = argv + optind; *names && is_file(*names);)
		names++;
	for (file = argv + optind; file < names; file++)
		replay_file(&r, *file, names);
	if (!*names && r.setup.ours && (r.has_replies || r.reference.program))
		tap_known(&r.tap, &r.known);
	if (r.record)
		answers_write(&r.answers, r.record);
	answers_free(&r.answers);
	known_free(&r.known);
	return tap_end(&r.tap);
}
