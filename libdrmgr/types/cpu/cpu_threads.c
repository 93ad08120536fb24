// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdio.h>
#include <string.h>

#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "kern/sysfs.h"
#include "wire/number.h"
#include "wire/ranges.h"

#define CPU_DIR	    "sys/devices/system/cpu"
#define CPU_FILE    CPU_DIR "/cpu%u/online"
#define SMT_CONTROL CPU_DIR "/smt/control"

enum { ONLINE_SET_MAX = 48 }; /* numbers of one line of the journal */

/* Processors of which an inverse restores the state. */
struct online_set {
	bool online; /* the state to restore */
	size_t n;
	uint32_t number[ONLINE_SET_MAX];
};

static int online_set_add(struct online_set *set, uint32_t number)
{
	if (set->n == ONLINE_SET_MAX)
		return -E2BIG;
	set->number[set->n++] = number;
	return 0;
}

/* Return 1 if it is online, 0 if it is offline, -ENOENT if it does not exist, or the errno of
 * the reading. */
static int online_read(const struct kern_root *root, uint32_t number)
{
	char word[16];
	int err = sysfs_text(root, word, sizeof(word), CPU_FILE, number);

	return err == -ENODEV ? -ENOENT : err ? err : !strcmp(word, "1");
}

/* Return 0; 1 if the kernel keeps it offline; or a negative errno. */
static int online_write(struct xact *x, uint32_t number, bool online)
{
	const char *op = online ? "online" : "offline", *word = online ? "1" : "0";
	char path[64];
	int err, now, has = 0;

	snprintf(path, sizeof(path), CPU_FILE, number);
	err = xact_step_begin(x, op, "write /%s %s", path, word);
	if (err)
		return err < 0 ? err : 0;
	err = kern_write(x->dr->root, path, word, strlen(word));
	if (!err || xact_is_unknown(err)) {
		now = online_read(x->dr->root, number);
		has = now == -ENOENT ? !online : now < 0 ? now : now == online;
	}
	if (has > 0)
		err = 0;
	else if (!has && !err)
		err = -EAGAIN;
	xact_step_end(x, err);
	if (err == -EPERM && online)
		return 1;
	if (!err && has < 0)
		return xact_unread(x, op, has);
	return err ? xact_fail(x, DR_FAULT_KERNEL, op, err, "/%s", path) : 0;
}

/* Restore the state of each number that differs, or cannot be read. A number that no longer
 * exists is an error, except in a recovery: another process may have removed it. */
static int online_set_restore(struct xact *x, void *arg)
{
	const struct online_set *set = arg;
	int err = 0;

	for (size_t i = 0; i < set->n; i++) {
		int now = online_read(x->dr->root, set->number[i]), kept;

		if (now == -ENOENT && set->online && !x->is_recovering)
			err = now;
		if (now == -ENOENT || now == set->online)
			continue;
		kept = online_write(x, set->number[i], set->online);
		err = kept < 0 ? -EIO : err;
		if (kept > 0)
			dr_warn(x->dr,
				CPU_DIR
				"/cpu%u stays offline: the kernel does not permit it",
				set->number[i]);
	}
	return err;
}

static void online_set_encode(struct journal_line *line, const void *arg)
{
	const struct online_set *set = arg;

	journal_put(line, "%d", set->online);
	for (size_t i = 0; i < set->n; i++)
		journal_put(line, "%u", set->number[i]);
}

static int online_set_decode(struct recovery *r, void **arg)
{
	const char *word = recovery_word(r);
	struct online_set *set;
	uint64_t number;

	if (!word)
		return -EBADMSG;
	*arg = set = mem_new(recovery_mem(r), struct online_set);
	set->online = !strcmp(word, "1");
	while ((word = recovery_word(r)))
		if (number_read(word, strlen(word), 10, &number) ||
		    number >= LINUX_CPUS_MAX || online_set_add(set, (uint32_t)number))
			return -EBADMSG;
	return 0;
}

