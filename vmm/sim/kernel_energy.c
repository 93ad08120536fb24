// SPDX-License-Identifier: GPL-2.0-or-later
/* /sys/firmware/papr/energy_scale_info: power modes and frequencies. Firmware is queried at
 * each read, as the modes can change. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/energy.h"
#include "wire/hcall.h"

enum {
	ATTRS_MAX = 8,
	BUFFER_BYTES = ENERGY_HEADER_BYTES + ATTRS_MAX * ENERGY_ATTR_BYTES,
};

#define ALL_ATTRS 0
#define ONE_ATTR  (1ULL << 63)

static bool firmware_has_it(const struct kernel *k)
{
	static const char name[] = "hcall-energy-scale-info";
	size_t len;
	const char *list =
		ktree_get(ktree_find(k, "/rtas"), "ibm,hypertas-functions", &len);

	return list && memmem(list, len, name, sizeof(name));
}

/* Query all attributes, or one. Return how many firmware returned, or -EIO. */
static int query(struct kernel *k, uint64_t flags, uint64_t id,
		 struct energy_attr attrs[ATTRS_MAX])
{
	uint64_t args[PAPR_HCALL_ARGS] = { flags, id, k->work_area, BUFFER_BYTES };
	uint8_t *area = kernel_work_area(k);
	int n;

	memset(area, 0, BUFFER_BYTES);
	if (papr_vmm_hcall(k->host->vmm, k->caller, H_GET_ENERGY_SCALE_INFO, args) !=
	    H_SUCCESS) {
		kernel_print(k, "hcall failed: H_GET_ENERGY_SCALE_INFO");
		return -EIO;
	}
	n = energy_decode(area, BUFFER_BYTES, attrs, ATTRS_MAX);
	return n < 0 ? -EIO : n;
}

/* The directory is named after the attribute. */
static int query_of(const struct pfs_node *file, struct energy_attr *attr)
{
	struct energy_attr attrs[ATTRS_MAX];
	int n = query(file->priv, ONE_ATTR, strtoull(file->parent->name, NULL, 10),
		      attrs);

	if (n < 1)
		return -EIO;
	*attr = attrs[0];
	return 0;
}

static int desc_show(struct pfs_node *file, struct text *out)
{
	struct energy_attr attr;
	int err = query_of(file, &attr);

	if (!err)
		text_add(out, "%s\n", attr.description);
	return err;
}

static int value_show(struct pfs_node *file, struct text *out)
{
	struct energy_attr attr;
	int err = query_of(file, &attr);

	if (!err)
		text_add(out, "%" PRIu64 "\n", attr.value);
	return err;
}

static int value_desc_show(struct pfs_node *file, struct text *out)
{
	struct energy_attr attr;
	int err = query_of(file, &attr);

	if (!err)
		text_add(out, "%s\n", attr.value_text);
	return err;
}

static void attr_files(struct kernel *k, struct pfs_node *all,
		       const struct energy_attr *attr)
{
	static const struct pfs_ops desc = { .show = desc_show },
				    value = { .show = value_show },
				    value_desc = { .show = value_desc_show };
	struct pfs_node *dir;
	char name[24];

	snprintf(name, sizeof(name), "%" PRIu64, attr->id);
	dir = pfs_dir(all, name);
	kernel_attr(k, dir, "desc", 0444, &desc, k);
	kernel_attr(k, dir, "value", 0444, &value, k);
	if (*attr->value_text)
		kernel_attr(k, dir, "value_desc", 0444, &value_desc, k);
}

void kenergy_files(struct kernel *k)
{
	struct energy_attr attrs[ATTRS_MAX];
	struct pfs_node *dir;
	int n = firmware_has_it(k) ? query(k, ALL_ATTRS, 0, attrs) : -ENXIO;

	if (n < 0)
		return;
	dir = pfs_path(k->sys, "firmware/papr/energy_scale_info");
	for (int i = 0; i < n; i++)
		attr_files(k, dir, &attrs[i]);
}
