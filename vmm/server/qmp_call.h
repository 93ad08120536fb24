/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp_call.h - one QMP command: its arguments, and its reply
 *
 * Before a command's function runs, the arguments are checked against the command's
 * parameters: all mandatory ones exist, all types match, and no unknown one exists.
 *
 * Memory:  the call owns what a getter returns.
 * Errors:  negative errno, with an error text in the call: qmp_fail() and others set it.
 * Layer:   papr-vmm
 */
#pragma once

#include <json-c/json.h>
#include <stdbool.h>

#include "vmm/server/host.h"

struct qmp_call {
	struct host *host;
	json_object *arguments; /* an object */
	json_object *reply;	/* owned; NULL: an empty object */
	const char *class;	/* error class: "GenericError"... */
	char *error;		/* owned; NULL: no error */
};

enum qmp_type {
	QMP_STRING,
	QMP_INT, /* fits in 64 bits, signed or unsigned */
	QMP_BOOL,
	QMP_ARRAY,
	QMP_INDEX, /* an integer, or a string that contains one: "0x40000008" */
};

struct qmp_parameter {
	const char *name; /* NULL ends a list */
	enum qmp_type type;
	bool optional;
};

struct qmp_command {
	const char *name;
	int (*run)(struct qmp_call *call);
	const struct qmp_parameter *parameters; /* NULL: checked by the function */
};

/* All commands; the last entry has no name. */
extern const struct qmp_command qmp_commands[];

/* Return true if the command, with these arguments, opens a file of this computer or ends
 * papr-vmm: the guest may not use it. */
bool qmp_is_outside(const struct qmp_call *call, const char *name);

/* Check the arguments. Return 0, or -EINVAL with an error text. */
int qmp_check(struct qmp_call *call, const struct qmp_parameter *parameters);

bool qmp_has(const struct qmp_call *call, const char *name);
/* Return the argument, or NULL, 0 or false if it is missing. */
const char *qmp_string(const struct qmp_call *call, const char *name);
int64_t qmp_int(const struct qmp_call *call, const char *name);
bool qmp_bool(const struct qmp_call *call, const char *name);
json_object *qmp_array(const struct qmp_call *call, const char *name);
/* Read the argument. Return -EINVAL, with an error text, if it does not fit. */
int qmp_u32(struct qmp_call *call, const char *name, uint32_t *out);
int qmp_index(struct qmp_call *call, const char *name, uint32_t *out);

/* Set the error text, unless it is already set, and return err. */
int qmp_fail(struct qmp_call *call, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int qmp_fail_class(struct qmp_call *call, const char *class, int err, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));
/* Move the machine's error text into the call, or create a text from err. */
int qmp_fail_machine(struct qmp_call *call, struct papr_error *error, int err);

/* qmp_machine.c */
int qmp_device_add(struct qmp_call *call);
int qmp_device_del(struct qmp_call *call);
int qmp_object_add(struct qmp_call *call);
int qmp_object_del(struct qmp_call *call);
int qmp_system_reset(struct qmp_call *call);
int qmp_system_powerdown(struct qmp_call *call);
int qmp_inject_nmi(struct qmp_call *call);
int qmp_stop(struct qmp_call *call);
int qmp_cont(struct qmp_call *call);
int qmp_quit(struct qmp_call *call);

/* qmp_query.c */
int qmp_query_commands(struct qmp_call *call);
int qmp_query_cpus(struct qmp_call *call);
int qmp_query_hotpluggable_cpus(struct qmp_call *call);
int qmp_query_memory_devices(struct qmp_call *call);
int qmp_query_memory_size(struct qmp_call *call);
int qmp_query_name(struct qmp_call *call);
int qmp_query_status(struct qmp_call *call);
int qmp_query_uuid(struct qmp_call *call);
int qmp_query_version(struct qmp_call *call);
/* Return the version, which is also part of the greeting. */
json_object *qmp_version(const struct host *host);

/* qmp_pci.c */
int qmp_query_pci(struct qmp_call *call);

int qmp_netdev_add(struct qmp_call *call);
int qmp_netdev_del(struct qmp_call *call);
int qmp_blockdev_add(struct qmp_call *call);
int qmp_blockdev_del(struct qmp_call *call);

/* qmp_papr.c: commands that QEMU lacks */
int qmp_papr_drc(struct qmp_call *call);
int qmp_papr_fault(struct qmp_call *call);
int qmp_papr_fault_clear(struct qmp_call *call);
int qmp_papr_inject_event(struct qmp_call *call);
int qmp_dumpdtb(struct qmp_call *call);
int qmp_papr_load(struct qmp_call *call);
int qmp_papr_memory(struct qmp_call *call);
int qmp_papr_save(struct qmp_call *call);
int qmp_papr_trace(struct qmp_call *call);

/* qmp_powervm.c: commands for what QEMU's machine lacks */
int qmp_papr_dump(struct qmp_call *call);
int qmp_papr_firmware(struct qmp_call *call);
int qmp_papr_change(struct qmp_call *call);
int qmp_papr_migrate(struct qmp_call *call);
int qmp_papr_indicator(struct qmp_call *call);

/* qmp_event.c
 * Return the event as QMP sends it, or NULL if QMP has no such event. */
json_object *qmp_event_of(const struct host *host, const struct papr_event *event);
json_object *qmp_event_named(const char *name, json_object *data);