bool cpu_is_online(const struct cpu *cpu)
{
	for (size_t i = 0; i < cpu->n_threads; i++)
		if (cpu->threads[i].cpu && cpu->threads[i].cpu->is_online)
			return true;
	return false;
}

const struct undo_kind undo_threads = {
	.name = "threads",
	.leaves = "cpu",
	.undo = online_set_restore,
	.encode = online_set_encode,
	.decode = online_set_decode,
};

/* List the threads that are online, or offline. */
static struct online_set *threads_list(struct mem *m, const struct cpu *cpu,
				       size_t but_first, bool online)
{
	struct online_set *set = mem_new(m, struct online_set);

	set->online = online;
	for (size_t i = but_first; i < cpu->n_threads; i++)
		if (cpu->threads[i].cpu && cpu->threads[i].cpu->is_online == online &&
		    online_set_add(set, cpu->threads[i].cpu->number))
			break;
	return set;
}

/* Return how many threads of each core the kernel permits online. "off" and "forceoff"
 * permit the first one, a number that many; with other words, and before Linux 6.6, there
 * is no limit. */
static size_t threads_permitted(const struct kern_root *root)
{
	char word[32];
	uint64_t n;

	if (sysfs_text(root, word, sizeof(word), SMT_CONTROL))
		return SIZE_MAX;
	if (!strcmp(word, "off") || !strcmp(word, "forceoff"))
		return 1;
	return number_read(word, strlen(word), 10, &n) || !n ? SIZE_MAX : (size_t)n;
}

/* The threads of a core that the kernel keeps offline. */
struct kept {
	char names[256]; /* "cpu2, cpu3" */
	size_t n;
};

static void kept_add(struct kept *kept, const struct linux_cpu *thread)
{
	size_t used = strlen(kept->names);

	snprintf(kept->names + used, sizeof(kept->names) - used, "%scpu%u",
		 kept->n++ ? ", " : "", thread->number);
}

/* Say which threads stay offline, and why. The policy may have changed since the plan. */
static void kept_tell(const struct kept *kept, const struct dr_ctx *dr,
		      const struct connector *c)
{
	size_t permitted = threads_permitted(dr->root);
	const char *stay = kept->n == 1 ? "stays" : "stay";

	if (!kept->n)
		return;
	if (permitted != SIZE_MAX)
		dr_warn(dr,
			"%s: %s %s offline: /" SMT_CONTROL
			" permits %zu thread%s of each "
			"core",
			c->drc.name, kept->names, stay, permitted,
			permitted == 1 ? "" : "s");
	else
		dr_warn(dr, "%s: %s %s offline: the kernel does not permit it",
			c->drc.name, kept->names, stay);
}

void cpu_threads_plan(const struct dr_ctx *dr, const struct connector *c)
{
	size_t permitted = threads_permitted(dr->root);

	if (permitted != SIZE_MAX)
		dr_warn(dr,
			"%s: only %zu thread%s of the core will be online: /" SMT_CONTROL,
			c->drc.name, permitted, permitted == 1 ? "" : "s");
}

int cpu_threads_keep(struct xact *x, const struct cpu *cpu)
{
	return xact_push(x, &undo_threads, threads_list(x->mem, cpu, 0, true));
}

int cpu_threads_set(struct xact *x, const struct cpu *cpu, size_t but_first, bool online)
{
	struct online_set *set = threads_list(x->mem, cpu, but_first, !online);
	size_t permitted = online ? threads_permitted(x->dr->root) : SIZE_MAX;
	int err = xact_push(x, &undo_threads, set);
	struct kept kept = { .n = 0 };

	for (size_t i = but_first; err >= 0 && i < cpu->n_threads; i++) {
		const struct linux_cpu *thread = cpu->threads[i].cpu;

		if (!thread || thread->is_online == online)
			continue;
		err = i < permitted ? online_write(x, thread->number, online) : 1;
		if (err > 0)
			kept_add(&kept, thread);
	}
	kept_tell(&kept, x->dr, cpu->c);
	return err < 0 ? err : 0;
}

