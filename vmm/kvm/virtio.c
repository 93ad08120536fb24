// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
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
	VIRTIO_NEEDS_RESET = 0x40, /* of the status */
	VIRTIO_BUFFER_MAX = 65536, /* bytes of a request that are filled */
};
#define VIRTIO_VERSION_1  (UINT64_C(1) << 32)
#define VIRTIO_NET_STATUS (UINT64_C(1) << 16)

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

/* How a card works */
struct virtio_model {
	const char *driver;
	uint64_t features;
	uint16_t n_queues;
	uint16_t live;	   /* bit map of the queues whose buffers are used */
	uint8_t config[8]; /* the card's own registers */
	bool fills;	   /* buffers receive random bytes */
};

struct virtio_card {
	struct virtio_card *next;
	const struct virtio_model *model;
	uint32_t phb, bus, slot, function;
	struct virtio_common common;
	struct virtio_queue queues[VIRTIO_QUEUES];
	uint64_t features; /* that the driver accepted */
};

/* A network card has a MAC address and a status, "link up". Received packets are never
 * there. */
static const struct virtio_model models[] = {
	{ "virtio-rng-pci", VIRTIO_VERSION_1, 1, 1 << 0, { 0 }, true },
	{ "virtio-net-pci",
	  VIRTIO_VERSION_1 | VIRTIO_NET_STATUS,
	  2,
	  1 << 1,
	  { 0, 0, 0, 0, 0, 0, 1, 0 },
	  false },
};

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

/* Return the card's state, which is made at its first use, or NULL. */
static struct virtio_card *card_of(struct virtio_card **all,
				   const struct papr_pci_access *access)
{
	const struct virtio_model *model = NULL;
	struct virtio_card *card = *all;

	for (size_t i = 0; i < sizeof(models) / sizeof(*models); i++)
		if (!strcmp(models[i].driver, access->driver))
			model = &models[i];
	while (card && (card->phb != access->phb || card->bus != access->bus ||
			card->slot != access->slot || card->function != access->function))
		card = card->next;
	if (!model || (card && card->model == model))
		return model ? card : NULL;
	if (!card) {
		card = calloc(1, sizeof(*card));
		if (!card)
			return NULL;
		card->next = *all;
		*all = card;
	}
	card->model = model;
	card->phb = access->phb;
	card->bus = access->bus;
	card->slot = access->slot;
	card->function = access->function;
	card_reset(card);
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

/* Fill a buffer with random bytes. */
static bool buffer_fill(struct host *host, const struct virtio_desc *desc,
			uint32_t *total)
{
	uint64_t address = le64toh(desc->address);
	uint32_t len = le32toh(desc->len);
	uint8_t bytes[256];

	if (!(le16toh(desc->flags) & DESC_WRITE))
		return false;
	while (len && *total < VIRTIO_BUFFER_MAX) {
		uint32_t n = len < sizeof(bytes) ? len : (uint32_t)sizeof(bytes);

		if (getrandom(bytes, n, 0) != (ssize_t)n ||
		    host_write(host, address, bytes, n))
			return false;
		address += n;
		len -= n;
		*total += n;
	}
	return true;
}

/* Walk through the descriptors of a request. Return false if one is invalid. */
static bool queue_walk(struct host *host, const struct virtio_queue *queue, uint16_t head,
		       bool fills, uint32_t *total)
{
	uint16_t size = le16toh(queue->setup.size), at = head;

	*total = 0;
	for (uint16_t n = 0; n < size; n++) {
		struct virtio_desc desc;

		if (at >= size ||
		    host_read(host, le64toh(queue->setup.desc) + at * sizeof(desc), &desc,
			      sizeof(desc)) ||
		    (fills && !buffer_fill(host, &desc, total)))
			return false;
		if (!(le16toh(desc.flags) & DESC_NEXT))
			return true;
		at = le16toh(desc.next);
	}
	return false; /* a circle */
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

/* Handle all requests. Return 1 if the guest wants to be told, 0 if not, or -1 if the
 * queue is invalid. */
static int queue_run(struct host *host, struct virtio_queue *queue, bool fills)
{
	uint64_t avail = le64toh(queue->setup.avail);
	uint16_t size = le16toh(queue->setup.size), ring[2], head, end;
	uint16_t first = queue->seen;
	uint32_t bytes;

	if (!queue->setup.enable)
		return 0;
	if (host_read(host, avail, ring, sizeof(ring)))
		return -1;
	/* The entries are read after the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	end = le16toh(ring[1]);
	if ((uint16_t)(end - queue->seen) > size)
		return -1;
	for (; queue->seen != end; queue->seen++) {
		uint64_t place = avail + 4 + queue->seen % size * sizeof(head);

		if (host_read(host, place, &head, sizeof(head)) ||
		    !queue_walk(host, queue, le16toh(head), fills, &bytes) ||
		    !queue_return(host, queue, le16toh(head), bytes))
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
	if (offset == offsetof(struct virtio_common, status) && !next.status)
		card_reset(card);
	else
		c->status = next.status | (c->status & VIRTIO_NEEDS_RESET);
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
	uint16_t vector;
	int told;

	if (n >= card->model->n_queues || !(card->model->live & 1u << n) ||
	    !access->bus_master || (card->common.status & VIRTIO_NEEDS_RESET))
		return 0;
	told = queue_run(host, &card->queues[n], card->model->fills);
	if (told < 0)
		card->common.status |= VIRTIO_NEEDS_RESET;
	vector = le16toh(card->queues[n].setup.vector);
	return told > 0 && vector < access->n_msis ? access->first_msi + vector : 0;
}

uint32_t virtio_access(struct virtio_card **all, struct host *host,
		       const struct papr_pci_access *access, bool is_write, uint8_t *data,
		       uint32_t len)
{
	struct virtio_card *card =
		access->bar == VIRTIO_BAR ? card_of(all, access) : NULL;
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
