/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_models.h - what is fixed about each kind of card
 *
 * The table says what QEMU answered when its configuration space was read and written
 * (tests/diff/record-pci); BARs, capabilities, interrupts and class are in there.
 *
 * Source:  QEMU 7.2 pseries, recorded
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One word of configuration space. Words that are not listed are 0 after a reset; the
 * guest can write none of their bits below 0x40, and all of them from there on. */
struct pci_register {
	uint16_t at;
	uint32_t reset, writable;
};

struct pci_model {
	const char *driver;
	const char *alias; /* NULL: none */
	const char *inner; /* objects inside it, in the order in which they go; or NULL */
	const char *needs; /* "option=words when it is missing"; NULL: nothing */
	const struct pci_register *registers;
	size_t n_registers;
	bool cold_only;	     /* cannot be added to, or taken from, a running machine */
	bool extended;	     /* has 4096 bytes of configuration space, not 256 */
	const char *options; /* names, besides those that follow; or NULL */
};

/* Names of options, each followed by a blank: of every card, and of every virtio card. */
extern const char pci_common_options[], pci_virtio_options[];

/* Ends with an entry without a driver. */
extern const struct pci_model pci_models[];

/* By driver name or alias; NULL: unknown. */
const struct pci_model *pci_model_find(const char *driver);
