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
#define SLOTS_DIR   "sys/bus/pci/slots"
#define ADD_SLOT    SLOTS_DIR "/control/add_slot"

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

static bool platform_has_lparcfg(const struct kern_root *root, const char *key)
{
	_cleanup_free_ char *text = NULL;
	size_t len, value_len;
	const char *value;

	return !kern_read(root, LPARCFG, &text, &len) &&
	       !lparcfg_find(text, len, key, &value, &value_len);
}

/* folder: where the file would be. lparcfg_key: the entry of the file that shows the
 * capability; NULL: the file shows it. */
static const struct {
	const char *key, *label, *folder, *file, *lparcfg_key;
} capabilities[CAPABILITIES] = {
	{ "cpu_dlpar", "CPU DLPAR", CPU_DIR, CPU_DIR "/cpu0/online", NULL },
	{ "mem_dlpar", "Memory DLPAR", MEM_DIR, MEM_DIR "/block_size_bytes", NULL },
	{ "slot_dlpar", "I/O DLPAR", SLOTS_DIR, ADD_SLOT, NULL },
	{ "phb_dlpar", "PHB DLPAR", SLOTS_DIR, ADD_SLOT, NULL },
	{ "hea_dlpar", "HEA DLPAR", EBUS_DIR, EBUS_DIR "/probe", NULL },
	{ "pmig", "partition migration", DT_BASE, DT_BASE "/ibm,migratable-partition",
	  NULL },
	{ "cpu_entitlement", NULL, LPARCFG_DIR, LPARCFG, LPARCFG_CPU_CAPACITY },
	{ "mem_entitlement", NULL, LPARCFG_DIR, LPARCFG, LPARCFG_MEM_CAPACITY },
	{ "slb_resize", NULL, LPARCFG_DIR, LPARCFG, "slb_size" },
	{ "phib", "partition hibernation", POWER_DIR, POWER_DIR "/hibernate", NULL },
};

void capabilities_read(const struct kern_root *root,
		       struct dr_capability caps[CAPABILITIES])
{
	/* The management console asks before anything has loaded the module. */
	if (root->is_system && !geteuid())
		platform_load_slot_control(root);
	for (size_t i = 0; i < CAPABILITIES; i++) {
		const char *folder = capabilities[i].folder, *file = capabilities[i].file,
			   *lparcfg_key = capabilities[i].lparcfg_key;
		bool has = lparcfg_key ? platform_has_lparcfg(root, lparcfg_key)
			   : !strcmp(folder, CPU_DIR) ? platform_has_cpu_online(root)
						      : kern_exists(root, file) > 0;

		caps[i] = (struct dr_capability){ capabilities[i].key,
						  capabilities[i].label, file,
						  CAPABILITY_YES };
		/* In the running system, an absent folder means that the kernel does not
		 * support it. */
		if (!has)
			caps[i].answer = root->is_system || kern_exists(root, folder) > 0
						 ? CAPABILITY_NO
						 : CAPABILITY_UNKNOWN;
	}
}
