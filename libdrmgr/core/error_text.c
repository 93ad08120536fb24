// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * Management consoles show these texts, and administrators search for them. So
 * long-established texts are kept word for word. A line before each names the step, the
 * call and its status.
 */
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/error_text.h"
#include "libdrmgr/core/connector.h"
#include "libdrmgr/core/drc_state.h"
#include "kern/text.h"

static const char hardware_error[] =
	"Hardware error. You must correct this error before\n"
	"attempting any further dynamic reconfiguration operations.\n"
	"Check the system error log for more information.";

static const char software_error[] =
	"Internal software error. Contact your service representative.";

static const char speed_error[] = "Add operation failed. The 33MHz PCI card may\n"
				  "not be added to the PCI bus with another adapter\n"
				  "running at 66 MHz.";

static const char not_this_system[] =
	"This adapter cannot be attached to this system at this\n"
	"time. You may have to remove other adapters before this\n"
	"adapter can be successfully attached.  Consult the hardware\n"
	"documentation for your system to find an explanation of\n"
	"the supported combinations of adapters that may be attached\n"
	"at one time.";

static const char not_this_slot[] =
	"This adapter is not supported in the specified slot,\n"
	"but there may be other slots where it is supported. Consult\n"
	"the hardware documentation for your system to find the\n"
	"appropriate slots for this adapter.";

static const char unusable[] =
	"This adapter is currently unusable, available for exchange or "
	"available for recovery";

static const char *const advice[] = {
	[DR_ADVICE_SERVICE] = software_error,
	[DR_ADVICE_HARDWARE] = hardware_error,
	[DR_ADVICE_BUS_SPEED] = speed_error,
	[DR_ADVICE_NOT_THIS_SYSTEM] = not_this_system,
	[DR_ADVICE_NOT_THIS_SLOT] = not_this_slot,
	[DR_ADVICE_UNUSABLE] = unusable,
};

/* Return the connector and the step: "C8 (0x40000008): unisolate". The caller frees
 * it. */
static char *error_subject(const struct dr_error *error, const struct drc *drc)
{
	if (!drc || !drc->name)
		return text_of("%s", error->step ? error->step : "drmgr");
	if (!drc->index)
		return text_of("%s: %s", drc->name, error->step ? error->step : "");
	return text_of("%s (0x%08x): %s", drc->name, drc->index,
		       error->step ? error->step : "");
}

/* Return the meaning of a status of set-indicator for a logical connector. */
static const char *error_indicator_text(int32_t status)
{
	switch (status) {
	case -1:
		return "Hardware error.";
	case -2:
		return "Hardware busy, try again later.";
	case -3:
		return "No such indicator implemented.";
	case DRC_INDICATOR_MULTILEVEL:
		return "Multi-level isolation error.";
	case DRC_INDICATOR_TRANSLATIONS:
		return "Valid outstanding translations exist.";
	}
	return "";
}

/* The steps of a logical connector, and the texts of their failures. */
static const struct {
	const char *step, *before, *between, *after;
} logical_texts[] = {
	{ "sense", "Entity sense failed for drc ", " with ", "" },
	{ "allocate", "Allocation failed for drc ", " with ", "" },
	{ "unisolate", "Unisolate failed for drc ", " with ", "" },
	{ "isolate", "Isolation failed for ", " with ", "" },
	{ "deallocate", "Unable to un-allocate drc ", " from the partition (", ")" },
};

static char *error_logical_text(const struct dr_error *error, const struct drc *drc,
				const char *who)
{
	const char *why = error->fault == DR_FAULT_SENSE
				  ? drc_sense_text(error->status)
				  : error_indicator_text(error->status);

	for (size_t i = 0; drc && error->step && i < ARRAY_SIZE(logical_texts); i++)
		if (!strcmp(error->step, logical_texts[i].step))
			return text_of("%s: %s\n%s%x%s%d%s%s%s", who, error->what,
				       logical_texts[i].before, drc->index,
				       logical_texts[i].between, error->status,
				       logical_texts[i].after, *why ? "\n" : "", why);
	return text_of("%s: %s", who, error->what);
}

static char *error_firmware_text(const struct dr_error *error, const struct drc *drc,
				 const char *who)
{
	if (error->is_walk)
		return text_of("%s: %s\n%s\nConfigure_connector failed for drc index %x",
			       who, error->what, advice[error->advice],
			       drc ? drc->index : 0);
	if (error->is_logical)
		return error_logical_text(error, drc, who);
	return text_of("%s: %s\n%s", who, error->what, advice[error->advice]);
}

/* What to do after a failed call. For other errors there is no advice. */
static const struct {
	int err;
	const char *text;
} next_steps[] = {
	{ -EPERM, "Run drmgr as root. Kernel lockdown forbids the call." },
	{ -EINVAL, "This kernel does not allow programs to make the call." },
	{ -ENOSYS, "This kernel does not support the call." },
	{ -ETIMEDOUT, "Try again later, or wait longer with -w MINUTES." },
};

static char *error_call_text(const struct dr_error *error, const char *who)
{
	const char *why = dr_refusal_text(error->err), *next = software_error;

	for (size_t i = 0; i < ARRAY_SIZE(next_steps); i++)
		if (next_steps[i].err == error->err)
			next = next_steps[i].text;
	return text_of("%s: %s: %s\n%s", who, error->what,
		       why ? why : strerror(-error->err), next);
}

