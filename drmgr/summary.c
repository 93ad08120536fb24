// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "cli/common.h"
#include "cli/connectors.h"
#include "cli/leftover.h"
#include "cli/types.h"
#include "drmgr/summary.h"

enum summary_state { SUMMARY_OWNED, SUMMARY_NOT_OWNED, SUMMARY_RESERVED, SUMMARY_STATES };

struct summary_type {
	const struct dr_type *type;
	uint64_t n[SUMMARY_STATES];
	uint64_t bytes[SUMMARY_STATES]; /* memory */
	uint64_t offered;
	bool is_unsure; /* it is unknown of some connectors whether they are offered */
};

/* LMBs that follow each other. Firmware tells the address of one that is not owned only if
 * memory has no nodes of its own. */
struct summary_range {
	uint32_t first_index, last_index;
	int64_t address; /* -1: unknown */
	uint64_t size, lmbs;
	enum summary_state state;
};

struct summary {
	struct summary_type *types;
	size_t n_types;
	struct summary_range *ranges;
	size_t n_ranges, room;
	uint64_t n_no_device;	  /* slots with a node of which Linux has no device */
	int64_t lmb_bytes, total; /* of memory; -1: unknown */
	bool sense;
};

static const char *const state_names[] = { "owned", "not-owned", "reserved" };

/* ---- Count ---- */

/* A slot with a card is owned, an empty one is not. */
static enum summary_state summary_state(const struct dr_connector *connector)
{
	const char *state = dr_connector_get_state(connector);

	if (!state) /* a slot with a node */
		return SUMMARY_OWNED;
	if (!strcmp(state, "reserved"))
		return SUMMARY_RESERVED;
	return strcmp(state, "empty") && strcmp(state, "not-owned") ? SUMMARY_OWNED
								    : SUMMARY_NOT_OWNED;
}

/* LMBs that are not for dynamic reconfiguration have the index 0. */
static bool summary_range_continues(const struct summary_range *range,
				    const struct summary_range *lmb)
{
	uint32_t index = range->last_index ? range->last_index + 1 : 0;
	int64_t address = range->address < 0 ? -1 : range->address + (int64_t)range->size;

	return range->state == lmb->state && index == lmb->first_index &&
	       address == lmb->address;
}

static int summary_add_lmb(struct summary *s, const struct summary_range *lmb)
{
	struct summary_range *last = s->n_ranges ? &s->ranges[s->n_ranges - 1] : NULL;

	if (last && summary_range_continues(last, lmb)) {
		last->last_index = lmb->last_index;
		last->size += lmb->size;
		last->lmbs++;
		return 0;
	}
	if (s->n_ranges == s->room) {
		size_t room = s->room ? 2 * s->room : 16;
		struct summary_range *more = reallocarray(s->ranges, room, sizeof(*more));

		if (!more)
			return -ENOMEM;
		s->ranges = more;
		s->room = room;
	}
	s->ranges[s->n_ranges++] = *lmb;
	return 0;
}

/* Count a connector. One with a size and an address is an LMB. */
static int summary_add(struct summary *s, struct summary_type *t,
		       const struct dr_connector *connector)
{
	int64_t size = connector_number(connector, "size");
	uint32_t index = dr_connector_get_index(connector);
	const char *state = dr_connector_get_state(connector);
	const struct summary_range lmb = {
		.first_index = index,
		.last_index = index,
		.address = connector_number(connector, "address"),
		.size = (uint64_t)size,
		.lmbs = 1,
		.state = summary_state(connector),
	};

	s->n_no_device += state && !strcmp(state, "no-device");
	t->n[lmb.state]++;
	t->offered += connector_number(connector, "offered") == 1;
	t->is_unsure |= connector_number(connector, "offered") < 0;
	if (size < 0)
		return 0;
	t->bytes[lmb.state] += lmb.size;
	return summary_add_lmb(s, &lmb);
}

/* Return a number of the whole list; -1: unknown. */
static int64_t summary_number(const struct dr_type *type, const struct dr_list *list,
			      const char *key)
{
	struct dr_value value;

	return !dr_list_get(type, list, key, &value) && value.is_known ? value.number
								       : -1;
}

