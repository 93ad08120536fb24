/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * backend_parts.h - what the parts of the backends share
 *
 * backends.c has the list, backend_check.c the rules for each kind, backend_devices.c the
 * devices that refer to backends.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/backends.h"

struct backend {
	struct backend *next;
	enum backend_kind kind;
	char *id;
	struct keyval kv;
	uint64_t bytes;
	unsigned int users; /* devices, and backends above it */
	char *child;	    /* the node below this one, or NULL */
	bool is_gone;	    /* a drive that was removed below its device; it has no id */
};

/* A device, and a backend that it uses */
struct backend_use {
	struct backend_use *next;
	char *device; /* its id, or NULL */
	bool is_cdrom;
	struct backend *backend;
};

struct backends {
	struct host_listener listener; /* first member */
	struct backend *all;
	struct backend_use *uses;
};

/* Set the text of an error that has none. Return err. */
int backend_refuse(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int backend_no_memory(struct papr_error *error);

/* ---- backends.c ------------------------------------------------------------------------- */

/* Return the list, which is made when it is needed first. NULL: no memory. */
struct backends *backends_of(struct host *host);
struct backend *backend_find(const struct host *host, enum backend_kind kind,
			     const char *id);
/* Make a backend, which is not in the list yet. NULL: no memory. */
struct backend *backend_new(enum backend_kind kind, const char *id,
			    const struct keyval *kv);
void backends_append(struct backends *backends, struct backend *b);
/* Return true if it is a drive without a medium. */
bool backend_is_empty(const struct backend *b);

/* ---- backend_check.c -------------------------------------------------------------------- */

/* Return the name of the node below, or NULL. */
const char *backend_child(const struct keyval *kv);
/* Return true for a type of objects that is memory. */
bool backend_is_memory(const char *type);
int backend_check_type(enum backend_kind kind, const struct keyval *kv,
		       struct papr_error *error);
int backend_check_id(const struct host *host, enum backend_kind kind, const char *id,
		     struct papr_error *error);
/* Check the options. Memory is added to the machine. */
int backend_check_kind(struct host *host, enum backend_kind kind, const struct keyval *kv,
		       struct papr_error *error);
