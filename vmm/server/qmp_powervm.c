// SPDX-License-Identifier: GPL-2.0-or-later
/* The host's actions on a machine with x-powervm=on: dumps, indicator lights, and queries
 * of them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/file.h"
#include "vmm/server/keyval.h"
#include "vmm/server/qmp_call.h"

enum {
	MAX_DUMP_BYTES = 16 << 20,
	MAX_TYPED_BYTES = 64 << 10, /* data in the command itself */
	TYPE_FAULT = 9006,
	TYPE_IDENTIFY = 9007,
};

static int fail(struct qmp_call *call, int err, const char *what)
{
	if (err == -ENOTSUP)
		return qmp_fail(call, err,
				"the machine was started without x-powervm=on");
	return err ? qmp_fail(call, err, "%s: %s", what, strerror(-err)) : 0;
}

/* ---- Dumps ---- */

static int add_typed(struct qmp_call *call, uint64_t tag)
{
	uint8_t *bytes = malloc(MAX_TYPED_BYTES);
	ssize_t n =
		bytes ? word_hex(qmp_string(call, "data"), bytes, MAX_TYPED_BYTES) : 0;
	int err;

	if (!bytes)
		err = -ENOMEM;
	else if (n < 0 || n > MAX_TYPED_BYTES)
		err = qmp_fail(call, -EINVAL,
			       "Parameter 'data' expects at most %d bytes in hex",
			       MAX_TYPED_BYTES);
	else
		err = papr_vmm_dump_add(call->host->vmm, tag, bytes, (size_t)n);
	free(bytes);
	return err;
}

static int add_file(struct qmp_call *call, uint64_t tag)
{
	void *bytes;
	size_t n;
	int err = file_read(qmp_string(call, "path"), MAX_DUMP_BYTES, &bytes, &n);

	if (err)
		return err;
	err = papr_vmm_dump_add(call->host->vmm, tag, bytes, n);
	free(bytes);
	return err;
}

int qmp_papr_dump(struct qmp_call *call)
{
	const char *text = qmp_string(call, "tag");
	uint64_t tag;

	if (word_u64(text, &tag))
		return qmp_fail(call, -EINVAL, "Parameter 'tag' expects a number");
	if (qmp_has(call, "data") == qmp_has(call, "path"))
		return qmp_fail(call, -EINVAL, "one of 'path', 'data' is needed");
	return fail(call,
		    qmp_has(call, "path") ? add_file(call, tag) : add_typed(call, tag),
		    text);
}

/* ---- Lights ---- */

static int set_light(struct qmp_call *call, const char *name, uint32_t type)
{
	if (!qmp_has(call, name))
		return 0;
	return papr_vmm_indicator_set(call->host->vmm, qmp_string(call, "location"), type,
				      qmp_bool(call, name));
}

int qmp_papr_indicator(struct qmp_call *call)
{
	int err = set_light(call, "fault", TYPE_FAULT);

	if (!err)
		err = set_light(call, "identify", TYPE_IDENTIFY);
	if (err == -ENOENT)
		return qmp_fail_class(call, "DeviceNotFound", err,
				      "location %s does not exist",
				      qmp_string(call, "location"));
	return fail(call, err, "indicator");
}

/* ---- Changes of the tree, and migrations ---- */

static int say_change(struct qmp_call *call, struct papr_change *change)
{
	const char *text = qmp_string(call, "text");
	uint8_t *bytes = NULL;
	ssize_t n = 0;
	int err;

	if (text) {
		change->value = text;
		change->bytes = strlen(text) + 1;
	} else if (qmp_has(call, "data")) {
		bytes = malloc(MAX_TYPED_BYTES);
		n = bytes ? word_hex(qmp_string(call, "data"), bytes, MAX_TYPED_BYTES)
			  : -1;
		change->value = bytes;
		change->bytes = (size_t)n;
	}
	err = n < 0 || n > MAX_TYPED_BYTES
		      ? qmp_fail(call, -EINVAL,
				 "Parameter 'data' expects at most %d bytes in hex",
				 MAX_TYPED_BYTES)
		      : fail(call, papr_vmm_change(call->host->vmm, change),
			     change->path);
	free(bytes);
	return err;
}

