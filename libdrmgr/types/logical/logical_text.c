// SPDX-License-Identifier: LGPL-2.1-or-later
/* Long-established texts are kept word for word, with their typing errors. */
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/logical/logical_text.h"
#include "kern/text.h"
#include "kern/cleanup.h"

static const char *const phb_texts[] = {
	[DR_FAULT_OWNED] = "PHB is already owned by this partition",
	[DR_FAULT_DISPLAY] =
		"A display adapter or a logical slot below this PHB is owned "
		"by this partition:\nremove that first.",
};

char *phb_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { phb_texts, ARRAY_SIZE(phb_texts) };

	if (error->fault == DR_FAULT_NOT_CAPABLE)
		return text_of("%s", error->what);
	if (error->fault == DR_FAULT_UNKNOWN)
		return text_of("Could not find drc index for %s, unable to add thePHB.",
			       error->what);
	if (error->fault == DR_FAULT_NO_INDEX)
		return text_of("Could not locate DRC name for DRC index: %s",
			       error->what);
	if (error->fault == DR_FAULT_UNLISTED)
		return text_of("%s: firmware's table does not list this PHB, so its "
			       "connector cannot be changed",
			       error->what);
	if (error->fault == DR_FAULT_NOT_OWNED || error->fault == DR_FAULT_ABSENT)
		return text_of("Could not find PHB %s", error->what);
	if (error->fault == DR_FAULT_TOO_FEW)
		return text_of("Only %s requested PHBs are available to this partition.",
			       error->what);
	if (error->fault == DR_FAULT_NONE_LEFT)
		return text_of("No PHB is available to this partition.");
	return error_text(error, drc, &words);
}

static const char *const lslot_texts[] = {
	[DR_FAULT_DISPLAY] = "Display adapters are not supported by drmgr.",
};

char *lslot_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { lslot_texts, ARRAY_SIZE(lslot_texts) };

	if (error->fault == DR_FAULT_NOT_CAPABLE)
		return text_of("%s", error->what);
	if (error->fault == DR_FAULT_UNKNOWN || error->fault == DR_FAULT_NO_INDEX)
		return text_of("Could not find drc index for %s, unable to add theslot.",
			       error->what);
	if (error->fault == DR_FAULT_OWNED)
		return text_of("partition already owns %s", error->what);
	if (error->fault == DR_FAULT_NOT_OWNED)
		return text_of("%s not owned by partition", error->what);
	if (error->fault == DR_FAULT_ABSENT)
		return text_of("%s does not exist", error->what);
	if (error->fault == DR_FAULT_WRONG_TYPE)
		return text_of("%s is not a SLOT connector", error->what);
	return error_text(error, drc, &words);
}
