/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci.h - host bridges, buses and functions
 *
 * A bus has 256 places (device 0..31, function 0..7) and as many connectors. A
 * function is a model (identity, BARs, interrupts; no data path) with a configuration
 * space that the guest can read and write.
 *
 * A host bridge with x-slots=on has what PowerVM calls PCI DLPAR slots: 32 logical
 * connectors of type SLOT. The machine puts a bridge into each occupied slot, and the
 * guest acquires that bridge. The card is below it, in a place with its own connector,
 * like any other card.
 *
 * Source:  QEMU 7.2 pseries (addresses of the windows, indexes of connectors), PCI 3.0
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/base/device.h"
#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/iommu/iommu.h"
#include "vmm/pci/pci_models.h"

struct connector;
struct connector_bank;
struct pci_wish;
struct phb;

enum {
	PCI_PHBS = 31,
	PCI_FUNCTIONS = 256,	 /* per bus */
	PCI_CONFIG_BYTES = 4096, /* with the extended space */
	PCI_BARS = 6,
	PCI_DMA_WINDOWS = 2, /* per host bridge: the default one, and one for the guest */
	PCI_FIRST_MSI = 0x1300,
	PCI_MSIS = 0xd00,
	PCI_SLOTS = 32,	    /* per bus */
	PCI_SLOT_BUSES = 8, /* bus numbers of a logical slot */
};

#define PCI_SLOT(devfn)	      ((unsigned int)(devfn) >> 3)
#define PCI_FUNC(devfn)	      ((unsigned int)(devfn)&7)
#define PCI_DEVFN(slot, func) ((uint8_t)((slot) << 3 | (func)))

/* Unique identifier (BUID) of host bridge 0. Add the index for the others. */
#define PCI_BUID 0x800000020000000ULL

struct pci_bus {
	struct phb *phb;
	struct pci_function *bridge; /* NULL: root bus */
	uint8_t chassis;	     /* 0: root bus */
	char *name;		     /* "pci.0", "<phb id>.0", "<bridge id>" */
	struct connector_bank *bank; /* one per place, unless has_slots is set */
	bool has_slots; /* root bus with PCI_SLOTS logical connectors, a bridge at each */
	struct pci_function *at[PCI_FUNCTIONS];
};

enum pci_irq_type { PCI_IRQ_NONE = 0, PCI_IRQ_MSI = 1, PCI_IRQ_MSIX = 2 };

struct pci_function {
	struct device dev; /* attached to its PCI connector */
	const struct pci_model *model;
	struct pci_bus *bus;
	struct pci_function *older; /* next older function of the same host bridge */
	uint64_t serial;	    /* differs from that of each earlier function */
	uint8_t devfn;
	bool is_slot;		   /* the machine's bridge in a logical slot */
	struct pci_bus *secondary; /* bus below a bridge */
	struct disk *disks;	   /* disk.c: disks of a controller */
	int mac;		   /* number of its default MAC address; -1: none */
	bool iommu_platform;	   /* of a virtio card: it uses the DMA windows */
	uint8_t *config;	   /* PCI_CONFIG_BYTES, little-endian as on the bus */
	uint8_t *writable;	   /* mask of writable bits */
	uint32_t irq_type;	   /* enum pci_irq_type */
	uint32_t first_irq, n_irqs;
};

struct phb {
	struct device dev; /* attached to its PHB connector */
	struct phb *older;
	uint32_t index;
	int32_t numa_node; /* -1: none */
	struct dma_window windows[PCI_DMA_WINDOWS];
	struct pci_bus bus;
	struct pci_function *newest;
};

/* Interrupts of a removed function: the next one at its address has them */
struct pci_left {
	struct pci_left *next;
	uint32_t phb, bus, devfn;
	uint32_t irq_type, first_irq, n_irqs;
};

struct pci {
	struct phb *newest;
	struct pci_left *left;
	struct phb *phbs[PCI_PHBS]; /* by index; NULL: does not exist */
	uint8_t chassis_used[32];   /* bit maps */
	uint8_t msis_used[PCI_MSIS / 8];
	uint32_t unnamed_buses; /* number of buses ever named "pci.N" */
	uint64_t last_serial;	/* of the newest function that the machine ever had */
};

static inline struct pci *pci_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->pci;
}

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

/* Create PHB 0 and the connectors of all host bridges. */
int pci_init(struct papr_vmm *vmm);
void pci_free(struct papr_vmm *vmm);
/* Reset configuration spaces, interrupts and DMA windows. */
void pci_reset(struct papr_vmm *vmm);

