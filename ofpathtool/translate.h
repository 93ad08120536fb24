/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * translate.h - the path of one device, and lists of results
 *
 * Layer:   ofpathtool's library
 */
#pragma once

#include "ofpathtool/bus.h"

/* Make the path of a device, without partition. Return 0 or an enum ofp_error. *bus and
 * *unit describe the device. */
int translate(const struct way *way, char *path, size_t size, const struct bus **bus,
	      struct ofp_unit *unit);

/* Results in the order in which they were added. */
struct results {
	struct ofp *h;
	struct ofp_result *first;
};

/* Add a device that is reached through one adapter. below: the requested device, or NULL.
 * note: a doubt about the result, or NULL. Return 0 or an error of translate(). With
 * OFP_STRICT, return OFP_ENOPATH if the result would have a note. */
int results_add(struct results *results, const struct way *way, unsigned flags,
		const char *below, const char *note);

/* Move the results for which is_last() returns true to the end. The order remains. */
void results_move_last(struct results *results,
		       bool (*is_last)(const struct ofp_result *));

/* Add a device that has no adapter in sysfs. */
void results_add_node(struct results *results, const char *device, const char *node,
		      const char *kind);
