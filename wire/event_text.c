// SPDX-License-Identifier: LGPL-2.1-or-later
#include "wire/event_text.h"

#define COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Texts for 0, 1, 2, ... */
#define NTH(table, n) event_text_at(table, COUNT(table), n)

static const char *event_text_at(const char *const *table, size_t count, uint32_t n)
{
	return n < count ? table[n] : NULL;
}

/* Texts for separate values or ranges, from first to last. */
struct meaning {
	uint32_t first, last;
	const char *text;
};

#define MEANING(table, value) event_text_of_value(table, COUNT(table), value)

static const char *event_text_of_value(const struct meaning *table, size_t count,
				       uint32_t value)
{
	for (size_t i = 0; i < count; i++) {
		if (value >= table[i].first && value <= table[i].last)
			return table[i].text;
	}
	return NULL;
}

static const char *event_text_or_unknown(const char *text)
{
	return text ? text : "Unknown";
}

// clang-format off
static const char *const severities[] = {
	"No Error", "Event", "Warning", "Error Sync", "Error", "Fatal", "Already Reported",
	"(7)",
};

static const char *const dispositions[] = {
	"Fully Recovered", "Limited Recovery", "Not Recoverd", "(4)",
};

static const char *const entities[] = { EVENT_ENTITIES };

static const struct meaning types[] = {
	{ 1, 1, "Retry" },
	{ 2, 2, "TCE Error" },
	{ 3, 3, "Internal Device Failure" },
	{ 4, 4, "Timeout" },
	{ 5, 5, "Data Parity" },
	{ 6, 6, "Address Parity" },
	{ 7, 7, "Cache Parity" },
	{ 8, 8, "Address Invalid" },
	{ 9, 9, "ECC Uncorrected" },
	{ 10, 10, "ECC Corrupted" },
	{ 64, 64, "EPOW" },
	{ 160, 160, "Platform Resource Reassignment" },
	{ 224, 224, "Platform Error" },
	{ 225, 225, "I/O Event" },
	{ 226, 226, "Platform Information Event" },
	{ 227, 227, "Resource Deallocation Event" },
	{ 228, 228, "Dump Notification Event" },
	{ 229, 229, "Hotplug Event" },
};

static const char *const months[] = {
	"", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
	"", "", "", "", "", "", "Oct", "Nov", "Dec",
};

static const struct meaning creators[] = {
	{ 'C', 'C', "Hardware Management Console" },
	{ 'E', 'E', "Service Processor" },
	{ 'H', 'H', "PHyp" },
	{ 'L', 'L', "Partition Firmware" },
	{ 'S', 'S', "SLIC" },
	{ 'W', 'W', "Power Control" },
};

static const struct meaning subsystems[] = {
	{ 0x10, 0x1f, "Processor, including internal cache" },
	{ 0x20, 0x2f, "Memory, including external cache" },
	{ 0x30, 0x3f, "I/O (hub, bridge, bus)" },
	{ 0x40, 0x4f, "I/O adapter, device and peripheral" },
	{ 0x50, 0x5f, "CEC Hardware" },
	{ 0x60, 0x6f, "Power/Cooling System" },
	{ 0x70, 0x79, "Other Subsystems" },
	{ 0x7a, 0x7f, "Surveillance Error" },
	{ 0x80, 0x8f, "Platform Firmware" },
	{ 0x90, 0x9f, "Software" },
	{ 0xa0, 0xaf, "External Environment" },
};

static const struct meaning subtypes[] = {
	{ 0x01, 0x01, "Miscellaneous, informational only." },
	{ 0x08, 0x08, "Dump notification." },
	{ 0x10, 0x10, "Previously reported error has been corrected by system." },
	{ 0x20, 0x20, "System resources manually deconfigured by user." },
	{ 0x21, 0x21, "System resources deconfigured by system dueto prior error event." },
	{ 0x22, 0x22, "Resource deallocation event notification." },
	{ 0x30, 0x30, "Customer environmental problem has returned to normal." },
	{ 0x40, 0x40, "Concurrent maintenance event." },
	{ 0x60, 0x60, "Capacity upgrade event." },
	{ 0x70, 0x70, "Resource sparing event." },
	{ 0x80, 0x80, "Dynamic reconfiguration event." },
	{ 0xd0, 0xd0, "Normal system/platform shutdown or powered off." },
	{ 0xe0, 0xe0, "Platform powered off by user without normal shutdown." },
};

