// SPDX-License-Identifier: LGPL-2.1-or-later
/* Names of PCI classes, from the Open Firmware binding to PCI. */
#include <stddef.h>

#include "vmm/base/rtas_frame.h"
#include "vmm/pci/pci.h"

/* Sub-classes by number. A gap uses the name of its base class. */
static const char *const legacy[] = { NULL, "display" };
static const char *const storage[] = { "scsi", "ide", "fdc",  "ipi",
				       "raid", "ata", "sata", "sas" };
static const char *const network[] = { "ethernet", "token-ring", "fddi", "atm",
				       "isdn",	   "worldfip",	 "picmg" };
static const char *const display[] = { "vga", "xga", "3d-controller" };
static const char *const multimedia[] = { "video", "sound", "telephony" };
static const char *const memory[] = { "memory", "flash" };
static const char *const bridge[] = {
	"host",	     "isa",   "eisa",	 "mca",	    "pci",
	"pcmcia",    "nubus", "cardbus", "raceway", "semi-transparent-pci",
	"infiniband"
};
static const char *const communication[] = { "serial", "parallel", "multiport-serial",
					     "modem",  "gpib",	   "smart-card" };
static const char *const systems[] = {
	"interrupt-controller", "dma-controller",    "timer", "rtc",
	"hot-plug-controller",	"sd-host-controller"
};
static const char *const input[] = { "keyboard", "pen", "mouse", "scanner", "gameport" };
static const char *const docking[] = { "dock" };
static const char *const serial[] = { "firewire",      "access-bus", "ssa",	   "usb",
				      "fibre-channel", "smb",	     "infiniband", "ipmi",
				      "sercos",	       "canbus" };
static const char *const satellite[] = { "satellite-device", "satellite-tv",
					 "satellite-audio", "satellite-voice",
					 "satellite-data" };

#define SUBS(array) array, sizeof(array) / sizeof(*(array))

static const struct base {
	const char *name;
	const char *const *subs;
	size_t n_subs;
} bases[] = {
	{ "legacy-device", SUBS(legacy) },
	{ "mass-storage", SUBS(storage) },
	{ "network", SUBS(network) },
	{ "display", SUBS(display) },
	{ "multimedia-device", SUBS(multimedia) },
	{ "memory-controller", SUBS(memory) },
	{ "unknown-bridge", SUBS(bridge) },
	{ "communication-controller", SUBS(communication) },
	{ "system-peripheral", SUBS(systems) },
	{ "input-controller", SUBS(input) },
	{ "docking-station", SUBS(docking) },
	{ "cpu", NULL, 0 },
	{ "serial-bus", SUBS(serial) },
	{ "wireless-controller", NULL, 0 },
	{ "intelligent-io", NULL, 0 },
	{ "satellite-device", SUBS(satellite) },
	{ "encryption", NULL, 0 },
	{ "data-processing-controller", NULL, 0 },
};

/* Classes with a name per interface, or with few names in a large range. */
static const struct exact {
	uint32_t mask, class;
	const char *name;
} exact[] = {
	{ 0xffffff, 0x080010, "io-apic" },
	{ 0xffffff, 0x080020, "io-xapic" },
	{ 0xffffff, 0x0c0300, "usb-uhci" },
	{ 0xffffff, 0x0c0310, "usb-ohci" },
	{ 0xffffff, 0x0c0320, "usb-ehci" },
	{ 0xffffff, 0x0c0330, "usb-xhci" },
	{ 0xffffff, 0x0c0380, "usb-unknown" },
	{ 0xffffff, 0x0c03fe, "usb-device" },
	{ 0xffff00, 0x0b0200, "pentium" },
	{ 0xffff00, 0x0b2000, "powerpc" },
	{ 0xffff00, 0x0b3000, "mips" },
	{ 0xffff00, 0x0b4000, "co-processor" },
	{ 0xffff00, 0x0d0000, "irda" },
	{ 0xffff00, 0x0d0100, "consumer-ir" },
	{ 0xffff00, 0x0d1000, "rf-controller" },
	{ 0xffff00, 0x0d1100, "bluetooth" },
	{ 0xffff00, 0x0d1200, "broadband" },
	{ 0xffff00, 0x100000, "network-encryption" },
	{ 0xffff00, 0x100100, "entertainment-encryption" },
	{ 0xffff00, 0x110000, "dpio" },
	{ 0xffff00, 0x110100, "counter" },
	{ 0xffff00, 0x111000, "measurement" },
	{ 0xffff00, 0x112000, "management-card" },
};

const char *pci_class_name(uint32_t class)
{
	uint32_t base = class >> 16, sub = class >> 8 & 0xff;
	const struct base *b;

	for (size_t i = 0; i < sizeof(exact) / sizeof(*exact); i++)
		if ((class & exact[i].mask) == exact[i].class)
			return exact[i].name;

	if (base >= sizeof(bases) / sizeof(*bases))
		return "pci";
	b = &bases[base];
	return sub < b->n_subs && b->subs[sub] ? b->subs[sub] : b->name;
}
