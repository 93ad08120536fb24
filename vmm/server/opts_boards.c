// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Options that add a card or an adapter to the machine: -nic, -net nic; -cdrom and -drive
 * for SCSI. These devices come before those of -device.
 *
 * Source:  QEMU 7.2's devices of pseries for these options
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

/* Units of a SCSI adapter, and adapters */
enum { SCSI_UNITS = 7, SCSI_BUSES = 128 };

/* ---- Networks -------------------------------------------------------------------------- */

static int check_net_type(struct opts *opts, const char *type)
{
	static const char *const types[] = { "nic",    "user",	     "tap",
					     "l2tpv3", "vde",	     "bridge",
					     "dgram",  "stream",     "hubport",
					     "netmap", "vhost-user", "vhost-vdpa",
					     "socket" };

	for (size_t i = 0; type && i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(types[i], type))
			return 0;
	return opts_fail(opts, -EINVAL,
			 type ? "Parameter 'type' does not accept value '%s'"
			      : "Parameter 'type' is missing",
			 type);
}

static int check_mac(struct opts *opts, const char *mac)
{
	unsigned int bytes[6];
	int len = 0;

	if (!mac || (sscanf(mac, "%2x:%2x:%2x:%2x:%2x:%2x%n", &bytes[0], &bytes[1],
			    &bytes[2], &bytes[3], &bytes[4], &bytes[5], &len) == 6 &&
		     strlen(mac) == 17 && len == 17))
		return 0;
	return opts_fail(opts, -EINVAL, "invalid syntax for ethernet address");
}

static int add_nic(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->nics, text, "type");
	int err = kv ? check_net_type(opts, keyval_get(kv, "type")) : -EINVAL;

	if (!err)
		err = check_mac(opts, keyval_get(kv, "mac") ? keyval_get(kv, "mac")
							    : keyval_get(kv, "macaddr"));
	return err;
}

int opts_nic(struct opts *opts, const char *text)
{
	return strcmp(text, "none") ? add_nic(opts, text) : 0;
}

/* The other side of a network has no effect. */
int opts_net(struct opts *opts, const char *text)
{
	const struct keyval *kv;

	if (!strcmp(text, "none"))
		return 0;
	if (!strncmp(text, "nic", 3) && (!text[3] || text[3] == ','))
		return add_nic(opts, text);
	kv = opts_keyval(opts, &opts->kept, text, "type");
	return kv ? check_net_type(opts, keyval_get(kv, "type")) : -EINVAL;
}

/* Return true if the machine has such a card on a PCI bus. */
static bool is_card(const struct opts *opts, const char *model)
{
	struct papr_driver_info info = { .size = sizeof(info) };
	const char *machine = opts->host.config.machine;
	struct papr_property_info property = { .size = sizeof(property) };

	for (size_t n = 0; papr_vmm_driver_info(machine, n, &info) > 0; n++) {
		if (!info.bus || strcmp(info.bus, "PCI") || strcmp(info.name, model))
			continue;
		for (n = 0; papr_vmm_property_info(machine, model, n, &property) > 0; n++)
			if (!strcmp(property.name, "mac"))
				return true;
		return false;
	}
	return false;
}

static int add_board(struct opts *opts, const char *text)
{
	return opts_keyval(opts, &opts->boards, text, "driver") ? 0 : -EINVAL;
}

static int put_nic(struct opts *opts, const struct keyval *nic)
{
	const char *model = keyval_get(nic, "model"), *mac = keyval_get(nic, "mac"),
		   *addr = keyval_get(nic, "addr");
	char *text;
	int err;

	if (!mac)
		mac = keyval_get(nic, "macaddr");
	if (!model || !strcmp(model, "ibmveth"))
		model = "spapr-vlan";
	if (!strcmp(model, "virtio"))
		model = "virtio-net-pci";
	if (strcmp(model, "spapr-vlan") != 0 && !is_card(opts, model))
		return opts_fail(opts, -EINVAL, "Unsupported NIC model: %s", model);
	if (!strcmp(model, "spapr-vlan"))
		addr = NULL;
	if (asprintf(&text, "%s%s%s%s%s", model, mac ? ",mac=" : "", mac ? mac : "",
		     addr ? ",addr=" : "", addr ? addr : "") < 0)
		return opts_fail(opts, -ENOMEM, "out of memory");
	err = add_board(opts, text);
	free(text);
	return err;
}

/* ---- SCSI ------------------------------------------------------------------------------ */

