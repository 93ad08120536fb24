// SPDX-License-Identifier: GPL-2.0-or-later
#include <endian.h>
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tests/peers/diff/step.h"
#include "tests/peers/diff/text.h"
#include "tests/guest/clock.h"

enum { CC_WALK_STEPS = 400, GONE_MS = 5000, CORE_BEGINS_US = 50000, BUFFER_MAX = 8192 };

static const char *unwritten = "eeeeeeee";

/* Omit unwritten bytes at the end of an area. */
static void put_area(json_object *reply, const char *name, const uint8_t *area,
		     size_t len)
{
	while (len && area[len - 1] == MEMORY_FILL)
		len--;
	json_put_hex(reply, name, area, len);
}

/* ---- RTAS ------------------------------------------------------------------------ */

static long long call_rtas(struct machine *m, const char *call, const uint32_t *args,
			   unsigned int nargs, unsigned int nret,
			   uint32_t rets[RETS_WORDS])
{
	const char *answer;
	long long status;

	machine_fill(m, AT_RETS, 64, MEMORY_FILL);
	machine_fill(m, AT_ARGS, 64, 0);
	machine_write(m, AT_ARGS, args, nargs * sizeof(*args));
	answer = machine_ask(m, "rtas %s %u 0x%x %u 0x%x", call, nargs, AT_ARGS, nret,
			     AT_RETS);
	status = answer ? (long long)strtoull(answer, NULL, 0) : 0;
	machine_read(m, AT_RETS, rets, RETS_WORDS * sizeof(*rets));
	return status;
}

static void put_rets(json_object *reply, const uint32_t rets[RETS_WORDS])
{
	json_object *all = json_object_new_array();
	size_t i, n = RETS_WORDS;
	char hex[9];

	while (n && rets[n - 1] == (MEMORY_FILL * 0x01010101u))
		n--;
	for (i = 0; i < n; i++) {
		snprintf(hex, sizeof(hex), "%08x", be32toh(rets[i]));
		json_object_array_add(
			all, strcmp(hex, unwritten) == 0
				     ? NULL
				     : json_object_new_int((int32_t)be32toh(rets[i])));
	}
	json_object_object_add(reply, "rets", all);
}

static unsigned int take_args(json_object *step, uint32_t *args, unsigned int room)
{
	json_object *all = json_object_object_get(step, "args");
	unsigned int i, n = json_count(step, "args");

	if (n > room)
		errx(1, "too many arguments: %s", json_line(step));
	for (i = 0; i < n; i++)
		args[i] = htobe32((uint32_t)json_object_get_int64(json_at(all, i)));
	return n;
}

static json_object *step_rtas(struct machine *m, json_object *step)
{
	const char *wa = json_text(step, "wa_in", NULL);
	size_t buf = json_number(step, "buf", 0), len;
	uint32_t args[16], rets[RETS_WORDS];
	uint8_t area[BUFFER_MAX];
	unsigned int n = take_args(step, args, 16);
	json_object *reply = json_object_new_object();

	if (wa) {
		machine_fill(m, AT_WORK_AREA, WORK_AREA_BYTES, MEMORY_FILL);
		len = hex_bytes(wa, area, sizeof(area));
		machine_write(m, AT_WORK_AREA, area, len);
	}
	if (buf > sizeof(area))
		errx(1, "buffer too long: %s", json_line(step));
	machine_fill(m, AT_BUFFER, buf, MEMORY_FILL);

	json_put_int(reply, "hcall",
		     call_rtas(m, json_text(step, "call", ""), args, n,
			       json_number(step, "nret", 0), rets));
	put_rets(reply, rets);
	if (wa) {
		machine_read(m, AT_WORK_AREA, area, WORK_AREA_BYTES);
		put_area(reply, "wa_out", area, WORK_AREA_BYTES);
	}
	if (buf) {
		machine_read(m, AT_BUFFER, area, buf);
		put_area(reply, "buf_out", area, buf);
	}
	return reply;
}

/* Configuration space of a function, in the order of its bytes. */
static json_object *step_pci_config(struct machine *m, json_object *step)
{
	json_object *reply = json_object_new_object();
	uint32_t function = json_hex(step, "function", 0), i;
	uint64_t buid = json_hex(step, "buid", 0x800000020000000ULL);
	uint32_t n = json_number(step, "bytes", 256) / 4;
	uint32_t rets[RETS_WORDS], *words = calloc(n, sizeof(*words));

	for (i = 0; words && i < n; i++) {
		uint32_t at = 4 * i, reg = (at & 0xf00) << 20 | (at & 0xff);
		uint32_t args[4] = { htobe32(function | reg), htobe32(buid >> 32),
				     htobe32((uint32_t)buid), htobe32(4) };

		call_rtas(m, "ibm,read-pci-config", args, 4, 2, rets);
		words[i] = htole32(be32toh(rets[1]));
	}
	json_put_hex(reply, "value", words, n * sizeof(*words));
	free(words);
	return reply;
}

/* ---- Configuration by ibm,configure-connector -------------------------------------- */

static void put_words(json_object *step, const uint8_t *area)
{
	json_object *words = json_object_new_array();
	char *hex;
	size_t i;

	for (i = 0; i < 5; i++) {
		hex = hex_of(area + 4 * i, 4);
		json_object_array_add(words, json_object_new_string(hex));
		free(hex);
	}
	json_object_object_add(step, "wa_words", words);
}

