// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/backends.h"

struct backend {
	struct backend *next;
	enum backend_kind kind; /* not BACKEND_DRIVE */
	char *id;
	bool is_memory; /* the machine has this object, too */
	bool in_use;
	char *device; /* the id of its device, or NULL */
};

struct backends {
	struct host_listener listener; /* first member */
	struct backend *all;
};

/* The options of each kind. Others have no effect. */
static const struct backend_row {
	const char *id, *type;
	const char *types; /* with a blank around each */
} backend_rows[] = {
	[BACKEND_NETDEV] = { "id", "type", " hubport user " },
	[BACKEND_NODE] = { "node-name", "driver", " file null-co raw " },
	[BACKEND_DRIVE] = { "id", "if", " none " },
	[BACKEND_OBJECT] = { "id", "qom-type", " memory-backend-ram rng-builtin " },
};

/* Set the text of an error that has none. Return err. */
static int backend_refuse(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int backend_refuse(struct papr_error *error, int err, const char *format, ...)
{
	va_list ap;

	if (error->text)
		return err;
	va_start(ap, format);
	if (vasprintf(&error->text, format, ap) < 0)
		error->text = NULL;
	va_end(ap);
	return err;
}

/* Drives and nodes have the same names. */
static enum backend_kind backend_kind_of(enum backend_kind kind)
{
	return kind == BACKEND_DRIVE ? BACKEND_NODE : kind;
}

static struct backend *backend_find(const struct host *host, enum backend_kind kind,
				    const char *id)
{
	struct backend *b = host->backends ? host->backends->all : NULL;

	while (b && (b->kind != backend_kind_of(kind) || strcmp(b->id, id)))
		b = b->next;
	return b;
}

static void backend_free(struct backend *b)
{
	free(b->device);
	free(b->id);
	free(b);
}

static void backend_release(struct backend *b)
{
	free(b->device);
	b->device = NULL;
	b->in_use = false;
}

static void backends_machine_event(struct host_listener *self,
				   const struct papr_event *event)
{
	struct backends *backends = (struct backends *)self;

	if (event->type != PAPR_EV_DEVICE_DELETED || !event->device)
		return;
	for (struct backend *b = backends->all; b; b = b->next)
		if (b->device && !strcmp(b->device, event->device))
			backend_release(b);
}

/* The host ends. */
static void backends_free(struct host_listener *self)
{
	struct backends *backends = (struct backends *)self;

	while (backends->all) {
		struct backend *b = backends->all;

		backends->all = b->next;
		backend_free(b);
	}
	free(backends);
}

/* Return the list, which is made when it is needed first. NULL: no memory. */
static struct backends *backends_of(struct host *host)
{
	if (host->backends)
		return host->backends;
	host->backends = calloc(1, sizeof(*host->backends));
	if (!host->backends)
		return NULL;
	host->backends->listener.event = backends_machine_event;
	host->backends->listener.ended = backends_free;
	host_listen(host, &host->backends->listener);
	return host->backends;
}

/* ---- Adding and removing ---------------------------------------------------------------- */

static int backend_check_type(const struct backend_row *row, const char *type,
			      struct papr_error *error)
{
	size_t len = type ? strlen(type) : 0;

	if (!type)
		return backend_refuse(error, -EINVAL, "Parameter '%s' is missing",
				      row->type);
	for (const char *at = len ? strstr(row->types, type) : NULL; at;
	     at = strstr(at + 1, type))
		if (at[-1] == ' ' && at[len] == ' ')
			return 0;
	return backend_refuse(error, -EINVAL, "Parameter '%s' does not accept value '%s'",
			      row->type, type);
}

static int backend_check_id(const struct host *host, enum backend_kind kind,
			    const char *id, struct papr_error *error)
{
	const char *name = backend_rows[kind].id;

	if (!id)
		return backend_refuse(error, -EINVAL, "Parameter '%s' is missing", name);
	if (!word_is_id(id))
		return backend_refuse(error, -EINVAL,
				      "Parameter '%s' expects an identifier", name);
	if (!backend_find(host, kind, id))
		return 0;
	return backend_refuse(error, -EEXIST,
			      kind == BACKEND_OBJECT
				      ? "attempt to add duplicate property '%s' to "
					"object (type 'container')"
				      : "Duplicate ID '%s'",
			      id);
}

/* Append a backend. Return -ENOMEM if that fails. */
static int backend_new(struct host *host, enum backend_kind kind, const char *id,
		       bool is_memory)
{
	struct backends *backends = backends_of(host);
	struct backend *b = backends ? calloc(1, sizeof(*b)) : NULL;

	if (!b)
		return -ENOMEM;
	*b = (struct backend){ .kind = backend_kind_of(kind),
			       .id = strdup(id),
			       .is_memory = is_memory,
			       .next = backends->all };
	if (!b->id) {
		backend_free(b);
		return -ENOMEM;
	}
	backends->all = b;
	return 0;
}

static void backend_remove(struct host *host, struct backend *b)
{
	struct backend **link = &host->backends->all;

	while (*link != b)
		link = &(*link)->next;
	*link = b->next;
	backend_free(b);
}

int backends_add(struct host *host, enum backend_kind kind, const struct keyval *kv,
		 struct papr_error *error)
{
	const struct backend_row *row = &backend_rows[kind];
	const char *id = keyval_get(kv, row->id), *type = keyval_get(kv, row->type);
	bool is_memory;
	int err = backend_check_type(row, type, error);

	if (!err)
		err = backend_check_id(host, kind, id, error);
	if (err)
		return err;
	is_memory = !strcmp(type, "memory-backend-ram");
	err = is_memory ? papr_vmm_object_add(host->vmm, kv->options, kv->n, error) : 0;
	if (err)
		return err;
	err = backend_new(host, kind, id, is_memory);
	if (err && is_memory)
		papr_vmm_object_del(host->vmm, id, NULL);
	return err;
}

int backends_del(struct host *host, enum backend_kind kind, const char *id,
		 struct papr_error *error)
{
	struct backend *b = backend_find(host, kind, id);
	int err = 0;

	if (!b && kind != BACKEND_OBJECT) {
		error->kind = PAPR_ERROR_DEVICE_NOT_FOUND;
		return backend_refuse(error, -ENOENT, "Device '%s' not found", id);
	}
	if (b && b->in_use)
		return backend_refuse(
			error, -EBUSY,
			kind == BACKEND_OBJECT
				? "object '%s' is in use, can not be deleted"
				: "'%s' is in use",
			id);
	/* An object that is not in the list may belong to a state that was loaded. */
	if (!b || b->is_memory)
		err = papr_vmm_object_del(host->vmm, id, error);
	if (!err && b)
		backend_remove(host, b);
	return err;
}

/* ---- Devices ---------------------------------------------------------------------------- */

/* Properties that refer to backends */
static const struct {
	const char *property;
	enum backend_kind kind;
} backend_references[] = { { "netdev", BACKEND_NETDEV },
			   { "drive", BACKEND_NODE },
			   { "rng", BACKEND_OBJECT } };

enum { N_REFERENCES = sizeof(backend_references) / sizeof(*backend_references) };

static int backend_resolve(const struct host *host, const char *driver, size_t n,
			   const char *id, struct backend **out, struct papr_error *error)
{
	const char *property = backend_references[n].property;

	*out = backend_find(host, backend_references[n].kind, id);
	if (!*out)
		return backend_refuse(error, -ENOENT,
				      "Property '%s.%s' can't find value '%s'", driver,
				      property, id);
	return (*out)->in_use
		       ? backend_refuse(error, -EBUSY,
					"Property '%s.%s' can't take value '%s', it's in "
					"use",
					driver, property, id)
		       : 0;
}

int backends_device_add(struct host *host, const struct keyval *options,
			struct papr_error *error)
{
	const char *driver = keyval_get(options, "driver"),
		   *device = keyval_get(options, "id");
	struct backend *found[N_REFERENCES] = { 0 };
	int err = 0;

	for (size_t i = 0; driver && !err && i < N_REFERENCES; i++) {
		const char *id = keyval_get(options, backend_references[i].property);

		if (id && *id)
			err = backend_resolve(host, driver, i, id, &found[i], error);
	}
	if (!err)
		err = papr_vmm_device_add(host->vmm, options->options, options->n, error);
	for (size_t i = 0; !err && i < N_REFERENCES; i++)
		if (found[i]) {
			found[i]->in_use = true;
			/* Without memory, it stays in use after its device. */
			found[i]->device = device ? strdup(device) : NULL;
		}
	return err;
}
