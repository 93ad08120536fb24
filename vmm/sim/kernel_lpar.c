// SPDX-License-Identifier: GPL-2.0-or-later
/* The partition's shares of processors, memory and accelerators: /proc/powerpc/lparcfg,
 * and the credits for the compressor. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/dynmem.h"
#include "wire/lparcfg.h"

enum {
	CAPACITY_MIN = 10, /* hundredths of a processor */
	WEIGHT_MAX = 255,
	WEIGHT = 128,
	CREDITS = 32,
};

enum share { CPU_CAPACITY, CPU_WEIGHT, MEM_CAPACITY, MEM_WEIGHT, SHARES };

static const char *const keys[SHARES] = {
	[CPU_CAPACITY] = LPARCFG_CPU_CAPACITY,
	[CPU_WEIGHT] = LPARCFG_CPU_WEIGHT,
	[MEM_CAPACITY] = LPARCFG_MEM_CAPACITY,
	[MEM_WEIGHT] = LPARCFG_MEM_WEIGHT,
};

struct klpar {
	uint64_t shares[SHARES];
	struct lrdr_capacity most;
	unsigned int credits;
};

/* Show what firmware says of this shared processor partition: "KEY=NUMBER,...". */
static void show_characteristics(struct kernel *k, struct text *out)
{
	enum { SPLPAR = 20, BYTES = 1026 };
	const uint32_t in[] = { SPLPAR, (uint32_t)k->work_area, BYTES };
	char *area = (char *)kernel_work_area(k) + sizeof(uint16_t), *next, *key;

	memset(area, 0, BYTES);
	if (kernel_rtas(k, "ibm,get-system-parameter", 3, in, 0, NULL))
		return;
	for (next = area; (key = strsep(&next, ","));) {
		const char *value = strchrnul(key, '='), *name = key;

		if (!strncmp(key, "MaxEntCap=", 10))
			name = "partition_max_entitled_capacity=";
		else if (!strncmp(key, "MaxPlatProcs=", 13))
			name = "system_potential_processors=";
		text_add(out, "%.*s%s\n", (int)strcspn(name, "="), name, value);
	}
}

/* Linux 7.2 on QEMU's machine, which has none of the hypervisor's calls for shares */
static int lparcfg_show_qemu(struct pfs_node *file, struct text *out)
{
	struct kernel *k = file->priv;
	unsigned int cpus = kcpu_online(k);

	text_add(out, "lparcfg 1.9\nserial_number=\nsystem_type=%s\npartition_id=0\n",
		 ktree_text(k->tree, "model"));
	show_characteristics(k, out);
	text_add(out,
		 "cmo_enabled=0\npartition_active_processors=%u\n"
		 "partition_potential_processors=%u\nshared_processor_mode=1\n"
		 "MaxMem=%" PRIu64 "\nsecurity_flavor=2\n",
		 cpus, k->lpar->most.max_cpus, k->lpar->most.max_memory_bytes);
	return 0;
}

/* Linux returns H_FUNCTION as a count, which no file of FUSE can: EIO. */
static ssize_t lparcfg_store_qemu(struct pfs_node *file, const char *bytes, size_t len)
{
	(void)file, (void)bytes;
	return len ? -EIO : 0;
}

static int lparcfg_show(struct pfs_node *file, struct text *out)
{
	const struct kernel *k = file->priv;
	const struct klpar *lpar = k->lpar;
	unsigned int cpus = kcpu_online(k);

	text_add(out, "lparcfg 1.9\nserial_number=%s\nsystem_type=%s\npartition_id=1\n",
		 ktree_text(k->tree, "system-id"), ktree_text(k->tree, "model"));
	text_add(out,
		 "BoundThrds=1\nCapInc=1\nMinEntCap=%d\nMinEntCapPerVP=%d\nMinMem=256\n",
		 CAPACITY_MIN, CAPACITY_MIN);
	text_add(out,
		 "%s=%" PRIu64 "\ngroup=32769\nsystem_active_processors=%u\npool=0\n",
		 keys[CPU_CAPACITY], lpar->shares[CPU_CAPACITY], cpus);
	text_add(out,
		 "pool_capacity=%u\nunallocated_capacity_weight=0\n%s=%" PRIu64 "\n"
		 "capped=0\nunallocated_capacity=0\n",
		 lpar->most.max_cpus * 100, keys[CPU_WEIGHT], lpar->shares[CPU_WEIGHT]);
	text_add(out,
		 "%s=%" PRIu64 "\nmapped_%s=0\nentitled_memory_group_number=32769\n"
		 "entitled_memory_pool_number=65535\n%s=%" PRIu64 "\n",
		 keys[MEM_CAPACITY], lpar->shares[MEM_CAPACITY], keys[MEM_CAPACITY],
		 keys[MEM_WEIGHT], lpar->shares[MEM_WEIGHT]);
	text_add(out,
		 "partition_active_processors=%u\npartition_potential_processors=%u\n"
		 "shared_processor_mode=1\nslb_size=32\n",
		 cpus, lpar->most.max_cpus);
	return 0;
}

