/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * rules.h - where our library is meant to print something else than the peer's
 *
 * A rule of one kind gives the peer's library other bytes: what it reads at a wrong place
 * is put there, so that it prints what the event says. A rule of the other kind puts right
 * what it printed. Both go by the event's bytes, and return whether they changed anything.
 */
#pragma once

#include "tests/diff/known.h"
#include "tests/events/paper.h"
#include "tests/events/sample.h"

bool rules_exist(const char *name);

/* Changes bytes that the peer's library is to be given. */
void rules_patch(struct known *known, struct sample *sample);
/* Changes what it printed of the event. ours is what our library printed, for where lines
 * are broken. */
void rules_correct(struct known *known, const struct sample *sample, struct paper *theirs,
		   const struct paper *ours);
