// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/backend_parts.h"

int backend_refuse(struct papr_error *error, int err, const char *format, ...)
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

int backend_no_memory(struct papr_error *error)
{
	return backend_refuse(error, -ENOMEM, "out of memory");
}

struct backend *backend_find(const struct host *host, enum backend_kind kind,
			     const char *id)
{
	struct backend *b = host->backends ? host->backends->all : NULL;

	while (b && (b->kind != kind || strcmp(b->id, id)))
		b = b->next;
	return b;
}

bool backend_is_empty(const struct backend *b)
{
	static const char *const names[] = { "file", "driver", "file.driver",
					     "file.filename" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!b->is_gone && keyval_get(&b->kv, names[i]))
			return false;
	return b->kind == BACKEND_DRIVE;
}

static void backend_use_drop(struct backend_use **link)
{
	struct backend_use *use = *link;

	*link = use->next;
	use->backend->users--;
	free(use->device);
	free(use);
}

static void backend_free(struct backend *b)
{
	if (!b)
		return;
	keyval_free(&b->kv);
	free(b->child);
	free(b->id);
	free(b);
}

static void backends_remove(struct backends *backends, struct backend *b)
{
	struct backend **link = &backends->all;

	while (*link != b)
		link = &(*link)->next;
	*link = b->next;
	backend_free(b);
}

/* A drive is removed with its device. */
static void backends_machine_event(struct host_listener *self,
				   const struct papr_event *event)
{
	struct backends *backends = (struct backends *)self;
	struct backend_use **link = &backends->uses;

	if (event->type != PAPR_EV_DEVICE_DELETED || !event->device)
		return;
	while (*link) {
		struct backend *b = (*link)->backend;

		if (!(*link)->device || strcmp((*link)->device, event->device)) {
			link = &(*link)->next;
			continue;
		}
		backend_use_drop(link);
		if (b->kind == BACKEND_DRIVE)
			backends_remove(backends, b);
	}
}

/* The host ends. */
static void backends_free(struct host_listener *self)
{
	struct backends *backends = (struct backends *)self;

	while (backends->uses)
		backend_use_drop(&backends->uses);
	while (backends->all) {
		struct backend *b = backends->all;

		backends->all = b->next;
		backend_free(b);
	}
	free(backends);
}

struct backends *backends_of(struct host *host)
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

struct backend *backend_new(enum backend_kind kind, const char *id,
			    const struct keyval *kv)
{
	struct backend *b = calloc(1, sizeof(*b));
	const char *child = kind == BACKEND_NODE ? backend_child(kv) : NULL;

	if (!b)
		return NULL;
	b->kind = kind;
	b->id = strdup(id);
	b->child = child ? strdup(child) : NULL;
	if (keyval_copy(&b->kv, kv) || !b->id || (child && !b->child)) {
		backend_free(b);
		return NULL;
	}
	return b;
}

void backends_append(struct backends *backends, struct backend *b)
{
	struct backend **link = &backends->all;

	while (*link)
		link = &(*link)->next;
	*link = b;
}

int backends_add(struct host *host, enum backend_kind kind, const struct keyval *kv,
		 struct papr_error *error)
{
	struct backends *backends = backends_of(host);
	const char *id = keyval_get(kv, kind == BACKEND_NODE ? "node-name" : "id");
	struct backend *b;
	int err;

	if (!id && kind == BACKEND_DRIVE)
		return backend_check_kind(host, kind, kv,
					  error); /* no device can refer to it */
	if (!backends)
		return backend_no_memory(error);
	err = backend_check_type(kind, kv, error);
	if (!err)
		err = backend_check_id(host, kind, id, error);
	b = err || !id ? NULL : backend_new(kind, id, kv);
	if (!err && id && !b)
		err = backend_no_memory(error);
	if (!err)
		err = backend_check_kind(host, kind, kv, error);
	if (err) {
		backend_free(b);
		return err;
	}
	if (kind == BACKEND_OBJECT && keyval_get(kv, "size"))
		word_size(keyval_get(kv, "size"), 1, &b->bytes);
	if (b->child)
		backend_find(host, BACKEND_NODE, b->child)->users++;
	backends_append(backends, b);
	return 0;
}

