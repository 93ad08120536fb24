// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/types.h"
#include "librtas/librtasevent.h"

/* clang-format off */
static const struct type_row rows[] = {
	{ .word = "pci", .traits = TYPE_CARDS, .event = RTAS_HP_TYPE_PCI,
	  .plural = "cards", .drc = "C8", .linux_name = "eth1", .refused = "bp",
	  .qemu = "device_add DRIVER,addr=SLOT", .hmc = "chhwres -r io --rsubtype slot -o a" },
	{ .word = "slot", .traits = TYPE_LOGICAL_SLOTS, .event = RTAS_HP_TYPE_SLOT,
	  .drc = "0x30000003", .linux_name = "eth1",
	  .qemu = "device_add DRIVER,addr=SLOT", .hmc = "chhwres -r virtualio -o a" },
	{ .word = "phb", .traits = TYPE_BRIDGES, .event = RTAS_HP_TYPE_PHB,
	  .plural = "host bridges", .drc = "'PHB 33'", .linux_name = "eth1", .refused = "abFop",
	  .qemu = "device_add spapr-pci-host-bridge,index=NUMBER",
	  .hmc = "chhwres -r io --rsubtype slot -o a" },
	{ .word = "cpu", .traits = TYPE_CORES, .event = RTAS_HP_TYPE_CPU,
	  .counted = "processors", .plural = "cores", .drc = "'CPU 8'", .linux_name = "cpu4",
	  .refused = "aFo",
	  .qemu = "device_add TYPE,core-id=NUMBER, as in info hotpluggable-cpus",
	  .hmc = "chhwres -r proc -o a" },
	{ .word = "mem", .traits = TYPE_MEMORY, .event = RTAS_HP_TYPE_MEMORY,
	  .counted = "LMBs", .plural = "LMBs", .drc = "'LMB 21'", .linux_name = "memory5",
	  .refused = "",
	  .qemu = "object_add memory-backend-ram,id=m1,size=SIZE, then device_add pc-dimm,memdev=m1",
	  .hmc = "chhwres -r mem -o a" },
	{ .word = "port", .traits = TYPE_PORTS, .refused = "abop" },
	{ .word = "acc", .traits = TYPE_CREDITS },
	{ .word = "phib", .traits = TYPE_HIBERNATION },
	{ .word = "pmig", .traits = TYPE_MIGRATION },
};
/* clang-format on */

const struct type_row *type_row(const struct dr_type *type)
{
	static const struct type_row none = { 0 };
	const char *word = type ? dr_type_get_name(type) : "";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].word, word))
			return &rows[i];
	return &none;
}

bool type_is(const struct dr_type *type, unsigned int traits)
{
	return type_row(type)->traits & traits;
}

const struct dr_type *type_with(enum type_trait trait)
{
	const struct dr_type *type = dr_type_next(NULL);

	while (type && !type_is(type, trait))
		type = dr_type_next(type);
	return type;
}