int qmp_papr_change(struct qmp_call *call)
{
	bool has_value = qmp_has(call, "data") || qmp_has(call, "text");
	int64_t scope = qmp_has(call, "scope") ? qmp_int(call, "scope") : 1;
	struct papr_change change = { .size = sizeof(struct papr_change),
				      .scope = (int32_t)scope,
				      .path = qmp_string(call, "path"),
				      .property = qmp_string(call, "property") };
	bool is_property = change.property, is_delete = qmp_bool(call, "delete");
	int err = 0;

	if (scope != change.scope)
		return qmp_fail(call, -EINVAL, "Parameter 'scope' expects int32");
	if ((is_property && qmp_has(call, "add")) || (has_value && is_delete) ||
	    (qmp_has(call, "data") && qmp_has(call, "text")) ||
	    (!is_property && (has_value || qmp_has(call, "add") == is_delete)))
		return qmp_fail(call, -EINVAL,
				"one of 'property', 'add', 'delete' is needed");
	if (qmp_has(call, "add"))
		err = qmp_index(call, "add", &change.drc_index);
	if (err)
		return err;
	change.kind = qmp_has(call, "add") ? PAPR_CHANGE_ADD
		      : !is_property	   ? PAPR_CHANGE_DELETE
		      : is_delete	   ? PAPR_CHANGE_UNSET
					   : PAPR_CHANGE_SET;
	return say_change(call, &change);
}

int qmp_papr_migrate(struct qmp_call *call)
{
	struct papr_migration migration = { .size = sizeof(struct papr_migration),
					    .counts_words = qmp_bool(call, "count-words"),
					    .aborts = qmp_bool(call, "abort") };
	uint32_t waits = 0, area = 0;
	int err = 0;

	if (word_u64(qmp_string(call, "stream"), &migration.stream))
		return qmp_fail(call, -EINVAL, "Parameter 'stream' expects a number");
	if (qmp_has(call, "waits"))
		err = qmp_u32(call, "waits", &waits);
	if (!err && qmp_has(call, "area"))
		err = qmp_u32(call, "area", &area);
	if (err)
		return err;
	migration.waits = waits;
	migration.area_bytes = area;
	return fail(call, papr_vmm_migrate(call->host->vmm, &migration), "migration");
}

/* ---- Queries ---- */

static json_object *locations(const struct papr_vmm *vmm)
{
	json_object *list = json_object_new_array(), *one;
	struct papr_location_info info = { .size = sizeof(info) };

	for (size_t n = 0; papr_vmm_location_info(vmm, n, &info); n++) {
		one = json_object_new_object();
		json_object_object_add(one, "location",
				       json_object_new_string(info.location));
		json_object_object_add(one, "description",
				       json_object_new_string(info.description));
		json_object_object_add(one, "fault", json_object_new_boolean(info.fault));
		json_object_object_add(one, "identify",
				       json_object_new_boolean(info.identify));
		json_object_array_add(list, one);
	}
	return list;
}

static json_object *dumps(const struct papr_vmm *vmm)
{
	json_object *list = json_object_new_array(), *one;
	struct papr_dump_info info = { .size = sizeof(info) };
	char tag[24];

	for (size_t n = 0; papr_vmm_dump_info(vmm, n, &info); n++) {
		snprintf(tag, sizeof(tag), "0x%016" PRIx64, info.tag);
		one = json_object_new_object();
		json_object_object_add(one, "tag", json_object_new_string(tag));
		json_object_object_add(one, "bytes",
				       json_object_new_int64((int64_t)info.bytes));
		json_object_object_add(one, "complete",
				       json_object_new_boolean(info.complete));
		json_object_array_add(list, one);
	}
	return list;
}

static json_object *power_on(const struct papr_vmm *vmm)
{
	uint32_t t[7];
	char text[64];

	if (!papr_vmm_power_on_time(vmm, t))
		return NULL;
	snprintf(text, sizeof(text), "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ", t[0], t[1],
		 t[2], t[3], t[4], t[5], t[6]);
	return json_object_new_string(text);
}

int qmp_papr_firmware(struct qmp_call *call)
{
	const struct papr_vmm *vmm = call->host->vmm;

	call->reply = json_object_new_object();
	json_object_object_add(call->reply, "locations", locations(vmm));
	json_object_object_add(call->reply, "dumps", dumps(vmm));
	json_object_object_add(call->reply, "power_on", power_on(vmm));
	return 0;
}
