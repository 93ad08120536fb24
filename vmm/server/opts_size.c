// SPDX-License-Identifier: GPL-2.0-or-later
/* -m, -smp, -cpu: sizes of the machine, and their maxima */
#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

#define MIB	  UINT64_C(0x100000)
#define LMB_BYTES (256 * MIB)

enum { MAX_SLOTS = 256 };

static int set_bytes(struct opts *opts, const char *name, const char *value,
		     uint64_t unit, uint64_t *out)
{
	if (!word_size(value, unit, out))
		return 0;
	return opts_fail(opts, -EINVAL, "Parameter '%s' expects a size, such as 4G",
			 name);
}

static int set_ram(struct opts *opts, const char *value)
{
	return set_bytes(opts, "size", value, MIB, &opts->host.config.ram_bytes);
}

static int set_max_ram(struct opts *opts, const char *value)
{
	return set_bytes(opts, "maxmem", value, 1, &opts->host.config.max_ram_bytes);
}

static int set_slots(struct opts *opts, const char *value)
{
	if (!word_u32(value, &opts->host.config.mem_slots))
		return 0;
	return opts_fail(opts, -EINVAL, "Parameter 'slots' expects a number");
}

static int check_memory(struct opts *opts)
{
	const struct papr_config *config = &opts->host.config;
	uint64_t ram = config->ram_bytes, max = config->max_ram_bytes;

	if (!ram || ram % LMB_BYTES)
		return opts_fail(opts, -EINVAL,
				 "Memory size 0x%" PRIx64 " is not aligned to 256 MiB",
				 ram);
	if (max && max < ram)
		return opts_fail(
			opts, -EINVAL,
			"invalid value of maxmem: maximum memory size (0x%" PRIx64
			") must be at least the initial memory size (0x%" PRIx64 ")",
			max, ram);
	if (max % LMB_BYTES)
		return opts_fail(opts, -EINVAL,
				 "Maximum memory size 0x%" PRIx64
				 " is not aligned to 256 MiB",
				 max);
	if (config->mem_slots && !max)
		return opts_fail(opts, -EINVAL, "slots specified but no max-size");
	if (config->mem_slots > MAX_SLOTS)
		return opts_fail(opts, -EINVAL,
				 "Specified number of memory slots %u exceeds max "
				 "supported %d",
				 config->mem_slots, MAX_SLOTS);
	return 0;
}

int opts_memory(struct opts *opts, const char *text)
{
	static const struct opts_property properties[] = {
		{ "size", .set = set_ram },
		{ "slots", .set = set_slots },
		{ "maxmem", .set = set_max_ram },
		{ .name = NULL },
	};
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "size");
	int err = kv ? opts_properties(opts, kv, properties, NULL) : -EINVAL;

	return err ? err : check_memory(opts);
}

/* ---- Processors ---------------------------------------------------------------------- */

/* 0: not given. If the number of cores is not given, it is computed from the others (QEMU
 * since 6.2). */
struct topology {
	uint32_t cpus, max_cpus, sockets, cores, threads;
};

static uint32_t or_one(uint32_t n)
{
	return n ? n : 1;
}

static uint64_t product(const struct topology *t)
{
	uint64_t most = UINT32_MAX;

	return t->sockets * (uint64_t)t->cores > most
		       ? most
		       : t->sockets * (uint64_t)t->cores * t->threads;
}

static void complete(struct topology *t)
{
	uint32_t most = t->max_cpus ? t->max_cpus : t->cpus;

	if (!most) {
		t->sockets = or_one(t->sockets);
		t->cores = or_one(t->cores);
		t->threads = or_one(t->threads);
	} else if (!t->cores) {
		t->sockets = or_one(t->sockets);
		t->threads = or_one(t->threads);
		t->cores = (uint32_t)(most / ((uint64_t)t->sockets * t->threads));
	} else if (!t->sockets) {
		t->threads = or_one(t->threads);
		t->sockets = (uint32_t)(most / ((uint64_t)t->cores * t->threads));
	} else if (!t->threads) {
		t->threads = (uint32_t)(most / ((uint64_t)t->sockets * t->cores));
	}
	t->max_cpus = most ? most : (uint32_t)product(t);
	t->cpus = t->cpus ? t->cpus : t->max_cpus;
}

static int check_topology(struct opts *opts, const struct topology *t)
{
	if (product(t) != t->max_cpus)
		return opts_fail(
			opts, -EINVAL,
			"Invalid CPU topology: product of the hierarchy must match "
			"maxcpus: sockets (%u) * cores (%u) * threads (%u) != "
			"maxcpus (%u)",
			t->sockets, t->cores, t->threads, t->max_cpus);
	if (t->max_cpus < t->cpus)
		return opts_fail(
			opts, -EINVAL,
			"Invalid CPU topology: maxcpus must be equal to or greater "
			"than smp: sockets (%u) * cores (%u) * threads (%u) == "
			"maxcpus (%u) < smp_cpus (%u)",
			t->sockets, t->cores, t->threads, t->max_cpus, t->cpus);
	if (t->threads > 8 || (t->threads & (t->threads - 1)))
		return opts_fail(
			opts, -EINVAL,
			"%u threads per core are not supported; use 1, 2, 4 or 8",
			t->threads);
	if (t->cpus % t->threads)
		return opts_fail(opts, -EINVAL,
				 "smp_cpus (%u) must be multiple of threads (%u)",
				 t->cpus, t->threads);
	return 0;
}

int opts_smp(struct opts *opts, const char *text)
{
	struct topology t = { 0 };
	uint32_t dies = 1, clusters = 1;
	const struct {
		const char *name;
		uint32_t *value;
	} rows[] = { { "cpus", &t.cpus },	{ "maxcpus", &t.max_cpus },
		     { "sockets", &t.sockets }, { "cores", &t.cores },
		     { "threads", &t.threads }, { "dies", &dies },
		     { "clusters", &clusters } };
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "cpus");
	int err;

	for (size_t i = 0; kv && i < kv->n; i++) {
		const struct papr_option *o = &kv->options[i];
		size_t r = 0;

		while (r < sizeof(rows) / sizeof(*rows) && strcmp(rows[r].name, o->name))
			r++;
		if (r == sizeof(rows) / sizeof(*rows))
			return opts_fail(opts, -EINVAL,
					 "Parameter 'smp.%s' is unexpected", o->name);
		if (word_u32(o->value, rows[r].value))
			return opts_fail(opts, -EINVAL,
					 "Parameter 'smp.%s' expects integer", o->name);
		if (!*rows[r].value)
			return opts_fail(opts, -EINVAL,
					 "Parameter 'smp.%s' must be greater than zero",
					 o->name);
	}
	if (!kv || dies != 1 || clusters != 1)
		return opts_fail(opts, -EINVAL, "dies and clusters are not supported");
	complete(&t);
	err = check_topology(opts, &t);
	opts->host.config.cpus = t.cpus;
	opts->host.config.max_cpus = t.max_cpus;
	opts->host.config.threads = t.threads;
	return err;
}

/* The machine type, which may follow, decides which models exist: opts_parse() checks. */
int opts_cpu(struct opts *opts, const char *text)
{
	if (opts_is_help(text))
		opts_set_topic(opts, OPTS_CPUS, NULL);
	else
		opts->host.config.cpu_model = text;
	return 0;
}
