/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_log.h - read the kernel's event records so that a killed daemon loses none
 *
 * A read of /proc/ppc64/rtas/error_log removes the record from the kernel. So read(2)
 * writes straight into a slot of a file that is mapped and locked in memory. Its pages
 * outlive the process, and the kernel finishes the copy before it handles a SIGKILL. At
 * the next start, slots that are not free are handled again. The file is in /run, so an
 * event of an earlier boot is never handled.
 *
 * A slot: FREE - READING (the kernel may write) - READ (not handled yet) - TAKEN (logged,
 * and being handled) - FREE. A slot that was READING when the daemon was killed has a
 * record if any of the record's first bytes is set; one that was TAKEN becomes AGAIN, which is
 * as READ.
 *
 * Errors:  negative errno.
 * Source:  Linux 6.1 arch/powerpc/platforms/pseries/rtasd.c: 64 records, of which the
 *          oldest are dropped; each has the kernel's number, a native int, in front.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

enum {
	EVENT_SLOTS = 256, /* those of a file may be fewer: an earlier daemon made it */
	EVENT_BYTES_MAX = 4064, /* of a record; the kernel's are up to 2052 */
};

enum event_state { EVENT_FREE, EVENT_READING, EVENT_READ, EVENT_TAKEN, EVENT_AGAIN };

struct event_slot {
	uint32_t state; /* enum event_state */
	uint32_t len;	/* bytes that were read; 0: unknown */
	uint64_t order; /* of the read */
	uint64_t lost;	/* records that the kernel dropped before this one */
	uint64_t unused;
	int32_t sequence;			/* the kernel's number */
	unsigned char log[EVENT_BYTES_MAX - 4]; /* firmware's bytes */
};

struct event_file {
	char magic[8];
	uint32_t size; /* of the whole file */
	int32_t last;  /* kernel's number of the last record that was taken; 0: unknown */
	uint64_t next_order;
	int64_t shutdown_at; /* CLOCK_BOOTTIME, ns: for epow.h; 0: none */
	uint64_t
		lost; /* records that the kernel dropped, until the caller sets it to 0 */
	char unused[4096 - 40];
	struct event_slot slots[EVENT_SLOTS];
};

struct event_log {
	int fd;	     /* of the kernel's file; -1: it does not exist */
	int file_fd; /* has the lock that excludes a second daemon */
	struct event_file *file;
};

/* A record of a slot. */
struct event_record {
	int slot;
	bool is_again; /* the daemon was killed while it handled the record */
	int32_t sequence;
	uint32_t lost; /* records that the kernel dropped before this one */
	char *bytes;
	size_t len;
};

/* Open the kernel's file, and the file of slots in a folder, which only root can change.
 * Return 0 or a negative errno: -EAGAIN: another daemon runs. -ENOENT: the kernel has
 * no such file, but the slots are open. The caller closes the log in any case. */
int event_log_open(struct event_log *log, int folder, const char *source);
void event_log_close(struct event_log *log);

/* Read the next record into a free slot. Return 1, 0 if no record is waiting or no slot is
 * free, or a negative errno. */
int event_log_read(struct event_log *log);
bool event_log_is_full(const struct event_log *log);

/* Take the oldest record that was read. Its slot stays in use until event_log_free(). Return
 * false if no record waits. */
bool event_log_take(struct event_log *log, struct event_record *record);

/* Get the record of a slot that was taken, from any process that has the file. */
void event_log_get_record(const struct event_log *log, int slot,
			  struct event_record *record);

/* Give a record back, which is taken again later. */
void event_log_give_back(struct event_log *log, int slot);

/* Forget which record is the next one: another program has read some. */
void event_log_forget_sequence(struct event_log *log);

/* All is done for the record of a slot. */
void event_log_free(struct event_log *log, int slot);
