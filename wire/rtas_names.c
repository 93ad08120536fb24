// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "wire/drc.h"
#include "wire/rtas_args.h"
#include "wire/rtas_names.h"
#include "wire/workarea.h"

// clang-format off
#define NO_BUFFER           { -1, -1, 0, false }
#define NONE                { NO_BUFFER, NO_BUFFER }
#define FIXED(arg, bytes)   { { arg, -1, bytes, false }, NO_BUFFER }
#define SIZED(arg, size)    { { arg, size, 0, false }, NO_BUFFER }
#define FIRST_BYTE(arg)     FIXED(arg, 1)
#define NO_PLACE             { 0, 0 }

static const struct rtas_desc descs[RTAS_CALLS] = {
	[RTAS_ACTIVATE_FIRMWARE] =        { "ibm,activate-firmware",        0, 1, 0, false, NONE, NO_PLACE },
	[RTAS_CLOSE_ERRINJCT] =           { "ibm,close-errinjct",           1, 1, 0, false, NONE, NO_PLACE },
	[RTAS_CONFIGURE_CONNECTOR] =      { "ibm,configure-connector",      2, 1, 0, false,
					    { { 0, -1, 4096, false }, { 1, -1, 4096, true } }, NO_PLACE },
	[RTAS_DISPLAY_CHARACTER] =        { "display-character",            1, 1, 0, false, NONE, NO_PLACE },
	[RTAS_DISPLAY_MESSAGE] =          { "ibm,display-message",          1, 1, 0, false, FIRST_BYTE(0), NO_PLACE },
	[RTAS_ERRINJCT] =                 { "ibm,errinjct",                 3, 1, 0, false, FIXED(2, 1024), NO_PLACE },
	[RTAS_GET_CONFIG_ADDR_INFO2] =    { "ibm,get-config-addr-info2",    4, 2, 0, false, NONE, NO_PLACE },
	[RTAS_GET_DYNAMIC_SENSOR_STATE] = { "ibm,get-dynamic-sensor-state", 2, 2, 0, false, FIRST_BYTE(1), NO_PLACE },
	[RTAS_GET_INDICES] =              { "ibm,get-indices",              5, 2, 0, false, SIZED(2, 3), NO_PLACE },
	[RTAS_GET_POWER_LEVEL] =          { "get-power-level",              1, 2, 0, false, NONE, NO_PLACE },
	[RTAS_GET_SENSOR_STATE] =         { "get-sensor-state",             2, 2, 0, false, NONE, NO_PLACE },
	[RTAS_GET_SYSTEM_PARAMETER] =     { "ibm,get-system-parameter",     3, 1, 0, false, SIZED(1, 2), NO_PLACE },
	[RTAS_GET_TIME_OF_DAY] =          { "get-time-of-day",              0, 8, 0, false, NONE, NO_PLACE },
	[RTAS_GET_VPD] =                  { "ibm,get-vpd",                  4, 3, 0, false,
					    { { 0, -1, 1, false }, { 1, 2, 0, false } }, { 3, 1 } },
	[RTAS_LPAR_PERFTOOLS] =           { "ibm,lpar-perftools",           5, 2, 0, false, SIZED(2, 3), { 4, 1 } },
	[RTAS_OPEN_ERRINJCT] =            { "ibm,open-errinjct",            0, 2, 1, false, NONE, NO_PLACE },
	[RTAS_PHYSICAL_ATTESTATION] =     { "ibm,physical-attestation",     3, 3, 0, false, SIZED(0, 1), NO_PLACE },
	[RTAS_PLATFORM_DUMP] =            { "ibm,platform-dump",            6, 5, 0, false,
					    { { 4, 5, 0, true }, NO_BUFFER }, { 2, 2 } },
	[RTAS_READ_SLOT_RESET_STATE] =    { "ibm,read-slot-reset-state",    3, 3, 0, false, NONE, NO_PLACE },
	[RTAS_SCAN_LOG_DUMP] =            { "ibm,scan-log-dump",            2, 1, 0, false, SIZED(0, 1), NO_PLACE },
	[RTAS_SET_DYNAMIC_INDICATOR] =    { "ibm,set-dynamic-indicator",    3, 1, 0, false, FIRST_BYTE(2), NO_PLACE },
	[RTAS_SET_EEH_OPTION] =           { "ibm,set-eeh-option",           4, 1, 0, false, NONE, NO_PLACE },
	[RTAS_SET_INDICATOR] =            { "set-indicator",                3, 1, 0, false, NONE, NO_PLACE },
	[RTAS_SET_POWER_LEVEL] =          { "set-power-level",              2, 2, 0, false, NONE, NO_PLACE },
	[RTAS_SET_SYSTEM_PARAMETER] =     { "ibm,set-system-parameter",     2, 1, 0, false, FIRST_BYTE(1), NO_PLACE },
	[RTAS_SET_TIME_FOR_POWER_ON] =    { "set-time-for-power-on",        7, 1, 0, false, NONE, NO_PLACE },
	[RTAS_SET_TIME_OF_DAY] =          { "set-time-of-day",              7, 1, 0, false, NONE, NO_PLACE },
	[RTAS_SUSPEND_ME] =               { "ibm,suspend-me",               2, 1, 0, true,  NONE, NO_PLACE },
	[RTAS_UPDATE_NODES] =             { "ibm,update-nodes",             2, 1, 0, true,  FIXED(0, 4096), NO_PLACE },
	[RTAS_UPDATE_PROPERTIES] =        { "ibm,update-properties",        2, 1, 0, true,  FIXED(0, 4096), NO_PLACE },
};

