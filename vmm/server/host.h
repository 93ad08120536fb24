/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host.h - papr-vmm as the program that embeds one machine
 *
 * It owns the machine, its memory (a sparse memfd that the simulated guest can map) and
 * its clock. Every listener receives the machine's events, and the changes that the
 * program itself makes (stop, resume, reset, end).
 *
 * Threads: the loop's lock (loop.h) is the only one. Every thread holds it when it calls
 *          the machine or these functions. A thread that runs a guest's processor releases
 *          it only while the processor is in the guest (kvm/vcpu.c). Listeners are called
 *          by any thread that holds it.
 * Units:   times in nanoseconds.
 * Memory:  the caller owns listeners and must unlisten before it frees them.
 * Errors:  negative errno; a description in struct papr_error if the caller passes one.
 * Source:  run states and their events: QEMU 7.2, as QMP shows them
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

/* The machine's run state, as in QMP's query-status */
enum host_state {
	HOST_PRELAUNCH,
	HOST_RUNNING,
	HOST_PAUSED,
	HOST_SHUTDOWN, /* powered off, but the program continues: -no-shutdown */
	HOST_GUEST_PANICKED,
	HOST_SUSPENDED,
};

/* A change of the machine that the program made. The machine's own events are struct
 * papr_event. */
enum host_change {
	HOST_STOPPED,
	HOST_RESUMED,
	HOST_WILL_RESET, /* no processor may run from now on */
	HOST_WAS_RESET,	 /* the reset is complete: the first processor restarts */
	HOST_ENDING,	 /* the program will end */
	HOST_NMI,	 /* every processor receives a system reset interrupt */
};

struct host_listener {
	struct host_listener *next;
	/* Each function may be NULL. It may unlisten its own listener. */
	void (*event)(struct host_listener *self, const struct papr_event *event);
	/* The host is freed, and has removed the listener, which may free itself. */
	void (*ended)(struct host_listener *self);
	void (*changed)(struct host_listener *self, enum host_change change);
	void (*interrupt)(struct host_listener *self, uint32_t irq);
	void (*console)(struct host_listener *self, const void *text, size_t len);
	/* Characters of a further terminal, from 1; and: the guest has read from a
	 * terminal (0: the first one), so more can be typed. */
	void (*terminal)(struct host_listener *self, unsigned int terminal,
			 const void *text, size_t len);
	void (*terminal_read)(struct host_listener *self, unsigned int terminal);
	/* Release the actions that fault id held: they continue now, or fail with err if
	 * it is not 0. Return their number. */
	unsigned int (*fault_cleared)(struct host_listener *self, int id, int err);
};

/* Action when the guest panics; QEMU's -action panic= */
enum host_panic {
	HOST_PANIC_SHUTDOWN,
	HOST_PANIC_PAUSE,
	HOST_PANIC_EXIT,
	HOST_PANIC_RUN
};

/* Settings of the machine that are not part of its own configuration */
struct host_options {
	struct papr_config config;
	bool starts_stopped;		    /* -S */
	const struct papr_answers *answers; /* of what runs the guest; NULL: QEMU's */
	bool no_shutdown, no_reboot;	    /* as QEMU's options of this name */
	enum host_panic panic;
	bool rtc_has_base;
	int64_t rtc_base_ns; /* ns since 1970 at start; otherwise the host's time */
	bool rtc_vm_clock;   /* the time of day stops while the machine is stopped */
};

/* A request that was made during a call into the machine. host_settle() executes it. */
enum host_wish_kind {
	HOST_WISH_NONE,
	HOST_WISH_RESET,
	HOST_WISH_SHUTDOWN,
	HOST_WISH_POWERDOWN
};

struct host_wish {
	enum host_wish_kind kind;
	bool by_guest;
	bool silent;  /* listeners are not notified */
	char why[64]; /* the reason, as QMP names it: "guest-reset" */
};

/* Exit status if the program itself fails, and if a command runs in the guest and the
 * machine ended before it */
enum { HOST_EXIT_FAILURE = 125, HOST_EXIT_NO_END = 123, HOST_EXIT_UNTESTED = 122 };

