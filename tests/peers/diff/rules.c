// SPDX-License-Identifier: GPL-2.0-or-later
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/peers/diff/rules.h"
#include "tests/peers/diff/text.h"

/* Bits of a connector's type at their place in an LMB's address. */
#define LMB_TYPE_BITS 0x0f00000000000000ULL

static bool is_call(json_object *step, const char *call)
{
	return strcmp(json_text(step, "kind", ""), "rtas") == 0 &&
	       strcmp(json_text(step, "call", ""), call) == 0;
}

static uint32_t argument(json_object *step, size_t n)
{
	json_object *args = json_object_object_get(step, "args");

	return (uint32_t)json_object_get_int64(json_at(args, n));
}

/* A log that is longer than the buffer is truncated, and not written past its end. */
static bool log_cut(json_object *step, json_object *want)
{
	size_t room = is_call(step, "check-exception") ? argument(step, 5) : SIZE_MAX;
	const char *hex = json_text(want, "buf_out", "");
	char *cut;

	if (room == SIZE_MAX || strlen(hex) / 2 <= room)
		return false;
	cut = text_of("%.*s", (int)(2 * room), hex);
	json_object_object_add(want, "buf_out", json_object_new_string(cut));
	free(cut);
	return true;
}

/* An output that was not requested is not written. */
static bool few_results(json_object *step, json_object *want)
{
	json_object *rets = json_object_object_get(want, "rets");
	size_t n = json_count(want, "rets"), nret = json_number(step, "nret", 0);

	if (strcmp(json_text(step, "kind", ""), "rtas") != 0 || n <= nret)
		return false;
	json_object_array_del_idx(rets, nret, n - nret);
	return true;
}

/* ---- Fragments ---------------------------------------------------------------------- */

static void put_text(json_object *in, const char *name, char *text)
{
	json_object_object_add(in, name, json_object_new_string(text));
	free(text);
}

static bool mend_lmb_step(json_object *step)
{
	unsigned long long addr;
	const char *name = json_text(step, "name", ""), *value;

	if (sscanf(name, "memory@%llx", &addr) == 1) {
		put_text(step, "name", text_of("memory@%llx", addr & ~LMB_TYPE_BITS));
		return addr & LMB_TYPE_BITS;
	}
	value = json_text(step, "value", "");
	if (strcmp(name, "reg") != 0 || strlen(value) != 32)
		return false;
	if (sscanf(value, "%16llx", &addr) == 1)
		put_text(step, "value",
			 text_of("%016llx%s", addr & ~LMB_TYPE_BITS, value + 16));
	return addr & LMB_TYPE_BITS;
}

/* The same for one answer of ibm,configure-connector: a name, or the value of "reg". */
static bool mend_lmb_area(json_object *want)
{
	enum { NAME = 0x14, REG = NAME + 4 };
	uint8_t area[512];
	size_t n = hex_bytes(json_text(want, "wa_out", ""), area, sizeof(area) - 1);
	unsigned long long addr;
	char *name = (char *)area + NAME;

	area[n] = '\0';
	if (n >= REG + 16 && strcmp(name, "reg") == 0 && area[REG] & 0xf) {
		area[REG] &= 0xf0;
	} else if (n > NAME && sscanf(name, "memory@%llx", &addr) == 1 &&
		   addr & LMB_TYPE_BITS) {
		n = NAME + 1 +
		    snprintf(name, sizeof(area) - NAME, "memory@%llx",
			     addr & ~LMB_TYPE_BITS);
	} else {
		return false;
	}
	json_put_hex(want, "wa_out", area, n);
	return true;
}

/* An LMB is at its address, which does not include its connector's type. */
static bool lmb_address(json_object *step, json_object *want)
{
	json_object *steps = json_object_object_get(want, "steps");
	bool changed = false;
	size_t i;

	if (is_call(step, "ibm,configure-connector") &&
	    *json_text(step, "wa_in", "") == '8')
		return mend_lmb_area(want);
	if (!steps || *json_text(step, "drc", "") != '8')
		return false;
	for (i = 0; i < json_object_array_length(steps); i++)
		changed = mend_lmb_step(json_at(steps, i)) || changed;
	return changed;
}

