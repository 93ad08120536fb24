// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "vmm/server/backend_parts.h"

/* Return true if the word is in the list, which has blanks around each word. */
static bool backend_is_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = len ? strstr(list, word) : NULL; at;
	     at = strstr(at + 1, word))
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

static int backend_check_word(const char *name, const char *value, const char *list,
			      struct papr_error *error)
{
	if (!value)
		return backend_refuse(error, -EINVAL, "Parameter '%s' is missing", name);
	return backend_is_word(list, value)
		       ? 0
		       : backend_refuse(error, -EINVAL,
					"Parameter '%s' does not accept value '%s'", name,
					value);
}

/* Check that the file can be opened; its content does not matter. */
static int backend_check_file(const char *path, struct papr_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return backend_refuse(error, -errno, "Could not open '%s': %s", path,
				      strerror(errno));
	close(fd);
	return 0;
}

/* Names of block drivers, of nodes and formats */
static const char backend_formats[] =
	" blkdebug bochs cloop copy-on-read dmg file host_cdrom host_device luks nbd "
	"null-aio null-co parallels qcow qcow2 qed raw throttle vdi vhdx vmdk vpc ";

const char *backends_formats(void)
{
	return backend_formats;
}

static int backend_check_object_type(const char *name, struct papr_error *error)
{
	for (const struct backend_type *type = backend_types; name && type->name; type++)
		if (!strcmp(type->name, name))
			return 0;
	return backend_check_word("qom-type", name, " ", error);
}

int backend_check_type(enum backend_kind kind, const struct keyval *kv,
		       struct papr_error *error)
{
	switch (kind) {
	case BACKEND_NETDEV:
		return backend_check_word(
			"type", keyval_get(kv, "type"),
			" bridge hubport l2tpv3 tap user vde vhost-user "
			"vhost-vdpa ",
			error);
	case BACKEND_NODE:
		return backend_check_word("driver", keyval_get(kv, "driver"),
					  backend_formats, error);
	case BACKEND_OBJECT:
		return backend_check_object_type(keyval_get(kv, "qom-type"), error);
	case BACKEND_AUDIO:
	case BACKEND_DRIVE:
		break;
	}
	return 0;
}

/* Check the file of a driver that has one. */
static int backend_check_node_file(const char *driver, const char *file,
				   struct papr_error *error)
{
	if (!backend_is_word(" file host_cdrom host_device ", driver))
		return 0;
	return file ? backend_check_file(file, error)
		    : backend_refuse(error, -EINVAL, "Parameter 'filename' is missing");
}

/* Check a node that is described in the node above it. It gets no name. */
static int backend_check_inner_node(const struct keyval *kv, const char *name,
				    struct papr_error *error)
{
	char driver[32], file[32];
	int err;

	snprintf(driver, sizeof(driver), "%s.driver", name);
	snprintf(file, sizeof(file), "%s.filename", name);
	if (!keyval_get(kv, driver))
		return 0;
	err = backend_check_word("driver", keyval_get(kv, driver), backend_formats,
				 error);
	return err ? err
		   : backend_check_node_file(keyval_get(kv, driver), keyval_get(kv, file),
					     error);
}

const char *backend_child(const struct keyval *kv)
{
	const char *file = keyval_get(kv, "file");

	return file ? file : keyval_get(kv, "image"); /* of "blkdebug" */
}

static int backend_check_node(const struct host *host, const struct keyval *kv,
			      struct papr_error *error)
{
	const char *driver = keyval_get(kv, "driver"), *child = backend_child(kv);
	int err = 0;

	if (!keyval_get(kv, "node-name"))
		err = backend_refuse(error, -EINVAL,
				     "'node-name' must be specified for the root node");
	if (!err)
		err = backend_check_node_file(driver, keyval_get(kv, "filename"), error);
	if (!err)
		err = backend_check_inner_node(kv, "file", error);
	if (!err)
		err = backend_check_inner_node(kv, "image", error);
	if (!err && child && !backend_find(host, BACKEND_NODE, child))
		err = backend_refuse(error, -ENOENT,
				     "Cannot find device='' nor node-name='%s'", child);
	return err;
}

