// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "libdrmgr/types/cpu/cpu_text.h"
#include "libdrmgr/types/error_text.h"
#include "kern/log.h"

char *cpu_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { 0 };
	const char *step = error->step ? error->step : "";

	if (error->fault == DR_FAULT_KERNEL && drc)
		return text_of("%s (0x%08x): %s\nFailed to write to %s: %s", drc->name,
			       drc->index, step, error->what, strerror(-error->err));
	if (error->fault == DR_FAULT_NO_DEVICE && drc)
		return text_of("%s (0x%08x): %s: Linux uses no processor of %s",
			       drc->name, drc->index, step, error->what);
	return error_text(error, drc, &words);
}
