/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp_call.h - one command of QMP: its arguments, and its reply
 *
 * Arguments are checked against the command's parameters before its function sees them:
 * what is not optional is there, everything has its type, nothing else is there.
 *
 * Memory:  what a getter answers belongs to the call.
 * Errors:  negative errno, with words in the call: QMP_FAIL... sets them.
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
	const char *class;	/* of the error: "GenericError"... */
	char *error;		/* owned; NULL: no error */
};

enum qmp_type {
	QMP_STRING,
	QMP_INT, /* fits in 64 bits, with or without sign */
	QMP_BOOL,
	QMP_ARRAY,
	QMP_INDEX, /* an int, or a string with a number in it: "0x40000008" */
};

struct qmp_parameter {
	const char *name; /* NULL ends a list */
	enum qmp_type type;
	bool optional;
};

struct qmp_command {
	const char *name;
	int (*run)(struct qmp_call *call);
	const struct qmp_parameter *parameters; /* NULL: the function looks itself */
};

/* All of them; the last has no name. */
extern const struct qmp_command qmp_commands[];

/* 0, or -EINVAL with words. */
int qmp_check(struct qmp_call *call, const struct qmp_parameter *parameters);

bool qmp_has(const struct qmp_call *call, const char *name);
/* NULL, 0 or false if it is not there. */
const char *qmp_string(const struct qmp_call *call, const char *name);
int64_t qmp_int(const struct qmp_call *call, const char *name);
bool qmp_bool(const struct qmp_call *call, const char *name);
json_object *qmp_array(const struct qmp_call *call, const char *name);
/* -EINVAL, with words, if it does not fit. */
int qmp_u32(struct qmp_call *call, const char *name, uint32_t *out);
int qmp_index(struct qmp_call *call, const char *name, uint32_t *out);

/* Sets the words once; returns err. */
int qmp_fail(struct qmp_call *call, int err, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
int qmp_fail_class(struct qmp_call *call, const char *class, int err, const char *format,
		   ...) __attribute__((format(printf, 4, 5)));
/* Takes the words of a machine's error over, or makes some from err. */
int qmp_fail_machine(struct qmp_call *call, struct papr_error *error, int err);

/* qmp_machine.c */
int qmp_device_add(struct qmp_call *call);
int qmp_device_del(struct qmp_call *call);
int qmp_object_add(struct qmp_call *call);
int qmp_object_del(struct qmp_call *call);
int qmp_system_reset(struct qmp_call *call);
int qmp_system_powerdown(struct qmp_call *call);
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
/* What the greeting says as well. */
json_object *qmp_version(void);

/* qmp_pci.c */
int qmp_query_pci(struct qmp_call *call);

/* qmp_papr.c: what QEMU lacks */
int qmp_papr_drc(struct qmp_call *call);
int qmp_papr_fault(struct qmp_call *call);
int qmp_papr_fault_clear(struct qmp_call *call);
int qmp_papr_inject_event(struct qmp_call *call);
int qmp_papr_load(struct qmp_call *call);
int qmp_papr_save(struct qmp_call *call);
int qmp_papr_trace(struct qmp_call *call);

/* qmp_powervm.c: what QEMU's machine lacks as well */
int qmp_papr_dump(struct qmp_call *call);
int qmp_papr_firmware(struct qmp_call *call);
int qmp_papr_change(struct qmp_call *call);
int qmp_papr_migrate(struct qmp_call *call);
int qmp_papr_indicator(struct qmp_call *call);

/* qmp_event.c: an event as it is sent, or NULL if this is none for QMP. */
json_object *qmp_event_of(const struct host *host, const struct papr_event *event);
json_object *qmp_event_named(const char *name, json_object *data);
