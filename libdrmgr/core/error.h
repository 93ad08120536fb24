/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * error.h - the facts of an error; commands make the text from them
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

enum dr_fault {
	DR_OK,
	DR_FAULT_FIRMWARE,     /* firmware answered a call with status */
	DR_FAULT_CALL,	       /* a call was not made: err */
	DR_FAULT_KERNEL,       /* a kernel file refused: what = file, err */
	DR_FAULT_UNREAD,       /* a kernel file cannot be read: what = file, err */
	DR_FAULT_INTERRUPTED,  /* a signal arrived */
	DR_FAULT_NO_ANSWER,    /* input ended at a question */
	DR_FAULT_NO_SLOTS,     /* the machine has none */
	DR_FAULT_NOT_CAPABLE,  /* this kernel does not support it: what = file */
	DR_FAULT_NO_INDEX,     /* what = index without a connector */
	DR_FAULT_UNKNOWN,      /* what = name without a connector */
	DR_FAULT_ABSENT,       /* remove: what = name without a connector */
	DR_FAULT_WRONG_TYPE,   /* what = connector of another type */
	DR_FAULT_AMBIGUOUS,    /* what = the indexes that the name could mean */
	DR_FAULT_NOT_HOTPLUG,  /* the slot does not support it */
	DR_FAULT_UNLISTED,     /* what = resource that firmware's table lacks */
	DR_FAULT_DISPLAY,      /* a display adapter */
	DR_FAULT_OCCUPIED,     /* add: it has a node */
	DR_FAULT_NO_CARD,      /* add: sensed empty until the deadline */
	DR_FAULT_OWNED,	       /* add: this partition owns it */
	DR_FAULT_NOT_OWNED,    /* remove: this partition does not own it */
	DR_FAULT_SENSE,	       /* add: what was sensed is no card to configure */
	DR_FAULT_NO_NODE,      /* remove: nothing is configured there */
	DR_FAULT_WALK,	       /* configure-connector is invalid: what = how */
	DR_FAULT_NO_BACKEND,   /* what = backend, err = why it cannot be used */
	DR_FAULT_NO_WALK,      /* the same; err = why there is no work area */
	DR_FAULT_NO_SEARCH,    /* the same; err = why that is unknown; 0: it is known */
	DR_FAULT_TREE,	       /* a node is not as expected: what = path, err */
	DR_FAULT_NO_DEVICE,    /* what = node without a PCI device */
	DR_FAULT_STILL_IN_USE, /* what = device whose driver does not release it */
	DR_FAULT_TOO_FEW,      /* what = how many of how many are available */
	DR_FAULT_STRANDED,     /* no partition could use the memory again */
	DR_FAULT_SYSTEM_NEEDS, /* what = how the system uses a device */
	DR_FAULT_LOSS,	       /* --no-loss: what = how a device is used */
	DR_FAULT_LATE,	       /* the limit (-w) passed between two resources */
	DR_FAULT_LAST,	       /* a partition must keep one */
	DR_FAULT_NONE_LEFT,    /* no further resource can be changed */
	DR_FAULT_UNUSABLE,     /* what = the resource, which firmware refuses */
	DR_FAULT_MEMORY,
	DR_FAULT_HOOK,	 /* what = how many hooks do not allow it */
	DR_FAULT_LOCKED, /* another process has the lock */
	DR_FAULT_UNDO,	 /* a step of an earlier run could not be undone */
	DR_FAULT_LEFT,	 /* an earlier run left the resource incomplete: what = its run */
	DR_FAULT_WRITER, /* the kernel would let the change wait: what = for what */
	DR_FAULT_DAMAGED, /* the journal of an earlier run */
	DR_FAULT_BUSY,	  /* a device must stay */
	DR_FAULT_REQUEST, /* the request is invalid */
	DR_FAULT_JOURNAL, /* the step does not fit: what = file */
	DR_FAULT_NEEDED,  /* programs need the memory: what = LMBs that could go */
	DR_FAULT_SIZE,	  /* a size is not possible: what = why, and which sizes are */
};

/* What the administrator can do if firmware refuses a change. */
enum dr_advice {
	DR_ADVICE_SERVICE, /* call service */
	DR_ADVICE_HARDWARE,
	DR_ADVICE_BUS_SPEED,
	DR_ADVICE_NOT_THIS_SYSTEM,
	DR_ADVICE_NOT_THIS_SLOT,
	DR_ADVICE_UNUSABLE,
};

/* A removal of memory that programs need, in bytes. */
struct dr_memory {
	uint64_t bytes;	    /* that it would take */
	uint64_t available; /* that Linux could free or swap */
	uint64_t kept;	    /* of these, what must remain */
};

struct dr_error {
	enum dr_fault fault;
	enum dr_advice advice;
	const char *step;	 /* "isolate", "attach"...; NULL before any */
	const char *call;	 /* name of the RTAS call; NULL: no call */
	int32_t status;		 /* DR_FAULT_FIRMWARE; DR_FAULT_SENSE: what was sensed */
	int err;		 /* negative errno */
	bool is_walk;		 /* the call is ibm,configure-connector */
	bool is_behind;		 /* about a card below the resource that the user named */
	bool is_logical;	 /* about the ownership of a logical connector */
	bool is_of_host;	 /* there are too few because the host assigned no more */
	struct dr_memory memory; /* DR_FAULT_NEEDED */
	char what[320];
	char reason[401]; /* DR_FAULT_KERNEL: text of the kernel's file; "": none */
};

struct kern_root;

/* Set an error of a reading: DR_FAULT_UNREAD with the name of the file, DR_FAULT_MEMORY,
 * or "none" if there is nothing (-ENOENT, -ENODEV) or it is damaged (-EBADMSG, -E2BIG). */
void dr_error_read(struct dr_error *error, const struct kern_root *root,
		   enum dr_fault none, int err);

/* Return the meaning of an error of DR_FAULT_CALL, as in a trace. NULL: strerror() has
 * it. */
const char *dr_refusal_text(int err);

/* Return true if firmware gave a reason other than that the connector does not exist. */
bool dr_error_has_reason(const struct dr_error *error);
