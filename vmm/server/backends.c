// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/server/backends.h"

struct backend_entry {
	struct backend_entry *next;
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
	struct backend_entry *backend;
};

struct backends {
	struct host_listener listener; /* first member */
	struct backend_entry *all;
	struct backend_use *uses;
};

/* ---- Errors and options ----------------------------------------------------------------- */

static int refuse(struct papr_error *error, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static int refuse(struct papr_error *error, int err, const char *format, ...)
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

static int refuse_memory(struct papr_error *error)
{
	return refuse(error, -ENOMEM, "out of memory");
}

static const char *option(const struct papr_option *options, size_t n, const char *name)
{
	while (n--)
		if (!strcmp(options[n].name, name))
			return options[n].value;
	return NULL;
}

/* Return true if the word is in the list, which has blanks around each word. */
static bool is_word(const char *list, const char *word)
{
	size_t len = strlen(word);

	for (const char *at = len ? strstr(list, word) : NULL; at;
	     at = strstr(at + 1, word))
		if (at[-1] == ' ' && at[len] == ' ')
			return true;
	return false;
}

static int check_word(const char *name, const char *value, const char *list,
		      struct papr_error *error)
{
	if (!value)
		return refuse(error, -EINVAL, "Parameter '%s' is missing", name);
	return is_word(list, value)
		       ? 0
		       : refuse(error, -EINVAL,
				"Parameter '%s' does not accept value '%s'", name, value);
}

/* Check that the file can be opened; its content does not matter. */
static int check_file(const char *path, struct papr_error *error)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return refuse(error, -errno, "Could not open '%s': %s", path,
			      strerror(errno));
	close(fd);
	return 0;
}

/* ---- Kinds ------------------------------------------------------------------------------ */

static struct backend_entry *find(const struct host *host, enum backend_kind kind,
				  const char *id)
{
	struct backend_entry *b = host->backends ? host->backends->all : NULL;

	while (b && (b->kind != kind || strcmp(b->id, id)))
		b = b->next;
	return b;
}

/* Names of block drivers, of nodes and formats */
static const char node_drivers[] =
	" blkdebug bochs cloop copy-on-read dmg file host_cdrom host_device luks nbd "
	"null-aio null-co parallels qcow qcow2 qed raw throttle vdi vhdx vmdk vpc ";

const char *backends_formats(void)
{
	return node_drivers;
}

static int check_object_type(const char *name, struct papr_error *error)
{
	for (const struct backend_type *type = backend_types; name && type->name; type++)
		if (!strcmp(type->name, name))
			return 0;
	return check_word("qom-type", name, " ", error);
}

static int check_type(enum backend_kind kind, const struct keyval *kv,
		      struct papr_error *error)
{
	switch (kind) {
	case BACKEND_NETDEV:
		return check_word("type", keyval_get(kv, "type"),
				  " bridge dgram hubport l2tpv3 socket stream tap user "
				  "vde vhost-user vhost-vdpa ",
				  error);
	case BACKEND_NODE:
		return check_word("driver", keyval_get(kv, "driver"), node_drivers,
				  error);
	case BACKEND_OBJECT:
		return check_object_type(keyval_get(kv, "qom-type"), error);
	case BACKEND_AUDIO:
	case BACKEND_DRIVE:
		break;
	}
	return 0;
}

/* Check the file of a driver that has one. */
static int check_node_file(const char *driver, const char *file, struct papr_error *error)
{
	if (!is_word(" file host_cdrom host_device ", driver))
		return 0;
	return file ? check_file(file, error)
		    : refuse(error, -EINVAL, "Parameter 'filename' is missing");
}

/* Check a node that is described in the node above it. It gets no name. */
static int check_inner_node(const struct keyval *kv, const char *name,
			    struct papr_error *error)
{
	char driver[32], file[32];
	int err;

	snprintf(driver, sizeof(driver), "%s.driver", name);
	snprintf(file, sizeof(file), "%s.filename", name);
	if (!keyval_get(kv, driver))
		return 0;
	err = check_word("driver", keyval_get(kv, driver), node_drivers, error);
	return err ? err
		   : check_node_file(keyval_get(kv, driver), keyval_get(kv, file), error);
}

/* Return the name of the node below, or NULL. */
static const char *child_of(const struct keyval *kv)
{
	const char *file = keyval_get(kv, "file");

	return file ? file : keyval_get(kv, "image"); /* of "blkdebug" */
}

static int check_node(const struct host *host, const struct keyval *kv,
		      struct papr_error *error)
{
	const char *driver = keyval_get(kv, "driver"), *child = child_of(kv);
	int err = 0;

