// SPDX-License-Identifier: GPL-2.0-or-later
/* Tables of device-mapper. Each line is a target, "0 2048 linear 8:16 384": its first sector,
 * its sectors, its type and its arguments. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ofpathtool/place.h"
#include "ofpathtool/stack.h"

/* A table that needs more comparisons of devices is not read: no system has one. */
enum { NUMBER_TEXT_MAX = 24, LEGS_MAX = 256, COMPARISONS_MAX = 65536 };

struct table_target {
	uint64_t begin, length;
	char *type, *arguments;
};

struct table {
	struct mem *m;
	struct stack *stack;
	char (*numbers)[NUMBER_TEXT_MAX]; /* of the members, "8:16"; or "" */
	struct table_target *targets;
	size_t n;
	struct stack_member *leg[LEGS_MAX]; /* of a mirror; NULL: it is missing */
	size_t n_legs;
};

/* Describe the only target. Return false if its arguments are damaged. */
typedef bool table_reader(struct table *t, char *arguments);

static char *table_word(char **text)
{
	return strtok_r(NULL, " ", text);
}

static bool table_number(char **text, uint64_t *value)
{
	const char *word = table_word(text);
	char *end;

	if (!word || *word < '0' || *word > '9')
		return false;
	errno = 0;
	*value = strtoull(word, &end, 10);
	return !*end && !errno;
}

/* Skip as many words as the next one says. */
static bool table_skip(char **text)
{
	uint64_t n;

	if (!table_number(text, &n))
		return false;
	while (n--)
		if (!table_word(text))
			return false;
	return true;
}

static struct stack_member *table_find_member(const struct table *t, const char *number)
{
	for (size_t i = 0; number && i < t->stack->n; i++)
		if (*t->numbers[i] && !strcmp(t->numbers[i], number))
			return &t->stack->members[i];
	return NULL;
}

/* Read a device and a sector. */
static struct stack_member *table_area(const struct table *t, char **text,
				       uint64_t *start)
{
	struct stack_member *member = table_find_member(t, table_word(text));

	return member && table_number(text, start) ? member : NULL;
}

/* Only the members that are used from now on have data. */
static void table_use_none(struct table *t)
{
	for (size_t i = 0; i < t->stack->n; i++)
		t->stack->members[i].has_data = false;
}

static bool table_use(struct stack_member *member, uint64_t start)
{
	if (!member)
		return false;
	member->has_data = true;
	member->start = start;
	return true;
}

static bool table_use_one(struct table *t, struct stack_member *member, uint64_t start,
			  const char *type)
{
	table_use_none(t);
	stack_set(t->stack, STACK_THROUGH, type);
	return table_use(member, start);
}

/* CHUNKS SIZE {DEVICE SECTOR}... */
static bool table_read_striped(struct table *t, char *arguments)
{
	struct stack_member *member;
	uint64_t n, size, start;

	if (!table_number(&arguments, &n) || !table_number(&arguments, &size))
		return false;
	if (n > 1) {
		stack_set(t->stack, STACK_JOINED, "striped");
		return true;
	}
	member = table_area(t, &arguments, &start);
	return member && table_use_one(t, member, start, "linear");
}

/* CIPHER KEY IV DEVICE SECTOR... */
static bool table_read_crypt(struct table *t, char *arguments)
{
	struct stack_member *member;
	uint64_t iv, start;

	if (!table_word(&arguments) || !table_word(&arguments) ||
	    !table_number(&arguments, &iv))
		return false;
	member = table_area(t, &arguments, &start);
	t->stack->is_encrypted = true;
	return member && table_use_one(t, member, start, "crypt");
}

/* VERSION DEVICE DEVICE-OF-HASHES... */
static bool table_read_verity(struct table *t, char *arguments)
{
	return table_word(&arguments) &&
	       table_use_one(t, table_find_member(t, table_word(&arguments)), 0,
			     "verity");
}

/* DEVICE */
static bool table_read_origin(struct table *t, char *arguments)
{
	return table_use_one(t, table_find_member(t, table_word(&arguments)), 0,
			     "snapshot-origin");
}

/* A member that is used twice has two beginnings: that is none of the usual mirrors. */
static bool table_add_leg(struct table *t, struct stack_member *member, uint64_t start)
{
	for (size_t i = 0; member && i < t->n_legs; i++)
		if (t->leg[i] == member)
			return false;
	t->leg[t->n_legs++] = member;
	return !member || table_use(member, start);
}

static bool table_begin_legs(struct table *t, char **text, uint64_t *n)
{
	table_use_none(t);
	return table_number(text, n) && *n > 0 && *n <= LEGS_MAX;
}

