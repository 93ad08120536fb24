// SPDX-License-Identifier: GPL-2.0-or-later
/* The options of networks with sockets, as qapi/net.json and qapi/sockets.json have them */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/server/netdev_parts.h"

enum netdev_type { NETDEV_STRING, NETDEV_BOOL, NETDEV_INT, NETDEV_PORT };

struct netdev_option {
	const char *name; /* NULL ends a list */
	enum netdev_type type;
	bool is_needed;
};

static const struct netdev_option netdev_inet[] = { { "host", NETDEV_STRING, true },
						    { "port", NETDEV_STRING, true },
						    { "numeric", NETDEV_BOOL, false },
						    { "to", NETDEV_PORT, false },
						    { "ipv4", NETDEV_BOOL, false },
						    { "ipv6", NETDEV_BOOL, false },
						    { "keep-alive", NETDEV_BOOL, false },
						    { "mptcp", NETDEV_BOOL, false },
						    { .name = NULL } };

static const struct netdev_option netdev_unix[] = { { "path", NETDEV_STRING, true },
						    { "abstract", NETDEV_BOOL, false },
						    { "tight", NETDEV_BOOL, false },
						    { .name = NULL } };

static const struct netdev_option netdev_fd[] = { { "str", NETDEV_STRING, true },
						  { .name = NULL } };

static const struct netdev_option netdev_vsock[] = { { "cid", NETDEV_STRING, true },
						     { "port", NETDEV_STRING, true },
						     { .name = NULL } };

static const struct {
	const char *type;
	const struct netdev_option *options;
} netdev_kinds[] = {
	{ "inet", netdev_inet },
	{ "unix", netdev_unix },
	{ "vsock", netdev_vsock },
	{ "fd", netdev_fd },
};

enum { N_KINDS = sizeof(netdev_kinds) / sizeof(*netdev_kinds) };

static const struct netdev_option netdev_stream[] = { { "server", NETDEV_BOOL, false },
						      { "reconnect", NETDEV_INT, false },
						      { "reconnect-ms", NETDEV_INT,
							false },
						      { .name = NULL } };

static const struct netdev_option *netdev_option_find(const struct netdev_option *list,
						      const char *name)
{
	while (list->name && strcmp(list->name, name))
		list++;
	return list->name ? list : NULL;
}

/* Return the part of an option's name that follows "ADDRESS.", or NULL. */
static const char *netdev_member(const char *option, const char *address)
{
	size_t len = strlen(address);

	return !strncmp(option, address, len) && option[len] == '.' ? option + len + 1
								    : NULL;
}

static int netdev_check_value(const char *name, const char *value, enum netdev_type type,
			      struct papr_error *error)
{
	uint64_t number;
	bool flag;

	if (type == NETDEV_STRING)
		return 0;
	if (type == NETDEV_BOOL)
		return word_bool(value, &flag)
			       ? netdev_refuse(error, 0,
					       "Parameter '%s' expects 'on' or 'off'",
					       name)
			       : 0;
	if (word_u64(value, &number) || number > UINT32_MAX)
		return netdev_refuse(error, 0, "Parameter '%s' expects integer", name);
	if (type == NETDEV_PORT && number > UINT16_MAX)
		return netdev_refuse(error, 0, "Parameter '%s' expects uint16_t", name);
	return 0;
}

/* Check the options of a list. owner: the address that they belong to, with ".", or "". */
static int netdev_check_list(const struct keyval *kv, const char *owner,
			     const struct netdev_option *list, struct papr_error *error)
{
	int err = 0;

	for (const struct netdev_option *o = list; !err && o->name; o++) {
		const char *value;
		char name[64];

		snprintf(name, sizeof(name), "%s%s", owner, o->name);
		value = keyval_get(kv, name);
		if (value)
			err = netdev_check_value(name, value, o->type, error);
		else if (o->is_needed)
			err = netdev_refuse(error, 0, "Parameter '%s' is missing", name);
	}
	return err;
}

static bool netdev_has_members(const struct keyval *kv, const char *address)
{
	for (size_t i = 0; i < kv->n; i++)
		if (netdev_member(kv->options[i].name, address))
			return true;
	return false;
}

/* Check an address, which may be missing if it is not needed. */
static int netdev_check_address(const struct keyval *kv, const char *address,
				bool is_needed, struct papr_error *error)
{
	char type_name[32], owner[32];
	const char *type;
	size_t kind = 0;
	int err;

	if (keyval_get(kv, address))
		return netdev_refuse(error, 0,
				     "Invalid parameter type for '%s', expected: object",
				     address);
	if (!netdev_has_members(kv, address))
		return is_needed ? netdev_refuse(error, 0, "Parameter '%s' is missing",
						 address)
				 : 0;
	snprintf(owner, sizeof(owner), "%s.", address);
	snprintf(type_name, sizeof(type_name), "%s.type", address);
	type = keyval_get(kv, type_name);
	if (!type)
		return netdev_refuse(error, 0, "Parameter '%s' is missing", type_name);
	while (kind < N_KINDS && strcmp(netdev_kinds[kind].type, type))
		kind++;
	if (kind == N_KINDS)
		return netdev_refuse(error, 0,
				     "Parameter '%s' does not accept value '%s'",
				     type_name, type);
	err = netdev_check_list(kv, owner, netdev_kinds[kind].options, error);
	for (size_t i = 0; !err && i < kv->n; i++) {
		const char *member = netdev_member(kv->options[i].name, address);

		if (member && strcmp(member, "type") != 0 &&
		    !netdev_option_find(netdev_kinds[kind].options, member))
			err = netdev_refuse(error, 0, "Parameter '%s' is unexpected",
					    kv->options[i].name);
	}
	return err;
}

