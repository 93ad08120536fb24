/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci.h - host bridges, buses and functions
 *
 * A bus has 256 places (device 0..31, function 0..7) and as many connectors. A
 * function is a model (identity, BARs, interrupts; no data path) with a configuration
 * space that the guest can read and write.
 *
 * A host bridge with x-slots=on has what PowerVM calls PCI DLPAR slots: 32 logical
 * connectors of type SLOT. In an occupied one there is a bridge of the machine's, which is
 * what the guest is given, and behind that the card, in a place with a connector as other
 * cards have it.
 *
 * Source:  QEMU 7.2 pseries (addresses of the windows, indexes of connectors), PCI 3.0
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/device.h"
#include "vmm/pci_models.h"

struct connector;
struct connector_bank;
struct pci_wish;
struct phb;

enum {
	PCI_PHBS = 31,
	PCI_FUNCTIONS = 256,	 /* of a bus */
	PCI_CONFIG_BYTES = 4096, /* extended space included */
	PCI_BARS = 6,
	PCI_DMA_WINDOWS =
		2, /* of a host bridge: the default one, and one of the guest's */
	PCI_FIRST_MSI = 0x1300,
	PCI_MSIS = 0xd00,
	PCI_MACS = 256,	    /* cards that get a MAC address without being given one */
	PCI_SLOTS = 32,	    /* of a bus */
	PCI_SLOT_BUSES = 8, /* bus numbers that belong to a logical slot */
};

#define PCI_SLOT(devfn)	      ((unsigned int)(devfn) >> 3)
#define PCI_FUNC(devfn)	      ((unsigned int)(devfn)&7)
#define PCI_DEVFN(slot, func) ((uint8_t)((slot) << 3 | (func)))

/* Base of the unique identifier of a host bridge: + index. */
#define PCI_BUID 0x800000020000000ULL

struct pci_bus {
	struct phb *phb;
	struct pci_function *bridge; /* NULL: root bus */
	uint8_t chassis;	     /* 0: root bus */
	char *name;		     /* "pci.0", "<phb id>.0", "<bridge id>" */
	struct connector_bank *bank; /* one for each place; or as has_slots says */
	bool has_slots; /* a root bus: PCI_SLOTS logical connectors, a bridge at each */
	struct pci_function *at[PCI_FUNCTIONS];
};

enum pci_irq_type { PCI_IRQ_NONE = 0, PCI_IRQ_MSI = 1, PCI_IRQ_MSIX = 2 };

struct pci_function {
	struct device dev; /* attached to its PCI connector */
	const struct pci_model *model;
	struct pci_bus *bus;
	struct pci_function *older; /* on the same host bridge */
	uint8_t devfn;
	bool is_slot;		   /* the machine's bridge in a logical slot */
	struct pci_bus *secondary; /* bridges */
	struct disk *disks;	   /* disk.c: behind a controller */
	int mac;		   /* number of the address that it was given; -1: none */
	uint8_t *config;	   /* PCI_CONFIG_BYTES, little-endian as on the bus */
	uint8_t *writable;	   /* mask of the bits that can be written */
	uint32_t irq_type;	   /* enum pci_irq_type */
	uint32_t first_irq, n_irqs;
};

struct phb {
	struct device dev; /* attached to its PHB connector */
	struct phb *older;
	uint32_t index;
	int32_t numa_node; /* -1: none */
	bool windows[PCI_DMA_WINDOWS];
	struct pci_bus bus;
	struct pci_function *newest;
};

struct pci {
	struct phb *newest;
	struct phb *phbs[PCI_PHBS]; /* the same by index; NULL: not there */
	uint8_t chassis_used[32];   /* bit maps */
	uint8_t macs_used[PCI_MACS / 8];
	uint8_t msis_used[PCI_MSIS / 8];
	uint32_t unnamed_buses;	    /* how many were named "pci.N", ever */
	struct irq_source *sources; /* rtas_xics.c; NULL: none was ever set */
};

static inline bool pci_bit(const uint8_t *map, unsigned int n)
{
	return map[n / 8] & 1u << n % 8;
}

