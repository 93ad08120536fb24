/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci.h - the PCI functions in Linux, and their device-tree nodes
 *
 * Names:   a function by its address "DDDD:BB:SS.F", a bus by "DDDD:BB", a node by its
 *          device-tree path. Only of_node or devspec connects a function to its node.
 * Errors:  negative errno; -ENOENT it does not exist.
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

enum { PCI_NAME_MAX = 24, PCI_NODE_MAX = 1024 };

struct pci_function {
	char address[PCI_NAME_MAX];
	char *node; /* NULL: no node, or it is unknown */
	int err;    /* why it is unknown: a negative errno, or 0 */
};

/* All functions, sorted by address. */
struct pci_functions {
	struct pci_function *fn;
	size_t n;
};

/* Read all functions. Return 0, -ENOMEM, or the errno of the listing; without the folder the
 * list is empty. */
int pci_list(const struct kern_root *root, struct pci_functions *list);
void pci_functions_free(struct pci_functions *list);

#define _cleanup_functions_ __attribute__((cleanup(pci_functions_free)))

/* Return true if node is top or below it. */
bool pci_node_is_under(const char *node, const char *top);

/* Read the name of the driver bound to a function; empty without a driver. */
int pci_driver(const struct kern_root *root, const char *address, char *driver,
	       size_t size);

/* Find the bus whose bridge or host bridge is this node. */
int pci_bus_of_node(const struct kern_root *root, const char *node,
		    char bus[PCI_NAME_MAX]);

/* Return 1 if Linux has a device for exactly this node: a PCI function, the bus of a host bridge, or
 * a virtual device; 0; or a negative errno if that is unknown. */
int pci_node_has_device(const struct kern_root *root, const char *node);

/* Find the function of a node on this bus. address is empty if the function does not
 * exist or belongs to another node. */
int pci_function_of_node(const struct kern_root *root, const char *bus, const char *node,
			 char address[PCI_NAME_MAX]);

/* Return true if the function with this address is on this bus. */
bool pci_is_on_bus(const char *address, const char *bus);

/* Remove a function and everything below it from Linux. Return -ETIMEDOUT if its driver
 * has not released it by the deadline: the removal is then still running. */
int pci_remove(const struct kern_root *root, const char *address,
	       const struct deadline *dl);

/* Return 1, 0 if Linux has no such function, or a negative errno if that is unknown. */
int pci_exists(const struct kern_root *root, const char *address);

/* Return true if the function reports that its card has more than one function, or does not
 * answer. */
bool pci_has_siblings(const struct kern_root *root, const char *address);

/* The buses below a bridge: config cycles for these numbers pass it. */
struct pci_bridge {
	unsigned int secondary, subordinate;
};

/* Read the numbers of a bridge. Return 1, 0 for another function, or a negative errno. */
int pci_read_bridge(const struct kern_root *root, const char *address,
		    struct pci_bridge *bridge);

/* Set the last number of a bridge. Linux reads it at the next scan. */
int pci_set_subordinate(const struct kern_root *root, const char *address,
			unsigned int number);

/* Search a bus for new functions. The kernel first waits for removals that are still
 * running, so this can return -ETIMEDOUT. */
int pci_rescan(const struct kern_root *root, const char *bus, const struct deadline *dl);

/* Add the names of a function's network interfaces and disks: "eth0", "vda". */
int pci_interfaces(const struct kern_root *root, const char *address,
		   struct kern_names *names);
