// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Words that a message must have to name the failed step: one of them is enough.
 *
 * Source:  drmgr/error_text.c, whose texts for logical connectors are long-established
 */
#include <stdio.h>
#include <string.h>

#include "fault.h"

enum { WORDS = 8 };

static const char mark[] = "write:";

static const struct {
	const char *name, *words[WORDS];
} step_words[] = {
	{ "get-sensor-state",
	  { "get-sensor-state", "Entity sense failed", "sensor", "There is no card",
	    "Unable to allocate the resource", "requested LMBs can be added",
	    "Could not find available cpu" } },
	{ "ibm,configure-connector",
	  { "ibm,configure-connector", "Configure_connector failed" } },
	/* The kernel's: it finds no device then. */
	{ "ibm,read-pci-config", { "no PCI device" } },
	{ "ibm,write-pci-config", { "no PCI device" } },
	{ "write:/sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/"
	  "update_total_credits",
	  { "QoS credits" } },
};

/* Files named by the action on them: all with these endings. */
static const struct {
	const char *end, *word;
} file_words[] = {
	{ "/remove", "remove-device" },
};

static bool names_file(const char *text, const char *path)
{
	size_t len = strlen(path), end;

	for (size_t i = 0; i < sizeof(file_words) / sizeof(file_words[0]); i++) {
		end = strlen(file_words[i].end);
		if (len > end && !strcmp(path + len - end, file_words[i].end) &&
		    strstr(text, file_words[i].word))
			return true;
	}
	return strstr(text, path);
}

static bool has_one(const char *text, const char *const *words)
{
	for (int i = 0; i < WORDS && words[i]; i++)
		if (strstr(text, words[i]))
			return true;
	return false;
}

static bool names_step(const char *text, const char *name)
{
	for (size_t i = 0; i < sizeof(step_words) / sizeof(step_words[0]); i++)
		if (!strcmp(step_words[i].name, name))
			return has_one(text, step_words[i].words);
	if (strncmp(name, mark, strlen(mark)))
		return strstr(text, name);
	return names_file(text, name + strlen(mark));
}

/* The purpose of the kernel's own call: one of the files that drmgr writes. */
static bool names_write(const char *text, const struct steps *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->all[i].is_write &&
		    strstr(text, steps->all[i].name + strlen(mark)))
			return true;
	return false;
}

bool words_name_step(const char *text, const struct steps *steps, const struct step *step)
{
	return names_step(text, step->name) ||
	       (!step->is_write && !step->is_drmgrs && names_write(text, steps));
}

bool words_name_write(const char *text, const struct steps *steps)
{
	for (size_t i = 0; i < steps->n; i++)
		if (steps->all[i].is_write && names_step(text, steps->all[i].name))
			return true;
	return false;
}