	if (!keyval_get(kv, "node-name"))
		err = refuse(error, -EINVAL,
			     "'node-name' must be specified for the root node");
	if (!err)
		err = check_node_file(driver, keyval_get(kv, "filename"), error);
	if (!err)
		err = check_inner_node(kv, "file", error);
	if (!err)
		err = check_inner_node(kv, "image", error);
	if (!err && child && !find(host, BACKEND_NODE, child))
		err = refuse(error, -ENOENT, "Cannot find device='' nor node-name='%s'",
			     child);
	return err;
}

static int check_drive(const struct keyval *kv, struct papr_error *error)
{
	const char *bus = keyval_get(kv, "if"), *file = keyval_get(kv, "file");
	const char *format = keyval_get(kv, "format");

	if (bus && !is_word(" floppy ide mtd none pflash scsi sd virtio xen ", bus))
		return refuse(error, -EINVAL, "unsupported bus type '%s'", bus);
	if (format && !is_word(node_drivers, format))
		return refuse(error, -EINVAL, "Unknown driver '%s'", format);
	/* Others have a protocol: "nbd:...". */
	return file && *file && !strchr(file, ':') ? check_file(file, error) : 0;
}

static int check_secret(const struct keyval *kv, struct papr_error *error)
{
	const char *data = keyval_get(kv, "data"), *file = keyval_get(kv, "file");

	if (!data && !file)
		return refuse(error, -EINVAL, "Either 'file' or 'data' must be provided");
	if (data && file)
		return refuse(error, -EINVAL, "'file' and 'data' are mutually exclusive");
	return file ? check_file(file, error) : 0;
}

static bool is_memory(const char *type)
{
	return is_word(" memory-backend-file memory-backend-memfd memory-backend-ram ",
		       type);
}

/* The machine's library has one type of memory. Add the object there. */
static int add_memory(struct host *host, const struct keyval *kv,
		      struct papr_error *error)
{
	const char *type = keyval_get(kv, "qom-type"), *size = keyval_get(kv, "size");
	const struct papr_option plain[] = { { "qom-type", "memory-backend-ram" },
					     { "id", keyval_get(kv, "id") },
					     { "size", size } };

	if (!strcmp(type, "memory-backend-ram"))
		return papr_vmm_object_add(host->vmm, kv->options, kv->n, error);
	if (!size)
		return refuse(error, -EINVAL, "Parameter 'size' is missing");
	if (!strcmp(type, "memory-backend-file") && !keyval_get(kv, "mem-path"))
		return refuse(error, -EINVAL, "Parameter 'mem-path' is missing");
	return papr_vmm_object_add(host->vmm, plain, 3, error);
}

static int check_object(struct host *host, const struct keyval *kv,
			struct papr_error *error)
{
	const char *type = keyval_get(kv, "qom-type");
	const char *file = keyval_get(kv, "filename");

	if (!strcmp(type, "secret"))
		return check_secret(kv, error);
	if (!strcmp(type, "rng-random"))
		return check_file(file ? file : "/dev/urandom", error);
	return is_memory(type) ? add_memory(host, kv, error) : 0;
}

/* ---- Adding and removing ---------------------------------------------------------------- */

static void drop_use(struct backend_use **link)
{
	struct backend_use *use = *link;

	*link = use->next;
	use->backend->users--;
	free(use->device);
	free(use);
}

static void entry_free(struct backend_entry *b)
{
	if (!b)
		return;
	keyval_free(&b->kv);
	free(b->child);
	free(b->id);
	free(b);
}

static void entry_remove(struct backends *backends, struct backend_entry *b)
{
	struct backend_entry **link = &backends->all;

	while (*link != b)
		link = &(*link)->next;
	*link = b->next;
	entry_free(b);
}

/* A drive is removed with its device. */
static void machine_event(struct host_listener *self, const struct papr_event *event)
{
	struct backends *backends = (struct backends *)self;
	struct backend_use **link = &backends->uses;

	if (event->type != PAPR_EV_DEVICE_DELETED || !event->device)
		return;
	while (*link) {
		struct backend_entry *b = (*link)->backend;

		if (!(*link)->device || strcmp((*link)->device, event->device)) {
			link = &(*link)->next;
			continue;
		}
		drop_use(link);
		if (b->kind == BACKEND_DRIVE)
			entry_remove(backends, b);
	}
}

static struct backends *backends_of(struct host *host)
{
	if (host->backends)
		return host->backends;
	host->backends = calloc(1, sizeof(*host->backends));
	if (!host->backends)
		return NULL;
	host->backends->listener.event = machine_event;
	host_listen(host, &host->backends->listener);
	return host->backends;
}

