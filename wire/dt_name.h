/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dt_name.h - names of nodes and properties that are safe in paths and kernel files
 *
 * Firmware's names are untrusted. A valid name has 1..255 printable ASCII bytes, and is
 * not "." or "..". It has no '/' and no blank: the kernel's text interface cannot quote a
 * blank.
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DT_NAME_MAX = 255 };

/* Return true for a valid name of a property, or of a node with or without unit
 * address. */
bool dt_name_is_ok(const char *name);

/* Return true for a valid path: "/" or "/a/b@1", absolute, each component valid. */
bool dt_path_is_ok(const char *path);

/* The properties that contain a node's phandle. The kernel uses the first of them for a
 * node that is attached to a running system. */
enum { DT_HANDLE_NAMES = 3 };
extern const char *const dt_handle_names[DT_HANDLE_NAMES];

/* Return true for the name of such a property. */
bool dt_name_is_handle(const char *name);

/* Return the length of a node's name without unit address. */
size_t dt_base_name_len(const char *name);

/* Return true for the name or path of a node that is function 1 to 7 of a PCI card: its
 * unit address is "DEVICE,FUNCTION". */
bool dt_name_is_later_function(const char *name);

/* Return true for the name of an interrupt controller. Its node has the DRC index of its
 * host bridge. */
bool dt_name_is_controller(const char *name);