/* Implement papr_vmm_device_add() for a card. */
int pci_function_add(struct papr_vmm *vmm, const struct pci_model *model,
		     const struct papr_option *options, size_t n,
		     struct papr_error *error);
/* Free a function and everything below it. If told is true, report DEVICE_DELETED for
 * each. */
void pci_function_destroy(struct papr_vmm *vmm, struct pci_function *f, bool told);

/* Find a function. Return NULL if the bus or the function does not exist, or is in a slot
 * that the guest has not acquired. */
struct pci_function *pci_function_at(const struct papr_vmm *vmm, uint64_t buid,
				     uint32_t config_addr);
struct connector *pci_connector(const struct pci_function *f);
void pci_tell_hotplug(struct papr_vmm *vmm, uint8_t type, uint8_t action, uint32_t index);

/* ---- pci_slot.c: logical slots ---- */

/* Return true for the bridge of a slot that the guest has not acquired, and for
 * everything below it. */
bool pci_slot_is_away(const struct pci_function *f);
/* Return the function of the slot that holds a card, or NULL if it is in no slot. */
struct pci_function *pci_slot_of(const struct pci_function *f);
/* Check whether a card fits into this place of a bus with slots. */
int pci_slot_check(const struct pci_bus *bus, const struct pci_wish *wish,
		   struct papr_error *error);
/* Add the slot's bridge. Return 0 or -ENOMEM. The caller then adds the card at place 0 of
 * the bridge's bus. */
int pci_slot_open(struct papr_vmm *vmm, struct pci_bus *bus, unsigned int devfn,
		  struct pci_function **slot);
/* Attach the slot to its connector, after the card was added: the guest can then acquire
 * it. */
int pci_slot_attach(struct papr_vmm *vmm, struct pci_function *slot);
/* Handle device_del of a card in a slot: request the unplug of the slot. */
int pci_slot_request_unplug(struct papr_vmm *vmm, struct pci_function *slot,
			    const struct device *card, struct papr_error *error);

/* ---- pci_bus.c: buses ---- */

/* Set up a bus. If name is NULL, it is named "pci.N". Return 0 or -ENOMEM. */
int pci_bus_init(struct papr_vmm *vmm, struct pci_bus *bus, const char *name);
/* Free a bus's connectors and name. Its functions must be freed before. */
void pci_bus_end(struct papr_vmm *vmm, struct pci_bus *bus);
/* Find a bus by its name. Without a name, return the root bus of the newest host bridge.
 * Return NULL if it does not exist. */
struct pci_bus *pci_bus_find(const struct papr_vmm *vmm, const char *name);
/* Return the number in the bridge's configuration space, 0 for a root bus. */
uint8_t pci_bus_number(const struct pci_bus *bus);
/* Find the bus of this number, from a root bus through the ranges of the bridges. */
const struct pci_bus *pci_bus_by_number(const struct pci_bus *root, uint8_t number);
/* Number the buses below a host bridge, as firmware does. */
void pci_bus_enumerate(struct phb *phb);
/* Number the buses of a slot that is plugged alone, from the slot's own numbers. */
void pci_bus_enumerate_slot(struct pci_function *slot);

/* ---- pci_options.c: options of a card that is added ---- */

/* Options of a card, decoded. */
struct pci_wish {
	int devfn; /* -1: first free slot */
	bool multifunction;
	uint32_t chassis; /* 0: not given */
	uint32_t vectors; /* MSI-X vectors of a virtio card; 0: the default */
	bool iommu_platform;
	bool is_modern; /* a virtio card with the modern interface alone */
	bool has_mac;
	uint8_t mac[6];
};

int pci_wish_read(const struct pci_model *model, const struct papr_option *options,
		  size_t n, struct pci_wish *wish, struct papr_error *error);
/* Return -EINVAL if an option that this card requires is missing, otherwise 0. */
int pci_needs_check(const struct pci_model *model, const struct papr_option *options,
		    size_t n, struct papr_error *error);
bool pci_model_is_bridge(const struct pci_model *model);
/* Return true if the card has this property, and it has an effect here. */
bool pci_model_has_option(const struct pci_model *model, const char *name);

/* ---- pci_config.c: configuration space ---- */

/* Create the configuration space of a new function. Return 0 or -ENOMEM. */
int pci_config_init(struct pci_function *f, const struct pci_wish *wish);
/* Reset the configuration space, as a reset of the function does. */
void pci_config_reset(struct pci_function *f);

