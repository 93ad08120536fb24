/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * pci.h - the PCI functions that Linux knows, and the nodes they belong to
 *
 * Names:   a function by its address "DDDD:BB:SS.F", a bus by "DDDD:BB", a node by
 *          its device-tree path. A function is matched to a node by its of_node link
 *          alone.
 * Errors:  negative errno; -ENOENT there is none.
 * Layer:   kern
 */
#pragma once

#include "kern/root.h"

enum { PCI_NAME_MAX = 24, PCI_NODE_MAX = 1024 };

struct pci_function {
	char address[PCI_NAME_MAX];
	char *node; /* NULL: it has none */
};

/* All functions, by address. */
struct pci_functions {
	struct pci_function *fn;
	size_t n;
};

int pci_list(const struct kern_root *root, struct pci_functions *list);
void pci_functions_free(struct pci_functions *list);

#define _cleanup_functions_ __attribute__((cleanup(pci_functions_free)))

/* Is node the same as top, or below it? */
bool pci_node_is_under(const char *node, const char *top);

/* Name of the driver bound to a function; empty without one. */
int pci_driver(const struct kern_root *root, const char *address, char *driver,
	       size_t size);

/* The bus whose bridge or host bridge is this node. */
int pci_bus_of_node(const struct kern_root *root, const char *node,
		    char bus[PCI_NAME_MAX]);

/* The function of a node on this bus: empty if there is none, or it is another node's. */
int pci_function_of_node(const struct kern_root *root, const char *bus, const char *node,
			 char address[PCI_NAME_MAX]);

/* Is the function of this address on this bus? */
bool pci_is_on_bus(const char *address, const char *bus);

/* Makes Linux let go of a function and everything behind it. -ETIMEDOUT: its driver has
 * not let go by the deadline, and the removal is still under way. */
int pci_remove(const struct kern_root *root, const char *address,
	       const struct deadline *dl);

bool pci_exists(const struct kern_root *root, const char *address);

/* Does a function say that its card has others? */
bool pci_has_siblings(const struct kern_root *root, const char *address);

/* Looks for functions that came to a bus. Waits for removals that are under way:
 * -ETIMEDOUT. */
int pci_rescan(const struct kern_root *root, const char *bus, const struct deadline *dl);

/* Names of a function's network interfaces and disks: "eth0", "vda". */
int pci_interfaces(const struct kern_root *root, const char *address,
		   struct kern_names *names);
