// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/json_parse.h"
#include "vmm/server/mutf8.h"

enum { MAX_ERROR = 1023 }; /* bytes after "JSON parse error, " */

struct parser {
	const char *token; /* the next one */
	size_t n;	   /* remaining ones */
	char *error;
};

static const char *const no_memory = "out of memory";

/* Set the error text, unless there is one. Return false. */
static bool fail(struct parser *p, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static bool fail(struct parser *p, const char *format, ...)
{
	char text[MAX_ERROR + 1];
	va_list ap;

	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	if (!p->error && asprintf(&p->error, "JSON parse error, %s", text) < 0)
		p->error = NULL;
	return false;
}

/* Return the first byte of the next token: its kind. 0: no token remains. */
static char peek(const struct parser *p)
{
	return p->n ? *p->token : 0;
}

static const char *take(struct parser *p)
{
	const char *token = p->token;

	p->token += strlen(token) + 1;
	p->n--;
	return token;
}

/* Take the next token if it is this one. */
static bool take_if(struct parser *p, char kind)
{
	if (peek(p) != kind)
		return false;
	take(p);
	return true;
}

/* ---- Strings --------------------------------------------------------------------------- */

/* Return the value of four digits, or -1. */
static int hex4(const char *text)
{
	char digits[5] = { 0 };

	for (int i = 0; i < 4; i++) {
		if (!isxdigit((unsigned char)text[i]))
			return -1;
		digits[i] = text[i];
	}
	return (int)strtol(digits, NULL, 16);
}

/* Return the character of "uXXXX", which may be two halves of one. *len receives the bytes
 * that belong to it. */
static int unicode_escape(const char *text, size_t *len)
{
	int c = hex4(text + 1), low;

	*len = 5;
	if (c < 0xd800 || c > 0xdbff || text[5] != '\\' || text[6] != 'u')
		return c;
	low = hex4(text + 7);
	if (low < 0xdc00 || low > 0xdfff)
		return -1;
	*len = 11;
	return 0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff));
}

/* Append the character of an escape sequence. */
static bool escape(struct parser *p, const char **text, char **out)
{
	static const char names[] = "\"'\\/bfnrt", bytes[] = "\"'\\/\b\f\n\r\t";
	const char *name = strchr(names, **text);
	size_t len, n;
	int c;

	if (name && *name) {
		*(*out)++ = bytes[name - names];
		++*text;
		return true;
	}
	if (**text != 'u')
		return fail(p, "invalid escape sequence in string");
	c = unicode_escape(*text, &len);
	n = mutf8_encode(c, *out);
	if (!n)
		return fail(p, "%.*s is not a valid Unicode character", (int)len + 1,
			    *text - 1);
	*out += n;
	*text += len;
	return true;
}

/* Append a character that is not escaped. */
static bool character(struct parser *p, const char **text, char **out)
{
	size_t len;

	if (mutf8_decode(*text, &len) < 0)
		return fail(p, "invalid UTF-8 sequence in string");
	memcpy(*out, *text, len);
	*out += len;
	*text += len;
	return true;
}

/* Decode the string. The result is not longer than the token. */
static bool decode(struct parser *p, const char *token, char *out, size_t *len)
{
	const char *text = token + 1;
	char *to = out;
	bool ok = true;

	while (ok && *text != *token) {
		if (*text != '\\') {
			ok = character(p, &text, &to);
		} else {
			text++;
			ok = escape(p, &text, &to);
		}
	}
	*len = (size_t)(to - out);
	return ok;
}

static bool parse_string(struct parser *p, json_object **value)
{
	const char *token = take(p);
	char *text = malloc(strlen(token));
	bool ok;
	size_t len;

	if (!text)
		return fail(p, "%s", no_memory);
	ok = decode(p, token, text, &len);
	if (ok)
		*value = json_object_new_string_len(text, (int)len);
	free(text);
	return ok;
}

/* ---- Other values ------------------------------------------------------------------------ */

static bool parse_value(struct parser *p, json_object **value);

static bool parse_word(struct parser *p, json_object **value)
{
	const char *word = take(p);
	bool is_true = !strcmp(word, "true");

	if (is_true || !strcmp(word, "false"))
		*value = json_object_new_boolean(is_true);
	else if (strcmp(word, "null") != 0)
		return fail(p, "invalid keyword '%s'", word);
	return true;
}

static bool parse_number(struct parser *p, json_object **value)
{
	const char *word = take(p);
	bool is_integer = !strpbrk(word, ".eE");
	long long number;

	errno = 0;
	number = strtoll(word, NULL, 10);
	if (is_integer && !errno) {
		*value = json_object_new_int64(number);
		return true;
	}
	if (is_integer && *word != '-') {
		unsigned long long positive;

		errno = 0;
		positive = strtoull(word, NULL, 10);
		if (!errno) {
			*value = json_object_new_uint64(positive);
			return true;
		}
	}
	*value = json_object_new_double(strtod(word, NULL));
	return true;
}

/* Parse the value of a key, and add it. */
static bool parse_member(struct parser *p, const char *key, json_object *object)
{
	json_object *value = NULL;

	if (!take_if(p, ':'))
		return fail(p, "missing : in object pair");
	if (!parse_value(p, &value))
		return false;
	if (json_object_object_get_ex(object, key, NULL)) {
		json_object_put(value);
		return fail(p, "duplicate key");
	}
	json_object_object_add(object, key, value);
	return true;
}

static bool parse_pair(struct parser *p, json_object *object)
{
	json_object *key = NULL;
	bool ok = parse_value(p, &key);

	if (ok && !json_object_is_type(key, json_type_string))
		ok = fail(p, "key is not a string in object");
	ok = ok && parse_member(p, json_object_get_string(key), object);
	json_object_put(key);
	return ok;
}

static bool parse_object(struct parser *p, json_object **value)
{
	take(p);
	*value = json_object_new_object();
	if (take_if(p, '}'))
		return true;
	while (parse_pair(p, *value)) {
		if (take_if(p, '}'))
			return true;
		if (!take_if(p, ','))
			return fail(p, "expected separator in dict");
	}
	return false;
}

static bool parse_array(struct parser *p, json_object **value)
{
	json_object *element = NULL;

	take(p);
	*value = json_object_new_array();
	if (take_if(p, ']'))
		return true;
	while (parse_value(p, &element)) {
		json_object_array_add(*value, element);
		element = NULL;
		if (take_if(p, ']'))
			return true;
		if (!take_if(p, ','))
			return fail(p, "expected separator in list");
	}
	return false;
}

/* Parse a value. If that fails, *value is NULL. */
static bool parse_value(struct parser *p, json_object **value)
{
	char kind = peek(p);
	bool ok;

	if (kind == '{')
		ok = parse_object(p, value);
	else if (kind == '[')
		ok = parse_array(p, value);
	else if (kind == '"' || kind == '\'')
		ok = parse_string(p, value);
	else if (kind == '-' || (kind >= '0' && kind <= '9'))
		ok = parse_number(p, value);
	else if (kind >= 'a' && kind <= 'z')
		ok = parse_word(p, value);
	else
		ok = fail(p, "expecting value");
	if (!ok) {
		json_object_put(*value);
		*value = NULL;
	}
	return ok;
}

char *json_parse(const char *tokens, size_t n, json_object **value)
{
	struct parser p = { .token = tokens, .n = n };

	*value = NULL;
	if (!parse_value(&p, value) && !p.error)
		p.error = strdup(no_memory);
	return p.error;
}
