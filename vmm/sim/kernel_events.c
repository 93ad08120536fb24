// SPDX-License-Identifier: GPL-2.0-or-later
/* Interrupts of firmware's event sources, and the error_log that programs read */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel.h"
#include "wire/event.h"
#include "wire/event_hp.h"

enum {
	LOG_BYTES_MAX = 2048,
	HEAD_BYTES = 4,	      /* the sequence number before each log */
	SECTIONS_AT = 8 + 16, /* after the fixed and the extended header */
	SECTION_HEAD = 8,
	FORMAT_AT = 8 + 2,
	FORMAT_EVENT_LOG = 14,
	COMPANY_AT = 8 + 12,
	VECTOR_EXTERNAL = 0x500,
	MASK_EPOW = 0x40000000,
	MASK_HOT_PLUG = 0x10000000,
	EPOW_SENSOR = 9,
	EPOW_ON_UPS = 2, /* the modifier of a shutdown that Linux leaves to programs */
};

/* A program that waits for a record. */
struct klog_reader {
	struct klog_reader *next;
	struct klog *log;
	struct fs_request *request;
};

static size_t log_max(const struct kernel *k)
{
	uint32_t max;

	if (!ktree_u32(ktree_find(k, "/rtas"), "rtas-error-log-max", &max) ||
	    max > LOG_BYTES_MAX || max < 8)
		return LOG_BYTES_MAX;
	return max;
}

static void reply_oldest(struct klog *log, struct fs_request *request)
{
	fs_reply(request, log->ring + log->head * log->record_bytes, log->record_bytes,
		 0);
	log->head = (log->head + 1) % KLOG_RING;
	log->count--;
}

static void forget_reader(struct klog_reader *reader)
{
	struct klog_reader **at = &reader->log->readers;

	while (*at != reader)
		at = &(*at)->next;
	*at = reader->next;
	free(reader);
}

static void interrupted(struct fs_request *request, void *arg)
{
	forget_reader(arg);
	fs_reply(request, NULL, 0, -EINTR);
}

static void wait_for_record(struct klog *log, struct fs_request *request)
{
	struct klog_reader *reader = calloc(1, sizeof(*reader)), **at = &log->readers;

	if (!reader) {
		fs_reply(request, NULL, 0, -ENOMEM);
		return;
	}
	*reader = (struct klog_reader){ .log = log, .request = request };
	while (*at)
		at = &(*at)->next;
	*at = reader;
	fs_on_interrupt(request, interrupted, reader);
}

static void log_read(struct pfs_node *file, void *handle, struct fs_request *request,
		     size_t size, bool nonblock)
{
	struct kernel *k = file->priv;
	struct klog *log = &k->log;

	(void)handle;
	if (size < log->record_bytes)
		fs_reply(request, NULL, 0, -EINVAL);
	else if (log->count)
		reply_oldest(log, request);
	else if (nonblock)
		fs_reply(request, NULL, 0, -EAGAIN);
	else
		wait_for_record(log, request);
}

static unsigned int log_poll(struct pfs_node *file)
{
	const struct kernel *k = file->priv;

	return k->log.count ? POLLIN | POLLRDNORM : 0;
}

/* Append a record. If the ring is full, drop the oldest: readers see a gap in the
 * sequence numbers. */
static void put_record(struct kernel *k, const uint8_t *bytes, size_t len)
{
	struct klog *log = &k->log;
	struct klog_reader *reader;
	uint8_t *record;

	if (!log->file)
		return;
	if (log->count == KLOG_RING) {
		log->head = (log->head + 1) % KLOG_RING;
		log->count--;
	}
	record = log->ring + (log->head + log->count) % KLOG_RING * log->record_bytes;
	log->count++;
	log->sequence++;
	/* The sequence number has native byte order. After a short record, bytes of an
	 * older, longer one remain. */
	memcpy(record, &log->sequence, sizeof(log->sequence));
	memcpy(record + HEAD_BYTES, bytes, len);

	reader = log->readers;
	if (reader) {
		struct fs_request *request = reader->request;

		forget_reader(reader);
		reply_oldest(log, request);
	} else if (k->fs) {
		fs_notify_poll(k->fs, log->file);
	}
}

/* Return true if Linux can parse the log: the event log format of version 6, with IBM's
 * sections. */
static bool has_sections(const uint8_t *log, size_t len)
{
	return len >= SECTIONS_AT && (log[FORMAT_AT] & 0xf) == FORMAT_EVENT_LOG &&
	       !memcmp(log + COMPANY_AT, "IBM", 4);
}

enum found { FOUND, NOT_THERE, ENDLESS };

/* Find the section with this id, if it is complete. *section includes its head. ENDLESS:
 * a section has length 0, and the real kernel would search forever. */
static enum found find_section(const uint8_t *log, size_t len, unsigned int id,
			       const uint8_t **section, size_t *section_len)
{
	size_t at = SECTIONS_AT, n;

	if (!has_sections(log, len))
		return NOT_THERE;
	while (at + SECTION_HEAD <= len) {
		n = (size_t)log[at + 2] << 8 | log[at + 3];
		if (((unsigned int)log[at] << 8 | log[at + 1]) == id) {
			*section = log + at;
			*section_len = n;
			return n < SECTION_HEAD || n > len - at ? NOT_THERE : FOUND;
		}
		if (!n)
			return ENDLESS;
		if (n > len - at)
			return NOT_THERE;
		at += n;
	}
	return NOT_THERE;
}

