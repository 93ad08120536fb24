// SPDX-License-Identifier: GPL-2.0-or-later
/* The partition's shares of processors, memory and accelerators: /proc/powerpc/lparcfg,
 * and the credits for the compressor. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

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

/* Read a system parameter into the work area; NULL: firmware does not have it. */
static char *parameter_of(struct kernel *k, uint32_t number)
{
	enum { BYTES = 4000 };
	const uint32_t in[] = { number, (uint32_t)k->work_area, BYTES };
	char *area = (char *)kernel_work_area(k) + sizeof(uint16_t);

	memset(area, 0, BYTES);
	return kernel_rtas(k, "ibm,get-system-parameter", 3, in, 0, NULL) ? NULL : area;
}

/* Show what firmware says of this partition, in the names of Linux: "KEY=NUMBER,...". */
static void show_parameters(struct kernel *k, struct text *out)
{
	enum { SPLPAR = 20, NAME = 55 };
	char *next = parameter_of(k, NAME), *key;

	if (next)
		text_add(out, "partition_name=%s\n", next);
	next = parameter_of(k, SPLPAR);
	while (next && (key = strsep(&next, ","))) {
		char *value = strchrnul(key, '=');
		const char *name = key;

		if (!strncmp(key, "MaxEntCap=", 10))
			name = "partition_max_entitled_capacity=";
		else if (!strncmp(key, "MaxPlatProcs=", 13))
			name = "system_potential_processors=";
		text_add(out, "%.*s%s\n", (int)strcspn(name, "="), name, value);
	}
}

uint64_t kernel_timebase(clockid_t clock)
{
	enum { PER_US = 512 };
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000 * PER_US +
	       (uint64_t)now.tv_nsec * PER_US / 1000;
}

/* Show what the hypervisor's calls for shares answer. */
static void show_shares(const struct klpar *lpar, struct text *out)
{
	text_add(out,
		 "%s=%" PRIu64 "\ngroup=32769\nsystem_active_processors=%u\npool=0\n"
		 "pool_capacity=%u\nunallocated_capacity_weight=0\n%s=%" PRIu64 "\n"
		 "capped=0\nunallocated_capacity=0\n",
		 keys[CPU_CAPACITY], lpar->shares[CPU_CAPACITY], lpar->most.max_cpus,
		 lpar->most.max_cpus * 100, keys[CPU_WEIGHT], lpar->shares[CPU_WEIGHT]);
	text_add(out,
		 "%s=%" PRIu64 "\nmapped_%s=0\nentitled_memory_group_number=32769\n"
		 "entitled_memory_pool_number=65535\n%s=%" PRIu64 "\n",
		 keys[MEM_CAPACITY], lpar->shares[MEM_CAPACITY], keys[MEM_CAPACITY],
		 keys[MEM_WEIGHT], lpar->shares[MEM_WEIGHT]);
}

/* Without --lparcfg: Linux 7.2 on QEMU's machine, which has none of these calls */
static int lparcfg_show(struct pfs_node *file, struct text *out)
{
	struct kernel *k = file->priv;

	text_add(out, "lparcfg 1.9\nserial_number=%s\nsystem_type=%s\npartition_id=%d\n",
		 k->lparcfg ? ktree_text(k->tree, "system-id") : "",
		 ktree_text(k->tree, "model"), k->lparcfg);
	show_parameters(k, out);
	if (k->lparcfg)
		show_shares(k->lpar, out);
	text_add(out,
		 "cmo_enabled=0\npurr=%" PRIu64 "\ntbr=%" PRIu64 "\n"
		 "partition_active_processors=%u\npartition_potential_processors=%u\n"
		 "shared_processor_mode=1\nMaxMem=%" PRIu64 "\nsecurity_flavor=2\n",
		 kernel_timebase(CLOCK_PROCESS_CPUTIME_ID),
		 kernel_timebase(CLOCK_MONOTONIC), kcpu_cores(k), k->lpar->most.max_cpus,
		 k->lpar->most.max_memory_bytes);
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

	/* Without such calls, Linux returns H_FUNCTION as a count, which no file of FUSE can. */
	if (!k->lparcfg || !len || len > sizeof(line))
		return !len ? 0 : k->lparcfg ? -EINVAL : -EIO;
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

static ssize_t credits_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct klpar *lpar = file->priv;
	uint64_t n;
	int err = text_number(bytes, len, UINT16_MAX, &n);

	if (err)
		return err;
	lpar->credits = (unsigned int)n;
	return (ssize_t)len;
}

static void credit_files(struct kernel *k)
{
	static const struct pfs_ops update = { .store = credits_store };
	struct pfs_node *dir =
		pfs_path(k->sys, "devices/virtual/misc/vas/vas0/gzip/qos_capabilities");

	kernel_value(k, dir, "nr_total_credits", &k->lpar->credits);
	kernel_attr(k, dir, "update_total_credits", 0200, &update, k->lpar);
	pfs_text(dir, "nr_used_credits", 0444, "0\n");
}

/* Create the files. Only PowerVM has the accelerator. */
int klpar_boot(struct kernel *k)
{
	static const struct pfs_ops lparcfg = { .show = lparcfg_show,
						.store = lparcfg_store };
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
	if (k->lparcfg || (k->profile == KERNEL_CURRENT && !k->no_qemu))
		pfs_file(k->powerpc, "lparcfg", 0644, &lparcfg, k);
	if (k->no_qemu)
		credit_files(k);
	return 0;
}

void klpar_free(struct kernel *k)
{
	free(k->lpar);
	k->lpar = NULL;
}
