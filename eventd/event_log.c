// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "cli/system.h"
#include "eventd/event_log.h"

#define EVENT_FILE  "events"
#define EVENT_MAGIC "PAPREVD1"

enum { HEAD_BYTES = 12 }; /* the number and the fixed header of a log: never all zero */

_Static_assert(sizeof(struct event_slot) == 4096, "a slot is a page");
_Static_assert(sizeof(struct event_file) == 4096 * (EVENT_SLOTS + 1), "whole pages");

/* Store in this order: a SIGKILL may come between any two stores. */
static void event_slot_set(struct event_slot *slot, enum event_state state)
{
	__atomic_store_n(&slot->state, state, __ATOMIC_SEQ_CST);
}

static unsigned char *event_slot_bytes(struct event_slot *slot)
{
	return (unsigned char *)slot + offsetof(struct event_slot, sequence);
}

static bool event_slot_has_record(struct event_slot *slot)
{
	static const unsigned char nothing[HEAD_BYTES];

	return memcmp(event_slot_bytes(slot), nothing, HEAD_BYTES) != 0;
}

/* ---- Open ---- */

static int event_file_map(struct event_log *log)
{
	const size_t size = sizeof(struct event_file);
	struct stat st;
	void *at;

	if (fstat(log->file_fd, &st))
		return -errno;
	if ((size_t)st.st_size > size && ftruncate(log->file_fd, 0))
		return -errno;
	if (ftruncate(log->file_fd, (off_t)size))
		return -errno;
	if (fallocate(log->file_fd, 0, 0, (off_t)size) && errno != EOPNOTSUPP)
		return -errno;
	at = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
		  log->file_fd, 0);
	if (at == MAP_FAILED)
		return -errno;
	log->file = at;
	(void)mlock(at,
		    size); /* a page that is swapped out only delays the kernel's copy */
	return 0;
}

/* Begin a new file, unless an earlier daemon left it; it may have had fewer slots. */
static void event_file_begin(struct event_file *file)
{
	if (memcmp(file->magic, EVENT_MAGIC, sizeof(file->magic)) != 0 ||
	    file->size < 2 * sizeof(file->slots[0]) || file->size > sizeof(*file))
		memset(file, 0, sizeof(*file));
	file->size = sizeof(*file);
	memcpy(file->magic, EVENT_MAGIC, sizeof(file->magic));
}

/* Find the records that an earlier daemon has not finished. */
static void event_file_resume(struct event_file *file)
{
	for (size_t i = 0; i < EVENT_SLOTS; i++) {
		struct event_slot *slot = &file->slots[i];

		if (slot->len > EVENT_BYTES_MAX)
			slot->len = EVENT_BYTES_MAX;
		if (slot->state == EVENT_READING && event_slot_has_record(slot))
			event_slot_set(slot, EVENT_READ);
		else if (slot->state == EVENT_TAKEN)
			event_slot_set(slot, EVENT_AGAIN);
		else if (slot->state != EVENT_READ && slot->state != EVENT_AGAIN)
			event_slot_set(slot, EVENT_FREE);
	}
}

int event_log_open(struct event_log *log, int folder, const char *source)
{
	struct flock whole = { .l_type = F_WRLCK, .l_whence = SEEK_SET };
	int err;

	*log = (struct event_log){ .fd = -1, .file_fd = -1 };
	log->file_fd = own_file_open(folder, EVENT_FILE, O_RDWR | O_CREAT, 0600);
	if (log->file_fd < 0)
		return log->file_fd;
	/* Children do not inherit a record lock, so one that outlives a kill has none. */
	if (fcntl(log->file_fd, F_SETLK, &whole))
		return errno == EACCES ? -EAGAIN : -errno;
	err = event_file_map(log);
	if (err)
		return err;
	event_file_begin(log->file);
	event_file_resume(log->file);
	log->fd = open(source, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	return log->fd < 0 ? -errno : 0;
}

void event_log_close(struct event_log *log)
{
	if (log->file)
		munmap(log->file, sizeof(*log->file));
	if (log->fd >= 0)
		close(log->fd);
	if (log->file_fd >= 0)
		close(log->file_fd);
}

/* ---- Read ---- */

static struct event_slot *event_log_free_slot(const struct event_log *log)
{
	for (size_t i = 0; i < EVENT_SLOTS; i++)
		if (log->file->slots[i].state == EVENT_FREE)
			return &log->file->slots[i];
	return NULL;
}

bool event_log_is_full(const struct event_log *log)
{
	return !event_log_free_slot(log);
}

int event_log_read(struct event_log *log)
{
	struct event_slot *slot = event_log_free_slot(log);
	ssize_t n;
	int err;

	if (!slot || log->fd < 0)
		return 0;
	memset(event_slot_bytes(slot), 0, EVENT_BYTES_MAX);
	slot->len = 0;
	slot->lost = 0;
	slot->order = log->file->next_order++;
	event_slot_set(slot, EVENT_READING);
	n = read(log->fd, event_slot_bytes(slot), EVENT_BYTES_MAX);
	err = n < 0 ? -errno : 0;
	if (n > 0) {
		slot->len = (uint32_t)n;
		event_slot_set(slot, EVENT_READ);
		return 1;
	}
	event_slot_set(slot, EVENT_FREE);
	return err == -EAGAIN || err == -EINTR ? 0 : err;
}

/* ---- Take ---- */

/* Return the oldest slot with a record that no daemon has taken; NULL: none. */
static struct event_slot *event_log_oldest(const struct event_log *log)
{
	struct event_slot *oldest = NULL;

	for (size_t i = 0; i < EVENT_SLOTS; i++) {
		struct event_slot *slot = &log->file->slots[i];

		if ((slot->state == EVENT_READ || slot->state == EVENT_AGAIN) &&
		    (!oldest || slot->order < oldest->order))
			oldest = slot;
	}
	return oldest;
}

/* Return how many records are missing before this one. The kernel's numbers have no gap,
 * and begin again only at a boot. */
static uint32_t event_log_lost(struct event_log *log, int32_t sequence)
{
	int32_t last = log->file->last;
	uint32_t lost = last > 0 && sequence > last ? (uint32_t)(sequence - last - 1) : 0;

	log->file->lost += lost;
	log->file->last = sequence;
	return lost;
}

void event_log_get_record(const struct event_log *log, int number,
			  struct event_record *record)
{
	struct event_slot *slot = &log->file->slots[number];
	uint32_t len = slot->len ? slot->len : EVENT_BYTES_MAX;

	*record = (struct event_record){
		.slot = number,
		.is_again = slot->state == EVENT_AGAIN,
		.sequence = slot->sequence,
		.bytes = (char *)slot->log,
		.len = len > sizeof(slot->sequence) ? len - sizeof(slot->sequence) : 0,
	};
}

bool event_log_take(struct event_log *log, struct event_record *record)
{
	struct event_slot *slot = event_log_oldest(log);

	if (!slot)
		return false;
	event_log_get_record(log, (int)(slot - log->file->slots), record);
	if (!record->is_again) {
		/* a record that is taken again has its number already */
		slot->lost += event_log_lost(log, slot->sequence);
		record->lost = (uint32_t)slot->lost;
	}
	event_slot_set(slot, EVENT_TAKEN);
	return true;
}

void event_log_give_back(struct event_log *log, int slot)
{
	event_slot_set(&log->file->slots[slot], EVENT_READ);
}

void event_log_forget_sequence(struct event_log *log)
{
	log->file->last = 0;
}

void event_log_free(struct event_log *log, int slot)
{
	event_slot_set(&log->file->slots[slot], EVENT_FREE);
}
