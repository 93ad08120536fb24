/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof_services.h - the services of the client interface, one function each
 *
 * A service answers its first result, further ones are 0; the client takes VOF_ERROR for "no". Words that
 * the client did not give read as 0.
 *
 * Source:  IEEE 1275-1994 6.3.2, QEMU 7.2 behaviour
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/machine.h"
#include "vmm/vof.h"

enum {
	VOF_ERROR = -1,
	VOF_WORDS = 10, /* arguments and results together */
	VOF_PATH = 256,
	VOF_PROP_NAME = 64 + 1,
	VOF_PROP_BYTES = 2048,
	VOF_METHOD = 256,
};

struct vof_call {
	uint32_t args[VOF_WORDS];
};

typedef uint32_t vof_fn(struct papr_vmm *vmm, struct vof_call *call);

/* vof_nodes.c */
vof_fn vof_finddevice, vof_peer, vof_child, vof_parent, vof_package_to_path;
/* vof_props.c */
vof_fn vof_getprop, vof_getproplen, vof_nextprop, vof_setprop;
/* vof_instances.c */
vof_fn vof_open, vof_close, vof_instance_to_package, vof_instance_to_path, vof_write,
	vof_call_method;

/* Offset of the node that this path means; negative if there is none. */
int vof_find_node(const struct papr_vmm *vmm, const char *path);
int vof_node_of(const struct papr_vmm *vmm, uint32_t phandle);

/* The node's path to the client's buffer, as far as it fits; its length with the NUL. */
uint32_t vof_give_path(const struct papr_vmm *vmm, uint32_t phandle, uint32_t buf,
		       uint32_t len);

/* NULL: not open. */
struct vof_instance *vof_instance(const struct vof *vof, uint32_t ihandle);
/* A new ihandle, or VOF_ERROR. */
uint32_t vof_open_path(struct papr_vmm *vmm, const char *path);
void vof_close_all(struct vof *vof);

/* vof_tree.c: changes the stored tree within its room: 0 or libfdt's error. */
int vof_set(struct papr_vmm *vmm, int node, const char *name, const void *value,
	    size_t len);
/* "available" of /memory@0. 0 or -ENOMEM (also: no room). */
int vof_tell_free_memory(struct papr_vmm *vmm);