/* RTAS_CALLS means every call. */
static const struct {
	enum rtas_call call;
	int32_t status;
	const char *text;
} texts[] = {
	{ RTAS_CONFIGURE_CONNECTOR, CC_COMPLETE,        "complete" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_SIBLING,         "next sibling" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_CHILD,           "next child" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_PROPERTY,        "next property" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_PARENT,          "previous parent" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_MORE_MEMORY,     "needs more memory" },
	{ RTAS_CONFIGURE_CONNECTOR, RTAS_PARAMETER_ERROR, "no such connector" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_NOT_THIS_SYSTEM, "not possible in this system now" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_NOT_THIS_SLOT,   "not supported in this slot" },
	{ RTAS_CONFIGURE_CONNECTOR, CC_UNUSABLE,        "connector not usable" },
	{ RTAS_SET_INDICATOR, RTAS_PARAMETER_ERROR,       "no such indicator, or refused in this state" },
	{ RTAS_SET_INDICATOR, DRC_INDICATOR_MULTILEVEL,   "multi-level isolation error" },
	{ RTAS_SET_INDICATOR, DRC_INDICATOR_TRANSLATIONS, "valid outstanding translations" },
	{ RTAS_GET_SENSOR_STATE, RTAS_PARAMETER_ERROR,             "no such sensor" },
	{ RTAS_GET_SENSOR_STATE, DRC_SENSE_NEEDS_POWER_UNISOLATED, "needs power and unisolation" },
	{ RTAS_GET_SENSOR_STATE, DRC_SENSE_NEEDS_POWER,            "needs power" },
	{ RTAS_SET_POWER_LEVEL, RTAS_PARAMETER_ERROR,  "no such power domain" },
	{ RTAS_SET_POWER_LEVEL, DRC_POWER_WRONG_SPEED, "card of another bus speed" },
	{ RTAS_GET_DYNAMIC_SENSOR_STATE, RTAS_PARAMETER_ERROR, "no such sensor" },
	{ RTAS_SET_DYNAMIC_INDICATOR, RTAS_PARAMETER_ERROR,    "no such indicator" },
	{ RTAS_GET_SYSTEM_PARAMETER, RTAS_PARAMETER_ERROR,  "no such parameter" },
	{ RTAS_GET_SYSTEM_PARAMETER, RTAS_NOT_AUTHORIZED,   "not authorized" },
	{ RTAS_GET_SYSTEM_PARAMETER, RTAS_BAD_LENGTH,       "wrong length" },
	{ RTAS_SET_SYSTEM_PARAMETER, RTAS_PARAMETER_ERROR,  "no such parameter" },
	{ RTAS_SET_SYSTEM_PARAMETER, RTAS_NOT_AUTHORIZED,   "not authorized" },
	{ RTAS_SET_SYSTEM_PARAMETER, RTAS_BAD_LENGTH,       "wrong length" },
	{ RTAS_GET_VPD, RTAS_MORE,               "more to come" },
	{ RTAS_GET_VPD, RTAS_CHANGED,            "changed, begin again" },
	{ RTAS_GET_INDICES, RTAS_MORE,           "more to come" },
	{ RTAS_GET_INDICES, RTAS_CHANGED,        "changed, begin again" },
	{ RTAS_LPAR_PERFTOOLS, RTAS_MORE,        "more to come" },
	{ RTAS_PHYSICAL_ATTESTATION, RTAS_MORE,  "more to come" },
	{ RTAS_PLATFORM_DUMP, RTAS_MORE,         "more to come" },
	{ RTAS_PLATFORM_DUMP, RTAS_NOT_AUTHORIZED, "not authorized" },
	{ RTAS_SCAN_LOG_DUMP, RTAS_MORE,         "more to come" },
	{ RTAS_UPDATE_NODES, RTAS_MORE,          "more to come" },
	{ RTAS_UPDATE_PROPERTIES, RTAS_MORE,     "more to come" },
	{ RTAS_ACTIVATE_FIRMWARE, RTAS_NO_VALID_FIRMWARE, "no valid firmware to activate" },
	{ RTAS_OPEN_ERRINJCT, RTAS_ALREADY_OPEN, "already open" },
	{ RTAS_OPEN_ERRINJCT, RTAS_PCI_INJECTION_OFF, "injection of PCI errors is not enabled" },
	{ RTAS_SUSPEND_ME, RTAS_SUSPEND_ABORTED, "suspension aborted" },
	{ RTAS_SUSPEND_ME, RTAS_NOT_SUSPENDABLE, "not suspendable" },
	{ RTAS_SUSPEND_ME, RTAS_THREADS_ACTIVE,  "threads are active" },
	{ RTAS_SUSPEND_ME, RTAS_COPROCESSOR,     "outstanding coprocessor operations" },
	{ RTAS_CALLS, RTAS_SUCCESS,         "success" },
	{ RTAS_CALLS, RTAS_HARDWARE_ERROR,  "hardware error" },
	{ RTAS_CALLS, RTAS_BUSY,            "busy" },
	{ RTAS_CALLS, RTAS_PARAMETER_ERROR, "parameter error" },
};
// clang-format on

const struct rtas_desc *rtas_desc(enum rtas_call call)
{
	return &descs[call];
}

enum rtas_call rtas_call_by_name(const char *name)
{
	int i;

	for (i = 0; i < RTAS_CALLS; i++)
		if (!strcmp(descs[i].name, name))
			break;
	return (enum rtas_call)i;
}

const char *rtas_status_text(enum rtas_call call, int32_t status)
{
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (texts[i].status == status &&
		    (texts[i].call == call || texts[i].call == RTAS_CALLS))
			return texts[i].text;

	return status >= RTAS_DELAY_MIN && status <= RTAS_DELAY_MAX
		       ? "busy, extended delay"
		       : "unknown status";
}
