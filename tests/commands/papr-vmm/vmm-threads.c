// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * vmm-threads - four threads use one machine of libpaprvmm
 *
 *   vmm-threads ROUNDS
 *
 * Two make RTAS calls for different processors, one plugs and unplugs, one asks, saves and
 * resets. Prints the number of RTAS calls that were answered. The thread sanitizer finds
 * what the machine's lock does not protect.
 */
#include <endian.h>
#include <err.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/paprvmm.h"

enum { RAM = 1 << 20, BLOCK = 0x1000, H_RTAS = 0xf000 };

static struct papr_vmm *vmm;
static unsigned long rounds;
static atomic_ulong answered;

/* The embedder's own lock: the machine calls from each thread, under its lock. */
static uint8_t ram[RAM];

static int peek(void *priv, uint64_t addr, void *buf, size_t len)
{
	(void)priv;
	if (addr > RAM || len > RAM - addr)
		return -1;
	memcpy(buf, ram + addr, len);
	return 0;
}

static int poke(void *priv, uint64_t addr, const void *buf, size_t len)
{
	(void)priv;
	if (addr > RAM || len > RAM - addr)
		return -1;
	memcpy(ram + addr, buf, len);
	return 0;
}

static uint64_t tick(void *priv)
{
	return ++*(uint64_t *)priv;
}

/* Queries are permitted in callbacks. */
static void told(void *priv, const struct papr_event *event)
{
	struct papr_cpu_info cpu = { .size = sizeof(cpu) };

	(void)priv;
	if (event->type == PAPR_EV_DEVICE_DELETED && papr_vmm_cpu_info(vmm, 0, &cpu) <= 0)
		errx(1, "no processor");
}

/* A processor: blocks in guest memory, and calls that are decoded already. */
static void *call_rtas(void *arg)
{
	static const struct {
		const char *name;
		uint32_t nargs, nret, args[3];
	} calls[] = {
		{ "get-time-of-day", 0, 8, { 0 } },
		{ "get-sensor-state", 2, 2, { 9003, 0x40000008 } },
		{ "set-indicator", 3, 1, { 9002, 0x40000008, 1 } },
		{ "nvram-fetch", 3, 2, { 0, 0x8000, 16 } },
	};
	const uint32_t cpu = *(const uint32_t *)arg;
	const uint64_t block = BLOCK + 0x1000 * cpu;

	for (unsigned long i = 0; i < rounds; i++) {
		size_t n = i % (sizeof(calls) / sizeof(*calls));
		struct papr_rtas call = { .size = sizeof(call),
					  .token =
						  papr_vmm_rtas_token(vmm, calls[n].name),
					  .nargs = calls[n].nargs,
					  .nret = calls[n].nret };
		uint32_t cells[8] = { htobe32(call.token), htobe32(call.nargs),
				      htobe32(call.nret) };
		uint64_t args[PAPR_HCALL_ARGS] = { block };

		memcpy(call.args, calls[n].args, sizeof(calls[n].args));
		answered += !papr_vmm_rtas(vmm, cpu, &call);
		for (uint32_t a = 0; a < call.nargs; a++)
			cells[3 + a] = htobe32(calls[n].args[a]);
		papr_vmm_lock(
			vmm); /* the other threads' calls write to this memory, too */
		memcpy(ram + block, cells, sizeof(cells));
		papr_vmm_unlock(vmm);
		answered += !papr_vmm_hcall(vmm, cpu, H_RTAS, args);
	}
	return NULL;
}

static void *plug(void *arg)
{
	static const struct papr_option card[] = { { "driver", "virtio-net-pci" },
						   { "id", "n" },
						   { "addr", "1" } };

	(void)arg;
	for (unsigned long i = 0; i < rounds; i++) {
		struct papr_error error = { 0 };

		papr_vmm_device_add(vmm, card, 3, &error);
		papr_error_clear(&error);
		papr_vmm_device_del(vmm, "n", &error);
		papr_error_clear(&error);
	}
	return NULL;
}

static void *look(void *arg)
{
	(void)arg;
	for (unsigned long i = 0; i < rounds; i++) {
		struct papr_pci_info pci = { .size = sizeof(pci) };
		struct papr_drc_info drc = { .size = sizeof(drc) };
		struct papr_error error = { 0 };
		size_t bytes, sum = 0;
		const uint8_t *fdt;
		void *state;

		for (size_t n = 0; papr_vmm_pci_info(vmm, n, &pci) > 0; n++)
			;
		papr_vmm_drc_info(vmm, 0x40000008, &drc);
		papr_vmm_lock(vmm);
		fdt = papr_vmm_fdt(vmm, &bytes);
		for (size_t n = 0; n < bytes; n++)
			sum += fdt[n];
		papr_vmm_unlock(vmm);
		if (!sum || papr_vmm_save(vmm, &state, &bytes))
			errx(1, "no tree, or no state");
		papr_vmm_load(vmm, state, bytes, &error);
		papr_error_clear(&error);
		free(state);
		if (i % 8 == 0 && papr_vmm_reset(vmm))
			errx(1, "no reset");
	}
	return NULL;
}

int main(int argc, char *argv[])
{
	uint64_t clock_ns = 0;
	const struct papr_config config = { .size = sizeof(config),
					    .ram_bytes = 1 << 30,
					    .cpus = 2 };
	const struct papr_machine_ops ops = { .size = sizeof(ops),
					      .read = peek,
					      .write = poke,
					      .clock_ns = tick,
					      .event = told,
					      .priv = &clock_ns };
	void *(*const work[])(void *) = { call_rtas, call_rtas, plug, look };
	static uint32_t cpus[] = { 0, 1, 0, 0 };
	struct papr_error error = { 0 };
	pthread_t threads[4];

	rounds = argc == 2 ? strtoul(argv[1], NULL, 10) : 0;
	if (!rounds)
		errx(2, "usage: vmm-threads ROUNDS");
	if (papr_vmm_new(&vmm, &config, &ops, &error) || papr_vmm_reset(vmm))
		errx(1, "%s", error.text ? error.text : "no machine");
	for (int i = 0; i < 4; i++)
		if (pthread_create(&threads[i], NULL, work[i], &cpus[i]))
			errx(1, "no thread");
	for (int i = 0; i < 4; i++)
		pthread_join(threads[i], NULL);
	printf("%lu calls\n", (unsigned long)answered);
	papr_vmm_free(vmm);
	return 0;
}
