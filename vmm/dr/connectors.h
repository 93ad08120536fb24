/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * connectors.h - DR connectors and their state machines
 *
 * Connectors are grouped in banks. The connectors of a bank have one owner (the
 * machine, a PCI bus), and their indexes are equally spaced. A bank never moves, so
 * pointers to its connectors stay valid until it is removed.
 *
 * A connector is physical (PCI: it has power and a slot) or logical (processor, host
 * bridge, memory: the guest acquires and releases it). Both kinds have an empty state
 * and a ready state. Only the guest's calls lead to the states between them.
 *
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/tree/fdt_out.h"
#include "wire/drc.h"
#include "wire/fdt_frag.h"

struct papr_vmm;
struct device;

/* Upper four bits of an index. */
enum drc_kind {
	DRC_KIND_CPU = 1,
	DRC_KIND_PHB = 2,
	DRC_KIND_VIO = 3,
	DRC_KIND_PCI = 4,
	DRC_KIND_SLOT = 5, /* logical PCI slots */
	DRC_KIND_LMB = 8,
	DRC_KIND_PMEM = 9,
};

/* These numbers are part of the saved state: never renumber them. */
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
	struct device *dev;	  /* attached device; NULL: none */
	struct cc_position *walk; /* of ibm,configure-connector; NULL: not begun */
};

/* Connectors of one kind, with indexes first, first + step, ... */
struct connector_bank {
	struct connector_bank *next;
	enum drc_kind kind;
	uint32_t first; /* index, with the kind */
	uint32_t step;
	uint32_t count;
	struct connector *all;
};

struct connectors {
	struct connector_bank *banks; /* ascending by first index */
};

static inline struct connectors *connectors_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->connectors;
}

/* Add a bank of empty connectors. Return NULL if out of memory. The bank belongs to the
 * machine until connector_bank_remove(), which does not release attached devices. */
struct connector_bank *connector_bank_add(struct connectors *all, enum drc_kind kind,
					  uint32_t first_id, uint32_t step,
					  uint32_t count);
void connector_bank_remove(struct connectors *all, struct connector_bank *bank);
void connectors_free(struct connectors *all);

/* Return the first bank of a kind, or NULL. Only PCI has more than one bank. */
struct connector_bank *connectors_of_kind(const struct connectors *all,
					  enum drc_kind kind);

/* Return the connector with this index, or NULL. */
struct connector *connector_find(const struct connectors *all, uint32_t index);

enum drc_kind connector_kind(const struct connector *c);
bool connector_is_physical(const struct connector *c);
bool connector_is_ready(const struct connector *c); /* is it in its ready state? */

/* Return the "ibm,drc-types" text of a kind, the part of a connector's name before its
 * number, and a connector's whole name. */
const char *connector_type_text(enum drc_kind kind);
const char *connector_name_prefix(enum drc_kind kind);
void connector_name(const struct connector *c, char name[32]);
/* Return the path of the parent node of what is attached here, "" for the root. Return
 * NULL for PCI and its slots, where the path depends on the bus. */
const char *connector_above(const struct connector *c);

/* Write the properties of these banks into the open node: the four arrays, or
 * ibm,drc-info if the guest negotiated it. */
void connectors_put_props(struct fdt_out *out, const struct papr_vmm *vmm,
			  struct connector_bank *const *banks, unsigned int n_banks);

/* Attach a device. Return 0, or -EBUSY if the connector is not empty. A device that is
 * attached before the start is made ready by the reset. */
int connector_attach(struct papr_vmm *vmm, struct connector *c, struct device *dev);
/* Mark an unplug as requested. In the empty state the device is released at once. */
void connector_request_unplug(struct papr_vmm *vmm, struct connector *c);
/* Detach the device and call its class's release(). */
void connector_release(struct papr_vmm *vmm, struct connector *c);
/* Handle a guest that unisolates or configures a device whose unplug was requested: the
 * guest refuses the unplug. */
void connector_reject(struct papr_vmm *vmm, struct connector *c);
/* Reset one connector, or all, as a machine reset and a CAS do. */
void connector_reset(struct papr_vmm *vmm, struct connector *c);
void connectors_reset(struct papr_vmm *vmm);

/* Return true if the unplug of dev was requested at any of its connectors and has not
 * completed. */
bool connectors_unplugging(const struct connectors *all, const struct device *dev);

/* RTAS operations on a connector. Each returns an RTAS status. */
int32_t connector_isolate(struct papr_vmm *vmm, struct connector *c);
int32_t connector_unisolate(struct papr_vmm *vmm, struct connector *c);
int32_t connector_set_usable(struct connector *c);
int32_t connector_set_unusable(struct papr_vmm *vmm, struct connector *c);
int32_t connector_set_indicator(struct connector *c, uint32_t value);
uint32_t connector_sense(const struct connector *c); /* enum drc_sense */

/* Run the next step of ibm,configure-connector for this connector. area and extent are
 * the guest's work area addresses, extent 0 means none.
 *
 * *item receives the node or property that the status reports, valid until the next
 * change of the connector. Its text fits after the cells of the work area, including the
 * extents that follow the area without a gap. */
int32_t connector_configure(struct papr_vmm *vmm, struct connector *c, uint32_t area,
			    uint32_t extent, struct cc_item *item);
/* Start a new walk at the next step: over the same nodes, or over rebuilt ones. */
void connector_walk_restart(struct connector *c);
/* Start over the same nodes, as PAPR demands for a work area that was just initialized. QEMU
 * continues an abandoned walk instead. */
void connector_walk_anew(struct connector *c);
void connector_walk_drop(struct connector *c);

extern const struct rtas_handler rtas_dr_calls[]; /* rtas_dr.c */
/* set-indicator and get-sensor-state of connectors, for the part that has others, too */
rtas_fn connector_rtas_set_indicator, connector_rtas_get_sensor;