int opts_file_drive(struct opts *opts, const char *file, const char *more)
{
	static const char before[] = "file=";
	char *drive = malloc(sizeof(before) + 2 * strlen(file) + strlen(more)), *at;
	int err;

	if (!drive)
		return opts_fail(opts, -ENOMEM, "out of memory");
	at = stpcpy(drive, before);
	for (; *file; file++) {
		*at++ = *file;
		if (*file == ',')
			*at++ = ',';
	}
	stpcpy(at, more);
	err = opts_drive(opts, drive);
	free(drive);
	return err;
}

int opts_cdrom(struct opts *opts, const char *text)
{
	return opts_file_drive(opts, text, ",if=scsi,index=2,media=cdrom");
}

static int read_place(struct opts *opts, const struct keyval *drive, const char *name,
		      uint32_t *value, bool *given)
{
	const char *word = keyval_get(drive, name);

	*given = word;
	if (!word)
		return 0;
	return word_u32(word, value)
		       ? opts_fail(opts, -EINVAL, "Parameter '%s' expects a number", name)
		       : 0;
}

/* Give a drive its unit: that of "index", or of "bus" and "unit", or the first free one. */
static int take_unit(struct opts *opts, const struct keyval *drive,
		     uint8_t units[SCSI_BUSES])
{
	uint32_t index = 0, bus = 0, unit = 0;
	bool has_index, has_bus, has_unit;
	int err = read_place(opts, drive, "index", &index, &has_index);

	if (!err)
		err = read_place(opts, drive, "bus", &bus, &has_bus);
	if (!err)
		err = read_place(opts, drive, "unit", &unit, &has_unit);
	if (err)
		return err;
	if (has_index && (has_bus || has_unit))
		return opts_fail(opts, -EINVAL, "index cannot be used with bus and unit");
	if (has_index) {
		bus = index / SCSI_UNITS;
		unit = index % SCSI_UNITS;
	}
	if (unit >= SCSI_UNITS)
		return opts_fail(opts, -EINVAL, "unit %u too big (max is %d)", unit,
				 SCSI_UNITS - 1);
	while (!has_index && !has_unit && bus < SCSI_BUSES && units[bus] & 1 << unit)
		if (++unit == SCSI_UNITS) {
			unit = 0;
			bus++;
		}
	if (bus >= SCSI_BUSES)
		return opts_fail(opts, -EINVAL, "bus %u too big (max is %d)", bus,
				 SCSI_BUSES - 1);
	if (units[bus] & 1 << unit)
		return opts_fail(opts, -EINVAL,
				 "drive with bus=%u, unit=%u (index=%u) exists", bus,
				 unit, bus * SCSI_UNITS + unit);
	units[bus] |= (uint8_t)(1 << unit);
	return 0;
}

/* Add the adapters up to the last one that has a drive. */
static int put_adapters(struct opts *opts)
{
	uint8_t units[SCSI_BUSES] = { 0 };
	size_t n = 0;
	int err = 0;

	for (size_t i = 0; !err && i < opts->drives.n; i++) {
		const char *bus = keyval_get(&opts->drives.items[i], "if");

		if (!bus || !strcmp(bus, "scsi"))
			err = take_unit(opts, &opts->drives.items[i], units);
	}
	for (size_t i = 0; i < SCSI_BUSES; i++)
		if (units[i])
			n = i + 1;
	while (!err && n--)
		err = add_board(opts, "spapr-vscsi");
	return err;
}

/* ---- All ------------------------------------------------------------------------------- */

/* Move the devices to the front of those of -device. */
static int put_first(struct opts *opts)
{
	struct opts_list *boards = &opts->boards, *devices = &opts->devices;
	struct keyval *all = calloc(boards->n + devices->n + 1, sizeof(*all));

	if (!all)
		return opts_fail(opts, -ENOMEM, "out of memory");
	for (size_t i = 0; i < boards->n; i++)
		all[i] = boards->items[i];
	for (size_t i = 0; i < devices->n; i++)
		all[boards->n + i] = devices->items[i];
	devices->n += boards->n;
	free(devices->items);
	devices->items = all;
	free(boards->items);
	*boards = (struct opts_list){ 0 };
	return 0;
}

int opts_add_boards(struct opts *opts)
{
	int err = 0;

	if (opts->host.no_machine)
		return 0;
	for (size_t i = 0; !err && i < opts->nics.n; i++)
		err = put_nic(opts, &opts->nics.items[i]);
	if (!err)
		err = put_adapters(opts);
	return err || !opts->boards.n ? err : put_first(opts);
}
