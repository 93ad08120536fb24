/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * step.h - one request to a machine, and its reply
 *
 * Shape:   a step is a JSON object with "kind":
 *            rtas     call, args[], nret; wa_in: hex of the work area; buf: bytes of the
 *                     event buffer to compare -> hcall, rets[] (null: not written),
 *                     wa_out, buf_out (unwritten bytes at the end are omitted)
 *            cc-walk  drc -> steps[] of { status, wa_words[5], name, len, value }
 *            pci-config  function (config_addr), buid, bytes -> value
 *            hcall    in[] (r3.. hex), mem_in[][addr, hex], mem_out[][addr, hex or
 *                     length] -> r3, r4 if it changed, mem_out[]; regs: number of
 *                     registers from r4 on -> rets[]; fdt: dump the tree that CAS
 *                     wrote; stopped: the machine runs for this only
 *            of       service, args[] (numbers, or texts that are put into memory),
 *                     nret, mem_out[] -> r3, rets[], mem_out[]
 *            qmp      execute, arguments -> reply
 *            note     do: nextprop-walk (node), find-property (drc, property, bytes)
 *            write, fill, wait-gone: prepare; no reply
 *          Numbers of rtas are u32, its results signed; addresses are hex.
 */
#pragma once
#include <json-c/json.h>
#include <stdint.h>

#include "tests/peers/diff/machine.h"

/* Scratch in the guest's memory. */
enum {
	AT_ARGS = 0x10000,
	AT_RETS = 0x11000,
	AT_WORK_AREA = 0x20000,
	AT_BUFFER = 0x30000,
	AT_HCALLS = 0x2000000,
	RETS_WORDS = 10,
	WORK_AREA_BYTES = 8192,
};

/* Return the reply, for the caller to free; an empty object: nothing to compare, or
 * dead. */
json_object *step_run(struct machine *m, json_object *step);

json_object *step_hcall(struct machine *m, json_object *step);
json_object *step_of(struct machine *m, json_object *step);
json_object *step_note(struct machine *m, json_object *step);

/* The vectors that Linux sends, in hex. */
extern const char step_linux_vectors[];

/* Negotiate as Linux does. Then the processor is stopped. */
void step_linux_cas(struct machine *m);
