/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_models.h - constants of each kind of card
 *
 * The table records QEMU's answers to reads and writes of a card's configuration space
 * (tests/peers/diff/record-pci). They contain BARs, capabilities, interrupts and class.
 *
 * Source:  QEMU pseries, recorded: 7.2, 10.0
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* One word of configuration space. A word that is not listed is 0 after a reset. Below
 * 0x40 the guest cannot write such a word; from 0x40 on it can write all bits. */
struct pci_register {
	uint16_t at;
	uint32_t reset, writable;
};

struct pci_model {
	const char *driver;
	const char *alias; /* NULL: none */
	const char *inner; /* the object inside it, or NULL */
	const char *needs; /* "option=error if it is missing"; NULL: nothing */
	const struct pci_register *registers;
	size_t n_registers;
	bool cold_only; /* cannot be plugged or unplugged while the machine runs */
	bool extended;	/* 4096 bytes of configuration space instead of 256 */
	/* Its properties, besides those of every card (and every virtio card); or NULL. A
	 * blank follows each. */
	const char *options;
};

/* All cards of one version of QEMU; the last is NULL. */
extern const struct pci_model *const pci_cards_7_2[], *const pci_cards_10_0[];

/* Find a model by its driver name or alias. Return NULL if unknown. */
const struct pci_model *pci_model_find(const struct pci_model *const *cards,
				       const char *driver);
