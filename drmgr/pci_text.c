// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Management consoles show these texts and people search for them, so those that exist
 * in the field since long are kept word for word; a line in front of them names the
 * step, the call and its status.
 */
#include <stdio.h>
#include <string.h>

#include "drmgr/pci_text.h"

static const char hardware_error[] =
	"Hardware error. You must correct this error before\n"
	"attempting any further dynamic reconfiguration operations.\n"
	"Check the system error log for more information.";

static const char software_error[] =
	"Internal software error. Contact your service representative.";

static const char speed_error[] = "Add operation failed. The 33MHz PCI card may\n"
				  "not be added to the PCI bus with another adapter\n"
				  "running at 66 MHz.";

static const char invalid_slot[] = "The specified PCI slot is either invalid\n"
				   "or does not support hot plug operations.";

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

/* Who and what: "C8 (0x40000008): unisolate". */
static char *subject(const struct dr_error *error, const struct connector *c)
{
	return c ? text_of("%s (0x%08x): %s", c->drc.name, c->drc.index,
			   error->step ? error->step : "")
		 : text_of("%s", error->step ? error->step : "drmgr");
}

static char *firmware_text(const struct dr_error *error, const struct connector *c,
			   const char *who)
{
	if (error->is_walk)
		return text_of("%s: %s\n%s\nConfigure_connector failed for drc index %x",
			       who, error->what, advice[error->advice],
			       c ? c->drc.index : 0);
	return text_of("%s: %s\n%s", who, error->what, advice[error->advice]);
}

static char *call_text(const struct dr_error *error, const char *who)
{
	const char *why = strerror(-error->err);

	switch (-error->err) {
	case ENODEV:
		why = "this firmware has no such call";
		break;
	case EINVAL:
		why = "refused by the kernel's filter of RTAS calls";
		break;
	case ETIMEDOUT:
		why = "firmware is still busy";
		break;
	case EPERM:
		why = "refused by the kernel: not privileged, or lockdown";
		break;
	case ENOSYS:
		why = "this kernel has no RTAS system call";
		break;
	}
	return text_of("%s: %s: %s\n%s", who, error->what, why, software_error);
}

/* Where there is nothing more to say than what is wrong. */
static const char *const plain_texts[] = {
	[DR_FAULT_NO_SLOTS] = "There are no PCI hot plug slots on this system.",
	[DR_FAULT_UNKNOWN] = invalid_slot,
	[DR_FAULT_NOT_HOTPLUG] = invalid_slot,
	[DR_FAULT_DISPLAY] = "DLPAR of display adapters is not supported.",
	[DR_FAULT_OCCUPIED] = "The specified PCI slot is already occupied.",
	[DR_FAULT_NO_CARD] = "No PCI card was detected in the specified PCI slot.",
	[DR_FAULT_NO_NODE] =
		"There is no configured card to remove from the specified PCI slot.",
};

static char *choice_text(const struct dr_error *error)
{
	if (error->fault == DR_FAULT_NO_INDEX)
		return text_of("Could not find drc_name for index %s\n%s", error->what,
			       invalid_slot);
	return text_of("Several connectors are called so, specify one of %s",
		       error->what);
}

static char *backend_text(const struct dr_error *error)
{
	return text_of("The device tree cannot be changed through %s: %s",
		       strcmp(error->what, "auto") ? error->what
						   : "any interface of this kernel",
		       error->err == -EPERM ? "kernel lockdown" : strerror(-error->err));
}

/* What a step of an operation met with. */
static char *step_text(const struct dr_error *error, const struct connector *c,
		       const char *who)
{
	const char *why = strerror(-error->err);

	switch ((int)error->fault) {
	case DR_FAULT_FIRMWARE:
		return firmware_text(error, c, who);
	case DR_FAULT_CALL:
		return call_text(error, who);
	case DR_FAULT_KERNEL:
		return text_of("%s: Write to %s failed: %s\n%s", who, error->what, why,
			       software_error);
	case DR_FAULT_INTERRUPTED:
		return text_of("%s: stopped by a signal", who);
	case DR_FAULT_SENSE:
		return text_of("%s: %s\n%s", who, error->what, software_error);
	case DR_FAULT_WALK:
		return text_of("%s: %s\nConfigure_connector failed for drc index %x", who,
			       error->what, c ? c->drc.index : 0);
	case DR_FAULT_TREE:
		return text_of("%s: device tree: %s: %s", who, error->what, why);
	case DR_FAULT_NO_DEVICE:
		return text_of("%s: no PCI device appeared for %s", who, error->what);
	case DR_FAULT_STILL_IN_USE:
		return text_of(
			"timeout while quiescing device at /sys/bus/pci/devices/%s\n"
			"%s: device still in use",
			error->what, who);
	case DR_FAULT_SYSTEM_NEEDS:
		return text_of("%s: %s: not removed without --force", who, error->what);
	case DR_FAULT_MEMORY:
		return text_of("%s: out of memory", who);
	}
	return text_of("%s", who);
}

char *pci_error_text(const struct dr_error *error, const struct connector *c)
{
	_cleanup_free_ char *who = NULL;

	if (error->fault < ARRAY_SIZE(plain_texts) && plain_texts[error->fault])
		return text_of("%s", plain_texts[error->fault]);
	if (error->fault == DR_FAULT_NO_INDEX || error->fault == DR_FAULT_AMBIGUOUS)
		return choice_text(error);
	if (error->fault == DR_FAULT_NO_BACKEND)
		return backend_text(error);

	who = subject(error, c);
	return who ? step_text(error, c, who) : NULL;
}
