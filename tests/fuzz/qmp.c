// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmmserver.la libpaprvmm.la $(JSON_LIBS) */
/* Bytes for papr-vmm's QMP server: as JSON, then as commands. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/qmp.h"

enum { COMMAND_BYTES = 32768 };

/* Return the number of objects. */
static int read_values(struct json_feed *feed, const uint8_t *data, size_t size)
{
	int n = 0;

	enum json_feed_result result = JSON_FEED_VALUE;

	while (size && result != JSON_FEED_MORE) {
		json_object *value;
		size_t used;

		result = json_feed(feed, data, size, &used, &value);
		MUST(used <= size && (result != JSON_FEED_ERROR || feed->error));
		MUST(used + 3 >= size || result != JSON_FEED_MORE);
		MUST(!!value == (result == JSON_FEED_VALUE));
		n += result == JSON_FEED_VALUE;
		json_object_put(value);
		data += used;
		size -= used;
	}
	return n;
}

/* After any input, a client can reach a known state. */
static void read_and_recover(const uint8_t *data, size_t size)
{
	static const uint8_t more[] = { 0xff, '\n', '{', '}' };
	struct json_feed feed = { 0 };

	read_values(&feed, data, size);
	json_feed_free(&feed);
	read_values(&feed, data, size);
	MUST(read_values(&feed, more, sizeof(more)) == 1);
	json_feed_free(&feed);
}

/* Commands with files of the host are not tried. An escape could hide them. */
static bool is_harmless(const uint8_t *data, size_t size)
{
	return size <= COMMAND_BYTES && !memchr(data, '\\', size) &&
	       !memmem(data, size, "x-papr-save", 11) &&
	       !memmem(data, size, "x-papr-load", 11);
}

static void give_commands(struct host *host, const uint8_t *data, size_t size)
{
	static const char negotiate[] = "{\"execute\":\"qmp_capabilities\"}\n";
	struct opts_server place = { .protocol = OPTS_QMP };
	struct loop *loop;
	struct qmp *qmp;
	int ends[2];

	MUST(!socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
	place.fd = ends[0];
	MUST(!loop_new(&loop) && !qmp_new(&qmp, loop, host, &place));
	MUST(send(ends[1], negotiate, strlen(negotiate), 0) > 0);
	MUST(send(ends[1], data, size, 0) == (ssize_t)size);
	close(ends[1]);
	while (stream_has_client(qmp_stream(qmp)))
		MUST(!loop_run_once(loop));
	qmp_free(qmp);
	loop_free(loop);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct host_options options = { .config = {
						      .ram_bytes = UINT64_C(256) << 20,
						      .max_ram_bytes = UINT64_C(1) << 30,
						      .mem_slots = 2,
						      .max_cpus = 2,
						      .cpus = 1,
						      .nvdimm = true } };
	struct papr_error error = { 0 };
	struct host *host;

	read_and_recover(data, size);
	if (!size || !is_harmless(data, size))
		return 0;
	MUST(!host_new(&host, &options, &error));
	MUST(!host_start(host, true, &error));
	give_commands(host, data, size);
	host_free(host);
	return 0;
}
