// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "kern/cleanup.h"
#include "ofpathtool/path.h"
#include "wire/number.h"

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

bool path_hex(const char *text, size_t len, uint64_t *value)
{
	*value = 0;
	for (size_t i = 0; i < len; i++) {
		unsigned int digit = number_digit(text[i]);

		if (digit > 15 || *value >> 60)
			return false;
		*value = *value << 4 | digit;
	}
	return len > 0;
}

/* Read a partition as GRUB writes it: a kind of partition table and a number, "msdos3".
 * Return 0 for any other text. The numbers of these kinds are those of Linux. */
static uint32_t path_grub_partition(const char *text, size_t len)
{
	static const char *const kinds[] = { "msdos", "gpt", "apple" };
	uint64_t n;

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		size_t skip = strlen(kinds[i]);

		if (len > skip && !memcmp(text, kinds[i], skip) &&
		    !number_read(text + skip, len - skip, 10, &n) && n <= UINT32_MAX)
			return (uint32_t)n;
	}
	return 0;
}

/* Take what follows the unit address of the last component: a partition in GRUB's form, or
 * the file of a boot loader. Return false if it is neither. */
static bool path_take_suffix(struct path *path, const char *text, size_t len)
{
	uint32_t n = path_grub_partition(text, len);

	if (text[len])
		return false;
	if (n) {
		path->partition = n;
		path->has_partition = path->has_grub_partition = true;
	}
	return n || *text == '\\' || !strcmp(text, "yaboot");
}

/* Append a unit address: numbers between commas, in normal form. Another text stays as it
 * is, unless it is a suffix without a colon. */
static void path_append_unit(struct out *out, struct path *path, const char *unit,
			     size_t len, uint64_t ignored)
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
			if (path_take_suffix(path, unit, len))
				break;
			if (!path->rest)
				path->rest = unit - 1;
			path_append(out, unit - 1, part + 1);
			zeros = 0;
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

static void path_append_component(struct out *out, struct path *path,
				  const struct component *c)
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
		path_append_unit(out, path, c->unit, c->unit_len,
				 is_usb ? USB_PORT_BITS : 0);
}

/* Append a path of NVMe over fabrics. The name of the subsystem is between the colon and
 * the namespace, and may contain colons and slashes. The controller's number before it is
 * left out, because it can be any number. */
static const char *path_append_fabrics(struct out *out, struct path *path,
				       const struct component *c, const char *nqn)
{
	const char *end = strstr(nqn, "/namespace@");
	size_t len = end ? (size_t)(end - nqn) : strlen(nqn);
	const char *comma = memchr(c->unit, ',', c->unit_len);
	struct component controller = *c;

	if (comma)
		controller.unit_len = (size_t)(comma - c->unit);
	path_append_component(out, path, &controller);
	path_append(out, ":", 1);
	path_append(out, nqn, len);
	return nqn + len;
}

/* Return true for an argument of a boot from the network that has no fixed place. */
static bool path_is_net_word(const char *word, size_t len)
{
	static const char *const words[] = { "bootp", "dhcp", "rarp",
					     "iscsi", "ipv6", "promiscuous" };
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
	static const char of_value[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				       "abcdefghijklmnopqrstuvwxyz0123456789-._:/\\@%+~";
	size_t key = strspn(word, letters);

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (strlen(words[i]) == len && !memcmp(words[i], word, len))
			return true;
	return key && key < len && word[key] == '=' &&
	       strspn(word + key + 1, of_value) == len - key - 1;
}

/* Return true if the argument fits its place: addresses of server and client, a file, a
 * number of retries. All may be empty. */
static bool path_is_net_place(const char *word, size_t len, size_t place)
{
	/* Server, file, client, gateway, retries of bootp and of tftp, network mask. */
	static const char places[] = "afaanna";
	uint64_t n;
	char text[INET6_ADDRSTRLEN];
	unsigned char address[sizeof(struct in6_addr)];

	if (place >= strlen(places))
		return false;
	if (!len || places[place] == 'f')
		return true;
	if (places[place] == 'n')
		return !number_read(word, len, 10, &n);
	if (len >= sizeof(text))
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	return inet_pton(AF_INET, text, address) == 1 ||
	       inet_pton(AF_INET6, text, address) == 1;
}

/* Parse the arguments of an interface: words such as "bootp" and "speed=auto", and addresses
 * in their places. Return the part that is no such argument, or NULL. */
static const char *path_parse_net_arguments(const char *args)
{
	size_t place = 0;

	while (*args) {
		size_t len = strcspn(args, ",");

		if (!path_is_net_word(args, len) &&
		    !path_is_net_place(args, len, place++))
			return args;
		args += len + (args[len] == ',');
	}
	return NULL;
}

/* Parse [PARTITION][,FILE], or a file that begins with a backslash. A partition in GRUB's form
 * is no file. Return -EINVAL if the partition's number is too large. */
static int path_parse_disk_arguments(struct path *path)
{
	const char *p = path->args;
	uint64_t n = 0;

	for (; *p >= '0' && *p <= '9'; p++)
		if (n <= UINT32_MAX)
			n = 10 * n + (uint64_t)(*p - '0');
	p += *p == ',' && path_grub_partition(p + 1, strlen(p + 1));
	path->is_disk = !*p || *p == ',' || (p == path->args && *p == '\\');
	path->disk_rest = path->is_disk ? NULL : p;
	if (!path->is_disk || path->has_grub_partition)
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
			text = path_append_fabrics(&out, path, &c, text + 1);
		else if (len)
			path_append_component(&out, path, &c);
	}
	if (*text == ':')
		path->args = text + 1;
	path->net_rest = path_parse_net_arguments(path->args);
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

/* Copy a text without the backslashes that GRUB writes before a comma. Arguments stay as they
 * are. */
static int path_unescape(const char *text, size_t len, char *plain, size_t size)
{
	size_t n = 0, device = strcspn(text, ":");

	for (size_t i = 0; i < len; i++) {
		size_t escapes = i < device ? strspn(text + i, "\\") : 0;

		if (escapes && text[i + escapes] == ',')
			i += escapes;
		if (i >= len)
			break;
		if (n + 1 >= size)
			return -EINVAL;
		plain[n++] = text[i];
	}
	plain[n] = '\0';
	return 0;
}

int path_plain(const char *text, char *plain, size_t size, bool *is_grub)
{
	static const char prefix[] = "ieee1275/";
	const char *end = *text == '(' ? strchr(text, ')') : NULL;
	size_t len;

	/* "(DEVICE)/FILE" */
	if (end && end[1] && end[1] != '/')
		return -EINVAL;
	text += end != NULL;
	*is_grub = !strncmp(text, prefix, strlen(prefix));
	if (*is_grub)
		text += strlen(prefix);
	len = end ? (size_t)(end - text) : strlen(text);
	return path_unescape(text, len, plain, size);
}

bool ofp_equal(const char *one, const char *other)
{
	char plain[OFP_PATH_MAX], plain_other[OFP_PATH_MAX];
	struct path a, b;
	bool is_grub;

	return !path_plain(one, plain, sizeof(plain), &is_grub) &&
	       !path_plain(other, plain_other, sizeof(plain_other), &is_grub) &&
	       !path_parse(plain, &a) && !path_parse(plain_other, &b) &&
	       !strcmp(a.key, b.key) && a.has_partition == b.has_partition &&
	       (!a.has_partition || a.partition == b.partition);
}
