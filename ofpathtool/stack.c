// SPDX-License-Identifier: GPL-2.0-or-later
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
#include "ofpathtool/place.h"
#include "ofpathtool/stack.h"

/* A note lists at most this many members. */
enum { NAMES_SHOWN_MAX = 6 };

void stack_free(struct stack *stack)
{
	for (size_t i = 0; i < stack->n; i++)
		free(stack->members[i].name);
	free(stack->members);
	*stack = (struct stack){ 0 };
}

void stack_set(struct stack *stack, enum stack_kind kind, const char *type)
{
	stack->kind = kind;
	snprintf(stack->type, sizeof(stack->type), "%s", type);
}

/* Take the names of the members. */
static int stack_read_members(struct ofp *h, const struct place *place,
			      struct stack *stack)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (source_list(&h->src, &names, "%s/slaves", place->dir) || !names.n)
		return 0;
	place_sort_names(&names);
	stack->members = calloc(names.n, sizeof(*stack->members));
	if (!stack->members)
		return OFP_ENOMEM;
	for (size_t i = 0; i < names.n; i++) {
		stack->members[i].name = steal_ptr(&names.name[i]);
		stack->members[i].has_data = true;
	}
	stack->n = names.n;
	return 0;
}

int stack_read(struct ofp *h, const struct place *place, struct stack *stack)
{
	int err;

	*stack = (struct stack){ 0 };
	if (strncmp(place->dir, "sys/devices/virtual/", 20))
		return 0;
	err = stack_read_members(h, place, stack);
	if (err || !stack->n)
		return err;

	stack_set(stack, STACK_UNKNOWN, "");
	if (!strncmp(place->disk, "dm-", 3))
		stack_read_dm(h, place, stack);
	else if (!strncmp(place->disk, "bcache", 6))
		stack_set(stack, STACK_CACHE, "bcache");
	else if (source_has(&h->src, "%s/md", place->dir))
		stack_read_md(h, place, stack);
	return 0;
}

bool stack_hides_data(const struct stack *stack)
{
	return stack->kind == STACK_JOINED || stack->kind == STACK_CACHE ||
	       (stack->kind == STACK_UNKNOWN && stack->n > 1);
}

/* Return the members' names, "sda, sdb". */
static char *stack_names(const struct stack *stack)
{
	char *text = strdup("");

	for (size_t i = 0; text && i < stack->n; i++) {
		bool is_cut = i == NAMES_SHOWN_MAX;
		char *more = text_of("%s%s%s", text, i ? ", " : "",
				     is_cut ? "..." : stack->members[i].name);

		free(text);
		text = more;
		if (is_cut)
			break;
	}
	return text;
}

char *stack_note(const struct stack *stack, const char *device,
		 const struct stack_member *member)
{
	_cleanup_free_ char *names = stack_names(stack);

	if (!names)
		return NULL;
	switch (stack->kind) {
	case STACK_JOINED:
		return text_of("the data of %s (%s) are distributed over %s: firmware "
			       "cannot read them from one disk",
			       device, stack->type, names);
	case STACK_CACHE:
		return text_of("the data of %s (%s) are not in plain form on %s: "
			       "firmware cannot read them",
			       device, stack->type, names);
	case STACK_UNKNOWN:
		return text_of("it is not known how %s uses %s%s: firmware may not find "
			       "its data there",
			       device, names,
			       stack->is_unread ? " (only root can read it)" : "");
	default:
		break;
	}
	if (!member->has_data)
		return text_of("%s does not have all data of %s", member->name, device);
	if (stack->is_encrypted)
		return text_of("%s is encrypted: firmware cannot read its data", device);
	if (stack->is_split)
		return text_of("the data of %s are in several parts of %s: firmware does "
			       "not find them",
			       device, member->name);
	if (stack->may_lag)
		return text_of("it is not known whether %s is in sync%s: firmware may "
			       "not find the data of %s there",
			       member->name,
			       stack->is_unread ? " (only root can read it)" : "",
			       device);
	if (member->start == STACK_START_UNKNOWN)
		return text_of("the data of %s do not begin where %s begins: firmware "
			       "does not find them",
			       device, member->name);
	return text_of("the data of %s begin at sector %" PRIu64 " of %s: firmware does "
		       "not find them",
		       device, member->start, member->name);
}
