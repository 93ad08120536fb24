// SPDX-License-Identifier: GPL-2.0-or-later
/* Processors: their nodes, /sys/devices/system/cpu, and hotplug of cores. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"
#include "wire/hcall.h"

enum {
	CPUS_MAX = 2048,
	THREADS_MAX = 8,
	NO_THREAD = -1,
	THREAD_STOPPED = 0,    /* status of query-cpu-stopped-state */
	START_ADDRESS = 0x100, /* arbitrary: no code runs there */
};

struct kcpu {
	bool present, online;
	unsigned int node; /* NUMA node */
	uint32_t hardware; /* number of its thread; NO_THREAD: it was removed */
	uint32_t core_id, package;
	struct pfs_node *dir, *of_node;
	struct pfs_node *shown[3]; /* while it is online */
	struct kernel *k;
};

struct kcpus {
	unsigned int possible;
	struct kcpu *all;
	struct pfs_node *dir;
};

enum which { POSSIBLE, PRESENT, ONLINE, OFFLINE };

/* Return the number of a processor's thread in its core. Linux numbers them so. */
static unsigned int thread_in_core(const struct kcpu *cpu)
{
	return (unsigned int)(cpu - cpu->k->cpus->all) % cpu->k->smt.max;
}

static int first_of_core(const struct kcpu *cpu)
{
	return (int)(cpu - cpu->k->cpus->all) - (int)thread_in_core(cpu);
}

static bool is_in(const struct kcpu *cpu, enum which which)
{
	switch (which) {
	case PRESENT:
		return cpu->present;
	case ONLINE:
		return cpu->online;
	case OFFLINE:
		return !cpu->online;
	case POSSIBLE:
		break;
	}
	return true;
}

enum { ANY = -1 };

/* Those that a list or a mask shows */
struct chosen {
	enum which which;
	int node; /* NUMA node, or ANY */
	int core; /* number of its first processor, or ANY */
	int package;
};

static bool is_chosen(const struct kcpu *cpu, const struct chosen *c)
{
	return is_in(cpu, c->which) && (c->node == ANY || (int)cpu->node == c->node) &&
	       (c->core == ANY || first_of_core(cpu) == c->core) &&
	       (c->package == ANY || (int)cpu->package == c->package);
}

/* Write hexadecimal words, the one with the highest numbers first: "f", "ff,ffffffff". */
static int mask_of(const struct kcpus *cpus, const struct chosen *c, struct text *out)
{
	uint32_t bits = 0;

	for (unsigned int i = cpus->possible; i--;) {
		bits |= (uint32_t)is_chosen(&cpus->all[i], c) << i % 32;
		if (i % 32)
			continue;
		text_add(out, "%0*x%s",
			 (int)((cpus->possible - i < 32 ? cpus->possible - i : 32) + 3) /
				 4,
			 bits, i ? "," : "\n");
		bits = 0;
	}
	return 0;
}

static int list_of(const struct kcpus *cpus, const struct chosen *c, struct text *out)
{
	const char *sep = "";
	unsigned int i, last;

	for (i = 0; i < cpus->possible; i++) {
		if (!is_chosen(&cpus->all[i], c))
			continue;
		last = i;
		while (last + 1 < cpus->possible && is_chosen(&cpus->all[last + 1], c))
			last++;
		if (last == i)
			text_add(out, "%s%u", sep, i);
		else
			text_add(out, "%s%u-%u", sep, i, last);
		sep = ",";
		i = last;
	}
	text_add(out, "\n");
	return 0;
}

static const char *const list_names[] = { "possible", "present", "online", "offline" };

/* Show the list of this name; "enabled" has all. */
static int list_show(struct pfs_node *file, struct text *out)
{
	struct chosen c = { OFFLINE, ANY, ANY, ANY };

	while (c.which != POSSIBLE && strcmp(file->name, list_names[c.which]) != 0)
		c.which--;
	return list_of(file->priv, &c, out);
}

int kcpu_list_of(const struct kernel *k, unsigned int node, bool as_mask,
		 struct text *out)
{
	const struct chosen c = { ONLINE, (int)node, ANY, ANY };

	return as_mask ? mask_of(k->cpus, &c, out) : list_of(k->cpus, &c, out);
}

