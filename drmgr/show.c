// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/connector_json.h"
#include "drmgr/show.h"
#include "drmgr/slot_table.h"

int show_slots(const struct show *show, const struct dr_ctx *dr)
{
	const struct slot_filter filter = {
		.key = show->key,
		.hide_empty = show->occupied && !show->available,
		.hide_occupied = show->available && !show->occupied,
		.with_drivers = show->json,
	};
	bool is_pci = !strcmp(show->type, "pci");
	struct slot_list slots;
	int err = is_pci ? slot_list_pci(&slots, dr, &filter, show->error)
			 : slot_list_logical(&slots, dr, &filter, show->error);

	if (show->json)
		slot_table_print_json(&slots, show->type, show->sink);
	else if (!err)
		slot_table_print(&slots, is_pci ? SLOT_TABLE_PCI : SLOT_TABLE_LOGICAL,
				 show->delimiter);
	slot_list_free(&slots);
	return err;
}

/* List the ports of the Host Ethernet Adapter. Linux has no driver for it since 6.5. */
int show_ports(const struct show *show, const struct dr_ctx *dr)
{
	(void)dr;
	if (show->json)
		connectors_print_none(show->type);
	return show->key ? -ENOENT : -ENODEV;
}

/* List nothing, for types that are actions and not connectors. */
int show_nothing(const struct show *show, const struct dr_ctx *dr)
{
	(void)dr;
	if (show->json)
		connectors_print_none(show->type);
	return 0;
}

#define NO_SUCH_SLOT                                 \
	"The specified PCI slot is either invalid\n" \
	"or does not support hot plug operations.\n"

static const struct show_type types[] = {
	{
		.name = "slot",
		.fn = show_slots,
		.refused = "abop",
		.none = "There are no DR slots on this system.\n",
		.unknown = NO_SUCH_SLOT,
	},
	{
		.name = "pci",
		.fn = show_slots,
		.refused = "bp",
		.none = "There are no PCI hot plug slots on this system.\n",
		.unknown = NO_SUCH_SLOT,
	},
	{
		.name = "port",
		.fn = show_ports,
		.refused = "abop",
		.none = "There are no LHEA ports on this system.\n",
		.none_is_error = true,
		.unknown = "The specified port was not found.\n",
	},
	{
		.name = "phb",
		.fn = show_phbs,
		.refused = "abFop",
		.none = "There are no DR capable PHBs on this system.\n",
		.none_is_error = true,
		.unknown = "The specified PHB was not found.\n",
	},
	{
		.name = "cpu",
		.fn = show_cpus,
		.refused = "aFo",
		.exclusive = "bp",
		.none = "\nThere are no dynamically reconfigurable CPUs on this "
			"system.\n\n",
		.none_is_error = true,
		.unknown = "The specified CPU was not found: specify a name such as "
			   "\"CPU 8\" or an\nindex such as 0x10000008.\n",
	},
	{
		.name = "mem",
		.fn = show_memory,
		.refused = "",
		.none = "There is no dynamically reconfigurable memory on this system.\n",
		.none_is_error = true,
		.unknown = "The specified LMB was not found: specify a name such as "
			   "\"LMB 4\" or an\nindex such as 0x80000004.\n",
	},
	{ .name = "acc", .fn = show_nothing, .refused = "" },
	{ .name = "phib", .fn = show_nothing, .refused = "" },
	{ .name = "pmig", .fn = show_nothing, .refused = "" },
};

const struct show_type *show_type_find(const char *name)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i].name, name))
			return &types[i];
	return NULL;
}
