/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * error.h - what went wrong, as facts; the words are found where it is shown
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum dr_fault {
	DR_OK,
	DR_FAULT_FIRMWARE,     /* call answered status */
	DR_FAULT_CALL,	       /* call was not made: err */
	DR_FAULT_KERNEL,       /* a kernel file refused: what = file, err */
	DR_FAULT_INTERRUPTED,  /* a signal arrived */
	DR_FAULT_NO_ANSWER,    /* input ended at a question */
	DR_FAULT_NO_SLOTS,     /* the machine has none */
	DR_FAULT_NOT_CAPABLE,  /* this kernel has nothing for it: what = file */
	DR_FAULT_NO_INDEX,     /* what = index that no connector has */
	DR_FAULT_UNKNOWN,      /* what = name that no connector has */
	DR_FAULT_ABSENT,       /* the same, where it has to be there: what = name */
	DR_FAULT_WRONG_TYPE,   /* what = connector of another type */
	DR_FAULT_AMBIGUOUS,    /* what = the indexes that the name could mean */
	DR_FAULT_NOT_HOTPLUG,  /* the slot does not support it */
	DR_FAULT_DISPLAY,      /* a display adapter */
	DR_FAULT_OCCUPIED,     /* add: it has a node already */
	DR_FAULT_NO_CARD,      /* add: sensed empty until the deadline */
	DR_FAULT_OWNED,	       /* add: it is this partition's already */
	DR_FAULT_NOT_OWNED,    /* remove: it is not this partition's */
	DR_FAULT_SENSE,	       /* add: sensed status that nothing can be added at */
	DR_FAULT_NO_NODE,      /* remove: nothing is configured there */
	DR_FAULT_WALK,	       /* configure-connector told nonsense: what = how */
	DR_FAULT_NO_BACKEND,   /* what = backend, err = why it cannot be used */
	DR_FAULT_TREE,	       /* a node is not as it should be now: what = path, err */
	DR_FAULT_NO_DEVICE,    /* what = node for which no device came */
	DR_FAULT_STILL_IN_USE, /* what = device whose driver does not let go */
	DR_FAULT_TOO_FEW,      /* what = how many there are of how many */
	DR_FAULT_STRANDED,     /* memory that nobody could ever use again */
	DR_FAULT_SYSTEM_NEEDS, /* what = how the system uses a device */
	DR_FAULT_LOSS,	       /* --no-loss: what = how a device is used */
	DR_FAULT_MEMORY,
	DR_FAULT_JOURNAL, /* the step does not fit into it: what = file */
};

/* What a person can do about a refusal of firmware. */
enum dr_advice {
	DR_ADVICE_SERVICE, /* nothing but ask for service */
	DR_ADVICE_HARDWARE,
	DR_ADVICE_BUS_SPEED,
	DR_ADVICE_NOT_THIS_SYSTEM,
	DR_ADVICE_NOT_THIS_SLOT,
	DR_ADVICE_UNUSABLE,
};

struct dr_error {
	enum dr_fault fault;
	enum dr_advice advice;
	const char *step; /* "isolate", "attach"...; NULL before any */
	const char *call; /* name of the RTAS call; NULL if it was not about one */
	int32_t status;	  /* DR_FAULT_FIRMWARE; DR_FAULT_SENSE: what was sensed */
	int err;	  /* negative errno */
	bool is_walk;	  /* about ibm,configure-connector */
	bool is_behind;	  /* about a card behind the resource that was named */
	bool is_logical;  /* about the ownership of a logical connector */
	char what[320];
	char reason[401]; /* DR_FAULT_KERNEL: the kernel file's own words; "": none */
};

/* What an error of DR_FAULT_CALL means, as a trace has it; NULL: what the errno means. */
const char *dr_refusal_text(int err);
