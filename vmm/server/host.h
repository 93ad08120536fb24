/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - papr-vmm as the embedder of one machine
 *
 * Owns the machine, its memory (a sparse memfd that the simulated guest can map) and
 * its clock; what the machine tells goes to every listener.
 *
 * Errors:  negative errno.
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

struct host_listener {
	struct host_listener *next;
	void (*event)(struct host_listener *self, const struct papr_event *event);
	void (*interrupt)(struct host_listener *self, uint32_t irq); /* may be NULL */
	void (*console)(struct host_listener *self, const void *text, size_t len);
};

enum host_state { HOST_PRELAUNCH, HOST_RUNNING, HOST_PAUSED, HOST_SHUTDOWN };

struct host {
	struct papr_vmm *vmm;
	int memory_fd;	 /* offset = guest-physical address */
	uint8_t *memory; /* mapped whole */
	uint64_t memory_bytes;
	enum host_state state;
	bool no_shutdown, no_reboot; /* as QEMU's options */
	int64_t clock_step_ns;	     /* what clock_step and clock_set added */
	bool clock_stopped;	     /* clock_set: it moves by steps only */
	struct host_listener *listeners;
	/* A reset or shutdown that the guest asked for, to be done when its call has
	 * returned: host_settle() does it. */
	bool reset_pending, shutdown_pending;
	bool trace; /* x-papr-trace */
};

int host_new(struct host **out, const struct papr_config *config,
	     struct papr_error *error);
void host_free(struct host *host);
void host_listen(struct host *host, struct host_listener *listener);
void host_unlisten(struct host *host, struct host_listener *listener);

/* After every call into the machine: does the reset or the shutdown that was asked
 * for. True when the machine is gone and the program is to end. */
bool host_settle(struct host *host);