/* Return the bytes of the space: 256 or 4096. */
uint32_t pci_config_size(const struct pci_function *f);
/* Read size bytes at offset at. size is 1, 2 or 4; at is aligned and within the space. */
uint32_t pci_config_read(const struct pci_function *f, uint32_t at, uint32_t size);
/* Write as a bus write does: bits that are not writable do not change, side effects
 * happen. */
void pci_config_write(struct pci_function *f, uint32_t at, uint32_t size, uint32_t value);

bool pci_is_bridge(const struct pci_function *f);
bool pci_is_multifunction(const struct pci_function *f);
/* Return the number of messages that the guest enabled (MSI) or that the function has
 * (MSI-X). Return 0 if the function has no such capability. */
uint32_t pci_msi_count(const struct pci_function *f);
uint32_t pci_msix_count(const struct pci_function *f);
/* Set the address and the data of MSI messages; 0 and 0 clear them. */
void pci_msi_set(struct pci_function *f, uint64_t address, uint16_t data);

struct pci_bar {
	uint64_t size; /* 0: no BAR */
	bool io, is64, prefetch;
};
struct pci_bar pci_bar(const struct pci_function *f, unsigned int n);
/* Return the address that the guest assigned. Return UINT64_MAX if it assigned none, or
 * if the function does not decode it. */
uint64_t pci_bar_address(const struct pci_function *f, unsigned int n);

/* pci_access.c: return where processors access a BAR, or UINT64_MAX. */
uint64_t pci_bar_guest_address(const struct pci_function *f, unsigned int n);

/* ---- rtas_msi.c: interrupts ---- */

void pci_irqs_free(struct papr_vmm *vmm, struct pci_function *f);
/* Rebuild the map of used interrupts from the functions. */
void pci_irqs_rebuild(struct papr_vmm *vmm);
/* As in QEMU, the interrupts of a removed function stay assigned to its address until a
 * reset. The next function there has them. */
void pci_irqs_leave(struct papr_vmm *vmm, struct pci_function *f);
void pci_irqs_adopt(struct papr_vmm *vmm, struct pci_function *f);
void pci_irqs_drop_left(struct papr_vmm *vmm);

/* phb.c: return the interrupt source of the function's first pin, as in the host bridge's
 * "interrupt-map". */
uint32_t pci_lsi(const struct pci_function *f);

/* ---- pci_node.c, pci_class.c: the device tree ---- */

/* Write "ibm,loc-code" to text: the place, with the name of the model. */
void pci_loc_code(const struct pci_function *f, char *text, size_t size);

int pci_function_put_node(struct papr_vmm *vmm, struct device *dev,
			  const struct connector *c, struct fdt_out *out, bool hotplug);
/* Write the nodes of all functions of a bus, ascending. */
void pci_bus_put_nodes(struct papr_vmm *vmm, const struct pci_bus *bus,
		       struct fdt_out *out);

/* Return the most specific name of a class (base << 16 | sub << 8 | interface), like
 * "ethernet" or "scsi". */
const char *pci_class_name(uint32_t class);

/* ---- phb.c: host bridges ---- */

/* Implement papr_vmm_device_add() for a host bridge. */
int phb_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	    struct papr_error *error);
/* Open and close DMA windows as after a reset. */
void phb_reset(struct papr_vmm *vmm, struct phb *phb);
/* Create PHB 0, which every machine has. Return 0 or -ENOMEM. */
int phb_add_first(struct papr_vmm *vmm);
/* Find a host bridge by its BUID. Return NULL if it does not exist. */
struct phb *phb_find(const struct papr_vmm *vmm, uint64_t buid);
/* Write "ranges" of the bridge in a logical slot: its part of the host bridge's
 * windows. */
void phb_put_slot_ranges(struct fdt_out *out, const struct phb *phb, unsigned int slot);
/* Free a host bridge. If told is true, report the deletion. */
void phb_destroy(struct papr_vmm *vmm, struct phb *phb, bool told);
/* Return where processors access size bytes at this address of the host bridge's bus, or
 * UINT64_MAX: not all of them are in one of its windows. */
uint64_t phb_guest_address(const struct phb *phb, bool io, uint64_t address,
			   uint64_t size);
/* Return the logical bus number (LIOBN) of a DMA window of the host bridge with this index. */
uint32_t phb_liobn(uint32_t index, unsigned int window);

/* Write the nodes of all host bridges, with everything below them. */
int pci_put_nodes(struct papr_vmm *vmm, struct fdt_out *out);

extern const struct rtas_handler rtas_pci_calls[]; /* rtas_pci.c */
extern const struct state_section state_pci;