static int backend_refuse_unknown(enum backend_kind kind, const char *id,
				  struct papr_error *error)
{
	if (kind == BACKEND_NODE)
		return backend_refuse(error, -ENOENT,
				      "Failed to find node with node-name='%s'", id);
	error->class = PAPR_ERROR_DEVICE_NOT_FOUND;
	return backend_refuse(error, -ENOENT, "Device '%s' not found", id);
}

int backends_del(struct host *host, enum backend_kind kind, const char *id,
		 struct papr_error *error)
{
	struct backend *b = backend_find(host, kind, id);
	const char *type;
	int err = 0;

	if (!b && kind == BACKEND_OBJECT) /* maybe of a state that was loaded */
		return papr_vmm_object_del(host->vmm, id, error);
	if (!b)
		return backend_refuse_unknown(kind, id, error);
	/* QEMU removes a network below a card: the card has none then. */
	if (kind == BACKEND_NODE && b->users)
		return backend_refuse(error, -EBUSY, "Node %s is in use", id);
	if (kind == BACKEND_OBJECT && b->users)
		return backend_refuse(error, -EBUSY,
				      "object '%s' is in use, can not be deleted", id);
	type = keyval_get(&b->kv, "qom-type");
	if (kind == BACKEND_OBJECT && backend_is_memory(type))
		err = papr_vmm_object_del(host->vmm, id, error);
	if (err)
		return err;
	for (struct backend_use **use = &host->backends->uses; *use;)
		if ((*use)->backend == b)
			backend_use_drop(use);
		else
			use = &(*use)->next;
	if (b->child)
		backend_find(host, BACKEND_NODE, b->child)->users--;
	backends_remove(host->backends, b);
	return 0;
}

int backends_drive_del(struct host *host, const char *id, struct papr_error *error)
{
	struct backend *b = backend_find(host, BACKEND_DRIVE, id);

	if (!b && backend_find(host, BACKEND_NODE, id))
		return backends_del(host, BACKEND_NODE, id, error);
	if (!b)
		return backend_refuse_unknown(BACKEND_DRIVE, id, error);
	if (b->users) { /* its device stays, without a medium */
		b->is_gone = true;
		*b->id = '\0';
	} else {
		backends_remove(host->backends, b);
	}
	return 0;
}

int backends_use_memory(struct host *host, const char *id, struct papr_error *error)
{
	struct backend *b = backend_find(host, BACKEND_OBJECT, id);
	const char *type = b ? keyval_get(&b->kv, "qom-type") : NULL;

	if (!b || !backend_is_memory(type))
		return backend_refuse(error, -ENOENT, "Memory backend '%s' not found",
				      id);
	if (b->bytes != host->options.config.ram_bytes)
		return backend_refuse(
			error, -EINVAL,
			"Machine memory size does not match the size of the memory "
			"backend");
	b->users++;
	return 0;
}

int backends_info(const struct host *host, size_t n, struct backend_info *out)
{
	const struct backend *b = host->backends ? host->backends->all : NULL;
	const struct backend_use *user;

	while (b && n--)
		b = b->next;
	if (!b)
		return 0;
	*out = (struct backend_info){
		.kind = b->kind, .id = b->id, .bytes = b->bytes, .options = &b->kv
	};
	out->type = keyval_get(&b->kv, b->kind == BACKEND_NETDEV  ? "type"
				       : b->kind == BACKEND_NODE  ? "driver"
				       : b->kind == BACKEND_DRIVE ? "format"
								  : "qom-type");
	out->file = keyval_get(&b->kv, b->kind == BACKEND_DRIVE ? "file" : "filename");
	if (!out->file)
		out->file = keyval_get(&b->kv, "file.filename");
	out->is_empty = backend_is_empty(b);
	out->is_gone = b->is_gone;
	for (user = host->backends->uses; user; user = user->next)
		if (user->backend == b) {
			out->user = user->device ? user->device : "";
			out->is_cdrom = user->is_cdrom;
		}
	return 1;
}