/* Return the thread that makes the kernel's firmware calls: the first online one. */
static uint32_t boot_thread(const struct kernel *k)
{
	const struct kcpus *cpus = k->cpus;

	for (unsigned int i = 0; i < cpus->possible; i++)
		if (cpus->all[i].online)
			return cpus->all[i].hardware;
	return 0;
}

static unsigned int online_count(const struct kcpus *cpus)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < cpus->possible; i++)
		n += cpus->all[i].online;
	return n;
}

void kcpu_join(struct kernel *k, bool join)
{
	uint32_t boot = boot_thread(k);

	for (unsigned int i = 0; i < k->cpus->possible; i++) {
		const struct kcpu *cpu = &k->cpus->all[i];
		uint64_t args[PAPR_HCALL_ARGS] = { cpu->hardware };

		if (!cpu->online || cpu->hardware == boot)
			continue;
		papr_vmm_hcall(k->host->vmm, join ? cpu->hardware : boot,
			       join ? H_JOIN : H_PROD, args);
	}
}

/* Stop the thread. stop-self must be called by the thread itself; start-cpu is called by
 * another one. */
static void stop_thread(const struct kcpu *cpu)
{
	struct kernel *k = cpu->k;

	k->caller = cpu->hardware;
	kernel_rtas(k, "stop-self", 0, NULL, 0, NULL);
	k->caller = boot_thread(k);
}

static int start_thread(const struct kcpu *cpu)
{
	const uint32_t ask[] = { cpu->hardware };
	const uint32_t start[] = { cpu->hardware, START_ADDRESS, cpu->hardware };
	uint32_t state;

	/* The machine's first thread runs from the start. A thread that the call does not
	 * know counts as running too. */
	if (kernel_rtas(cpu->k, "query-cpu-stopped-state", 1, ask, 1, &state) ||
	    state != THREAD_STOPPED)
		return 0;
	return kernel_rtas(cpu->k, "start-cpu", 3, start, 0, NULL) ? -ENOENT : 0;
}

/* Show the online threads of its core or of its package. */
static int siblings_show(struct pfs_node *file, struct text *out)
{
	const struct kcpu *cpu = file->priv;
	bool of_package = !strncmp(file->name, "package", 7) ||
			  !strncmp(file->name, "core_siblings", 13);
	const struct chosen c = { ONLINE, ANY, of_package ? ANY : first_of_core(cpu),
				  of_package ? (int)cpu->package : ANY };

	return strstr(file->name, "_list") ? list_of(cpu->k->cpus, &c, out)
					   : mask_of(cpu->k->cpus, &c, out);
}

/* The processors of this computer work for all threads. */
static int purr_show(struct pfs_node *file, struct text *out)
{
	const struct kcpu *cpu = file->priv;

	text_add(out, "%llx\n",
		 (unsigned long long)kernel_timebase(CLOCK_PROCESS_CPUTIME_ID) /
			 online_count(cpu->k->cpus));
	return 0;
}

/* Show what only an online processor has. */
static void show_online(struct kcpu *cpu)
{
	static const char *const sets[] = { "core_cpus",       "core_cpus_list",
					    "core_siblings",   "core_siblings_list",
					    "package_cpus",    "package_cpus_list",
					    "thread_siblings", "thread_siblings_list" };
	static const struct pfs_ops siblings = { .show = siblings_show },
				    purr = { .show = purr_show };
	struct pfs_node *dir;

	for (size_t i = 0; !cpu->online && i < 3; i++) {
		pfs_remove(cpu->shown[i]);
		cpu->shown[i] = NULL;
	}
	if (!cpu->online)
		return;
	dir = cpu->shown[0] = pfs_can_vanish(pfs_dir(cpu->dir, "topology"));
	for (size_t i = 0; i < sizeof(sets) / sizeof(*sets); i++)
		kernel_attr(cpu->k, dir, sets[i], 0444, &siblings, cpu);
	pfs_text(dir, "core_id", 0444, "%u\n", cpu->core_id);
	pfs_text(dir, "physical_package_id", 0444, "%u\n", cpu->package);
	cpu->shown[1] = kernel_attr(cpu->k, cpu->dir, "purr", 0400, &purr, cpu);
	cpu->shown[2] = kernel_attr(cpu->k, cpu->dir, "spurr", 0400, &purr, cpu);
}

