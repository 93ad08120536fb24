// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vmm/server/buffer.h"
#include "vmm/server/qtest.h"
#include "vmm/server/qtest_command.h"

enum { MAX_LINE = 2 << 20 };

struct qtest {
	struct host *host;
	struct stream *stream;
	FILE *log;
	struct timespec opened;
	bool skipping; /* discards the remainder of a line that is too long */
};

struct stream *qtest_stream(const struct qtest *qtest)
{
	return qtest->stream;
}

/* ---- The log --------------------------------------------------------------------------- */

static void log_line(struct qtest *qtest, char kind, const char *text, size_t len)
{
	struct timespec now;

	if (!qtest->log)
		return;
	clock_gettime(CLOCK_MONOTONIC, &now);
	fprintf(qtest->log, "[%c +%.6f] %.*s\n", kind,
		(double)(now.tv_sec - qtest->opened.tv_sec) +
			(double)(now.tv_nsec - qtest->opened.tv_nsec) / 1e9,
		(int)len, text);
	fflush(qtest->log);
}

static void opened(void *arg)
{
	struct qtest *qtest = arg;

	qtest->skipping = false;
	clock_gettime(CLOCK_MONOTONIC, &qtest->opened);
	log_line(qtest, 'I', "OPENED", 6);
}

static void closed(void *arg)
{
	log_line(arg, 'I', "CLOSED", 6);
}

/* ---- Lines ------------------------------------------------------------------------------ */

static void answer(struct qtest *qtest, struct buffer *out, int err)
{
	static const char no_memory[] = "FAIL out of memory\n";

	if (!err)
		err = buffer_put(out, "\n", 1);
	if (err) {
		stream_send(qtest->stream, no_memory, strlen(no_memory));
		return;
	}
	log_line(qtest, 'S', (const char *)buffer_bytes(out), out->len - 1);
	stream_send(qtest->stream, buffer_bytes(out), out->len);
}

/* Run the line. A NUL ends the text that is parsed, but not the line. */
static void run_line(struct qtest *qtest, const uint8_t *bytes, size_t len)
{
	struct buffer out = { 0 };
	char *line = malloc(len + 1);
	int err = -ENOMEM;

	if (line) {
		memcpy(line, bytes, len);
		line[len] = '\0';
		log_line(qtest, 'R', line, len);
		err = qtest_run(qtest->host, line, &out);
	}
	host_settle(qtest->host);
	answer(qtest, &out, err);
	buffer_free(&out);
	free(line);
}

static void refuse_line(struct qtest *qtest)
{
	static const char too_long[] = "FAIL line too long\n";

	stream_send(qtest->stream, too_long, strlen(too_long));
}

static size_t take(void *arg, const uint8_t *bytes, size_t len)
{
	struct qtest *qtest = arg;
	const uint8_t *end = memchr(bytes, '\n', len);
	size_t line = end ? (size_t)(end - bytes) : len;

	if (qtest->skipping) {
		qtest->skipping = !end;
		return end ? line + 1 : len;
	}
	if (line > MAX_LINE) {
		refuse_line(qtest);
		qtest->skipping = !end;
		return end ? line + 1 : len;
	}
	if (!end)
		return 0;
	run_line(qtest, bytes, line);
	return line + 1;
}

int qtest_new(struct qtest **out, struct loop *loop, struct host *host,
	      const struct opts_server *place, const char *log)
{
	static const struct stream_ops ops = { .opened = opened,
					       .closed = closed,
					       .take = take };
	struct qtest *qtest = calloc(1, sizeof(*qtest));
	int err = 0;

	if (!qtest)
		return -ENOMEM;
	qtest->host = host;
	if (log)
		qtest->log = fopen(log, "we");
	if (log && !qtest->log)
		err = -errno;
	if (!err)
		err = stream_new(&qtest->stream, loop, place, &ops, qtest);
	if (err) {
		qtest_free(qtest);
		return err;
	}
	*out = qtest;
	return 0;
}

void qtest_free(struct qtest *qtest)
{
	if (!qtest)
		return;
	stream_free(qtest->stream);
	if (qtest->log)
		fclose(qtest->log);
	free(qtest);
}
