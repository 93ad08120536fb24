/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * answers.h - what a version of QEMU answered, in a file that record-answers writes
 *
 * Shape:   an object with "qemu", the version, and one of these:
 *            answers  [] of { ids[], FIELD... }: where the replies to recorded steps are not
 *                     those of QEMU 7.2, as merge patches (RFC 7396)
 *            digests  { SCENARIO: digests of the replies, in order }, for steps whose replies
 *                     are too long to be kept
 *          Replies are as compare_prepare() leaves them.
 * Errors:  a file that cannot be read, or running out of memory, ends the program.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct answers {
	json_object *patches; /* of a step, by its id */
	json_object *digests; /* of a scenario, by its name */
};

/* Load a file, or begin an empty record (NULL). */
void answers_load(struct answers *answers, const char *file);
void answers_free(struct answers *answers);
/* Write a file without "qemu". */
void answers_write(const struct answers *answers, const char *file);

/* Turn the reply of QEMU 7.2 into that of this version, in place. */
void answers_apply(const struct answers *answers, const char *id, json_object *reply);
/* Record how the reply differs from that of QEMU 7.2. */
void answers_note(struct answers *answers, const char *id, json_object *old,
		  json_object *reply);

/* Return whether this is the digest of the n-th step of a scenario. */
bool answers_has_digest(const struct answers *answers, const char *scenario, size_t n,
			uint32_t digest);
void answers_note_digest(struct answers *answers, const char *scenario, uint32_t digest);
/* Return the digest of a reply's fields; the order of members has no effect. */
uint32_t answers_digest(json_object *fields);
