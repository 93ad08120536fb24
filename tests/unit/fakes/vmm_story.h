/* SPDX-License-Identifier: GPL-2.0-or-later */
/* vmm_story.h - steps of a machine, and its state as bytes */
#pragma once

#include "tests/unit/fakes/vmm_machine.h"

/* A device of each kind is plugged and unplugged. */
struct story {
	const char *driver, *options;
	const char *memory; /* the object that it needs, NULL: none */
	uint32_t first, connectors;
	bool logical;
};

enum { STORIES = 4, STORY_PCI = 0, STORY_DIMM = 3, STORY_STEPS = 14 };
extern const struct story stories[STORIES];

/* The answer to one step of a host or a guest. */
typedef int32_t step_fn(struct vm *vm, const struct story *s, uint32_t index);
step_fn story_read_event, story_use, story_unisolate, story_unplug, story_isolate,
	story_give_up;

void story_add_device(struct vm *vm, const struct story *s);

/* Run steps from..to of a story, each at each of its connectors. Append answers and
 * events to *text. */
void story_tell(struct vm *vm, const struct story *s, size_t from, size_t to,
		char **text);

/* The state of a machine, malloc'ed. */
struct blob {
	void *bytes;
	size_t size;
};
struct blob state_save(const struct vm *vm);
/* From memory of exactly its size; an error, and only an error, has a text. */
int state_load(struct vm *vm, const void *bytes, size_t size);
/* The state of this machine equals exactly this one. */
void assert_state(const struct vm *vm, const struct blob *expected);
