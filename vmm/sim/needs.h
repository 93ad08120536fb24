/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * needs.h - what a simulated guest needs of this computer, and how to provide it
 *
 * "papr-vmm doctor" prints all of it. If a guest cannot start, "papr-vmm run" prints the
 * first need that is missing.
 *
 * Errors:  none; a check that cannot run has the result NEED_UNKNOWN.
 * Source:  clone(2), user_namespaces(7), seccomp(2), proc(5), ptrace(2); fs/namespace.c of
 *          Linux for what hides a part of /proc; manuals of podman-run(1) and docker run
 * Layer:   papr-vmm, simulated guest
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/* In the order in which a guest needs them */
enum need {
	NEED_NAMESPACES,
	NEED_USER_IDS,
	NEED_MOUNTS,
	NEED_FUSE,
	NEED_PROC,
	NEED_SECCOMP,
	NEED_MEMORY,
	NEED_COUNT,
};

enum need_result {
	NEED_OK,
	NEED_MISSING,
	NEED_UNKNOWN, /* not checked, because an earlier one is missing */
};

enum { REPAIRS_MAX = 2 };

/* A need that was checked, and who can provide it how */
struct need_state {
	enum need_result result;
	char problem[256];
	struct repair {
		const char *how; /* "root", "container", "user" or "kernel" */
		char command[256];
	} repairs[REPAIRS_MAX];
	size_t n_repairs;
};

/* Facts about this computer that the checks use, and their results */
struct needs {
	const char *container; /* its kind; NULL: none is known */
	struct need_state states[NEED_COUNT];
};

/* The name in documents, and in messages. */
const char *need_name(enum need need);
const char *need_title(enum need need);
/* Explain who enters the command of a repair where. */
const char *repair_words(const struct repair *repair);

/* Execute the steps of a guest's start in other processes, and explain those that fail. */
void needs_check(struct needs *needs);
/* Return the first missing need, or NULL. */
const struct need_state *needs_first(const struct needs *needs);
/* Explain why a guest does not start although no need is missing; problem: what papr-vmm
 * says. */
void needs_explain_start(struct need_state *state, const char *problem);
/* Print what is missing, as the rest of a message of "papr-vmm run". */
void needs_advise(void);
