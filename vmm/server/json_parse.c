// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_feed.h"
#include "vmm/server/utf8.h"

struct parser {
	const char *text;
	const struct json_token *next, *end;
	char **words;
};

static int parse_value(struct parser *p, json_object **out);

static int fail(struct parser *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static int fail(struct parser *p, const char *format, ...)
{
	char what[128];
	va_list ap;

	va_start(ap, format);
	vsnprintf(what, sizeof(what), format, ap);
	va_end(ap);
	if (asprintf(p->words, "JSON parse error, %s", what) < 0)
		*p->words = NULL;
	return -EINVAL;
}

/* Is the next token this one? Then it is taken. */
static bool take(struct parser *p, char c)
{
	if (p->next == p->end || p->next->type != JSON_TOKEN_PUNCTUATION ||
	    p->text[p->next->start] != c)
		return false;
	p->next++;
	return true;
}

/* ---- Strings ------------------------------------------------------------------------ */

/* The four digits behind "\u"; -1. */
static int32_t hex4(const char *p, const char *end)
{
	static const char digits[] = "0123456789abcdef";
	int32_t value = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)p[i]))
			return -1;
		value = value << 4 |
			(int32_t)(strchr(digits, tolower((unsigned char)p[i])) - digits);
	}
	return value;
}

/* *from is behind "\u"; it moves behind the number, or the two of a surrogate pair. */
static int parse_unicode(struct parser *p, const char **from, const char *end, char **to)
{
	const char *digits = *from;
	int32_t code = hex4(digits, end), low = -1;

	*from += 4;
	if (code >= 0xd800 && code <= 0xdbff && end - *from > 2 && (*from)[0] == '\\' &&
	    (*from)[1] == 'u')
		low = hex4(*from + 2, end);
	if (low >= 0xdc00 && low <= 0xdfff) {
		code = 0x10000 + ((code & 0x3ff) << 10 | (low & 0x3ff));
		*from += 6;
	}
	if (code < 0 || !utf8_is_character((uint32_t)code))
		return fail(p, "\\u%.*s is not a valid Unicode character",
			    end - digits < 4 ? (int)(end - digits) : 4, digits);
	*to += utf8_encode((uint32_t)code, *to);
	return 0;
}

/* *from is behind the backslash. */
static int parse_escape(struct parser *p, const char **from, const char *end, char **to)
{
	static const char names[] = "\"'\\/bfnrt", means[] = "\"'\\/\b\f\n\r\t";
	const char *at;
	char c = *(*from)++;

	if (c == 'u')
		return parse_unicode(p, from, end, to);
	at = c ? strchr(names, c) : NULL;
	if (!at)
		return fail(p, "invalid escape sequence in string");
	*(*to)++ = means[at - names];
	return 0;
}

/* The text of a string token into out, which is as large as the token. */
static int unquote(struct parser *p, const struct json_token *token, char *out,
		   size_t *len)
{
	const char *from = p->text + token->start + 1,
		   *end = p->text + token->start + token->len - 1;
	char *to = out;
	int err = 0;

	while (from < end && !err) {
		size_t n;

		if (*from == '\\') {
			from++;
			err = parse_escape(p, &from, end, &to);
			continue;
		}
		if (utf8_decode((const uint8_t *)from, (size_t)(end - from), &n) < 0)
			return fail(p, "invalid UTF-8 sequence in string");
		memcpy(to, from, n);
		to += n;
		from += n;
	}
	*len = (size_t)(to - out);
	*to = '\0';
	return err;
}

/* *out is malloc'ed. */
static int parse_text(struct parser *p, char **out, size_t *len)
{
	const struct json_token *token = p->next++;
	int err;

	*out = malloc(token->len);
	if (!*out)
		return -ENOMEM;
	err = unquote(p, token, *out, len);
	if (err) {
		free(*out);
		*out = NULL;
	}
	return err;
}

static int parse_string(struct parser *p, json_object **out)
{
	size_t len;
	char *text;
	int err = parse_text(p, &text, &len);

	if (err)
		return err;
	*out = json_object_new_string_len(text, (int)len);
	free(text);
	return *out ? 0 : -ENOMEM;
}

/* ---- Other values ---------------------------------------------------------------------- */

