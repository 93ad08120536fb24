/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - the machine as bytes: which sections there are
 *
 * Shape:   "PAPRVMM" NUL, be32 checksum of all that follows it, be32 version, be32
 *          length of the whole; then the sections in the order of state_sections[],
 *          each a tag of four letters, be32 length and so many bytes.
 *
 * Loading is all or nothing: every section is decoded and checked before the first
 * one is applied, and applying cannot fail. What a machine has because of its
 * configuration and its devices is not saved but compared, so that a state is never
 * put on a machine that it does not fit.
 *
 * Not saved: walks of ibm,configure-connector (they start again, as on QEMU after a
 *          migration), ordered faults, the trace, what the host changed in the tree.
 * Trust:   a state is foreign: the checksum is against damage, the checks of each
 *          section against intent.
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/machine.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum { STATE_VERSION = 1, STATE_HEAD_BYTES = 20 };

struct state_section {
	char tag[5];
	/* NULL: every machine has this section; else those that it says. */
	bool (*is_wanted)(const struct papr_vmm *vmm);
	void (*save)(const struct papr_vmm *vmm, struct builder *b);
	/* Decodes and checks a section; *loaded is malloc'ed, and stays NULL when there
	 * is nothing to apply. 0, -EBADMSG, -ENODEV, -ENOMEM; *loaded is NULL then. */
	int (*load)(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		    struct papr_error *error);
	/* Takes over and frees what was loaded. */
	void (*apply)(struct papr_vmm *vmm, void *loaded);
	void (*discard)(void *loaded); /* NULL: free() */
};

/* One for each part of the machine. */
extern const struct state_section state_config;	    /* state_config.c */
extern const struct state_section state_connectors; /* state_connectors.c */
extern const struct state_section state_cpus;	    /* state_parts.c */
extern const struct state_section state_events;	    /* state_events.c */
extern const struct state_section state_general;    /* state_parts.c */
extern const struct state_section state_pci;	    /* state_pci.c */
extern const struct state_section state_powervm;    /* state_powervm.c */
extern const struct state_section state_rtas;	    /* state_parts.c */
extern const struct state_section state_tree;	    /* state_tree.c */
extern const struct state_section state_vof;	    /* state_vof.c */
extern const struct state_section state_xics;	    /* state_xics.c */

/* A truth value as one byte, 0 or 1; anything else is an error of the cursor. */
bool state_bool(struct cursor *c);

/* As many bytes as it takes without the zeroes at the end, their number before them; and
 * back into len bytes, the rest zero. More than len are
 * an error of the cursor. */
void state_put_trimmed(struct builder *b, const uint8_t *bytes, size_t len);
void state_get_trimmed(struct cursor *c, uint8_t *bytes, size_t len);
