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

static int check_sizes(struct opts *opts)
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

	opts->memory_text = text;
	return err;
}

int opts_check_memory(struct opts *opts)
{
	int err;

	if (!opts->memory_text)
		return 0;
	err = check_sizes(opts);
	return err ? opts_blame(opts, "-m", opts->memory_text, err) : 0;
}

/* ---- Processors ---------------------------------------------------------------------- */

static uint32_t or_one(uint32_t n)
{
	return n ? n : 1;
}

static uint64_t product(const struct opts_topology *t)
{
	uint64_t most = UINT32_MAX;

	return t->sockets * (uint64_t)t->cores > most
		       ? most
		       : t->sockets * (uint64_t)t->cores * t->threads;
}

/* Compute what is not given from the others: first the cores of each socket. */
static void complete(struct opts_topology *t)
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

static int check_topology(struct opts *opts, const struct opts_topology *t,
			  const struct papr_machine_info *type)
{
	enum { MAX_CPUS = 4096 };

	if (t->dies > 1 || t->clusters > 1)
		return opts_fail(opts, -EINVAL,
				 "%s not supported by this machine's CPU topology",
				 t->dies > 1 ? "dies" : "clusters");
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
	if (t->max_cpus > MAX_CPUS)
		return opts_fail(opts, -EINVAL,
				 "Invalid SMP CPUs %u. The max CPUs supported by machine "
				 "'%s' is %d",
				 t->max_cpus, type->name, MAX_CPUS);
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

static int set_smp(struct opts *opts, const char *name, const char *value)
{
	struct opts_topology *t = &opts->smp;
	const struct {
		const char *name;
		uint32_t *value;
	} rows[] = { { "cpus", &t->cpus },	  { "maxcpus", &t->max_cpus },
		     { "sockets", &t->sockets },  { "cores", &t->cores },
		     { "threads", &t->threads },  { "dies", &t->dies },
		     { "clusters", &t->clusters } };
	size_t r = 0;

	while (r < sizeof(rows) / sizeof(*rows) && strcmp(rows[r].name, name))
		r++;
	if (r == sizeof(rows) / sizeof(*rows))
		return opts_fail(opts, -EINVAL, "Parameter 'smp.%s' is unexpected", name);
	if (word_u32(value, rows[r].value))
		return opts_fail(opts, -EINVAL, "Parameter 'smp.%s' expects integer",
				 name);
	if (!*rows[r].value)
		return opts_fail(opts, -EINVAL,
				 "Parameter 'smp.%s' must be greater than zero", name);
	return 0;
}

/* Several options complete each other; the last value of each parameter counts. */
int opts_smp(struct opts *opts, const char *text)
{
	const struct keyval *kv = opts_keyval(opts, &opts->kept, text, "cpus");
	int err = kv ? 0 : -EINVAL;

	for (size_t i = 0; !err && i < kv->n; i++)
		err = set_smp(opts, kv->options[i].name, kv->options[i].value);
	opts->smp_text = text;
	return err;
}

int opts_check_smp(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;
	struct opts_topology t = opts->smp;
	struct papr_machine_info type = { .size = sizeof(type) };
	int err = papr_vmm_machine_find(config->machine, &type);

	if (err)
		return err;
	complete(&t);
	err = check_topology(opts, &t, &type);
	if (err)
		return opts->smp_text ? opts_blame(opts, "-smp", opts->smp_text, err)
				      : err;
	config->cpus = t.cpus;
	config->max_cpus = t.max_cpus;
	config->threads = t.threads;
	config->cores = t.cores;
	return 0;
}

/* The machine type, which may follow, decides which models exist: opts_parse() checks. */
int opts_cpu(struct opts *opts, const char *text)
{
	if (opts_is_help(text))
		opts_set_topic(opts, OPTS_CPUS);
	else
		opts->host.config.cpu_model = text;
	return 0;
}