static bool is_permitted(const struct kcpu *cpu)
{
	return thread_in_core(cpu) < cpu->k->smt.threads;
}

static int set_online(struct kcpu *cpu, bool online)
{
	int err;

	if (online && !cpu->present)
		return -EINVAL;
	if (cpu->online == online)
		return 0;
	if (online && !is_permitted(cpu))
		return -EPERM;
	if (!online && online_count(cpu->k->cpus) == 1)
		return -EBUSY;
	err = online ? start_thread(cpu) : 0;
	if (err) {
		kernel_print(cpu->k, "start-cpu failed: thread %u", cpu->hardware);
		return err;
	}
	cpu->online = online;
	if (!online)
		stop_thread(cpu);
	show_online(cpu);
	kuevent(cpu->k, online ? "online" : "offline", cpu->dir, "cpu", NULL);
	return 0;
}

static int online_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%d\n", ((const struct kcpu *)file->priv)->online);
	return 0;
}

static ssize_t online_store(struct pfs_node *file, const char *bytes, size_t len)
{
	int err;

	if (!len || (bytes[0] != '0' && bytes[0] != '1') || (len > 1 && bytes[1] != '\n'))
		return -EINVAL;
	err = set_online(file->priv, bytes[0] == '1');
	return err ? err : (ssize_t)len;
}

/* Read the thread numbers of a core's node. Return how many there are. */
static unsigned int threads_of(const struct dt_node *node, uint32_t threads[THREADS_MAX])
{
	size_t len;
	unsigned int n = 0;
	const void *cells = ktree_get(node, "ibm,ppc-interrupt-server#s", &len);

	for (; cells && n < len / 4 && n < THREADS_MAX; n++)
		threads[n] = ktree_cell(cells, n);
	if (!n && ktree_u32(node, "reg", threads))
		n = 1;
	return n;
}

static bool is_cpu(const struct dt_node *node)
{
	size_t len;
	const char *type = ktree_get(node, "device_type", &len);

	return type && len >= 3 && !memcmp(type, "cpu", 3) && (len == 3 || !type[3]);
}

unsigned int kcpu_cores(const struct kernel *k)
{
	const struct dt_node *cpus = ktree_find(k, "/cpus");
	unsigned int n = 0;

	for (const struct dt_node *c = cpus ? cpus->children : NULL; c; c = c->next)
		n += is_cpu(c);
	return n;
}

/* Find the processors of a core in Linux. Return how many there are. */
static unsigned int cpus_of(const struct kcpus *cpus, const struct dt_node *node,
			    struct kcpu *found[THREADS_MAX])
{
	uint32_t threads[THREADS_MAX];
	unsigned int n = threads_of(node, threads), n_found = 0;

	for (unsigned int at = 0; at < cpus->possible; at++)
		for (unsigned int i = 0; i < n && n_found < THREADS_MAX; i++)
			if (cpus->all[at].present && cpus->all[at].hardware == threads[i])
				found[n_found++] = &cpus->all[at];
	return n_found;
}

/* Test whether a thread of the processor's core is online. */
static bool core_is_online(const struct kcpu *cpu)
{
	const struct kcpu *first = cpu - thread_in_core(cpu);

	for (unsigned int i = 0; i < cpu->k->smt.max; i++)
		if (first[i].online)
			return true;
	return false;
}

void kcpu_set_smt(struct kernel *k, unsigned int threads)
{
	unsigned int before = k->smt.threads;

	k->smt.threads = threads;
	for (unsigned int i = 0; i < k->cpus->possible; i++) {
		struct kcpu *cpu = &k->cpus->all[i];

		if (threads < before && cpu->online && !is_permitted(cpu))
			set_online(cpu, false);
		else if (threads > before && cpu->present && is_permitted(cpu) &&
			 core_is_online(cpu))
			set_online(cpu, true);
	}
}

bool kcpu_has_active_siblings(const struct kernel *k)
{
	for (unsigned int i = 0; i < k->cpus->possible; i++)
		if (k->cpus->all[i].online && thread_in_core(&k->cpus->all[i]))
			return true;
	return false;
}

static int core_offline(struct kernel *k, const struct dt_node *node)
{
	struct kcpu *mine[THREADS_MAX];
	unsigned int n = cpus_of(k->cpus, node, mine), n_online = 0;

	for (unsigned int i = 0; i < n; i++)
		n_online += mine[i]->online;
	if (n_online == online_count(k->cpus))
		return -EINVAL;
	for (unsigned int i = 0; i < n; i++)
		set_online(mine[i], false);
	return 0;
}

