// SPDX-License-Identifier: LGPL-2.1-or-later
/* Configuration space: a card's registers, and the bits that the guest can write. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"
#include "vmm/pci/pci_regs.h"

enum { CONVENTIONAL_BYTES = 256, MSIX_FIT = 128 };

/* PCI is little-endian on every host. */
static uint32_t get(const uint8_t *bytes, uint32_t at, uint32_t size)
{
	uint32_t value = 0;

	for (uint32_t i = size; i--;)
		value = value << 8 | bytes[at + i];
	return value;
}

static void put(uint8_t *bytes, uint32_t at, uint32_t size, uint32_t value)
{
	for (uint32_t i = 0; i < size; i++, value >>= 8)
		bytes[at + i] = (uint8_t)value;
}

uint32_t pci_config_size(const struct pci_function *f)
{
	return f->model->extended ? PCI_CONFIG_BYTES : CONVENTIONAL_BYTES;
}

uint32_t pci_config_read(const struct pci_function *f, uint32_t at, uint32_t size)
{
	return get(f->config, at, size);
}

/* Return the offset of a capability, or 0. The guest can write some words of the list, so
 * a damaged list ends the search. */
static uint32_t find_cap(const struct pci_function *f, enum pci_cap id)
{
	uint32_t at = f->config[PCI_CAPABILITIES] & ~3u;

	for (int left = 48; left && at >= PCI_HEADER_END; left--) {
		if (f->config[at] == id)
			return at;
		at = f->config[at + 1] & ~3u;
	}
	return 0;
}

static uint32_t find_ext_cap(const struct pci_function *f, uint16_t id)
{
	uint32_t at = f->model->extended ? PCI_EXTENDED : 0;

	for (int left = 64; left && at >= PCI_EXTENDED && at < PCI_CONFIG_BYTES - 12;
	     left--) {
		uint32_t head = get(f->config, at, 4);

		if ((head & 0xffff) == id)
			return at;
		at = head >> 20 & ~3u;
	}
	return 0;
}

/* Set a network card's serial number: its MAC address with ff:ff in the middle. */
static void put_serial(struct pci_function *f, const uint8_t mac[6])
{
	const uint8_t serial[8] = { mac[5], mac[4], mac[3], 0xff,
				    0xff,   mac[2], mac[1], mac[0] };
	uint32_t at = find_ext_cap(f, EXT_CAP_SERIAL);

	if (at)
		memcpy(f->config + at + 4, serial, sizeof(serial));
}

/* Set the number of MSI-X vectors. Only 1 to 128 are supported, as many as fit into the
 * region in the table. For larger numbers the default stays. */
static void put_vectors(struct pci_function *f, uint32_t vectors)
{
	uint32_t at = find_cap(f, PCI_CAP_MSIX);
	uint32_t flags = at ? get(f->config, at + MSIX_FLAGS, 2) : 0;

	if (at && vectors && vectors <= MSIX_FIT)
		put(f->config, at + MSIX_FLAGS, 2,
		    (flags & ~(uint32_t)MSIX_SIZE) | (vectors - 1));
}

/* Set the cache line size that some cards have before the first reset of their bus. A
 * guest sees it only on plugged cards. */
static void put_as_new(struct pci_function *f)
{
	static const char *const drivers[] = { "e1000", "e1000e", "nec-usb-xhci",
					       "qemu-xhci" };

	for (size_t i = 0; i < sizeof(drivers) / sizeof(drivers[0]); i++)
		if (f->dev.hotplugged && !strcmp(f->model->driver, drivers[i]))
			f->config[PCI_CACHE_LINE] = 0x10;
}

static void put_chassis(struct pci_function *f, uint32_t chassis)
{
	uint32_t at = find_cap(f, PCI_CAP_SLOT);

	if (at && chassis)
		f->config[at + SLOT_CHASSIS] = (uint8_t)chassis;
}

/* Remove a virtio card's legacy interface: the I/O BAR, and the old device number. Without
 * it, the device number is that of the interface plus the virtio device's, which is the
 * subsystem's number before (virtio 1.1, 4.1.2). */
