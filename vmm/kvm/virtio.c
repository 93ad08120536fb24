// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "vmm/kvm/virtio.h"

/* Parts of BAR 4, as the capabilities in a card's configuration space say */
enum {
	VIRTIO_BAR = 4,
	VIRTIO_PART = 0x1000,
	VIRTIO_COMMON = 0,
	VIRTIO_DEVICE = 2,
	VIRTIO_NOTIFY = 3,
	VIRTIO_NOTIFY_BYTES = 4, /* for each queue */
};
enum {
	VIRTIO_QUEUES = 2,
	VIRTIO_QUEUE_MAX = 256, /* entries; a power of two */
	VIRTIO_NO_VECTOR = 0xffff,
	VIRTIO_CONFIG_BYTES = 8,
	VIRTIO_RANDOM_MAX = 65536, /* bytes for a request */
};
/* Bits of a card's status */
enum { VIRTIO_DRIVER_OK = 4, VIRTIO_FEATURES_OK = 8, VIRTIO_NEEDS_RESET = 0x40 };
#define VIRTIO_VERSION_1  (UINT64_C(1) << 32)
#define VIRTIO_NET_STATUS (UINT64_C(1) << 16)
#define VIRTIO_BLK_RO	  (UINT64_C(1) << 5)

/* The common configuration, as it lies in the BAR: little-endian */
struct virtio_common {
	uint32_t device_feature_select, device_feature;
	uint32_t driver_feature_select, driver_feature;
	uint16_t config_vector, num_queues;
	uint8_t status, generation;
	uint16_t queue_select;
	struct virtio_setup {
		uint16_t size, vector, enable, notify;
		uint64_t desc, avail, used;
	} __attribute__((packed)) queue; /* the selected one */
} __attribute__((packed));

struct virtio_queue {
	struct virtio_setup setup;
	uint16_t seen, filled; /* of the rings of available and used buffers */
};

struct virtio_desc {
	uint64_t address;
	uint32_t len;
	uint16_t flags, next;
};
enum { DESC_NEXT = 1, DESC_WRITE = 2 };

struct virtio_used {
	uint32_t id, len;
};

/* A buffer of a request */
struct virtio_part {
	uint64_t address;
	uint32_t len;
	bool for_guest; /* the card writes it */
};

/* Longer chains of descriptors are invalid. A circle is one of them. */
enum { REQUEST_PARTS = 32 };

struct virtio_request {
	struct host *host;
	unsigned int n;
	struct virtio_part parts[REQUEST_PARTS];
};

/* How a card works */
struct virtio_model {
	const char *driver;
	uint64_t features;
	uint16_t n_queues;
	uint16_t live; /* bit map of the queues whose requests are handled */
	uint8_t config[VIRTIO_CONFIG_BYTES]; /* the card's own registers */
	/* Handle a request. Return how many bytes were written for the guest, or -EFAULT:
	 * the request is invalid. */
	int64_t (*handle)(const struct virtio_request *request);
};

struct virtio_card {
	struct virtio_card *next;
	const struct virtio_model *model;
	uint64_t serial; /* of its PCI function */
	struct virtio_common common;
	struct virtio_queue queues[VIRTIO_QUEUES];
	uint64_t features; /* that the driver accepted */
};

/* ---- Models ------------------------------------------------------------------------------ */

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

/* Return the bytes of one direction. */
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
		if (!n || host_read(r->host, address, bytes, n))
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
		if (!n || host_write(r->host, address, bytes, n))
			return -EFAULT;
	}
	return 0;
}

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

enum { BLK_IN = 0, BLK_GET_ID = 8 };
enum { BLK_OK = 0, BLK_IOERR = 1, BLK_UNSUPP = 2 };

