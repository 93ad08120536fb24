// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/machine/config.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/vio/vdev.h"
#include "wire/rtas_args.h"

enum {
	MAX_SLOTS = 256,
	MAX_CPUS = 4096,
	MAX_THREADS = 8,
	MAX_DELAYS = 1000,
	MAX_MORE_VTYS = VTYS - 1,
	MIN_PAGE_BYTES = 64, /* the longest name still fits */
};

/* Limit: RAM must end below the windows of the host bridges. */
#define MAX_RAM (16ULL << 40)

static void fill_defaults(struct papr_config *cfg, const struct machine_type *type)
{
	cfg->machine = type->name;
	if (cfg->fwnmi == PAPR_DEFAULT)
		cfg->fwnmi = PAPR_ON;
	if (!cfg->max_ram_bytes)
		cfg->max_ram_bytes = cfg->ram_bytes;
	if (!cfg->cpus)
		cfg->cpus = 1;
	if (!cfg->threads)
		cfg->threads = 1;
	if (!cfg->max_cpus)
		cfg->max_cpus = cfg->cpus;
	if (!cfg->cpu_model)
		cfg->cpu_model = type->cpu_model;
}

static int check_memory(const struct papr_config *cfg, struct papr_error *error)
{
	if (!cfg->ram_bytes || cfg->ram_bytes % LMB_BYTES)
		return papr_fail(error, -EINVAL,
				 "Memory size 0x%" PRIx64 " is not aligned to 256 MiB",
				 cfg->ram_bytes);
	if (cfg->max_ram_bytes % LMB_BYTES)
		return papr_fail(error, -EINVAL,
				 "Maximum memory size 0x%" PRIx64
				 " is not aligned to 256 MiB",
				 cfg->max_ram_bytes);
	if (cfg->max_ram_bytes < cfg->ram_bytes)
		return papr_fail(
			error, -EINVAL,
			"invalid value of maxmem: maximum memory size (0x%" PRIx64
			") must be at least the initial memory size (0x%" PRIx64 ")",
			cfg->max_ram_bytes, cfg->ram_bytes);
	if (cfg->max_ram_bytes > MAX_RAM)
		return papr_fail(error, -EINVAL,
				 "Maximum memory size 0x%" PRIx64 " is more than 16 TiB",
				 cfg->max_ram_bytes);
	if (cfg->mem_slots > MAX_SLOTS)
		return papr_fail(error, -EINVAL, "unsupported number of memory slots: %u",
				 cfg->mem_slots);
	if (cfg->drmem > 2)
		return papr_fail(error, -EINVAL,
				 "the property of memory has no version %" PRIu64,
				 cfg->drmem);
	return 0;
}

static int check_cpus(const struct papr_config *cfg, struct papr_error *error)
{
	unsigned int threads = cfg->threads;

	if (threads > MAX_THREADS || (threads & (threads - 1)))
		return papr_fail(error, -EINVAL,
				 "Cannot support more than 8 threads/core, or a number "
				 "that is no power of 2: %u",
				 threads);
	if (cfg->max_cpus < cfg->cpus)
		return papr_fail(error, -EINVAL,
				 "maxcpus must be equal to or greater than smp");
	if (cfg->max_cpus > MAX_CPUS)
		return papr_fail(error, -EINVAL,
				 "more than %d processors are not supported", MAX_CPUS);
	if (cfg->cpus % threads)
		return papr_fail(error, -EINVAL,
				 "smp_cpus (%u) must be multiple of threads (%u)",
				 cfg->cpus, threads);
	if (cfg->max_cpus % threads)
		return papr_fail(error, -EINVAL,
				 "max_cpus (%u) must be multiple of threads (%u)",
				 cfg->max_cpus, threads);
	return 0;
}

static int check_terminals(const struct papr_config *cfg, struct papr_error *error)
{
	if (cfg->more_vtys <= MAX_MORE_VTYS)
		return 0;
	return papr_fail(error, -EINVAL, "more than %d terminals are not supported",
			 1 + MAX_MORE_VTYS);
}

static int check_quirks(const struct papr_cc_quirks *cc, struct papr_error *error)
{
	if (cc->delay_status && !rtas_status_is_busy(cc->delay_status))
		return papr_fail(error, -EINVAL, "%d is not a delay status of RTAS",
				 (int)cc->delay_status);
	if (cc->n_delays > MAX_DELAYS)
		return papr_fail(error, -EINVAL, "more than %d delays are not supported",
				 MAX_DELAYS);
	if (cc->page_bytes &&
	    (cc->page_bytes < MIN_PAGE_BYTES || cc->page_bytes > CC_PAGE_BYTES))
		return papr_fail(error, -EINVAL, "a work area has %d to %d bytes, not %u",
				 MIN_PAGE_BYTES, CC_PAGE_BYTES, cc->page_bytes);
	return 0;
}

/* Replace *text by a copy. */
static bool copy_text(const char **text)
{
	if (!*text)
		return true;

	*text = strdup(*text);
	return *text;
}

static bool copy_blob(const void **blob, size_t *bytes, bool stays)
{
	void *copy;

	if (!*blob || !*bytes) {
		*blob = NULL;
		*bytes = 0;
		return true;
	}
	if (stays)
		return true;

	copy = malloc(*bytes);
	if (copy)
		memcpy(copy, *blob, *bytes);
	*blob = copy;
	return copy;
}

int config_copy(struct papr_config *out, const struct papr_config *config,
		const struct machine_type *type, struct papr_error *error)
{
	bool ok;
	int err;

	if (!type)
		return papr_fail(error, -EINVAL, "unsupported machine type '%s'",
				 config->machine);
	*out = *config;
	fill_defaults(out, type);
	err = check_memory(out, error);
	if (!err)
		err = check_cpus(out, error);
	if (!err)
		err = check_terminals(out, error);
	if (!err)
		err = check_quirks(&out->cc, error);
	if (!err)
		err = numa_config_copy(out, error);
	if (err)
		return err;

	/* From here on each pointer is a copy or NULL, even on failure. */
	ok = copy_text(&out->cpu_model);
	ok &= copy_text(&out->name);
	ok &= copy_text(&out->bootargs);
	ok &= copy_blob(&out->kernel, &out->kernel_bytes, out->images_stay);
	ok &= copy_blob(&out->initrd, &out->initrd_bytes, out->images_stay);
	if (ok)
		return 0;

	config_free(out);
	return papr_fail(error, -ENOMEM, "out of memory");
}

static void free_const(const void **owned)
{
	union {
		const void *seen;
		void *own;
	} u = { .seen = *owned };

	free(u.own);
	*owned = NULL;
}

void config_free(struct papr_config *cfg)
{
	const void *text[] = { cfg->cpu_model, cfg->name, cfg->bootargs };

	for (size_t i = 0; i < sizeof(text) / sizeof(text[0]); i++)
		free_const(&text[i]);
	cfg->cpu_model = cfg->name = cfg->bootargs = NULL;
	if (cfg->images_stay)
		cfg->kernel = cfg->initrd = NULL;
	free_const(&cfg->kernel);
	free_const(&cfg->initrd);
	numa_config_free(cfg);
}
