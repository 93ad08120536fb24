/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * corpus.h - parts of overlaycorpus: the file, a base in the live tree, rules of refusals
 *
 * Errors: if the test cannot continue, it ends with status 2; if a revert fails, with 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "wire/overlay.h"

enum {
	CORPUS_PATH_BYTES = 1024,
	CORPUS_REASON_BYTES = 512,
};

/* ---- /proc/device-tree-overlay: corpus_file.c ---------------------------------------- */

/* Return 0 or the error's number. */
int corpus_write(const void *blob, size_t size);

/* Apply a file with papr-overlay. Return 0 or the error's number, and its reason. */
int corpus_apply(const char *file, char reason[CORPUS_REASON_BYTES]);

/* Read the reason of the last refusal (CORPUS_REASON_BYTES) and the name of the newest
 * record (OVERLAY_ID_MAX + 1). A missing one is empty. */
void corpus_read(char *reason, char *newest);

/* End a blob and write it. Return 0 or the error's number. */
int corpus_write_built(struct overlay_build *b);

/* Revert the record with this name, or the newest one. */
void corpus_revert(const char *id);
void corpus_revert_newest(void);

/* ---- A base: corpus_base.c ----------------------------------------------------------- */

struct corpus_base {
	const void *fdt;
	const void *guest; /* the tree before */
	struct overlay_build b;
	bool is_open;
	unsigned int blobs, nodes;
	char parent[CORPUS_PATH_BYTES]; /* of the open fragment */
};

/* Add the nodes of fdt to the live tree "guest", without properties of the root. Handles
 * are kept: if one is in use, the program ends. */
void corpus_base_add(struct corpus_base *base, const void *fdt, const void *guest);
void corpus_base_remove(struct corpus_base *base);

/* Return the number of nodes of a subtree, with its top. */
unsigned int corpus_count_nodes(const void *fdt, int node);

/* ---- Rules for refusals by the file alone: corpus_rules.c
 * ---------------------------- */

/* libfdt's result for an overlay. */
struct corpus_trial {
	const void *overlay;
	const void *resolved;	    /* the same, with references; offsets are equal */
	const void *before, *after; /* the live tree, and libfdt's result */
};

struct corpus_rule {
	int error;
	char about[CORPUS_PATH_BYTES]; /* path or label, which the reason must name */
	char text[CORPUS_PATH_BYTES + 128];
};

/* Return true if a rule of papr-dt-overlay(4) says that the file refuses this overlay with
 * this error and this reason. */
bool corpus_find_rule(const struct corpus_trial *t, int error, const char *reason,
		      struct corpus_rule *rule);
