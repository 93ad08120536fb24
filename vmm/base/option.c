// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/option.h"

const char *option_get(const struct papr_option *options, size_t n, const char *name)
{
	const char *value = NULL;

	for (size_t i = 0; i < n; i++)
		if (!strcmp(options[i].name, name))
			value = options[i].value ? options[i].value : "";
	return value;
}

/* Read digits in any C base at *text, and move *text to the end of them. */
static bool read_digits(const char **text, unsigned long long *value)
{
	char *end;

	if (!isdigit((unsigned char)**text))
		return false;

	errno = 0;
	*value = strtoull(*text, &end, 0);
	*text = end;
	return !errno;
}

int option_u32(const struct papr_option *options, size_t n, const char *name,
	       uint32_t max, uint32_t *value, struct papr_error *error)
{
	const char *text = option_get(options, n, name);
	unsigned long long read;

	if (!text)
		return 0;
	if (!read_digits(&text, &read) || *text)
		return papr_fail(error, -EINVAL, "Parameter '%s' expects a number", name);
	if (read > max)
		return papr_fail(error, -EINVAL,
				 "Property '%s' doesn't take value %llu (maximum: %u)",
				 name, read, (unsigned int)max);
	*value = (uint32_t)read;
	return 0;
}

int option_number(const struct papr_option *options, size_t n, const char *name,
		  const char *type, uint32_t max, uint32_t *value,
		  struct papr_error *error)
{
	const char *text = option_get(options, n, name);
	unsigned long long read;
	char *end;

	if (!text)
		return 0;

	errno = 0;
	read = strtoull(text, &end, 0);
	if (!isdigit((unsigned char)text[*text == '-']) || *end)
		return papr_fail(error, -EINVAL, "Parameter '%s' expects integer", name);
	if (errno || *text == '-' || read > max)
		return papr_fail(error, -EINVAL, "Parameter '%s' expects %s", name, type);
	*value = (uint32_t)read;
	return 0;
}

int option_s32(const struct papr_option *options, size_t n, const char *name,
	       int32_t *value, struct papr_error *error)
{
	const char *text = option_get(options, n, name);
	unsigned long long read;
	bool minus;

	if (!text)
		return 0;

	minus = *text == '-';
	text += minus;
	if (!read_digits(&text, &read) || *text || read > INT32_MAX)
		return papr_fail(error, -EINVAL, "Parameter '%s' expects a number", name);
	*value = minus ? -(int32_t)read : (int32_t)read;
	return 0;
}

/* Return the number of bits to shift by for a unit, or -1 if it is unknown. */
static int unit_shift(char letter)
{
	static const char units[] = "BKMGTP";
	const char *at = strchr(units, toupper((unsigned char)letter));

	return letter && at ? 10 * (int)(at - units) : -1;
}

int option_size(const struct papr_option *options, size_t n, const char *name,
		uint64_t *value, struct papr_error *error)
{
	const char *text = option_get(options, n, name);
	unsigned long long read;
	int shift = 0;

	if (!text)
		return 0;
	if (!read_digits(&text, &read))
		return papr_fail(error, -EINVAL, "Parameter '%s' expects a size", name);
	if (*text) {
		shift = unit_shift(*text++);
		if (shift > 0 && unit_shift(*text) == 0)
			text++;
	}
	if (shift < 0 || *text || (shift && read >> (64 - shift)))
		return papr_fail(error, -EINVAL, "Parameter '%s' expects a size", name);
	*value = (uint64_t)read << shift;
	return 0;
}

static bool is_one_of(const char *text, const char *const *words)
{
	while (*words && strcmp(text, *words))
		words++;
	return *words;
}

int option_bool(const struct papr_option *options, size_t n, const char *name,
		bool *value, struct papr_error *error)
{
	static const char *const yes[] = { "on", "yes", "true", "y", NULL };
	static const char *const no[] = { "off", "no", "false", "n", NULL };
	const char *text = option_get(options, n, name);

	if (!text)
		return 0;
	if (!is_one_of(text, yes) && !is_one_of(text, no))
		return papr_fail(error, -EINVAL, "Parameter '%s' expects 'on' or 'off'",
				 name);
	*value = is_one_of(text, yes);
	return 0;
}

static int hex_digit(char c)
{
	static const char digits[] = "0123456789abcdef";
	const char *at = c ? strchr(digits, tolower((unsigned char)c)) : NULL;

	return at ? (int)(at - digits) : -1;
}

static bool read_uuid(const char *text, uint8_t uuid[16])
{
	unsigned int nibbles = 0;

	if (strlen(text) != 36)
		return false;

	for (int i = 0; i < 36; i++) {
		int digit = hex_digit(text[i]);

		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text[i] != '-')
				return false;
			continue;
		}
		if (digit < 0)
			return false;
		uuid[nibbles / 2] = (uint8_t)(uuid[nibbles / 2] << 4 | digit);
		nibbles++;
	}

	return true;
}

int option_uuid(const struct papr_option *options, size_t n, const char *name,
		uint8_t uuid[16], bool *given, struct papr_error *error)
{
	const char *text = option_get(options, n, name);
	uint8_t read[16] = { 0 };

	*given = text;
	if (!text)
		return 0;
	if (!read_uuid(text, read))
		return papr_fail(error, -EINVAL, "Parameter '%s' expects UUID", name);
	memcpy(uuid, read, sizeof(read));
	return 0;
}

int option_check_names(const struct papr_option *options, size_t n, const char *driver,
		       const char *const *names, struct papr_error *error)
{
	static const char *const always[] = { "driver", "id", NULL };

	for (size_t i = 0; i < n; i++)
		if (!is_one_of(options[i].name, names) &&
		    !is_one_of(options[i].name, always))
			return papr_fail(error, -EINVAL, "Property '%s.%s' not found",
					 driver, options[i].name);
	return 0;
}
