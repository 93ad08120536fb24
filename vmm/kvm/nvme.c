// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/kvm/dma.h"
#include "vmm/kvm/nvme.h"

enum {
	REG_CAP = 0x00,
	REG_VERSION = 0x08,
	REG_CC = 0x14,
	REG_STATUS = 0x1c,
	REG_AQA = 0x24, /* sizes of the admin queues, then their addresses */
	REG_ASQ = 0x28,
	REG_ACQ = 0x30,
	REG_BYTES = 0x38,
	REG_DOORBELLS = 0x1000,
};
enum { CC_ENABLE = 1, CC_SHUTDOWN = 0xc000 };
enum { STATUS_READY = 1, STATUS_FATAL = 2, STATUS_SHUT_DOWN = 8 };

/* 64 entries, contiguous queues, 10 seconds until it is ready, the NVM command set */
#define CAPABILITIES (UINT64_C(63) | 1 << 16 | 20 << 24 | UINT64_C(1) << 37)
enum { VERSION_1_2 = 0x10200 };

enum {
	NVME_QUEUES = 2, /* for administration, and for reading */
	NVME_ENTRIES = 64,
	NVME_PAGE = 4096,
	NVME_TRANSFER_PAGES = 32,
	NVME_SECTORS = 2048,
	NVME_SECTOR = 512,
};

enum nvme_opcode {
	ADMIN_DELETE_SQ = 0x00,
	ADMIN_CREATE_SQ = 0x01,
	ADMIN_LOG = 0x02,
	ADMIN_DELETE_CQ = 0x04,
	ADMIN_CREATE_CQ = 0x05,
	ADMIN_IDENTIFY = 0x06,
	ADMIN_ABORT = 0x08,
	ADMIN_SET_FEATURES = 0x09,
	ADMIN_ASYNC_EVENT = 0x0c,
	NVM_FLUSH = 0x00,
	NVM_WRITE = 0x01,
	NVM_READ = 0x02,
};

enum nvme_status {
	NVME_SUCCESS = 0,
	NVME_OPCODE = 0x01,
	NVME_FIELD = 0x02,
	NVME_TRANSFER = 0x04,
	NVME_NAMESPACE = 0x0b,
	NVME_RANGE = 0x80,
	NVME_NO_QUEUE = 0x100, /* completion queue invalid */
	NVME_QUEUE_ID = 0x101,
	NVME_QUEUE_SIZE = 0x102,
	NVME_QUEUE_USED = 0x10c, /* the submission queue must be deleted first */
	NVME_READ_ONLY = 0x182,
	NVME_WAITS = 0xffff, /* the command is not complete */
};

struct nvme_command {
	uint8_t opcode, flags;
	uint16_t id;
	uint32_t namespace, reserved[2];
	uint64_t metadata, prp1, prp2;
	uint32_t dw10, dw11, dw12, dw13, dw14, dw15;
};

struct nvme_completion {
	uint32_t result, reserved;
	uint16_t sq_head, sq;
	uint16_t id, status; /* bit 0: phase */
};

/* A pair of queues. size 0: it does not exist */
struct nvme_queue {
	uint64_t sq, cq;
	uint16_t sq_size, sq_head, sq_tail;
	uint16_t cq_size, cq_head, cq_tail;
	uint16_t vector;
	bool interrupts, phase;
};

struct nvme {
	struct nvme *next;
	struct host *host;
	uint64_t serial; /* of its PCI function */
	uint8_t regs[REG_BYTES];
	struct nvme_queue queues[NVME_QUEUES];
};

/* ---- Memory ------------------------------------------------------------------------------ */

static int nvme_read(const struct nvme *nvme, uint64_t address, void *to, uint32_t len)
{
	return vm_dma_read(nvme->host, nvme->serial, address, to, len);
}

static int nvme_write(const struct nvme *nvme, uint64_t address, const void *from,
		      uint32_t len)
{
	return vm_dma_write(nvme->host, nvme->serial, address, from, len);
}

/* The pages of a transfer */
struct nvme_pages {
	const struct nvme *nvme;
	uint64_t list; /* address of the next entry */
};

/* Read the address of the next page, if so many bytes are left. A list continues in the page
 * that its last entry in a page names, and that begins with at least one entry. */
static int pages_next(struct nvme_pages *p, uint32_t left, uint64_t *page)
{
	uint64_t entry;

	if (nvme_read(p->nvme, p->list, &entry, sizeof(entry)))
		return -EFAULT;
	if (p->list % NVME_PAGE == NVME_PAGE - sizeof(entry) && left > NVME_PAGE) {
		p->list = le64toh(entry);
		if (p->list % NVME_PAGE ||
		    nvme_read(p->nvme, p->list, &entry, sizeof(entry)))
			return -EFAULT;
	}
	p->list += sizeof(entry);
	*page = le64toh(entry);
	return *page % NVME_PAGE ? -EFAULT : 0;
}

