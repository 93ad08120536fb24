// SPDX-License-Identifier: GPL-2.0-or-later
/* -numa: nodes, their cores and distances. They refer to objects and to -smp, so they are
 * read when the command line is complete. */
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/server/opts_parts.h"

enum { NO_NODE = UINT8_MAX };

/* What the options read so far have described. */
struct numa_reader {
	struct opts *opts;
	const struct keyval *kv;      /* the current option */
	struct papr_numa_node *nodes; /* PAPR_NUMA_NODES of them */
	bool present[PAPR_NUMA_NODES];
	unsigned int n;	    /* number of present ones */
	unsigned int above; /* the highest one, plus one */
	uint8_t *cores;	    /* node of each place for a core, or NO_NODE */
	unsigned int n_cores, threads;
	bool bad_size; /* an object has no valid size: its own error is reported later */
};

int opts_numa(struct opts *opts, const char *text)
{
	const char **texts = reallocarray(opts->numa, opts->n_numa + 1, sizeof(*texts));

	if (!texts)
		return opts_fail(opts, -ENOMEM, "out of memory");
	texts[opts->n_numa++] = text;
	opts->numa = texts;
	return 0;
}

/* ---- Parameters ---- */

static int missing(struct numa_reader *r, const char *name)
{
	return opts_fail(r->opts, -EINVAL, "Parameter '%s' is missing", name);
}

/* Read a number. Return 1, 0 if it is missing, or -EINVAL. */
static int number(struct numa_reader *r, const char *name, unsigned int bits,
		  unsigned int *value)
{
	const char *word = keyval_get(r->kv, name);
	uint64_t n;

	if (!word)
		return 0;
	if (word_u64(word, &n))
		return opts_fail(r->opts, -EINVAL,
				 "Parameter '%s' expects a uint64 value", name);
	if (n >> bits)
		return opts_fail(r->opts, -EINVAL, "Parameter '%s' expects uint%u_t",
				 name, bits);
	*value = (unsigned int)n;
	return 1;
}

static int check_names(struct numa_reader *r, const char *const *names)
{
	for (size_t i = 0; i < r->kv->n; i++) {
		const char *const *name = names;

		while (*name && strcmp(*name, r->kv->options[i].name))
			name++;
		if (!*name && strcmp(r->kv->options[i].name, "type"))
			return opts_fail(r->opts, -EINVAL, "Invalid parameter '%s'",
					 r->kv->options[i].name);
	}
	return 0;
}

/* ---- node ---- */

static int put_core(struct numa_reader *r, unsigned int place, unsigned int node)
{
	if (r->cores[place] != NO_NODE && r->cores[place] != node)
		return opts_fail(r->opts, -EINVAL,
				 "CPU is already assigned to node-id: %u",
				 r->cores[place]);
	r->cores[place] = (uint8_t)node;
	return 0;
}

/* Read "2" or "4-7". */
static int read_range(const char *word, unsigned int *first, unsigned int *last)
{
	unsigned long n;
	char *end;

	if (*word < '0' || *word > '9')
		return -EINVAL;
	n = strtoul(word, &end, 10);
	if (n > UINT16_MAX)
		return -EINVAL;
	*first = *last = (unsigned int)n;
	if (!*end)
		return 0;
	if (*end != '-' || end[1] < '0' || end[1] > '9')
		return -EINVAL;
	n = strtoul(end + 1, &end, 10);
	if (*end || n > UINT16_MAX || n < *first)
		return -EINVAL;
	*last = (unsigned int)n;
	return 0;
}

static int put_cpus(struct numa_reader *r, const char *word, unsigned int node)
{
	unsigned int cpu, last, max_cpus = r->n_cores * r->threads;
	int err = 0;

	if (read_range(word, &cpu, &last))
		return opts_fail(r->opts, -EINVAL,
				 "Parameter 'cpus' expects a uint64 value or range");
	for (; cpu <= last && !err; cpu++) {
		if (cpu >= max_cpus)
			return opts_fail(r->opts, -EINVAL,
					 "CPU index (%u) should be smaller than maxcpus "
					 "(%u)",
					 cpu, max_cpus);
		err = put_core(r, cpu / r->threads, node);
	}
	return err;
}

