// SPDX-License-Identifier: GPL-2.0-or-later
/* Find the one connector that a user or program names. */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/connector.h"
#include "kern/pci.h"

/* The first match, and the number of matches. */
struct match {
	const struct connector *first;
	struct dr_error *error; /* error->what lists the indexes */
	size_t n;
};

static void match_add(struct match *m, const struct connector *c)
{
	size_t used = strlen(m->error->what);

	if (!c)
		return;
	if (!m->n++)
		m->first = c;
	snprintf(m->error->what + used, sizeof(m->error->what) - used, "%s0x%08x",
		 used ? ", " : "", c->drc.index);
}

static bool match_parse_index(const char *text, int base, uint32_t *index)
{
	unsigned long v;
	char *end;

	errno = 0;
	v = strtoul(text, &end, base);
	*index = (uint32_t)v;
	return end != text && !*end && !errno && v <= UINT32_MAX && *text >= '0' &&
	       *text <= '9';
}

static void match_name(struct match *m, const struct connectors *cs, const char *name,
		       size_t len)
{
	for (size_t i = 0; i < cs->n; i++)
		if (strlen(cs->list[i].drc.name) == len &&
		    !memcmp(cs->list[i].drc.name, name, len))
			match_add(m, &cs->list[i]);
}

static void match_occupant(struct match *m, const struct connectors *cs,
			   const struct occupant *o)
{
	for (size_t i = 0; i < cs->n; i++)
		if (cs->list[i].drc.index == o->index && cs->list[i].parent == o->parent)
			match_add(m, &cs->list[i]);
}

static void match_location(struct match *m, const struct connectors *cs, const char *code)
{
	for (size_t i = 0; i < cs->n_occupants; i++)
		if (cs->occupants[i].loc_code && !strcmp(cs->occupants[i].loc_code, code))
			match_occupant(m, cs, &cs->occupants[i]);
}

static void match_address(struct match *m, const struct connectors *cs,
			  const struct dr_ctx *dr, const char *address)
{
	_cleanup_functions_ struct pci_functions functions = { 0 };

	if (strlen(address) >= PCI_NAME_MAX || pci_list(dr->root, &functions))
		return;
	for (size_t f = 0; f < functions.n; f++) {
		if (strcmp(functions.fn[f].address, address) || !functions.fn[f].node)
			continue;
		for (size_t i = 0; i < cs->n_occupants; i++)
			if (!strcmp(cs->occupants[i].path, functions.fn[f].node))
				match_occupant(m, cs, &cs->occupants[i]);
	}
}

static void match_key(struct match *m, const struct connectors *cs,
		      const struct dr_ctx *dr, const char *key)
{
	const char *slash = strrchr(key, '/');
	uint32_t index;

	match_name(m, cs, key, strlen(key));
	if (!m->n && slash)
		match_name(m, cs, key, (size_t)(slash - key));
	if (!m->n)
		match_location(m, cs, key);
	if (!m->n && strchr(key, ':'))
		match_address(m, cs, dr, key);
	if (!m->n && match_parse_index(key, 10, &index))
		match_add(m, connectors_by_index(cs, index));
}

/* Return the single match, or an error. */
static int match_result(const struct match *m, bool by_index, const char *key,
			const struct connector **found)
{
	struct dr_error *error = m->error;

	*found = m->first;
	if (m->n == 1) {
		*error = (struct dr_error){ 0 };
		return 0;
	}
	if (m->n > 1) {
		error->fault = DR_FAULT_AMBIGUOUS;
		return error->err = -ENOTUNIQ;
	}

	error->fault = by_index ? DR_FAULT_NO_INDEX : DR_FAULT_UNKNOWN;
	snprintf(error->what, sizeof(error->what), "%s", key);
	return error->err = -ENOENT;
}

/* Match an index. Return true if the key has the form of an index. */
static bool match_index(struct match *m, const struct connectors *cs, const char *key)
{
	bool by_index = !strncmp(key, "0x", 2);
	uint32_t index;

	*m->error = (struct dr_error){ 0 };
	if (by_index && match_parse_index(key, 16, &index))
		match_add(m, connectors_by_index(cs, index));
	return by_index;
}

int connectors_find(const struct connectors *cs, const struct dr_ctx *dr, const char *key,
		    const struct connector **found, struct dr_error *error)
{
	struct match m = { .error = error };
	bool by_index = match_index(&m, cs, key);

	if (!by_index)
		match_key(&m, cs, dr, key);
	return match_result(&m, by_index, key, found);
}

int connectors_find_exact(const struct connectors *cs, const char *key,
			  const struct connector **found, struct dr_error *error)
{
	struct match m = { .error = error };
	bool by_index = match_index(&m, cs, key);

	if (!by_index)
		match_name(&m, cs, key, strlen(key));
	return match_result(&m, by_index, key, found);
}
