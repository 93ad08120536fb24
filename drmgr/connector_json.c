// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "drmgr/connector_json.h"
#include "libdrmgr/numa/affinity.h"
#include "libdrmgr/numa/numa_score.h"

json_object *connectors_head(const char *type)
{
	json_object *head = json_object_new_object();

	json_put_text(head, "schema", "papr.lsslot/1");
	json_put_text(head, "type", type);
	return head;
}

void connectors_put_score(json_object *head, int score)
{
	if (score == NUMA_SCORE_NONE)
		json_put_text(head, "numa_score", NULL);
	else
		json_put_int(head, "numa_score", score);
}

void connectors_print_none(const char *type)
{
	json_object *head = connectors_head(type);
	struct json_list list;

	if (type && (!strcmp(type, "cpu") || !strcmp(type, "mem")))
		connectors_put_score(head, NUMA_SCORE_NONE);
	json_list_begin(&list, head, CONNECTORS_KEY, NULL);
	json_list_end(&list);
}

void connector_put_numa_node(json_object *object, uint32_t node)
{
	if (node == AFFINITY_NO_NODE)
		json_put_text(object, "numa_node", NULL);
	else
		json_put_int(object, "numa_node", node);
}

static void connector_put_index(json_object *object, const struct connector_entry *entry)
{
	uint32_t index = entry->c ? entry->c->drc.index : entry->index;

	if (index)
		json_put_index(object, "index", index);
	else
		json_put_text(object, "index", NULL);
}

static void connector_put_power_domain(json_object *object, const struct connector *c)
{
	if (!c || c->drc.power_domain == DRC_NO_POWER_DOMAIN)
		json_put_text(object, "power_domain", NULL);
	else
		json_put_index(object, "power_domain", c->drc.power_domain);
}

json_object *connector_object(const struct connector_entry *entry, json_object *devices)
{
	const struct connector *c = entry->c;
	json_object *o = json_object_new_object();

	json_put_text(o, "type", entry->type);
	json_put_text(o, "name", c ? c->drc.name : NULL);
	connector_put_index(o, entry);
	json_put_text(o, "drc_type", c ? c->drc.type : NULL);
	json_put_text(o, "description", entry->description);
	json_put_text(o, "parent", c ? c->parent->path : NULL);
	json_put_text(o, "loc_code", entry->loc_code);
	connector_put_power_domain(o, c);
	json_put_text(o, "state", slot_state_name(entry->state));
	json_put(o, "devices", devices ? devices : json_object_new_array());
	return o;
}

void connector_add_device(json_object *devices, const char *node, const char *linux_name,
			  const char *driver)
{
	json_object *o = json_object_new_object();

	json_put_text(o, "node", node);
	json_put_text(o, "linux", linux_name);
	json_put_text(o, "driver", driver);
	json_object_array_add(devices, o);
}

json_object *connector_device(const char *node, const char *linux_name)
{
	json_object *devices = json_object_new_array();

	connector_add_device(devices, node, linux_name, NULL);
	return devices;
}
