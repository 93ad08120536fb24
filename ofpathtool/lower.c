// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "kern/text.h"
#include "ofpathtool/lower.h"
#include "ofpathtool/stack.h"

/* No system has more. A larger value means damaged data or a cycle. */
enum { DEPTH_MAX = 16, VISITS_MAX = 16384 };

struct descent {
	struct ofp *h;
	leaf_visitor *visit;
	void *priv;
	unsigned visits;
};

/* What is known from the devices above. */
struct above {
	unsigned partition; /* of this whole disk; 0: none */
	enum doubt doubt;
	const char *note; /* NULL: DOUBT_NONE */
};

static int lower_descend(struct descent *d, const struct place *place,
			 const struct above *above, unsigned depth);

/* List the names in a directory that begin with a word, without the word. */
static size_t lower_list_names(struct ofp *h, const char *dir, const char *word,
			       struct kern_names *names)
{
	size_t len = strlen(word), n = 0;

	if (source_list(&h->src, names, "%s", dir))
		return 0;
	for (size_t i = 0; i < names->n; i++) {
		char *name = names->name[i];

		if (strncmp(name, word, len)) {
			free(name);
			continue;
		}
		memmove(name, name + len, strlen(name + len) + 1);
		names->name[n++] = name;
	}
	names->n = n;
	place_sort_names(names);
	return n;
}

static int lower_visit(struct descent *d, const struct place *place,
		       const struct above *above)
{
	struct leaf leaf = {
		.place = place,
		.doubt = above->doubt,
		.note = above->note,
	};

	return d->visit(d->priv, &leaf);
}

static int lower_visit_useless(struct descent *d, const struct place *place,
			       const char *reason)
{
	_cleanup_free_ char *note = text_of("%s %s", reason, place->name);
	struct leaf leaf = { .place = place, .doubt = DOUBT_ALL, .note = note };

	return note ? d->visit(d->priv, &leaf) : OFP_ENOMEM;
}

/* Return how firmware finds a device's data on a member. */
static enum doubt lower_doubt(const struct stack *stack,
			      const struct stack_member *member)
{
	if (stack_hides_data(stack) || !member->has_data)
		return DOUBT_ALL;
	if (stack->is_encrypted)
		return DOUBT_FORM;
	return member->start || stack->kind == STACK_UNKNOWN || stack->is_split ||
			       stack->may_lag
		       ? DOUBT_PLACE
		       : DOUBT_NONE;
}

/* Return true if a partition of the device has the same number on the member: the data begin
 * where the member begins, as far as it is known. */
static bool lower_keeps_partition(const struct stack *stack,
				  const struct stack_member *member)
{
	return !member->start && !stack->is_split &&
	       lower_doubt(stack, member) <= DOUBT_PLACE;
}

/* Find what is known for a member. The greatest doubt decides. Among equal ones it is that
 * of the device next to the requested one. *note is the caller's to free. Return 0 or
 * OFP_ENOMEM. */
static int lower_pass(const struct place *place, unsigned partition,
		      const struct stack *stack, const struct stack_member *member,
		      const struct place *lower, struct above *below, char **note)
{
	unsigned n = stack->partition ? stack->partition : partition;
	bool is_inside = n && (lower->partition || (stack->partition && partition));
	enum doubt own = lower_doubt(stack, member);
	enum doubt doubt = !own && is_inside ? DOUBT_PLACE : own;

	below->partition = lower_keeps_partition(stack, member) ? n : 0;
	if (doubt <= below->doubt)
		return 0;
	*note = own ? stack_note(stack, place->name, member)
		    : text_of("a partition of %s is inside a partition: firmware does "
			      "not find it",
			      member->name);
	below->doubt = doubt;
	below->note = *note;
	return *note ? 0 : OFP_ENOMEM;
}

