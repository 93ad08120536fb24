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
int opts_qtest(struct opts *opts, const char *text);
int opts_chardev(struct opts *opts, const char *text);
int opts_mon(struct opts *opts, const char *text);
int opts_serial(struct opts *opts, const char *text);

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

/* opts_guest.c: what the guest can read, and the reactions to its events */
int opts_name(struct opts *opts, const char *text);
int opts_uuid(struct opts *opts, const char *text);
int opts_rtc(struct opts *opts, const char *text);
int opts_action(struct opts *opts, const char *text);
int opts_display(struct opts *opts, const char *text);

/* How an option is handled: one of take, text, flag is set. Offsets are in struct opts. */
struct opts_row {
	const char *name;
	opts_fn *take; /* the function that handles the argument */
	size_t text;   /* offset of a string that receives the argument */
	size_t flag;   /* offset of a bool that is set; no argument */
};

/* All options; the last row has no name. */
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

/* A property in a table, and how to set it. The last row of a table has no name. */
struct opts_property {
	const char *name;
	int (*set)(struct opts *opts, const char *value); /* NULL: use flag */
	size_t flag; /* offset in struct opts of a bool; 0: ignore the value */
};

extern const struct opts_property opts_machine_properties[];

/* Return true for "help" and "?". */
bool opts_is_help(const char *word);
/* Record what a word "help" is about, unless another one came first. */
void opts_set_topic(struct opts *opts, enum opts_topic topic);

/* Set all properties of a text. what: their owner, for the message "Property 'what.x' not
 * found", or NULL for "Invalid parameter 'x'". */
int opts_properties(struct opts *opts, const struct keyval *kv,
		    const struct opts_property *table, const char *what);

/* Return the index of the word in the list, or -1 with an error text. */
int opts_choice(struct opts *opts, const char *name, const char *value,
		const char *const *words);

/* Parse a switch. The error text is QEMU's. */
int opts_set_bool(struct opts *opts, const char *name, const char *value, bool *out);
