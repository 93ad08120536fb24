// SPDX-License-Identifier: LGPL-2.1-or-later
/* Members of connectors and lists: the common ones, and those of a type. */
#include <string.h>

#include "libdrmgr/core/type.h"

/* ---- What every connector has ---- */

static void connector_get_type(const void *object, size_t i, struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	value_set_text(value, connector->type->name);
}

static void connector_get_name(const void *object, size_t i, struct dr_value *value)
{
	(void)i;
	value_set_text(value, dr_connector_get_name(object));
}

static void connector_get_index(const void *object, size_t i, struct dr_value *value)
{
	uint32_t index = dr_connector_get_index(object);

	(void)i;
	if (index)
		value_set_number(value, index);
}

static void connector_get_drc_type(const void *object, size_t i, struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	value_set_text(value, connector->c ? connector->c->drc.type : NULL);
}

static void connector_get_description(const void *object, size_t i,
				      struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	value_set_text(value, connector->description);
}

static void connector_get_parent(const void *object, size_t i, struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	value_set_text(value, connector->c ? connector->c->parent->path : NULL);
}

static void connector_get_loc_code(const void *object, size_t i, struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	value_set_text(value, connector->loc_code);
}

static void connector_get_power_domain(const void *object, size_t i,
				       struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	if (connector->c && connector->c->drc.power_domain != DRC_NO_POWER_DOMAIN)
		value_set_number(value, connector->c->drc.power_domain);
}

static void connector_get_state(const void *object, size_t i, struct dr_value *value)
{
	(void)i;
	value_set_text(value, dr_connector_get_state(object));
}

static void connector_get_offered(const void *object, size_t i, struct dr_value *value)
{
	const struct dr_connector *connector = object;

	(void)i;
	if (connector->offer != OFFER_UNKNOWN)
		value_set_number(value, connector->offer == OFFER_YES);
}

static const struct dr_member common_members[] = {
	{ "type", NULL, DR_KIND_TEXT, connector_get_type, NULL, false },
	{ "name", "Name", DR_KIND_TEXT, connector_get_name, NULL, false },
	{ "index", "Index", DR_KIND_INDEX, connector_get_index, NULL, false },
	{ "drc_type", NULL, DR_KIND_TEXT, connector_get_drc_type, NULL, false },
	{ "description", NULL, DR_KIND_TEXT, connector_get_description, NULL, false },
	{ "parent", NULL, DR_KIND_TEXT, connector_get_parent, NULL, false },
	{ "loc_code", NULL, DR_KIND_TEXT, connector_get_loc_code, NULL, false },
	{ "power_domain", NULL, DR_KIND_INDEX, connector_get_power_domain, NULL, false },
	{ "state", "State", DR_KIND_TEXT, connector_get_state, NULL, false },
	{ "offered", NULL, DR_KIND_BOOL, connector_get_offered, NULL, false },
	{ 0 },
};

enum { COMMON_MEMBERS = ARRAY_SIZE(common_members) - 1 };

/* ---- Arrays of members ---- */

static const struct dr_member *members_at(const struct dr_member *members, size_t i)
{
	for (; members && members->get && i; i--)
		members++;
	return members && members->get ? members : NULL;
}

/* Most keys differ in their first two letters. */
static bool member_has_key(const struct dr_member *member, const char *key)
{
	if (!key || !member->key)
		return key == member->key;
	return member->key[0] == key[0] && member->key[1] == key[1] &&
	       !strcmp(member->key, key);
}

static const struct dr_member *members_find(const struct dr_member *members,
					    const char *key)
{
	for (; members && members->get; members++)
		if (member_has_key(members, key))
			return members;
	return NULL;
}

static const struct dr_member *type_member(const struct dr_type *type, size_t i)
{
	return i < COMMON_MEMBERS ? &common_members[i]
				  : members_at(type->members, i - COMMON_MEMBERS);
}

static void member_get(const struct dr_member *member, const void *object, size_t i,
		       struct dr_value *value)
{
	*value = (struct dr_value){
		.kind = member->kind,
		.object = object,
		.items = member->items,
		.is_internal = member->is_internal,
	};
	if (object)
		member->get(object, i, value);
}

/* ---- The public functions ---- */

const char *dr_type_get_member(const struct dr_type *type, size_t i)
{
	const struct dr_member *member = type_member(type, i);

	return member ? member->key : NULL;
}

const char *dr_type_get_heading(const struct dr_type *type, size_t i)
{
	const struct dr_member *member = type_member(type, i);

	return member ? member->heading : NULL;
}

const char *dr_type_get_list_member(const struct dr_type *type, size_t i)
{
	const struct dr_member *member = members_at(type->list_members, i);

	return member ? member->key : NULL;
}

const char *dr_value_get_member(const struct dr_value *list, size_t i)
{
	const struct dr_member *member = members_at(list->items, i);

	return member ? member->key : NULL;
}

int dr_value_get(const struct dr_value *list, size_t i, const char *key,
		 struct dr_value *value)
{
	const struct dr_member *member =
		list->kind == DR_KIND_LIST ? members_find(list->items, key) : NULL;

	if (!member || i >= list->n)
		return -ENOENT;
	member_get(member, list->object, i, value);
	return 0;
}

int dr_list_get(const struct dr_type *type, const struct dr_list *list, const char *key,
		struct dr_value *value)
{
	const struct dr_member *member =
		key ? members_find(type->list_members, key) : NULL;

	if (!member)
		return -ENOENT;
	member_get(member, list ? list->rows : NULL, 0, value);
	return 0;
}

int dr_connector_get(const struct dr_connector *connector, const char *key,
		     struct dr_value *value)
{
	const struct dr_member *member;

	if (!key)
		return -ENOENT;
	member = members_find(common_members, key);
	if (member) {
		member_get(member, connector, 0, value);
		return 0;
	}
	member = members_find(connector->type->members, key);
	if (!member)
		return -ENOENT;
	member_get(member, connector->row, 0, value);
	return 0;
}

const struct dr_type *dr_connector_get_type(const struct dr_connector *connector)
{
	return connector->type;
}

const char *dr_connector_get_name(const struct dr_connector *connector)
{
	return connector->c ? connector->c->drc.name : NULL;
}

uint32_t dr_connector_get_index(const struct dr_connector *connector)
{
	return connector->c ? connector->c->drc.index : connector->index;
}

const char *dr_connector_get_state(const struct dr_connector *connector)
{
	static const char *const names[] = {
		[CONNECTOR_EMPTY] = "empty",
		[CONNECTOR_NO_DEVICE] = "no-device",
		[CONNECTOR_CONFIGURED] = "configured",
		[CONNECTOR_OWNED] = "owned",
		[CONNECTOR_NOT_OWNED] = "not-owned",
		[CONNECTOR_RESERVED] = "reserved",
		[CONNECTOR_UNKNOWN] = NULL,
	};

	return names[connector->state];
}