/* Write a page, or zeros (NULL), of len bytes to the command's buffer. */
static enum nvme_status nvme_put(const struct nvme *nvme, const struct nvme_command *c,
				 const uint8_t *bytes, uint32_t len)
{
	static const uint8_t zeros[NVME_PAGE];
	uint64_t page = le64toh(c->prp1);
	uint32_t n = NVME_PAGE - page % NVME_PAGE;
	struct nvme_pages pages = { nvme, le64toh(c->prp2) };
	bool has_list;

	n = n < len ? n : len;
	has_list = len - n > NVME_PAGE;
	while (len) {
		if (nvme_write(nvme, page, bytes ? bytes : zeros, n))
			return NVME_TRANSFER;
		if (bytes)
			bytes += n;
		len -= n;
		n = len < NVME_PAGE ? len : NVME_PAGE;
		page = le64toh(c->prp2);
		if (len && has_list && pages_next(&pages, len, &page))
			return NVME_TRANSFER;
	}
	return NVME_SUCCESS;
}

/* ---- Commands ---------------------------------------------------------------------------- */

static void put_le(uint8_t *at, unsigned int len, uint64_t value)
{
	for (unsigned int i = 0; i < len; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* Write a text that spaces follow. */
static void put_text(uint8_t *at, size_t len, const char *text)
{
	memset(at, ' ', len);
	memcpy(at, text, strlen(text));
}

/* Linux takes controllers with the same serial number for one subsystem, and rejects the
 * second. */
static void identify_controller(const struct nvme *nvme, uint8_t *page)
{
	char serial[20 + 1];

	snprintf(serial, sizeof(serial), "%llu", (unsigned long long)nvme->serial);
	put_le(page, 2, 0x1b36);
	put_text(page + 4, 20, serial);
	put_text(page + 24, 40, "papr-vmm, no content");
	put_text(page + 64, 8, "1");
	page[77] = 5; /* 2^5 pages */
	put_le(page + 80, 4, VERSION_1_2);
	page[258] = 3; /* commands to abort */
	page[259] = 3; /* requests for events */
	page[512] = 0x66;
	page[513] = 0x44; /* sizes of entries */
	page[516] = 1;	  /* disks */
}

static void identify_disk(uint8_t *page)
{
	put_le(page, 8, NVME_SECTORS);
	put_le(page + 8, 8, NVME_SECTORS);
	page[99] = 1;  /* cannot be written */
	page[130] = 9; /* sectors of 2^9 bytes */
}

static enum nvme_status admin_identify(const struct nvme *nvme,
				       const struct nvme_command *c)
{
	uint32_t namespace = le32toh(c->namespace);
	uint8_t page[NVME_PAGE] = { 0 };

	switch (le32toh(c->dw10) & 0xff) {
	case 0:
		if (namespace != 1)
			return NVME_NAMESPACE;
		identify_disk(page);
		break;
	case 1:
		identify_controller(nvme, page);
		break;
	case 2: /* disks with higher numbers */
		page[0] = !namespace;
		break;
	default:
		return NVME_FIELD;
	}
	return nvme_put(nvme, c, page, sizeof(page));
}

/* Both queues of the pair are created alike, the one for completions first. */
static enum nvme_status admin_create(struct nvme *nvme, const struct nvme_command *c)
{
	uint32_t dw10 = le32toh(c->dw10), dw11 = le32toh(c->dw11);
	struct nvme_queue *q = &nvme->queues[1];
	uint16_t size = (uint16_t)(dw10 >> 16);
	bool is_cq = c->opcode == ADMIN_CREATE_CQ;

	if ((dw10 & 0xffff) != 1 || (is_cq ? q->cq_size : q->sq_size))
		return NVME_QUEUE_ID;
	if (!size || size >= NVME_ENTRIES)
		return NVME_QUEUE_SIZE;
	if (!(dw11 & 1) || le64toh(c->prp1) % NVME_PAGE)
		return NVME_FIELD;
	if (is_cq) {
		*q = (struct nvme_queue){ .cq = le64toh(c->prp1),
					  .cq_size = size + 1,
					  .phase = true,
					  .interrupts = dw11 & 2,
					  .vector = (uint16_t)(dw11 >> 16) };
		return NVME_SUCCESS;
	}
	if (!q->cq_size || dw11 >> 16 != 1)
		return NVME_NO_QUEUE;
	q->sq = le64toh(c->prp1);
	q->sq_size = size + 1;
	q->sq_head = q->sq_tail = 0;
	return NVME_SUCCESS;
}

static enum nvme_status admin_delete(struct nvme *nvme, const struct nvme_command *c)
{
	struct nvme_queue *q = &nvme->queues[1];
	bool is_cq = c->opcode == ADMIN_DELETE_CQ;

	if ((le32toh(c->dw10) & 0xffff) != 1 || !(is_cq ? q->cq_size : q->sq_size))
		return NVME_QUEUE_ID;
	if (is_cq && q->sq_size)
		return NVME_QUEUE_USED;
	if (is_cq)
		q->cq_size = 0;
	q->sq_size = q->sq_head = q->sq_tail = 0;
	return NVME_SUCCESS;
}

static enum nvme_status admin_command(struct nvme *nvme, const struct nvme_command *c)
{
	uint32_t log_bytes = ((le32toh(c->dw10) >> 16) + 1) * 4;

	switch (c->opcode) {
	case ADMIN_CREATE_SQ:
	case ADMIN_CREATE_CQ:
		return admin_create(nvme, c);
	case ADMIN_DELETE_SQ:
	case ADMIN_DELETE_CQ:
		return admin_delete(nvme, c);
	case ADMIN_IDENTIFY:
		return admin_identify(nvme, c);
	case ADMIN_LOG: /* nothing has happened */
		return log_bytes > NVME_PAGE ? NVME_FIELD
					     : nvme_put(nvme, c, NULL, log_bytes);
	case ADMIN_ABORT:
	case ADMIN_SET_FEATURES: /* the number of queues: result 0, one pair */
		return NVME_SUCCESS;
	case ADMIN_ASYNC_EVENT:
		return NVME_WAITS;
	default:
		return NVME_OPCODE;
	}
}

static enum nvme_status nvm_command(const struct nvme *nvme, const struct nvme_command *c)
{
	uint64_t sector = (uint64_t)le32toh(c->dw11) << 32 | le32toh(c->dw10);
	uint32_t sectors = (le32toh(c->dw12) & 0xffff) + 1;

	if (le32toh(c->namespace) != 1)
		return NVME_NAMESPACE;
	switch (c->opcode) {
	case NVM_FLUSH:
		return NVME_SUCCESS;
	case NVM_WRITE:
		return NVME_READ_ONLY;
	case NVM_READ:
		if (sectors > NVME_TRANSFER_PAGES * NVME_PAGE / NVME_SECTOR)
			return NVME_FIELD;
		if (sector >= NVME_SECTORS || sectors > NVME_SECTORS - sector)
			return NVME_RANGE;
		return nvme_put(nvme, c, NULL, sectors * NVME_SECTOR);
	default:
		return NVME_OPCODE;
	}
}

/* ---- Queues ------------------------------------------------------------------------------ */

static uint32_t reg_get(const struct nvme *nvme, unsigned int at)
{
	uint32_t value;

	memcpy(&value, nvme->regs + at, sizeof(value));
	return le32toh(value);
}

static uint64_t reg_get64(const struct nvme *nvme, unsigned int at)
{
	return (uint64_t)reg_get(nvme, at + 4) << 32 | reg_get(nvme, at);
}

static bool queue_complete(const struct nvme *nvme, struct nvme_queue *q, uint16_t n,
			   const struct nvme_command *c, enum nvme_status status)
{
	const struct nvme_completion done = {
		.sq_head = htole16(q->sq_head),
		.sq = htole16(n),
		.id = c->id,
		.status = htole16((uint16_t)(status << 1 | q->phase)),
	};
	uint64_t at = q->cq + q->cq_tail * sizeof(done);

	/* The guest sees the phase after the rest. */
	if (nvme_write(nvme, at, &done, sizeof(done) - 2))
		return false;
	__atomic_thread_fence(__ATOMIC_SEQ_CST);
	if (nvme_write(nvme, at + sizeof(done) - 2, &done.status, 2))
		return false;
	q->cq_tail = (uint16_t)((q->cq_tail + 1) % q->cq_size);
	q->phase ^= !q->cq_tail;
	return true;
}

/* Handle commands while there is room for their completions. Return the interrupt, or 0. */
static uint32_t queue_run(struct nvme *nvme, const struct papr_pci_access *access,
			  uint16_t n)
{
	struct nvme_queue *q = &nvme->queues[n];
	bool completed = false;

	if (!access->bus_master || nvme->regs[REG_STATUS] != STATUS_READY)
		return 0;
	while (q->sq_size && q->cq_size && q->sq_head != q->sq_tail &&
	       (q->cq_tail + 1) % q->cq_size != q->cq_head) {
		enum nvme_status status;
		struct nvme_command c;

		if (nvme_read(nvme, q->sq + q->sq_head * sizeof(c), &c, sizeof(c))) {
			nvme->regs[REG_STATUS] |= STATUS_FATAL;
			return 0;
		}
		q->sq_head = (uint16_t)((q->sq_head + 1) % q->sq_size);
		status = n ? nvm_command(nvme, &c) : admin_command(nvme, &c);
		if (status == NVME_WAITS)
			continue;
		if (!queue_complete(nvme, q, n, &c, status)) {
			nvme->regs[REG_STATUS] |= STATUS_FATAL;
			return 0;
		}
		completed = true;
	}
	return completed && q->interrupts && q->vector < access->n_msis
		       ? access->first_msi + q->vector
		       : 0;
}

static void nvme_reset(struct nvme *nvme)
{
	memset(nvme->queues, 0, sizeof(nvme->queues));
	memset(nvme->regs, 0, REG_AQA);
	put_le(nvme->regs + REG_CAP, 8, CAPABILITIES);
	put_le(nvme->regs + REG_VERSION, 4, VERSION_1_2);
}

static void nvme_enable(struct nvme *nvme)
{
	uint32_t sizes = reg_get(nvme, REG_AQA);

	nvme->queues[0] = (struct nvme_queue){
		.sq = reg_get64(nvme, REG_ASQ) & ~(uint64_t)(NVME_PAGE - 1),
		.cq = reg_get64(nvme, REG_ACQ) & ~(uint64_t)(NVME_PAGE - 1),
		.sq_size = (uint16_t)((sizes & 0xfff) + 1),
		.cq_size = (uint16_t)((sizes >> 16 & 0xfff) + 1),
		.phase = true,
		.interrupts = true,
	};
	nvme->regs[REG_STATUS] = STATUS_READY;
}

static void configuration_written(struct nvme *nvme)
{
	uint32_t cc = reg_get(nvme, REG_CC);

	if (!(cc & CC_ENABLE)) {
		nvme_reset(nvme);
		put_le(nvme->regs + REG_CC, 4, cc);
	}
	if (cc & CC_ENABLE && !(nvme->regs[REG_STATUS] & STATUS_READY))
		nvme_enable(nvme);
	if (cc & CC_SHUTDOWN)
		nvme->regs[REG_STATUS] |= STATUS_SHUT_DOWN;
}

/* ---- Registers --------------------------------------------------------------------------- */

static uint32_t doorbell(struct nvme *nvme, const struct papr_pci_access *access,
			 uint16_t value)
{
	uint64_t n = (access->offset - REG_DOORBELLS) / 4;
	struct nvme_queue *q = n / 2 < NVME_QUEUES ? &nvme->queues[n / 2] : NULL;

	if (!q || value >= (n & 1 ? q->cq_size : q->sq_size))
		return 0;
	if (n & 1)
		q->cq_head = value;
	else
		q->sq_tail = value;
	return queue_run(nvme, access, (uint16_t)(n / 2));
}

static bool nvme_exists(const struct papr_vmm *vmm, uint64_t serial)
{
	struct papr_pci_info is = { .size = sizeof(is) };

	for (size_t n = 0; papr_vmm_pci_info(vmm, n, &is) > 0; n++)
		if (is.serial == serial)
			return true;
	return false;
}

/* Return the controller's state, which is made at its first use, or NULL. */
static struct nvme *nvme_of(struct nvme **all, struct host *host, uint64_t serial)
{
	struct nvme *nvme = *all;

	while (nvme && nvme->serial != serial)
		nvme = nvme->next;
	if (nvme)
		return nvme;
	for (struct nvme **at = all; *at;) {
		nvme = *at;
		if (nvme_exists(host->vmm, nvme->serial)) {
			at = &nvme->next;
			continue;
		}
		*at = nvme->next;
		free(nvme);
	}
	nvme = calloc(1, sizeof(*nvme));
	if (!nvme)
		return NULL;
	nvme->host = host;
	nvme->serial = serial;
	nvme_reset(nvme);
	nvme->next = *all;
	*all = nvme;
	return nvme;
}

void nvme_free(struct nvme **all)
{
	while (*all) {
		struct nvme *nvme = *all;

		*all = nvme->next;
		free(nvme);
	}
}

uint32_t nvme_access(struct nvme **all, struct host *host,
		     const struct papr_pci_access *access, bool is_write, uint8_t *data,
		     uint32_t len)
{
	uint64_t offset = access->offset;
	struct nvme *nvme = NULL;

	if (!strcmp(access->driver, "nvme") && !access->bar)
		nvme = nvme_of(all, host, access->serial);
	if (!nvme)
		return 0;
	if (is_write && offset >= REG_DOORBELLS && len == 4)
		return doorbell(nvme, access, (uint16_t)(data[0] | data[1] << 8));
	if (offset >= REG_BYTES || len > REG_BYTES - offset)
		return 0;
	if (!is_write) {
		memcpy(data, nvme->regs + offset, len);
	} else if (offset >= REG_AQA) {
		memcpy(nvme->regs + offset, data, len);
	} else if (offset == REG_CC && len == 4) {
		memcpy(nvme->regs + offset, data, len);
		configuration_written(nvme);
	}
	return 0;
}
