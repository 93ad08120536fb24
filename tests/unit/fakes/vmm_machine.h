/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm_machine.h - a machine for unit tests, with its own memory and a list of events
 *
 * Guest memory is on the heap, with its exact size. The machine's events are recorded,
 * one a line: "DEVICE_DELETED n0", "irq 0x1001", ...
 */
#pragma once

#include "tests/unit/fakes/test.h"
#include "vmm/machine/papr_vmm.h"

enum {
	VM_MEMORY_BYTES = 1 << 20, /* bytes of guest memory that exist */
	VM_ARGS = 0x10000,	   /* address of vm_rtas()'s block */
	VM_RETS = 0x11000,
	VM_WORK_AREA = 0x20000,
	VM_EVENT_BUFFER = 0x30000,
};

struct vm {
	struct papr_vmm *vmm;
	uint32_t cpu; /* processor that makes the calls */
	uint8_t *memory;
	size_t memory_bytes;
	uint64_t clock_ns; /* advances by 1 s with each read */
	int64_t time_ns;
	char *notes;   /* lines since the last vm_notes() */
	char *console; /* all bytes written to the terminal */
	char *log;     /* all lines for the host's log, each followed by LF */
};

/* For a test to change before vm_start(): 1 GiB, 2 at most, 4 slots, 1 of 4
 * processors. */
extern const struct papr_config vm_config;

/* A machine before its first reset: devices are added cold. NULL: vm_config. */
void vm_begin(struct vm *vm, const struct papr_config *config);
/* With so much existing memory. */
void vm_begin_with(struct vm *vm, const struct papr_config *config, size_t memory_bytes);
/* The same, reset once, with a modern guest's negotiated vector 5. */
void vm_start(struct vm *vm, const struct papr_config *config);
void vm_reset(struct vm *vm);
void vm_end(struct vm *vm);
/* The vector 5 that a CAS with these bits leaves, without a CAS. */
void vm_negotiate(struct vm *vm, unsigned int byte, uint8_t mask);
/* Write this to the tree, as the guest's firmware does. */
void vm_set_rtas_base(struct vm *vm, uint32_t base);

/* Return the recorded lines, valid until the next call or vm_end(), and clear them. */
const char *vm_notes(struct vm *vm);
#define assert_notes(vm, lines) assert_string_equal(vm_notes(vm), lines)

/* device_add("virtio-net-pci", "id=n0,addr=3"): 0 or -errno. */
int vm_add(struct vm *vm, const char *driver, const char *options);
int vm_del(struct vm *vm, const char *id);
int vm_object(struct vm *vm, const char *type, const char *options);
/* The error text of the last of these that failed. */
const char *vm_error(const struct vm *vm);

/* An RTAS call through guest memory. Returns rets[0]. Unwritten outputs stay
 * VM_UNWRITTEN. */
#define VM_UNWRITTEN 0xeeeeeeeeu
int32_t vm_rtas(struct vm *vm, const char *name, uint32_t nargs, const uint32_t *args,
		uint32_t nret, uint32_t *rets);
/* With one output; the arguments are a list. */
#define vm_call(vm, name, ...)                                     \
	vm_rtas(vm, name, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
		(uint32_t[]){ __VA_ARGS__ }, 1, NULL)
int32_t vm_sense(struct vm *vm, uint32_t index);

/* A whole configuration as text, one answer a line: "2 ethernet@3", "3 reg 80", "4",
 * "0". */
const char *vm_walk(struct vm *vm, uint32_t index);
/* The next answer of a walk. The work area is a new one if the last one was another
 * connector's. */
int32_t vm_walk_step(struct vm *vm, uint32_t index);

/* A guest's steps with a logical connector: usable, unisolate, configure; and isolate,
 * unusable. Every step succeeds. */
void vm_take(struct vm *vm, uint32_t index);
void vm_give(struct vm *vm, uint32_t index);

/* Return a recorded tree of tests/data/golden/trees, malloc'ed: base.txt, or what patch(1) makes
 * of it with NAME.diff. */
char *vm_golden_tree(const char *name);

uint32_t vm_be32(const struct vm *vm, uint64_t addr);
void vm_put_be32(struct vm *vm, uint64_t addr, uint32_t value);
