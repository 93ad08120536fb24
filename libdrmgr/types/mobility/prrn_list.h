/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * prrn_list.h - the file in which a daemon lists what firmware has moved
 *
 * It tells root what to do, so it has to be root's: regular, with one name, and nobody
 * else may write to it.
 *
 * Memory:  struct prrn_list owns everything; close it in any case.
 * Errors:  negative errno; -EPERM others could have written it.
 */
#pragma once

#include <sys/stat.h>

#include "kern/root.h"

struct prrn_list {
	int dir, fd;
	const char *name; /* in the folder; the caller's */
	struct stat st;
	char *text; /* len bytes */
	size_t len;
};

int prrn_list_open(struct prrn_list *list, const char *path);
void prrn_list_close(struct prrn_list *list);

/* Removes it, if it is still the one that was read. */
int prrn_list_remove(const struct prrn_list *list);