/* Return the first of n consecutive free processor numbers, aligned to n. Without such a
 * block, the result + n exceeds cpus->possible. */
static unsigned int free_block(const struct kcpus *cpus, unsigned int n)
{
	unsigned int at, i;

	for (at = 0; at + n <= cpus->possible; at += n) {
		for (i = 0; i < n && !cpus->all[at + i].present; i++)
			;
		if (i == n)
			break;
	}
	return at;
}

/* Link the processor to its node. Linux does so once, when it creates the device. */
static void link_core(struct kcpu *cpu, const struct dt_node *node)
{
	if (!cpu->of_node)
		cpu->of_node = pfs_link_to(cpu->dir, "of_node", node->dir);
}

/* Move the processor, which is present now, to its NUMA node. */
static void join_node(struct kcpu *cpu, unsigned int node)
{
	knode_count(cpu->k, node, KNODE_CPU, 1);
	if (node == cpu->node)
		return;
	knode_unlink(cpu->k, cpu->node, cpu->dir);
	cpu->node = node;
	knode_link(cpu->k, node, cpu->dir);
}

/* A processor that is not present is in node 0. */
static void leave_node(struct kcpu *cpu)
{
	unsigned int node = cpu->node;

	if (node) {
		knode_unlink(cpu->k, node, cpu->dir);
		cpu->node = 0;
		knode_link(cpu->k, 0, cpu->dir);
	}
	knode_count(cpu->k, node, KNODE_CPU, -1);
}

int kcpu_node_fits(const struct kernel *k, const struct dt_node *node)
{
	size_t len;

	if (!k->cpus || !ktree_get(node, "ibm,ppc-interrupt-server#s", &len) || len < 4)
		return 0;
	return free_block(k->cpus, (unsigned int)(len / 4)) + len / 4 > k->cpus->possible
		       ? -ENOSPC
		       : 0;
}

void kcpu_node_attached(struct kernel *k, const struct dt_node *node)
{
	struct kcpus *cpus = k->cpus;
	uint32_t threads[THREADS_MAX];
	unsigned int n, at;

	if (!cpus || !is_cpu(node))
		return;
	n = threads_of(node, threads);
	at = n ? free_block(cpus, n) : 0;
	for (unsigned int i = 0; at + n <= cpus->possible && i < n; i++) {
		struct kcpu *cpu = &cpus->all[at + i];

		cpu->present = true;
		cpu->hardware = threads[i];
		cpu->core_id = threads[0];
		if (!ktree_u32(node, "ibm,chip-id", &cpu->package))
			cpu->package = knode_of(k, node);
		link_core(cpu, node);
		join_node(cpu, knode_of(k, node));
	}
}

bool kcpu_node_is_in_use(const struct kernel *k, const struct dt_node *node)
{
	struct kcpu *mine[THREADS_MAX];
	unsigned int n = k->cpus && is_cpu(node) ? cpus_of(k->cpus, node, mine) : 0;

	for (unsigned int i = 0; i < n; i++)
		if (mine[i]->online)
			return true;
	return false;
}

void kcpu_forget_node(struct kernel *k, const struct dt_node *node)
{
	struct kcpu *mine[THREADS_MAX];
	unsigned int n = k->cpus && is_cpu(node) ? cpus_of(k->cpus, node, mine) : 0;

	for (unsigned int i = 0; i < n; i++) {
		if (mine[i]->online) {
			kernel_oops(k, "the node of an online processor is removed");
			return;
		}
		mine[i]->present = false;
		mine[i]->hardware = (uint32_t)NO_THREAD;
		leave_node(mine[i]);
	}
}

/* Bring the threads of an attached core online. -ENOSPC: no free block of processor
 * numbers was left for it. */
static int core_online(struct kernel *k, const struct dt_node *node)
{
	struct kcpu *mine[THREADS_MAX];
	unsigned int n = cpus_of(k->cpus, node, mine);
	int err = n ? 0 : -ENOSPC;

	/* The kernel honours its policy for threads. */
	for (unsigned int i = 0; i < n && !err; i++)
		if (is_permitted(mine[i]))
			err = set_online(mine[i], true);
	if (err)
		core_offline(k, node);
	return err;
}