static int summary_add_type(struct summary *s, struct dr *dr, const struct dr_type *type)
{
	struct summary_type *more = reallocarray(s->types, s->n_types + 1, sizeof(*more));
	const struct dr_connector *connector;
	struct dr_list *list;
	int err;

	if (!more)
		return -ENOMEM;
	s->types = more;
	s->types[s->n_types] =
		(struct summary_type){ .type = type,
				       .is_unsure = !type_is(type, TYPE_CARDS) };
	/* Only the sensors of slots for cards tell. */
	err = dr_list_new(dr, type, NULL,
			  s->sense && type_is(type, TYPE_CARDS) ? DR_LIST_SENSE : 0,
			  &list);
	while (!err && (connector = dr_list_next(list)))
		err = summary_add(s, &s->types[s->n_types], connector);
	if (!err)
		err = dr_list_get_errno(list);
	if (!err && type_is(type, TYPE_MEMORY)) {
		s->lmb_bytes = summary_number(type, list, "lmb_size");
		s->total = summary_number(type, list, "total_bytes");
	}
	dr_list_free(list);
	s->n_types++;
	return err == -ENODEV ? 0 : err;
}

static int summary_add_all(struct summary *s, struct dr *dr)
{
	const struct dr_type *type;
	int err = 0;

	dr_foreach_type(type) {
		if (dr_type_has_connectors(type))
			err = summary_add_type(s, dr, type);
		if (err)
			return err;
	}
	return 0;
}

/* ---- Text ---- */

static void summary_print_type(const struct summary *s, const struct summary_type *t)
{
	char owned[32] = "-", rest[32] = "-", offered[32] = "-";

	if (t->bytes[SUMMARY_OWNED] || t->bytes[SUMMARY_NOT_OWNED]) {
		size_format(t->bytes[SUMMARY_OWNED], owned, sizeof(owned));
		size_format(t->bytes[SUMMARY_NOT_OWNED], rest, sizeof(rest));
	}
	if (!t->is_unsure)
		snprintf(offered, sizeof(offered), "%" PRIu64, t->offered);
	printf("%-6s %8" PRIu64 " %10" PRIu64 " %9" PRIu64 "  ",
	       dr_type_get_name(t->type), t->n[SUMMARY_OWNED], t->n[SUMMARY_NOT_OWNED],
	       t->n[SUMMARY_RESERVED]);
	if (s->sense)
		printf("%7s  ", offered);
	printf("%-10s  %s\n", owned, rest);
}

static void summary_print_range(const struct summary_range *r)
{
	char size[32], addresses[48] = "-", indexes[32] = "-";

	size_format(r->size, size, sizeof(size));
	if (r->address >= 0)
		snprintf(addresses, sizeof(addresses), "0x%" PRIx64 "-0x%" PRIx64,
			 (uint64_t)r->address, (uint64_t)r->address + r->size - 1);
	if (r->first_index)
		snprintf(indexes, sizeof(indexes), "0x%08x-0x%08x", r->first_index,
			 r->last_index);
	printf("%-27s  %-21s %6" PRIu64 "  %-8s  %s\n", addresses, indexes, r->lmbs, size,
	       state_names[r->state]);
}

static void summary_print_text(const struct summary *s)
{
	char total[32];

	printf("%-6s %8s %10s %9s  %s%-10s  %s\n", "Type", "Owned", "Not owned",
	       "Reserved", s->sense ? "Offered  " : "", "Size owned", "Not owned");
	for (size_t i = 0; i < s->n_types; i++)
		summary_print_type(s, &s->types[i]);
	if (s->n_ranges)
		printf("\n%-27s  %-21s %6s  %-8s  %s\n", "Memory", "DRC indexes", "LMBs",
		       "Size", "State");
	for (size_t i = 0; i < s->n_ranges; i++)
		summary_print_range(&s->ranges[i]);
	if (s->total >= 0) {
		size_format((uint64_t)s->total, total, sizeof(total));
		printf("%-57s  %s\n", "All memory of Linux", total);
	}
}

/* ---- Document ---- */

static json_object *summary_type_object(const struct summary *s,
					const struct summary_type *t)
{
	json_object *o = json_new_object();

	json_put_text(o, "type", dr_type_get_name(t->type));
	json_put_int(o, "owned", (int64_t)t->n[SUMMARY_OWNED]);
	json_put_int(o, "not_owned", (int64_t)t->n[SUMMARY_NOT_OWNED]);
	json_put_int(o, "reserved", (int64_t)t->n[SUMMARY_RESERVED]);
	json_put(o, "offered",
		 s->sense && !t->is_unsure ? json_new_int((int64_t)t->offered) : NULL);
	if (type_is(t->type, TYPE_MEMORY)) {
		json_put_int(o, "owned_bytes", (int64_t)t->bytes[SUMMARY_OWNED]);
		json_put_int(o, "not_owned_bytes", (int64_t)t->bytes[SUMMARY_NOT_OWNED]);
	}
	return o;
}