static const struct keyval *find_backend(const struct opts *opts, const char *id)
{
	for (size_t i = 0; i < opts->objects.n; i++) {
		const struct keyval *kv = &opts->objects.items[i];
		const char *name = keyval_get(kv, "id");

		if (name && !strcmp(name, id) &&
		    !strncmp(kv->options[0].value, "memory-backend-", 15))
			return kv;
	}
	return NULL;
}

static int set_memory(struct numa_reader *r, struct papr_numa_node *node)
{
	const char *id = keyval_get(r->kv, "memdev");
	const struct keyval *backend;
	const char *size;

	if (keyval_get(r->kv, "mem"))
		return opts_fail(r->opts, -EINVAL,
				 "Parameter -numa node,mem is not supported by this "
				 "machine type; use -numa node,memdev instead");
	if (!id)
		return 0;

	backend = find_backend(r->opts, id);
	if (!backend)
		return opts_fail(r->opts, -EINVAL, "memdev=%s is ambiguous", id);
	size = keyval_get(backend, "size");
	if (!size || word_size(size, 1, &node->ram_bytes))
		r->bad_size = true;
	node->memdev = id;
	return 0;
}

static int read_node(struct numa_reader *r)
{
	static const char *const names[] = { "nodeid", "cpus", "mem", "memdev", NULL };
	unsigned int node = r->n;
	int err = number(r, "nodeid", 16, &node);

	if (err >= 0)
		err = check_names(r, names);
	if (err)
		return err;
	if (node >= PAPR_NUMA_NODES)
		return opts_fail(r->opts, -EINVAL, "Max number of NUMA nodes reached: %u",
				 node);
	if (r->present[node])
		return opts_fail(r->opts, -EINVAL, "Duplicate NUMA nodeid: %u", node);
	for (size_t i = 0; i < r->kv->n && !err; i++)
		if (!strcmp(r->kv->options[i].name, "cpus"))
			err = put_cpus(r, r->kv->options[i].value, node);
	if (!err)
		err = set_memory(r, &r->nodes[node]);
	if (err)
		return err;
	r->present[node] = true;
	r->n++;
	if (r->above <= node)
		r->above = node + 1;
	return 0;
}

/* ---- dist ---- */

static int read_distance(struct numa_reader *r)
{
	static const char *const names[] = { "src", "dst", "val", NULL };
	static const unsigned int bits[] = { 16, 16, 8 };
	unsigned int values[3]; /* from, to, distance */
	int err;

	for (int i = 0; i < 3; i++) {
		err = number(r, names[i], bits[i], &values[i]);
		if (err <= 0)
			return err ? err : missing(r, names[i]);
	}
	err = check_names(r, names);
	for (int i = 0; i < 2 && !err; i++)
		if (values[i] >= PAPR_NUMA_NODES)
			err = opts_fail(r->opts, -EINVAL,
					"Parameter '%s' expects an integer between 0 and "
					"%d",
					names[i], PAPR_NUMA_NODES - 1);
	if (err)
		return err;
	if (!r->present[values[0]] || !r->present[values[1]])
		return opts_fail(r->opts, -EINVAL,
				 "Source/Destination NUMA node is missing. Please use "
				 "'-numa node' option to declare it first.");
	if (values[2] < 10)
		return opts_fail(r->opts, -EINVAL,
				 "NUMA distance (%u) is invalid, it shouldn't be less "
				 "than 10.",
				 values[2]);
	if (values[0] == values[1] && values[2] != 10)
		return opts_fail(r->opts, -EINVAL,
				 "Local distance of node %u should be 10.", values[0]);
	r->nodes[values[0]].distance[values[1]] = (uint8_t)values[2];
	return 0;
}

/* ---- cpu ---- */

