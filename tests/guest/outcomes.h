/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * outcomes.h - the parts of outcomes: the cases, and what is right about them
 */
#pragma once
#include <json-c/json.h>

#include "operation.h"

/* What is wrong with a process that drmgr inherits its state from. */
struct oddity {
	const char *name;
	const char *odd;	/* words for odd(1) of this folder, or NULL */
	bool is_mute;		/* what it prints is lost */
	const char *run_folder; /* options of a tmpfs on /run/drmgr, or NULL */
	bool is_filled;		/* nothing more can be written to it */
	bool is_full;		/* no file can grow, the journal neither */
};

/* One way to disturb the command. */
struct disturbance {
	const struct oddity *oddity; /* or NULL */
	const struct fault *fault;   /* or NULL */
	const char *killat;	     /* words for killat, or NULL */
	bool is_mute;		     /* what it prints may be lost */
};

struct outcomes {
	struct operation op;
	struct steps steps;
	const char *only;	  /* a pattern of names of cases */
	unsigned int stride, row; /* each such case, from another one in each row */
	unsigned int part, parts; /* of these, for guests side by side */
	bool chooses;		  /* the command chooses connectors by itself */
	bool is_many;		  /* several, each of which stays once it is done */
	bool is_verbose;
	const char
		*to_between; /* leads to one more state that is right after a failure */
	char *state_between;
	const char *limit; /* -w of a command that something hangs in */

	/* Connectors that the command may change, and their states as lines. */
	char **drcs, **before, **after;
	bool *is_listed; /* the document tells of it */
	size_t n_drcs;

	char what[160]; /* the case */
	unsigned int seen, cases, unreached, wrong;
	unsigned int done, undone, partial, recovered, told;
};

/* How a case has ended. */
struct verdict {
	int status;
	json_object *document; /* or NULL */
	const char *now;       /* the state, with nothing disturbed any more */
};

/* ---- outcomes_judge.c ---- */

/* Find the connectors, and read their states before and after. */
void judge_learn_connectors(struct outcomes *o);
char **judge_connectors(struct outcomes *o);
void judge_free_connectors(struct outcomes *o, char **lines);

/* Print what is wrong. expected and now may be NULL. */
void judge_blame(struct outcomes *o, int status, const char *what, const char *expected,
		 const char *now);
void judge(struct outcomes *o, const struct disturbance *d, struct verdict *v);
/* While a write is held: what must be right already. */
void judge_held(struct outcomes *o, const struct disturbance *d, int status);
/* Does the command print a JSON document? */
bool judge_can_read_json(const struct outcomes *o);

/* ---- outcomes_writers.c ---- */

/* Return the number of processes of drmgr that there are. */
unsigned int writers_count(void);
/* Return true if one of them has a file open that the command printed to. */
bool writers_hold_output(void);
/* Wait until there are none. False: they stay. */
bool writers_wait(void);
