/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci.h - host bridges, buses and functions
 *
 * A bus has 256 places (device 0..31, function 0..7) and as many connectors. A
 * function is a model (identity, BARs, interrupts; no data path) with a configuration
 * space that the guest can read and write.
 *
 * Source:  QEMU 7.2 pseries (addresses of the windows, indexes of connectors), PCI 3.0
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/device.h"

struct connector_bank;

enum {
	PCI_PHBS = 31,
	PCI_FUNCTIONS = 256,	 /* of a bus */
	PCI_CONFIG_BYTES = 4096, /* extended space included */
};

/* Base of the unique identifier of a host bridge: + index. */
#define PCI_BUID 0x800000020000000ULL

struct pci_bus {
	struct phb *phb;
	struct pci_function *bridge; /* NULL: root bus */
	uint8_t chassis;	     /* 0: root bus */
	uint8_t number;		     /* bus number; what enumeration gave it */
	char *name;		     /* "pci.0", "<phb id>.0", "<bridge id>" */
	struct connector_bank *bank; /* PCI_FUNCTIONS connectors */
	struct pci_function *at[PCI_FUNCTIONS];
};

struct phb {
	struct device dev; /* attached to its PHB connector */
	uint32_t index;
	int32_t numa_node; /* -1: none */
	struct pci_bus bus;
};

struct pci_bar {
	uint64_t size; /* 0: none */
	bool io, is64, prefetch;
};

/* What is fixed about one kind of card. */
struct pci_model {
	const char *driver;
	const char *alias; /* NULL: none */
	uint16_t vendor, device, subsystem_vendor, subsystem;
	uint8_t revision, prog_if;
	uint16_t class_code; /* base << 8 | sub */
	uint8_t irq_pin;
	bool bridge, express;
	uint16_t msi, msix; /* vectors it can have */
	struct pci_bar bars[6];
	uint16_t status; /* reset value of the status register */
			 /* ... with what capabilities it needs: see pci_models.c */
};

struct pci_function {
	struct device dev; /* attached to its PCI connector */
	const struct pci_model *model;
	struct pci_bus *bus;
	uint8_t devfn;
	struct pci_bus *secondary; /* bridges */
	uint8_t *config;	   /* PCI_CONFIG_BYTES, little-endian as on the bus */
	uint8_t *writable;	   /* mask of the bits that can be written */
	uint32_t irq_type;	   /* 0 none, 1 MSI, 2 MSI-X */
	uint32_t first_irq, n_irqs;
};

struct pci {
	struct phb *phbs[PCI_PHBS]; /* NULL: not there */
	uint8_t chassis_used[32];   /* bit map */
	uint32_t next_msi;
};

/* PHB 0 and the connectors of all host bridges. */
int pci_init(struct papr_vmm *vmm);
void pci_free(struct papr_vmm *vmm);

/* papr_vmm_device_add() for a host bridge or a card. *out is NULL on error. */
int phb_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	    struct papr_error *error);
int pci_function_add(struct papr_vmm *vmm, const struct pci_model *model,
		     const struct papr_option *options, size_t n,
		     struct papr_error *error);

/* By driver name or alias; NULL: unknown. */
const struct pci_model *pci_model_find(const char *driver);

/* NULL: no such bus, or no function there. */
struct pci_function *pci_function_at(const struct papr_vmm *vmm, uint64_t buid,
				     uint32_t config_addr);

/* "ethernet", "scsi", ...: the most specific name of a class (base << 16 | sub << 8 |
 * interface). */
const char *pci_class_name(uint32_t class);

/* Nodes of all host bridges, with what is on them. */
int pci_put_nodes(struct papr_vmm *vmm, struct fdt_out *out);
