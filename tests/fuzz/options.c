// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmmserver.la libpaprvmm.la $(JSON_LIBS) */
/* papr-vmm's command line: a word per line. */
#include <string.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/opts.h"

enum { WORDS = 64, BYTES = 8192 };

/* The resulting machine. */
static void check(const struct opts *opts)
{
	const struct papr_config *config = &opts->host.config;

	MUST(config->ram_bytes && !(config->ram_bytes % (UINT64_C(256) << 20)));
	MUST(!config->max_ram_bytes || config->max_ram_bytes >= config->ram_bytes);
	MUST(config->cpus <= config->max_cpus && config->threads <= 8);
	MUST(opts->n_vtys <= OPTS_VTYS);
	for (size_t i = 0; i < opts->n_servers; i++)
		MUST(!opts->servers[i].path || *opts->servers[i].path);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[BYTES + 1], *rest = text, *argv[WORDS + 2] = { text };
	struct opts opts;
	int n = 1, err;

	if (size > BYTES)
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	while (n <= WORDS && rest)
		argv[n++] = strsep(&rest, "\n");
	argv[n] = NULL;

	err = opts_parse(&opts, argv);
	MUST(!err || opts.error);
	if (!err && !opts.help && !opts.version && !opts.topic)
		check(&opts);
	opts_free(&opts);
	return 0;
}
