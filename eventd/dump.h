/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * dump.h - save dumps of the platform below /var/log/dump
 *
 * An event announces a dump by its tag. Firmware returns it in pieces of 4 KiB, and deletes
 * it when the last piece was acknowledged, which is done after the file is on the disk.
 * A dump that does not fit stays in firmware: the folder has at most 4 GiB, and a tenth of
 * its file system stays free.
 *
 * Source:  PAPR+ 7.3.3.4.1, 10.3.2.2 (dump locator section); rtas_platform_dump(3)
 */
#pragma once

#include <stdbool.h>

#include "eventd/logger.h"
#include "librtas/librtasevent.h"

enum { DUMP_NAME_MAX = 64 };

/* Return true if the partition has to save the dump that an event announces. */
bool dump_is_ours(const struct rtas_dump_scn *scn);
/* Set the name of the file: that of the event, if it has one that is harmless. */
void dump_set_name(char name[DUMP_NAME_MAX], const struct rtas_dump_scn *scn);

/* Save the dump in a folder, and log what came of it. Return 0, or -EINTR: stop_fd was readable,
 * so it is not saved. */
int dump_save(struct logger *log, const char *path, const struct rtas_dump_scn *scn,
	      int stop_fd);