/* Set a share, as the hypervisor does: a capacity above the maximum becomes the
 * maximum. */
static int set_share(struct klpar *lpar, enum share share, uint64_t value)
{
	uint64_t capacity = lpar->most.max_cpus * 100ULL;
	uint64_t memory = lpar->most.max_memory_bytes;

	switch (share) {
	case CPU_CAPACITY:
		if (value < CAPACITY_MIN)
			return -EINVAL;
		value = value < capacity ? value : capacity;
		break;
	case MEM_CAPACITY:
		value = value < memory ? value : memory;
		break;
	default:
		if (value > WEIGHT_MAX)
			return -EINVAL;
	}
	lpar->shares[share] = value;
	return 0;
}

/* Linux overwrites the last byte with NUL, whatever it is. */
static ssize_t lparcfg_store(struct pfs_node *file, const char *bytes, size_t len)
{
	const struct kernel *k = file->priv;
	char line[LPARCFG_LINE_MAX], *value, *end;
	unsigned long long n;
	int err = -EINVAL;

	if (!len || len > sizeof(line))
		return len ? -EINVAL : 0;
	memcpy(line, bytes, len);
	line[len - 1] = '\0';
	value = strchr(line, '=');
	if (!value)
		return -EINVAL;
	*value++ = '\0';
	n = strtoull(value, &end, 10);
	if (end == value || *value == '-' || *value == ' ')
		return -EINVAL;
	for (int i = 0; i < SHARES; i++)
		if (!strcmp(line, keys[i]))
			err = set_share(k->lpar, (enum share)i, n);
	return err ? err : (ssize_t)len;
}

static int credits_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%u\n", ((const struct klpar *)file->priv)->credits);
	return 0;
}

static ssize_t credits_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct klpar *lpar = file->priv;
	char text[32], *end;
	unsigned long n;

	snprintf(text, sizeof(text), "%.*s", (int)(len < 31 ? len : 31), bytes);
	n = strtoul(text, &end, 0);
	if (end == text || (*end && strcmp(end, "\n") != 0) || strchr("-+ \t", *text))
		return -EINVAL;
	if (n > UINT16_MAX)
		return -ERANGE;
	lpar->credits = (unsigned int)n;
	return (ssize_t)len;
}

static void credit_files(struct kernel *k)
{
	static const struct pfs_ops total = { .show = credits_show },
				    update = { .store = credits_store };
	struct pfs_node *dir =
		pfs_path(k->sys, "devices/virtual/misc/vas/vas0/gzip/qos_capabilities");

	kernel_attr(k, dir, "nr_total_credits", 0444, &total, k->lpar);
	kernel_attr(k, dir, "update_total_credits", 0200, &update, k->lpar);
	pfs_text(dir, "nr_used_credits", 0444, "0\n");
}

/* Create the files. Only PowerVM has the accelerator. */
int klpar_boot(struct kernel *k)
{
	static const struct pfs_ops lparcfg = { .show = lparcfg_show,
						.store = lparcfg_store },
				    qemu = { .show = lparcfg_show_qemu,
					     .store = lparcfg_store_qemu };
	struct klpar *lpar = k->lpar = calloc(1, sizeof(*lpar));
	size_t len;
	const void *prop = ktree_get(ktree_find(k, "/rtas"), "ibm,lrdr-capacity", &len);

	if (!lpar)
		return -ENOMEM;
	if (!prop || lrdr_capacity_decode(&lpar->most, prop, len))
		lpar->most = (struct lrdr_capacity){ .max_cpus = 1 };
	if (lpar->most.max_memory_bytes < k->host->memory_bytes)
		lpar->most.max_memory_bytes = k->host->memory_bytes;
	*lpar = (struct klpar){ .most = lpar->most,
				.credits = CREDITS,
				.shares = { [CPU_CAPACITY] = 100,
					    [CPU_WEIGHT] = WEIGHT,
					    [MEM_CAPACITY] = k->host->memory_bytes,
					    [MEM_WEIGHT] = WEIGHT } };
	if (k->lparcfg)
		pfs_file(k->powerpc, "lparcfg", 0644, &lparcfg, k);
	else if (k->profile == KERNEL_CURRENT && !k->no_qemu)
		pfs_file(k->powerpc, "lparcfg", 0644, &qemu, k);
	if (k->no_qemu)
		credit_files(k);
	return 0;
}

void klpar_free(struct kernel *k)
{
	free(k->lpar);
	k->lpar = NULL;
}
