// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * query-qmp-schema: the commands of the table and the events, with their types
 *
 * A type is a text: a name (str, int, number, bool, null, any), [TYPE],
 * {NAME:TYPE,NAME?:TYPE} with "?" after an optional member, <WORD|WORD> for one of the
 * words, (TYPE|TYPE) for either. Types without a name are numbered.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/buffer.h"
#include "vmm/server/qmp_call.h"

enum { NAME_SIZE = 64 };

struct schema {
	json_object *list;
	json_object *known; /* number or name of each type, by its text */
	unsigned int n;
};

static json_object *text(const char *string)
{
	return json_object_new_string(string);
}

static json_object *add_entry(struct schema *schema, const char *name, const char *meta)
{
	json_object *entry = json_object_new_object();

	json_object_object_add(entry, "name", text(name));
	json_object_object_add(entry, "meta-type", text(meta));
	json_object_array_add(schema->list, entry);
	return entry;
}

static size_t word_length(const char *at)
{
	return strcspn(at, "[]{}<>()|,:?");
}

/* Read a type, and move *at after it. name receives its name. */
static void read_type(struct schema *schema, const char **at, char name[NAME_SIZE]);

static void add_builtin(struct schema *schema, const char *name)
{
	static const char *const pairs[][2] = {
		{ "str", "string" },   { "int", "int" },   { "number", "number" },
		{ "bool", "boolean" }, { "null", "null" }, { "any", "value" }
	};

	for (size_t i = 0; i < sizeof(pairs) / sizeof(*pairs); i++)
		if (!strcmp(pairs[i][0], name))
			json_object_object_add(add_entry(schema, name, "builtin"),
					       "json-type", text(pairs[i][1]));
}

static json_object *read_members(struct schema *schema, const char **at)
{
	json_object *members = json_object_new_array();
	char type[NAME_SIZE];

	for (++*at; **at && **at != '}'; *at += **at == ',') {
		json_object *member = json_object_new_object();
		size_t len = word_length(*at);

		json_object_object_add(member, "name",
				       json_object_new_string_len(*at, (int)len));
		*at += len;
		if (**at == '?') {
			json_object_object_add(member, "default", NULL);
			++*at;
		}
		++*at; /* ':' */
		read_type(schema, at, type);
		json_object_object_add(member, "type", text(type));
		json_object_array_add(members, member);
	}
	return members;
}

static json_object *read_variants(struct schema *schema, const char **at)
{
	json_object *variants = json_object_new_array();
	char type[NAME_SIZE];

	for (++*at; **at && **at != ')'; *at += **at == '|') {
		json_object *variant = json_object_new_object();

		read_type(schema, at, type);
		json_object_object_add(variant, "type", text(type));
		json_object_array_add(variants, variant);
	}
	return variants;
}

static void read_words(const char **at, json_object *entry)
{
	json_object *values = json_object_new_array(), *members = json_object_new_array();

	for (++*at; **at && **at != '>'; *at += **at == '|') {
		json_object *member = json_object_new_object();
		size_t len = word_length(*at);
		json_object *word = json_object_new_string_len(*at, (int)len);

		json_object_array_add(values, json_object_get(word));
		json_object_object_add(member, "name", word);
		json_object_array_add(members, member);
		*at += len;
	}
	json_object_object_add(entry, "members", members);
	json_object_object_add(entry, "values", values);
}

/* Read a type that is seen first. */
static void read_new(struct schema *schema, const char **at, char name[NAME_SIZE])
{
	json_object *entry;

	if (**at == '[') {
		char inner[NAME_SIZE];

		++*at;
		read_type(schema, at, inner);
		snprintf(name, NAME_SIZE, "[%.*s]", NAME_SIZE - 3, inner);
		entry = add_entry(schema, name, "array");
		json_object_object_add(entry, "element-type", text(inner));
	} else if (strspn(*at, "{(<")) {
		snprintf(name, NAME_SIZE, "%u", schema->n++);
		if (**at == '{') {
			entry = add_entry(schema, name, "object");
			json_object_object_add(entry, "members",
					       read_members(schema, at));
		} else if (**at == '(') {
			entry = add_entry(schema, name, "alternate");
			json_object_object_add(entry, "members",
					       read_variants(schema, at));
		} else {
			read_words(at, add_entry(schema, name, "enum"));
		}
	} else {
		snprintf(name, NAME_SIZE, "%.*s", (int)word_length(*at), *at);
		add_builtin(schema, name);
		*at += strlen(name);
		return;
	}
	*at += **at != '\0';
}

