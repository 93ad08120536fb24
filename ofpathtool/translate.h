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
	struct ofp_result *first, **end;
	size_t n;
};

void results_begin(struct results *results);

/* Add a device that is reached through one adapter. below: the requested device, or NULL.
 * note: a doubt about the result, or NULL. Return 0, OFP_ENOMEM, or an error of
 * translate(). With OFP_STRICT, return OFP_ENOPATH if the result would have a note. */
int results_add(struct results *results, const struct way *way, unsigned flags,
		const char *below, const char *note);

/* Move the results without a note to the begin. */
void results_prefer_certain(struct results *results);

/* Add a device that has no adapter in sysfs. */
int results_add_node(struct results *results, const char *device, const char *node,
		     const char *kind);

/* Set the note of a result, which then owns it. The previous note is freed. */
void results_note(struct ofp_result *result, char *note);
