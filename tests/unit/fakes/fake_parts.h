/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_parts.h - functions that the files of the fake platform share
 *
 * fake_files.c: the folder; fake_firmware.c: RTAS; fake_tree.c: the kernel's device tree;
 * fake_pci.c: buses, devices and the slot driver; fake_cards.c: plugged cards;
 * fake_platform.c: the machine of these parts.
 */
#pragma once

#include "tests/unit/fakes/fake_platform.h"

#define DT	"proc/device-tree"
#define PHB	"/pci@800000020000000"
#define DEVICES "sys/bus/pci/devices"
#define BUSES	"sys/class/pci_bus"
#define VIRTUAL "sys/bus/vio/devices"

bool fake_exists(const struct fake *f, const char *path);
bool fake_has_children(const struct fake *f, const char *path);

struct rtas_transport fake_firmware(struct fake *f);
struct fake_drc *fake_by_index(struct fake *f, uint32_t index);

/* Called before and after each change of the machine. */
void fake_moment(struct fake *f);

ssize_t fake_write_ofdt(struct fake *f, const void *buf, size_t len);
ssize_t fake_write_dlpar(struct fake *f, const char *buf, size_t len);
ssize_t fake_write_overlay(struct fake *f, const void *buf, size_t len);

/* Write a fragment below this node as files. */
void fake_attach_fragment(struct fake *f, const void *fdt, int node, const char *parent);

/* Get the path of a connector's node in the folder. */
void fake_node_path(const struct fake *f, const struct fake_drc *d, char *path,
		    size_t size);

/* A bus has its domain above its number: 0x100 is bus 0 of domain 1. */
void fake_make_bus(struct fake *f, int bus, const char *node);
void fake_scan(struct fake *f, int bus, const char *node, bool knows_bridges);

/* Write to a file of PCI, of the slot driver or of its module; -EXDEV: another file. */
ssize_t fake_write_pci(struct fake *f, const char *path, const void *buf, size_t len);
