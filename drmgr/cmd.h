/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * cmd.h - the commands of drmgr: check the request, run operations, report
 *
 * One row of a table for each connector type; what is common to all of them, such as
 * lock, log and journal, comes before. Each function returns an exit status.
 */
#pragma once

#include "drmgr/exit.h"
#include "libdrmgr/core/hooks.h"
#include "libdrmgr/core/result.h"
#include "libdrmgr/core/session.h"
#include "drmgr/report.h"

struct cmd {
	const struct dr_req *req;
	struct session *session;
	struct log *log;
	struct report *report;
};

enum cmd_needs {
	CMD_DLPAR_MODULE = 1, /* rpadlpar_io: add_slot and remove_slot */
};

struct command {
	/* What the type wants of a request: 0; -EINVAL and the message. NULL: this version
	 * cannot carry it out. */
	int (*validate)(const struct dr_req *req, char *message);
	/* Changes the machine: root, locked, logged, firmware opened. */
	int (*change)(const struct cmd *cmd);
	/* -Q: only looks. */
	int (*query)(const struct cmd *cmd);
	unsigned int needs; /* enum cmd_needs */
};

/* Never NULL. */
const struct command *command_of(enum dr_type type);

/* An error of the command as a whole: to stderr, the log and the report. */
int cmd_fail(const struct cmd *cmd, const struct dr_error *error, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* The limit (-w) has passed between two resources. */
int cmd_fail_late(const struct cmd *cmd);

/* The words of a connector type for an error, malloc'ed. */
typedef char *cmd_words(const struct dr_error *error, const struct drc *drc);

/* The same with those words. drc may be NULL. */
int cmd_fail_words(const struct cmd *cmd, const struct dr_error *error,
		   const struct drc *drc, cmd_words *words);

/* To the system's log, where somebody listens. */
void cmd_syslog(const struct cmd *cmd, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

/* What one resource, begun in the report, has come to. */
int cmd_resource_end(const struct cmd *cmd, const struct drc *drc, int err,
		     const struct dr_result *result, cmd_words *words);

/* Report what may differ from before, because not everything could be undone. drc NULL:
 * several connectors. left: words of undo_kind.leaves; empty: the whole step, which changed
 * what these words say. */
void cmd_tell_left(const struct cmd *cmd, const struct drc *drc,
		   const struct kern_names *left, const char *whole);

#define CMD_LEFT_CARD "device adapter node isolation power indicator"
#define CMD_LEFT_CPU  "cpu node isolation allocation"
#define CMD_LEFT_MEM  "memory node isolation allocation"
#define CMD_LEFT_BUS  "device node isolation allocation"

/* With --all-or-nothing: does a resource that was done before stay as it is? So it does if a
 * journal waits for --recover, which undoes all in order; and while a write is in the kernel:
 * then report what stays. whole: as in cmd_tell_left(). */
bool cmd_leaves(const struct cmd *cmd, const struct drc *drc, const char *whole);

/* The end of undoing one such resource. Frees what result owns. */
void cmd_taken_back(const struct cmd *cmd, const struct drc *drc, int err,
		    struct dr_result *result, const char *whole);

/* One that is not there, so that another is taken: a warning if firmware gives a reason. */
void cmd_tell_skipped(const struct cmd *cmd, const struct drc *drc,
		      const struct dr_error *error, cmd_words *words);

/* Before anything is changed: undoes what an interrupted run left. 0 go on. */
int cmd_recover_first(const struct cmd *cmd);
/* --recover: that, and nothing else. */
int cmd_recover(const struct cmd *cmd);

/* CMD_DLPAR_MODULE: is it there, or can it be loaded? */
int cmd_need_dlpar(const struct cmd *cmd);

/* The administrator's hooks for this request. How many of them failed. */
unsigned int cmd_hooks(const struct cmd *cmd, enum hook_phase phase, unsigned int count,
		       const struct drc *drc);

int cmd_capabilities(const struct cmd *cmd);
int cmd_cpu(const struct cmd *cmd);
/* -p: capacity and weight of processors and memory. */
int cmd_entitlement(const struct cmd *cmd);
int cmd_mem(const struct cmd *cmd);
int cmd_pci(const struct cmd *cmd);
int cmd_pci_query(const struct cmd *cmd);
/* -Q of types whose list is lsslot's alone: cpu, mem. */
int cmd_show_query(const struct cmd *cmd);
/* phb, slot */
int cmd_logical(const struct cmd *cmd);
int cmd_logical_query(const struct cmd *cmd);
/* port: nothing has it any more */
int cmd_port(const struct cmd *cmd);
int cmd_acc(const struct cmd *cmd);
/* pmig, phib */
int cmd_migrate(const struct cmd *cmd);
/* -P: a list of processors and memory to be taken out and in again */
int cmd_prrn(const struct cmd *cmd);
/* -p smt_threads */
int cmd_smt(const struct cmd *cmd);
