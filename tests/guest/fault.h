/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fault.h - the parts of faults: the machine's faults, the steps that can fail, and
 * commands
 */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "bytes.h"
#include "qmp.h"

/* The nth call or write with this name in an operation. */
struct step {
	char *name; /* "set-indicator", "write:/sys/kernel/dlpar" */
	unsigned int nth;
	bool is_write;
	unsigned int below; /* the position of a call of failcall.c; 0: none */
	bool is_drmgrs;	    /* a call of drmgr; otherwise of the kernel */
	uint32_t arg[2];    /* the first arguments of a call */
};

struct steps {
	struct step *all;
	size_t n;
	unsigned int calls, writes;
	/* drmgr's own steps, in their order: the nth is step n of killat -f */
	struct step *own;
	size_t n_own;
};

/* Add a step, for the caller to fill in. */
struct step *steps_add(struct steps *steps, const char *name, bool is_write);

/* Add the writes in --trace's output, and mark the calls that are drmgr's. */
void steps_add_trace(struct steps *steps, const char *trace);

/* Add the calls in the log of failcall.c. */
void steps_add_below(struct steps *steps, const char *log);

/* Return true if the text names this step as the failed one. */
bool words_name_step(const char *text, const struct steps *steps,
		     const struct step *step);

/* Return true if the text names a file that the operation writes. */
bool words_name_write(const char *text, const struct steps *steps);

/* Before each case: update the name of a write's file. */
void step_find(struct step *step);

/* Return true if this step is tried. Of many equal ones: the first, the last and some
 * between. */
bool step_counts(const struct steps *steps, const struct step *step, bool quick);
/* Return true if drmgr's nth step (from 0) is tried: those next to another kind of step
 * are. */
bool step_own_counts(const struct steps *steps, size_t n);

struct fault {
	const struct step *step;
	char what[64];		/* "status -1", "EINVAL" */
	const char *error;	/* the errno of a write */
	int status, delay, ret; /* of a call */
	unsigned int count;	/* number of times */
	bool is_error;		/* drmgr may ignore it with a reason */
	bool is_lie;		/* status success, but a wrong output */
	bool asks_for_power;	/* a sensor that requires power; the next step may fail */
	bool is_absence;	/* of one core of many, which needs no message */
	bool has_ret;		/* ret is used */
	bool has_area;		/* the work area begins with 64 bytes of filler */
	unsigned char filler;
	bool lasts;   /* of a step of failcall.c: that call fails again, too */
	bool is_hang; /* busy until drmgr gives up */
	bool holds;   /* a write blocks until the fault is cleared */
};

enum fault_set {
	FAULTS_ALL,
	FAULTS_QUICK, /* the first error, and one hang of the first step of each call */
	FAULTS_BELOW, /* a failing read, by failcall.c */
	FAULTS_FEW    /* errors that are common, of the steps that change a machine */
};

/* Set the nth fault of this step. Return false if there are no more. */
bool fault_of(const struct step *step, unsigned int n, enum fault_set set,
	      struct fault *out);

struct machine {
	struct qmp qmp;
	uint32_t last_id;
	struct steps *steps; /* calls are added here; NULL: nowhere */
	int fault_id;
	unsigned int injected; /* calls with an injected answer */
};

/* On the host: run a command whose standard input and output are the machine's socket. */
int machine_between(const char *path, char *command[]);

/* In the guest: use the other end of such a connection. */
void machine_connect(struct machine *m);
void machine_fault(struct machine *m, const struct fault *fault);
/* Clear all faults. Return true if the step was reached before. */
bool machine_clear(struct machine *m, const struct fault *fault);
/* Return false if there is no such connector. */
bool machine_has_connector(struct machine *m, const char *index);
void machine_connector(struct machine *m, const char *index, struct bytes *out);
/* Between these two, calls are added to steps. */
void machine_trace_begin(struct machine *m, struct steps *steps);
void machine_trace_end(struct machine *m);

/* Return a shell command's status, 124 if it does not end. The output is kept until the
 * next one. */
int run(struct machine *m, const char *command);
/* The same with waits that take no time: fastclock.c. */
int run_quickly(struct machine *m, const char *command);
/* Return true if calls for memory fail, in place of calls for files: failalloc.c. */
bool fails_memory(void);
/* The same with failcall.c: its nth call fails; 0: none. lasts: equal ones after it, too. */
int run_below(struct machine *m, const char *command, unsigned int nth, bool lasts);
#define FAILCALL_LOG "/tmp/failcall.log"
/* The same, but keep the output of the last command. */
int run_beside(struct machine *m, const char *command);
#define SAID_OUT "/tmp/faults.out"
#define SAID_ERR "/tmp/faults.err"
const char *said(const char *file);

/* Print a few of the lines that only one of them has. */
void print_difference(const char *expected, const char *now);
