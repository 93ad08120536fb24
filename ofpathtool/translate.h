/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - the path of one device, and results that are made of it
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/bus.h"

/* A path without partition. 0, enum ofp_error. bus and unit: what it is. */
int translate(const struct way *way, char *path, size_t size, const struct bus **bus,
	      struct ofp_unit *unit);

/* Results in the order in which they came. */
struct results {
	struct ofp_result *first, **end;
	size_t n;
};

void results_begin(struct results *results);

/* A device by one way. partition 0: none. below: what was asked for, or NULL. 0,
 * OFP_ENOMEM, what translate() says; with OFP_STRICT OFP_ENOPATH where there would be a
 * note. */
int results_add(struct results *results, const struct way *way, unsigned flags,
		const char *below);

/* One that has no adapter in sysfs. */
int results_add_node(struct results *results, const char *device, const char *node,
		     const char *kind);

/* Takes a text over; the one before it is freed. */
void results_note(struct ofp_result *result, char *note);
