// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "libdrmgr/types/pci/slot_nodes.h"
#include "kern/pci.h"
#include "kern/prop.h"
#include "wire/dt_name.h"

enum { PCI_CLASS_BRIDGE = 0x0604 }; /* base class and sub-class: PCI to PCI */

/* The functions of Linux. The first search reads them. */
struct function_set {
	struct pci_functions list;
	bool is_read;
	int err; /* of the listing */
};

static void function_set_free(struct function_set *set)
{
	pci_functions_free(&set->list);
}

#define _cleanup_function_set_ __attribute__((cleanup(function_set_free)))

/* Return 1 if Linux has a function for exactly this node, 0, or an error. */
static int function_set_has(const struct xact *x, struct function_set *set,
			    const char *node)
{
	int err;

	if (!set->is_read)
		set->err = pci_list(x->dr->root, &set->list);
	set->is_read = true;
	err = set->err;
	for (size_t i = 0; i < set->list.n; i++) {
		if (set->list.fn[i].node && !strcmp(set->list.fn[i].node, node))
			return 1;
		if (set->list.fn[i].err)
			err = set->list.fn[i].err;
	}
	return err;
}

bool slot_is_bridge_class(uint32_t class)
{
	return class >> 8 == PCI_CLASS_BRIDGE;
}

int slot_is_bridge(const struct xact *x, const char *node)
{
	uint32_t class;
	int err = prop_u32(x->dr->root, node, "class-code", &class);

	if (err)
		return kern_read_failure(err);
	return slot_is_bridge_class(class);
}

char *slot_function_0(const char *node)
{
	char *sibling = dt_name_is_later_function(node) ? strdup(node) : NULL;

	if (sibling)
		*strrchr(sibling, ',') = '\0';
	return sibling;
}

/* Like slot_waits_for_function_0(). */
static int function_set_waits(const struct xact *x, struct function_set *set,
			      const char *node)
{
	_cleanup_free_ char *sibling = slot_function_0(node);
	int found = sibling ? function_set_has(x, set, sibling) : 1;

	if (!found)
		found = function_set_has(x, set, node);
	return found < 0 ? found : !found;
}

int slot_waits_for_function_0(const struct xact *x, const char *node)
{
	_cleanup_function_set_ struct function_set set = { 0 };

	return function_set_waits(x, &set, node);
}

/* Test whether the node is a bridge that Linux does not have. Return 1, 0 or a negative
 * errno. */
static int function_set_lacks_bridge(const struct xact *x, struct function_set *set,
				     const char *node)
{
	int is_bridge = slot_is_bridge(x, node), found;

	if (is_bridge <= 0)
		return is_bridge;
	found = function_set_has(x, set, node);
	return found < 0 ? found : !found;
}

int slot_read_missing(const struct xact *x, const char *bus, struct slot_missing *missing)
{
	_cleanup_function_set_ struct function_set set = { 0 };
	_cleanup_names_ struct kern_names names = { 0 };
	_cleanup_mem_ struct mem m = { 0 };
	int err = node_children(x->dr->root, bus, &names), waits = 0, lost = 0;

	for (size_t i = 0; !err && i < names.n; i++) {
		const char *node = node_child(&m, bus, names.name[i]);

		if (mem_check(&m))
			return -ENOMEM;
		if (!lost)
			lost = function_set_lacks_bridge(x, &set, node);
		if (!waits)
			waits = function_set_waits(x, &set, node);
		err = lost < 0 ? lost : waits < 0 ? waits : 0;
	}
	*missing = (struct slot_missing){ .bridge = lost > 0, .function_0 = waits > 0 };
	return err;
}
