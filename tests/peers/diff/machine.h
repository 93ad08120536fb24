/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - one machine under test: QEMU's, or ours with the same command line
 *
 * It is controlled with the qtest protocol (memory, RTAS) and QMP (devices). Hypercalls
 * use qtest if the machine has a command for it (ours), otherwise a box in memory that
 * firmware.S serves.
 *
 * Errors:  a machine that has ended, or does not answer, is dead: every function returns
 *          nothing from then on, and machine_death() returns its last message. Errors of
 *          the tests themselves end the program.
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "tests/guest/bytes.h"
#include "tests/guest/qmp.h"

enum {
	HCALL_REGS_IN = 10, /* r3..r12 */
	HCALL_REGS_OUT = 7, /* r3..r9 */
	MEMORY_FILL = 0xee, /* "not written by the machine" */
};

/* The programs and files of a machine. */
struct machine_setup {
	const char *program;
	/* version of QEMU, "10.0": the machine type is pseries-10.0 */
	const char *version;
	const char *firmware; /* file of the image of firmware.S */
	bool ours;
};

struct machine {
	const char *program;
	bool ours;
	bool dead;
	pid_t pid;
	char *dir; /* folder of its sockets and its stderr */
	int qtest;
	struct bytes in, out; /* of qtest */
	unsigned int asked;   /* number of pending qtest answers */
	struct qmp qmp;
	uint32_t last_id;
	json_object *events; /* array of events that have arrived and were not read */
	json_object *gone;   /* names of devices that were deleted and not added again */
	char *core_type;     /* driver of its cores */
};

/* config: the machine's options "mopts", "mem", "smp", "cpu", "extra"; all are
 * optional. */
void machine_start(struct machine *m, const struct machine_setup *setup,
		   json_object *config);
void machine_stop(struct machine *m);

/* Return the last message of a dead machine, or how it ended; allocated. */
char *machine_death(const struct machine *m);

/* Queue a qtest command whose answer must be OK and is not needed. */
void machine_queue(struct machine *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Send the queued commands and this one. Return its answer without "OK ", valid until the
 * next call, or NULL: dead. */
const char *machine_ask(struct machine *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void machine_write(struct machine *m, uint64_t addr, const void *data, size_t len);
void machine_fill(struct machine *m, uint64_t addr, size_t len, uint8_t byte);
/* Return false (and zeros) if it is dead. */
bool machine_read(struct machine *m, uint64_t addr, void *data, size_t len);

/* regs in: r3..r12, out: r3..r9. stops: the call does not return, the machine stops. */
bool machine_hcall(struct machine *m, uint64_t regs[HCALL_REGS_IN], bool stops);

/*
 * Run a QMP command. In device_add, QEMU 7.2's default driver of cores is replaced by
 * this machine's own.
 *
 * Return the value of "return", or an object { "error": { "class", "desc" } }, for the
 * caller to free. Dead: NULL.
 */
json_object *machine_qmp(struct machine *m, const char *command, json_object *arguments);

/* Wait until so many events have arrived, with a deadline. */
void machine_wait_events(struct machine *m, size_t n);
/* Return true if there was a DEVICE_DELETED for it since it was added. */
bool machine_is_gone(const struct machine *m, const char *device);
/* Return an array of { "event", "data" } since the last call, for the caller to free. */
json_object *machine_take_events(struct machine *m);