static int backend_check_drive(const struct keyval *kv, struct papr_error *error)
{
	const char *bus = keyval_get(kv, "if"), *file = keyval_get(kv, "file");
	const char *format = keyval_get(kv, "format");

	if (bus &&
	    !backend_is_word(" floppy ide mtd none pflash scsi sd virtio xen ", bus))
		return backend_refuse(error, -EINVAL, "unsupported bus type '%s'", bus);
	if (format && !backend_is_word(backend_formats, format))
		return backend_refuse(error, -EINVAL, "Unknown driver '%s'", format);
	/* Others have a protocol: "nbd:...". */
	return file && *file && !strchr(file, ':') ? backend_check_file(file, error) : 0;
}

static int backend_check_secret(const struct keyval *kv, struct papr_error *error)
{
	const char *data = keyval_get(kv, "data"), *file = keyval_get(kv, "file");

	if (!data && !file)
		return backend_refuse(error, -EINVAL,
				      "Either 'file' or 'data' must be provided");
	if (data && file)
		return backend_refuse(error, -EINVAL,
				      "'file' and 'data' are mutually exclusive");
	return file ? backend_check_file(file, error) : 0;
}

bool backend_is_memory(const char *type)
{
	return backend_is_word(
		" memory-backend-file memory-backend-memfd memory-backend-ram ", type);
}

/* The machine's library has one type of memory. Add the object there. */
static int backend_add_memory(struct host *host, const struct keyval *kv,
			      struct papr_error *error)
{
	const char *type = keyval_get(kv, "qom-type"), *size = keyval_get(kv, "size");
	const struct papr_option plain[] = { { "qom-type", "memory-backend-ram" },
					     { "id", keyval_get(kv, "id") },
					     { "size", size } };

	if (!strcmp(type, "memory-backend-ram"))
		return papr_vmm_object_add(host->vmm, kv->options, kv->n, error);
	if (!size)
		return backend_refuse(error, -EINVAL, "Parameter 'size' is missing");
	if (!strcmp(type, "memory-backend-file") && !keyval_get(kv, "mem-path"))
		return backend_refuse(error, -EINVAL, "Parameter 'mem-path' is missing");
	return papr_vmm_object_add(host->vmm, plain, 3, error);
}

static int backend_check_object(struct host *host, const struct keyval *kv,
				struct papr_error *error)
{
	const char *type = keyval_get(kv, "qom-type");
	const char *file = keyval_get(kv, "filename");

	if (!strcmp(type, "secret"))
		return backend_check_secret(kv, error);
	if (!strcmp(type, "rng-random"))
		return backend_check_file(file ? file : "/dev/urandom", error);
	return backend_is_memory(type) ? backend_add_memory(host, kv, error) : 0;
}

int backend_check_id(const struct host *host, enum backend_kind kind, const char *id,
		     struct papr_error *error)
{
	if (!id && kind == BACKEND_NODE)
		return 0; /* backend_check_node() reports it */
	if (!id)
		return backend_refuse(error, -EINVAL, "Parameter 'id' is missing");
	if (!backend_find(host, kind, id))
		return 0;
	if (kind == BACKEND_NODE)
		return backend_refuse(error, -EEXIST,
				      "Duplicate nodes with node-name='%s'", id);
	if (kind == BACKEND_OBJECT)
		return backend_refuse(
			error, -EEXIST,
			"attempt to add duplicate property '%s' to object (type "
			"'container')",
			id);
	return backend_refuse(error, -EEXIST, "Duplicate ID '%s'%s", id,
			      kind == BACKEND_DRIVE ? " for drive" : "");
}

int backend_check_kind(struct host *host, enum backend_kind kind, const struct keyval *kv,
		       struct papr_error *error)
{
	switch (kind) {
	case BACKEND_AUDIO:
	case BACKEND_NETDEV:
		return 0;
	case BACKEND_NODE:
		return backend_check_node(host, kv, error);
	case BACKEND_DRIVE:
		return backend_check_drive(kv, error);
	case BACKEND_OBJECT:
		break;
	}
	return backend_check_object(host, kv, error);
}