static int keyval_copy(struct keyval *to, const struct keyval *from)
{
	size_t bytes = 1;
	char *at;

	for (size_t i = 0; i < from->n; i++)
		bytes += strlen(from->options[i].name) + strlen(from->options[i].value) +
			 2;
	*to = (struct keyval){ .text = malloc(bytes) };
	to->options = calloc(from->n + 1, sizeof(*to->options));
	if (!to->text || !to->options)
		return -ENOMEM;
	at = to->text;
	for (; to->n < from->n; to->n++) {
		const struct papr_option *o = &from->options[to->n];

		to->options[to->n].name = at;
		at = stpcpy(at, o->name) + 1;
		to->options[to->n].value = at;
		at = stpcpy(at, o->value) + 1;
	}
	return 0;
}

/* Make the entry, which is not in the list yet. */
static struct backend_entry *entry_new(enum backend_kind kind, const char *id,
				       const struct keyval *kv)
{
	struct backend_entry *b = calloc(1, sizeof(*b));
	const char *child = kind == BACKEND_NODE ? child_of(kv) : NULL;

	if (!b)
		return NULL;
	b->kind = kind;
	b->id = strdup(id);
	b->child = child ? strdup(child) : NULL;
	if (keyval_copy(&b->kv, kv) || !b->id || (child && !b->child)) {
		entry_free(b);
		return NULL;
	}
	return b;
}

static void entry_append(struct backends *backends, struct backend_entry *b)
{
	struct backend_entry **link = &backends->all;

	while (*link)
		link = &(*link)->next;
	*link = b;
}

static int check_id(struct host *host, enum backend_kind kind, const char *id,
		    struct papr_error *error)
{
	if (!id && kind == BACKEND_NODE)
		return 0; /* check_node() reports it */
	if (!id)
		return refuse(error, -EINVAL, "Parameter 'id' is missing");
	if (!find(host, kind, id))
		return 0;
	if (kind == BACKEND_NODE)
		return refuse(error, -EEXIST, "Duplicate nodes with node-name='%s'", id);
	if (kind == BACKEND_OBJECT)
		return refuse(error, -EEXIST,
			      "attempt to add duplicate property '%s' to object (type "
			      "'container')",
			      id);
	return refuse(error, -EEXIST, "Duplicate ID '%s'%s", id,
		      kind == BACKEND_DRIVE ? " for drive" : "");
}

static int check_kind(struct host *host, enum backend_kind kind, const struct keyval *kv,
		      struct papr_error *error)
{
	switch (kind) {
	case BACKEND_AUDIO:
	case BACKEND_NETDEV:
		return 0;
	case BACKEND_NODE:
		return check_node(host, kv, error);
	case BACKEND_DRIVE:
		return check_drive(kv, error);
	case BACKEND_OBJECT:
		break;
	}
	return check_object(host, kv, error);
}

int backends_add(struct host *host, enum backend_kind kind, const struct keyval *kv,
		 struct papr_error *error)
{
	struct backends *backends = backends_of(host);
	const char *id = keyval_get(kv, kind == BACKEND_NODE ? "node-name" : "id");
	struct backend_entry *b;
	int err;

	if (!id && kind == BACKEND_DRIVE)
		return check_drive(kv, error); /* no device can refer to it */
	if (!backends)
		return refuse_memory(error);
	err = check_type(kind, kv, error);
	if (!err)
		err = check_id(host, kind, id, error);
	b = err || !id ? NULL : entry_new(kind, id, kv);
	if (!err && id && !b)
		err = refuse_memory(error);
	if (!err)
		err = check_kind(host, kind, kv, error);
	if (err) {
		entry_free(b);
		return err;
	}
	if (kind == BACKEND_OBJECT && keyval_get(kv, "size"))
		word_size(keyval_get(kv, "size"), 1, &b->bytes);
	if (b->child)
		find(host, BACKEND_NODE, b->child)->users++;
	entry_append(backends, b);
	return 0;
}

static int refuse_unknown(enum backend_kind kind, const char *id,
			  struct papr_error *error)
{
	if (kind == BACKEND_NODE)
		return refuse(error, -ENOENT, "Failed to find node with node-name='%s'",
			      id);
	error->class = PAPR_ERROR_DEVICE_NOT_FOUND;
	return refuse(error, -ENOENT, "Device '%s' not found", id);
}