static json_object *summary_range_object(const struct summary_range *r)
{
	json_object *o = json_new_object();

	json_put_text(o, "state", state_names[r->state]);
	json_put(o, "first_index", r->first_index ? json_index(r->first_index) : NULL);
	json_put(o, "last_index", r->last_index ? json_index(r->last_index) : NULL);
	json_put(o, "address",
		 r->address < 0 ? NULL : json_address((uint64_t)r->address));
	json_put_int(o, "size", (int64_t)r->size);
	json_put_int(o, "lmbs", (int64_t)r->lmbs);
	return o;
}

/* Put what the machine is. Of a captured tree, the kernel and the backend are unknown. */
static void summary_put_machine(json_object *document, const struct summary *s,
				struct dr *dr, bool is_system)
{
	struct utsname name;
	bool is_kvm = dr && strstr(dr_get_platform(dr), "KVM");

	uname(&name);
	json_put_text(document, "platform", !dr ? NULL : is_kvm ? "kvm" : "powervm");
	json_put_text(document, "kernel", is_system ? name.release : NULL);
	json_put_text(document, "backend", is_system ? dr_get_backend(dr) : NULL);
	json_put(document, "lmb_size",
		 s->lmb_bytes < 0 ? NULL : json_new_int(s->lmb_bytes));
	json_put(document, "total_bytes", s->total < 0 ? NULL : json_new_int(s->total));
	json_put_int(document, "no_device", (int64_t)s->n_no_device);
}

/* Put the process that has the lock; null: none, or it is unknown. */
static void summary_put_operation(json_object *document, struct dr *dr)
{
	struct dr_operation operation = { .size = sizeof(operation) };
	json_object *o = NULL;

	if (dr)
		dr_read_operation(dr, &operation);
	if (operation.holder) {
		o = json_new_object();
		json_put(o, "pid",
			 operation.holder < 0 ? NULL : json_new_int(operation.holder));
		json_put_text(o, "command",
			      *operation.command ? operation.command : NULL);
	}
	json_put(document, "operation", o);
}

/* error NULL: none. The document becomes its owner. dr NULL: nothing is known. */
static void summary_print_json(const struct summary *s, struct dr *dr, bool is_system,
			       json_object *error)
{
	json_object *document = json_new_object(), *types = json_new_array(),
		    *memory = json_new_array();

	for (size_t i = 0; i < s->n_types; i++)
		json_append(types, summary_type_object(s, &s->types[i]));
	for (size_t i = 0; i < s->n_ranges; i++)
		json_append(memory, summary_range_object(&s->ranges[i]));
	json_put_text(document, "schema", "papr.lsslot-summary/1");
	json_put(document, "types", types);
	json_put(document, "memory", memory);
	summary_put_machine(document, s, dr, is_system);
	summary_put_operation(document, is_system ? dr : NULL);
	leftover_put(document, is_system ? dr : NULL);
	json_put(document, "error", error);
	json_print(document);
}

int summary_print(struct dr *dr, const struct dr_type *type, bool is_system, bool sense,
		  bool json)
{
	struct summary s = { .sense = sense, .lmb_bytes = -1, .total = -1 };
	int err = type ? summary_add_type(&s, dr, type) : summary_add_all(&s, dr);

	if (err)
		s.n_types = s.n_ranges = 0;
	if (json)
		summary_print_json(&s, dr, is_system, list_error_object(dr, err));
	else if (!err)
		summary_print_text(&s);
	free(s.types);
	free(s.ranges);
	return err;
}

void summary_print_error(enum dr_code code, const char *message)
{
	static const struct summary none = { .lmb_bytes = -1, .total = -1 };

	summary_print_json(&none, NULL, false, error_object(code, message));
}

/* A run in progress, or one that goes on by itself, needs no recovery. */
static void summary_check_one(void *priv, const struct dr_journal *journal)
{
	bool *is_incomplete = priv, is_abandoned;

	dr_journal_get_state(journal, &is_abandoned);
	*is_incomplete |= is_abandoned;
}

int summary_check(struct dr *dr)
{
	struct dr_operation operation = { .size = sizeof(operation) };
	bool is_incomplete = false;

	dr_read_operation(dr, &operation);
	if (geteuid() || !operation.can_look ||
	    leftover_each(dr, summary_check_one, &is_incomplete))
		return SUMMARY_UNKNOWN;
	return is_incomplete ? SUMMARY_INCOMPLETE : SUMMARY_COMPLETE;
}