static uint32_t word(const uint8_t *area, size_t n)
{
	uint32_t value;

	memcpy(&value, area + 4 * n, sizeof(value));
	return be32toh(value);
}

static void put_name(json_object *step, const uint8_t *area)
{
	uint32_t at = word(area, 2);

	json_object_object_add(
		step, "name",
		json_object_new_string_len(
			at < WORK_AREA_BYTES ? (const char *)area + at : "",
			at < WORK_AREA_BYTES
				? strnlen((const char *)area + at, WORK_AREA_BYTES - at)
				: 0));
}

static void put_value(json_object *step, const uint8_t *area)
{
	uint32_t len = word(area, 3), at = word(area, 4);

	json_put_int(step, "len", len);
	if (at > WORK_AREA_BYTES)
		at = WORK_AREA_BYTES;
	if (len > WORK_AREA_BYTES - at)
		len = WORK_AREA_BYTES - at;
	json_put_hex(step, "value", area + at, len);
}

static json_object *walk_step(struct machine *m, uint32_t drc, int32_t *status)
{
	uint32_t args[2] = { htobe32(AT_WORK_AREA), 0 }, rets[RETS_WORDS];
	uint32_t head[2] = { htobe32(drc), 0 };
	json_object *step = json_object_new_object();
	uint8_t area[WORK_AREA_BYTES];

	machine_fill(m, AT_WORK_AREA, WORK_AREA_BYTES, MEMORY_FILL);
	machine_write(m, AT_WORK_AREA, head, sizeof(head));
	call_rtas(m, "ibm,configure-connector", args, 2, 1, rets);
	machine_read(m, AT_WORK_AREA, area, sizeof(area));

	*status = m->dead ? -1 : (int32_t)be32toh(rets[0]);
	json_put_int(step, "status", *status);
	put_words(step, area);
	if (*status >= 1 && *status <= 3)
		put_name(step, area);
	if (*status == 3)
		put_value(step, area);
	return step;
}

static json_object *step_walk(struct machine *m, json_object *step)
{
	json_object *reply = json_object_new_object(), *steps = json_object_new_array();
	uint32_t drc = json_hex(step, "drc", 0);
	int32_t status = 1;
	int i;

	for (i = 0; i < CC_WALK_STEPS && status >= 1 && status <= 4; i++)
		json_object_array_add(steps, walk_step(m, drc, &status));
	json_object_object_add(reply, "steps", steps);
	return reply;
}

/* ---- QMP and preparations --------------------------------------------------------- */

/* Shorten a long reply with constant parts. */
static void shorten(json_object *step, json_object *reply)
{
	size_t i, n = json_object_is_type(reply, json_type_array)
			      ? json_object_array_length(reply)
			      : 0;

	if (strcmp(json_text(step, "execute", ""), "query-pci") != 0)
		return;
	for (i = 0; i < n; i++) {
		json_object *bus = json_at(reply, i);

		json_put_int(bus, "devices", json_count(bus, "devices"));
	}
}

/* QEMU 7.2 can crash if a core is removed before its thread has begun, and does not
 * report the begin. */
static void let_core_begin(struct machine *m, json_object *step)
{
	const char *driver =
		json_text(json_object_object_get(step, "arguments"), "driver", "");

	if (!m->ours && strcmp(json_text(step, "execute", ""), "device_add") == 0 &&
	    strstr(driver, "-spapr-cpu-core"))
		usleep(CORE_BEGINS_US);
}

static json_object *step_qmp(struct machine *m, json_object *step)
{
	json_object *reply = json_object_new_object();
	json_object *got = machine_qmp(m, json_text(step, "execute", ""),
				       json_object_object_get(step, "arguments"));

	let_core_begin(m, step);
	shorten(step, got);
	json_object_object_add(reply, "reply", got);
	return reply;
}

/* QEMU keeps objects until the last reference is released. */
static void wait_gone(struct machine *m, const char *device)
{
	int64_t until = clock_ms() + GONE_MS;

	while (!m->dead && !machine_is_gone(m, device) && clock_ms() < until)
		machine_wait_events(m, json_object_array_length(m->events) + 1);
}

static void step_write(struct machine *m, json_object *step)
{
	uint8_t area[BUFFER_MAX];
	size_t n = hex_bytes(json_text(step, "bytes", ""), area, sizeof(area));

	machine_write(m, json_hex(step, "address", 0), area, n);
}

json_object *step_run(struct machine *m, json_object *step)
{
	const char *kind = json_text(step, "kind", "");

	if (strcmp(kind, "rtas") == 0)
		return step_rtas(m, step);
	if (strcmp(kind, "cc-walk") == 0)
		return step_walk(m, step);
	if (strcmp(kind, "pci-config") == 0)
		return step_pci_config(m, step);
	if (strcmp(kind, "qmp") == 0)
		return step_qmp(m, step);
	if (strcmp(kind, "hcall") == 0)
		return step_hcall(m, step);
	if (strcmp(kind, "of") == 0)
		return step_of(m, step);
	if (strcmp(kind, "note") == 0)
		return step_note(m, step);

	if (strcmp(kind, "write") == 0)
		step_write(m, step);
	else if (strcmp(kind, "fill") == 0)
		machine_fill(m, json_hex(step, "address", 0),
			     json_number(step, "length", 0), MEMORY_FILL);
	else if (strcmp(kind, "wait-gone") == 0)
		wait_gone(m, json_text(step, "device", ""));
	else
		errx(1, "no such step: %s", json_line(step));
	return json_object_new_object();
}
