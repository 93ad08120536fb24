// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/hmp.h"

struct hmp {
	struct host *host;
	struct stream *stream;
};

enum { MAX_LINE = 65536 };

static const char prompt[] = "(qemu) ";

struct stream *hmp_stream(const struct hmp *hmp)
{
	return hmp->stream;
}

static void hmp_greet(void *arg)
{
	struct hmp *hmp = arg;
	char text[128];
	int len =
		snprintf(text, sizeof(text),
			 "QEMU %u.%u.0 monitor - type 'help' for more information\r\n%s",
			 hmp->host->machine.major, hmp->host->machine.minor, prompt);

	stream_send(hmp->stream, text, (size_t)len);
}

/* Run one line, which ends with LF or CR. */
static void hmp_line(struct hmp *hmp, const uint8_t *bytes, size_t len)
{
	struct buffer out = { 0 };
	char *line = strndup((const char *)bytes, len);

	if (line)
		hmp_run(hmp->host, line, &out);
	host_settle(hmp->host);
	stream_send(hmp->stream, buffer_bytes(&out), out.len);
	stream_send(hmp->stream, prompt, strlen(prompt));
	buffer_free(&out);
	free(line);
}

static size_t hmp_take(void *arg, const uint8_t *bytes, size_t len)
{
	size_t line = 0;

	while (line < len && bytes[line] != '\n' && bytes[line] != '\r')
		line++;
	if (line == len)
		return len > MAX_LINE ? len : 0; /* too long a line is dropped */
	hmp_line(arg, bytes, line);
	return line +
	       (line + 1 < len && bytes[line] == '\r' && bytes[line + 1] == '\n' ? 2 : 1);
}

int hmp_new(struct hmp **out, struct loop *loop, struct host *host,
	    const struct opts_server *place)
{
	static const struct stream_ops ops = { .opened = hmp_greet, .take = hmp_take };
	struct hmp *hmp = calloc(1, sizeof(*hmp));
	int err;

	if (!hmp)
		return -ENOMEM;
	hmp->host = host;
	err = stream_new(&hmp->stream, loop, place, &ops, hmp);
	if (err) {
		free(hmp);
		return err;
	}
	*out = hmp;
	return 0;
}

void hmp_free(struct hmp *hmp)
{
	if (!hmp)
		return;
	stream_free(hmp->stream);
	free(hmp);
}