static int lower_each_member(struct descent *d, const struct place *place,
			     const struct above *above, const struct stack *stack,
			     unsigned depth)
{
	unsigned partition = place->partition ? place->partition : above->partition;
	struct place *lower = malloc(sizeof(*lower));
	int err = lower ? 0 : OFP_ENOMEM;

	for (size_t i = 0; !err && i < stack->n; i++) {
		const struct stack_member *member = &stack->members[i];
		_cleanup_free_ char *note = NULL;
		struct above below = *above;

		if (place_find(&d->h->src, PLACE_DISK, member->name, lower))
			continue;
		err = lower_pass(place, partition, stack, member, lower, &below, &note);
		if (!err)
			err = lower_descend(d, lower, &below, depth + 1);
	}
	free(lower);
	return err;
}

static int lower_each_interface(struct descent *d, const struct kern_names *names,
				const struct above *above, unsigned depth)
{
	struct place *lower = malloc(sizeof(*lower));
	int err = lower ? 0 : OFP_ENOMEM;

	for (size_t i = 0; !err && i < names->n; i++)
		if (!place_find(&d->h->src, PLACE_NET, names->name[i], lower))
			err = lower_descend(d, lower, above, depth + 1);
	free(lower);
	return err;
}

/* Visit a namespace of a subsystem once for each of its controllers. */
static int lower_each_controller(struct descent *d, const struct place *place,
				 const struct above *above)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct place *by = malloc(sizeof(*by));
	char subsystem[PATH_MAX];
	int err = by ? 0 : OFP_ENOMEM;

	snprintf(subsystem, sizeof(subsystem), "%.*s", (int)place->subsystem.end,
		 place->dir);
	lower_list_names(d->h, subsystem, "nvme", &names);
	for (size_t i = 0; !err && i < names.n; i++) {
		if (names.name[i][strspn(names.name[i], "0123456789")])
			continue;
		*by = *place;
		if (!source_object(&d->h->src, by->via, sizeof(by->via), "%s/nvme%s",
				   subsystem, names.name[i]))
			err = lower_visit(d, by, above);
	}
	free(by);
	return err;
}

/* Visit a lowest device. A partition of a disk above it is one of the disk. */
static int lower_visit_lowest(struct descent *d, const struct place *place,
			      const struct above *above)
{
	struct place *part;
	int err;

	if (place->partition || !above->partition)
		return place->subsystem.end ? lower_each_controller(d, place, above)
					    : lower_visit(d, place, above);
	part = malloc(sizeof(*part));
	if (!part)
		return OFP_ENOMEM;
	*part = *place;
	part->partition = above->partition;
	err = lower_visit_lowest(d, part, above);
	free(part);
	return err;
}

static int lower_descend_disk(struct descent *d, const struct place *place,
			      const struct above *above, unsigned depth)
{
	struct stack stack;
	int err = stack_read(d->h, place, &stack);

	if (!err && stack.kind)
		err = lower_each_member(d, place, above, &stack, depth);
	else if (!err && !strncmp(place->dir, "sys/devices/virtual/block/", 26))
		/* Its data are in memory, in a file or on the network. */
		err = lower_visit_useless(d, place, "no disk is below");
	else if (!err)
		err = lower_visit_lowest(d, place, above);
	stack_free(&stack);
	return err;
}

static int lower_descend(struct descent *d, const struct place *place,
			 const struct above *above, unsigned depth)
{
	_cleanup_names_ struct kern_names names = { 0 };

	if (depth > DEPTH_MAX || ++d->visits > VISITS_MAX)
		return lower_visit_useless(d, place, "too many devices are above");
	if (place->kind == PLACE_DISK)
		return lower_descend_disk(d, place, above, depth);
	/* Only virtual devices have devices below. */
	if (place->kind == PLACE_NET &&
	    !strncmp(place->dir, "sys/devices/virtual/", 20) &&
	    lower_list_names(d->h, place->dir, "lower_", &names))
		return lower_each_interface(d, &names, above, depth);
	return lower_visit(d, place, above);
}

int lower_each(struct ofp *h, const struct place *place, leaf_visitor *visit, void *priv)
{
	struct descent d = { .h = h, .visit = visit, .priv = priv };

	return lower_descend(&d, place, &(struct above){ 0 }, 0);
}