static struct dt_node *core_of(struct kernel *k, uint32_t index)
{
	const struct dt_node *cpus = ktree_find(k, "/cpus");
	struct dt_node *n;
	uint32_t own;

	for (n = cpus ? cpus->children : NULL; n; n = n->next)
		if (is_cpu(n) && ktree_u32(n, "ibm,my-drc-index", &own) && own == index)
			return n;
	return NULL;
}

static bool is_used(const struct kernel *k, uint32_t phandle)
{
	const struct dt_node *n = ktree_find(k, "/cpus")->children;
	uint32_t next;

	while (n && (!ktree_u32(n, "l2-cache", &next) || next != phandle))
		n = n->next;
	return n;
}

/* Remove a core's node, and its chain of caches as far as no other core uses them. */
static void node_remove(struct kernel *k, struct dt_node *node)
{
	uint32_t cache;

	while (node) {
		bool more = ktree_u32(node, "l2-cache", &cache);

		ktree_remove(k, node);
		node = more && !is_used(k, cache) ? ktree_by_phandle(k, cache) : NULL;
	}
}

static int core_add(struct kernel *k, uint32_t index)
{
	struct dt_node *parent = ktree_find(k, "/cpus"), *node;
	int err;

	if (!parent || core_of(k, index) || !kdrc_in(parent, index, NULL))
		return -EINVAL;
	if (kdrc_acquire(k, index)) {
		kernel_print(k, "dlpar: Failed to acquire DRC, rc: %d, drc index: %x",
			     -EINVAL, index);
		return -EINVAL;
	}
	if (kdrc_attach(k, index, parent, &node)) {
		kdrc_release(k, index);
		return -EINVAL;
	}
	err = core_online(k, node);
	if (err) {
		node_remove(k, node);
		kdrc_release(k, index);
	}
	return err;
}

static int core_remove(struct kernel *k, uint32_t index)
{
	struct dt_node *node = core_of(k, index);
	int err;

	if (!node)
		return -ENODEV;
	err = core_offline(k, node);
	if (err) {
		kernel_print(k, "pseries-hotplug-cpu: Failed to offline CPU %s, rc: %d",
			     node->name, err);
		return -EINVAL;
	}
	err = kdrc_release(k, index);
	if (err) {
		kernel_print(k,
			     "pseries-hotplug-cpu: Failed to release drc (%x) for CPU "
			     "%s, rc: %d",
			     index, node->name, err);
		core_online(k, node);
		return err;
	}
	node_remove(k, node);
	return 0;
}

/* Add or remove a core. If a removal fails, unisolate the connector. This changes no
 * state, but informs firmware that the core stays: the host may wait for it. */
int kcpu_dlpar(struct kernel *k, bool add, uint32_t index)
{
	int err = add ? core_add(k, index) : core_remove(k, index);

	if (err && !add)
		kdrc_unisolate(k, index);
	return err;
}

static ssize_t probe_store(struct pfs_node *file, const char *bytes, size_t len)
{
	uint64_t index;
	int err = -EINVAL;

	if (!text_number(bytes, len, UINT32_MAX, &index))
		err = core_add(file->priv, (uint32_t)index);
	return err ? err : (ssize_t)len;
}

static ssize_t release_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	char *path = strndup(bytes, len);
	const struct dt_node *node = path ? ktree_find(k, path) : NULL;
	uint32_t index;
	int err = -EINVAL;

	free(path);
	if (node && ktree_u32(node, "ibm,my-drc-index", &index))
		err = core_remove(k, index);
	return err ? err : (ssize_t)len;
}

/* Return how many threads a core has. */
static unsigned int threads_of_core(const struct kernel *k)
{
	const struct dt_node *cpus = ktree_find(k, "/cpus"), *core;
	uint32_t threads[THREADS_MAX];
	unsigned int n;

	for (core = cpus ? cpus->children : NULL; core && !is_cpu(core);
	     core = core->next)
		;
	n = core ? threads_of(core, threads) : 1;
	return n ? n : 1;
}

/* Return the number of possible processors: firmware's limit of cores (ibm,lrdr-capacity)
 * times the threads of a core. */
