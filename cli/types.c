// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/types.h"
#include "librtas/librtasevent.h"

/* clang-format off */
static const struct type_row rows[] = {
	{ .word = "pci", .examples = "-a\n-a -s C8 -n\n-r -s eth1 -n --dry-run\n-r -s C8 -n --json",
	  .traits = TYPE_CARDS, .event = RTAS_HP_TYPE_PCI, .plural = "cards", .refused = "bp",
	  .qemu = "device_add DRIVER,addr=SLOT", .hmc = "chhwres -r io --rsubtype slot -o a" },
	{ .word = "slot", .examples = "-a -s 0x30000003\n-r -s eth1 --dry-run\n-Q -s 0x30000003",
	  .traits = TYPE_LOGICAL_SLOTS, .event = RTAS_HP_TYPE_SLOT,
	  .qemu = "device_add DRIVER,addr=SLOT", .hmc = "chhwres -r virtualio -o a" },
	{ .word = "phb", .examples = "-a -s 'PHB 33'\n-a -q 1\n-Q -s 'PHB 33'\n-r -s eth1",
	  .traits = TYPE_BRIDGES, .event = RTAS_HP_TYPE_PHB,
	  .plural = "host bridges", .refused = "abFop",
	  .qemu = "device_add spapr-pci-host-bridge,index=NUMBER",
	  .hmc = "chhwres -r io --rsubtype slot -o a" },
	{ .word = "cpu", .examples = "-a -q 2 --all-or-nothing\n-r -s cpu4\n--until 8\n-a -p smt_threads\n-r -p ent_capacity -q 50",
	  .traits = TYPE_CORES, .event = RTAS_HP_TYPE_CPU,
	  .counted = "processors", .plural = "cores", .refused = "aFo",
	  .qemu = "device_add TYPE,core-id=NUMBER, as in info hotpluggable-cpus",
	  .hmc = "chhwres -r proc -o a" },
	{ .word = "mem", .examples = "-a -q 4G\n-r -s 'LMB 21'\n-r -s memory5\n--until 32G --dry-run\n-r -p variable_weight -q 10",
	  .traits = TYPE_MEMORY, .event = RTAS_HP_TYPE_MEMORY,
	  .counted = "LMBs", .plural = "LMBs", .refused = "",
	  .qemu = "object_add memory-backend-ram,id=m1,size=SIZE, then device_add pc-dimm,memdev=m1",
	  .hmc = "chhwres -r mem -o a" },
	{ .word = "port", .traits = TYPE_PORTS, .refused = "abop" },
	{ .word = "acc", .traits = TYPE_CREDITS, .examples = "-t gzip -q 4" },
	{ .word = "phib", .traits = TYPE_HIBERNATION, .examples = "-p pre -s 0x1a2b" },
	{ .word = "pmig", .traits = TYPE_MIGRATION, .examples = "-m -p check\n-m -p pre -s 0x1a2b" },
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
