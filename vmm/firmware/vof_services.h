/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * vof_services.h - the services of the client interface, one function each
 *
 * A service returns its first result; further results are 0. VOF_ERROR reports a
 * failure to the client. Missing arguments read as 0.
 *
 * Source:  IEEE 1275-1994 6.3.2, QEMU 7.2 behaviour
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/machine.h"
#include "vmm/firmware/vof.h"

enum {
	VOF_ERROR = -1,
	VOF_WORDS = 10, /* limit of arguments plus results */
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

/* Return the offset of a node by its path or phandle, or a negative libfdt error. */
int vof_find_node(const struct papr_vmm *vmm, const char *path);
int vof_node_of(const struct papr_vmm *vmm, uint32_t phandle);

/* Write a node's path to the client's buffer, cut to len bytes. Return its length with
 * NUL, or VOF_ERROR. */
uint32_t vof_give_path(const struct papr_vmm *vmm, uint32_t phandle, uint32_t buf,
		       uint32_t len);

/* Return an open instance, or NULL. */
struct vof_instance *vof_instance(const struct vof *vof, uint32_t ihandle);
/* Open a path. Return a new ihandle, or VOF_ERROR. */
uint32_t vof_open_path(struct papr_vmm *vmm, const char *path);
void vof_close_all(struct vof *vof);

/* vof_tree.c: set a property of the stored tree, which may grow up to its limit. Return 0
 * or libfdt's error. */
int vof_set(struct papr_vmm *vmm, int node, const char *name, const void *value,
	    size_t len);
/* Update "available" of /memory@0. Return 0, or -ENOMEM (also if the tree is full). */
int vof_tell_free_memory(struct papr_vmm *vmm);
