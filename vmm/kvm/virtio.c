// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "vmm/kvm/virtio.h"

/* Parts of BAR 4, as the capabilities in the card's configuration space say */
enum { VIRTIO_BAR = 4, VIRTIO_PART = 0x1000, VIRTIO_COMMON = 0, VIRTIO_NOTIFY = 3 };
enum {
	VIRTIO_QUEUE_MAX = 256, /* entries; a power of two */
	VIRTIO_NO_VECTOR = 0xffff,
	VIRTIO_RANDOM_MAX = 65536, /* bytes for a request */
};
/* Bits of a card's status */
enum { VIRTIO_DRIVER_OK = 4, VIRTIO_FEATURES_OK = 8, VIRTIO_NEEDS_RESET = 0x40 };
/* All features are in the second half. The driver must accept them: there is no older
 * interface, and it must know of the DMA windows. */
enum { VIRTIO_VERSION_1 = 1, VIRTIO_ACCESS_PLATFORM = 2 };

/* The common configuration, as it lies in the BAR: little-endian */
struct virtio_common {
	uint32_t device_feature_select, device_feature;
	uint32_t driver_feature_select, driver_feature;
	uint16_t config_vector, num_queues;
	uint8_t status, generation;
	uint16_t queue_select;
	struct virtio_queue {
		uint16_t size, vector, enable, notify;
		uint64_t desc, avail, used;
	} __attribute__((packed)) queue; /* the only one */
} __attribute__((packed));

struct virtio_desc {
	uint64_t address;
	uint32_t len;
	uint16_t flags, next;
};
enum { DESC_NEXT = 1, DESC_WRITE = 2 };

struct virtio_used {
	uint32_t id, len;
};

struct virtio_card {
	struct virtio_card *next;
	struct papr_pci_access access; /* the last one */
	struct virtio_common common;
	uint16_t done; /* requests */
};

/* ---- Cards ------------------------------------------------------------------------------- */

static void card_reset(struct virtio_card *card)
{
	card->common = (struct virtio_common){
		.config_vector = VIRTIO_NO_VECTOR,
		.num_queues = htole16(1),
		.queue = { .size = htole16(VIRTIO_QUEUE_MAX),
			   .vector = VIRTIO_NO_VECTOR },
	};
	card->done = 0;
}