static inline void pci_bit_set(uint8_t *map, unsigned int n, bool on)
{
	if (on)
		map[n / 8] |= (uint8_t)(1u << n % 8);
	else
		map[n / 8] &= (uint8_t) ~(1u << n % 8);
}

/* ---- pci.c: functions ---- */

/* PHB 0 and the connectors of all host bridges. */
int pci_init(struct papr_vmm *vmm);
void pci_free(struct papr_vmm *vmm);
/* Machine reset: configuration spaces, interrupts, DMA windows. */
void pci_reset(struct papr_vmm *vmm);

/* papr_vmm_device_add() for a card. */
int pci_function_add(struct papr_vmm *vmm, const struct pci_model *model,
		     const struct papr_option *options, size_t n,
		     struct papr_error *error);
/* Away with it, and with what is behind it; told: DEVICE_DELETED is told for all. */
void pci_function_destroy(struct papr_vmm *vmm, struct pci_function *f, bool told);

/* NULL: no such bus, or no function there. */
struct pci_function *pci_function_at(const struct papr_vmm *vmm, uint64_t buid,
				     uint32_t config_addr);
struct connector *pci_connector(const struct pci_function *f);
void pci_tell_hotplug(struct papr_vmm *vmm, uint8_t type, uint8_t action, uint32_t index);

/* ---- pci_slot.c: logical slots ---- */

/* Is this the bridge of a slot that the guest has not allocated, or behind one? */
bool pci_slot_is_away(const struct pci_function *f);
/* The function of the slot that a card is in; NULL: in none. */
struct pci_function *pci_slot_of(const struct pci_function *f);
/* Can a card come to this place of a bus that has slots? */
int pci_slot_check(const struct pci_bus *bus, const struct pci_wish *wish,
		   struct papr_error *error);
/* Puts the bridge there. -ENOMEM; the card then goes to place 0 of its bus. */
int pci_slot_open(struct papr_vmm *vmm, struct pci_bus *bus, unsigned int devfn,
		  struct pci_function **slot);
/* The card is in: from here on the slot can be allocated. */
int pci_slot_attach(struct papr_vmm *vmm, struct pci_function *slot);
/* device_del of a card in a slot: asks for the slot. */
int pci_slot_request_unplug(struct papr_vmm *vmm, struct pci_function *slot,
			    const struct device *card, struct papr_error *error);

/* ---- pci_bus.c: buses ---- */

/* name: NULL for "pci.N". 0, -ENOMEM. */
int pci_bus_init(struct papr_vmm *vmm, struct pci_bus *bus, const char *name);
/* Its connectors and its name; functions must be gone. */
void pci_bus_end(struct papr_vmm *vmm, struct pci_bus *bus);
/* NULL: no bus of this name. Without a name: the root bus of the newest bridge. */
struct pci_bus *pci_bus_find(const struct papr_vmm *vmm, const char *name);
/* What its bridge was told; 0 for a root bus. */
uint8_t pci_bus_number(const struct pci_bus *bus);
/* The bus of this number from a root bus on, through the ranges of the bridges. */
const struct pci_bus *pci_bus_by_number(const struct pci_bus *root, uint8_t number);
/* Numbers the buses below a host bridge, as firmware would. */
void pci_bus_enumerate(struct phb *phb);
/* The same of a slot that comes alone: it has numbers of its own. */
void pci_bus_enumerate_slot(struct pci_function *slot);

/* ---- pci_options.c: what a card is told when it is added ---- */

/* What the options of a card say. */
struct pci_wish {
	int devfn; /* -1: any free slot */
	bool multifunction;
	uint32_t chassis; /* 0: not given */
	uint32_t vectors; /* of MSI-X, virtio cards; 0: the usual number */
	bool has_mac;
	uint8_t mac[6];
};

int pci_wish_read(const struct pci_model *model, const struct papr_option *options,
		  size_t n, struct pci_wish *wish, struct papr_error *error);
/* -EINVAL: an option that this card cannot do without was not given. */
int pci_needs_check(const struct pci_model *model, const struct papr_option *options,
		    size_t n, struct papr_error *error);
