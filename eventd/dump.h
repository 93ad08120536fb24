/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.h - save dumps of the platform below /var/log/dump
 *
 * An event announces a dump by its tag. Firmware returns it in pieces of 4 KiB, and deletes
 * it when the last piece was acknowledged, which is done after the file is on the disk. A
 * part of a dump is saved in each turn of the worker, so that requests do not wait.
 * A dump that does not fit stays in firmware: the folder has at most 4 GiB, and a tenth of
 * its file system stays free.
 *
 * Source:  PAPR+ 7.3.3.4.1, 10.3.2.2 (dump locator section); rtas_platform_dump(3)
 */
#pragma once

#include <stdint.h>

#include "eventd/event_log.h"
#include "eventd/logger.h"
#include "librtas/librtasevent.h"

enum { DUMPS_WAITING = 8, DUMP_NAME_MAX = 64 };

struct dump {
	int slot;
	uint64_t tag;
	char name[DUMP_NAME_MAX]; /* of the file */
};

struct dumps {
	struct logger *log;
	const char *path;
	struct dump waiting[DUMPS_WAITING]; /* the first one is saved */
	size_t n;
	int folder, file; /* -1: none is being saved */
	uint64_t sequence, bytes, limit;
};

void dumps_init(struct dumps *dumps, struct logger *log, const char *path);
void dumps_close(struct dumps *dumps);

/* Return true if the partition has to save the dump that an event announces. */
bool dump_is_ours(const struct rtas_dump_scn *scn);
/* Set the name of the file: that of the event, if it has one that is harmless. */
void dump_set_name(char name[DUMP_NAME_MAX], const struct rtas_dump_scn *scn);

/* Save the dump that the event of a slot announces, later. Return false if too many wait. */
bool dumps_add(struct dumps *dumps, int slot, const struct rtas_dump_scn *scn);

/* Return true if there is something to save. */
bool dumps_are_waiting(const struct dumps *dumps);

/* Save some pieces. Return the slot whose dump is complete, or has failed; -1: none. */
int dumps_continue(struct dumps *dumps);