/* LOG COUNT ARGUMENT... LEGS {DEVICE SECTOR}... */
static bool table_read_mirror(struct table *t, char *arguments)
{
	uint64_t n, start;

	if (!table_word(&arguments) || !table_skip(&arguments) ||
	    !table_begin_legs(t, &arguments, &n))
		return false;
	while (n--) {
		struct stack_member *member = table_area(t, &arguments, &start);

		if (!member || !table_add_leg(t, member, start))
			return false;
	}
	stack_set(t->stack, STACK_MIRROR, "mirror");
	return true;
}

/* Parameters of a RAID that change where the data are. */
struct table_raid {
	uint64_t copies, offset;
	bool is_near;
};

/* COUNT CHUNK {NAME [VALUE]}... Some names have no value. */
static bool table_read_raid_parameters(char **text, struct table_raid *raid)
{
	uint64_t n;

	*raid = (struct table_raid){ .copies = 2, .is_near = true };
	if (!table_number(text, &n))
		return false;
	for (const char *name = NULL; n--;) {
		char *word = table_word(text);

		if (!word)
			return false;
		if (name && !strcmp(name, "raid10_copies"))
			raid->copies = strtoull(word, NULL, 10);
		else if (name && !strcmp(name, "data_offset"))
			raid->offset = strtoull(word, NULL, 10);
		else if (name && !strcmp(name, "raid10_format"))
			raid->is_near = !strcmp(word, "near");
		name = word;
	}
	return true;
}

/* LEVEL PARAMETERS LEGS {DEVICE-OF-METADATA DEVICE}... "-" is no device. */
static bool table_read_raid(struct table *t, char *arguments)
{
	const char *level = table_word(&arguments);
	struct table_raid raid;
	uint64_t n, legs;

	if (!level || !table_read_raid_parameters(&arguments, &raid) ||
	    !table_begin_legs(t, &arguments, &n))
		return false;
	for (legs = n; n--;) {
		const char *metadata = table_word(&arguments);
		const char *device = table_word(&arguments);
		struct stack_member *member = table_find_member(t, device);

		if (!metadata || !device || (!member && strcmp(device, "-")) ||
		    !table_add_leg(t, member, raid.offset))
			return false;
	}
	if (!strcmp(level, "raid1") ||
	    (!strcmp(level, "raid10") && raid.is_near && raid.copies == legs))
		stack_set(t->stack, STACK_MIRROR, "raid1");
	else
		stack_set(t->stack, STACK_JOINED, level);
	return true;
}

/* Each path has all data from the first sector on. */
static bool table_read_multipath(struct table *t, char *arguments)
{
	(void)arguments;
	stack_set(t->stack, STACK_THROUGH, "multipath");
	return true;
}

static const struct {
	const char *type;
	table_reader *read; /* NULL: it converts data */
} table_types[] = {
	{ "striped", table_read_striped },
	{ "crypt", table_read_crypt },
	{ "verity", table_read_verity },
	{ "snapshot-origin", table_read_origin },
	{ "mirror", table_read_mirror },
	{ "raid", table_read_raid },
	{ "multipath", table_read_multipath },
	{ "cache", NULL },
	{ "integrity", NULL },
	{ "snapshot", NULL },
	{ "snapshot-merge", NULL },
	{ "thin", NULL },
	{ "thin-pool", NULL },
	{ "vdo", NULL },
	{ "writecache", NULL },
};

static bool table_read_target(struct table *t, const struct table_target *target)
{
	for (size_t i = 0; i < ARRAY_SIZE(table_types); i++) {
		if (strcmp(table_types[i].type, target->type))
			continue;
		if (table_types[i].read)
			return table_types[i].read(t, target->arguments);
		stack_set(t->stack, STACK_CACHE, target->type);
		return true;
	}
	return false;
}

/* DEVICE SECTOR, several times. Parts that follow each other on one device are one. */
static bool table_read_linear(struct table *t)
{
	struct stack *stack = t->stack;
	struct stack_member *first = NULL;
	uint64_t begin = 0, end = 0;

	stack_set(stack, STACK_THROUGH, "linear");
	for (size_t i = 0; i < t->n; i++) {
		uint64_t start;
		struct stack_member *member =
			table_area(t, &t->targets[i].arguments, &start);

		if (!member)
			return false;
		if (!first) {
			first = member;
			begin = start;
		} else if (member != first) {
			stack_set(stack, STACK_JOINED, "linear");
		} else if (start != end) {
			stack->is_split = true;
		}
		end = start + t->targets[i].length;
	}
	return stack->kind == STACK_JOINED || table_use_one(t, first, begin, "linear");
}

static bool table_has_only(const struct table *t, const char *type, const char *other)
{
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->targets[i].type, type) && strcmp(t->targets[i].type, other))
			return false;
	return true;
}

/* Several targets. Return the first type that is not linear. */
static const char *table_other_type(const struct table *t)
{
	size_t i = 0;

	while (i + 1 < t->n && !strcmp(t->targets[i].type, "linear"))
		i++;
	return t->targets[i].type;
}

