// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "ofpathtool/path.h"

/* The port in the unit address of a USB disk. Firmware versions differ in these bits, and
 * the parent component has the port too. */
#define USB_PORT_BITS UINT64_C(0x00ff000000000000)

/* A text under construction. */
struct out {
	char *text;
	size_t size, used;
	bool is_full;
};

static void path_append(struct out *out, const char *text, size_t len)
{
	if (out->used + len + 1 > out->size) {
		out->is_full = true;
		return;
	}
	memcpy(out->text + out->used, text, len);
	out->used += len;
	out->text[out->used] = '\0';
}

static int path_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool path_hex(const char *text, size_t len, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < len; i++) {
		int digit = path_hex_digit(text[i]);

		if (digit < 0 || *value >> 60)
			return false;
		*value = *value << 4 | (uint64_t)digit;
	}
	return len > 0;
}

/* Append a unit address: numbers between commas, in normal form. Stop at a part that is
 * not a number, unless it is the first: a file name may follow without a colon. */
static void path_append_unit(struct out *out, const char *unit, size_t len,
			     uint64_t ignored)
{
	size_t zeros = 0; /* trailing characters that may be left out */
	uint64_t value;

	for (bool first = true;; first = false) {
		const char *comma = memchr(unit, ',', len);
		size_t part = comma ? (size_t)(comma - unit) : len;
		char number[24];

		if (path_hex(unit, part, &value)) {
			snprintf(number, sizeof(number),
				 first ? "@%" PRIx64 : ",%" PRIx64, value & ~ignored);
			path_append(out, number, strlen(number));
			if (value || first)
				zeros = 0;
			else
				zeros += strlen(number);
		} else if (first) {
			path_append(out, "@", 1);
			path_append(out, unit, part);
		} else if (part) {
			break;
		}
		if (!comma)
			break;
		unit += part + 1;
		len -= part + 1;
	}

	if (out->is_full)
		return;
	out->used -= zeros;
	out->text[out->used] = '\0';
}

struct component {
	const char *name, *unit; /* unit NULL: none */
	size_t name_len, unit_len;
};

static bool path_component_is(const struct component *c, const char *name)
{
	return c->name_len == strlen(name) && !memcmp(c->name, name, c->name_len);
}

static struct component path_split_component(const char *text, size_t len)
{
	struct component c = { .name = text, .name_len = len };
	const char *at = memchr(text, '@', len);

	if (at) {
		c.name_len = (size_t)(at - text);
		c.unit = at + 1;
		c.unit_len = len - c.name_len - 1;
	}
	return c;
}

/* Return the offset of the last component. */
static size_t path_last_component(const struct out *out)
{
	const char *slash = strrchr(out->text, '/');

	return slash ? (size_t)(slash - out->text) : 0;
}

static bool path_last_begins(const struct out *out, const char *text)
{
	return !strncmp(out->text + path_last_component(out), text, strlen(text));
}

static void path_append_component(struct out *out, const struct component *c)
{
	bool is_usb = false;

	if (path_component_is(c, "disk") && path_last_begins(out, "/fp@")) {
		/* QLogic's adapters have this node, but their paths may leave it out. */
		out->used = path_last_component(out);
		out->text[out->used] = '\0';
	}
	if (path_component_is(c, "disk"))
		is_usb = path_last_begins(out, "/storage@");

	path_append(out, "/", 1);
	path_append(out, c->name, c->name_len);
	if (c->unit)
		path_append_unit(out, c->unit, c->unit_len, is_usb ? USB_PORT_BITS : 0);
}

/* Append a path of NVMe over fabrics. The name of the subsystem is between the colon and
 * the namespace, and may contain colons and slashes. The controller's number before it is
 * left out, because it can be any number. */
static const char *path_append_fabrics(struct out *out, const struct component *c,
				       const char *nqn)
{
	const char *end = strstr(nqn, "/namespace@");
	size_t len = end ? (size_t)(end - nqn) : strlen(nqn);
	const char *comma = memchr(c->unit, ',', c->unit_len);
	struct component controller = *c;

	if (comma)
		controller.unit_len = (size_t)(comma - c->unit);
	path_append_component(out, &controller);
	path_append(out, ":", 1);
	path_append(out, nqn, len);
	return nqn + len;
}

/* Parse [PARTITION][,FILE]. Return -EINVAL if the partition's number is too large. */
static int path_parse_disk_arguments(struct path *path)
{
	const char *p = path->args;
	uint64_t n = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		if (n <= UINT32_MAX)
			n = 10 * n + (uint64_t)(*p - '0');
	path->is_disk = !*p || *p == ',';
	if (!path->is_disk)
		return 0;
	path->partition = (uint32_t)n;
	path->has_partition = n > 0;
	return n > UINT32_MAX ? -EINVAL : 0;
}

int path_parse(const char *text, struct path *path)
{
	struct out out = { .text = path->key, .size = sizeof(path->key) };

	*path = (struct path){ .args = "" };
	if (*text != '/' || strnlen(text, OFP_PATH_MAX) == OFP_PATH_MAX)
		return -EINVAL;

	while (*text == '/') {
		size_t len = strcspn(++text, "/:");
		struct component c = path_split_component(text, len);

		text += len;
		if (c.unit && path_component_is(&c, "controller") &&
		    !strncmp(text, ":nqn=", 5))
			text = path_append_fabrics(&out, &c, text + 1);
		else if (len)
			path_append_component(&out, &c);
	}
	if (*text == ':')
		path->args = text + 1;
	return out.is_full ? -EINVAL : path_parse_disk_arguments(path);
}

/* Return the length of the first component, with its slash. */
static size_t path_component_len(const char *key)
{
	return *key == '/' ? 1 + strcspn(key + 1, "/") : 0;
}

const char *path_after(const char *key, const char *begin, bool *loose)
{
	while (*begin == '/') {
		size_t want = path_component_len(begin), have = path_component_len(key);
		size_t name = strcspn(begin, "@");

		if (have == name && name < want && !memcmp(key, begin, name))
			*loose = true;
		else if (have != want || memcmp(key, begin, want))
			return NULL;
		key += have;
		begin += want;
	}
	return key;
}

bool path_is(const char *key, const char *other, bool *loose)
{
	const char *rest = path_after(key, other, loose);

	return rest && !*rest;
}

bool ofp_equal(const char *one, const char *other)
{
	struct path a, b;

	return !path_parse(one, &a) && !path_parse(other, &b) && !strcmp(a.key, b.key) &&
	       a.has_partition == b.has_partition &&
	       (!a.has_partition || a.partition == b.partition);
}
