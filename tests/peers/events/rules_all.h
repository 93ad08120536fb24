/* SPDX-License-Identifier: GPL-2.0-or-later */
/* rules_all.h - the rules. known-differences has their reasons. */
#pragma once

#include "tests/peers/events/rules.h"

typedef bool rule_patch_fn(struct sample *sample);
typedef bool rule_correct_fn(const struct sample *sample, struct paper *theirs,
			     const struct paper *ours);

rule_patch_fn rule_body_order, rule_epow_reason, rule_fru_id_fields, rule_fru_pe_fields;
rule_correct_fn rule_action_flags, rule_body_cut, rule_creator_name, rule_generic_payload,
	rule_hotplug_indexed, rule_hotplug_name, rule_hotplug_phantom, rule_hotplug_pmem,
	rule_location_wrap, rule_machine_type_head, rule_one_byte_more, rule_post_codes,
	rule_repeated_end, rule_severity;
