/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_platform.h - a test double of firmware and kernel at the system-call boundary
 *
 * Firmware: PCI connectors with the states and refusals of QEMU's. Kernel: the files that
 * drmgr writes to. A write changes a device tree and a sysfs in a temporary folder. Every
 * call and write is added to the trace, in the words of the specification:
 *   I9001=0  set-indicator of type 9001 to 0     P0, P100  set-power-level
 *   S=1      get-sensor-state, and its answer    CC        a walk (once for all calls)
 *   add_node remove_node slot=1 rescan remove dt-add dt-remove    kernel writes
 *   overlay-add overlay-remove (once for all that a blob changes)
 *   add_slot remove_slot                                          and of its module
 * followed by "@index" if the connector is not the first one that was plugged.
 *
 * Each of them can be made to fail. fake_parts.h: functions that its files share.
 */
#pragma once

#include "base/mem.h"
#include "libdrmgr/core/context.h"
#include "tests/unit/fakes/test.h"
#include "wire/drc.h"
#include "wire/fdt_frag.h"
#include "wire/ofdt_cmd.h"

enum fake_state { FAKE_POWERON, FAKE_UNISOLATE, FAKE_CONFIGURED };

struct fake_drc {
	uint32_t index;
	char name[16];
	const char *type;
	const char *parent; /* its node's parent in the tree */
	enum fake_state state;
	bool is_present;
	bool is_logical, is_allocated;
	struct fdt_frag frag;
	struct fdt_walk walk;
	int led, power;
	int sense_script[8]; /* answers before the true ones */
	int n_sense;
};

enum { FAKE_DRCS = 16 };

struct fake {
	struct dr_ctx dr; /* ready to use */
	struct mem *mem;  /* of what the test reads, until fake_free() */
	char dir[64];
	struct kern_root root;
	struct kern_unread unread;
	struct rtas_engine engine;
	struct dr_log log;
	struct fake_drc drc[FAKE_DRCS];
	size_t n;
	uint32_t first; /* index of the first connector that was plugged */
	char trace[4096];
	/* injected failure: the nth call or write (from 0) with this word in the trace
	 * returns this (an RTAS status, or a negative errno for a write) */
	const char *fail_word;
	int fail_nth, fail_with;
	bool fail_late;	 /* the write takes effect, and then returns the error */
	bool is_late;	 /* such a write is in progress */
	int fail_cc_nth; /* the nth configure-connector call, -1: none */
	int cc_calls;
	const char *answers; /* to prompts: 'y' or 'n' each; then the end of input */
	char asked[16];	     /* a letter for each prompt: I N S M R */
	char warnings[512];
	/* Of steps for other connectors than the one of the request: "0x40000010 isolate " */
	char other_steps[1024];
	char partners[128]; /* of host bridges: "PHB 1+PHB 2; ", "PHB 1+-; " */
	char impacts[2048]; /* "!mount /: vda2; ": ! fatal, ~ degraded,
				? unsure, - note */
	int areas;	    /* number of allocated work areas */
	uint8_t *area;	    /* the newest one */
	int dt_add_errno;
	/* A kill -9 at the nth moment from now (1: before the first call or write, 2:
	 * after it, 3: before the second one...); 0: never. The machine outlives the
	 * process. */
	int kill_at;
	bool bus_is_late;	       /* add_slot has made no bus when it returns */
	bool slots_in_the_way;	       /* add_slot fails although it has made the bus */
	int domains;		       /* number of host bridges that were added */
	bool goes_when_isolated;       /* the host has requested the card's removal */
	bool never_isolates;	       /* a host bridge */
	bool never_lets_go;	       /* a driver that does not release its device */
	bool no_rescan;		       /* devices do not appear */
	const char *extent_wanted_for; /* name of a property that needs an extent */
	bool got_extent;
	/* Other parts of the kernel, in other files: writes to files that are not known
	 * here, and requests of other resources in /sys/kernel/dlpar. */
	ssize_t (*take)(struct fake *f, const char *path, const char *text);
	/* Calls of firmware that are not known here. */
	int (*firmware)(struct fake *f, struct rtas_args *args);
	/* Changes of properties by /proc/ppc64/ofdt. */
	ssize_t (*property)(struct fake *f, struct ofdt_cmd *cmd);
	/* A node was added to the tree, or removed from it. */
	void (*on_node)(struct fake *f, const char *path, bool added);
	uint8_t cpus[16]; /* of fake_cpus.h */
};

/* A host bridge with the connectors C8 C9 C16 C24 C25 C48 on bus 0000:00. */
struct fake *fake_new(void);
void fake_free(struct fake *f);

struct fake_drc *fake_drc(struct fake *f, const char *name);

/* Plug a card into a slot. The words are those of t-fdt-frag.c; reg and drc index of the
 * top node are added. */
void fake_plug(struct fake *f, const char *name, const char *node,
	       const char *const *words);

/* A card with two paths, in C8 and C16. */
void fake_plug_two_paths(struct fake *f);

/* A bridge in C48 with bus 1. Its slot C272 (0x40000110) has a card. */
void fake_plug_bridge(struct fake *f);

/* The same, and Linux finds that card together with the bridge. */
void fake_plug_numbered_bridge(struct fake *f);

/* A host bridge that the machine has ("PHB 1"), or could have ("PHB 2"), and this
 * partition does not own. It has the connectors C65544 and C65552, and a card in the
 * first one. With with_node, the card's node is part of the host bridge's. */
void fake_plug_phb(struct fake *f, bool with_node);

/* A virtual device that this partition can acquire: the logical slot "V1" of /vdevice. */
void fake_plug_virtual(struct fake *f);

/* The kernel has the file of papr_dt_overlay, and drmgr uses it. */
void fake_serve_overlay(struct fake *f);

/* The card is configured, as after a successful addition. */
void fake_configure(struct fake *f, const char *name);

/* The slot driver registered this connector: its files in /sys/bus/pci/slots. */
void fake_add_slot(struct fake *f, const char *name);

/* Return device tree, devices and connectors as text, for comparison; malloc'ed. Every
 * domain but the first is called 0001. */
char *fake_snapshot(const struct fake *f);

/* The state equals such a text, which is freed. */
void fake_assert_unchanged(const struct fake *f, char *before);

/* Free all resources of the process that was killed. */
void fake_forget_process(struct fake *f);

/* Run this in a child, with a journal, and kill it at this moment (0: run does this
 * itself). Return true if it was killed. Otherwise it must return 0. */
bool fake_run_until_killed(struct fake *f, int moment,
			   int (*run)(struct fake *f, const void *arg), const void *arg);

bool fake_has_node(const struct fake *f, const char *path);
bool fake_has_device(const struct fake *f, const char *address);

/* For the other parts: add a word to the trace. Return true if it must fail, with
 * f->fail_with. */
bool fake_note(struct fake *f, uint32_t index, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/* A logical connector. The caller begins and finishes its fragment. */
struct fake_drc *fake_logical(struct fake *f, uint32_t index, const char *name,
			      const char *type, const char *parent);
void fake_attach(struct fake *f, const struct fake_drc *d);
void fake_put_lists(struct fake *f, const char *node, const struct drc *drcs, uint32_t n);

/* Write a file of the fake system, with its folders. */
void fake_file(const struct fake *f, const char *path, const void *bytes, size_t len);
void fake_remove(const struct fake *f, const char *path);
void fake_link(const struct fake *f, const char *path, const char *target);
void fake_text(const struct fake *f, const char *path, const char *text);
