// SPDX-License-Identifier: GPL-2.0-or-later
/* Bytes for papr-vmm's QMP server: as JSON, then as commands. */
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/json_feed.h"
#include "vmm/server/json_print.h"
#include "vmm/server/qmp.h"

enum { COMMAND_BYTES = 32768 };

/* What was read, printed and read again says the same. */
static void check_value(json_object *value)
{
	struct buffer text = { 0 };
	struct json_feed feed = { 0 };
	json_object *again;
	size_t used;
	char *words;

	MUST(!json_print(&text, value) && !buffer_put(&text, "\n", 1));
	MUST(json_feed(&feed, buffer_bytes(&text), text.len, &used, &again, &words) ==
	     JSON_FEED_VALUE);
	MUST(json_object_equal(value, again) ||
	     strpbrk(json_object_to_json_string(value), ".eE"));
	json_object_put(again);
	json_feed_free(&feed);
	buffer_free(&text);
}

static void read_values(const uint8_t *data, size_t size)
{
	struct json_feed feed = { 0 };

	while (size) {
		json_object *value;
		size_t used;
		char *words;

		if (json_feed(&feed, data, size, &used, &value, &words) ==
		    JSON_FEED_VALUE)
			check_value(value);
		MUST(used <= size);
		json_object_put(value);
		free(words);
		data += used;
		size -= used;
	}
	json_feed_free(&feed);
}

/* Not to be tried: files of the host. An escape could hide them. */
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

	read_values(data, size);
	if (!size || !is_harmless(data, size))
		return 0;
	MUST(!host_new(&host, &options, &error));
	MUST(!host_start(host, true, &error));
	give_commands(host, data, size);
	host_free(host);
	return 0;
}
