// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: librtas.la */
/*
 * calls - measure single calls of librtas, ours or the peers'
 *
 *   calls LABEL DRC-INDEX
 *
 * Prints, for each call, LABEL, its name and microseconds: the median of many batches.
 * The connector must be unisolated, with a device. "syscall" is the sensor's call without
 * any library.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <librtas.h>

#include "wire/papr_sys_rtas.h"

enum { BATCHES = 25, CALLS = 20, DR_ENTITY_SENSE = 9003, SPLPAR = 20, AREA = 4096 };

static int drc_index, token;

int rtas_token(const char *call_name);

static int syscall_alone(void)
{
	uint32_t block[22] = { htobe32((uint32_t)token), htobe32(2), htobe32(2),
			       htobe32(DR_ENTITY_SENSE), htobe32((uint32_t)drc_index) };

	return (int)syscall(PAPR_SYS_RTAS, block);
}

static int get_sensor(void)
{
	int state;

	return rtas_get_sensor(DR_ENTITY_SENSE, drc_index, &state);
}

static int get_sysparm(void)
{
	static char data[AREA];

	return rtas_get_sysparm(SPLPAR, sizeof(data), data);
}

/* One step of a configuration that never ends: each step begins at firmware's
 * position. */
static int cfg_connector(void)
{
	static union {
		char bytes[AREA];
		uint32_t word[2];
	} area;

	area.word[0] = htobe32((uint32_t)drc_index);
	area.word[1] = 0;
	return rtas_cfg_connector(area.bytes) < 0;
}

static int rmo_buffer(void)
{
	void *va;
	uint32_t pa;

	return rtas_get_rmo_buffer(AREA, &va, &pa) || rtas_free_rmo_buffer(va, pa, AREA);
}

static const struct {
	const char *name;
	int (*call)(void);
} calls[] = {
	{ "syscall", syscall_alone },	    { "get-sensor", get_sensor },
	{ "get-sysparm", get_sysparm },	    { "rmo-buffer", rmo_buffer },
	{ "cfg-connector", cfg_connector },
};

static double now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec * 1e6 + (double)ts.tv_nsec / 1e3;
}

static int ascending(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

/* Return a negative value if a call failed. */
static double cost(int (*call)(void))
{
	double batch[BATCHES], begin;

	for (int i = 0; i < BATCHES; i++) {
		begin = now_us();
		for (int j = 0; j < CALLS; j++)
			if (call())
				return -1;
		batch[i] = (now_us() - begin) / CALLS;
	}
	qsort(batch, BATCHES, sizeof(*batch), ascending);
	return batch[BATCHES / 2];
}

int main(int argc, char *argv[])
{
	if (argc != 3)
		return 2;
	drc_index = (int)strtoul(argv[2], NULL, 0);
	token = rtas_token("get-sensor-state");
	for (unsigned int i = 0; i < sizeof(calls) / sizeof(*calls); i++)
		printf("%s %s %.1f\n", argv[1], calls[i].name, cost(calls[i].call));
	return 0;
}
