// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "proto.h"

void proto_put_u32(uint8_t out[4], uint32_t value)
{
	out[0] = value >> 24;
	out[1] = value >> 16;
	out[2] = value >> 8;
	out[3] = value;
}

int proto_take_u32(const uint8_t **p, size_t *len, uint32_t *value)
{
	const uint8_t *in = *p;

	if (*len < 4)
		return -EBADMSG;

	*value = (uint32_t)in[0] << 24 | in[1] << 16 | in[2] << 8 | in[3];
	*p += 4;
	*len -= 4;
	return 0;
}

int proto_split(const uint8_t *p, size_t len, char ***strings)
{
	char **vector;
	size_t at = 0;
	int n = 0;

	*strings = NULL;
	if (len && p[len - 1])
		return -EBADMSG;

	vector = calloc(PROTO_MAX_ARGS + 1, sizeof(*vector));
	if (!vector)
		err(EXIT_HARNESS, "%d arguments", PROTO_MAX_ARGS);

	while (at < len && n < PROTO_MAX_ARGS) {
		vector[n] = (char *)(uintptr_t)&p[at];
		at += strlen(vector[n++]) + 1;
	}
	if (at < len) {
		free(vector);
		return -EBADMSG;
	}
	*strings = vector;
	return n;
}
