// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "tests/peers/diff/gen.h"
#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"

#define BUID_HI 0x08000000u
#define BUID_LO 0x20000000u

/* firmware.S: a loop for processors */
#define PARK 0x170u

enum { ISOLATION = 9001, DR_INDICATOR = 9002, ALLOCATION = 9003 };

/* ---- Connectors ----------------------------------------------------------------------------- */

static json_object *indicator(uint32_t type, uint32_t drc, uint32_t value)
{
	return GEN_RTAS("set-indicator", 1, type, drc, value);
}

static json_object *sense(uint32_t type, uint32_t drc)
{
	return GEN_RTAS("get-sensor-state", 2, type, drc);
}

static json_object *configure(uint32_t drc)
{
	json_object *step = GEN_RTAS("ibm,configure-connector", 1, AT_WORK_AREA, 0);
	uint8_t head[8] = { drc >> 24, drc >> 16, drc >> 8, drc };

	json_put_hex(step, "wa_in", head, sizeof(head));
	return step;
}

static bool is_logical(uint32_t drc)
{
	return drc >> 28 != 4;
}

/* The steps of an operating system, which sometimes omits one. */
static json_object *bring_up(struct gen *g, uint32_t drc)
{
	if (is_logical(drc) && gen_chance(g, 90))
		gen_then(g, indicator(ALLOCATION, drc, 1));
	if (gen_chance(g, 90))
		gen_then(g, indicator(ISOLATION, drc, 1));
	if (gen_chance(g, 20))
		gen_then(g, configure(drc));
	if (gen_chance(g, 85))
		gen_then(g, gen_walk(drc));
	return sense(ALLOCATION, drc);
}

static json_object *take_down(struct gen *g, uint32_t drc)
{
	if (is_logical(drc) && gen_chance(g, 90))
		gen_then(g, indicator(ALLOCATION, drc, 0));
	gen_then(g, sense(ALLOCATION, drc));
	return indicator(ISOLATION, drc, 0);
}

static json_object *odd_indicator(struct gen *g, uint32_t drc)
{
	uint32_t type = GEN_ONE_OF(g, ISOLATION, ISOLATION, DR_INDICATOR, ALLOCATION,
				   ALLOCATION, 9004, 9006, 3, 0, 0xffffffff);
	uint32_t value = GEN_ONE_OF(g, 0, 1, 1, 2, 3, 4, 100, 0xffffffff);

	return indicator(type, drc, value);
}

json_object *gen_connector(struct gen *g)
{
	uint32_t drc = gen_drc(g);

	switch (gen_below(g, 12)) {
	case 0:
	case 1:
	case 2:
		return bring_up(g, drc);
	case 3:
	case 4:
		return take_down(g, drc);
	case 5:
	case 6:
		return odd_indicator(g, drc);
	case 7:
		return indicator(gen_chance(g, 50) ? ISOLATION : ALLOCATION, drc,
				 gen_below(g, 2));
	case 8:
		return sense(GEN_ONE_OF(g, ALLOCATION, ALLOCATION, ALLOCATION, ISOLATION,
					DR_INDICATOR, 3, 0),
			     drc);
	case 9:
		return gen_walk(drc);
	default:
		return configure(drc);
	}
}

/* ---- Event logs -------------------------------------------------------------------------------- */

static json_object *logs(struct gen *g)
{
	uint32_t mask =
		GEN_ONE_OF(g, 0xffffffff, 0xf0000000, 0x10000000, 0x10000000, 0x40000000,
			   0x50000000, 0x80000000, 0x20000000, 0x08000000, 0);
	uint32_t room = gen_chance(g, 80) ? 2048 : gen_below(g, 200);
	json_object *step;

	if (gen_chance(g, 20))
		step = GEN_RTAS("event-scan", 1, mask, gen_below(g, 2), AT_BUFFER, room);
	else if (gen_chance(g, 70))
		step = GEN_RTAS("check-exception", 1, 0x500, gen_below(g, 9), mask,
				gen_below(g, 2), AT_BUFFER, room);
	else
		step = GEN_RTAS("check-exception", 1, 0x500, 0x1000, mask, 1, AT_BUFFER,
				room, gen_below(g, 2));
	json_put_int(step, "buf", 256);
	return step;
}

/* ---- System ----------------------------------------------------------------------------------- */

