/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - intended differences of our library's output from the peer's
 *
 * One kind of rule changes the bytes for the peer's library: values are put where it
 * reads them, so that it prints the event correctly. The other kind corrects its output.
 * Both use the event's bytes, and return true if they changed anything.
 */
#pragma once

#include "tests/peers/diff/known.h"
#include "tests/peers/events/paper.h"
#include "tests/peers/events/sample.h"

bool rules_exist(const char *name);

/* Change bytes for the peer's library. */
void rules_patch(struct known *known, struct sample *sample);
/* Correct its output for the event. ours is our library's output, for broken lines. */
void rules_correct(struct known *known, const struct sample *sample, struct paper *theirs,
		   const struct paper *ours);