/* Write zeros for the guest, as a disk without content returns them. */
static int put_zeros(const struct virtio_request *r, uint64_t offset, uint64_t len)
{
	static const uint8_t zeros[4096];
	int err = 0;

	for (uint32_t n; !err && len; offset += n, len -= n) {
		n = len < sizeof(zeros) ? (uint32_t)len : (uint32_t)sizeof(zeros);
		err = request_put(r, offset, zeros, n);
	}
	return err;
}

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
	else if (le32toh(head.type) != BLK_IN)
		status = BLK_UNSUPP;
	else if (bytes > DISK_TRANSFER_MAX || bytes % DISK_SECTOR ||
		 sector > DISK_SECTORS || bytes / DISK_SECTOR > DISK_SECTORS - sector)
		status = BLK_IOERR;
	if (status != BLK_OK)
		bytes = 0;
	if (put_zeros(r, 0, bytes) ||
	    request_put(r, request_bytes(r, true) - 1, &status, 1))
		return -EFAULT;
	return (int64_t)bytes + 1;
}

/* A network card has a status, "link up"; the guest chooses its address. Received packets do
 * not exist. A disk has DISK_SECTORS. */
static const struct virtio_model models[] = {
	{ "virtio-rng-pci", VIRTIO_VERSION_1, 1, 1 << 0, { 0 }, random_handle },
	{ "virtio-net-pci",
	  VIRTIO_VERSION_1 | VIRTIO_NET_STATUS,
	  2,
	  1 << 1,
	  { 0, 0, 0, 0, 0, 0, 1, 0 },
	  net_handle },
	{ "virtio-blk-pci",
	  VIRTIO_VERSION_1 | VIRTIO_BLK_RO,
	  1,
	  1 << 0,
	  { DISK_SECTORS & 0xff, DISK_SECTORS >> 8 },
	  blk_handle },
};

/* ---- Cards ------------------------------------------------------------------------------- */

static void card_reset(struct virtio_card *card)
{
	card->common = (struct virtio_common){
		.config_vector = VIRTIO_NO_VECTOR,
		.num_queues = htole16(card->model->n_queues),
	};
	for (uint16_t i = 0; i < VIRTIO_QUEUES; i++)
		card->queues[i] = (struct virtio_queue){
			.setup = { .size = htole16(VIRTIO_QUEUE_MAX),
				   .vector = VIRTIO_NO_VECTOR,
				   .notify = htole16(i) },
		};
	card->features = 0;
}

/* Free the state of cards that do not exist any more. */
static void cards_drop_removed(struct virtio_card **all, const struct papr_vmm *vmm)
{
	while (*all) {
		struct papr_pci_info is = { .size = sizeof(is) };
		struct virtio_card *card = *all;
		bool exists = false;

		for (size_t n = 0; !exists && papr_vmm_pci_info(vmm, n, &is) > 0; n++)
			exists = is.serial == card->serial;
		if (exists) {
			all = &card->next;
			continue;
		}
		*all = card->next;
		free(card);
	}
}

/* Return the card's state, which is made at its first use, or NULL. */
static struct virtio_card *card_of(struct virtio_card **all, const struct host *host,
				   const struct papr_pci_access *access)
{
	const struct virtio_model *model = NULL;
	struct virtio_card *card = *all;

	while (card && card->serial != access->serial)
		card = card->next;
	if (card)
		return card;
	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
		if (!strcmp(models[i].driver, access->driver))
			model = &models[i];
	card = model ? calloc(1, sizeof(*card)) : NULL;
	if (!card)
		return NULL;
	cards_drop_removed(all, host->vmm);
	card->model = model;
	card->serial = access->serial;
	card_reset(card);
	card->next = *all;
	*all = card;
	return card;
}

void virtio_free(struct virtio_card **all)
{
	while (*all) {
		struct virtio_card *card = *all;

		*all = card->next;
		free(card);
	}
}

/* ---- Queues ------------------------------------------------------------------------------ */

/* Read the descriptors of a request. Return false if one is invalid. */
static bool queue_walk(struct host *host, const struct virtio_queue *queue, uint16_t head,
		       struct virtio_request *r)
{
	uint16_t size = le16toh(queue->setup.size), at = head;

