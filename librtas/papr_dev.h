/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * papr_dev.h - the character devices /dev/papr-*
 *
 * A device makes a call without a work area and without root, so it is tried first. If it
 * cannot make the call, the rtas system call does. Each call decides this again.
 * rtas_desc() describes the device of each call.
 *
 * Threads: all functions may be called from any thread.
 * Source:  Linux arch/powerpc/platforms/pseries/papr-*.c
 * Layer:   librtas
 */
#pragma once

#include "librtas/engine.h"
#include "wire/papr_dev.h"

/* What an open descriptor is: its link, or without /proc its inode, which sequences of all
 * devices share. */
struct papr_handle {
	char link[64]; /* "anon_inode:[papr-vpd]"; "" without /proc */
	dev_t dev;
	ino_t ino;
};

/* System calls on a device, which tests replace. They return a negative errno on
 * failure. */
struct papr_dev_ops {
	/* Open a character device and return its descriptor. */
	int (*open)(void *priv, const char *path, int flags);
	int (*ioctl)(void *priv, int fd, uint32_t request, void *block);
	ssize_t (*read)(void *priv, int fd, void *buf, size_t len);
	void (*close)(void *priv, int fd);
	/* Read what the descriptor is. Return 0 or a negative errno. */
	int (*identify)(void *priv, int fd, struct papr_handle *handle);
	void *priv;
};

/* Return the operations of the running kernel. The root must outlive them. */
struct papr_dev_ops papr_dev_system(struct kern_root *root);

struct papr_dev {
	struct papr_dev_ops ops; /* open NULL: no devices */
	const struct rtas_engine *engine;
	_Atomic uint64_t *missing; /* bits of calls whose device does not exist */
};

struct papr_answer {
	int32_t status; /* firmware's status, or the one that corresponds to err */
	int err;	/* 0, or a negative errno of the device */
	int fd;		/* of a request that begins a sequence */
};

/* Return true if the device of this call was missing before. */
bool papr_dev_is_missing(const struct papr_dev *d, enum rtas_call call);

/* Send the request of this call. subject: for the trace, such as "20". Return false if the caller must
 * use the system call: the device is missing, cannot be opened, or does not know the
 * request. */
bool papr_dev_query(const struct papr_dev *d, enum rtas_call call, const char *subject,
		    void *block, struct papr_answer *answer);

/* Send the last request of a sequence to its descriptor. */
void papr_dev_end(const struct papr_dev *d, enum rtas_call call, int fd,
		  const char *subject, void *block, struct papr_answer *answer);

/* Read the next bytes of a sequence. *len: size of buf; receives the number of bytes. */
void papr_dev_read(const struct papr_dev *d, enum rtas_call call, int fd, void *buf,
		   size_t *len, struct papr_answer *answer);

/* Return the public function's return value for an answer, its status. Set errno if the
 * kernel refused. */
int papr_dev_result(const struct papr_answer *answer);

/* Return true if this process can open the device now. */
bool papr_dev_can_open(const struct papr_dev *d, enum rtas_call call);
