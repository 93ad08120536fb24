// SPDX-License-Identifier: LGPL-2.1-or-later
/* Programs that a removed core takes all processors from: Linux then moves their threads to
 * processors that they exclude. Threads of the kernel are not lost. */
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/impact/impact.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "kern/sysfs.h"
#include "kern/text.h"
#include "wire/ranges.h"

struct cpu_loss {
	const struct kern_root *root;
	struct cpus_online before, stay; /* the removal */
	const char *core;
	struct impacts found;
	char tasks[NAME_MAX + sizeof("proc//task")];
	int err; /* of reading a thread */
};

static bool cpus_have(const struct cpus_online *set, uint32_t n)
{
	return set->bit[n / 8] >> n % 8 & 1;
}

/* Return true if the status is that of a thread of a program, which may run on processors that
 * go, and on none that stays. */
static bool thread_is_lost(const struct cpu_loss *loss, const char *status)
{
	static const char key[] = "\nCpus_allowed_list:\t";
	const char *at = strstr(status, key);
	uint32_t first, last, next = 0;
	bool is_lost = false;

	if (!at || !strstr(status, "\nVmSize:"))
		return false;
	at += strlen(key);
	while (ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		for (uint32_t n = first; n <= last; n++) {
			if (cpus_have(&loss->stay, n))
				return false;
			is_lost |= cpus_have(&loss->before, n);
		}
	return is_lost;
}

/* Return 1 after a lost thread: one of each program is enough. */
static int thread_visit(void *priv, const char *tid)
{
	struct cpu_loss *loss = priv;
	_cleanup_free_ char *path = text_of("%s/%s/status", loss->tasks, tid);
	_cleanup_free_ char *status = NULL;
	size_t len;
	int err = path ? kern_read(loss->root, path, &status, &len) : -ENOMEM;

	if (err != -ESRCH && kern_read_failure(err)) /* it has not ended */
		loss->err = err;
	return !err && thread_is_lost(loss, status);
}

static int program_visit(void *priv, const char *pid)
{
	struct cpu_loss *loss = priv;
	char comm[64];
	int is_lost;

	if (*pid < '1' || *pid > '9')
		return 0;
	snprintf(loss->tasks, sizeof(loss->tasks), "proc/%s/task", pid);
	is_lost = kern_visit(loss->root, loss->tasks, KERN_LIST_ALL, thread_visit, loss);
	if (is_lost <= 0) {
		loss->err = kern_read_failure(is_lost) ? is_lost : loss->err;
		return 0;
	}
	if (sysfs_text(loss->root, comm, sizeof(comm), "proc/%s/comm", pid))
		snprintf(comm, sizeof(comm), "?");
	*vec_add(loss->found.mem, loss->found.list, loss->found.n) =
		(struct dr_impact){ .kind = IMPACT_AFFINITY,
				    .what = mem_copy(loss->found.mem, comm),
				    .through = loss->core,
				    .pid = (int)strtol(pid, NULL, 10) };
	return 0;
}

static void cpus_take(struct cpus_online *set, const struct cpu *cpu, size_t but_first)
{
	for (size_t i = but_first; i < cpu->n_threads; i++)
		if (cpu->threads[i].cpu)
			set->bit[cpu->threads[i].cpu->number / 8] &=
				(uint8_t) ~(1 << cpu->threads[i].cpu->number % 8);
}

int cpu_check_loss(struct xact *x, const struct cpu_list *list, const struct cpu *cpu,
		   size_t but_first, const struct cpus_online *online)
{
	struct impacts reported = { .mem = x->mem };
	struct cpu_loss loss = { .root = x->dr->root,
				 .before = *online,
				 .core = cpu->c->drc.name,
				 .found = { .mem = x->mem } };

	if (!x->dr->no_loss && !x->dr->dry_run)
		return 0;
	for (size_t i = 0; i < list->n; i++)
		if (!list->cpus[i].node) /* perhaps a plan has removed it */
			cpus_take(&loss.before, &list->cpus[i], 0);
	loss.stay = loss.before;
	cpus_take(&loss.stay, cpu, but_first);
	if (kern_visit(loss.root, "proc", KERN_LIST_ALL, program_visit, &loss) ||
	    loss.err)
		*vec_add(x->mem, loss.found.list, loss.found.n) =
			(struct dr_impact){ .kind = IMPACT_AFFINITY,
					    .what = "programs",
					    .through = loss.core,
					    .is_unsure = true };
	return impact_judge(x, &loss.found, &reported);
}