static bool cut_at_sign(json_object *step)
{
	char name[64];
	size_t n = hex_bytes(json_text(step, "value", ""), name, sizeof(name) - 1);
	char *at = memchr(name, '@', n);

	if (strcmp(json_text(step, "name", ""), "name") != 0 || !at)
		return false;
	*at = '\0';
	n = at - name + 1;
	json_put_hex(step, "value", name, n);
	json_put_int(step, "len", n);
	snprintf(name, sizeof(name), "%08zx", n);
	json_object_array_put_idx(json_object_object_get(step, "wa_words"), 3,
				  json_object_new_string(name));
	return true;
}

static bool cut_area(json_object *want)
{
	enum { LEN = 0x0c, NAME = 0x14, VALUE = NAME + 5 };
	uint8_t area[512];
	size_t n = hex_bytes(json_text(want, "wa_out", ""), area, sizeof(area));
	uint8_t *at = n > VALUE ? memchr(area + VALUE, '@', n - VALUE) : NULL;

	if (!at || memcmp(area + NAME, "name", VALUE - NAME) != 0)
		return false;
	*at = '\0';
	n = at + 1 - area;
	area[LEN + 3] = n - VALUE;
	json_put_hex(want, "wa_out", area, n);
	return true;
}

/* The property "name" of a core has no unit address. */
static bool cpu_name(json_object *step, json_object *want)
{
	json_object *steps = json_object_object_get(want, "steps");
	bool changed = false;
	size_t i;

	if (is_call(step, "ibm,configure-connector") &&
	    *json_text(step, "wa_in", "") == '1')
		return cut_area(want);
	if (!steps || json_text(step, "drc", "")[0] != '1')
		return false;
	for (i = 0; i < json_object_array_length(steps); i++)
		changed = cut_at_sign(json_at(steps, i)) || changed;
	return changed;
}

/* ---- Hypercalls ----------------------------------------------------------------------- */

/* The version in CAS' answer is big-endian. */
static bool cas_version(json_object *step, json_object *want)
{
	json_object *in = json_object_object_get(step, "in"), *range, *ranges;
	const char *hex;

	if (!in || strcmp(json_object_get_string(json_at(in, 0)), "f002") != 0 ||
	    !json_object_object_get_ex(want, "mem_out", &ranges))
		return false;
	range = json_at(ranges, 0);
	hex = json_object_get_string(json_at(range, 1));
	if (strncmp(hex, "01000000", 8) != 0)
		return false;
	char *swapped = text_of("00000001%s", hex + 8);
	json_object_array_put_idx(range, 1, json_object_new_string(swapped));
	free(swapped);
	return true;
}

/* ---- Events ----------------------------------------------------------------------------- */

/* A DIMM that a guest keeps is reported once. */
static bool one_guest_error(json_object *step, json_object *want)
{
	json_object *events = json_object_object_get(want, "events");
	size_t i, n = json_count(want, "events");

	(void)step;
	for (i = 1; i < n; i++) {
		json_object *event = json_at(events, i);

		if (strcmp(json_text(event, "event", ""), "DEVICE_UNPLUG_GUEST_ERROR") ==
			    0 &&
		    json_object_equal(event, json_at(events, i - 1))) {
			json_object_array_del_idx(events, i, 1);
			return true;
		}
	}
	return false;
}

static const struct {
	const char *name;
	rule_fn *fn;
} rules[] = {
	{ "cas-version", cas_version }, { "cpu-name", cpu_name },
	{ "few-results", few_results }, { "lmb-address", lmb_address },
	{ "log-cut", log_cut },		{ "one-guest-error", one_guest_error },
};

rule_fn *rule_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(rules) / sizeof(*rules); i++) {
		if (strcmp(rules[i].name, name) == 0)
			return rules[i].fn;
	}
	return NULL;
}

bool rule_exists(const char *name)
{
	return rule_find(name) != NULL;
}

void rules_apply(struct known *known, json_object *step, json_object *want)
{
	size_t i;

	for (i = 0; i < known->n; i++) {
		rule_fn *rule = rule_find(known->entries[i].what);

		if (rule && rule(step, want))
			known->entries[i].used++;
	}
}
