// SPDX-License-Identifier: GPL-2.0-or-later
/* Hotplug sections: the peer's library knows only the first 16 bytes. */
#include <string.h>

#include "tests/peers/events/rules_all.h"

enum { HP_WITHOUT_ID = 12 };

/* Return the next hotplug section, with the output below a label. */
static const uint8_t *next_hotplug(const struct sample *sample,
				   const struct paper *theirs, const char *label,
				   unsigned int nth, struct range *rest)
{
	size_t len;
	const uint8_t *section = sample_section(sample, "HP", nth, &len);

	return section && paper_rest(theirs, "Hotplug section", nth, label, rest)
		       ? section
		       : NULL;
}

/* The name is lost. */
bool rule_hotplug_name(const struct sample *sample, struct paper *theirs,
		       const struct paper *ours)
{
	static const char label[] = "Hotplug drc_name:";
	struct range rest, line;
	bool changed = false;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; sample_section(sample, "HP", n, &len); n++) {
		const uint8_t *section = next_hotplug(sample, theirs, label, n, &rest);

		if (section && paper_line(theirs, &rest, label, &line))
			changed |= paper_printf(theirs, &line, "%-20s%s\n\n", label,
						(const char *)section + HP_WITHOUT_ID);
	}
	return changed;
}

/* An unknown identifier, whose second word is lost. */
bool rule_hotplug_indexed(const struct sample *sample, struct paper *theirs,
			  const struct paper *ours)
{
	bool changed = false;
	const uint8_t *section;
	struct range rest;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; (section = sample_section(sample, "HP", n, &len)); n++) {
		if (section[10] != 4 ||
		    !next_hotplug(sample, theirs, "Hotplug Identifier:", n, &rest))
			continue;
		changed |= paper_printf(
			theirs, &rest,
			"%-20s00000004 (Indexed Count)\n"
			"%-20s%08x\n%-20s%08x\n\n",
			"Hotplug Identifier:", "Hotplug count:",
			sample_be32(section + HP_WITHOUT_ID),
			"Hotplug drc_index:", sample_be32(section + HP_WITHOUT_ID + 4));
	}
	return changed;
}

/* An unknown type. */
bool rule_hotplug_pmem(const struct sample *sample, struct paper *theirs,
		       const struct paper *ours)
{
	static const char label[] = "Hotplug Type:";
	bool changed = false;
	const uint8_t *section;
	struct range rest, line;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; (section = sample_section(sample, "HP", n, &len)); n++)
		if (section[8] == 6 && next_hotplug(sample, theirs, label, n, &rest) &&
		    paper_line(theirs, &rest, label, &line))
			changed |= paper_printf(theirs, &line, "%-20s00000006 (PMEM)\n",
						label);
	return changed;
}

/* A hotplug section is read as 16 bytes. The remaining bytes are printed as another
 * one. */
bool rule_hotplug_phantom(const struct sample *sample, struct paper *theirs,
			  const struct paper *ours)
{
	struct range phantom;
	unsigned int known = 0;
	size_t len;

	(void)ours;
	for (unsigned int n = 0; sample_section(sample, "HP", n, &len); n++) {
		if (len <= 16)
			continue;
		while (sample_unknown(sample, known, &len))
			known++;
		return paper_part(theirs, "Unknown Section", known, &phantom) &&
		       paper_replace(theirs, &phantom, "");
	}
	return false;
}
