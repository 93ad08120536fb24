/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * errd.h - step aside for rtas_errd of ppc64-diag, which reads the same records
 *
 * A record goes to one reader only. While root runs rtas_errd, this daemon reads none.
 */
#pragma once

#include <stdbool.h>

struct errd {
	int pid; /* 0: it does not run */
	int end; /* pidfd, readable after its end; -1: none */
};

void errd_init(struct errd *errd);
void errd_close(struct errd *errd);

/* Find out if it runs, unless that is known. Return true if this has changed. */
bool errd_look(struct errd *errd);