int backends_del(struct host *host, enum backend_kind kind, const char *id,
		 struct papr_error *error)
{
	struct backend_entry *b = find(host, kind, id);
	const char *type;
	int err = 0;

	if (!b && kind == BACKEND_OBJECT) /* maybe of a state that was loaded */
		return papr_vmm_object_del(host->vmm, id, error);
	if (!b)
		return refuse_unknown(kind, id, error);
	/* QEMU removes a network below a card: the card has none then. */
	if (kind == BACKEND_NODE && b->users)
		return refuse(error, -EBUSY, "Node %s is in use", id);
	if (kind == BACKEND_OBJECT && b->users)
		return refuse(error, -EBUSY, "object '%s' is in use, can not be deleted",
			      id);
	type = keyval_get(&b->kv, "qom-type");
	if (kind == BACKEND_OBJECT && is_memory(type))
		err = papr_vmm_object_del(host->vmm, id, error);
	if (err)
		return err;
	for (struct backend_use **use = &host->backends->uses; *use;)
		if ((*use)->backend == b)
			drop_use(use);
		else
			use = &(*use)->next;
	if (b->child)
		find(host, BACKEND_NODE, b->child)->users--;
	entry_remove(host->backends, b);
	return 0;
}

int backends_drive_del(struct host *host, const char *id, struct papr_error *error)
{
	struct backend_entry *b = find(host, BACKEND_DRIVE, id);

	if (!b && find(host, BACKEND_NODE, id))
		return backends_del(host, BACKEND_NODE, id, error);
	if (!b)
		return refuse_unknown(BACKEND_DRIVE, id, error);
	if (b->users) { /* its device stays, without a medium */
		b->is_gone = true;
		*b->id = '\0';
	} else {
		entry_remove(host->backends, b);
	}
	return 0;
}

void backends_free(struct host *host)
{
	struct backends *backends = host->backends;

	if (!backends)
		return;
	host_unlisten(host, &backends->listener);
	while (backends->uses)
		drop_use(&backends->uses);
	while (backends->all) {
		struct backend_entry *b = backends->all;

		backends->all = b->next;
		entry_free(b);
	}
	free(backends);
	host->backends = NULL;
}

/* ---- Devices ---------------------------------------------------------------------------- */

static bool has_property(const struct host *host, const char *driver, const char *name)
{
	struct papr_property_info info = { .size = sizeof(info) };

	for (size_t n = 0;
	     papr_vmm_property_info(host->options.config.machine, driver, n, &info) > 0;
	     n++)
		if (!strcmp(info.name, name))
			return true;
	return false;
}

/* Write the name of the part of the device that has the property. */
static void name_part(const char *driver, char *out, size_t size)
{
	size_t len = strcspn(driver, "-");

	if (!strncmp(driver, "virtio-", 7)) {
		len = 7 + strcspn(driver + 7, "-");
		snprintf(out, size, "%.*s-device", (int)len, driver);
	} else {
		snprintf(out, size, "%s", driver);
	}
}

/* Return true if the drive has no medium. */
static bool is_empty(const struct backend_entry *b)
{
	static const char *const names[] = { "file", "driver", "file.driver",
					     "file.filename" };

	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (!b->is_gone && keyval_get(&b->kv, names[i]))
			return false;
	return b->kind == BACKEND_DRIVE;
}

static int check_medium(const struct backend_entry *b, const char *driver,
			struct papr_error *error)
{
	if (b->kind == BACKEND_DRIVE && b->users)
		return refuse(error, -EBUSY,
			      "Drive '%s' is already in use by another device", b->id);
	return is_empty(b) && strcmp(driver, "scsi-cd")
		       ? refuse(error, -ENOMEDIUM,
				"Device needs media, but drive is empty")
		       : 0;
}

static int refuse_reference(const char *driver, const char *name, const char *value,
			    bool in_use, struct papr_error *error)
{
	char part[64];

	name_part(driver, part, sizeof(part));
	if (in_use)
		return refuse(error, -EBUSY,
			      "Property '%s.%s' can't take value '%s', it's in use", part,
			      name, value);
	return refuse(error, -ENOENT, "Property '%s.%s' can't find value '%s'", part,
		      name, value);
}

/* Find what a property of a device refers to. *out receives NULL if it refers to nothing
 * that is known here. */