static void put_modern(struct pci_function *f)
{
	enum { VIRTIO_DEVICE = 0x1040, VIRTIO_REVISION = 1, VIRTIO_SUBSYSTEM = 0x1100 };
	uint32_t number = get(f->config, PCI_SUBSYSTEM, 2);

	put(f->config, PCI_DEVICE, 2, VIRTIO_DEVICE + number);
	put(f->config, PCI_REVISION, 1, VIRTIO_REVISION);
	put(f->config, PCI_SUBSYSTEM, 2, VIRTIO_SUBSYSTEM);
	put(f->config, PCI_BAR0, 4, 0);
	put(f->writable, PCI_BAR0, 4, 0);
}

int pci_config_init(struct pci_function *f, const struct pci_wish *wish)
{
	f->config = calloc(1, PCI_CONFIG_BYTES);
	f->writable = calloc(1, PCI_CONFIG_BYTES);
	if (!f->config || !f->writable)
		return -ENOMEM;

	memset(f->writable + PCI_HEADER_END, 0xff, pci_config_size(f) - PCI_HEADER_END);
	for (size_t i = 0; i < f->model->n_registers; i++) {
		const struct pci_register *r = &f->model->registers[i];

		put(f->config, r->at, 4, r->reset);
		put(f->writable, r->at, 4, r->writable);
	}

	if (wish->multifunction)
		f->config[PCI_HEADER_TYPE] |= PCI_HEADER_MULTI;
	put_as_new(f);
	put_chassis(f, wish->chassis);
	put_vectors(f, wish->vectors);
	if (wish->is_modern)
		put_modern(f);
	if (wish->has_mac)
		put_serial(f, wish->mac);
	return 0;
}

/* Reset the writable bits to their values in the table. */
static void reset_range(struct pci_function *f, uint32_t from, uint32_t to)
{
	for (uint32_t at = from; at < to; at++)
		f->config[at] &= (uint8_t)~f->writable[at];
	for (size_t i = 0; i < f->model->n_registers; i++) {
		const struct pci_register *r = &f->model->registers[i];

		if (r->at >= from && r->at < to)
			put(f->config, r->at, 4,
			    get(f->config, r->at, 4) | (r->reset & r->writable));
	}
}

static uint32_t msi_length(uint32_t flags)
{
	uint32_t len = flags & MSI_64 ? 14 : 10;

	return flags & MSI_MASKING ? len + 10 : len;
}

/* Reset the header, MSI and MSI-X. Other registers keep what the guest wrote, as on
 * QEMU's cards. */
void pci_config_reset(struct pci_function *f)
{
	uint32_t msi = find_cap(f, PCI_CAP_MSI), msix = find_cap(f, PCI_CAP_MSIX);

	reset_range(f, 0, PCI_HEADER_END);
	if (msi)
		reset_range(f, msi,
			    msi + ((msi_length(get(f->config, msi + MSI_FLAGS, 2)) + 3) &
				   ~3u));
	if (msix)
		reset_range(f, msix, msix + 4);
}

/* Reset all functions below a bridge whose reset bit was set. */
static void reset_behind(struct pci_function *f)
{
	for (unsigned int i = 0; f->secondary && i < PCI_FUNCTIONS; i++) {
		struct pci_function *behind = f->secondary->at[i];

		if (!behind)
			continue;
		pci_config_reset(behind);
		reset_behind(behind);
	}
}

/* Reduce the number of enabled messages to the card's maximum. */
static void limit_messages(struct pci_function *f)
{
	uint32_t at = find_cap(f, PCI_CAP_MSI), flags, can;

	if (!at)
		return;
	flags = get(f->config, at + MSI_FLAGS, 2);
	can = (flags & MSI_CAPABLE) << 3;
	if (!(flags & MSI_ENABLE) || (flags & MSI_ENABLED) <= can)
		return;
	put(f->config, at + MSI_FLAGS, 2, (flags & ~(uint32_t)MSI_ENABLED) | can);
}

/* Return true if the guest wrote 1 to the function reset bit, which always reads as 0. */
static bool wants_reset(const struct pci_function *f, uint32_t at, uint32_t size,
			uint32_t value)
{
	uint32_t cap = find_cap(f, PCI_CAP_EXPRESS), reg = cap + EXPRESS_CONTROL + 1;

	if (!cap || at > reg || at + size <= reg ||
	    !(get(f->config, cap + EXPRESS_CAPABLE, 4) & EXPRESS_CAN_RESET))
		return false;
	return value >> 8 * (reg - at) & EXPRESS_RESET >> 8;
}

