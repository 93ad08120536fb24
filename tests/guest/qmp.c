// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "qmp.h"

/* The reply to the negotiation. Clients' ids are not 0. */
#define NEGOTIATION_ID 0

void qmp_open(struct qmp *q, int fd)
{
	*q = (struct qmp){ .fd = fd };
	fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
	/* Nothing in the greeting is needed. */
	qmp_send(q, NEGOTIATION_ID, "qmp_capabilities", NULL);
}

void qmp_close(struct qmp *q)
{
	if (q->fd >= 0)
		close(q->fd);
	bytes_free(&q->in);
	bytes_free(&q->out);
	q->fd = -1;
	q->ready = false;
}

void qmp_send(struct qmp *q, uint32_t id, const char *command, json_object *arguments)
{
	json_object *json = json_object_new_object();
	const char *text;

	json_object_object_add(json, "execute", json_object_new_string(command));
	json_object_object_add(json, "id", json_object_new_int64(id));
	if (arguments)
		json_object_object_add(json, "arguments", json_object_get(arguments));

	text = json_object_to_json_string_ext(json, JSON_C_TO_STRING_PLAIN);
	bytes_append(&q->out, text, strlen(text));
	bytes_append(&q->out, "\n", 1);
	json_object_put(json);
}

ssize_t qmp_fill(struct qmp *q)
{
	const size_t chunk = 65536;
	ssize_t n = read(q->fd, bytes_room(&q->in, chunk), chunk);

	if (n < 0)
		return -errno;

	bytes_added(&q->in, n);
	return n;
}

/* The greeting and the reply to the negotiation are not for clients. */
static bool is_ours(struct qmp *q, json_object *json)
{
	json_object *value;

	if (json_object_object_get_ex(json, "QMP", &value))
		return true;
	if (!json_object_object_get_ex(json, "id", &value) ||
	    json_object_get_int64(value) != NEGOTIATION_ID)
		return false;

	q->ready = true;
	return true;
}

json_object *qmp_next(struct qmp *q)
{
	const uint8_t *end;

	while (q->in.len && (end = memchr(q->in.data, '\n', q->in.len))) {
		char *line = (char *)q->in.data;
		size_t len = end - (const uint8_t *)line;
		json_object *json;

		line[len] = '\0';
		json = json_tokener_parse(line);
		if (!json)
			warnx("not JSON from QMP: %s", line);
		bytes_drop(&q->in, len + 1);

		if (json && !is_ours(q, json))
			return json;
		json_object_put(json);
	}
	return NULL;
}

int qmp_flush(struct qmp *q)
{
	while (q->out.len) {
		ssize_t n = write(q->fd, q->out.data, q->out.len);

		if (n < 0)
			return errno == EAGAIN ? 0 : -errno;
		bytes_drop(&q->out, n);
	}
	return 0;
}