static int resolve(const struct host *host, const char *driver, const char *name,
		   const char *value, struct backend_entry **out,
		   struct papr_error *error)
{
	*out = NULL;
	if (!strcmp(name, "netdev")) {
		*out = find(host, BACKEND_NETDEV, value);
		if (*out && (*out)->users)
			return refuse_reference(driver, name, value, true, error);
	} else if (!strcmp(name, "drive")) {
		*out = find(host, BACKEND_NODE, value);
		if (!*out)
			*out = find(host, BACKEND_DRIVE, value);
		if (*out)
			return check_medium(*out, driver, error);
	} else if (!strcmp(name, "iothread") || !strcmp(name, "rng")) {
		*out = find(host, BACKEND_OBJECT, value);
		if (*out)
			return 0;
		error->class = PAPR_ERROR_DEVICE_NOT_FOUND;
		return refuse(error, -ENOENT, "Device '%s' not found", value);
	} else if (!strcmp(name, "audiodev")) {
		*out = find(host, BACKEND_AUDIO, value);
	} else {
		return 0;
	}
	return *out ? 0 : refuse_reference(driver, name, value, false, error);
}

static int use(struct host *host, struct backend_entry *b, const char *driver,
	       const char *device)
{
	struct backend_use *new = calloc(1, sizeof(*new));

	if (!new)
		return -ENOMEM;
	new->backend = b;
	new->is_cdrom = !strcmp(driver, "scsi-cd");
	new->device = device ? strdup(device) : NULL;
	if (device && !new->device) {
		free(new);
		return -ENOMEM;
	}
	new->next = host->backends->uses;
	host->backends->uses = new;
	b->users++;
	return 0;
}

/* A CD drive without a medium is listed with the disks. */
static int use_no_drive(struct host *host, const char *device)
{
	static const struct keyval nothing = { 0 };
	struct backends *backends = backends_of(host);
	struct backend_entry *b =
		backends ? entry_new(BACKEND_DRIVE, "", &nothing) : NULL;

	if (!b)
		return -ENOMEM;
	entry_append(backends, b);
	return use(host, b, "scsi-cd", device);
}

/* Add the device. A card for sound may leave its driver to -audio. */
static int add_device(struct host *host, const char *driver,
		      const struct papr_option *options, size_t n,
		      struct papr_error *error)
{
	struct papr_option *more;
	int err;

	if (!driver || !host->options.default_audio || option(options, n, "audiodev") ||
	    !has_property(host, driver, "audiodev"))
		return papr_vmm_device_add(host->vmm, options, n, error);
	more = calloc(n + 1, sizeof(*more));
	if (!more)
		return refuse_memory(error);
	memcpy(more, options, n * sizeof(*more));
	more[n] = (struct papr_option){ "audiodev", "none" };
	err = papr_vmm_device_add(host->vmm, more, n + 1, error);
	free(more);
	return err;
}

int backends_device_add(struct host *host, const struct papr_option *options, size_t n,
			struct papr_error *error)
{
	static const char *const names[] = { "netdev", "drive", "iothread", "rng",
					     "audiodev" };
	enum { N = sizeof(names) / sizeof(*names) };
	const char *driver = option(options, n, "driver"), *id = option(options, n, "id");
	struct backend_entry *found[N] = { 0 };
	int err = 0;

	for (size_t i = 0; driver && !err && i < N; i++) {
		const char *value = option(options, n, names[i]);

		if (value && *value && has_property(host, driver, names[i]))
			err = resolve(host, driver, names[i], value, &found[i], error);
	}
	if (!err)
		err = add_device(host, driver, options, n, error);
	for (size_t i = 0; !err && i < N; i++)
		if (found[i] && use(host, found[i], driver, id))
			return 0; /* without memory, it only can be removed too early */
	if (!err && id && !strcmp(driver, "scsi-cd") && !option(options, n, "drive"))
		use_no_drive(host, id);
	return err;
}

int backends_use_memory(struct host *host, const char *id, struct papr_error *error)
{
	struct backend_entry *b = find(host, BACKEND_OBJECT, id);
	const char *type = b ? keyval_get(&b->kv, "qom-type") : NULL;

	if (!b || !is_memory(type))
		return refuse(error, -ENOENT, "Memory backend '%s' not found", id);
	if (b->bytes != host->options.config.ram_bytes)
		return refuse(error, -EINVAL,
			      "Machine memory size does not match the size of the memory "
			      "backend");
	b->users++;
	return 0;
}

int backends_info(const struct host *host, size_t n, struct backend_info *out)
{
	const struct backend_entry *b = host->backends ? host->backends->all : NULL;
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
	out->is_empty = is_empty(b);
	out->is_gone = b->is_gone;
	for (user = host->backends->uses; user; user = user->next)
		if (user->backend == b) {
			out->user = user->device ? user->device : "";
			out->is_cdrom = user->is_cdrom;
		}
	return 1;
}
