/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * machine.h - one machine under test: QEMU's, or ours with the same command line
 *
 * It is driven by the qtest protocol (memory, RTAS) and QMP (devices). Hypercalls go
 * through qtest where the machine has a command for it (ours), else through a box in
 * memory that firmware.S serves.
 *
 * Errors:  a machine that ended, or that does not answer, is dead: everything answers
 *          nothing from then on, and machine_death() says what it said last. What the
 *          tests themselves get wrong ends the program.
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

/* What a machine is started from. */
struct machine_setup {
	const char *program;
	const char *version;  /* of QEMU, "10.0": the machine type is pseries-10.0 */
	const char *firmware; /* file of the image of firmware.S */
	bool ours;
};

struct machine {
	const char *program;
	bool ours;
	bool dead;
	pid_t pid;
	char *dir; /* of its sockets and its stderr */
	int qtest;
	struct bytes in, out; /* of qtest */
	unsigned int asked;   /* qtest answers that are still to come */
	struct qmp qmp;
	uint32_t last_id;
	json_object *events; /* array of those that came and were not taken */
	json_object *gone;   /* names of devices, deleted and not added again */
	char *core_type;     /* driver of its cores */
};

/* config: what is special about the machine: "mopts", "mem", "smp", "cpu", "extra";
 * all may be missing. */
void machine_start(struct machine *m, const struct machine_setup *setup,
		   json_object *config);
void machine_stop(struct machine *m);

/* What a dead one said last, or how it ended; allocated. */
char *machine_death(const struct machine *m);

/* Queue a qtest command whose answer must be OK and is not needed. */
void machine_queue(struct machine *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Sends the queued ones and this one; its answer without "OK ", valid until the next
 * call. NULL: dead. */
const char *machine_ask(struct machine *m, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

void machine_write(struct machine *m, uint64_t addr, const void *data, size_t len);
void machine_fill(struct machine *m, uint64_t addr, size_t len, uint8_t byte);
/* False (and zeroes): dead. */
bool machine_read(struct machine *m, uint64_t addr, void *data, size_t len);

/* regs in: r3..r12, out: r3..r9. stops: it does not come back, the machine stops. */
bool machine_hcall(struct machine *m, uint64_t regs[HCALL_REGS_IN], bool stops);

/* Run a QMP command. In device_add, the driver of cores that QEMU 7.2 has by default
 * stands for this machine's own.
 *
 * The value of "return", or an object { "error": { "class", "desc" } }; the caller's.
 * Dead: NULL. */
json_object *machine_qmp(struct machine *m, const char *command, json_object *arguments);

/* Waits until so many events have come, but not for ever. */
void machine_wait_events(struct machine *m, size_t n);
/* Was DEVICE_DELETED told of it since it was added? */
bool machine_is_gone(const struct machine *m, const char *device);
/* Array of { "event", "data" }, the caller's: those since the last time. */
json_object *machine_take_events(struct machine *m);
