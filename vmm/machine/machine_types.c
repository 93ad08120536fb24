// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "vmm/machine/machine_types.h"
#include "vmm/paprvmm.h"
#include "vmm/pci/pci_models.h"
#include "wire/cas.h"

// clang-format off
/* ---- Processors: the plain name is the version that QEMU selects for it ---- */

static const struct cpu_model models_7_2[] = {
	{ "power8",  "power8_v2.0-spapr-cpu-core",  "PowerPC,POWER8",  0x004d0200, 8, false },
	{ "power9",  "power9_v2.0-spapr-cpu-core",  "PowerPC,POWER9",  0x004e1200, 4, true },
	{ "power10", "power10_v2.0-spapr-cpu-core", "PowerPC,POWER10", 0x00800200, 0, true },
	{ .core_type = NULL },
};
static const struct cpu_model models_10_0[] = {
	{ "power8",  "power8_v2.0-spapr-cpu-core",  "PowerPC,POWER8",  0x004d0200, 8, false },
	{ NULL,      "power9_v2.0-spapr-cpu-core",  "PowerPC,POWER9",  0x004e1200, 4, true },
	{ "power9",  "power9_v2.2-spapr-cpu-core",  "PowerPC,POWER9",  0x004e1202, 4, true },
	{ "power10", "power10_v2.0-spapr-cpu-core", "PowerPC,POWER10", 0x00801200, 0, true },
	{ "power11", "power11_v2.0-spapr-cpu-core", "PowerPC,POWER11", 0x00821200, 0, true },
	{ .core_type = NULL },
};

/* ---- "ibm,pa-features" ---- */

static const uint8_t features_7_2[CPU_LEVELS][CPU_FEATURES_BYTES] = {
	[CPU_2_06] = { 6, 0, 0xf6, 0x3f, 0xc7, 0, 0x80, 0xc0 },
	[CPU_2_07] = {
		24, 0,
		0xf6, 0x3f, 0xc7, 0xc0, 0x80, 0xf0, 0x80, 0, /* 0 - 7 */
		0, 0, 0, 0, 0, 0, 0, 0,                      /* 8 - 15 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,             /* 16 - 23 */
	},
	/* This version has none of its own for 3.10. */
	[CPU_3_00 ... CPU_3_10] = {
		66, 0,
		0xf6, 0x3f, 0xc7, 0xc0, 0x80, 0xf0, 0x80, 0, /* 0 - 7 */
		0, 0, 0, 0, 0, 0, 0, 0,                      /* 8 - 15 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,             /* 16 - 23 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,          /* 24 - 31 */
		0x80, 0, 0xc0, 0, 0x80, 0, 0x80, 0,          /* 32 - 39 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,          /* 40 - 47 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,          /* 48 - 55 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,          /* 56 - 63 */
		0, 0,                                        /* 64 - 65 */
	},
};
static const uint8_t features_10_0[CPU_LEVELS][CPU_FEATURES_BYTES] = {
	[CPU_2_06] = { 6, 0, 0xf6, 0x3f, 0xc7, 0, 0, 0xc0 },
	[CPU_2_07] = {
		24, 0,
		0xf6, 0x3f, 0xc7, 0xc0, 0, 0xf0, 0x80, 0, /* 0 - 7 */
		0, 0, 0, 0, 0, 0, 0, 0,                   /* 8 - 15 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,          /* 16 - 23 */
	},
	[CPU_3_00] = {
		66, 0,
		0xf6, 0x3f, 0xc7, 0xc0, 0, 0xf0, 0x80, 0, /* 0 - 7 */
		0, 0, 0, 0, 0, 0, 0, 0,                   /* 8 - 15 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,          /* 16 - 23 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,          /* 24 - 31 */
		0x80, 0, 0xc0, 0, 0, 0, 0, 0,             /* 32 - 39 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 40 - 47 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 48 - 55 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 56 - 63 */
		0, 0,                                     /* 64 - 65 */
	},
	[CPU_3_10] = {
		74, 0,
		0xf6, 0x3f, 0xc7, 0xc0, 0, 0xf0, 0x80, 0, /* 0 - 7 */
		0, 0, 0, 0, 0, 0, 0, 0,                   /* 8 - 15 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,          /* 16 - 23 */
		0x80, 0, 0x80, 0, 0x80, 0, 0, 0,          /* 24 - 31 */
		0x80, 0, 0xc0, 0, 0, 0, 0, 0,             /* 32 - 39 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 40 - 47 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 48 - 55 */
		0x80, 0, 0x80, 0, 0x80, 0, 0x80, 0,       /* 56 - 63 */
		0, 0, 0, 0, 0xce, 0, 0, 0,                /* 64 - 71 */
		0x80, 0,                                  /* 72 - 73 */
	},
};

/* ---- Compatibility levels ---- */

static const struct compat_level levels_7_2[] = {
	{ CAS_PVR_2_05, 0x004b }, { CAS_PVR_2_06, 0x004b }, { CAS_PVR_2_06_PLUS, 0x004b },
	{ CAS_PVR_2_07, 0x004b }, { CAS_PVR_3_00, 0x004e }, { CAS_PVR_3_10, 0x0080 },
	{ .pvr = 0 },
};
static const struct compat_level levels_10_0[] = {
	{ CAS_PVR_2_05, 0x004b }, { CAS_PVR_2_06, 0x004b }, { CAS_PVR_2_07, 0x004b },
	{ CAS_PVR_3_00, 0x004e }, { CAS_PVR_3_10, 0x0080 }, { CAS_PVR_3_10_P11, 0x0082 },
	{ .pvr = 0 },
};

