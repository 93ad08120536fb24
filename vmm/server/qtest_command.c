// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/keyval.h"
#include "vmm/server/qtest_command.h"

static int answer(struct qtest_command *c, const char *result, const char *format,
		  va_list ap) __attribute__((format(printf, 3, 0)));

static int answer(struct qtest_command *c, const char *result, const char *format,
		  va_list ap)
{
	char *text;
	int err = vasprintf(&text, format, ap) < 0 ? -ENOMEM : 0;

	if (err)
		return err;
	err = buffer_put(c->answer, result, strlen(result));
	if (!err && *text)
		err = buffer_put(c->answer, " ", 1);
	if (!err)
		err = buffer_put(c->answer, text, strlen(text));
	free(text);
	return err;
}

/* Answer OK with values; with an empty format, without values. */
int qtest_ok(struct qtest_command *c, const char *format, ...)
{
	va_list ap;
	int err;

	va_start(ap, format);
	err = answer(c, "OK", format, ap);
	va_end(ap);
	return err;
}

int qtest_fail(struct qtest_command *c, const char *format, ...)
{
	va_list ap;
	int err;

	va_start(ap, format);
	err = answer(c, "FAIL", format, ap);
	va_end(ap);
	return err;
}

/* Parse the words from `first` to the last as numbers, in C's base 0. Negative numbers
 * wrap around. Return false, with a FAIL answer, if a word is not a number. */
static bool take_numbers(struct qtest_command *c, unsigned int first, uint64_t *out)
{
	for (unsigned int i = first; i < c->n; i++) {
		bool negative = *c->words[i] == '-';

		if (word_u64(c->words[i] + negative, &out[i - first])) {
			qtest_fail(c, "'%s' is not a number", c->words[i]);
			return false;
		}
		if (negative)
			out[i - first] = -out[i - first];
	}
	return true;
}

/* ---- Calls of the guest ---------------------------------------------------------------- */

static int run_rtas(struct qtest_command *c)
{
	uint64_t n[QTEST_WORDS] = { 0 };
	int64_t status;
	char *name = c->words[1];

	/* "rtas NAME NARGS ARGS NRET RETS" */
	if (!take_numbers(c, 2, n))
		return 0;
	if (n[0] > UINT32_MAX || n[2] > UINT32_MAX)
		return qtest_fail(c, "too many arguments");
	status = papr_vmm_rtas_at(c->host->vmm, 0, name, (uint32_t)n[0], n[1],
				  (uint32_t)n[2], n[3]);
	return qtest_ok(c, "%" PRIu64, (uint64_t)status);
}

static int run_hcall(struct qtest_command *c)
{
	uint64_t n[QTEST_WORDS] = { 0 };
	int64_t r3;

	if (!take_numbers(c, 1, n))
		return 0;
	r3 = papr_vmm_hcall(c->host->vmm, 0, n[0], n + 1);
	return qtest_ok(c,
			"0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64
			" 0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64,
			(uint64_t)r3, n[1], n[2], n[3], n[4], n[5], n[6]);
}

static int run_epapr(struct qtest_command *c)
{
	uint64_t n[QTEST_WORDS] = { 0 };
	struct papr_epapr exit_record = { .size = sizeof(struct papr_epapr) };
	uint64_t *r4 = &exit_record.args[1];

	if (!take_numbers(c, 1, n))
		return 0;
	exit_record.nr = n[0];
	memcpy(exit_record.args, n + 1, sizeof(exit_record.args));
	papr_vmm_epapr(c->host->vmm, 0, &exit_record, true);
	return qtest_ok(c,
			"0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64
			" 0x%016" PRIx64 " 0x%016" PRIx64 " 0x%016" PRIx64
			" 0x%016" PRIx64,
			exit_record.ret, r4[0], r4[1], r4[2], r4[3], r4[4], r4[5], r4[6]);
}

static int run_endianness(struct qtest_command *c)
{
	return qtest_ok(c, "big");
}

/* ---- Lines ---------------------------------------------------------------------------------- */

// clang-format off
static const struct row {
	const char *name;
	unsigned int min, max; /* number of words after the name */
	int (*run)(struct qtest_command *c);
} rows[] = {
	{ "endianness", 0, 0,  run_endianness },
	{ "epapr",      1, 9,  run_epapr },
	{ "hcall",      1, 10, run_hcall },
	{ "memset",     3, 3,  qtest_memset },
	{ "read",       2, 2,  qtest_read },
	{ "readb",      1, 1,  qtest_read_word },
	{ "readl",      1, 1,  qtest_read_word },
	{ "readq",      1, 1,  qtest_read_word },
	{ "readw",      1, 1,  qtest_read_word },
	{ "rtas",       5, 5,  run_rtas },
	{ "write",      3, 3,  qtest_write },
	{ "writeb",     2, 2,  qtest_write_word },
	{ "writel",     2, 2,  qtest_write_word },
	{ "writeq",     2, 2,  qtest_write_word },
	{ "writew",     2, 2,  qtest_write_word },
};
// clang-format on

/* Split the line into words. Return false if it has more words than any command. */
static bool split(struct qtest_command *c, char *line)
{
	char *word;

	while ((word = strsep(&line, " "))) {
		if (c->n == QTEST_WORDS)
			return false;
		c->words[c->n++] = word;
	}
	return true;
}

int qtest_run(struct host *host, char *line, struct buffer *answer_to)
{
	struct qtest_command c = { .host = host, .answer = answer_to };
	const struct row *row = NULL;

	if (!split(&c, line))
		return qtest_fail(&c, "too many words");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].name, c.words[0]))
			row = &rows[i];
	if (!row)
		return qtest_fail(&c, "Unknown command '%s'", c.words[0]);
	if (c.n - 1 < row->min || c.n - 1 > row->max)
		return qtest_fail(&c, "%s takes %u%s words", row->name, row->max,
				  row->min < row->max ? " or fewer" : "");
	return row->run(&c);
}