/* KiB that programs of the simulated guest seem to use */
enum { HOST_MEMORY_USED = 128 << 10 };

struct host_fault;
struct backends;

struct host {
	struct papr_vmm *vmm;
	struct papr_machine_info machine; /* its type */
	struct host_options options;	  /* its strings must outlive the host */
	int memory_fd;			  /* offset = guest-physical address */
	uint8_t *memory;		  /* mapping of all of it */
	uint64_t memory_bytes;		  /* RAM, the gap, and the room for DIMMs */
	/* A part of it is a file that the guest's programs map. They can truncate it, so
	 * it is not mapped here. */
	struct host_shared {
		int fd; /* offset = guest-physical address */
		uint64_t address, bytes;
	} shared;
	enum host_state state;
	struct host_listener *listeners;
	struct host_listener *next_listener; /* follows the one that is notified */

	/* The clock: its time when it last stopped, and when it was started. */
	uint64_t clock_ns, clock_started_ns;
	int64_t rtc_start_ns; /* the host's time of day at start */

	struct host_wish wish;
	bool stop_pending, memory_changed;
	enum host_state stop_state;
	bool ended;		   /* HOST_ENDING was sent */
	int exit_status;	   /* exit status of the program */
	bool trace;		   /* x-papr-trace */
	struct backends *backends; /* backends.c; NULL: none */
	struct host_fault *faults; /* host_fault.c */
	int last_fault_id;
	/* What the simulated kernel shows of its memory, in KiB: x-papr-memory.
	 * min_free 0: as Linux computes it. */
	struct host_memory_use {
		uint64_t used, anon, swap_free, min_free;
	} memory_use;
};

/* Create the machine in its power-on state, without devices. Return 0, or an error as
 * papr_vmm_new() does. */
int host_new(struct host **out, const struct host_options *options,
	     struct papr_error *error);
void host_free(struct host *host); /* NULL is fine */

/* Complete the start after all cold-plugged devices are added. run: let the machine
 * run. */
int host_start(struct host *host, bool run, struct papr_error *error);

void host_listen(struct host *host, struct host_listener *listener);
void host_unlisten(struct host *host, struct host_listener *listener);

/* Execute the requested reset, stop or shutdown. Must be called after every call into the
 * machine. Return true if the machine has ended and the program must exit. */
bool host_settle(struct host *host);

/* Return true if host_settle() has nothing to do. */
bool host_is_settled(const struct host *host);

/* Stop the machine, as QMP's stop does. */
void host_stop(struct host *host);
/* Resume the machine. Return 0, or -EPERM: it was shut down and needs a reset first. */
int host_continue(struct host *host);
void host_reset(struct host *host);	/* executed by host_settle() */
void host_powerdown(struct host *host); /* executed by host_settle(), like host_quit() */
/* Let every processor that runs receive a system reset interrupt. -ENOTSUP: the machine has no
 * processors. */
int host_inject_nmi(struct host *host);
/* End the program, even with -no-shutdown. why: "host-qmp-quit", "host-signal". */
void host_quit(struct host *host, const char *why);
/* Return the action on a panic; -no-shutdown is taken into account. */
enum host_panic host_panic_action(const struct host *host);
/* Log one line of text, without LF. */
void host_log(const struct host *host, const char *line);

/* Return the time of the machine's clock. */
uint64_t host_clock(const struct host *host);

/* Access guest-physical memory, as the machine sees it. Return 0, or -EFAULT if any byte
 * is outside RAM and DIMMs; then nothing is read or written. */
int host_read(const struct host *host, uint64_t address, void *buf, size_t len);
int host_write(struct host *host, uint64_t address, const void *buf, size_t len);
/* Return a pointer to a range of memory, or NULL: it is not all memory, or a file that
 * programs can truncate. */
void *host_map(const struct host *host, uint64_t address, size_t len);
/* Use this file for a part of the memory, at the offset of its address. bytes 0: use none.
 * The caller keeps the descriptor open. */
void host_memory_share(struct host *host, int fd, uint64_t address, uint64_t bytes);
/* Return how many bytes from this address, at most len, are all memory or all not. */
size_t host_memory_run(const struct host *host, uint64_t address, size_t len,
		       bool *is_memory);
