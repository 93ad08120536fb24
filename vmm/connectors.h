/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connectors.h - DR connectors: which there are, and their state machines
 *
 * Connectors come in banks: all of one owner (the machine, a PCI bus), equally spaced
 * in their index. A bank never moves while it lives, so pointers to its connectors
 * stay good.
 *
 * A connector is physical (PCI: it has power and a slot) or logical (processor, host
 * bridge, memory: it is given and taken). Both kinds have an empty state and a ready
 * state; everything between them is the guest's doing.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/fdt_out.h"
#include "wire/drc.h"
#include "wire/fdt_frag.h"

struct papr_vmm;
struct device;

/* The upper four bits of an index. */
enum drc_kind {
	DRC_KIND_CPU = 1,
	DRC_KIND_PHB = 2,
	DRC_KIND_VIO = 3,
	DRC_KIND_PCI = 4,
	DRC_KIND_SLOT = 5, /* PCI slots that are given and taken */
	DRC_KIND_LMB = 8,
	DRC_KIND_PMEM = 9,
};

/* Numbers of the saved state: never renumber. */
enum drc_state {
	DRC_STATE_INVALID = 0,
	DRC_STATE_LOGICAL_UNUSABLE = 1,
	DRC_STATE_LOGICAL_AVAILABLE = 2,
	DRC_STATE_LOGICAL_UNISOLATE = 3,
	DRC_STATE_LOGICAL_CONFIGURED = 4,
	DRC_STATE_PHYSICAL_AVAILABLE = 5,
	DRC_STATE_PHYSICAL_POWERON = 6,
	DRC_STATE_PHYSICAL_UNISOLATE = 7,
	DRC_STATE_PHYSICAL_CONFIGURED = 8,
};

struct connector {
	uint32_t index;
	uint8_t state;	   /* enum drc_state */
	uint8_t indicator; /* physical: 9002, enum drc_led */
	bool unplug_requested;
	struct device *dev;	  /* what is attached; NULL: nothing */
	struct cc_position *walk; /* of ibm,configure-connector; NULL: not begun */
};

/* Connectors first, first + step, ... of one kind. */
struct connector_bank {
	struct connector_bank *next;
	enum drc_kind kind;
	uint32_t first; /* index, kind included */
	uint32_t step;
	uint32_t count;
	struct connector *all;
};

struct connectors {
	struct connector_bank *banks; /* ascending by first index */
};

/* A bank of empty connectors; NULL: no memory. The machine's for its lifetime, or
 * until connector_bank_remove(), which releases nothing that is attached. */
struct connector_bank *connector_bank_add(struct connectors *all, enum drc_kind kind,
					  uint32_t first_id, uint32_t step,
					  uint32_t count);
void connector_bank_remove(struct connectors *all, struct connector_bank *bank);
void connectors_free(struct connectors *all);

/* The first bank of a kind: the only one, but for PCI. NULL if there is none. */
struct connector_bank *connectors_of_kind(const struct connectors *all,
					  enum drc_kind kind);

/* NULL if there is none. */
struct connector *connector_find(const struct connectors *all, uint32_t index);

enum drc_kind connector_kind(const struct connector *c);
bool connector_is_physical(const struct connector *c);
bool connector_is_ready(const struct connector *c); /* in its ready state */

/* "ibm,drc-types" text of a kind; name of a connector, and what stands before the
 * number in it. */
const char *connector_type_text(enum drc_kind kind);
const char *connector_name_prefix(enum drc_kind kind);
void connector_name(const struct connector *c, char name[32]);
/* Path of the node that what is attached becomes a child of, "" for the root; NULL for
 * PCI and its slots, where that depends on the bus. */
const char *connector_above(const struct connector *c);

/* The four arrays (or, negotiated, ibm,drc-info) for these banks into the open node. */
void connectors_put_props(struct fdt_out *out, const struct papr_vmm *vmm,
			  struct connector_bank *const *banks, unsigned int n_banks);

/* The life of what is attached. attach: -EBUSY if the connector is not empty. A device
 * that is attached before the start is made ready by the reset. */
int connector_attach(struct papr_vmm *vmm, struct connector *c, struct device *dev);
/* Marks it; an empty-state connector gives the device up at once. */
void connector_request_unplug(struct papr_vmm *vmm, struct connector *c);
/* The device goes: see device_release(). */
void connector_release(struct papr_vmm *vmm, struct connector *c);
/* A guest that takes a device back which it was asked for will not give it. */
void connector_reject(struct papr_vmm *vmm, struct connector *c);
/* What a machine reset and a CAS do to one, and to all. */
void connector_reset(struct papr_vmm *vmm, struct connector *c);
void connectors_reset(struct papr_vmm *vmm);

/* Is the unplug of dev asked for at any of its connectors, and not yet done? */
bool connectors_unplugging(const struct connectors *all, const struct device *dev);

/* RTAS on a connector; each answers an RTAS status. */
int32_t connector_isolate(struct papr_vmm *vmm, struct connector *c);
int32_t connector_unisolate(struct papr_vmm *vmm, struct connector *c);
int32_t connector_set_usable(struct connector *c);
int32_t connector_set_unusable(struct papr_vmm *vmm, struct connector *c);
int32_t connector_set_indicator(struct connector *c, uint32_t value);
uint32_t connector_sense(const struct connector *c); /* enum drc_sense */

/* ibm,configure-connector: the next step of this connector's walk. area and extent are
 * the addresses that the guest gave, extent 0 for none. What the status tells of is in
 * *item until the next change of the connector; it fits behind the cells of the work
 * area, and of the extents that follow it without a gap. */
int32_t connector_configure(struct papr_vmm *vmm, struct connector *c, uint32_t area,
			    uint32_t extent, struct cc_item *item);
/* The next step begins a new walk: of the same nodes, or of nodes made anew. */
void connector_walk_restart(struct connector *c);
void connector_walk_drop(struct connector *c);