static bool netdev_is_stream(const struct keyval *kv)
{
	return !strcmp(keyval_get(kv, "type"), "stream");
}

static bool netdev_is_known(bool stream, const char *name)
{
	if (!strcmp(name, "id") || !strcmp(name, "type"))
		return true;
	if (stream)
		return netdev_option_find(netdev_stream, name) ||
		       netdev_member(name, "addr");
	return netdev_member(name, "local") || netdev_member(name, "remote");
}

static int netdev_check_reconnect(const struct keyval *kv, struct papr_error *error)
{
	bool once = keyval_get(kv, "reconnect"), ms = keyval_get(kv, "reconnect-ms");
	bool server = false;

	if (keyval_get(kv, "server"))
		word_bool(keyval_get(kv, "server"), &server);
	if (server && (once || ms))
		return netdev_refuse(error, 0,
				     "'reconnect' and 'reconnect-ms' options are "
				     "incompatible with socket in server mode");
	return once && ms ? netdev_refuse(error, 0,
					  "'reconnect' and 'reconnect-ms' are mutually "
					  "exclusive")
			  : 0;
}

int netdev_check(const struct keyval *kv, struct papr_error *error)
{
	bool stream = netdev_is_stream(kv);
	int err;

	if (stream) {
		err = netdev_check_address(kv, "addr", true, error);
		if (!err)
			err = netdev_check_list(kv, "", netdev_stream, error);
	} else {
		err = netdev_check_address(kv, "local", false, error);
		if (!err)
			err = netdev_check_address(kv, "remote", false, error);
	}
	for (size_t i = 0; !err && i < kv->n; i++)
		if (!netdev_is_known(stream, kv->options[i].name))
			err = netdev_refuse(error, 0, "Parameter '%s' is unexpected",
					    kv->options[i].name);
	return err || !stream ? err : netdev_check_reconnect(kv, error);
}

/* ---- Types in JSON ---------------------------------------------------------------------- */

static int netdev_check_type(const char *owner, const char *name, json_object *value,
			     enum netdev_type type, struct papr_error *error)
{
	static const struct {
		json_type type;
		const char *word;
	} rows[] = { [NETDEV_STRING] = { json_type_string, "string" },
		     [NETDEV_BOOL] = { json_type_boolean, "boolean" },
		     [NETDEV_INT] = { json_type_int, "integer" },
		     [NETDEV_PORT] = { json_type_int, "integer" } };

	if (json_object_is_type(value, rows[type].type))
		return 0;
	return netdev_refuse(error, 0, "Invalid parameter type for '%s%s', expected: %s",
			     owner, name, rows[type].word);
}

static int netdev_check_member(const char *owner, const char *name, json_object *value,
			       struct papr_error *error)
{
	const struct netdev_option *found = NULL;

	if (!strcmp(name, "type"))
		return netdev_check_type(owner, name, value, NETDEV_STRING, error);
	for (size_t i = 0; !found && i < N_KINDS; i++)
		found = netdev_option_find(netdev_kinds[i].options, name);
	/* netdev_check() does not see values without text. */
	return found ? netdev_check_type(owner, name, value, found->type, error)
		     : netdev_refuse(error, 0, "Parameter '%s%s' is unexpected", owner,
				     name);
}

static int netdev_check_object(const char *name, json_object *value,
			       struct papr_error *error)
{
	char owner[16];
	int err = 0;

	if (!json_object_is_type(value, json_type_object))
		return netdev_refuse(error, 0,
				     "Invalid parameter type for '%s', expected: object",
				     name);
	snprintf(owner, sizeof(owner), "%s.", name);
	json_object_object_foreach(value, member, inner)
	{
		if (!err)
			err = netdev_check_member(owner, member, inner, error);
	}
	return err;
}

int netdev_check_types(json_object *arguments, struct papr_error *error)
{
	json_object *type;
	bool stream;
	int err = 0;

	if (!json_object_object_get_ex(arguments, "type", &type) ||
	    !json_object_is_type(type, json_type_string) ||
	    !netdev_has_sockets(json_object_get_string(type)))
		return 0;
	stream = !strcmp(json_object_get_string(type), "stream");
	json_object_object_foreach(arguments, name, value)
	{
		const struct netdev_option *found =
			stream ? netdev_option_find(netdev_stream, name) : NULL;

		if (err)
			continue;
		if (!strcmp(name, "id") || !strcmp(name, "type"))
			err = netdev_check_type("", name, value, NETDEV_STRING, error);
		else if (found)
			err = netdev_check_type("", name, value, found->type, error);
		else if (stream ? !strcmp(name, "addr")
				: !strcmp(name, "local") || !strcmp(name, "remote"))
			err = netdev_check_object(name, value, error);
		else
			err = netdev_refuse(error, 0, "Parameter '%s' is unexpected",
					    name);
	}
	return err;
}
