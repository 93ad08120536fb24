/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm_story.h - what can happen to a machine, step by step, and its state as bytes
 */
#pragma once

#include "tests/vmm_machine.h"

/* A device of each kind comes and goes. */
struct story {
	const char *driver, *options;
	const char *memory; /* what it needs as an object, NULL: nothing */
	uint32_t first, connectors;
	bool logical;
};

enum { STORIES = 4, STORY_PCI = 0, STORY_DIMM = 3, STORY_STEPS = 14 };
extern const struct story stories[STORIES];

/* What one thing that a host or a guest does was answered. */
typedef int32_t step_fn(struct vm *vm, const struct story *s, uint32_t index);
step_fn story_read_event, story_use, story_unisolate, story_unplug, story_isolate,
	story_give_up;

void story_add_device(struct vm *vm, const struct story *s);

/* Steps from..to of a story, each at each of its connectors; what was answered and
 * told is appended to *text. */
void story_tell(struct vm *vm, const struct story *s, size_t from, size_t to,
		char **text);

/* The state of a machine, malloc'ed. */
struct blob {
	void *bytes;
	size_t size;
};
struct blob state_save(const struct vm *vm);
/* From memory of exactly its size; words for an error and no others. */
int state_load(struct vm *vm, const void *bytes, size_t size);
/* Has this machine exactly this state? */
void assert_state(const struct vm *vm, const struct blob *expected);
