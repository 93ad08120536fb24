/* SPDX-License-Identifier: GPL-2.0-or-later */
/* outcomes.h - the parts of outcomes: the cases, and the rules for their results */
#pragma once
#include <json-c/json.h>

#include "operation.h"

/* An odd state of the process that starts drmgr. */
struct oddity {
	const char *name;
	const char *odd;	/* words for odd(1) of this folder, or NULL */
	bool is_mute;		/* its output is lost */
	const char *run_folder; /* options of a tmpfs on /run/drmgr, or NULL */
	bool is_filled;		/* this file system is full */
	bool is_full;		/* no file can grow, nor can the journal */
};

/* One way to disturb the command. */
struct disturbance {
	const struct oddity *oddity; /* or NULL */
	const struct fault *fault;   /* or NULL */
	const char *killat;	     /* words for killat, or NULL */
	bool is_mute;		     /* its output may be lost */
};

struct outcomes {
	struct operation op;
	struct steps steps;
	const char *only; /* a pattern of names of cases */
	/* one of stride cases; the first one depends on the row */
	unsigned int stride, row;
	unsigned int part, parts; /* a part of these, for guests side by side */
	bool chooses;		  /* the command chooses connectors by itself */
	bool is_many;		  /* several, each of which is complete by itself */
	bool is_verbose;
	const char *to_between; /* leads to one more permitted state after a failure */
	char *state_between;
	const char *limit; /* -w of a command with a hang */

	/* Connectors that the command may change, and their states as lines. */
	char **drcs, **before, **after;
	bool *is_listed; /* the document has it */
	size_t n_drcs;

	char what[160]; /* the case */
	unsigned int seen, cases, unreached, wrong;
	unsigned int done, undone, partial, recovered, told;
};

/* The end of a case. */
struct verdict {
	int status;
	json_object *document; /* or NULL */
	const char *now;       /* the state, with all faults cleared */
};

/* ---- outcomes_judge.c ---- */

/* Find the connectors, and read their states before and after. */
void judge_learn_connectors(struct outcomes *o);
char **judge_connectors(struct outcomes *o);
void judge_free_connectors(struct outcomes *o, char **lines);

/* Print the error. expected and now may be NULL. */
void judge_blame(struct outcomes *o, int status, const char *what, const char *expected,
		 const char *now);
void judge(struct outcomes *o, const struct disturbance *d, struct verdict *v);
/* Check the state while a write is held. */
void judge_held(struct outcomes *o, const struct disturbance *d, int status);
/* Return true if the command can print a JSON document. */
bool judge_can_read_json(const struct outcomes *o);

/* ---- outcomes_writers.c ---- */

/* Return the number of drmgr processes. */
unsigned int writers_count(void);
/* Return true if one of them has the output of the command open. */
bool writers_hold_output(void);
/* Wait until all have ended. Return false if they have not. */
bool writers_wait(void);
