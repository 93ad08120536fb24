// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void lower_descend(struct descent *d, const struct place *place,
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

static void lower_visit(struct descent *d, const struct place *place,
			const struct above *above)
{
	d->visit(d->priv, &(struct leaf){ place, above->doubt, above->note });
}

static void lower_visit_useless(struct descent *d, const struct place *place,
				const char *reason)
{
	const char *note = mem_text(&d->h->mem, "%s %s", reason, place->name);

	d->visit(d->priv, &(struct leaf){ place, DOUBT_ALL, note });
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

/* Return what is known for a member. The greatest doubt decides. Among equal ones it is that
 * of the device next to the requested one. */
static struct above lower_pass(struct mem *m, const struct place *place,
			       const struct above *above, const struct stack *stack,
			       const struct stack_member *member,
			       const struct place *lower)
{
	unsigned partition = place->partition ? place->partition : above->partition;
	unsigned n = stack->partition ? stack->partition : partition;
	bool is_inside = n && (lower->partition || (stack->partition && partition));
	enum doubt own = lower_doubt(stack, member);
	struct above below = *above;

	below.partition = lower_keeps_partition(stack, member) ? n : 0;
	if (own > above->doubt) {
		below.doubt = own;
		below.note = stack_note(m, stack, place->name, member);
	} else if (is_inside && !own && !above->doubt) {
		below.doubt = DOUBT_PLACE;
		below.note = mem_text(m,
				      "a partition of %s is inside a partition: firmware "
				      "does not find it",
				      member->name);
	}
	return below;
}

static void lower_each_member(struct descent *d, const struct place *place,
			      const struct above *above, const struct stack *stack,
			      unsigned depth)
{
	struct place lower;

	for (size_t i = 0; i < stack->n; i++) {
		const struct stack_member *member = &stack->members[i];
		struct above below;

		if (place_find(&d->h->src, PLACE_DISK, member->name, &lower))
			continue;
		below = lower_pass(&d->h->mem, place, above, stack, member, &lower);
		lower_descend(d, &lower, &below, depth + 1);
	}
}

/* Visit a namespace of a subsystem once for each of its controllers. */
static void lower_each_controller(struct descent *d, const struct place *place,
				  const struct above *above)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct place by = *place;
	char subsystem[PATH_MAX];

	snprintf(subsystem, sizeof(subsystem), "%.*s", (int)place->subsystem.end,
		 place->dir);
	lower_list_names(d->h, subsystem, "nvme", &names);
	for (size_t i = 0; i < names.n; i++)
		if (!names.name[i][strspn(names.name[i], "0123456789")] &&
		    !source_object(&d->h->src, by.via, sizeof(by.via), "%s/nvme%s",
				   subsystem, names.name[i]))
			lower_visit(d, &by, above);
}

/* Visit a lowest device. A partition of a disk above it is one of the disk. */
static void lower_visit_lowest(struct descent *d, const struct place *place,
			       const struct above *above)
{
	struct place part = *place;

	if (!place->partition)
		part.partition = above->partition;
	if (place->subsystem.end)
		lower_each_controller(d, &part, above);
	else
		lower_visit(d, &part, above);
}

static void lower_descend_disk(struct descent *d, const struct place *place,
			       const struct above *above, unsigned depth)
{
	struct stack stack;

	stack_read(d->h, place, &stack);
	if (stack.kind)
		lower_each_member(d, place, above, &stack, depth);
	else if (!strncmp(place->dir, "sys/devices/virtual/block/", 26))
		/* Its data are in memory, in a file or on the network. */
		lower_visit_useless(d, place, "no disk is below");
	else
		lower_visit_lowest(d, place, above);
}

static void lower_descend(struct descent *d, const struct place *place,
			  const struct above *above, unsigned depth)
{
	_cleanup_names_ struct kern_names names = { 0 };
	struct place lower;

	if (depth > DEPTH_MAX || ++d->visits > VISITS_MAX)
		lower_visit_useless(d, place, "too many devices are above");
	else if (place->kind == PLACE_DISK)
		lower_descend_disk(d, place, above, depth);
	/* Only virtual devices have devices below. */
	else if (place->kind == PLACE_NET &&
		 !strncmp(place->dir, "sys/devices/virtual/", 20) &&
		 lower_list_names(d->h, place->dir, "lower_", &names))
		for (size_t i = 0; i < names.n; i++) {
			if (!place_find(&d->h->src, PLACE_NET, names.name[i], &lower))
				lower_descend(d, &lower, above, depth + 1);
		}
	else
		lower_visit(d, place, above);
}

void lower_each(struct ofp *h, const struct place *place, leaf_visitor *visit, void *priv)
{
	struct descent d = { .h = h, .visit = visit, .priv = priv };

	lower_descend(&d, place, &(struct above){ 0 }, 0);
}