static const struct meaning uh_severities[] = {
	{ 0x00, 0x00, "Informational or non-error event," },
	{ 0x10, 0x10, "Recovered error, general." },
	{ 0x20, 0x20, "Predictive error, general." },
	{ 0x21, 0x21, "Predictive error, degraded performance." },
	{ 0x22, 0x22, "Predictive error, fault may be corrected after platform re-IPL." },
	{ 0x23, 0x23, "Predictive Error, fault may be corrected after IPL, degraded performance." },
	{ 0x24, 0x24, "Predictive error, loss of redundancy." },
	{ 0x40, 0x40, "Unrecoverable error, general." },
	{ 0x41, 0x41, "Unrecoverable error, bypassed with degraded performance." },
	{ 0x44, 0x44, "Unrecoverable error, bypassed with loss of redundancy." },
	{ 0x45, 0x45, "Unrecoverable error, bypassed with loss of\nredundancy and performance." },
	{ 0x48, 0x48, "Unrecoverable error, bypassed with loss of function." },
	{ 0x60, 0x60, "Error on diagnostic test, general." },
	{ 0x61, 0x61, "Error on diagnostic test, resource may produce incorrect results." },
};

static const char *const epow_modifiers[] = {
	"",
	"Normal System Shutdown with no additional delay.",
	"Loss of utility power, system is running on UPS/battery.",
	"Loss of system critical functions, system should be shutdown.",
	"Ambient temperature too high, system should be shutdown.",
};

static const char *const io_types[] = {
	NULL, "Error Detected", "Error Recovered", "Event", "RPC Pass Through",
};

static const struct meaning io_scopes[] = {
	{ 0x00, 0x00, "N/A" },
	{ 0x36, 0x36, "RIO-hub" },
	{ 0x37, 0x37, "RIO-bridge" },
	{ 0x38, 0x38, "PHB" },
	{ 0x39, 0x39, "EADS Global" },
	{ 0x3a, 0x3a, "EADS Slot" },
};

static const char *const io_subtypes[] = {
	"N/A", "Rebalance Request", NULL, "Node online", "Node off-line",
	"Platform Dump maximum size change",
};

static const char *const hp_types[] = {
	"", "CPU", "Memory", "Slot", "PHB", "PCI", "PMEM",
};

static const char *const hp_actions[] = { "", "Add", "Remove" };

static const char *const hp_ids[] = {
	"", "DRC Name", "DRC Index", "Count", "Indexed Count",
};

static const struct meaning priorities[] = {
	{ 'H', 'H', "High priority and mandatory call-out." },
	{ 'M', 'M', "Medium priority." },
	{ 'A', 'A', "Medium priority group A (1st group)." },
	{ 'B', 'B', "Medium priority group B (2nd group)." },
	{ 'C', 'C', "Medium priority group C (3rd group)." },
	{ 'L', 'L', "Low Priority." },
};

static const struct meaning components[] = {
	{ 0x10, 0x10, "\"normal\" hardware FRU" },
	{ 0x20, 0x20, "Code FRU" },
	{ 0x30, 0x30, "Configuration error" },
	{ 0x40, 0x40, "Mainteneace procedure required" },
	{ 0x90, 0x90, "External FRU" },
	{ 0xa0, 0xa0, "External Code FRU" },
	{ 0xb0, 0xb0, "Tool FRU" },
	{ 0xc0, 0xc0, "Symbolic FRU" },
};
// clang-format on

const char *event_severity_text(uint32_t severity)
{
	return event_text_or_unknown(NTH(severities, severity));
}

const char *event_disposition_text(uint32_t disposition)
{
	return event_text_or_unknown(NTH(dispositions, disposition));
}

const char *event_entity_text(uint32_t entity)
{
	return event_text_or_unknown(NTH(entities, entity));
}

const char *event_type_text(uint32_t type)
{
	return event_text_or_unknown(MEANING(types, type));
}

const char *event_month_text(uint32_t bcd)
{
	const char *text = NTH(months, bcd);

	return text ? text : "(Unknown)";
}

const char *event_creator_text(uint32_t creator)
{
	return event_text_or_unknown(MEANING(creators, creator));
}

const char *event_subsystem_text(uint32_t subsystem)
{
	return MEANING(subsystems, subsystem);
}

const char *event_subtype_text(uint32_t subtype)
{
	return MEANING(subtypes, subtype);
}

const char *event_uh_severity_text(uint32_t severity)
{
	return MEANING(uh_severities, severity);
}

const char *event_epow_text(uint32_t modifier)
{
	return NTH(epow_modifiers, modifier);
}

const char *event_io_type_text(uint32_t type)
{
	return NTH(io_types, type);
}

const char *event_io_scope_text(uint32_t scope)
{
	return MEANING(io_scopes, scope);
}

const char *event_io_subtype_text(uint32_t subtype)
{
	return NTH(io_subtypes, subtype);
}

const char *event_hp_type_text(uint32_t type)
{
	return event_text_or_unknown(NTH(hp_types, type));
}

const char *event_hp_action_text(uint32_t action)
{
	return event_text_or_unknown(NTH(hp_actions, action));
}

const char *event_hp_id_text(uint32_t id)
{
	return event_text_or_unknown(NTH(hp_ids, id));
}

const char *event_fru_priority_text(uint32_t priority)
{
	return MEANING(priorities, priority);
}

const char *event_fru_component_text(uint32_t component)
{
	return MEANING(components, component & 0xf0);
}
