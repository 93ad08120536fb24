// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmmserver.la libpaprvmm.la $(JSON_LIBS) */
/* Lines for papr-vmm's qtest server. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/host.h"
#include "vmm/server/qtest_command.h"

static void run(struct host *host, const uint8_t *bytes, size_t len)
{
	struct buffer answer = { 0 };
	char *line = malloc(len + 1);

	MUST(line);
	memcpy(line, bytes, len);
	line[len] = '\0';
	/* It may write all of memory, which is slow. */
	if (strncmp(line, "memset", 6) != 0) {
		MUST(!qtest_run(host, line, &answer));
		MUST(answer.len >= 2);
		MUST(!memcmp(buffer_bytes(&answer), "OK", 2) ||
		     !memcmp(buffer_bytes(&answer), "FAIL", 4));
		MUST(!memchr(buffer_bytes(&answer), '\n', answer.len));
	}
	host_settle(host);
	buffer_free(&answer);
	free(line);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct host_options options = { .config = {
						      .ram_bytes = UINT64_C(256) << 20,
						      .max_ram_bytes = UINT64_C(1) << 30,
						      .mem_slots = 2,
						      .max_cpus = 2,
						      .cpus = 1,
						      .hypervisor = true } };
	const uint8_t *end = data + size;
	struct papr_error error = { 0 };
	struct host *host;

	MUST(!host_new(&host, &options, &error));
	MUST(!host_start(host, true, &error));
	while (data < end && !host->ended) {
		const uint8_t *lf = memchr(data, '\n', (size_t)(end - data));

		run(host, data, (size_t)((lf ? lf : end) - data));
		data = lf ? lf + 1 : end;
	}
	host_free(host);
	return 0;
}
