// SPDX-License-Identifier: GPL-2.0-or-later
/* What clients set before they migrate a machine. It cannot be migrated in QEMU's format:
 * the only capability is the one that every client sets, events. */
#include <errno.h>
#include <string.h>

#include "vmm/server/qmp_call.h"

int qmp_query_migrate_capabilities(struct qmp_call *call)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "state",
			       json_object_new_boolean(call->host->migration_events));
	json_object_object_add(entry, "capability", json_object_new_string("events"));
	call->reply = json_object_new_array();
	json_object_array_add(call->reply, entry);
	return 0;
}

static int fail_member(struct qmp_call *call, size_t n, const char *member,
		       bool is_missing, const char *type)
{
	return is_missing ? qmp_fail(call, -EINVAL,
				     "Parameter 'capabilities[%zu].%s' is missing", n,
				     member)
			  : qmp_fail(call, -EINVAL,
				     "Invalid parameter type for 'capabilities[%zu].%s', "
				     "expected: %s",
				     n, member, type);
}

static int check_capability(struct qmp_call *call, size_t n, json_object *entry)
{
	json_object *name, *state;

	if (!json_object_is_type(entry, json_type_object))
		return qmp_fail(
			call, -EINVAL,
			"Invalid parameter type for 'capabilities[%zu]', expected: object",
			n);
	if (!json_object_object_get_ex(entry, "capability", &name) ||
	    !json_object_is_type(name, json_type_string))
		return fail_member(call, n, "capability",
				   !json_object_object_get_ex(entry, "capability", NULL),
				   "string");
	if (strcmp(json_object_get_string(name), "events") != 0)
		return qmp_fail(call, -EINVAL,
				"Parameter 'capability' does not accept value '%s'",
				json_object_get_string(name));
	if (!json_object_object_get_ex(entry, "state", &state) ||
	    !json_object_is_type(state, json_type_boolean))
		return fail_member(call, n, "state",
				   !json_object_object_get_ex(entry, "state", NULL),
				   "boolean");
	return 0;
}

int qmp_migrate_set_capabilities(struct qmp_call *call)
{
	json_object *list = qmp_array(call, "capabilities"), *state;
	size_t n = json_object_array_length(list);
	int err = 0;

	for (size_t i = 0; i < n && !err; i++)
		err = check_capability(call, i, json_object_array_get_idx(list, i));
	for (size_t i = 0; i < n && !err; i++) {
		json_object_object_get_ex(json_object_array_get_idx(list, i), "state",
					  &state);
		call->host->migration_events = json_object_get_boolean(state);
	}
	return err;
}