/* ---- Types ---- */

/* What was recorded with each version. */
#define PARTS_7_2                                                                        \
	.cpu_models = models_7_2, .pa_features = features_7_2,                           \
	.compat_levels = levels_7_2, .cards = &pci_cards_7_2
#define PARTS_10_0                                                                       \
	.cpu_models = models_10_0, .pa_features = features_10_0,                         \
	.compat_levels = levels_10_0, .cards = &pci_cards_10_0
#define PARTS_11_1                                                                       \
	.cpu_models = models_10_0, .pa_features = features_10_0,                         \
	.compat_levels = levels_10_0, .cards = &pci_cards_11_1

/* What QEMU did up to 7.2, and later removed. */
#define OLD_QMP .mem_unplug_error = true, .singlestep = true
/* NUMA up to 6.1, 5.1 and 5.0. */
#define OLD_6_1 OLD_QMP, .no_form2 = true, .prefers_sockets = true
#define OLD_5_1 OLD_6_1, .no_domains = true
#define OLD_5_0 OLD_5_1, .two_points = true, .numa_mem = true
/* What QEMU did not do up to 7.2. */
#define NEW_10_0                                                                         \
	.pi_features = true, .dawr1 = true, .capacity_is_ram = true,                     \
	.names_cold_cards = true, .driver_is_text = true

const struct machine_type machine_types[] = {
	{ "pseries-11.1", 11, 1, "power11", PARTS_11_1,
	  NEW_10_0, .kernel_dump = true, .vof_has_names = true, .device_ids = ID_INVALID,
	  .cpu_qom_type = true, .mapped_backend = true },
	{ "pseries-10.0", 10, 0, "power10", PARTS_10_0,
	  NEW_10_0, .device_ids = ID_ANY },
	{ "pseries-7.2", 7, 2, "power9", PARTS_7_2, OLD_QMP },
	{ "pseries-7.1", 7, 1, "power9", PARTS_7_2, OLD_QMP },
	{ "pseries-7.0", 7, 0, "power9", PARTS_7_2, OLD_QMP },
	{ "pseries-6.2", 6, 2, "power9", PARTS_7_2, OLD_QMP },
	{ "pseries-6.1", 6, 1, "power9", PARTS_7_2, OLD_6_1 },
	{ "pseries-6.0", 6, 0, "power9", PARTS_7_2, OLD_6_1 },
	{ "pseries-5.2", 5, 2, "power9", PARTS_7_2, OLD_6_1 },
	{ "pseries-5.1", 5, 1, "power9", PARTS_7_2, OLD_5_1 },
	{ "pseries-5.0", 5, 0, "power9", PARTS_7_2, OLD_5_0 },
	{ "pseries-4.2", 4, 2, "power9", PARTS_7_2, OLD_5_0, .no_fwnmi = true },
	{ "pseries-4.1", 4, 1, "power9", PARTS_7_2, OLD_5_0, .no_fwnmi = true },
	{ "pseries-4.0", 4, 0, "power9", PARTS_7_2, OLD_5_0, .no_fwnmi = true },
	{ "pseries-3.1", 3, 1, "power8", PARTS_7_2, OLD_5_0, .no_fwnmi = true,
	  .no_update_dt = true },
	{ "pseries-3.0", 3, 0, "power8", PARTS_7_2, OLD_5_0, .no_fwnmi = true,
	  .no_update_dt = true },
	{ .name = NULL },
};
// clang-format on

const struct machine_type *machine_type_find(const char *name)
{
	const struct machine_type *type = machine_types;

	if (!name || !strcmp(name, "pseries"))
		return type;
	while (type->name && strcmp(type->name, name))
		type++;
	return type->name ? type : NULL;
}

static bool is_long_name(const struct cpu_model *model, const char *name)
{
	size_t len = strlen(name);

	return !strncasecmp(model->core_type, name, len) &&
	       !strcmp(model->core_type + len, "-spapr-cpu-core");
}

const struct cpu_model *cpu_model_find(const struct machine_type *type, const char *name)
{
	for (const struct cpu_model *m = type->cpu_models; m->core_type; m++)
		if ((m->name && !strcasecmp(m->name, name)) || is_long_name(m, name))
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

/* ---- For the embedder ---- */

static void tell_info(const struct machine_type *type, struct papr_machine_info *out)
{
	*out = (struct papr_machine_info){
		.name = type->name,
		.major = type->major,
		.minor = type->minor,
		.cpu_model = type->cpu_model,
		.core_type = cpu_model_find(type, type->cpu_model)->core_type,
		.singlestep = type->singlestep,
		.driver_is_text = type->driver_is_text,
		.cpu_qom_type = type->cpu_qom_type,
		.numa_mem = type->numa_mem,
		.prefers_sockets = type->prefers_sockets,
	};
}

int papr_vmm_machine_info(size_t n, struct papr_machine_info *out)
{
	size_t types = sizeof(machine_types) / sizeof(machine_types[0]) - 1;

	if (n >= types)
		return 0;
	tell_info(&machine_types[n], out);
	return 1;
}

int papr_vmm_machine_find(const char *name, struct papr_machine_info *out)
{
	const struct machine_type *type = machine_type_find(name);

	if (!type)
		return -ENOENT;
	if (out)
		tell_info(type, out);
	return 0;
}

bool papr_vmm_has_cpu(const char *machine, const char *model)
{
	const struct machine_type *type = machine_type_find(machine);

	return type && cpu_model_find(type, model);
}