void pci_config_write(struct pci_function *f, uint32_t at, uint32_t size, uint32_t value)
{
	uint32_t old = get(f->config, at, size), mask = get(f->writable, at, size);
	bool was_reset = f->config[PCI_BRIDGE_CONTROL] & PCI_BRIDGE_RESET;

	put(f->config, at, size, (old & ~mask) | (value & mask));
	limit_messages(f);
	if (wants_reset(f, at, size, value))
		pci_config_reset(f);
	if (pci_is_bridge(f) && !was_reset &&
	    (f->config[PCI_BRIDGE_CONTROL] & PCI_BRIDGE_RESET))
		reset_behind(f);
}

bool pci_is_bridge(const struct pci_function *f)
{
	return (f->config[PCI_HEADER_TYPE] & ~PCI_HEADER_MULTI) == PCI_HEADER_BRIDGE;
}

bool pci_is_multifunction(const struct pci_function *f)
{
	return f->config[PCI_HEADER_TYPE] & PCI_HEADER_MULTI;
}

uint32_t pci_msi_count(const struct pci_function *f)
{
	uint32_t at = find_cap(f, PCI_CAP_MSI);

	return at ? 1u << ((get(f->config, at + MSI_FLAGS, 2) & MSI_ENABLED) >> 4) : 0;
}

uint32_t pci_msix_count(const struct pci_function *f)
{
	uint32_t at = find_cap(f, PCI_CAP_MSIX);

	return at ? (get(f->config, at + MSIX_FLAGS, 2) & MSIX_SIZE) + 1 : 0;
}

void pci_msi_set(struct pci_function *f, uint64_t address, uint16_t data)
{
	uint32_t at = find_cap(f, PCI_CAP_MSI);
	bool is64;

	if (!at)
		return;
	is64 = get(f->config, at + MSI_FLAGS, 2) & MSI_64;
	put(f->config, at + MSI_ADDRESS, 4, (uint32_t)address);
	if (is64)
		put(f->config, at + MSI_ADDRESS + 4, 4, (uint32_t)(address >> 32));
	put(f->config, at + MSI_ADDRESS + (is64 ? 8 : 4), 2, data);
}

/* Return true if this register is the upper half of the 64-bit BAR before it. */
static bool is_upper_half(const struct pci_function *f, unsigned int n)
{
	bool upper = false;

	for (unsigned int i = 0; i < n; i++)
		upper = !upper && (f->config[PCI_BAR0 + 4 * i] & 7) == PCI_BAR_64;
	return upper;
}

struct pci_bar pci_bar(const struct pci_function *f, unsigned int n)
{
	uint32_t at = PCI_BAR0 + 4 * n, low = get(f->config, at, 4);
	uint64_t mask = get(f->writable, at, 4);
	struct pci_bar bar = { .io = low & PCI_BAR_IO };

	if (n >= (pci_is_bridge(f) ? 2 : PCI_BARS) || is_upper_half(f, n))
		return bar;

	if (!bar.io) {
		bar.is64 = low & PCI_BAR_64;
		bar.prefetch = low & PCI_BAR_PREFETCH;
	}
	if (bar.is64)
		mask |= (uint64_t)get(f->writable, at + 4, 4) << 32;
	bar.size = mask & -mask; /* the lowest writable bit */
	return bar;
}

uint64_t pci_bar_address(const struct pci_function *f, unsigned int n)
{
	uint32_t at = PCI_BAR0 + 4 * n, command = get(f->config, PCI_COMMAND, 2);
	struct pci_bar bar = pci_bar(f, n);
	uint64_t address = get(f->config, at, 4) & ~(bar.io ? 3u : 15u), last;

	if (bar.is64)
		address |= (uint64_t)get(f->config, at + 4, 4) << 32;
	/* A BAR that is not assigned, or is being sized, has no address. */
	if (!bar.size || !address ||
	    !(command & (bar.io ? PCI_COMMAND_IO : PCI_COMMAND_MEMORY)) ||
	    __builtin_add_overflow(address, bar.size - 1, &last) ||
	    (!bar.is64 && last >= UINT32_MAX))
		return UINT64_MAX;
	return address;
}