void cpu_threads_tell(const struct dr_ctx *dr, const struct connector *c,
		      const char *node, size_t n_online)
{
	struct kept kept = { .n = 0 };
	_cleanup_prop_ struct prop threads = { 0 };
	_cleanup_mem_ struct mem m = { 0 };
	struct cpu_list list;

	if (prop_read(dr->root, node, CELLS_THREADS_PROP, &threads) ||
	    threads.len / sizeof(uint32_t) <= n_online)
		return;
	if (!cpu_list_read(&list, &m, dr))
		for (size_t i = 0; i < list.n; i++)
			for (size_t t = 0; t < list.cpus[i].n_threads &&
					   list.cpus[i].c->drc.index == c->drc.index;
			     t++)
				if (list.cpus[i].threads[t].cpu &&
				    !list.cpus[i].threads[t].cpu->is_online)
					kept_add(&kept, list.cpus[i].threads[t].cpu);
	kept_tell(&kept, dr, c);
}

int cpu_set_smt(struct dr_ctx *dr, const struct cpu_list *list, const struct cpu *cpu,
		bool all, struct dr_result *result)
{
	struct cpus_online before, after;
	size_t but_first = 0;
	struct xact x;
	int err;

	while (!all && but_first < cpu->n_threads &&
	       !(cpu->threads[but_first].cpu && cpu->threads[but_first].cpu->is_online))
		but_first++;
	xact_begin(&x, dr, &result->mem);
	err = cpus_online_read(&x, &before);
	if (!err && !all)
		err = cpu_check_loss(&x, list, cpu, but_first + 1, &before);
	if (!err)
		err = cpu_threads_set(&x, cpu, all ? 0 : but_first + 1, all);
	if (!err)
		err = cpus_online_read(&x, &after);
	if (!err)
		cpus_online_differ(all ? &after : &before, all ? &before : &after,
				   result);
	result->is_as_before =
		dr->dry_run ? !threads_list(x.mem, cpu, all ? 0 : but_first + 1, !all)->n
			    : !result->devices.n;
	if (!err)
		err = xact_check_memory(&x, cpu->c->drc.name);
	return xact_finish(&x, err, result);
}

int cpu_threads_restore(struct dr_ctx *dr, const struct cpu *cpu,
			struct dr_result *result)
{
	struct mem *m = &result->mem;
	struct online_set *on = threads_list(m, cpu, 0, true),
			  *off = threads_list(m, cpu, 0, false);
	struct xact x;
	int err;

	xact_begin(&x, dr, m);
	err = xact_check_memory(&x, cpu->c->drc.name);
	if (!err)
		err = online_set_restore(&x, on);
	if (!err)
		err = online_set_restore(&x, off);
	return xact_finish(&x, err, result);
}

int cpus_online_read(struct xact *x, struct cpus_online *set)
{
	_cleanup_free_ char *text = NULL;
	uint32_t first, last, next = 0;
	const char *at;
	size_t len;
	int err = kern_read(x->dr->root, CPU_DIR "/online", &text, &len);

	memset(set, 0, sizeof(*set));
	if (err)
		return kern_read_failure(err) ? xact_unread(x, "online", err) : 0;
	at = text;
	while (ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		for (uint32_t n = first; n <= last; n++)
			set->bit[n / 8] |= (uint8_t)(1 << n % 8);
	return 0;
}

void cpus_online_differ(const struct cpus_online *in, const struct cpus_online *not_in,
			struct dr_result *result)
{
	struct dr_devices *devices = &result->devices;

	for (uint32_t n = 0; n < LINUX_CPUS_MAX; n++)
		if ((in->bit[n / 8] & ~not_in->bit[n / 8]) & 1 << n % 8)
			snprintf(vec_add(&result->mem, devices->list, devices->n)->name,
				 sizeof(devices->list->name), "cpu%u", n);
}
