// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>

#include "wire/drc_list.h"

const char *const drc_list_prop_names[DRC_LIST_PROPS] = {
	[DRC_LIST_INDEXES] = "ibm,drc-indexes",
	[DRC_LIST_NAMES] = "ibm,drc-names",
	[DRC_LIST_TYPES] = "ibm,drc-types",
	[DRC_LIST_POWER_DOMAINS] = "ibm,drc-power-domains",
};

int drc_list_begin(struct drc_list_iter *it, const struct cursor props[DRC_LIST_PROPS])
{
	for (int i = 0; i < DRC_LIST_PROPS; i++) {
		uint32_t n;

		it->c[i] = props[i];
		n = cursor_be32(&it->c[i]);
		if (it->c[i].err || (i && n != it->left))
			return -EBADMSG;
		it->left = n;
	}

	return 0;
}

int drc_list_next(struct drc_list_iter *it, struct drc *out)
{
	if (!it->left)
		return 0;

	out->index = cursor_be32(&it->c[DRC_LIST_INDEXES]);
	out->name = cursor_str(&it->c[DRC_LIST_NAMES]);
	out->type = cursor_str(&it->c[DRC_LIST_TYPES]);
	out->power_domain = cursor_be32(&it->c[DRC_LIST_POWER_DOMAINS]);
	if (it->c[DRC_LIST_INDEXES].err || !out->name || !out->type ||
	    it->c[DRC_LIST_POWER_DOMAINS].err)
		return -EBADMSG;

	it->left--;
	return 1;
}

void drc_list_encode(struct builder *b, enum drc_list_prop which, const struct drc *drcs,
		     uint32_t n)
{
	builder_be32(b, n);
	for (uint32_t i = 0; i < n; i++) {
		switch (which) {
		case DRC_LIST_INDEXES:
			builder_be32(b, drcs[i].index);
			break;
		case DRC_LIST_NAMES:
			builder_str(b, drcs[i].name);
			break;
		case DRC_LIST_TYPES:
			builder_str(b, drcs[i].type);
			break;
		case DRC_LIST_POWER_DOMAINS:
		case DRC_LIST_PROPS:
			builder_be32(b, drcs[i].power_domain);
			break;
		}
	}
}
