/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * faults.h - the parts of faults: the machine that is told to fail, the steps that can,
 * and commands
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "qmp.h"

/* A call or write of an operation: the nth of that name. */
struct step {
	char *name; /* "set-indicator", "write:/sys/kernel/dlpar" */
	unsigned int nth;
	bool is_write;
	bool is_drmgrs;	 /* a call; else the kernel makes it */
	uint32_t arg[2]; /* the first ones of a call */
};

struct steps {
	struct step *all;
	size_t n;
	unsigned int calls, writes;
	/* drmgr's own, in their order: the nth of them is what killat -f takes for n */
	struct step *own;
	size_t n_own;
};

/* To be filled in. */
struct step *steps_add(struct steps *steps, const char *name, bool is_write);

/* What --trace told of: writes, and which of the calls are drmgr's. */
void steps_add_trace(struct steps *steps, const char *trace);

/* Does this text tell that it was this step? */
bool words_name_step(const char *text, const struct steps *steps,
		     const struct step *step);

/* Before each case: what the file of a write is called now. */
void step_find(struct step *step);

/* Is this one tried? Of many that are alike, the first, the last and some between. */
bool step_counts(const struct steps *steps, const struct step *step, bool quick);
/* Is drmgr's nth step (from 0) one of those? Those beside another kind of step are. */
bool step_own_counts(const struct steps *steps, size_t n);

struct fault {
	const struct step *step;
	char what[64];		/* "status -1", "EINVAL" */
	const char *error;	/* name; of a write */
	int status, delay, ret; /* of a call */
	unsigned int count;	/* so often */
	bool is_error;		/* who ignores it has a reason */
	bool is_lie;		/* a right status, a wrong answer */
	bool asks_for_power;	/* a sensor; what is done then may fail */
	bool is_absence;	/* of one core of many, which needs no words */
	bool has_ret;		/* that is the one in ret */
	bool has_area;		/* the work area begins with 64 of filler */
	unsigned char filler;
	bool is_hang; /* busy until nobody waits any longer */
	bool holds;   /* a write does not come back until the fault is cleared */
};

/* The nth thing that this step can answer; false: there are no more. */
bool fault_of(const struct step *step, unsigned int n, bool quick, struct fault *out);

struct machine {
	struct qmp qmp;
	uint32_t last_id;
	struct steps *steps; /* where calls are noted; NULL: nowhere */
	int fault_id;
	unsigned int injected; /* calls that were answered by order */
};

/* On the host: runs a command that has the machine's socket as standard input and output. */
int machine_between(const char *path, char *command[]);

/* In the guest: such a command's end. */
void machine_connect(struct machine *m);
void machine_fault(struct machine *m, const struct fault *fault);
/* Nothing fails any more. Has the step been reached meanwhile? */
bool machine_clear(struct machine *m, const struct fault *fault);
/* Return false if there is no such connector. */
bool machine_has_connector(struct machine *m, const char *index);
void machine_connector(struct machine *m, const char *index, struct bytes *out);
/* Between these, calls are added to steps. */
void machine_trace_begin(struct machine *m, struct steps *steps);
void machine_trace_end(struct machine *m);

/* A shell command's status, 124 if it does not end; what it said, until the next one. */
int run(struct machine *m, const char *command);
/* The same, waits taking no time: fastclock.c. */
int run_quickly(struct machine *m, const char *command);
/* The same, what others said stays. */
int run_beside(struct machine *m, const char *command);
#define SAID_OUT "/tmp/faults.out"
#define SAID_ERR "/tmp/faults.err"
const char *said(const char *file);

/* Lines that only one of them has, a few. */
void print_difference(const char *expected, const char *now);