	*r = (struct virtio_request){ .host = host };
	while (r->n < REQUEST_PARTS) {
		struct virtio_desc desc;

		if (at >= size ||
		    host_read(host, le64toh(queue->setup.desc) + at * sizeof(desc), &desc,
			      sizeof(desc)))
			return false;
		r->parts[r->n++] = (struct virtio_part){
			.address = le64toh(desc.address),
			.len = le32toh(desc.len),
			.for_guest = le16toh(desc.flags) & DESC_WRITE,
		};
		if (!(le16toh(desc.flags) & DESC_NEXT))
			return true;
		at = le16toh(desc.next);
	}
	return false;
}

/* Return a request to the guest. */
static bool queue_return(struct host *host, struct virtio_queue *queue, uint16_t head,
			 uint32_t bytes)
{
	uint64_t used = le64toh(queue->setup.used);
	struct virtio_used entry = { htole32(head), htole32(bytes) };
	uint16_t place = queue->filled % le16toh(queue->setup.size), index;

	if (host_write(host, used + 4 + place * sizeof(entry), &entry, sizeof(entry)))
		return false;
	index = htole16(++queue->filled);
	/* The guest sees the entry before the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !host_write(host, used + 2, &index, sizeof(index));
}

/* Handle all requests. Return 1 if the guest expects an interrupt, 0 if not, or -1 if the
 * queue is invalid. */
static int queue_run(struct host *host, const struct virtio_model *model,
		     struct virtio_queue *queue)
{
	uint64_t avail = le64toh(queue->setup.avail);
	uint16_t size = le16toh(queue->setup.size), ring[2], head, end;
	uint16_t first = queue->seen;
	struct virtio_request r;
	int64_t bytes;

	if (!queue->setup.enable)
		return 0;
	/* No sum with one of the addresses overflows. */
	if ((avail | le64toh(queue->setup.desc) | le64toh(queue->setup.used)) >> 63 ||
	    host_read(host, avail, ring, sizeof(ring)))
		return -1;
	/* The entries are read after the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	end = le16toh(ring[1]);
	if ((uint16_t)(end - queue->seen) > size)
		return -1;
	for (; queue->seen != end; queue->seen++) {
		uint64_t place = avail + 4 + queue->seen % size * sizeof(head);

		if (host_read(host, place, &head, sizeof(head)) ||
		    !queue_walk(host, queue, le16toh(head), &r))
			return -1;
		bytes = model->handle(&r);
		if (bytes < 0 ||
		    !queue_return(host, queue, le16toh(head), (uint32_t)bytes))
			return -1;
	}
	return queue->seen != first && !(le16toh(ring[0]) & 1);
}

/* ---- Registers ----------------------------------------------------------------------------- */

static uint64_t half_of(uint64_t features, uint32_t select)
{
	return select > 1 ? 0 : (uint32_t)(features >> (select ? 32 : 0));
}

static struct virtio_queue *card_queue(struct virtio_card *card)
{
	uint16_t n = le16toh(card->common.queue_select);

	return n < card->model->n_queues ? &card->queues[n] : NULL;
}

static void common_read(struct virtio_card *card, uint64_t offset, uint8_t *data,
			uint32_t len)
{
	struct virtio_common is = card->common;
	const struct virtio_queue *queue = card_queue(card);

	is.device_feature = htole32((uint32_t)half_of(card->model->features,
						      le32toh(is.device_feature_select)));
	is.driver_feature = htole32(
		(uint32_t)half_of(card->features, le32toh(is.driver_feature_select)));
	is.queue = queue ? queue->setup
			 : (struct virtio_setup){ .vector = VIRTIO_NO_VECTOR };
	if (offset < sizeof(is) && len <= sizeof(is) - offset)
		memcpy(data, (const uint8_t *)&is + offset, len);
}

/* The queue's size and addresses cannot change while it is enabled. */
static void queue_write(struct virtio_queue *queue, const struct virtio_setup *next)
{
	uint16_t size = le16toh(next->size);

	queue->setup.vector = next->vector;
	if (queue->setup.enable || !size || size > VIRTIO_QUEUE_MAX || size & (size - 1))
		return;
	queue->setup.size = next->size;
	queue->setup.desc = next->desc;
	queue->setup.avail = next->avail;
	queue->setup.used = next->used;
	queue->setup.enable = next->enable;
}

static void common_write(struct virtio_card *card, uint64_t offset, const uint8_t *data,
			 uint32_t len)
{
	struct virtio_queue *queue = card_queue(card);
	struct virtio_common *c = &card->common, next = *c;
	uint32_t select;

	if (offset >= sizeof(next) || len > sizeof(next) - offset)
		return;
	if (queue)
		next.queue = queue->setup;
	memcpy((uint8_t *)&next + offset, data, len);
	c->device_feature_select = next.device_feature_select;
	c->driver_feature_select = next.driver_feature_select;
	c->config_vector = next.config_vector;
	c->queue_select = next.queue_select;
	select = le32toh(next.driver_feature_select);
	if (offset == offsetof(struct virtio_common, driver_feature) && select < 2) {
		uint64_t half = UINT64_C(0xffffffff) << (select ? 32 : 0);
		uint64_t bits = (uint64_t)le32toh(next.driver_feature)
				<< (select ? 32 : 0);

		card->features =
			(card->features & ~half) | (bits & card->model->features);
	}
	if (offset == offsetof(struct virtio_common, status) && !next.status) {
		card_reset(card);
		return;
	}
	c->status = next.status | (c->status & VIRTIO_NEEDS_RESET);
	/* There is no older interface. */
	if (!(card->features & VIRTIO_VERSION_1))
		c->status &= (uint8_t)~VIRTIO_FEATURES_OK;
	if (queue && offset >= offsetof(struct virtio_common, queue))
		queue_write(queue, &next.queue);
}

static void device_read(const struct virtio_card *card, uint64_t offset, uint8_t *data,
			uint32_t len)
{
	if (offset < sizeof(card->model->config) &&
	    len <= sizeof(card->model->config) - offset)
		memcpy(data, card->model->config + offset, len);
}

/* The driver has put requests into a queue. Return its interrupt, or 0. */
static uint32_t card_notified(struct virtio_card *card, struct host *host,
			      const struct papr_pci_access *access, uint64_t n)
{
	uint8_t status = card->common.status;
	uint16_t vector;
	int told;

	if (n >= card->model->n_queues || !(card->model->live & 1u << n) ||
	    !access->bus_master || !(status & VIRTIO_DRIVER_OK) ||
	    (status & VIRTIO_NEEDS_RESET))
		return 0;
	told = queue_run(host, card->model, &card->queues[n]);
	vector = le16toh(card->queues[n].setup.vector);
	if (told < 0) {
		card->common.status |= VIRTIO_NEEDS_RESET;
		vector = le16toh(card->common.config_vector);
	}
	return told && vector < access->n_msis ? access->first_msi + vector : 0;
}

uint32_t virtio_access(struct virtio_card **all, struct host *host,
		       const struct papr_pci_access *access, bool is_write, uint8_t *data,
		       uint32_t len)
{
	struct virtio_card *card =
		access->bar == VIRTIO_BAR ? card_of(all, host, access) : NULL;
	uint64_t part = access->offset / VIRTIO_PART;
	uint64_t offset = access->offset % VIRTIO_PART;

	if (!card)
		return 0;
	if (part == VIRTIO_COMMON && is_write)
		common_write(card, offset, data, len);
	else if (part == VIRTIO_COMMON)
		common_read(card, offset, data, len);
	else if (part == VIRTIO_DEVICE && !is_write)
		device_read(card, offset, data, len);
	else if (part == VIRTIO_NOTIFY && is_write)
		return card_notified(card, host, access, offset / VIRTIO_NOTIFY_BYTES);
	return 0;
}