/* Return the length of the type's text. */
static size_t type_length(const char *at)
{
	size_t len = 0;
	int depth = 0;

	if (!strspn(at, "[{(<"))
		return word_length(at);
	do {
		depth += (int)strspn(at + len, "[{(<") > 0;
		depth -= (int)strspn(at + len, "]})>") > 0;
		len++;
	} while (depth && at[len]);
	return len;
}

static void read_type(struct schema *schema, const char **at, char name[NAME_SIZE])
{
	size_t len = type_length(*at);
	char *whole = strndup(*at, len);
	json_object *known = NULL;

	*name = '\0';
	if (!whole)
		return;
	if (json_object_object_get_ex(schema->known, whole, &known)) {
		snprintf(name, NAME_SIZE, "%s", json_object_get_string(known));
		*at += len;
	} else {
		read_new(schema, at, name);
		json_object_object_add(schema->known, whole, text(name));
	}
	free(whole);
}

/* Write the arguments of a command as a type. */
static void describe(struct buffer *out, const struct qmp_command *command)
{
	static const char *const types[] = {
		[QMP_STRING] = "str",  [QMP_INT] = "int",	  [QMP_BOOL] = "bool",
		[QMP_ARRAY] = "[any]", [QMP_INDEX] = "(int|str)", [QMP_ANY] = "any"
	};
	const struct qmp_parameter *row = command->parameters;
	char line[128];

	if (command->arguments) {
		buffer_put(out, command->arguments, strlen(command->arguments) + 1);
		return;
	}
	buffer_put(out, "{", 1);
	for (; row && row->name; row++) {
		int len = snprintf(line, sizeof(line), "%s%s%s:%s",
				   row == command->parameters ? "" : ",", row->name,
				   row->optional ? "?" : "", types[row->type]);

		buffer_put(out, line, (size_t)len);
	}
	buffer_put(out, "}", 2);
}

static void add_type(struct schema *schema, json_object *entry, const char *member,
		     const char *type)
{
	char name[NAME_SIZE];

	read_type(schema, &type, name);
	json_object_object_add(entry, member, text(name));
}

static void add_command(struct schema *schema, const struct qmp_command *command)
{
	json_object *entry = add_entry(schema, command->name, "command");
	struct buffer arguments = { 0 };

	describe(&arguments, command);
	if (arguments.len)
		add_type(schema, entry, "arg-type",
			 (const char *)buffer_bytes(&arguments));
	add_type(schema, entry, "ret-type", command->returns ? command->returns : "{}");
	if (!strcmp(command->name, "device_add")) {
		json_object *features = json_object_new_array();

		json_object_array_add(features, text("json-cli"));
		json_object_array_add(features, text("json-cli-hotplug"));
		json_object_object_add(entry, "features", features);
	}
	buffer_free(&arguments);
}

static const char *const events[][2] = {
	{ "DEVICE_DELETED", "{device?:str,path:str}" },
	{ "DEVICE_UNPLUG_GUEST_ERROR", "{device?:str,path:str}" },
	{ "GUEST_PANICKED", "{action:<pause|poweroff|run>}" },
	{ "MEM_UNPLUG_ERROR", "{device:str,msg:str}" },
	{ "POWERDOWN", "{}" },
	{ "RESET", "{guest:bool,reason:str}" },
	{ "RESUME", "{}" },
	{ "RTC_CHANGE", "{offset:int,qom-path:str}" },
	{ "SHUTDOWN", "{guest:bool,reason:str}" },
	{ "STOP", "{}" },
	{ "SUSPEND", "{}" },
	{ "X_PAPR_CALL",
	  "{name:str,args:[int],status:int,rets:[int],ns:int,injected:bool}" },
	{ "X_PAPR_MIGRATED", "{}" },
};

int qmp_query_schema(struct qmp_call *call)
{
	struct schema schema = { json_object_new_array(), json_object_new_object(), 0 };

	for (const struct qmp_command *row = qmp_commands; row->name; row++)
		add_command(&schema, row);
	for (size_t i = 0; i < sizeof(events) / sizeof(*events); i++)
		add_type(&schema, add_entry(&schema, events[i][0], "event"), "arg-type",
			 events[i][1]);
	json_object_put(schema.known);
	call->reply = schema.list;
	return 0;
}
