// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "tests/peers/events/rules_all.h"

static const struct rule {
	const char *name;
	rule_patch_fn *patch;
	rule_correct_fn *correct;
} rules[] = {
	{ "action-flags", NULL, rule_action_flags },
	{ "body-cut", NULL, rule_body_cut },
	{ "body-order", rule_body_order, NULL },
	{ "creator-name", NULL, rule_creator_name },
	{ "epow-reason", rule_epow_reason, NULL },
	{ "fru-id-fields", rule_fru_id_fields, NULL },
	{ "fru-pe-fields", rule_fru_pe_fields, NULL },
	{ "generic-payload", NULL, rule_generic_payload },
	{ "hotplug-name", NULL, rule_hotplug_name },
	{ "hotplug-indexed", NULL, rule_hotplug_indexed },
	{ "hotplug-pmem", NULL, rule_hotplug_pmem },
	{ "hotplug-phantom", NULL, rule_hotplug_phantom },
	{ "location-wrap", NULL, rule_location_wrap },
	{ "machine-type-head", NULL, rule_machine_type_head },
	{ "one-byte-more", NULL, rule_one_byte_more },
	{ "post-codes", NULL, rule_post_codes },
	{ "repeated-end", NULL, rule_repeated_end },
	{ "severity", NULL, rule_severity },
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

bool rules_exist(const char *name)
{
	for (size_t i = 0; i < RULES; i++)
		if (!strcmp(rules[i].name, name))
			return true;
	return false;
}

/* Return the entry of a rule, if it is listed. */
static struct known_entry *find(struct known *known, const char *name)
{
	for (size_t i = 0; i < known->n; i++)
		if (!strcmp(known->entries[i].what, name))
			return &known->entries[i];
	return NULL;
}

void rules_patch(struct known *known, struct sample *sample)
{
	for (size_t i = 0; i < RULES; i++) {
		struct known_entry *entry = find(known, rules[i].name);

		if (entry && rules[i].patch)
			entry->used += rules[i].patch(sample);
	}
}

void rules_correct(struct known *known, const struct sample *sample, struct paper *theirs,
		   const struct paper *ours)
{
	for (size_t i = 0; i < RULES; i++) {
		struct known_entry *entry = find(known, rules[i].name);

		if (entry && rules[i].correct)
			entry->used += rules[i].correct(sample, theirs, ours);
	}
}