static unsigned int possible_of(const struct kernel *k, unsigned int threads)
{
	size_t len;
	const void *cells = ktree_get(ktree_find(k, "/rtas"), "ibm,lrdr-capacity", &len);
	uint32_t n = cells && len >= 20 ? ktree_cell(cells, 4) : 1;

	n = n <= CPUS_MAX ? n * threads : n;
	return n && n <= CPUS_MAX ? n : CPUS_MAX;
}

struct core {
	uint32_t number;
	const struct dt_node *node;
};

static int core_compare(const void *a, const void *b)
{
	const struct core *one = a, *other = b;

	return (one->number > other->number) - (one->number < other->number);
}

/* Attach the cores in ascending order. A processor without a thread counts as thread 0,
 * so Linux links it to the core of thread 0. */
static int boot_cores(struct kernel *k)
{
	const struct dt_node *cpus = ktree_find(k, "/cpus"), *first, *node;
	struct core *cores;
	size_t n = 0;

	first = cpus ? cpus->children : NULL;
	for (node = first; node; node = node->next)
		n++;
	cores = calloc(n + 1, sizeof(*cores));
	if (!cores)
		return -ENOMEM;
	for (n = 0, node = first; node; node = node->next) {
		cores[n].node = node;
		n += is_cpu(node) && ktree_u32(node, "reg", &cores[n].number);
	}
	qsort(cores, n, sizeof(*cores), core_compare);
	for (size_t i = 0; i < n; i++) {
		kcpu_node_attached(k, cores[i].node);
		core_online(k, cores[i].node);
	}
	if (n && !cores->number)
		for (unsigned int i = 0; i < k->cpus->possible; i++)
			link_core(&k->cpus->all[i], cores->node);
	free(cores);
	return 0;
}

static void cpu_files(struct kernel *k, unsigned int n)
{
	static const struct pfs_ops online = { .show = online_show,
					       .store = online_store,
					       .locks = LOCK_HOTPLUG };
	struct kcpu *cpu = &k->cpus->all[n];
	char name[16];

	snprintf(name, sizeof(name), "cpu%u", n);
	cpu->k = k;
	cpu->dir = pfs_dir(k->cpus->dir, name);
	kernel_attr(k, cpu->dir, "online", 0644, &online, cpu);
	kernel_value(k, cpu->dir, "physical_id", &cpu->hardware);
}

int kcpu_boot(struct kernel *k)
{
	static const struct pfs_ops list = { .show = list_show },
				    probe = { .store = probe_store,
					      .locks = LOCK_HOTPLUG },
				    release = { .store = release_store,
						.locks = LOCK_HOTPLUG };

	unsigned int threads = threads_of_core(k);

	k->cpus = calloc(1, sizeof(*k->cpus));
	if (!k->cpus)
		return -ENOMEM;
	k->cpus->possible = possible_of(k, threads);
	k->cpus->all = calloc(k->cpus->possible, sizeof(*k->cpus->all));
	k->cpus->dir = pfs_path(k->sys, "devices/system/cpu");
	ksmt_boot(k, k->cpus->dir, threads);
	if (!k->cpus->all)
		return -ENOMEM;
	for (unsigned int i = 0; i < k->cpus->possible; i++)
		cpu_files(k, i);
	for (size_t i = 0; i < sizeof(list_names) / sizeof(*list_names); i++)
		kernel_attr(k, k->cpus->dir, list_names[i], 0444, &list, k->cpus);
	kernel_attr(k, k->cpus->dir, "probe", 0200, &probe, k);
	kernel_attr(k, k->cpus->dir, "release", 0200, &release, k);
	pfs_text(k->cpus->dir, "kernel_max", 0444, "%d\n", CPUS_MAX - 1);
	if (k->profile == KERNEL_CURRENT) {
		pfs_text(k->cpus->dir, "crash_hotplug", 0444, "0\n");
		kernel_attr(k, k->cpus->dir, "enabled", 0444, &list, k->cpus);
		pfs_text(k->cpus->dir, "housekeeping", 0444, "\n");
	}
	for (unsigned int i = 0; i < k->cpus->possible; i++)
		knode_link(k, 0, k->cpus->all[i].dir);
	return boot_cores(k);
}

void kcpu_free(struct kernel *k)
{
	if (k->cpus)
		free(k->cpus->all);
	free(k->cpus);
	k->cpus = NULL;
}
