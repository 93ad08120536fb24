// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>
#include <strings.h>

#include "vmm/cpus.h"

/* Version 2.0 of each model, as in QEMU's plain names. */
static const struct cpu_model models[] = {
	{ "power8", "power8_v2.0-spapr-cpu-core", "PowerPC,POWER8", 0x004d0200, 8,
	  false },
	{ "power9", "power9_v2.0-spapr-cpu-core", "PowerPC,POWER9", 0x004e1200, 4, true },
	{ "power10", "power10_v2.0-spapr-cpu-core", "PowerPC,POWER10", 0x00800200, 0,
	  true },
};
enum { MODELS = sizeof(models) / sizeof(models[0]) };

static bool is_long_name(const struct cpu_model *model, const char *name)
{
	size_t len = strlen(name);

	return !strncasecmp(model->core_type, name, len) &&
	       !strcmp(model->core_type + len, "-spapr-cpu-core");
}

const struct cpu_model *cpu_model_find(const char *name)
{
	for (int i = 0; i < MODELS; i++)
		if (!strcasecmp(models[i].name, name) || is_long_name(&models[i], name))
			return &models[i];
	return NULL;
}

const struct cpu_model *cpu_model_of_core(const char *core_type)
{
	for (int i = 0; i < MODELS; i++)
		if (!strcmp(models[i].core_type, core_type))
			return &models[i];
	return NULL;
}
