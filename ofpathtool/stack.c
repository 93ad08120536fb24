// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/place.h"
#include "ofpathtool/stack.h"

/* A note lists at most this many members. */
enum { NAMES_SHOWN_MAX = 6 };

void stack_set(struct stack *stack, enum stack_kind kind, const char *type)
{
	stack->kind = kind;
	snprintf(stack->type, sizeof(stack->type), "%s", type);
}

static void stack_read_members(struct ofp *h, const struct place *place,
			       struct stack *stack)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (source_list(&h->src, &names, "%s/slaves", place->dir))
		return;
	place_sort_names(&names);
	for (size_t i = 0; i < names.n; i++)
		*vec_add(&h->mem, stack->members, stack->n) = (struct stack_member){
			.name = mem_copy(&h->mem, names.name[i]),
			.has_data = true,
		};
}

void stack_read(struct ofp *h, const struct place *place, struct stack *stack)
{
	*stack = (struct stack){ 0 };
	if (!strncmp(place->dir, "sys/devices/virtual/", 20))
		stack_read_members(h, place, stack);
	if (!stack->n)
		return;

	stack_set(stack, STACK_UNKNOWN, "");
	if (!strncmp(place->disk, "dm-", 3))
		stack_read_dm(h, place, stack);
	else if (!strncmp(place->disk, "bcache", 6))
		stack_set(stack, STACK_CACHE, "bcache");
	else if (source_has(&h->src, "%s/md", place->dir))
		stack_read_md(h, place, stack);
}

bool stack_hides_data(const struct stack *stack)
{
	return stack->kind == STACK_JOINED || stack->kind == STACK_CACHE ||
	       (stack->kind == STACK_UNKNOWN && stack->n > 1);
}

/* Return the members' names, "sda, sdb". */
static const char *stack_names(struct mem *m, const struct stack *stack)
{
	const char *text = "";

	for (size_t i = 0; i < stack->n && i <= NAMES_SHOWN_MAX; i++)
		text = mem_text(m, "%s%s%s", text, i ? ", " : "",
				i < NAMES_SHOWN_MAX ? stack->members[i].name : "...");
	return text;
}

const char *stack_note(struct mem *m, const struct stack *stack, const char *device,
		       const struct stack_member *member)
{
	const char *names = stack_names(m, stack);

	switch (stack->kind) {
	case STACK_JOINED:
		return mem_text(m,
				"the data of %s (%s) are distributed over %s: firmware "
				"cannot read them from one disk",
				device, stack->type, names);
	case STACK_CACHE:
		return mem_text(m,
				"the data of %s (%s) are not in plain form on %s: "
				"firmware cannot read them",
				device, stack->type, names);
	case STACK_UNKNOWN:
		return mem_text(m,
				"it is not known how %s uses %s%s: firmware may not find "
				"its data there",
				device, names,
				stack->is_unread ? " (only root can read it)" : "");
	default:
		break;
	}
	if (!member->has_data)
		return mem_text(m, "%s does not have all data of %s", member->name,
				device);
	if (stack->is_encrypted)
		return mem_text(m, "%s is encrypted: firmware cannot read its data",
				device);
	if (stack->is_split)
		return mem_text(
			m,
			"the data of %s are in several parts of %s: firmware does "
			"not find them",
			device, member->name);
	if (stack->may_lag)
		return mem_text(m,
				"it is not known whether %s is in sync%s: firmware may "
				"not find the data of %s there",
				member->name,
				stack->is_unread ? " (only root can read it)" : "",
				device);
	if (member->start == STACK_START_UNKNOWN)
		return mem_text(m,
				"the data of %s do not begin where %s begins: firmware "
				"does not find them",
				device, member->name);
	return mem_text(m,
			"the data of %s begin at sector %" PRIu64 " of %s: firmware does "
			"not find them",
			device, member->start, member->name);
}