static json_object *parameter(struct gen *g)
{
	uint32_t id = GEN_ONE_OF(g, 20, 20, 42, 48, 48, 0, 7, 55, 1000, 0xffffffff);
	json_object *step;

	if (gen_chance(g, 20))
		return GEN_RTAS("ibm,set-system-parameter", 1, id, AT_BUFFER);
	step = GEN_RTAS("ibm,get-system-parameter", 1, id, AT_BUFFER,
			GEN_ONE_OF(g, 0, 1, 2, 3, 8, 17, 18, 19, 64, 4000));
	json_put_int(step, "buf", 256);
	return step;
}

static json_object *nvram(struct gen *g)
{
	uint32_t at =
		GEN_ONE_OF(g, 0, 1, 16, 100, 0xfff0, 0xfff8, 0xffff, 0x10000, 0xffffffff);
	uint32_t len = GEN_ONE_OF(g, 1, 4, 8, 16, 17, 100, 0xffffffff);
	json_object *step;

	if (gen_chance(g, 30))
		return GEN_RTAS("nvram-store", 2, at, AT_ARGS, len > 100 ? 16 : len);
	step = GEN_RTAS("nvram-fetch", 2, at, AT_BUFFER, len);
	json_put_int(step, "buf", 256);
	return step;
}

static json_object *clock_call(struct gen *g)
{
	if (gen_chance(g, 50))
		return gen_rtas_step("get-time-of-day", NULL, 0, 8);
	return GEN_RTAS("set-time-of-day", 1, 1971 + gen_below(g, 120), gen_below(g, 14),
			gen_below(g, 34), gen_below(g, 26), gen_below(g, 62), 10,
			gen_below(g, 1000));
}

static json_object *power(struct gen *g)
{
	uint32_t domain = GEN_ONE_OF(g, 0xffffffff, 0xffffffff, 0, 1, 0x40000008);

	if (gen_chance(g, 50))
		return GEN_RTAS("get-power-level", 2, domain);
	return GEN_RTAS("set-power-level", 2, domain,
			GEN_ONE_OF(g, 0, 1, 50, 99, 100, 101, 0xffffffff));
}

static json_object *processor(struct gen *g)
{
	uint32_t cpu = gen_chance(g, 80) ? gen_below(g, 9) : gen_below(g, 1u << 31);

	switch (gen_below(g, 6)) {
	case 0:
		return GEN_RTAS("start-cpu", 1, gen_chance(g, 50) ? 0 : 64 + cpu, PARK,
				7);
	case 1:
		return gen_rtas_step("ibm,nmi-interlock", NULL, 0, 1);
	case 2:
		return GEN_RTAS("ibm,nmi-register", 1, 0x100000, 0x100100);
	default:
		return GEN_RTAS("query-cpu-stopped-state", 2, cpu);
	}
}

/* ---- PCI --------------------------------------------------------------------------------------- */

static uint32_t function(struct gen *g)
{
	struct gen_device *d = gen_any_device(g);

	if (d && d->drc >> 28 == 4 && !(d->drc & 0x0fffff00) && gen_chance(g, 80))
		return (d->drc & 0xff) << 8;
	return gen_below(g, 3) << 16 | gen_below(g, 256) << 8;
}

static uint32_t buid_lo(struct gen *g)
{
	return BUID_LO + (gen_chance(g, 85) ? 0 : gen_below(g, 4));
}

static json_object *config_read(struct gen *g)
{
	uint32_t at = function(g) | gen_below(g, 256);
	uint32_t size = GEN_ONE_OF(g, 1, 2, 4, 4, 3, 8, 0);

	if (gen_chance(g, 80) && size && !(size & (size - 1)))
		at &= ~(size - 1);
	if (gen_chance(g, 10))
		at |= gen_below(g, 16) << 28;
	if (gen_chance(g, 5))
		return GEN_RTAS("read-pci-config", 2, at, size);
	return GEN_RTAS("ibm,read-pci-config", 2, at, BUID_HI, buid_lo(g), size);
}

/* Registers that the host does not use: command, line, pin, BARs. */
static json_object *config_write(struct gen *g)
{
	uint32_t reg = GEN_ONE_OF(g, 0x04, 0x0c, 0x0d, 0x10, 0x14, 0x18, 0x20, 0x30, 0x3c,
				  0x3d, 0, 2, 8, 0x2c, 0x34);
	uint32_t size = GEN_ONE_OF(g, 1, 2, 4, 4);
	uint32_t at = function(g) | (reg & ~(size - 1));
	uint32_t value = GEN_ONE_OF(g, 0, 0xffffffff, 0x5a, 0x10000000, 0x0c000001);

	/* Memory and bus mastering stay disabled, so no window of a device is mapped. */
	if (reg == 4)
		value = gen_below(g, 2) << 10 | gen_below(g, 2) << 6;
	return GEN_RTAS("ibm,write-pci-config", 1, at, BUID_HI, buid_lo(g), size, value);
}

