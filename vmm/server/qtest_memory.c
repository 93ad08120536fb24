// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory, as on a bus: addresses without memory read as zeroes and ignore writes. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/keyval.h"
#include "vmm/server/qtest_command.h"
#include "wire/builder.h"
#include "wire/cursor.h"

static void bus_read(const struct host *host, uint64_t address, uint8_t *buf, size_t len)
{
	while (len) {
		bool is_memory;
		size_t run = host_memory_run(host, address, len, &is_memory);

		if (!is_memory || host_read(host, address, buf, run))
			memset(buf, 0, run);
		address += run;
		buf += run;
		len -= run;
	}
}

static void bus_write(struct host *host, uint64_t address, const uint8_t *buf, size_t len)
{
	while (len) {
		bool is_memory;
		size_t run = host_memory_run(host, address, len, &is_memory);

		if (is_memory)
			host_write(host, address, buf, run);
		address += run;
		buf += run;
		len -= run;
	}
}

/* Limit for memset, to protect the host's memory. */
#define MAX_FILL (UINT64_C(1) << 30)

/* Parse a word as a number. Return false, with a FAIL answer, if it is not one. */
static bool take_number(struct qtest_command *c, unsigned int word, uint64_t *out)
{
	if (!word_u64(c->words[word], out))
		return true;
	qtest_fail(c, "'%s' is not a number", c->words[word]);
	return false;
}

/* Parse "COMMAND ADDRESS LENGTH" and allocate a buffer of that length, plus one byte.
 * Return NULL if a FAIL answer was given. */
static uint8_t *take_range(struct qtest_command *c, uint64_t *address, size_t *len)
{
	uint64_t bytes;
	uint8_t *buf;

	if (!take_number(c, 1, address) || !take_number(c, 2, &bytes))
		return NULL;
	if (!bytes || bytes > QTEST_MAX_BYTES || bytes > UINT64_MAX - *address) {
		qtest_fail(c, "%" PRIu64 " bytes are %s", bytes,
			   bytes ? "too many" : "too few");
		return NULL;
	}
	buf = calloc(1, (size_t)bytes + 1);
	if (!buf)
		qtest_fail(c, "out of memory");
	*len = (size_t)bytes;
	return buf;
}

/* ---- Hexadecimal ----------------------------------------------------------------------- */

static int put_hex(struct buffer *out, const uint8_t *bytes, size_t n)
{
	static const char digits[] = "0123456789abcdef";
	char *to = (char *)buffer_room(out, 2 * n);

	if (!to)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++) {
		*to++ = digits[bytes[i] >> 4];
		*to++ = digits[bytes[i] & 15];
	}
	buffer_added(out, 2 * n);
	return 0;
}

int qtest_read(struct qtest_command *c)
{
	uint64_t address;
	size_t len;
	uint8_t *buf = take_range(c, &address, &len);
	int err;

	if (!buf)
		return 0;
	bus_read(c->host, address, buf, len);
	err = qtest_ok(c, "0x");
	if (!err)
		err = put_hex(c->answer, buf, len);
	free(buf);
	return err;
}

int qtest_write(struct qtest_command *c)
{
	const char *data = c->words[3];
	uint64_t address;
	size_t len;
	uint8_t *buf = take_range(c, &address, &len);
	int err;

	if (!buf)
		return 0;
	if (data[0] != '0' || data[1] != 'x')
		err = qtest_fail(c, "data do not begin with 0x");
	else if (word_hex(data + 2, buf, len) < 0) /* missing digits leave zeroes */
		err = qtest_fail(c, "data are not pairs of hexadecimal digits");
	else {
		bus_write(c->host, address, buf, len);
		err = qtest_ok(c, "%s", "");
	}
	free(buf);
	return err;
}

/* ---- Words ---------------------------------------------------------------------------------- */

/* Return the word size, by the last letter of the command: b, w, l, q. */
static size_t word_bytes(const struct qtest_command *c)
{
	switch (c->words[0][strlen(c->words[0]) - 1]) {
	case 'b':
		return 1;
	case 'w':
		return 2;
	case 'l':
		return 4;
	default:
		return 8;
	}
}

int qtest_read_word(struct qtest_command *c)
{
	uint8_t bytes[8] = { 0 };
	size_t size = word_bytes(c);
	uint64_t address;
	struct cursor from;

	if (!take_number(c, 1, &address))
		return 0;
	bus_read(c->host, address, bytes + sizeof(bytes) - size, size);
	from = cursor_of(bytes, sizeof(bytes));
	return qtest_ok(c, "0x%016" PRIx64, cursor_be64(&from));
}

int qtest_write_word(struct qtest_command *c)
{
	uint8_t bytes[8];
	struct builder to = builder_of(bytes, sizeof(bytes));
	size_t size = word_bytes(c);
	uint64_t address, value;

	if (!take_number(c, 1, &address) || !take_number(c, 2, &value))
		return 0;
	builder_be64(&to, value);
	bus_write(c->host, address, bytes + sizeof(bytes) - size, size);
	return qtest_ok(c, "%s", "");
}

int qtest_memset(struct qtest_command *c)
{
	uint64_t address, len, byte;
	uint8_t chunk[4096];
	size_t n;

	if (!take_number(c, 1, &address) || !take_number(c, 2, &len) ||
	    !take_number(c, 3, &byte))
		return 0;
	if (byte > UINT8_MAX)
		return qtest_fail(c, "%" PRIu64 " is not a byte", byte);
	if (len > MAX_FILL || len > UINT64_MAX - address)
		return qtest_fail(c, "%" PRIu64 " bytes are too many", len);
	memset(chunk, (int)byte, sizeof(chunk));
	for (; len; len -= n, address += n) {
		n = len < sizeof(chunk) ? (size_t)len : sizeof(chunk);
		bus_write(c->host, address, chunk, n);
	}
	return qtest_ok(c, "%s", "");
}
