// SPDX-License-Identifier: GPL-2.0-or-later
/* Words for the numbers of an event log: the ends of every table, and numbers outside. */
#include "tests/unit/fakes/test.h"
#include "wire/event_text.h"

struct word {
	const char *(*text)(uint32_t value);
	uint32_t value;
	const char *expected;
};

// clang-format off
static const struct word words[] = {
	{ event_severity_text, 0, "No Error" },
	{ event_severity_text, 6, "Already Reported" },
	{ event_severity_text, 7, "(7)" },
	{ event_severity_text, 8, "Unknown" },
	{ event_disposition_text, 2, "Not Recoverd" },
	{ event_disposition_text, 3, "(4)" },
	{ event_disposition_text, 4, "Unknown" },
	{ event_entity_text, 0, "Unknown" },
	{ event_entity_text, 5, "Power Management" },
	{ event_entity_text, 6, "Hot Plug" },
	{ event_entity_text, 15, "(15)" },
	{ event_entity_text, 16, "Unknown" },
	{ event_type_text, 0, "Unknown" },
	{ event_type_text, 1, "Retry" },
	{ event_type_text, 10, "ECC Corrupted" },
	{ event_type_text, 11, "Unknown" },
	{ event_type_text, 64, "EPOW" },
	{ event_type_text, 160, "Platform Resource Reassignment" },
	{ event_type_text, 229, "Hotplug Event" },
	{ event_type_text, 230, "Unknown" },
	{ event_type_text, UINT32_MAX, "Unknown" },
	{ event_month_text, 0, "" },
	{ event_month_text, 1, "Jan" },
	{ event_month_text, 9, "Sep" },
	{ event_month_text, 0x0a, "" },
	{ event_month_text, 0x0f, "" },
	{ event_month_text, 0x10, "Oct" },
	{ event_month_text, 0x12, "Dec" },
	{ event_month_text, 0x13, "(Unknown)" },
	{ event_month_text, 0x99, "(Unknown)" },
	{ event_creator_text, 'E', "Service Processor" },
	{ event_creator_text, 'H', "PHyp" },
	{ event_creator_text, 'P', "Unknown" },
	{ event_creator_text, 0, "Unknown" },
	{ event_subsystem_text, 0x0f, NULL },
	{ event_subsystem_text, 0x10, "Processor, including internal cache" },
	{ event_subsystem_text, 0x79, "Other Subsystems" },
	{ event_subsystem_text, 0x7a, "Surveillance Error" },
	{ event_subsystem_text, 0xaf, "External Environment" },
	{ event_subsystem_text, 0xb0, NULL },
	{ event_subtype_text, 0, NULL },
	{ event_subtype_text, 0x21,
	  "System resources deconfigured by system dueto prior error event." },
	{ event_subtype_text, 0xe0, "Platform powered off by user without normal shutdown." },
	{ event_subtype_text, 0xe1, NULL },
	{ event_uh_severity_text, 0, "Informational or non-error event," },
	{ event_uh_severity_text, 0x45,
	  "Unrecoverable error, bypassed with loss of\nredundancy and performance." },
	{ event_uh_severity_text, 0x62, NULL },
	{ event_epow_text, 0, "" },
	{ event_epow_text, 4, "Ambient temperature too high, system should be shutdown." },
	{ event_epow_text, 5, NULL },
	{ event_io_type_text, 0, NULL },
	{ event_io_type_text, 1, "Error Detected" },
	{ event_io_type_text, 4, "RPC Pass Through" },
	{ event_io_type_text, 5, NULL },
	{ event_io_scope_text, 0, "N/A" },
	{ event_io_scope_text, 0x3a, "EADS Slot" },
	{ event_io_scope_text, 0x3b, NULL },
	{ event_io_subtype_text, 0, "N/A" },
	{ event_io_subtype_text, 2, NULL },
	{ event_io_subtype_text, 5, "Platform Dump maximum size change" },
	{ event_io_subtype_text, 6, NULL },
	{ event_hp_type_text, 0, "" },
	{ event_hp_type_text, 1, "CPU" },
	{ event_hp_type_text, 6, "PMEM" },
	{ event_hp_type_text, 7, "Unknown" },
	{ event_hp_type_text, 200, "Unknown" },
	{ event_hp_action_text, 0, "" },
	{ event_hp_action_text, 2, "Remove" },
	{ event_hp_action_text, 3, "Unknown" },
	{ event_hp_id_text, 0, "" },
	{ event_hp_id_text, 4, "Indexed Count" },
	{ event_hp_id_text, 5, "Unknown" },
	{ event_fru_priority_text, 'A', "Medium priority group A (1st group)." },
	{ event_fru_priority_text, 'L', "Low Priority." },
	{ event_fru_priority_text, 'x', NULL },
	{ event_fru_component_text, 0, NULL },
	{ event_fru_component_text, 0x10, "\"normal\" hardware FRU" },
	{ event_fru_component_text, 0x50, NULL },
	{ event_fru_component_text, 0xc0, "Symbolic FRU" },
};
// clang-format on

TEST(has_a_word_or_none)
{
	for (size_t i = 0; i < COUNT(words); i++) {
		const char *text = words[i].text(words[i].value);

		if (words[i].expected && text) {
			assert_string_equal(text, words[i].expected);
		} else if (words[i].expected || text) {
			fail_msg("row %zu, value %#x: %s", i, words[i].value,
				 text ? text : "nothing");
		}
	}
}
