// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/backend_parts.h"

static bool backend_device_has(const struct host *host, const char *driver,
			       const char *name)
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
static void backend_part_name(const char *driver, char *out, size_t size)
{
	size_t len = strcspn(driver, "-");

	if (!strncmp(driver, "virtio-", 7)) {
		len = 7 + strcspn(driver + 7, "-");
		snprintf(out, size, "%.*s-device", (int)len, driver);
	} else {
		snprintf(out, size, "%s", driver);
	}
}

static int backend_check_medium(const struct backend *b, const char *driver,
				struct papr_error *error)
{
	if (b->kind == BACKEND_DRIVE && b->users)
		return backend_refuse(error, -EBUSY,
				      "Drive '%s' is already in use by another device",
				      b->id);
	return backend_is_empty(b) && strcmp(driver, "scsi-cd")
		       ? backend_refuse(error, -ENOMEDIUM,
					"Device needs media, but drive is empty")
		       : 0;
}

static int backend_refuse_reference(const char *driver, const char *name,
				    const char *value, bool in_use,
				    struct papr_error *error)
{
	char part[64];

	backend_part_name(driver, part, sizeof(part));
	if (in_use)
		return backend_refuse(
			error, -EBUSY,
			"Property '%s.%s' can't take value '%s', it's in use", part, name,
			value);
	return backend_refuse(error, -ENOENT, "Property '%s.%s' can't find value '%s'",
			      part, name, value);
}

/* Find what a property of a device refers to. *out receives NULL if it refers to nothing
 * that is known here. */
static int backend_resolve(const struct host *host, const char *driver, const char *name,
			   const char *value, struct backend **out,
			   struct papr_error *error)
{
	*out = NULL;
	if (!strcmp(name, "netdev")) {
		*out = backend_find(host, BACKEND_NETDEV, value);
		if (*out && (*out)->users)
			return backend_refuse_reference(driver, name, value, true, error);
	} else if (!strcmp(name, "drive")) {
		*out = backend_find(host, BACKEND_NODE, value);
		if (!*out)
			*out = backend_find(host, BACKEND_DRIVE, value);
		if (*out)
			return backend_check_medium(*out, driver, error);
	} else if (!strcmp(name, "iothread") || !strcmp(name, "rng")) {
		*out = backend_find(host, BACKEND_OBJECT, value);
		if (*out)
			return 0;
		error->class = PAPR_ERROR_DEVICE_NOT_FOUND;
		return backend_refuse(error, -ENOENT, "Device '%s' not found", value);
	} else if (!strcmp(name, "audiodev")) {
		*out = backend_find(host, BACKEND_AUDIO, value);
	} else {
		return 0;
	}
	return *out ? 0 : backend_refuse_reference(driver, name, value, false, error);
}

static int backend_use_new(struct host *host, struct backend *b, const char *driver,
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
static int backend_use_no_drive(struct host *host, const char *device)
{
	static const struct keyval nothing = { 0 };
	struct backends *backends = backends_of(host);
	struct backend *b = backends ? backend_new(BACKEND_DRIVE, "", &nothing) : NULL;

	if (!b)
		return -ENOMEM;
	backends_append(backends, b);
	return backend_use_new(host, b, "scsi-cd", device);
}

/* Add the device. A card for sound may leave its driver to -audio. */
static int backends_add_device(struct host *host, const char *driver,
			       const struct keyval *options, struct papr_error *error)
{
	struct papr_option *more;
	int err;

	if (!driver || !host->options.default_audio || keyval_get(options, "audiodev") ||
	    !backend_device_has(host, driver, "audiodev"))
		return papr_vmm_device_add(host->vmm, options->options, options->n,
					   error);
	more = calloc(options->n + 1, sizeof(*more));
	if (!more)
		return backend_no_memory(error);
	memcpy(more, options->options, options->n * sizeof(*more));
	more[options->n] = (struct papr_option){ "audiodev", "none" };
	err = papr_vmm_device_add(host->vmm, more, options->n + 1, error);
	free(more);
	return err;
}

int backends_device_add(struct host *host, const struct keyval *options,
			struct papr_error *error)
{
	static const char *const names[] = { "netdev", "drive", "iothread", "rng",
					     "audiodev" };
	enum { N = sizeof(names) / sizeof(*names) };
	const char *driver = keyval_get(options, "driver"),
		   *id = keyval_get(options, "id");
	struct backend *found[N] = { 0 };
	int err = 0;

	for (size_t i = 0; driver && !err && i < N; i++) {
		const char *value = keyval_get(options, names[i]);

		if (value && *value && backend_device_has(host, driver, names[i]))
			err = backend_resolve(host, driver, names[i], value, &found[i],
					      error);
	}
	if (!err)
		err = backends_add_device(host, driver, options, error);
	for (size_t i = 0; !err && i < N; i++)
		if (found[i] && backend_use_new(host, found[i], driver, id))
			return 0; /* without memory, it only can be removed too early */
	if (!err && id && !strcmp(driver, "scsi-cd") && !keyval_get(options, "drive"))
		backend_use_no_drive(host, id);
	return err;
}