static int read_core(struct numa_reader *r)
{
	static const char *const names[] = { "node-id", "core-id", NULL };
	unsigned int node = 0, core = 0;
	int has_node = number(r, "node-id", 16, &node), has_core, err;
	bool found = false;

	if (has_node < 0)
		return has_node;
	has_core = number(r, "core-id", 16, &core);
	err = has_core < 0 ? has_core : check_names(r, names);
	if (err)
		return err;
	if (!has_node)
		return opts_fail(r->opts, -EINVAL, "Missing mandatory node-id property");
	if (node >= PAPR_NUMA_NODES || !r->present[node])
		return opts_fail(r->opts, -EINVAL,
				 "Invalid node-id=%u, NUMA node must be defined with "
				 "-numa node,nodeid=ID before it's used with -numa "
				 "cpu,node-id=ID",
				 node);
	for (unsigned int i = 0; i < r->n_cores && !err; i++)
		if (!has_core || core == i * r->threads) {
			err = put_core(r, i, node);
			found = true;
		}
	return found ? err : opts_fail(r->opts, -EINVAL, "no match found");
}

/* ---- All ---- */

static int read_option(struct numa_reader *r, const char *text)
{
	static const struct {
		const char *type;
		int (*read)(struct numa_reader *r);
	} rows[] = {
		{ "node", read_node },
		{ "dist", read_distance },
		{ "cpu", read_core },
	};
	const char *type;

	r->kv = opts_keyval(r->opts, &r->opts->kept, text, "type");
	if (!r->kv)
		return -EINVAL;
	type = keyval_get(r->kv, "type");
	if (!type)
		return missing(r, "type");
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		if (!strcmp(rows[i].type, type))
			return rows[i].read(r);
	return opts_fail(r->opts, -EINVAL, "Parameter 'type' does not accept value '%s'",
			 type);
}

static int check_nodes(const struct numa_reader *r)
{
	for (unsigned int i = r->above; i-- > 0;)
		if (!r->present[i])
			return opts_fail(r->opts, -EINVAL, "numa: Node ID missing: %u",
					 i);
	return 0;
}

/* If some cores have a node, the others are in node 0, with a warning. Return true if at
 * least one has a node. */
static bool complete_cores(struct numa_reader *r)
{
	unsigned int given = 0, first = 1;

	for (unsigned int i = 0; i < r->n_cores; i++)
		given += r->cores[i] != NO_NODE;
	for (unsigned int i = 0; given && i < r->n_cores; i++)
		if (r->cores[i] == NO_NODE) {
			r->cores[i] = 0;
			fprintf(stderr, "%s CPU %u [core-id: %u]",
				first ? "papr-vmm: warning: CPU(s) not present in any "
					"NUMA nodes:"
				      : ",",
				i, i * r->threads);
			first = 0;
		}
	if (!first)
		fputs("\npapr-vmm: warning: All CPU(s) up to maxcpus should be described "
		      "in NUMA config\n",
		      stderr);
	return given;
}

static int read_all(struct numa_reader *r)
{
	struct papr_config *config = &r->opts->host.config;
	int err = 0;

	for (size_t i = 0; i < r->opts->n_numa && !err; i++) {
		err = read_option(r, r->opts->numa[i]);
		if (err)
			opts_blame(r->opts, "-numa", r->opts->numa[i], err);
	}
	if (!err)
		err = check_nodes(r);
	if (err || r->bad_size)
		return err;
	if (complete_cores(r))
		config->core_nodes = r->cores;
	config->numa_nodes = r->nodes;
	config->n_numa_nodes = r->n;
	return 0;
}

int opts_check_numa(struct opts *opts)
{
	struct papr_config *config = &opts->host.config;
	struct numa_reader r = { .opts = opts, .threads = config->threads };
	unsigned int max_cpus = config->max_cpus ? config->max_cpus : 1;

	if (!opts->n_numa)
		return 0;
	if (!r.threads)
		r.threads = 1;
	r.n_cores = max_cpus / r.threads;
	r.cores = opts->core_nodes = malloc(r.n_cores);
	r.nodes = opts->numa_nodes = calloc(PAPR_NUMA_NODES, sizeof(*r.nodes));
	if (!r.cores || !r.nodes)
		return opts_fail(opts, -ENOMEM, "out of memory");
	memset(r.cores, NO_NODE, r.n_cores);
	return read_all(&r);
}
