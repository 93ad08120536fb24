/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * errd.h - step aside for rtas_errd of ppc64-diag, which reads the same records
 *
 * A record goes to one reader only. While root runs rtas_errd, this daemon reads none. Before it
 * reads records, rtas_errd opens the kernel's file, which inotify(7) reports; only then, and at
 * the start, all processes are read.
 */
#pragma once

#include <stdbool.h>

struct errd {
	int pid;   /* 0: it does not run */
	int end;   /* pidfd, readable after its end; -1: none */
	int opens; /* inotify: another process has opened the file; -1: this is not known */
	bool has_looked;
};

/* Watch the kernel's file, which this process has open. */
void errd_open(struct errd *errd, const char *source);
void errd_close(struct errd *errd);

/* Find out if it runs, unless that is known. Return true if this has changed. Cheap: it may be
 * called before each read. */
bool errd_look(struct errd *errd);
