/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * session.h - open what a run of a command needs: root, firmware, lock
 */
#pragma once

#include "libdrmgr/core/journal.h"
#include "kern/lock.h"
#include "kern/writer.h"

struct session {
	struct dr_ctx dr;
	struct kern_root root;
	struct rtas_engine engine;
	struct journal journal;
	struct kern_writers writers;
	struct kern_unread unread;
	uint64_t overlay_max;
	struct lock lock;
	char *command; /* that of session_lock(); NULL: the arguments of this process */
	bool has_yielded;    /* the lock, while the kernel holds a write */
	unsigned int waited; /* for how many seconds the write lasts */
};

/* Open only the root (sysroot NULL: the running system); change nothing. The log must
 * outlive the session. */
int session_open(struct session *s, const char *sysroot, const struct dr_log *log,
		 const struct dr_report *report);
void session_close(struct session *s);

/* Open firmware, for commands that call it. trace: log each call and each write. */
int session_open_firmware(struct session *s, bool trace);

/* Acquire the lock for this command (NULL: the arguments of this process), waiting at most
 * ms. -EAGAIN: *holder has the lock. */
int session_lock(struct session *s, const char *command, int64_t ms,
		 struct lock_holder *holder);

/* Record later changes in a journal, as those of this command. */
void session_keep_journal(struct session *s, int argc, char *const argv[]);
