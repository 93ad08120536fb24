// SPDX-License-Identifier: LGPL-2.1-or-later
/* Device-tree properties of connectors: four parallel lists, or ranges. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/machine.h"
#include "vmm/dr/connectors.h"
#include "vmm/tree/fdt_out.h"
#include "wire/cas.h"
#include "wire/drc_info.h"
#include "wire/drc_list.h"

struct listed {
	struct drc *drcs;
	char (*names)[32];
	uint32_t n;
};

static bool list_banks(struct listed *l, struct connector_bank *const *banks,
		       unsigned int n_banks)
{
	uint32_t total = 0;

	for (unsigned int i = 0; i < n_banks; i++)
		total += banks[i]->count;
	*l = (struct listed){
		.drcs = calloc((size_t)total + 1, sizeof(*l->drcs)),
		.names = calloc((size_t)total + 1, sizeof(*l->names)),
	};
	if (!l->drcs || !l->names)
		return false;

	for (unsigned int i = 0; i < n_banks; i++)
		for (uint32_t k = 0; k < banks[i]->count; k++) {
			const struct connector *c = &banks[i]->all[k];

			connector_name(c, l->names[l->n]);
			l->drcs[l->n] = (struct drc){
				.index = c->index,
				.power_domain = DRC_NO_POWER_DOMAIN,
				.name = l->names[l->n],
				.type = connector_type_text(banks[i]->kind),
			};
			l->n++;
		}
	return true;
}

static void put_list(struct fdt_out *out, const struct listed *l,
		     enum drc_list_prop which)
{
	struct builder size = builder_of(NULL, 0), b;

	drc_list_encode(&size, which, l->drcs, l->n);
	b = builder_of(fdt_out_space(out, drc_list_prop_names[which], size.len),
		       size.len);
	if (b.buf)
		drc_list_encode(&b, which, l->drcs, l->n);
}

static void put_lists(struct fdt_out *out, struct connector_bank *const *banks,
		      unsigned int n_banks)
{
	/* The order in QEMU's tree. */
	static const enum drc_list_prop order[] = { DRC_LIST_TYPES, DRC_LIST_NAMES,
						    DRC_LIST_POWER_DOMAINS,
						    DRC_LIST_INDEXES };
	struct listed l;

	if (list_banks(&l, banks, n_banks))
		for (int i = 0; i < DRC_LIST_PROPS; i++)
			put_list(out, &l, order[i]);
	else
		fdt_out_fail(out, -ENOMEM);
	free(l.drcs);
	free(l.names);
}

static void put_info(struct fdt_out *out, struct connector_bank *const *banks,
		     unsigned int n_banks)
{
	struct drc_info *ranges = calloc(n_banks + 1, sizeof(*ranges));
	struct builder size = builder_of(NULL, 0), b;

	if (!ranges) {
		fdt_out_fail(out, -ENOMEM);
		return;
	}

	for (unsigned int i = 0; i < n_banks; i++)
		ranges[i] = (struct drc_info){
			.type = connector_type_text(banks[i]->kind),
			.name_prefix = connector_name_prefix(banks[i]->kind),
			.index_start = banks[i]->first,
			.suffix_start = banks[i]->first & 0x0fffffff,
			.count = banks[i]->count,
			.step = banks[i]->step,
			.power_domain = DRC_NO_POWER_DOMAIN,
		};
	drc_info_encode(&size, ranges, n_banks);
	b = builder_of(fdt_out_space(out, DRC_INFO_PROP, size.len), size.len);
	if (b.buf)
		drc_info_encode(&b, ranges, n_banks);
	free(ranges);
}

void connectors_put_props(struct fdt_out *out, const struct papr_vmm *vmm,
			  struct connector_bank *const *banks, unsigned int n_banks)
{
	/* PAPR+ B.6.2.4, vector 5: ranges are only for guests that announce support. */
	if (machine_negotiated(vmm, OV5_DRC_INFO))
		put_info(out, banks, n_banks);
	else
		put_lists(out, banks, n_banks);
}
