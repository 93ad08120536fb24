// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/kvm/dma.h"
#include "vmm/kvm/virtio_parts.h"

/* Parts of BAR 4, as the capabilities in a card's configuration space say */
enum {
	VIRTIO_BAR = 4,
	VIRTIO_PART = 0x1000,
	VIRTIO_COMMON = 0,
	VIRTIO_DEVICE = 2,
	VIRTIO_NOTIFY = 3,
	VIRTIO_NOTIFY_BYTES = 4, /* for each queue */
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
			exists = is.serial == card->access.serial;
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
	const struct virtio_model *model;
	struct virtio_card *card = *all;

	while (card && card->access.serial != access->serial)
		card = card->next;
	if (card)
		return card;
	model = virtio_model_find(access->driver);
	card = model ? calloc(1, sizeof(*card)) : NULL;
	if (!card)
		return NULL;
	cards_drop_removed(all, host->vmm);
	card->model = model;
	card->access = *access;
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

/* ---- Memory ------------------------------------------------------------------------------ */

int virtio_read(const struct virtio_card *card, const struct host *host, uint64_t address,
		void *to, uint32_t len)
{
	return card->access.iommu_platform
		       ? vm_dma_read(host, card->access.serial, address, to, len)
		       : host_read(host, address, to, len);
}

int virtio_write(const struct virtio_card *card, struct host *host, uint64_t address,
		 const void *from, uint32_t len)
{
	return card->access.iommu_platform
		       ? vm_dma_write(host, card->access.serial, address, from, len)
		       : host_write(host, address, from, len);
}

/* ---- Queues ------------------------------------------------------------------------------ */

/* Read the descriptors of a request. Return false if one is invalid. */
static bool queue_walk(const struct virtio_queue *queue, uint16_t head,
		       struct virtio_request *r)
{
	uint16_t size = le16toh(queue->setup.size), at = head;

	r->n = 0;
	while (r->n < REQUEST_PARTS) {
		struct virtio_desc desc;

		if (at >= size ||
		    virtio_read(r->card, r->host,
				le64toh(queue->setup.desc) + at * sizeof(desc), &desc,
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
static bool queue_return(const struct virtio_request *r, struct virtio_queue *queue,
			 uint16_t head, uint32_t bytes)
{
	uint64_t used = le64toh(queue->setup.used);
	struct virtio_used entry = { htole32(head), htole32(bytes) };
	uint16_t place = queue->filled % le16toh(queue->setup.size), index;

	if (virtio_write(r->card, r->host, used + 4 + place * sizeof(entry), &entry,
			 sizeof(entry)))
		return false;
	index = htole16(++queue->filled);
	/* The guest sees the entry before the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	return !virtio_write(r->card, r->host, used + 2, &index, sizeof(index));
}

/* Handle the requests. Return 1 if the guest expects an interrupt, 0 if not, or -1 if
 * the queue is invalid. */
static int queue_run(struct host *host, struct virtio_card *card, unsigned int n)
{
	struct virtio_queue *queue = &card->queues[n];
	struct virtio_request r = { .host = host, .card = card };
	uint64_t avail = le64toh(queue->setup.avail);
	uint16_t size = le16toh(queue->setup.size), ring[2], head, end;
	uint16_t first = queue->seen;
	int64_t bytes;

	if (!queue->setup.enable)
		return 0;
	/* No sum with one of the addresses overflows. */
	if ((avail | le64toh(queue->setup.desc) | le64toh(queue->setup.used)) >> 63 ||
	    virtio_read(card, host, avail, ring, sizeof(ring)))
		return -1;
	/* The entries are read after the index. */
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	end = le16toh(ring[1]);
	if ((uint16_t)(end - queue->seen) > size)
		return -1;
	for (; queue->seen != end; queue->seen++) {
		uint64_t place = avail + 4 + queue->seen % size * sizeof(head);

		if (virtio_read(card, host, place, &head, sizeof(head)) ||
		    !queue_walk(queue, le16toh(head), &r))
			return -1;
		bytes = card->model->handle(&r);
		if (bytes < 0 || !queue_return(&r, queue, le16toh(head), (uint32_t)bytes))
			return -1;
	}
	return queue->seen != first && !(le16toh(ring[0]) & 1);
}

/* ---- Registers ----------------------------------------------------------------------------- */

static uint64_t card_features(const struct virtio_card *card)
{
	return card->model->features |
	       (card->access.iommu_platform ? VIRTIO_ACCESS_PLATFORM : 0);
}

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

	is.device_feature = htole32((uint32_t)half_of(card_features(card),
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
	uint64_t required;
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

		card->features = (card->features & ~half) | (bits & card_features(card));
	}
	if (offset == offsetof(struct virtio_common, status) && !next.status) {
		card_reset(card);
		return;
	}
	c->status = next.status | (c->status & VIRTIO_NEEDS_RESET);
	/* There is no older interface, and a driver must know of the windows. */
	required = VIRTIO_VERSION_1 | (card_features(card) & VIRTIO_ACCESS_PLATFORM);
	if ((card->features & required) != required)
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

/* The driver has put requests into a queue: handle them. Return the interrupt to send, or
 * 0. */
static uint32_t card_notified(struct virtio_card *card, struct host *host, uint64_t n)
{
	const struct papr_pci_access *access = &card->access;
	uint8_t status = card->common.status;
	uint16_t vector;
	int told;

	if (n >= card->model->n_queues || !(card->model->live & 1u << n))
		return 0;
	if (!access->bus_master || !(status & VIRTIO_DRIVER_OK) ||
	    (status & VIRTIO_NEEDS_RESET))
		return 0;
	told = queue_run(host, card, (unsigned int)n);
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
	card->access = *access;
	if (part == VIRTIO_COMMON && is_write)
		common_write(card, offset, data, len);
	else if (part == VIRTIO_COMMON)
		common_read(card, offset, data, len);
	else if (part == VIRTIO_DEVICE && !is_write)
		device_read(card, offset, data, len);
	else if (part == VIRTIO_NOTIFY && is_write)
		return card_notified(card, host, offset / VIRTIO_NOTIFY_BYTES);
	return 0;
}
