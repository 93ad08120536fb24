// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "libdrmgr/core/platform.h"
#include "kern/prop.h"
#include "kern/slots.h"
#include "kern/spawn.h"
#include "kern/text.h"
#include "wire/lparcfg.h"

#define LPARCFG_DIR "proc/ppc64"
#define LPARCFG	    LPARCFG_DIR "/lparcfg"
#define CPU_DIR	    "sys/devices/system/cpu"
#define MEM_DIR	    "sys/devices/system/memory"
#define POWER_DIR   "sys/devices/system/power"
#define EBUS_DIR    "sys/bus/ibmebus"

/* Return the first platform that the text names. "pSeries" alone is less specific than the
 * others, even if it comes first. */
int platform_read(const struct kern_root *root, enum platform *platform)
{
	_cleanup_free_ char *cpuinfo = NULL;
	const char *nv, *kvm;
	size_t len;
	int err = kern_read(root, "proc/cpuinfo", &cpuinfo, &len);

	*platform = PLATFORM_UNKNOWN;
	if (err)
		return kern_read_failure(err);

	nv = strstr(cpuinfo, "PowerNV");
	kvm = strstr(cpuinfo, "IBM pSeries (emulated by qemu)");
	if (nv && (!kvm || nv < kvm))
		*platform = PLATFORM_POWERNV;
	else if (kvm)
		*platform = PLATFORM_KVM_GUEST;
	else if (strstr(cpuinfo, "pSeries"))
		*platform = PLATFORM_LPAR;
	return 0;
}

const char *platform_name(enum platform platform)
{
	static const char *const names[] = {
		[PLATFORM_UNKNOWN] = "Unknown",
		[PLATFORM_POWERNV] = "PowerNV",
		[PLATFORM_KVM_GUEST] = "Power KVM pSeries Guest",
		[PLATFORM_LPAR] = "PowerVM pSeries LPAR",
	};

	return names[platform];
}

int platform_check_chrp(const struct kern_root *root)
{
	_cleanup_free_ char *type = NULL;
	int err = prop_str(root, "/", "device_type", &type);

	if (kern_read_failure(err))
		return err;
	if (err)
		/* A capture may contain only a part of the tree. */
		return !root->is_system && node_exists(root, "/cpus") > 0 ? 0 : -ENOENT;
	return strcmp(type, "chrp") ? -EINVAL : 0;
}

static bool platform_has_cpu_online(const struct kern_root *root)
{
	_cleanup_names_ struct kern_names names = { 0 };
	bool found = false;

	if (kern_list(root, CPU_DIR, KERN_LIST_DIRS, &names))
		return false;
	for (size_t i = 0; i < names.n && !found; i++) {
		_cleanup_free_ char *online =
			text_of(CPU_DIR "/%s/online", names.name[i]);

		if (strncmp(names.name[i], "cpu", 3) ||
		    !isdigit((unsigned char)names.name[i][3]))
			continue;
		found = online && kern_exists(root, online) > 0;
	}
	return found;
}

int platform_load_slot_control(const struct kern_root *root)
{
	static const char *const modprobe[] = { "/sbin/modprobe", "rpadlpar_io", NULL };
	int exists = slot_control_exists(root);

	return exists < 0 ? exists : exists ? 0 : spawn_wait(modprobe);
}

/* Load the module that serves slots, and return whether it exists. The management console
 * queries the capabilities before anything has loaded it. */
static bool platform_load_slots(const struct kern_root *root)
{
	if (root->is_system && !geteuid() && platform_load_slot_control(root))
		return false;
	return slot_control_exists(root) > 0;
}

/* On the running system, an absent folder means that the kernel does not support it. */
static enum capability_answer capability_answer(const struct kern_root *root, bool has,
						const char *folder)
{
	if (has)
		return CAPABILITY_YES;
	return root->is_system || kern_exists(root, folder) > 0 ? CAPABILITY_NO
								: CAPABILITY_UNKNOWN;
}

static enum capability_answer capability_of_file(const struct kern_root *root,
						 const char *file, const char *folder)
{
	return capability_answer(root, kern_exists(root, file) > 0, folder);
}

static enum capability_answer capability_of_lparcfg(const struct kern_root *root,
						    const char *key)
{
	_cleanup_free_ char *text = NULL;
	size_t len, value_len;
	const char *value;
	bool has = !kern_read(root, LPARCFG, &text, &len) &&
		   !lparcfg_find(text, len, key, &value, &value_len);

	return capability_answer(root, has, LPARCFG_DIR);
}

void capabilities_read(const struct kern_root *root,
		       struct dr_capability caps[CAPABILITIES])
{
	static const char add_slot[] = "sys/bus/pci/slots/control/add_slot",
			  memory[] = MEM_DIR "/block_size_bytes",
			  ebus[] = EBUS_DIR "/probe",
			  migratable[] = DT_BASE "/ibm,migratable-partition",
			  hibernate[] = POWER_DIR "/hibernate";
	enum capability_answer cpus = capability_answer(
				       root, platform_has_cpu_online(root), CPU_DIR),
			       slots = capability_answer(root, platform_load_slots(root),
							 "sys/bus/pci/slots");
	const struct dr_capability all[CAPABILITIES] = {
		{ "cpu_dlpar", "CPU DLPAR", CPU_DIR "/cpu0/online", cpus },
		{ "mem_dlpar", "Memory DLPAR", memory,
		  capability_of_file(root, memory, MEM_DIR) },
		{ "slot_dlpar", "I/O DLPAR", add_slot, slots },
		{ "phb_dlpar", "PHB DLPAR", add_slot, slots },
		{ "hea_dlpar", "HEA DLPAR", ebus,
		  capability_of_file(root, ebus, EBUS_DIR) },
		{ "pmig", "partition migration", migratable,
		  capability_of_file(root, migratable, DT_BASE) },
		{ "cpu_entitlement", NULL, LPARCFG,
		  capability_of_lparcfg(root, LPARCFG_CPU_CAPACITY) },
		{ "mem_entitlement", NULL, LPARCFG,
		  capability_of_lparcfg(root, LPARCFG_MEM_CAPACITY) },
		{ "slb_resize", NULL, LPARCFG, capability_of_lparcfg(root, "slb_size") },
		{ "phib", "partition hibernation", hibernate,
		  capability_of_file(root, hibernate, POWER_DIR) },
	};

	memcpy(caps, all, sizeof(all));
}
