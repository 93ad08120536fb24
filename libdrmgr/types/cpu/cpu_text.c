// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/core/error_text.h"
#include "kern/text.h"

/* How the user named the core: "CPU with drc index 10000001" or "CPU "CPU 1"". */
static char *cpu_request_text(const char *before, const char *key, const char *after)
{
	return strncmp(key, "0x", 2)
		       ? text_of("%sCPU \"%s\"%s", before, key, after)
		       : text_of("%sCPU with drc index %s%s", before, key + 2, after);
}

/* The kernel refused a request. Its reason has an errno: "Failed to offline CPU
 * PowerPC,POWER9, rc: -16". */
static char *cpu_kernel_text(const struct dr_error *error, const struct drc *drc,
			     const char *step)
{
	const char *rc = strstr(error->reason, "rc: -");
	int err = rc ? (int)strtoul(rc + strlen("rc: -"), NULL, 10) : 0;

	return text_of("%s (0x%08x): %s\nFailed to write to %s: %s%s%s%s%s", drc->name,
		       drc->index, step, error->what, strerror(-error->err),
		       *error->reason ? "\nReason: " : "", error->reason, err ? ": " : "",
		       err ? strerror(err) : "");
}

char *cpu_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { 0 };
	const char *step = error->step ? error->step : "";

	if (error->fault == DR_FAULT_KERNEL && drc)
		return cpu_kernel_text(error, drc, step);
	if (error->fault == DR_FAULT_NO_DEVICE && drc)
		return text_of("%s (0x%08x): %s: Linux uses no processor of %s",
			       drc->name, drc->index, step, error->what);
	switch ((int)error->fault) {
	case DR_FAULT_NO_SLOTS:
		return text_of(
			"Could not initialize Dynamic Reconfiguration information.");
	case DR_FAULT_UNKNOWN:
	case DR_FAULT_NO_INDEX:
		return cpu_request_text("Could not locate ", error->what, "");
	case DR_FAULT_OWNED:
		return cpu_request_text("Requested ", error->what,
					" is already present.");
	case DR_FAULT_NOT_OWNED:
		return cpu_request_text("Requested ", error->what, " is not present.");
	case DR_FAULT_UNUSABLE:
		return cpu_request_text("Requested ", error->what, " is unusable");
	case DR_FAULT_NONE_LEFT:
		return text_of("Could not find available cpu.");
	case DR_FAULT_LAST:
		return text_of("Cannot remove the last CPU");
	}
	return error_text(error, drc, &words);
}

char *smt_error_text(const struct dr_error *error, const struct drc *drc)
{
	switch ((int)error->fault) {
	case DR_FAULT_NOT_CAPABLE:
		return text_of("SMT functions not available on this system.");
	case DR_FAULT_UNKNOWN:
	case DR_FAULT_NO_INDEX:
		return text_of("Could not locate CPU \"%s\"", error->what);
	case DR_FAULT_NOT_OWNED:
		return text_of("Requested CPU \"%s\" is not present.", error->what);
	}
	return cpu_error_text(error, drc);
}
