// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/answers.h"
#include "tests/peers/diff/text.h"

enum { DIGITS = 8 };

/* ---- Merge patches ------------------------------------------------------------------ */

static void apply(json_object *to, json_object *patch)
{
	json_object *inner;

	json_object_object_foreach(patch, key, value)
	{
		if (!value)
			json_object_object_del(to, key);
		else if (json_object_is_type(value, json_type_object) &&
			 json_object_object_get_ex(to, key, &inner))
			apply(inner, value);
		else
			json_object_object_add(to, key, json_copy(value));
	}
}

void answers_apply(const struct answers *answers, const char *id, json_object *reply)
{
	json_object *patch;

	if (json_object_object_get_ex(answers->patches, id, &patch))
		apply(reply, patch);
}

void answers_note(struct answers *answers, const char *id, json_object *old,
		  json_object *reply)
{
	json_object *patch = json_difference(old, reply);

	if (json_object_object_length(patch))
		json_object_object_add(answers->patches, id, patch);
	else
		json_object_put(patch);
}

/* ---- Digests ------------------------------------------------------------------------ */

/* FNV-1a */
static uint32_t digest_text(uint32_t digest, const char *text)
{
	for (; *text; text++)
		digest = (digest ^ (uint8_t)*text) * 16777619;
	return digest;
}

uint32_t answers_digest(json_object *value)
{
	uint32_t digest = 2166136261;
	size_t i;

	if (json_object_is_type(value, json_type_array)) {
		for (i = 0; i < json_object_array_length(value); i++)
			digest = digest * 31 + answers_digest(json_at(value, i));
		return digest;
	}
	if (!json_object_is_type(value, json_type_object))
		return digest_text(digest, json_line(value));
	json_object_object_foreach(value, key, inner) digest +=
		digest_text(answers_digest(inner), key);
	return digest;
}

bool answers_has_digest(const struct answers *answers, const char *scenario, size_t n,
			uint32_t digest)
{
	const char *all = json_text(answers->digests, scenario, "");
	size_t at = n * (DIGITS + 1);

	return at < strlen(all) && strtoul(all + at, NULL, 16) == digest;
}

void answers_note_digest(struct answers *answers, const char *scenario, uint32_t digest)
{
	const char *before = json_text(answers->digests, scenario, "");
	char *all = text_of("%s%s%0*x", before, *before ? " " : "", DIGITS, digest);

	json_object_object_add(answers->digests, scenario, json_object_new_string(all));
	free(all);
}

/* ---- Files -------------------------------------------------------------------------- */

void answers_load(struct answers *answers, const char *file)
{
	json_object *all = file ? json_object_from_file(file) : json_object_new_object();
	json_object *rows, *ids;
	size_t i, k;

	if (!all)
		errx(1, "%s: %s", file, json_util_get_last_err());
	answers->patches = json_object_new_object();
	answers->digests = json_object_get(json_object_object_get(all, "digests"));
	if (!answers->digests)
		answers->digests = json_object_new_object();
	rows = json_object_object_get(all, "answers");
	for (i = 0; i < json_count(all, "answers"); i++) {
		json_object *row = json_at(rows, i);

		ids = json_object_get(json_object_object_get(row, "ids"));
		json_object_object_del(row, "ids");
		for (k = 0; k < json_object_array_length(ids); k++)
			json_object_object_add(answers->patches,
					       json_object_get_string(json_at(ids, k)),
					       json_object_get(row));
		json_object_put(ids);
	}
	json_object_put(all);
}

void answers_free(struct answers *answers)
{
	json_object_put(answers->patches);
	json_object_put(answers->digests);
}

/* Steps with the same patch are one row. */
static void write_patches(const struct answers *answers, FILE *out)
{
	json_object *rows = json_object_new_object(), *ids;
	const char *between = "\"answers\": [\n";

	json_object_object_foreach(answers->patches, id, patch)
	{
		if (!json_object_object_get_ex(rows, json_line(patch), &ids)) {
			ids = json_object_new_array();
			json_object_object_add(rows, json_line(patch), ids);
		}
		json_object_array_add(ids, json_object_new_string(id));
	}
	json_object_object_foreach(rows, text, of)
	{
		fprintf(out, "%s {\"ids\": %s, %s", between, json_line(of), text + 1);
		between = ",\n";
	}
	fprintf(out, "\n]\n");
	json_object_put(rows);
}

static void write_digests(const struct answers *answers, FILE *out)
{
	const char *between = "\"digests\": {\n";

	json_object_object_foreach(answers->digests, scenario, digests)
	{
		fprintf(out, "%s \"%s\": %s", between, scenario, json_line(digests));
		between = ",\n";
	}
	fprintf(out, "\n}\n");
}

void answers_write(const struct answers *answers, const char *file)
{
	FILE *out = fopen(file, "we");

	if (!out)
		err(1, "%s", file);
	if (json_object_object_length(answers->digests))
		write_digests(answers, out);
	else
		write_patches(answers, out);
	if (fclose(out) != 0)
		err(1, "%s", file);
}