static int parse_number(struct parser *p, json_object **out)
{
	const struct json_token *token = p->next++;
	char text[512];
	bool whole;
	double real;

	if (token->len >= sizeof(text))
		return fail(p, "number too long");
	memcpy(text, p->text + token->start, token->len);
	text[token->len] = '\0';
	whole = !strpbrk(text, ".eE");
	errno = 0;
	if (whole && *text == '-')
		*out = json_object_new_int64(strtoll(text, NULL, 10));
	else if (whole)
		*out = json_object_new_uint64(strtoull(text, NULL, 10));
	if (whole && !errno)
		return *out ? 0 : -ENOMEM;
	json_object_put(*out);
	*out = NULL;
	real = strtod(text, NULL);
	if (!isfinite(real))
		return fail(p, "number out of range");
	*out = json_object_new_double(real);
	return *out ? 0 : -ENOMEM;
}

static int parse_keyword(struct parser *p, json_object **out)
{
	const struct json_token *token = p->next++;
	const char *word = p->text + token->start;
	bool yes = token->len == 4 && !memcmp(word, "true", 4);

	if (token->len == 4 && !memcmp(word, "null", 4)) {
		*out = NULL;
		return 0;
	}
	if (!yes && (token->len != 5 || memcmp(word, "false", 5) != 0))
		return fail(p, "invalid keyword '%.*s'", (int)token->len, word);
	*out = json_object_new_boolean(yes);
	return *out ? 0 : -ENOMEM;
}

static int parse_array(struct parser *p, json_object *array)
{
	if (take(p, ']'))
		return 0;
	do {
		json_object *value = NULL;
		int err = parse_value(p, &value);

		if (err)
			return err;
		if (json_object_array_add(array, value)) {
			json_object_put(value);
			return -ENOMEM;
		}
		if (take(p, ']'))
			return 0;
	} while (take(p, ','));
	return fail(p, "expected separator in list");
}

/* A key that is no string is read as a value first: that may be what is wrong. */
static int parse_key(struct parser *p, char **key)
{
	json_object *value = NULL;
	size_t len;
	int err;

	if (p->next != p->end && p->next->type == JSON_TOKEN_STRING)
		return parse_text(p, key, &len);
	err = parse_value(p, &value);
	json_object_put(value);
	return err ? err : fail(p, "key is not a string in object");
}

static int parse_member(struct parser *p, json_object *object)
{
	json_object *value = NULL;
	char *key = NULL;
	int err = parse_key(p, &key);

	if (!err && !take(p, ':'))
		err = fail(p, "missing : in object pair");
	if (!err)
		err = parse_value(p, &value);
	if (!err && json_object_object_get_ex(object, key, NULL))
		err = fail(p, "duplicate key");
	if (!err && json_object_object_add(object, key, value))
		err = -ENOMEM;
	if (err)
		json_object_put(value);
	free(key);
	return err;
}

static int parse_object(struct parser *p, json_object *object)
{
	if (take(p, '}'))
		return 0;
	do {
		int err = parse_member(p, object);

		if (err)
			return err;
		if (take(p, '}'))
			return 0;
	} while (take(p, ','));
	return fail(p, "expected separator in dict");
}

static int parse_nested(struct parser *p, json_object **out, json_object *nested,
			int (*parse)(struct parser *p, json_object *nested))
{
	int err = nested ? parse(p, nested) : -ENOMEM;

	if (err)
		json_object_put(nested);
	else
		*out = nested;
	return err;
}

/* So deep as the feed lets tokens nest. */
static int parse_value(struct parser *p, json_object **out)
{
	if (p->next == p->end)
		return fail(p, "premature EOI");
	switch (p->next->type) {
	case JSON_TOKEN_STRING:
		return parse_string(p, out);
	case JSON_TOKEN_NUMBER:
		return parse_number(p, out);
	case JSON_TOKEN_KEYWORD:
		return parse_keyword(p, out);
	default:
		break;
	}
	if (take(p, '{'))
		return parse_nested(p, out, json_object_new_object(), parse_object);
	if (take(p, '['))
		return parse_nested(p, out, json_object_new_array(), parse_array);
	return fail(p, "expecting value");
}

int json_parse(const char *text, const struct json_token *tokens, size_t n,
	       json_object **value, char **words)
{
	struct parser p = {
		.text = text, .next = tokens, .end = tokens + n, .words = words
	};

	*value = NULL;
	return parse_value(&p, value);
}
