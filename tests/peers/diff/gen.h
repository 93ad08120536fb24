/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen.h - random steps, legal and illegal ones, the same for the same seed
 *
 * The machine's answers determine the next steps: existing devices are configured,
 * unplugged, released. Omitted are the steps that crash QEMU 7.2 (many hot-plugged
 * processors, any step after the removal of one, a DIMM that was released in part and
 * then kept, requests of the guest to stop).
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GEN_DEVICES = 64, GEN_DRCS = 8 };

enum gen_kind { GEN_PCI, GEN_BRIDGE, GEN_PHB, GEN_CPU, GEN_DIMM, GEN_NVDIMM };

/* A device that device_add accepted and that was not deleted. */
struct gen_device {
	char id[16];
	enum gen_kind kind;
	uint32_t drc, n_drcs; /* the first one, and the number of the following ones */
	bool cold, asked_back, refused;
};

struct gen {
	uint64_t random; /* state */
	json_object *config;
	bool negotiated;
	unsigned int cpus_left; /* number that may still be hot-plugged */
	bool over;		/* a core was removed: QEMU's memory is unreliable */
	unsigned int next_id;
	char id[16]; /* the last new id */
	struct gen_device devices[GEN_DEVICES];
	size_t n_devices;
	json_object *queue; /* array of steps to do first */
};

void gen_begin(struct gen *g, uint64_t seed, json_object *config);
void gen_end(struct gen *g);

/* Return the next step, for the caller to free. */
json_object *gen_step(struct gen *g);
/* Learn from the reply to a step. */
void gen_learn(struct gen *g, json_object *step, json_object *reply);

/* ---- Between its files
 * -------------------------------------------------------------- */

uint32_t gen_below(struct gen *g, uint32_t n); /* 0 .. n - 1 */
bool gen_chance(struct gen *g, uint32_t percent);
uint32_t gen_one_of(struct gen *g, const uint32_t *values, size_t n);
#define GEN_ONE_OF(g, ...)                                 \
	gen_one_of((g), (const uint32_t[]){ __VA_ARGS__ }, \
		   sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* An index of an existing connector, an empty one, or an invalid one. */
uint32_t gen_drc(struct gen *g);
struct gen_device *gen_any_device(struct gen *g); /* NULL: no device exists */

json_object *gen_rtas_step(const char *call, const uint32_t *args, unsigned int nargs,
			   unsigned int nret);
#define GEN_RTAS(call, nret, ...)                                \
	gen_rtas_step((call), (const uint32_t[]){ __VA_ARGS__ }, \
		      sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t), (nret))
json_object *gen_walk(uint32_t drc);
void gen_then(struct gen *g, json_object *step); /* to do first, in order */

json_object *gen_connector(struct gen *g); /* gen_rtas.c */
json_object *gen_call(struct gen *g);
json_object *gen_device(struct gen *g); /* gen_qmp.c */
json_object *gen_machine(struct gen *g);
