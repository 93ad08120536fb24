/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * opts_parts.h - the options by what they are about, each with a file of its own
 *
 * Each takes the argument of one option. 0, or a negative errno with words in
 * opts.error, which name what is wrong but not the option: that is put before them.
 *
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/opts.h"

typedef int opts_fn(struct opts *opts, const char *text);

/* opts_machine.c */
int opts_machine(struct opts *opts, const char *text);
int opts_accel(struct opts *opts, const char *text);

/* opts_size.c: how much of what */
int opts_memory(struct opts *opts, const char *text);
int opts_smp(struct opts *opts, const char *text);
int opts_cpu(struct opts *opts, const char *text);

/* opts_server.c */
int opts_qmp(struct opts *opts, const char *text);
int opts_qtest(struct opts *opts, const char *text);
int opts_chardev(struct opts *opts, const char *text);
int opts_mon(struct opts *opts, const char *text);
int opts_serial(struct opts *opts, const char *text);

/* The vty that is this device; after all -chardev are known. */
int opts_vty(struct opts *opts, const struct keyval *device);
int opts_connect_monitors(struct opts *opts);

/* opts_device.c */
/* When all of the command line is known. */
int opts_check(struct opts *opts);
int opts_device(struct opts *opts, const char *text);
int opts_object(struct opts *opts, const char *text);

/* opts_guest.c: what the guest is told */
int opts_name(struct opts *opts, const char *text);
int opts_uuid(struct opts *opts, const char *text);
int opts_rtc(struct opts *opts, const char *text);
int opts_action(struct opts *opts, const char *text);

/* Sets the words once, returns err. */
int opts_fail(struct opts *opts, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A parsed text at the end of the list, owned by it; NULL, with words, if it is not of
 * that shape. */
const struct keyval *opts_keyval(struct opts *opts, struct opts_list *list,
				 const char *text, const char *implied);

/* One property by a table, whose last row has no name: what to do with its value. */
struct opts_property {
	const char *name;
	int (*set)(struct opts *opts, const char *value); /* NULL: nothing */
	size_t flag; /* or the offset in struct opts of a bool that is switched */
};

/* All of a text. what: whose property, for words ("Property 'what.x' not found"), or
 * NULL ("Invalid parameter 'x'"). */
int opts_properties(struct opts *opts, const struct keyval *kv,
		    const struct opts_property *table, const char *what);

/* Words as QEMU has them. */
int opts_set_bool(struct opts *opts, const char *name, const char *value, bool *out);
