// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/nvram: what firmware keeps, by its calls nvram-fetch and nvram-store. A boot program is
 * told there from which disk to boot. */
#include <errno.h>
#include <string.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel.h"

enum {
	NVRAM_PART = 4096, /* of one read(2) or write(2) */
	NVRAM_UNIT = 16,   /* of partitions, and of their headers */
};

/* Return its size; 0: firmware has none. */
static uint32_t nvram_bytes(const struct kernel *k)
{
	uint32_t bytes = 0;

	for (const struct dt_node *n = k->tree; n; n = ktree_next(k->tree, n))
		if (!strcmp(ktree_text(n, "device_type"), "nvram"))
			ktree_u32(n, "#bytes", &bytes);
	return bytes;
}

/* Return the bytes from here on, at most so many. */
static uint32_t nvram_part(const struct kernel *k, uint64_t at, size_t most)
{
	uint32_t bytes = nvram_bytes(k);

	if (at >= bytes)
		return 0;
	most = most < NVRAM_PART ? most : NVRAM_PART;
	return most < bytes - at ? (uint32_t)most : (uint32_t)(bytes - at);
}

static int nvram_call(struct kernel *k, const char *name, uint64_t at, uint32_t *bytes)
{
	const uint32_t in[] = { (uint32_t)at, (uint32_t)k->work_area, *bytes };

	return *bytes && kernel_rtas(k, name, 3, in, 1, bytes) ? -EIO : 0;
}

static void nvram_read(struct pfs_node *file, void *handle, struct fs_request *request,
		       size_t size, bool nonblock)
{
	struct kernel *k = file->priv;
	uint32_t bytes = nvram_part(k, fs_offset(request), size);
	int err = nvram_call(k, "nvram-fetch", fs_offset(request), &bytes);

	(void)handle, (void)nonblock;
	fs_reply(request, kernel_work_area(k), err ? 0 : bytes, err);
}

static ssize_t nvram_store(struct pfs_node *file, uint64_t at, const char *bytes,
			   size_t len)
{
	struct kernel *k = file->priv;
	uint32_t part = nvram_part(k, at, len);
	int err;

	memcpy(kernel_work_area(k), bytes, part);
	err = nvram_call(k, "nvram-store", at, &part);
	return err ? err : (ssize_t)part;
}

/* Write the header of a partition. Its sum adds the carry. */
static void put_partition(uint8_t *to, uint8_t signature, uint32_t bytes,
			  const char *name)
{
	unsigned int sum = signature;

	to[0] = signature;
	to[2] = (uint8_t)(bytes / NVRAM_UNIT >> 8);
	to[3] = (uint8_t)(bytes / NVRAM_UNIT);
	memcpy(to + 4, name, strlen(name));
	for (int i = 2; i < NVRAM_UNIT; i++) {
		sum += to[i];
		sum = (sum & 0xff) + (sum >> 8);
	}
	to[1] = (uint8_t)sum;
}

/* Firmware's part: an empty nvram receives the partition of its variables. */
static void format(struct kernel *k)
{
	static const char variables[] = "auto-boot?=true\0boot-device=\0boot-file=";
	uint8_t *area = kernel_work_area(k);
	uint32_t bytes = nvram_bytes(k), one = 1;

	if (bytes < 2 * NVRAM_PART || nvram_call(k, "nvram-fetch", 0, &one) || *area)
		return;
	memset(area, 0, NVRAM_PART + NVRAM_UNIT);
	put_partition(area, 0x70, NVRAM_PART, "common");
	memcpy(area + NVRAM_UNIT, variables, sizeof(variables));
	put_partition(area + NVRAM_PART, 0x7f, bytes - NVRAM_PART, "free space");
	bytes = NVRAM_PART + NVRAM_UNIT;
	nvram_call(k, "nvram-store", 0, &bytes);
}

void knvram_file(struct kernel *k)
{
	static const struct pfs_ops ops = { .read = nvram_read, .store_at = nvram_store };

	if (!nvram_bytes(k))
		return;
	format(k);
	pfs_file(k->root, "nvram", 0600, &ops, k);
}
