/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci_regs.h - the registers of configuration space that this library uses
 *
 * Source:  PCI Local Bus 3.0, PCI-to-PCI Bridge 1.2, PCI Express 3.0
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

enum pci_reg {
	PCI_VENDOR = 0x00,
	PCI_DEVICE = 0x02,
	PCI_COMMAND = 0x04,
	PCI_STATUS = 0x06,
	PCI_REVISION = 0x08,
	PCI_INTERFACE = 0x09,
	PCI_SUBCLASS = 0x0a,
	PCI_CACHE_LINE = 0x0c,
	PCI_HEADER_TYPE = 0x0e,
	PCI_BAR0 = 0x10,
	PCI_PRIMARY_BUS = 0x18, /* of bridges, like the following ones */
	PCI_SECONDARY_BUS = 0x19,
	PCI_SUBORDINATE_BUS = 0x1a,
	PCI_IO_BASE = 0x1c,
	PCI_IO_LIMIT = 0x1d,
	PCI_MEMORY_BASE = 0x20,
	PCI_MEMORY_LIMIT = 0x22,
	PCI_PREFETCH_BASE = 0x24,
	PCI_PREFETCH_LIMIT = 0x26,
	PCI_PREFETCH_BASE_UPPER = 0x28,
	PCI_PREFETCH_LIMIT_UPPER = 0x2c,
	PCI_IO_BASE_UPPER = 0x30,
	PCI_IO_LIMIT_UPPER = 0x32,
	PCI_SUBSYSTEM_VENDOR = 0x2c,
	PCI_SUBSYSTEM = 0x2e,
	PCI_CAPABILITIES = 0x34,
	PCI_IRQ_LINE = 0x3c,
	PCI_IRQ_PIN = 0x3d,
	PCI_MIN_GRANT = 0x3e,
	PCI_MAX_LATENCY = 0x3f,
	PCI_BRIDGE_CONTROL = 0x3e,
	PCI_HEADER_END = 0x40,
	PCI_EXTENDED = 0x100,
};

enum {
	PCI_COMMAND_IO = 1,
	PCI_COMMAND_MEMORY = 2,
	PCI_COMMAND_MASTER = 4,
	PCI_STATUS_66MHZ = 0x20,
	PCI_STATUS_UDF = 0x40,
	PCI_STATUS_FAST = 0x80,
	PCI_STATUS_DEVSEL = 0x600,
	PCI_HEADER_BRIDGE = 1,
	PCI_HEADER_MULTI = 0x80,
	PCI_BRIDGE_RESET = 0x40, /* resets the functions below the bridge */
	PCI_BAR_IO = 1,
	PCI_BAR_64 = 4,
	PCI_BAR_PREFETCH = 8,
};

enum pci_cap {
	PCI_CAP_SLOT = 0x04,
	PCI_CAP_MSI = 0x05,
	PCI_CAP_EXPRESS = 0x10,
	PCI_CAP_MSIX = 0x11,
};

enum { SLOT_CHASSIS = 3 };

enum {
	MSI_FLAGS = 2,
	MSI_ADDRESS = 4,
	MSI_ENABLE = 1,
	MSI_CAPABLE = 0x0e, /* log2 of the messages that the function supports */
	MSI_ENABLED = 0x70, /* log2 of the messages that are enabled */
	MSI_64 = 0x80,
	MSI_MASKING = 0x100,
	MSIX_FLAGS = 2,
	MSIX_SIZE = 0x7ff, /* number of vectors, minus 1 */
	EXPRESS_CAPABLE = 4,
	EXPRESS_CONTROL = 8,
	EXPRESS_CAN_RESET = 1 << 28,
	EXPRESS_RESET = 1 << 15,
	EXT_CAP_SERIAL = 3,
};