static char *error_backend_text(const struct dr_error *error)
{
	const char *what = strcmp(error->what, "auto") ? error->what
						       : "any interface of this kernel";
	const char *why =
		error->err == -EPERM ? "kernel lockdown" : strerror(-error->err);

	if (error->fault == DR_FAULT_NO_SEARCH)
		return text_of("No node can be attached through %s, also not to undo a "
			       "removal: %s%s. Under lockdown this machine needs Linux "
			       "6.12.42 or later, or one with that fix",
			       what,
			       error->err ? "it is unknown whether the kernel finds the "
					    "connectors of this machine: /dev/kmsg: "
					  : "the kernel does not find the connectors of "
					    "this machine: /sys/kernel/dlpar: ",
			       strerror(error->err ? -error->err : EIO));
	if (error->fault == DR_FAULT_NO_WALK)
		return text_of("No node can be attached through %s, also not to undo a "
			       "removal: the kernel permits no work area of firmware in "
			       "/dev/mem: %s",
			       what, why);
	return text_of("The device tree cannot be changed through %s: %s", what, why);
}

static const char *drc_name(const struct drc *drc)
{
	return drc && drc->name ? drc->name : "drmgr";
}

/* Return the administrator's word for the resource of a connector. */
static const char *drc_kind(const struct drc *drc)
{
	if (!drc || !strcmp(drc->type, "MEM") || !strcmp(drc->type, "CPU"))
		return "it";
	if (connector_is_phb(drc->type))
		return "the PHB";
	return connector_is_logical_slot(drc->type) ? "the slot" : "the card";
}

/* Return the text for a fault of a step. The caller frees it. */
static char *error_step_text(const struct dr_error *error, const struct drc *drc,
			     const char *who)
{
	const char *why = strerror(-error->err);

	switch ((int)error->fault) {
	case DR_FAULT_FIRMWARE:
		return error_firmware_text(error, drc, who);
	case DR_FAULT_CALL:
		return error_call_text(error, who);
	case DR_FAULT_KERNEL:
		return text_of("%s: Write to %s failed: %s\n%s%s%s", who, error->what,
			       why, software_error, *error->reason ? "\nReason: " : "",
			       error->reason);
	case DR_FAULT_UNREAD:
		return text_of("%s: %s cannot be read: %s", who, error->what, why);
	case DR_FAULT_INTERRUPTED:
		return text_of("%s: stopped by a signal", who);
	case DR_FAULT_NO_ANSWER:
		return text_of("%s: standard input ended before an answer.\n"
			       "Specify -n to run without prompts.",
			       who);
	case DR_FAULT_SENSE:
		if (error->is_logical)
			return error_logical_text(error, drc, who);
		return text_of("%s: %s\n%s", who, error->what, software_error);
	case DR_FAULT_WALK:
		return text_of("%s: %s\nConfigure_connector failed for drc index %x", who,
			       error->what, drc ? drc->index : 0);
	case DR_FAULT_TREE:
		return text_of("%s: device tree: %s: %s\n"
			       "The kernel's log (dmesg) may have the reason.",
			       who, error->what, why);
	case DR_FAULT_NO_DEVICE:
		return text_of(
			"%s: no PCI device appeared for %s\n"
			"The kernel's log (dmesg) may have the reason. To wait longer, "
			"use -w MINUTES.",
			who, error->what);
	case DR_FAULT_STILL_IN_USE:
		return text_of(
			"timeout while quiescing device at /sys/bus/pci/devices/%s\n"
			"%s: device still in use\n"
			"Stop the programs that use it, or wait longer with -w MINUTES.",
			error->what, who);
	case DR_FAULT_SYSTEM_NEEDS:
		return text_of(
			"%s: cannot remove %s: %s (use --force to remove it anyway)",
			drc_name(drc), drc_kind(drc), error->what);
	case DR_FAULT_LOSS:
		return text_of("%s: cannot remove %s with --no-loss: %s", drc_name(drc),
			       drc_kind(drc), error->what);
	case DR_FAULT_MEMORY:
		return text_of("%s: out of memory", who);
	case DR_FAULT_UNDO:
		return text_of("%s: firmware keeps what was only tried\n"
			       "Correct the cause and run drmgr --recover.",
			       who);
	case DR_FAULT_JOURNAL:
		return text_of("%s: the step does not fit into %s, so it was not made\n"
			       "Try again with fewer resources at once.",
			       who, error->what);
	}
	return text_of("%s", who);
}

char *error_text(const struct dr_error *error, const struct drc *drc,
		 const struct error_words *words)
{
	_cleanup_free_ char *who = NULL;

	if (error->fault < words->n && words->by_fault[error->fault])
		return text_of("%s", words->by_fault[error->fault]);
	if (error->fault == DR_FAULT_AMBIGUOUS)
		return text_of(ERROR_AMBIGUOUS, error->what);
	if (error->fault == DR_FAULT_WRITER)
		return text_of("%s", error->what);
	if (error->fault == DR_FAULT_LATE)
		return text_of("Drmgr has exceeded its specified wait time and will not "
			       "continue");
	if (error->fault >= DR_FAULT_NO_BACKEND && error->fault <= DR_FAULT_NO_SEARCH)
		return error_backend_text(error);

	who = error_subject(error, drc);
	return who ? error_step_text(error, drc, who) : NULL;
}