static size_t log_len(const uint8_t *log, size_t max)
{
	size_t extended = ktree_cell(log, 1);

	return extended > max - 8 ? max : 8 + extended;
}

static int check_exception(struct kernel *k, uint32_t irq, uint32_t mask, size_t *len)
{
	size_t max = log_max(k);
	const uint32_t in[] = { VECTOR_EXTERNAL,	irq,	      mask, 0,
				(uint32_t)k->work_area, (uint32_t)max };

	memset(kernel_work_area(k), 0, max);
	if (kernel_rtas(k, "check-exception", 6, in, 0, NULL))
		return -ENODATA;
	*len = log_len(kernel_work_area(k), max);
	return 0;
}

static void memory_event(struct kernel *k, const struct hp_section *hp)
{
	enum kdlpar_id id = hp->id == HP_COUNT_INDEXED ? DLPAR_INDEXED_COUNT
			    : hp->id == HP_COUNT       ? DLPAR_COUNT
						       : DLPAR_INDEX;

	if (kmem_dlpar(k, hp->action == HP_ADD, id, hp->count, hp->index))
		kernel_print(k, "pseries-hotplug-mem: request failed");
}

static void hotplug(struct kernel *k, uint32_t irq)
{
	uint8_t log[LOG_BYTES_MAX];
	const uint8_t *part;
	struct hp_section hp;
	enum found found;
	size_t len, part_len;

	if (check_exception(k, irq, MASK_HOT_PLUG, &len))
		return;
	memcpy(log, kernel_work_area(k), len);
	found = find_section(log, len, HP_SECTION_ID, &part, &part_len);
	if (found == ENDLESS) {
		kernel_oops(k, "hot-plug event with a section without length");
		return;
	}
	if (found != FOUND || hp_section_decode(&hp, part, part_len)) {
		kernel_oops(k, "hot-plug event without its section");
		return;
	}
	if (hp.type == HP_CPU) {
		if (kcpu_dlpar(k, hp.action == HP_ADD, hp.index))
			kernel_print(k, "pseries-hotplug-cpu: request failed");
	} else if (hp.type == HP_MEMORY) {
		memory_event(k, &hp);
	} else if (hp.type != HP_PMEM) {
		put_record(k, log, len);
	}
}

/* Handle an event from any source but the hotplug one. */
static void take_event(struct kernel *k, const uint8_t *log, size_t len)
{
	const uint8_t *part;
	size_t part_len;
	enum found found;

	/* The second word of a PRRN event is not a length. */
	if (log[3] == EVENT_TYPE_PRRN) {
		kernel_print(k, "Platform resource reassignment ignored.");
		return;
	}
	found = find_section(log, len, EVENT_SECTION_EPOW, &part, &part_len);
	if (found == ENDLESS) {
		kernel_oops(k, "event with a section without length");
		return;
	}
	put_record(k, log, len);
	if (found == FOUND && part_len > SECTION_HEAD + 1 &&
	    (part[SECTION_HEAD] & 0xf) == EPOW_SYSTEM_SHUTDOWN &&
	    (part[SECTION_HEAD + 1] & 0xf) != EPOW_ON_UPS) {
		kernel_print(k, "EPOW: system shutdown requested");
		kernel_power(k, false);
	}
}

static void epow(struct kernel *k, uint32_t irq)
{
	const uint32_t in[] = { EPOW_SENSOR, 0 };
	uint8_t log[LOG_BYTES_MAX];
	uint32_t state = 0;
	size_t len;

	kernel_rtas(k, "get-sensor-state", 2, in, 1, &state);
	if (check_exception(k, irq, MASK_EPOW, &len))
		return;
	memcpy(log, kernel_work_area(k), len);
	take_event(k, log, len);
}

/* Return true if this event source lists the interrupt. */
static bool is_source(const struct kernel *k, const char *path, uint32_t irq)
{
	size_t len, i;
	const void *cells = ktree_get(ktree_find(k, path), "interrupts", &len);

	for (i = 0; cells && i + 2 <= len / 4; i += 2)
		if (ktree_cell(cells, i) == irq)
			return true;
	return false;
}

void klog_irq(struct kernel *k, uint32_t irq)
{
	if (is_source(k, "/event-sources/hot-plug-events", irq))
		hotplug(k, irq);
	else if (is_source(k, "/event-sources/epow-events", irq))
		epow(k, irq);
}

int klog_boot(struct kernel *k)
{
	static const struct pfs_ops ops = { .read = log_read, .poll = log_poll };
	struct dt_node *rtas = ktree_find(k, "/rtas");
	uint32_t rate;

	if (!ktree_u32(rtas, "rtas-event-scan-rate", &rate) || !rate ||
	    !ktree_get(rtas, "event-scan", NULL))
		return 0;
	k->log.record_bytes = HEAD_BYTES + log_max(k);
	k->log.ring = calloc(KLOG_RING, k->log.record_bytes);
	k->log.file = pfs_file(k->rtas_dir, "error_log", 0400, &ops, k);
	return k->log.ring && k->log.file ? 0 : -ENOMEM;
}

void klog_free(struct kernel *k)
{
	while (k->log.readers) {
		/* The waiting program is gone with the guest, and fs_free() will drop the
		 * request. */
		struct klog_reader *reader = k->log.readers;

		fs_reply(reader->request, NULL, 0, -EINTR);
		forget_reader(reader);
	}
	free(k->log.ring);
	k->log = (struct klog){ 0 };
}