bool pci_model_is_bridge(const struct pci_model *model);
bool pci_model_has_option(const struct pci_model *model, const char *name);
/* An unsigned number of this C type; the option may be missing. */
int pci_option_number(const struct papr_option *options, size_t n, const char *name,
		      const char *type, uint32_t max, uint32_t *value,
		      struct papr_error *error);

/* ---- pci_config.c: configuration space ---- */

/* The space of a new function. 0, -ENOMEM. */
int pci_config_init(struct pci_function *f, const struct pci_wish *wish);
/* What a reset of the function leaves. */
void pci_config_reset(struct pci_function *f);

/* Bytes of it that there are: 256 or 4096. */
uint32_t pci_config_size(const struct pci_function *f);
/* size is 1, 2 or 4 and at is aligned and within the space. */
uint32_t pci_config_read(const struct pci_function *f, uint32_t at, uint32_t size);
/* As a write on the bus: what is not writable stays; side effects happen. */
void pci_config_write(struct pci_function *f, uint32_t at, uint32_t size, uint32_t value);

bool pci_is_bridge(const struct pci_function *f);
bool pci_is_multifunction(const struct pci_function *f);
/* Messages that the guest enabled the function for (MSI), or that it has (MSI-X);
 * 0: cannot do it at all. */
uint32_t pci_msi_count(const struct pci_function *f);
uint32_t pci_msix_count(const struct pci_function *f);
/* Where an MSI goes and what it says; 0 and 0 for nowhere. */
void pci_msi_set(struct pci_function *f, uint64_t address, uint16_t data);

struct pci_bar {
	uint64_t size; /* 0: none */
	bool io, is64, prefetch;
};
struct pci_bar pci_bar(const struct pci_function *f, unsigned int n);
/* Where the guest put it; UINT64_MAX: nowhere, or it does not decode. */
uint64_t pci_bar_address(const struct pci_function *f, unsigned int n);

/* ---- rtas_msi.c: interrupts ---- */

void pci_irqs_free(struct papr_vmm *vmm, struct pci_function *f);
/* The map of those in use, from what the functions have. */
void pci_irqs_rebuild(struct papr_vmm *vmm);

/* rtas_xics.c: forgets what the guest set. */
void xics_reset(struct papr_vmm *vmm);

/* phb.c: the source of its first pin, as the host bridge's "interrupt-map" has it. */
uint32_t pci_lsi(const struct pci_function *f);

/* ---- pci_node.c, pci_class.c: the device tree ---- */

/* "ibm,loc-code": where it is, with the name of its model. */
void pci_loc_code(const struct pci_function *f, char *text, size_t size);

int pci_function_put_node(struct papr_vmm *vmm, struct device *dev,
			  const struct connector *c, struct fdt_out *out, bool hotplug);
/* Nodes of all functions of a bus, ascending. */
void pci_bus_put_nodes(struct papr_vmm *vmm, const struct pci_bus *bus,
		       struct fdt_out *out);

/* "ethernet", "scsi", ...: the most specific name of a class (base << 16 | sub << 8 |
 * interface). */
const char *pci_class_name(uint32_t class);

/* ---- phb.c: host bridges ---- */

/* papr_vmm_device_add() for a host bridge. */
int phb_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	    struct papr_error *error);
void phb_reset(struct phb *phb);
/* The one that every machine has. 0, -ENOMEM. */
int phb_add_first(struct papr_vmm *vmm);
/* NULL: none. */
struct phb *phb_find(const struct papr_vmm *vmm, uint64_t buid);
/* "ranges" of the bridge in a logical slot: its part of the host bridge's windows. */
void phb_put_slot_ranges(struct fdt_out *out, const struct phb *phb, unsigned int slot);
/* Away with it; told: whether anybody is to hear of it. */
void phb_destroy(struct papr_vmm *vmm, struct phb *phb, bool told);
/* The logical bus number of a DMA window of it. */
uint32_t phb_liobn(const struct phb *phb, unsigned int window);

/* Nodes of all host bridges, with what is on them. */
int pci_put_nodes(struct papr_vmm *vmm, struct fdt_out *out);