static json_object *msi(struct gen *g)
{
	if (gen_chance(g, 40))
		return GEN_RTAS("ibm,query-interrupt-source-number", 3, function(g),
				BUID_HI, buid_lo(g), gen_below(g, 5));
	return GEN_RTAS("ibm,change-msi", gen_chance(g, 50) ? 3 : 4, function(g), BUID_HI,
			buid_lo(g), GEN_ONE_OF(g, 1, 1, 3, 4, 4, 0, 2, 9),
			GEN_ONE_OF(g, 0, 1, 2, 3, 4, 99), gen_below(g, 9));
}

static json_object *eeh(struct gen *g)
{
	uint32_t f = function(g), lo = buid_lo(g);

	switch (gen_below(g, 8)) {
	case 0:
		return GEN_RTAS("ibm,set-eeh-option", 1, f, BUID_HI, lo, gen_below(g, 5));
	case 1:
		return GEN_RTAS("ibm,get-config-addr-info2", 2, f, BUID_HI, lo, 0);
	case 2:
		return GEN_RTAS("ibm,read-slot-reset-state2", 4 + gen_below(g, 2), f,
				BUID_HI, lo);
	case 3:
		return GEN_RTAS("ibm,set-slot-reset", 1, f, BUID_HI, lo, gen_below(g, 4));
	case 4:
		return GEN_RTAS("ibm,configure-pe", 1, f, BUID_HI, lo);
	case 5:
		return GEN_RTAS("ibm,slot-error-detail", 1, f, BUID_HI, lo, 0, 0, 0, 0,
				1);
	default:
		return GEN_RTAS("ibm,query-pe-dma-window", 5 + gen_below(g, 2), f,
				BUID_HI, lo);
	}
}

/* ---- Any call, any counts -------------------------------------------------------------------------- */

static const char *const calls[] = {
	"get-time-of-day",
	"set-time-of-day",
	"query-cpu-stopped-state",
	"start-cpu",
	"ibm,set-system-parameter",
	"ibm,set-xive",
	"ibm,get-xive",
	"ibm,int-off",
	"ibm,int-on",
	"check-exception",
	"event-scan",
	"read-pci-config",
	"write-pci-config",
	"ibm,read-pci-config",
	"ibm,write-pci-config",
	"ibm,query-interrupt-source-number",
	"set-indicator",
	"set-power-level",
	"get-power-level",
	"get-sensor-state",
	"ibm,configure-connector",
	"ibm,set-eeh-option",
	"ibm,get-config-addr-info2",
	"ibm,read-slot-reset-state2",
	"ibm,query-pe-dma-window",
	"display-character",
	"no-such-call",
	"ibm,get-indices",
	"ibm,update-nodes",
};

/* Few words, all of them harmless as addresses. */
static json_object *any(struct gen *g)
{
	const char *call = calls[gen_below(g, sizeof(calls) / sizeof(*calls))];
	uint32_t args[8], n = gen_below(g, 8), i;

	for (i = 0; i < n; i++)
		args[i] = GEN_ONE_OF(g, 0, 1, 4, ISOLATION, ALLOCATION, AT_BUFFER,
				     AT_WORK_AREA, 0x40000008, 0xffffffff);
	if (strcmp(call, "start-cpu") == 0 && n > 0)
		args[0] = 0;
	/* Only with a wrong number of arguments: QEMU's clock overflows with these. */
	if (strcmp(call, "set-time-of-day") == 0 && n == 7)
		n = 6;
	return gen_rtas_step(call, args, n, gen_below(g, 7));
}

json_object *gen_call(struct gen *g)
{
	switch (gen_below(g, 13)) {
	case 0:
	case 1:
	case 2:
		return logs(g);
	case 3:
		return parameter(g);
	case 4:
		return nvram(g);
	case 5:
		return clock_call(g);
	case 6:
		return power(g);
	case 7:
		return processor(g);
	case 8:
		return config_read(g);
	case 9:
		return config_write(g);
	case 10:
		return msi(g);
	case 11:
		return eeh(g);
	default:
		return any(g);
	}
}
