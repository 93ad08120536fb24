/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * gen.h - steps made up by chance, legal and illegal ones, with the same seed the same
 *
 * What the machine has answered so far steers what is asked next: devices that are
 * there are configured, asked back, given up. Left out is what ends QEMU 7.2 (many
 * hot-plugged processors, anything behind the removal of one, a DIMM that was given up in part and then kept, guest requests
 * to stop).
 */
#pragma once
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { GEN_DEVICES = 64, GEN_DRCS = 8 };

enum gen_kind { GEN_PCI, GEN_BRIDGE, GEN_PHB, GEN_CPU, GEN_DIMM, GEN_NVDIMM };

/* One that device_add accepted and that was not deleted. */
struct gen_device {
	char id[16];
	enum gen_kind kind;
	uint32_t drc, n_drcs; /* the first, and how many follow it */
	bool cold, asked_back, refused;
};

struct gen {
	uint64_t random; /* state */
	json_object *config;
	bool negotiated;
	unsigned int cpus_left; /* that may be hot-plugged yet */
	bool over; /* a core was removed: QEMU's memory is not to be relied on */
	unsigned int next_id;
	char id[16]; /* the last new one */
	struct gen_device devices[GEN_DEVICES];
	size_t n_devices;
	json_object *queue; /* array of steps that are to be done first */
};

void gen_begin(struct gen *g, uint64_t seed, json_object *config);
void gen_end(struct gen *g);

/* The next step, the caller's. */
json_object *gen_step(struct gen *g);
/* What came of it. */
void gen_learn(struct gen *g, json_object *step, json_object *reply);

/* ---- Among its files ---------------------------------------------------------------- */

uint32_t gen_below(struct gen *g, uint32_t n); /* 0 .. n - 1 */
bool gen_chance(struct gen *g, uint32_t percent);
uint32_t gen_one_of(struct gen *g, const uint32_t *values, size_t n);
#define GEN_ONE_OF(g, ...)                                 \
	gen_one_of((g), (const uint32_t[]){ __VA_ARGS__ }, \
		   sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t))

/* Of one that is there, of an empty one, or of none at all. */
uint32_t gen_drc(struct gen *g);
struct gen_device *gen_any_device(struct gen *g); /* NULL: none is there */

json_object *gen_rtas_step(const char *call, const uint32_t *args, unsigned int nargs,
			   unsigned int nret);
#define GEN_RTAS(call, nret, ...)                                \
	gen_rtas_step((call), (const uint32_t[]){ __VA_ARGS__ }, \
		      sizeof((uint32_t[]){ __VA_ARGS__ }) / sizeof(uint32_t), (nret))
json_object *gen_walk(uint32_t drc);
void gen_then(struct gen *g, json_object *step); /* to be done first, in order */

json_object *gen_connector(struct gen *g); /* gen_rtas.c */
json_object *gen_call(struct gen *g);
json_object *gen_device(struct gen *g); /* gen_qmp.c */
json_object *gen_machine(struct gen *g);
