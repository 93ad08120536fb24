/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * vof_client.h - a client of the client interface, for unit tests
 *
 * Its block, strings and buffer are in otherwise unused memory.
 */
#pragma once

#include "tests/unit/fakes/vmm_machine.h"
#include "wire/hcall.h"

enum {
	OF_MEMORY = 16 << 20,
	OF_BLOCK = 0x20000,
	OF_STRINGS = 0x21000,
	OF_BUFFER = 0x30000,
	OF_BUFFER_BYTES = 0x1000,
	OF_FIRMWARE_BYTES = 0x174,
};

#define PROM_ERROR UINT32_MAX

struct client {
	struct vm vm;
	uint64_t strings; /* the place of the next one */
	int64_t r3;	  /* of the last call */
	uint32_t rets[10];
};

/* 1 GiB, one processor, x-vof. */
struct papr_config of_config(void);
/* Reset once. NULL: of_config(). */
void of_start(struct client *c, const struct papr_config *config);

/* A string in the client's memory, until the next call. */
uint32_t of_str(struct client *c, const char *text);

/* Call a service. Return rets[0]. */
uint32_t of_call(struct client *c, const char *service, uint32_t nret, uint32_t nargs,
		 const uint32_t *args);
#define OF(c, service, ...)                                             \
	of_call(c, service, 1, sizeof((uint32_t[]){ __VA_ARGS__ }) / 4, \
		(uint32_t[]){ __VA_ARGS__ })
/* Make the hypercall itself. */
int64_t of_call_block(struct client *c, uint64_t addr);

uint32_t of_phandle(struct client *c, const char *path);
/* Read the value to OF_BUFFER. Return its length or PROM_ERROR. */
uint32_t of_prop(struct client *c, const char *path, const char *name);
uint32_t of_set(struct client *c, const char *path, const char *name, const void *value,
		uint32_t len);
/* Return "available" of /memory@0 as text: "start+size ...". */
const char *of_available(struct client *c);
uint64_t of_be64(struct client *c, uint64_t at);
