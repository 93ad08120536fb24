/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vmm_machine.h - a machine for unit tests, with memory of its own and a notebook
 *
 * Guest memory is on the heap and of exactly its size. What the machine tells is
 * written down, one line for each event: "DEVICE_DELETED n0", "irq 0x1001", ...
 */
#pragma once

#include "tests/test.h"
#include "vmm/machine.h"

enum {
	VM_MEMORY_BYTES = 1 << 20, /* of guest memory that is really there */
	VM_ARGS = 0x10000,	   /* where vm_rtas() puts its words */
	VM_RETS = 0x11000,
	VM_WORK_AREA = 0x20000,
	VM_EVENT_BUFFER = 0x30000,
};

struct vm {
	struct papr_vmm *vmm;
	uint8_t *memory;
	size_t memory_bytes;
	uint64_t clock_ns; /* 1 s later with each look */
	int64_t time_ns;
	char *notes;   /* lines that were told since vm_notes() */
	char *console; /* all that was written to the terminal */
	char *log;     /* all lines for the host's log, LF behind each */
};

/* What a test changes before vm_start(): 1 GiB, 2 at most, 4 slots, 1 of 4 processors. */
extern const struct papr_config vm_config;

/* A machine that was not yet reset: devices are added cold. NULL: vm_config. */
void vm_begin(struct vm *vm, const struct papr_config *config);
/* With so much memory that is really there. */
void vm_begin_with(struct vm *vm, const struct papr_config *config, size_t memory_bytes);
/* The same and reset once, vector 5 negotiated as by a modern guest. */
void vm_start(struct vm *vm, const struct papr_config *config);
void vm_reset(struct vm *vm);
void vm_end(struct vm *vm);
/* As a CAS with these bits would leave vector 5, without one. */
void vm_negotiate(struct vm *vm, unsigned int byte, uint8_t mask);

/* Empties the notebook; what was in it is freed with the next call or vm_end(). */
const char *vm_notes(struct vm *vm);
#define assert_notes(vm, lines) assert_string_equal(vm_notes(vm), lines)

/* device_add("virtio-net-pci", "id=n0,addr=3"): 0 or -errno. */
int vm_add(struct vm *vm, const char *driver, const char *options);
int vm_del(struct vm *vm, const char *id);
int vm_object(struct vm *vm, const char *type, const char *options);
/* Words of the last of these that failed. */
const char *vm_error(const struct vm *vm);

/* An RTAS call through guest memory; rets[0] is the answer. Outputs that were not
 * written stay VM_UNWRITTEN. */
#define VM_UNWRITTEN 0xeeeeeeeeu
int32_t vm_rtas(struct vm *vm, const char *name, uint32_t nargs, const uint32_t *args,
		uint32_t nret, uint32_t *rets);
/* With one output; the arguments as a list. */
#define vm_call(vm, name, ...)                                     \
	vm_rtas(vm, name, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
		(uint32_t[]){ __VA_ARGS__ }, 1, NULL)
int32_t vm_sense(struct vm *vm, uint32_t index);

/* A whole walk as text, one answer a line: "2 ethernet@3", "3 reg 80", "4", "0". */
const char *vm_walk(struct vm *vm, uint32_t index);
int32_t vm_walk_step(struct vm *vm, uint32_t index);

/* What a guest does with a logical connector: usable, unisolate, walk; and isolate,
 * unusable. Every step succeeds. */
void vm_take(struct vm *vm, uint32_t index);
void vm_give(struct vm *vm, uint32_t index);

uint32_t vm_be32(const struct vm *vm, uint64_t addr);
void vm_put_be32(struct vm *vm, uint64_t addr, uint32_t value);
