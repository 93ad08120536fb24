// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/numa/affinity.h"
#include "wire/dynmem.h"

/* Return the depth of the domains that are NUMA nodes, or 0 if there are no NUMA
 * nodes. */
static uint32_t affinity_read_depth(const struct dr_ctx *dr)
{
	_cleanup_prop_ struct prop vector = { 0 }, points = { 0 };
	uint32_t depth;

	if (prop_read(dr->root, "/chosen", ASSOC_VECTOR5_PROP, &vector) ||
	    !assoc_forms(vector.data, vector.len) ||
	    prop_read(dr->root, "/rtas", ASSOC_POINTS_PROP, &points))
		return 0;
	if (!assoc_reference_point(points.data, points.len, 0, &depth))
		return depth;
	dr_warn(dr, "/rtas/%s: damaged, NUMA nodes are unknown", ASSOC_POINTS_PROP);
	return 0;
}

void affinity_read(struct affinity *a, struct mem *m, const struct dr_ctx *dr)
{
	*a = (struct affinity){ .depth = affinity_read_depth(dr) };
	if (prop_read(dr->root, DYNMEM_NODE, ASSOC_ARRAYS_PROP, &a->raw))
		return;
	a->raw.data = mem_own(m, a->raw.data);
	if (mem_check(m))
		return;
	if (!assoc_arrays_read(&a->arrays, a->raw.data, a->raw.len))
		return;
	dr_warn(dr, "%s/%s: damaged, ignored", DYNMEM_NODE, ASSOC_ARRAYS_PROP);
	a->arrays = (struct assoc_arrays){ 0 };
}

uint32_t affinity_of_path(const struct affinity *a, const struct dr_ctx *dr,
			  const char *path)
{
	_cleanup_prop_ struct prop prop = { 0 };
	uint32_t domain;

	if (!a->depth || prop_read(dr->root, path, ASSOC_PROP, &prop) ||
	    assoc_domain(prop.data, prop.len, a->depth, &domain))
		return AFFINITY_NO_NODE;
	return domain;
}

uint32_t affinity_of_array(const struct affinity *a, uint32_t array)
{
	uint32_t domain;

	return assoc_arrays_domain(&a->arrays, array, a->depth, &domain)
		       ? AFFINITY_NO_NODE
		       : domain;
}
