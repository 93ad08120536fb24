// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>
#include <strings.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/sized.h"
#include "vmm/cpu/cpus.h"
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
	.compat_levels = levels_7_2, .cards = pci_cards_7_2
#define PARTS_10_0                                                                       \
	.cpu_models = models_10_0, .pa_features = features_10_0,                         \
	.compat_levels = levels_10_0, .cards = pci_cards_10_0

const struct machine_type machine_types[] = {
	{ "pseries-10.0", 10, 0, "power10", PARTS_10_0,
	  .pi_features = true, .dawr1 = true, .capacity_is_ram = true,
	  .names_cold_cards = true, .driver_is_text = true },
	{ "pseries-7.2", 7, 2, "power9", PARTS_7_2,
	  .mem_unplug_error = true, .singlestep = true, .checks_ids = true },
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

/* ---- For the embedder ---- */

static int tell_info(const struct machine_type *type, struct papr_machine_info *out)
{
	return sized_put(
		out,
		&(struct papr_machine_info){
			.name = type->name,
			.major = type->major,
			.minor = type->minor,
			.cpu_model = type->cpu_model,
			.core_type = cpu_model_find(type, type->cpu_model)->core_type,
			.singlestep = type->singlestep,
			.driver_is_text = type->driver_is_text,
		},
		sizeof(struct papr_machine_info));
}

int papr_vmm_machine_info(size_t n, struct papr_machine_info *out)
{
	size_t types = sizeof(machine_types) / sizeof(machine_types[0]) - 1;

	if (n >= types)
		return 0;
	return tell_info(&machine_types[n], out);
}

int papr_vmm_machine_find(const char *name, struct papr_machine_info *out)
{
	const struct machine_type *type = machine_type_find(name);

	if (!type)
		return -ENOENT;
	return out && tell_info(type, out) < 0 ? -EINVAL : 0;
}

bool papr_vmm_has_cpu(const char *machine, const char *model)
{
	const struct machine_type *type = machine_type_find(machine);

	return type && cpu_model_find(type, model);
}
