/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * session.h - what one run of a command opens: root, firmware, lock, signals
 */
#pragma once

#include "libdrmgr/core/journal.h"
#include "kern/lock.h"
#include "kern/writer.h"

#define SESSION_LOCK_FILE LOCK_DR_FILE

/* Who has the lock of dynamic reconfiguration. */
struct session_holder {
	int pid; /* 0: unknown */
	char command[256];
};

struct session {
	struct dr_ctx dr;
	struct kern_root root;
	struct rtas_engine engine;
	struct journal journal;
	struct kern_writers writers;
	int lock_fd;
};

/* Opens the root alone (sysroot NULL: the running system); changes nothing. The log must
 * outlive the session. */
int session_open(struct session *s, const char *sysroot, const struct log *log,
		 const struct dr_report *report);
void session_close(struct session *s);

/* Firmware, for commands that call it. trace: a log line for each call and each write. */
int session_open_firmware(struct session *s, bool trace);

/* Takes the lock, waiting until dr.limit if there is one. -EAGAIN: *holder has it. */
int session_lock(struct session *s, struct session_holder *holder);

/* Changes are kept in a journal from now on, as those of this command. */
void session_keep_journal(struct session *s, int argc, char *const argv[]);

/* From now on all ending signals only ask to stop, through dr.stop_fd; those that the
 * caller ignores do not. */
int session_catch_signals(struct session *s);

/* The signal that asked to stop, 0: none. */
int session_signal(const struct session *s);