static bool table_read_targets(struct table *t)
{
	if (!t->n || t->n > COMPARISONS_MAX / t->stack->n)
		return false;
	if (table_has_only(t, "linear", "linear"))
		return table_read_linear(t);
	if (t->n == 1)
		return table_read_target(t, &t->targets[0]);
	stack_set(t->stack,
		  table_has_only(t, "linear", "striped") ? STACK_JOINED : STACK_CACHE,
		  table_other_type(t));
	return true;
}

/* Split a text into targets. Return false if it is damaged: each target begins where the
 * one before ends. */
static bool table_split(struct table *t, char *text)
{
	uint64_t end = 0;
	char *rest = text, *line;

	while ((line = strsep(&rest, "\n")) && *line) {
		struct table_target target = { 0 };

		if (!table_number(&line, &target.begin) ||
		    !table_number(&line, &target.length) || target.begin != end ||
		    !target.length || target.length > UINT64_MAX - end)
			return false;
		end += target.length;
		target.type = table_word(&line);
		target.arguments = line;
		if (!target.type)
			return false;
		*vec_add(t->m, t->targets, t->n) = target;
	}
	return !line || !rest;
}

/* Only members in sync have all data. If none is in sync, it is not known which have
 * them. */
static void table_set_raid_states(struct table *t, const char *states)
{
	bool has_synced = strchr(states, 'A');

	for (size_t i = 0; i < t->n_legs; i++)
		if (t->leg[i])
			t->leg[i]->has_data = states[i] == (has_synced ? 'A' : 'a');
	t->stack->may_lag = !has_synced;
}

/* Return true for "64/64". */
static bool table_is_complete(const char *regions)
{
	const char *total = regions ? strchr(regions, '/') : NULL;
	size_t len = total ? (size_t)(total - regions) : 0;

	return len && !strncmp(regions, total + 1, len) && !total[1 + len];
}

/* Read the states of a mirror's members, a letter for each: "raid1 2 AA 64/64 idle 0", or
 * "2 8:0 8:16 64/64 1 AA 1 core". */
static void table_read_states(struct table *t, char *state)
{
	bool is_raid = !strcmp(t->targets[0].type, "raid"), is_synced;
	const char *regions = NULL, *states;
	uint64_t n, total;

	if (is_raid) {
		if (!table_word(&state) || !table_number(&state, &n))
			return;
	} else {
		if (!table_skip(&state))
			return;
		regions = table_word(&state);
		n = t->n_legs;
		if (!table_number(&state, &total) || total != 1)
			return;
	}
	states = table_word(&state);
	if (n != t->n_legs || !states || strlen(states) != n)
		return;
	if (is_raid) {
		table_set_raid_states(t, states);
		return;
	}
	/* Until all regions are in sync, only the first member has all data. */
	is_synced = table_is_complete(regions);
	for (size_t i = 0; i < t->n_legs; i++)
		t->leg[i]->has_data = states[i] == 'A' && (is_synced || !i);
	t->stack->may_lag = false;
}

/* A mirror's text of states has one line: begin, length, type, state. */
static void table_set_states(struct ofp *h, const struct place *place, struct table *t)
{
	_cleanup_free_ char *text = NULL;
	char *state, *type;
	uint64_t n;

	t->stack->may_lag = true;
	if (source_targets(&h->src, place->dir, DM_TEXT_STATUS, &text))
		return;
	text[strcspn(text, "\n")] = '\0';
	state = text;
	if (!table_number(&state, &n) || !table_number(&state, &n))
		return;
	type = table_word(&state);
	if (type && !strcmp(type, t->targets[0].type))
		table_read_states(t, state);
}

static bool table_read_numbers(struct ofp *h, struct table *t)
{
	t->numbers = mem_array(t->m, t->stack->n, sizeof(*t->numbers));
	for (size_t i = 0; t->numbers && i < t->stack->n; i++)
		if (source_text(&h->src, t->numbers[i], sizeof(*t->numbers), "%s/%s/dev",
				place_folder(PLACE_DISK), t->stack->members[i].name))
			*t->numbers[i] = '\0';
	return t->numbers;
}

int stack_read_table(struct ofp *h, const struct place *place, struct stack *stack)
{
	_cleanup_free_ char *text = NULL;
	struct table t = { .m = &h->mem, .stack = stack };
	int err = source_targets(&h->src, place->dir, DM_TEXT_TABLE, &text);

	if (err)
		return err;
	if (!table_read_numbers(h, &t) || !table_split(&t, text) ||
	    !table_read_targets(&t)) {
		/* It is not known how the members are used. */
		for (size_t i = 0; i < stack->n; i++)
			table_use(&stack->members[i], 0);
		stack_set(stack, STACK_UNKNOWN, "");
		stack->is_encrypted = stack->is_split = false;
	} else if (stack->kind == STACK_MIRROR) {
		table_set_states(h, place, &t);
	}
	return 0;
}
