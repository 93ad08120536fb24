// SPDX-License-Identifier: GPL-2.0-or-later
/* RAID of md: everything is in sysfs. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/place.h"
#include "ofpathtool/stack.h"

/* Return true if a comma-separated list has this word. */
static bool stack_md_has_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (; *list; list += strcspn(list, ",")) {
		list += *list == ',';
		if (!strncmp(list, word, len) && (!list[len] || list[len] == ','))
			return true;
	}
	return false;
}

static bool stack_md_parse(const char *text, uint64_t *value)
{
	char *end;

	if (*text < '0' || *text > '9')
		return false;
	*value = strtoull(text, &end, 10);
	return !*end;
}

static bool stack_md_number(struct ofp *h, const char *md, const char *attribute,
			    uint64_t *value)
{
	char text[24];

	return !source_text(&h->src, text, sizeof(text), "%s/%s", md, attribute) &&
	       stack_md_parse(text, value);
}

/* A spare, a faulty disk and one that is rebuilt are members too. They are not in
 * sync. */
static void stack_md_read_member(struct ofp *h, const char *md,
				 struct stack_member *member)
{
	char state[128], start[24];

	member->has_data = !source_text(&h->src, state, sizeof(state), "%s/dev-%s/state",
					md, member->name) &&
			   stack_md_has_word(state, "in_sync") &&
			   !stack_md_has_word(state, "faulty");
	if (source_text(&h->src, start, sizeof(start), "%s/dev-%s/offset", md,
			member->name) ||
	    !stack_md_parse(start, &member->start))
		member->start = STACK_START_UNKNOWN;
}

/* Return true if all disks of a RAID10 are copies. The layout has the number of near
 * copies in its lowest byte, that of far copies in the next. */
static bool stack_md_is_copies(uint64_t layout, uint64_t disks)
{
	return (layout & 0xff) == disks && (layout >> 8 & 0xff) == 1;
}

void stack_read_md(struct ofp *h, const struct place *place, struct stack *stack)
{
	char md[PATH_MAX], level[STACK_TYPE_MAX] = "", metadata[64] = "";
	uint64_t disks = 0, layout = 0;

	if ((size_t)snprintf(md, sizeof(md), "%s/md", place->dir) >= sizeof(md))
		return;
	source_text(&h->src, metadata, sizeof(metadata), "%s/metadata_version", md);
	if (source_text(&h->src, level, sizeof(level), "%s/level", md) || !*level) {
		/* The disks of an array whose metadata mdadm manages. */
		if (!strncmp(metadata, "external:", 9) && metadata[9] != '/')
			stack_set(stack, STACK_JOINED, "container");
		return;
	}
	/* A capture may lack the number, which mirrors do not need. */
	if (!stack_md_number(h, md, "raid_disks", &disks) && strcmp(level, "raid1"))
		return;
	stack_md_number(h, md, "layout", &layout);
	for (size_t i = 0; i < stack->n; i++)
		stack_md_read_member(h, md, &stack->members[i]);

	if (!strcmp(level, "raid1") ||
	    (!strcmp(level, "raid10") && stack_md_is_copies(layout, disks)))
		stack_set(stack, STACK_MIRROR, level);
	else if (!strcmp(level, "multipath") ||
		 (disks == 1 && (!strcmp(level, "raid0") || !strcmp(level, "linear"))))
		stack_set(stack, STACK_THROUGH, level);
	else if (strcmp(level, "faulty"))
		stack_set(stack, STACK_JOINED, level);
}
