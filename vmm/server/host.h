/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - papr-vmm as the embedder of one machine
 *
 * Owns the machine, its memory (a sparse memfd that the simulated guest can map) and
 * its clock; what the machine tells goes to every listener, and so does what the
 * program itself does to it (stop, go on, reset, end).
 *
 * Units:   times in nanoseconds.
 * Memory:  listeners are the caller's, and unlisten before they go.
 * Errors:  negative errno; words in struct papr_error where one is given.
 * Source:  run states and their events: QEMU 7.2, as QMP shows them
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

/* What the machine does, in the words of QMP's query-status. */
enum host_state {
	HOST_PRELAUNCH,
	HOST_RUNNING,
	HOST_PAUSED,
	HOST_SHUTDOWN, /* off, but the program stays: -no-shutdown */
	HOST_GUEST_PANICKED,
	HOST_SUSPENDED,
};

/* What happened to the machine from outside; the machine's own events are
 * struct papr_event. */
enum host_change {
	HOST_STOPPED,
	HOST_RESUMED,
	HOST_WAS_RESET, /* done: the first processor starts anew */
	HOST_ENDING,	/* the program ends after this */
};

struct host_listener {
	struct host_listener *next;
	/* Each of these may be NULL, and may unlisten itself. */
	void (*event)(struct host_listener *self, const struct papr_event *event);
	void (*changed)(struct host_listener *self, enum host_change change);
	void (*interrupt)(struct host_listener *self, uint32_t irq);
	void (*console)(struct host_listener *self, const void *text, size_t len);
	/* Return the number of actions that fault id held. They go on now, or fail with
	 * err, if that is not 0. */
	unsigned int (*fault_cleared)(struct host_listener *self, int id, int err);
};

/* What is done when the guest panics; QEMU's -action panic=. */
enum host_panic {
	HOST_PANIC_SHUTDOWN,
	HOST_PANIC_PAUSE,
	HOST_PANIC_EXIT,
	HOST_PANIC_RUN
};

/* Everything about the machine that its own configuration does not say. */
struct host_options {
	struct papr_config config;
	bool no_shutdown, no_reboot; /* as QEMU's options */
	enum host_panic panic;
	bool rtc_has_base;
	int64_t rtc_base_ns; /* ns since 1970 at start, else the host's time */
	bool rtc_vm_clock;   /* time of day stands still with the machine */
};

/* Asked for while a call into the machine was under way; host_settle() does it. */
enum host_wish_kind {
	HOST_WISH_NONE,
	HOST_WISH_RESET,
	HOST_WISH_SHUTDOWN,
	HOST_WISH_POWERDOWN
};

struct host_wish {
	enum host_wish_kind kind;
	bool by_guest;
	bool silent;  /* nobody is told */
	char why[64]; /* the reason, as QMP names it: "guest-reset" */
};

/* The program's exit status for failures of its own. */
enum { HOST_EXIT_FAILURE = 125 };

struct host_fault;

struct host {
	struct papr_vmm *vmm;
	struct host_options options; /* whose texts outlive the host */
	int memory_fd;		     /* offset = guest-physical address */
	uint8_t *memory;	     /* mapped whole */
	uint64_t memory_bytes;	     /* RAM, gap, and the room for DIMMs */
	enum host_state state;
	struct host_listener *listeners;
	struct host_listener *next_listener; /* of the one that is being told */

	/* The clock: what it said when it last stood still, and since when it runs. */
	uint64_t clock_ns, clock_started_ns;
	bool clock_stopped;   /* clock_set: it moves by steps only */
	int64_t rtc_start_ns; /* the host's time of day at start */

	struct host_wish wish;
	bool stop_pending, memory_changed;
	enum host_state stop_state;
	bool ended;		   /* told HOST_ENDING */
	int exit_status;	   /* of the program, when it ends */
	bool trace;		   /* x-papr-trace */
	struct host_fault *faults; /* host_fault.c */
	int last_fault_id;
};

/* The machine as at power-on, without devices. 0, or as papr_vmm_new(). */
int host_new(struct host **out, const struct host_options *options,
	     struct papr_error *error);
void host_free(struct host *host); /* NULL is fine */

/* Ends the start, when cold-plugged devices are there; runs the machine if told so. */
int host_start(struct host *host, bool run, struct papr_error *error);

void host_listen(struct host *host, struct host_listener *listener);
void host_unlisten(struct host *host, struct host_listener *listener);

/* After every call into the machine: does the reset, the stop or the shutdown that was
 * asked for. True when the machine is gone and the program is to end. */
bool host_settle(struct host *host);

/* Has host_settle() nothing to do? */
bool host_is_settled(const struct host *host);

/* What QMP asks for. */
void host_stop(struct host *host);
/* 0, or -EPERM: it was shut down and needs a reset first. */
int host_continue(struct host *host);
void host_reset(struct host *host);	/* done by host_settle() */
void host_powerdown(struct host *host); /* so is this, and host_quit() */
/* Ends the program, -no-shutdown or not; why: "host-qmp-quit", "host-signal". */
void host_quit(struct host *host, const char *why);
/* What is done about a panic, -no-shutdown taken into account. */
enum host_panic host_panic_action(const struct host *host);
/* One line for people, without LF. */
void host_log(const struct host *host, const char *line);

/* The machine's clock. */
uint64_t host_clock(const struct host *host);
/* Forwards alone; both answer the new time. */
uint64_t host_clock_step(struct host *host, uint64_t ns);
uint64_t host_clock_set(struct host *host, uint64_t ns);

/* Guest-physical memory, as the machine sees it: 0; -EFAULT when any byte is outside
 * RAM and DIMMs, nothing is read or written then. */
int host_read(const struct host *host, uint64_t address, void *buf, size_t len);
int host_write(struct host *host, uint64_t address, const void *buf, size_t len);
/* How many bytes from here are all memory, or all not; at most len. */
size_t host_memory_run(const struct host *host, uint64_t address, size_t len,
		       bool *is_memory);
