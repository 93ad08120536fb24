// SPDX-License-Identifier: LGPL-2.1-or-later
#include <string.h>

#include "vmm/cpu/cpus.h"

static bool cpu_model_has_long_name(const struct cpu_model *model, const char *name)
{
	size_t len = strlen(name);

	return !strncasecmp(model->core_type, name, len) &&
	       !strcmp(model->core_type + len, "-spapr-cpu-core");
}

const struct cpu_model *cpu_model_find(const struct machine_type *type, const char *name)
{
	for (const struct cpu_model *m = type->cpu_models; m->core_type; m++)
		if ((m->name && !strcasecmp(m->name, name)) ||
		    cpu_model_has_long_name(m, name))
			return m;
	return NULL;
}

const struct cpu_model *cpu_model_of_core(const struct machine_type *type,
					  const char *core_type)
{
	for (const struct cpu_model *m = type->cpu_models; m->core_type; m++)
		if (!strcmp(m->core_type, core_type))
			return m;
	return NULL;
}
