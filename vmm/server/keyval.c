// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/keyval.h"

/* End the value at the first single comma, and reduce each double comma to one. Return
 * the remaining text, or NULL. */
static char *cut_value(char *value)
{
	char *to = value, *from = value;

	for (; *from; from++) {
		if (*from == ',' && *++from != ',') {
			*to = '\0';
			return from;
		}
		*to++ = *from;
	}
	*to = '\0';
	return NULL;
}

/* Parse one option at *text, and advance *text to the remaining text. */
static void take_option(char **text, const char *implied, struct papr_option *out)
{
	char *word = *text, *value = word + strcspn(word, "=,");

	if (*value == '=') {
		*value++ = '\0';
		*text = cut_value(value);
		*out = (struct papr_option){ word, value };
		return;
	}
	*text = cut_value(word);
	if (implied)
		*out = (struct papr_option){ implied, word };
	else if (!strncmp(word, "no", 2) && word[2])
		*out = (struct papr_option){ word + 2, "off" };
	else
		*out = (struct papr_option){ word, "on" };
}

int keyval_parse(struct keyval *kv, const char *text, const char *implied)
{
	size_t most = 1;
	char *rest;

	for (const char *p = text; *p; p++)
		most += *p == ',';
	*kv = (struct keyval){ .text = strdup(text) };
	kv->options = calloc(most, sizeof(*kv->options));
	if (!kv->text || !kv->options)
		return -ENOMEM;

	for (rest = *text ? kv->text : NULL; rest && *rest; implied = NULL) {
		struct papr_option *option = &kv->options[kv->n++];

		take_option(&rest, implied, option);
		if (!*option->name)
			return -EINVAL;
	}
	return 0;
}

void keyval_free(struct keyval *kv)
{
	free(kv->options);
	free(kv->text);
	*kv = (struct keyval){ 0 };
}

const char *keyval_get(const struct keyval *kv, const char *name)
{
	for (size_t i = kv->n; i; i--)
		if (!strcmp(kv->options[i - 1].name, name))
			return kv->options[i - 1].value;
	return NULL;
}

bool keyval_put_first(struct keyval *kv, const char *name)
{
	for (size_t i = 0; i < kv->n; i++) {
		struct papr_option found = kv->options[i];

		if (strcmp(found.name, name))
			continue;
		memmove(kv->options + 1, kv->options, i * sizeof(*kv->options));
		kv->options[0] = found;
		return true;
	}
	return false;
}

int word_bool(const char *word, bool *out)
{
	static const char *const yes[] = { "on", "yes", "true", "y" }, *const no[] = {
		"off", "no", "false", "n"
	};

	for (size_t i = 0; i < sizeof(yes) / sizeof(*yes); i++) {
		if (!strcmp(word, yes[i]) || !strcmp(word, no[i])) {
			*out = !strcmp(word, yes[i]);
			return 0;
		}
	}
	return -EINVAL;
}

bool word_is_id(const char *word)
{
	return isalpha((unsigned char)*word) &&
	       !word[strspn(word, "abcdefghijklmnopqrstuvwxyz"
				  "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._")];
}

int word_u64(const char *word, uint64_t *out)
{
	char *end;

	if (!isdigit((unsigned char)*word))
		return -EINVAL; /* strtoull() accepts signs and blanks */
	errno = 0;
	*out = strtoull(word, &end, 0);
	return *end ? -EINVAL : -errno;
}

int word_u32(const char *word, uint32_t *out)
{
	uint64_t value;
	int err = word_u64(word, &value);

	if (!err && value > UINT32_MAX)
		err = -ERANGE;
	if (!err)
		*out = (uint32_t)value;
	return err;
}

static int digit_of(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : (c | 0x20) - 'a' + 10;
}

ssize_t word_hex(const char *word, uint8_t *out, size_t room)
{
	size_t len = strspn(word, "0123456789abcdefABCDEF");

	if (word[len] || len % 2)
		return -EINVAL;
	for (size_t i = 0; i < len / 2 && i < room; i++)
		out[i] =
			(uint8_t)(digit_of(word[2 * i]) << 4 | digit_of(word[2 * i + 1]));
	return (ssize_t)(len / 2);
}

static uint64_t suffix_unit(char suffix)
{
	static const char letters[] = "BKMGTPE";
	const char *at = suffix ? strchr(letters, toupper((unsigned char)suffix)) : NULL;

	return at ? UINT64_C(1) << 10 * (at - letters) : 0;
}

/* Convert the digits after the decimal point to a fraction of unit. *end points after
 * them. */
static uint64_t fraction(const char *digits, const char **end, uint64_t unit)
{
	long double sum = 0, place = 1;

	for (; isdigit((unsigned char)*digits); digits++)
		sum += (*digits - '0') * (place /= 10);
	*end = digits;
	return (uint64_t)(sum * (long double)unit);
}

int word_size(const char *word, uint64_t unit, uint64_t *out)
{
	uint64_t whole;
	const char *end;
	char *stop;

	if (!isdigit((unsigned char)*word))
		return -EINVAL;
	errno = 0;
	whole = strtoull(word, &stop, strncmp(word, "0x", 2) ? 10 : 16);
	if (errno)
		return -errno;
	for (end = stop; *end == '.' || isdigit((unsigned char)*end); end++)
		continue;
	if (*end) {
		unit = suffix_unit(*end);
		if (!unit || end[1])
			return -EINVAL;
	}
	if (__builtin_mul_overflow(whole, unit, out))
		return -ERANGE;
	if (*stop != '.')
		return 0;
	whole = fraction(stop + 1, &end, unit);
	if (*end && !suffix_unit(*end))
		return -EINVAL; /* a second decimal point */
	return __builtin_add_overflow(*out, whole, out) ? -ERANGE : 0;
}