/* Return the state of the card at this place, or NULL. */
static struct virtio_card *card_of(struct virtio_card **all,
				   const struct papr_pci_access *access)
{
	struct virtio_card *card = *all;

	while (card &&
	       (card->access.phb != access->phb || card->access.bus != access->bus ||
		card->access.slot != access->slot ||
		card->access.function != access->function))
		card = card->next;
	if (!card) {
		card = calloc(1, sizeof(*card));
		if (!card)
			return NULL;
		card->next = *all;
		*all = card;
	}
	if (card->access.serial != access->serial) /* it is new */
		card_reset(card);
	card->access = *access;
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

/* Read or write memory as the card does: through the guest's DMA windows if its property
 * iommu_platform is on, otherwise at guest-physical addresses. */
static bool card_copy(const struct virtio_card *card, struct host *host, uint64_t address,
		      void *data, uint64_t len, unsigned int access)
{
	struct papr_dma dma = { .size = sizeof(dma), .address = address, .bytes = len };

	for (uint8_t *p = data; len;
	     address += dma.bytes, p += dma.bytes, len -= dma.bytes) {
		if (card->access.iommu_platform &&
		    papr_vmm_pci_dma(host->vmm, card->access.serial, address, len, access,
				     &dma))
			return false;
		if (access == PAPR_DMA_READ ? host_read(host, dma.address, p, dma.bytes)
					    : host_write(host, dma.address, p, dma.bytes))
			return false;
	}
	return true;
}

/* ---- Queue ------------------------------------------------------------------------------- */

static bool card_put_random(const struct virtio_card *card, struct host *host,
			    uint64_t address, uint32_t len)
{
	uint8_t bytes[256]; /* of more, a signal may interrupt getrandom() */

	for (uint32_t n; len; address += n, len -= n) {
		n = len < sizeof(bytes) ? len : (uint32_t)sizeof(bytes);
		if (getrandom(bytes, n, 0) != (ssize_t)n ||
		    !card_copy(card, host, address, bytes, n, PAPR_DMA_WRITE))
			return false;
	}
	return true;
}

/* Fill the buffers of a request. Return the number of bytes, or -1: it is invalid, such as a
 * chain of descriptors that is longer than the queue, or a buffer with data for the card. */
static int64_t request_fill(const struct virtio_card *card, struct host *host,
			    uint16_t at)
{
	const struct virtio_queue *queue = &card->common.queue;
	uint16_t size = le16toh(queue->size);
	uint32_t filled = 0;

	for (uint16_t n = 0; n < size && at < size; n++) {
		struct virtio_desc desc;
		uint32_t len;

		if (!card_copy(card, host, le64toh(queue->desc) + at * sizeof(desc),
			       &desc, sizeof(desc), PAPR_DMA_READ) ||
		    !(le16toh(desc.flags) & DESC_WRITE))
			return -1;
		len = le32toh(desc.len);
		if (len > VIRTIO_RANDOM_MAX - filled)
			len = VIRTIO_RANDOM_MAX - filled;
		if (!card_put_random(card, host, le64toh(desc.address), len))
			return -1;
		filled += len;
		if (!(le16toh(desc.flags) & DESC_NEXT))
			return filled;
		at = le16toh(desc.next);
	}
	return -1;
}

/* Handle the next request. Return false if it is invalid. */
static bool queue_next(struct virtio_card *card, struct host *host)
{
	const struct virtio_queue *queue = &card->common.queue;
	uint64_t used = le64toh(queue->used);
	uint16_t place = card->done % le16toh(queue->size), head, index;
	struct virtio_used entry;
	int64_t bytes;

	if (!card_copy(card, host, le64toh(queue->avail) + 4 + place * sizeof(head),
		       &head, sizeof(head), PAPR_DMA_READ))
		return false;
	bytes = request_fill(card, host, le16toh(head));
	if (bytes < 0)
		return false;
	entry = (struct virtio_used){ htole32(le16toh(head)), htole32((uint32_t)bytes) };
	if (!card_copy(card, host, used + 4 + place * sizeof(entry), &entry,
		       sizeof(entry), PAPR_DMA_WRITE))
		return false;
	index = htole16(++card->done);
	/* The guest sees the entry before the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return card_copy(card, host, used + 2, &index, sizeof(index), PAPR_DMA_WRITE);
}

/* Handle the requests. Return 1 if the guest expects an interrupt, 0 if not, or -1 if
 * the queue is invalid. */
static int queue_run(struct virtio_card *card, struct host *host)
{
	const struct virtio_queue *queue = &card->common.queue;
	uint16_t ring[2], first = card->done, end;

	if (!queue->enable)
		return 0;
	/* No sum with one of the addresses overflows. */
	if (le64toh(queue->avail | queue->desc | queue->used) >> 63 ||
	    !card_copy(card, host, le64toh(queue->avail), ring, sizeof(ring),
		       PAPR_DMA_READ))
		return -1;
	/* The entries are read after the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	end = le16toh(ring[1]);
	if ((uint16_t)(end - first) > le16toh(queue->size))
		return -1;
	while (card->done != end)
		if (!queue_next(card, host))
			return -1;
	return end != first && !(le16toh(ring[0]) & 1);
}

/* ---- Registers ----------------------------------------------------------------------------- */

static uint32_t card_features(const struct virtio_card *card)
{
	return htole32(VIRTIO_VERSION_1 |
		       (card->access.iommu_platform ? VIRTIO_ACCESS_PLATFORM : 0));
}

static void common_read(const struct virtio_card *card, uint64_t offset, uint8_t *data,
			uint32_t len)
{
	struct virtio_common is = card->common;

	if (is.device_feature_select == htole32(1))
		is.device_feature = card_features(card);
	if (is.driver_feature_select != htole32(1))
		is.driver_feature = 0;
	if (is.queue_select)
		is.queue = (struct virtio_queue){ .vector = VIRTIO_NO_VECTOR };
	if (offset < sizeof(is) && len <= sizeof(is) - offset)
		memcpy(data, (const uint8_t *)&is + offset, len);
}

/* The queue's size and addresses cannot change while it is enabled. */
static void queue_write(struct virtio_queue *queue, const struct virtio_queue *next)
{
	uint16_t size = le16toh(next->size);

	queue->vector = next->vector;
	if (queue->enable || !size || size > VIRTIO_QUEUE_MAX || size & (size - 1))
		return;
	*queue = *next;
	queue->notify = 0; /* its number */
}

static void common_write(struct virtio_card *card, uint64_t offset, const uint8_t *data,
			 uint32_t len)
{
	struct virtio_common *c = &card->common, next = *c;

	if (offset >= sizeof(next) || len > sizeof(next) - offset)
		return;
	memcpy((uint8_t *)&next + offset, data, len);
	c->device_feature_select = next.device_feature_select;
	c->driver_feature_select = next.driver_feature_select;
	c->config_vector = next.config_vector;
	c->queue_select = next.queue_select;
	if (c->driver_feature_select == htole32(1))
		c->driver_feature = next.driver_feature & card_features(card);
	if (offset == offsetof(struct virtio_common, status) && !next.status) {
		card_reset(card);
		return;
	}
	c->status = next.status | (c->status & VIRTIO_NEEDS_RESET);
	if (c->driver_feature != card_features(card))
		c->status &= (uint8_t)~VIRTIO_FEATURES_OK;
	if (!c->queue_select)
		queue_write(&c->queue, &next.queue);
}

/* The driver has put requests into the queue: handle them. Return the interrupt to send, or
 * 0. */
static uint32_t card_notified(struct virtio_card *card, struct host *host)
{
	const struct papr_pci_access *access = &card->access;
	uint8_t status = card->common.status;
	uint16_t vector;
	int told;

	if (!access->bus_master || !(status & VIRTIO_DRIVER_OK) ||
	    (status & VIRTIO_NEEDS_RESET))
		return 0;
	told = queue_run(card, host);
	vector = le16toh(card->common.queue.vector);
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
	uint64_t part = access->offset / VIRTIO_PART;
	uint64_t offset = access->offset % VIRTIO_PART;
	struct virtio_card *card;

	if (access->bar != VIRTIO_BAR || strcmp(access->driver, "virtio-rng-pci") != 0)
		return 0;
	card = card_of(all, access);
	if (!card)
		return 0;
	if (part == VIRTIO_COMMON && is_write)
		common_write(card, offset, data, len);
	else if (part == VIRTIO_COMMON)
		common_read(card, offset, data, len);
	else if (part == VIRTIO_NOTIFY && is_write)
		return card_notified(card, host);
	return 0;
}
