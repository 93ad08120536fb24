// SPDX-License-Identifier: GPL-2.0-or-later
/* What virtio cards do with a request */
#include <endian.h>
#include <errno.h>
#include <string.h>
#include <sys/random.h>

#include "vmm/kvm/virtio_parts.h"

/* Features of some cards */
#define VIRTIO_NET_STATUS (UINT64_C(1) << 16)
#define VIRTIO_BLK_RO	  (UINT64_C(1) << 5)

enum { VIRTIO_RANDOM_MAX = 65536 }; /* bytes for a request */

/* ---- Buffers --------------------------------------------------------------------------- */

/* Find at most len bytes in a part, at this offset in all parts of one direction. Return
 * their number, or 0: the parts end there. */
static uint32_t request_find(const struct virtio_request *r, bool for_guest,
			     uint64_t offset, uint32_t len, uint64_t *address)
{
	for (unsigned int i = 0; i < r->n; i++) {
		const struct virtio_part *part = &r->parts[i];

		if (part->for_guest != for_guest)
			continue;
		if (offset < part->len) {
			*address = part->address + offset;
			return len < part->len - offset ? len
							: (uint32_t)(part->len - offset);
		}
		offset -= part->len;
	}
	return 0;
}

/* Return the bytes of the buffers of one direction. */
static uint64_t request_bytes(const struct virtio_request *r, bool for_guest)
{
	uint64_t bytes = 0;

	for (unsigned int i = 0; i < r->n; i++)
		if (r->parts[i].for_guest == for_guest)
			bytes += r->parts[i].len;
	return bytes;
}

/* Read what the guest sends. Return 0, or -EFAULT: it is shorter, or no memory. */
static int request_get(const struct virtio_request *r, uint64_t offset, void *to,
		       uint32_t len)
{
	uint8_t *bytes = to;
	uint64_t address;

	for (uint32_t n; len; offset += n, bytes += n, len -= n) {
		n = request_find(r, false, offset, len, &address);
		if (!n || virtio_read(r->card, r->host, address, bytes, n))
			return -EFAULT;
	}
	return 0;
}

/* Write for the guest. Return as request_get(). */
static int request_put(const struct virtio_request *r, uint64_t offset, const void *from,
		       uint32_t len)
{
	const uint8_t *bytes = from;
	uint64_t address;

	for (uint32_t n; len; offset += n, bytes += n, len -= n) {
		n = request_find(r, true, offset, len, &address);
		if (!n || virtio_write(r->card, r->host, address, bytes, n))
			return -EFAULT;
	}
	return 0;
}

/* Write zeros for the guest, as a disk without content returns them. */
static int request_put_zeros(const struct virtio_request *r, uint64_t offset,
			     uint64_t len)
{
	static const uint8_t zeros[4096];
	int err = 0;

	for (uint32_t n; !err && len; offset += n, len -= n) {
		n = len < sizeof(zeros) ? (uint32_t)len : (uint32_t)sizeof(zeros);
		err = request_put(r, offset, zeros, n);
	}
	return err;
}

/* ---- Cards ------------------------------------------------------------------------------ */

static int64_t random_handle(const struct virtio_request *r)
{
	uint64_t end = request_bytes(r, true);
	uint8_t bytes[256];

	if (request_bytes(r, false))
		return -EFAULT;
	if (end > VIRTIO_RANDOM_MAX)
		end = VIRTIO_RANDOM_MAX;
	for (uint64_t done = 0; done < end; done += sizeof(bytes)) {
		uint32_t n = end - done < sizeof(bytes) ? (uint32_t)(end - done)
							: (uint32_t)sizeof(bytes);

		if (getrandom(bytes, n, 0) != (ssize_t)n ||
		    request_put(r, done, bytes, n))
			return -EFAULT;
	}
	return (int64_t)end;
}

/* A sent packet is lost. */
static int64_t net_handle(const struct virtio_request *r)
{
	(void)r;
	return 0;
}

enum { DISK_SECTORS = 2048, DISK_SECTOR = 512, DISK_TRANSFER_MAX = 1 << 20 };
enum { BLK_IN = 0, BLK_OUT = 1, BLK_GET_ID = 8 };
enum { BLK_OK = 0, BLK_IOERR = 1, BLK_UNSUPP = 2 };

/* The last byte for the guest is the status. */
static int64_t blk_handle(const struct virtio_request *r)
{
	struct {
		uint32_t type, reserved;
		uint64_t sector;
	} head;
	uint64_t bytes = request_bytes(r, true), sector;
	uint8_t status = BLK_OK;

	if (!bytes-- || request_get(r, 0, &head, sizeof(head)))
		return -EFAULT;
	sector = le64toh(head.sector);
	if (le32toh(head.type) == BLK_GET_ID)
		bytes = bytes < 20 ? bytes : 20; /* no text */
	else if (le32toh(head.type) == BLK_OUT)
		status = BLK_IOERR; /* VIRTIO 1.2, 5.2.6.2: the disk is read-only */
	else if (le32toh(head.type) != BLK_IN)
		status = BLK_UNSUPP;
	else if (bytes > DISK_TRANSFER_MAX || bytes % DISK_SECTOR ||
		 sector > DISK_SECTORS || bytes / DISK_SECTOR > DISK_SECTORS - sector)
		status = BLK_IOERR;
	if (status != BLK_OK)
		bytes = 0;
	if (request_put_zeros(r, 0, bytes) ||
	    request_put(r, request_bytes(r, true) - 1, &status, 1))
		return -EFAULT;
	return (int64_t)bytes + 1;
}

/* Registers are little-endian: bytes that are not listed are zeros. */
static const struct virtio_model models[] = {
	{
		.driver = "virtio-rng-pci",
		.features = VIRTIO_VERSION_1,
		.n_queues = 1,
		.live = 1 << 0,
		.handle = random_handle,
	},
	{
		/* The guest chooses its address. Received packets do not exist. */
		.driver = "virtio-net-pci",
		.features = VIRTIO_VERSION_1 | VIRTIO_NET_STATUS,
		.n_queues = 2,
		.live = 1 << 1,
		.config = { [6] = 1 }, /* link up */
		.handle = net_handle,
	},
	{
		.driver = "virtio-blk-pci",
		.features = VIRTIO_VERSION_1 | VIRTIO_BLK_RO,
		.n_queues = 1,
		.live = 1 << 0,
		.config = { DISK_SECTORS & 0xff, DISK_SECTORS >> 8 },
		.handle = blk_handle,
	},
};

const struct virtio_model *virtio_model_find(const char *driver)
{
	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
		if (!strcmp(models[i].driver, driver))
			return &models[i];
	return NULL;
}
