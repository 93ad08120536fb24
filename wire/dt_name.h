/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dt_name.h - which names of nodes and properties may reach a path or a kernel file
 *
 * Firmware's names are foreign: 1..255 printable bytes, no blank (the text interface
 * of the kernel cannot quote one), no '/', not "." or "..".
 *
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum { DT_NAME_MAX = 255 };

/* A node's name with or without unit address, or a property's name. */
bool dt_name_is_ok(const char *name);

/* "/" or "/a/b@1": absolute, each component ok. */
bool dt_path_is_ok(const char *path);

/* Length of a node's name without unit address. */
size_t dt_base_name_len(const char *name);

/* An interrupt controller's, which has the connector of the host bridge that it is for. */
bool dt_name_is_controller(const char *name);
