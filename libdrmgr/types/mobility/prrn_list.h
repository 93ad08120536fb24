/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * prrn_list.h - the file in which a daemon lists resources that firmware has moved
 *
 * The file makes root change the machine. So it must be a regular file with one link,
 * owned by root, and not writable for other users.
 *
 * Memory:  struct prrn_list owns everything; close it in any case.
 * Errors:  negative errno; -EPERM: another user could have written the file.
 */
#pragma once

#include <sys/stat.h>

#include "kern/root.h"

struct prrn_list {
	int dir, fd;
	const char *name; /* in the folder; owned by the caller */
	struct stat st;
	char *text; /* len bytes */
	size_t len;
};

int prrn_list_open(struct prrn_list *list, const char *path);
void prrn_list_close(struct prrn_list *list);

/* Remove the file if it is still the file that was read. */
int prrn_list_remove(const struct prrn_list *list);
