/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * papr_dev.h - the character devices /dev/papr-*, where the kernel has them
 *
 * A device makes a call without work area and without root, so it is asked first; what
 * it is not there for, the system call does. That is decided anew for each call:
 * another answer tomorrow is nobody's surprise.
 *
 * Threads: all functions may be called from any thread.
 * Source:  Linux arch/powerpc/platforms/pseries/papr-*.c
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"
#include "wire/papr_dev.h"

/* The seam that the tests replace. Negative errno where they fail. */
struct papr_dev_ops {
	/* The descriptor of a character device. */
	int (*open)(void *priv, const char *path, int flags);
	int (*ioctl)(void *priv, int fd, uint32_t request, void *block);
	ssize_t (*read)(void *priv, int fd, void *buf, size_t len);
	void (*close)(void *priv, int fd);
	void *priv;
};

/* Those of the kernel. The root must outlive them. */
struct papr_dev_ops papr_dev_system(struct kern_root *root);

struct papr_dev {
	struct papr_dev_ops ops; /* open NULL: there are no devices */
	const struct rtas_engine *engine;
};

enum papr_request {
	PAPR_ASK_VPD,
	PAPR_ASK_SYSPARM,
	PAPR_TELL_SYSPARM,
	PAPR_ASK_INDICES,
	PAPR_ASK_DYNAMIC_SENSOR,
	PAPR_TELL_DYNAMIC_INDICATOR,
	PAPR_ASK_DUMP,
	PAPR_DROP_DUMP,
	PAPR_ASK_ATTESTATION,
	PAPR_REQUESTS,
};

struct papr_answer {
	int32_t status; /* that firmware gave, or must have given */
	int err;	/* 0, or the negative errno that stands for it */
	int fd;		/* of PAPR_ASK_* that begin a sequence */
};

/* One request. subject is for the trace: "20". False: by the system call, for the
 * device is missing, cannot be opened, or does not know the request. */
bool papr_dev_ask(const struct papr_dev *d, enum papr_request what, const char *subject,
		  void *block, struct papr_answer *answer);

/* The same for a request to the descriptor of a sequence. */
bool papr_dev_ask_fd(const struct papr_dev *d, enum papr_request what, int fd,
		     const char *subject, void *block, struct papr_answer *answer);

/* The next bytes of a sequence; their number is *len. */
void papr_dev_read(const struct papr_dev *d, enum papr_request what, int fd, void *buf,
		   size_t *len, struct papr_answer *answer);

/* What the public function returns for an answer: its status; errno says which refusal
 * of the kernel stands for it. */
int papr_dev_result(const struct papr_answer *answer);

/* Could this process ask the device now? */
bool papr_dev_is_there(const struct papr_dev *d, enum papr_request what);
