/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * state.h - the machine's saved state and its sections
 *
 * Shape:   "PAPRVMM" NUL, be32 checksum of all that follows it, be32 version, be32
 *          length of the whole; then all sections in their order, each a tag of four
 *          characters, be32 length and so many bytes. The version changes with the content
 *          of any section.
 *
 * Loading is all or nothing: every section is decoded and checked before the first
 * one is applied, and applying cannot fail. Properties that follow from a machine's
 * configuration and devices are compared, not loaded. So a state is never applied to a
 * machine that it does not fit.
 *
 * Not saved: walks of ibm,configure-connector (they start again, as on QEMU after a
 *          migration), ordered faults, the trace, the host's changes of the tree.
 * Trust:   a state is not trusted: the checksum detects damage, the checks of each
 *          section detect manipulation.
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include "vmm/base/machine.h"
#include "wire/builder.h"
#include "wire/cursor.h"

enum { STATE_VERSION = 4, STATE_HEAD_BYTES = 20 };

struct state_section {
	char tag[5];
	void (*save)(const struct papr_vmm *vmm, struct builder *b);
	/* Decode and check a section. *loaded is malloc'ed, or stays NULL if nothing must
	 * be applied. Return 0, -EBADMSG, -ENODEV or -ENOMEM; on error *loaded is
	 * NULL. */
	int (*load)(const struct papr_vmm *vmm, struct cursor *c, void **loaded,
		    struct papr_error *error);
	/* Apply what load() decoded, and free it. */
	void (*apply)(struct papr_vmm *vmm, void *loaded);
	void (*discard)(void *loaded); /* NULL: free() */
};

/* If the cursor is at its end without an error, set *loaded. Otherwise free got and return
 * -EBADMSG. */
int state_finish(const struct cursor *c, void *got, void **loaded);

/* Read a truth value of one byte, 0 or 1. Other values are an error of the cursor. */
bool state_bool(struct cursor *c);

/* Write or read bytes without the zeroes at their end, after be32 their number. Reading
 * fills len bytes, the rest with zeroes. More than len bytes are an error of the
 * cursor. */
void state_put_trimmed(struct builder *b, const uint8_t *bytes, size_t len);
void state_get_trimmed(struct cursor *c, uint8_t *bytes, size_t len);
