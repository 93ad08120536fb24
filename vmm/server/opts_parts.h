/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opts_parts.h - the options by topic, each with its own file
 *
 * Each function receives the argument of one option. It returns 0, or a negative errno
 * with a description in opts.error. The description does not name the option: the caller
 * puts the name before it.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/opts.h"

typedef int opts_fn(struct opts *opts, const char *text);

/* opts_machine.c */
int opts_machine(struct opts *opts, const char *text);
int opts_accel(struct opts *opts, const char *text);

/* opts_size.c: sizes and counts */
int opts_memory(struct opts *opts, const char *text);
/* Set a parameter of the topology: -smp NAME=VALUE, -M smp.NAME=VALUE */
int opts_set_smp(struct opts *opts, const char *name, const char *value);
int opts_smp(struct opts *opts, const char *text);
/* Complete the topology. Must be called when the whole command line is parsed. */
int opts_check_smp(struct opts *opts);
int opts_cpu(struct opts *opts, const char *text);

/* Check the memory. Must be called when the whole command line is parsed. */
int opts_check_memory(struct opts *opts);

/* opts_numa.c */
int opts_numa(struct opts *opts, const char *text);
/* Read the options. Must be called after opts_check_smp(). */
int opts_check_numa(struct opts *opts);

/* opts_server.c */
int opts_qmp(struct opts *opts, const char *text);
int opts_monitor(struct opts *opts, const char *text);
int opts_qtest(struct opts *opts, const char *text);
int opts_chardev(struct opts *opts, const char *text);
int opts_mon(struct opts *opts, const char *text);
int opts_serial(struct opts *opts, const char *text);

int opts_parallel(struct opts *opts, const char *text);

/* Connect the terminal of this number, which is a device. Must be called when all -chardev
 * are known, as all that follow. */
int opts_vty(struct opts *opts, const struct keyval *device, unsigned int number);
int opts_connect_monitors(struct opts *opts);
int opts_connect_serial(struct opts *opts);
int opts_check_servers(struct opts *opts);

/* opts_device.c */
/* Check the options. Must be called when the whole command line is parsed. */
int opts_check(struct opts *opts);
int opts_device(struct opts *opts, const char *text);
int opts_object(struct opts *opts, const char *text);
int opts_netdev(struct opts *opts, const char *text);
int opts_blockdev(struct opts *opts, const char *text);
int opts_drive(struct opts *opts, const char *text);
int opts_cdrom(struct opts *opts, const char *text);
/* Add a drive with this file and these further properties, which begin with a comma. */
int opts_file_drive(struct opts *opts, const char *file, const char *more);
int opts_net(struct opts *opts, const char *text);
int opts_nic(struct opts *opts, const char *text);
/* Put the network cards and SCSI adapters of these options before the devices. */
int opts_add_boards(struct opts *opts);
int opts_audio(struct opts *opts, const char *text);
int opts_audiodev(struct opts *opts, const char *text);

/* opts_nvram.c */
int opts_global(struct opts *opts, const char *text);
int opts_pflash(struct opts *opts, const char *text);
/* Find the file of the NVRAM. Must be called when the whole command line is parsed. */
int opts_find_nvram(struct opts *opts);

/* opts_guest.c: what the guest can read */
int opts_name(struct opts *opts, const char *text);
int opts_uuid(struct opts *opts, const char *text);
int opts_rtc(struct opts *opts, const char *text);
int opts_action(struct opts *opts, const char *text);

/* opts_idle.c: what has no effect here. The values are checked as QEMU checks them. */
int opts_any(struct opts *opts, const char *text);
int opts_any_text(struct opts *opts, const char *text); /* but the empty one */
int opts_only_none(struct opts *opts, const char *text);
int opts_boot(struct opts *opts, const char *text);
int opts_compat(struct opts *opts, const char *text);
int opts_icount(struct opts *opts, const char *text);
int opts_msg(struct opts *opts, const char *text);
int opts_overcommit(struct opts *opts, const char *text);
int opts_run_with(struct opts *opts, const char *text);
int opts_sandbox(struct opts *opts, const char *text);
int opts_seed(struct opts *opts, const char *text);
int opts_watchdog_action(struct opts *opts, const char *text);

/* How an option is handled: one of take, text, flag, idle, refused is set. Offsets are in
 * struct opts. */
struct opts_row {
	const char *name;
	opts_fn *take;	     /* the function that handles the argument */
	size_t text;	     /* offset of a string that receives the argument */
	size_t flag;	     /* offset of a bool that is set; no argument */
	opts_fn *idle;	     /* checks the argument, which has no effect */
	const char *refused; /* the reason why it is not supported */
	bool is_bare;	     /* refused: it has no argument */
};

/* All options of QEMU; the last row has no name. */
extern const struct opts_row opts_rows[];

/* Set the error text, unless it is already set, and return err. */
int opts_fail(struct opts *opts, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* Put the option's name before the error text. Return err. */
int opts_blame(struct opts *opts, const char *option, const char *argument, int err);

/* Parse the text and append it to the list, which owns it. Return NULL, with an error
 * text, if it is malformed. */
const struct keyval *opts_keyval(struct opts *opts, struct opts_list *list,
				 const char *text, const char *implied);

/* Copy len bytes of text for members that point to it. Return NULL without memory. */
const char *opts_keep(struct opts *opts, const char *text, size_t len);

/* A property in a table, and how to set it. The last row of a table has no name. */
struct opts_property {
	const char *name;
	int (*set)(struct opts *opts, const char *value); /* NULL: use flag */
	size_t flag; /* offset in struct opts of a bool; 0: ignore the value */
	/* Of an object with members: set the member, named NAME.MEMBER. */
	int (*set_member)(struct opts *opts, const char *member, const char *value);
	const char *values;  /* for help texts; NULL: on|off */
	const char *initial; /* the default; NULL: off of a flag, otherwise none */
};

extern const struct opts_property opts_machine_properties[];

/* Return true for "help" and "?". */
bool opts_is_help(const char *word);
/* Record what a word "help" is about, unless another one came first. */
void opts_set_topic(struct opts *opts, enum opts_topic topic, const char *of);

/* Set all properties of a text. what: their owner, for the message "Property 'what.x' not
 * found", or NULL for "Invalid parameter 'x'". */
int opts_properties(struct opts *opts, const struct keyval *kv,
		    const struct opts_property *table, const char *what);

/* Return the index of the word in the list, or -1 with an error text. */
int opts_choice(struct opts *opts, const char *name, const char *value,
		const char *const *words);

/* Parse a switch. The error text is QEMU's. */
int opts_set_bool(struct opts *opts, const char *name, const char *value, bool *out);
