// SPDX-License-Identifier: GPL-2.0-or-later
/* Cores: the order of calls and writes. A failure or a kill at any step leaves the machine
 * as it was. */
#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/cpu/cpu_ops.h"
#include "libdrmgr/types/cpu/cpu_threads.h"
#include "libdrmgr/types/logical/logical.h"
#include "libdrmgr/core/recovery.h"
#include "tests/unit/fakes/fake_cpus.h"

struct outcome {
	int err;
	struct dr_error error;
	bool is_undo_incomplete;
	char cpus[32]; /* "cpu2 cpu3" */
};

static const struct cpu *find(const struct cpu_list *list, const char *name)
{
	for (size_t i = 0; i < list->n; i++)
		if (!strcmp(list->cpus[i].c->drc.name, name))
			return &list->cpus[i];
	fail_msg("no %s", name);
	return NULL;
}

/* Run like a command, with an empty trace. */
static struct outcome run(struct fake *f, bool add, const char *name)
{
	struct outcome o = { 0 };
	struct dr_result result = { 0 };
	struct cpu_list list;

	f->trace[0] = '\0';
	f->first = 0x10000001;
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	o.err = add ? cpu_add(&f->dr, find(&list, name), true, &result)
		    : cpu_remove(&f->dr, &list, find(&list, name), &result);
	o.error = result.error;
	o.is_undo_incomplete = result.is_undo_incomplete;
	for (size_t i = 0; i < result.devices.n; i++)
		snprintf(o.cpus + strlen(o.cpus), sizeof(o.cpus) - strlen(o.cpus), "%s%s",
			 i ? " " : "", result.devices.list[i].name);
	mem_end(&result.mem);
	return o;
}

static void assert_online(const struct fake *f, const char *wanted)
{
	char *text = fake_cpus_online(f);

	assert_string_equal(text, wanted);
	free(text);
}

static struct fake *by_kernel(unsigned int owned, unsigned int attached)
{
	struct fake *f = fake_cpus_new(owned, attached);

	fake_cpus_by_kernel(f);
	return f;
}

TEST(kernel_adds_and_removes)
{
	struct fake *f = by_kernel(1, 3);
	struct outcome o = run(f, true, "CPU 1");

	assert_int_equal(o.err, 0);
	assert_string_equal(f->trace, "S=2 I9003=1 I9003=0 cpu-add");
	assert_string_equal(o.cpus, "cpu2 cpu3");
	assert_online(f, "0,1,2,3");
	o = run(f, false, "CPU 1");
	assert_int_equal(o.err, 0);
	assert_string_equal(f->trace, "cpu-remove");
	assert_string_equal(o.cpus, "cpu2 cpu3");
	assert_online(f, "0,1");
	fake_free(f);
}

/* If firmware does not have the core, there is no request to the kernel. */
TEST(nothing_behind_it)
{
	struct fake *f = by_kernel(1, 1);
	struct outcome o = run(f, true, "CPU 2");

	assert_true(o.err < 0);
	assert_true(logical_is_missing(&o.error));
	assert_string_equal(f->trace, "S=2@10000002 I9003=1@10000002");
	assert_false(o.is_undo_incomplete);

	fake_drc(f, "CPU 2")->sense_script[0] = 0;
	fake_drc(f, "CPU 2")->n_sense = 1;
	o = run(f, true, "CPU 2");
	assert_true(logical_is_missing(&o.error));
	assert_int_equal(o.error.fault, DR_FAULT_SENSE);
	assert_string_equal(f->trace, "S=0@10000002");
	fake_free(f);
}

/* If a process may not call firmware, the kernel decides. */
static int refused(void *priv, struct rtas_args *args)
{
	(void)priv;
	(void)args;
	return -EPERM;
}

TEST(without_firmware)
{
	struct fake *f = by_kernel(1, 3);

	f->engine.transport.call = refused;
	assert_int_equal(run(f, true, "CPU 1").err, 0);
	assert_string_equal(f->trace, "cpu-add");
	fake_free(f);
}

/* The kernel had already put a thread offline: it is online again. */
TEST(kernel_refuses_to_remove)
{
	struct fake *f = by_kernel(3, 3);
	char *before = fake_snapshot(f);
	struct outcome o;

	f->fail_word = "cpu-remove";
	f->fail_with = -EINVAL;
	o = run(f, false, "CPU 1");
	assert_int_equal(o.error.fault, DR_FAULT_KERNEL);
	assert_int_equal(o.error.err, -EINVAL);
	assert_string_equal(o.error.what, "/sys/kernel/dlpar");
	assert_string_equal(f->trace, "cpu-remove I9001=1 CC cpu2=1");
	assert_online(f, "0,1,2,3");
	assert_false(o.is_undo_incomplete);
	fake_assert_unchanged(f, before);

	/* a thread that was offline before stays offline */
	f->cpus[3] = 1;
	fake_text(f, "sys/devices/system/cpu/online", "0-2\n");
	fake_text(f, "sys/devices/system/cpu/cpu3/online", "0\n");
	f->fail_nth = 0;
	o = run(f, false, "CPU 1");
	assert_string_equal(f->trace, "cpu-remove I9001=1 CC cpu2=1");
	assert_online(f, "0,1,2");
	fake_free(f);
}

static ssize_t refuses(struct fake *f, const char *path, const char *text)
{
	(void)path;
	(void)text;
	fake_text(
		f, "dev/kmsg",
		"4,1,1,-;before\n"
		"4,2,2,-;pseries-hotplug-cpu: Failed to offline CPU X, rc: -16\n K=1\n");
	return -EINVAL;
}

/* Linux does not tell the writer why a core cannot be removed: it keeps the time, or deadline
 * tasks need it. */
TEST(the_kernel_s_log_has_the_reason)
{
	struct fake *f = by_kernel(3, 3);
	struct outcome o;

	fake_text(f, "dev/kmsg", "");
	f->take = refuses;
	o = run(f, false, "CPU 1");
	assert_int_equal(o.err, -EINVAL);
	assert_string_equal(o.error.reason,
			    "pseries-hotplug-cpu: Failed to offline CPU X, rc: -16");
	fake_remove(f, "dev/kmsg"); /* or it may not be read */
	o = run(f, false, "CPU 1");
	assert_string_equal(o.error.reason, "");
	fake_free(f);
}

/* A write can return success without effect. */
static ssize_t lies(struct fake *f, const char *path, const char *text)
{
	(void)path;
	fake_note(f, 0, "lie");
	return (ssize_t)strlen(text);
}

TEST(success_is_looked_up)
{
	struct fake *f = by_kernel(3, 7);
	struct outcome o;

	f->take = lies;
	o = run(f, true, "CPU 2");
	assert_int_equal(o.error.fault, DR_FAULT_TREE);
	o = run(f, false, "CPU 1");
	assert_int_equal(o.error.fault, DR_FAULT_TREE);
	assert_int_equal(o.error.err, -EEXIST);
	fake_free(f);
}

/* Behaviours: log-3.1-cpu */
TEST(only_the_kernel_changes_cores)
{
	struct fake *f = fake_cpus_new(3, 3);
	struct dr_error error;

	assert_int_equal(apply_check_kernel(&f->dr, "cpu", &error), -ENOENT);
	assert_int_equal(error.fault, DR_FAULT_NO_BACKEND);
	fake_text(f, "sys/kernel/dlpar", "memory\n");
	assert_int_equal(apply_check_kernel(&f->dr, "cpu", &error), -EOPNOTSUPP);
	assert_int_equal(apply_check_kernel(&f->dr, "memory", &error), 0);
	fake_cpus_by_kernel(f);
	assert_int_equal(apply_check_kernel(&f->dr, "cpu", &error), 0);
	fake_free(f);
}

TEST(a_plan_changes_nothing)
{
	struct fake *f = by_kernel(3, 7);
	char *before = fake_snapshot(f);

	f->dr.dry_run = true;
	assert_int_equal(run(f, true, "CPU 2").err, 0);
	assert_string_equal(f->trace, "S=2@10000002");
	assert_int_equal(run(f, false, "CPU 1").err, 0);
	assert_string_equal(f->trace, "");
	assert_online(f, "0,1,2,3");
	fake_assert_unchanged(f, before);
	fake_free(f);
}

/* ---- Failures and kills ---- */

static struct outcome play(struct fake *f, bool add)
{
	return run(f, add, add ? "CPU 2" : "CPU 1");
}

static struct fake *begin(void)
{
	struct fake *f = by_kernel(3, 7);

	f->dr.limit = deadline_in_ms(200);
	return f;
}

/* Each word of a clean run fails in turn, with each of these errors. */
static int each_step_fails(bool add, int status, int error)
{
	struct fake *f = begin();
	char *words, *after, *save = NULL;
	int cases = 0;

	assert_int_equal(play(f, add).err, 0);
	words = strdup(f->trace);
	after = fake_snapshot(f);
	fake_free(f);
	for (char *word = strtok_r(words, " ", &save); word;
	     word = strtok_r(NULL, " ", &save)) {
		bool is_call = strchr("IS", *word) != NULL;
		struct outcome o;
		char *before;

		if (!strncmp(word, "CC", 2))
			continue; /* t-pci-add.c */
		f = begin();
		before = fake_snapshot(f);
		f->fail_word = word;
		f->fail_with = is_call ? status : error;
		o = play(f, add);
		if (add && !strncmp(word, "I9003=0", 7)) {
			/* a try gives the core back at the second attempt */
			assert_int_equal(o.err, 0);
			assert_false(o.is_undo_incomplete);
			fake_assert_unchanged(f, strdup(after));
			free(before);
		} else {
			assert_true(o.err < 0);
			assert_non_null(o.error.step);
			assert_false(o.is_undo_incomplete);
			fake_assert_unchanged(f, before);
			assert_online(f, "0,1,2,3");
		}
		fake_free(f);
		cases++;
	}
	free(after);
	free(words);
	return cases;
}

/* Behaviours: log-5.5-undo */
TEST(each_failure_leaves_all_as_it_was)
{
	static const int statuses[] = { -1, -3, -9000 },
			 errors[] = { -EINVAL, -EIO, -EPERM, -ENODEV, -EBUSY, -ENOMEM };
	int cases = 0;

	for (int add = 0; add < 2; add++)
		for (size_t n = 0; n < COUNT(errors); n++)
			cases += each_step_fails(add, statuses[n % COUNT(statuses)],
						 errors[n]);
	print_message("# %d failures\n", cases);
	assert_true(cases > 20);
}

static int play_it(struct fake *f, const void *add)
{
	return play(f, *(const bool *)add).err;
}

TEST(each_kill_is_recovered_from)
{
	int moments = 0;

	for (int i = 0; i < 2; i++) {
		bool was_killed = true, add = i;

		for (int moment = 1; was_killed; moment++) {
			struct fake *f = begin();
			char *before = fake_snapshot(f);
			struct dr_interrupted found;

			was_killed = fake_run_until_killed(f, moment, play_it, &add);
			f->dr.backend = &apply_ofdt;
			assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL),
					 0);
			assert_false(recovery_is_needed(&f->dr));
			assert_string_equal(f->warnings, "");
			if (was_killed) {
				fake_assert_unchanged(f, before);
				assert_online(f, "0,1,2,3");
				moments++;
			} else {
				free(before);
			}
			fake_free(f);
		}
	}
	print_message("# %d moments\n", moments);
	assert_int_equal(moments, 10);
}

/* ---- Programs that may only run on the core ---- */

/* Make a thread that may run on these processors. */
static void thread(struct fake *f, const char *path, const char *allowed, bool is_program)
{
	char status[256];

	snprintf(
		status, sizeof(status),
		"Name:\tx\n%sCpus_allowed:\t0\nCpus_allowed_list:\t%s\nMems_allowed:\t1\n",
		is_program ? "VmPeak:\t  10 kB\nVmSize:\t  10 kB\n" : "", allowed);
	fake_text(f, path, status);
}

/* "CPU 1" has the processors 2 and 3; 0 to 5 are online, and 6 and 7 are offline. */
TEST(programs_of_the_core)
{
	static const struct {
		const char *allowed;
		bool is_kernels, is_lost;
	} rows[] = {
		{ "2", .is_lost = true },
		{ "3", .is_lost = true },
		{ "2-3", .is_lost = true },
		{ "2-3,6-7", .is_lost = true },
		{ "2,4095", .is_lost = true },
		{ "2,4294967295", .is_lost = true },
		{ "0-7" },
		{ "1-2" },
		{ "3-4" },
		{ "6-7" }, /* it has none already */
		{ "0" },
		{ "2-3", .is_kernels = true },
		{ "" },
		{ "x" },
		{ "3-2" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct fake *f = by_kernel(7, 7);
		struct outcome o;

		print_message("# %s\n", rows[i].allowed);
		fake_text(f, "proc/812/comm", "postgres\n");
		thread(f, "proc/812/task/812/status", "0-7", true);
		thread(f, "proc/812/task/813/status", rows[i].allowed,
		       !rows[i].is_kernels);
		f->dr.no_loss = true;
		o = run(f, false, "CPU 1");
		assert_int_equal(o.err, rows[i].is_lost ? -EBUSY : 0);
		assert_string_equal(f->trace, rows[i].is_lost ? "" : "cpu-remove");
		assert_string_equal(f->impacts,
				    rows[i].is_lost ? "affinity postgres: CPU 1; " : "");
		if (rows[i].is_lost)
			assert_string_equal(o.error.what,
					    "postgres (PID 812) may only run on "
					    "processors of CPU 1");
		fake_free(f);
	}
}

TEST(programs_in_a_plan_and_without_no_loss)
{
	struct fake *f = by_kernel(7, 7);

	fake_text(f, "proc/812/comm", "postgres\n");
	thread(f, "proc/812/task/812/status", "2", true);
	f->dr.dry_run = true;
	assert_int_equal(run(f, false, "CPU 1").err, 0);
	assert_string_equal(f->impacts, "affinity postgres: CPU 1; ");
	f->dr.dry_run = false;
	f->impacts[0] = '\0';
	assert_int_equal(run(f, false, "CPU 1").err, 0);
	assert_string_equal(f->impacts, "");
	fake_free(f);
}

/* The first core takes one processor of the program, the second one the last. */
TEST(programs_of_two_cores)
{
	struct dr_result result = { 0 };
	struct fake *f = by_kernel(7, 7);
	struct cpu_list list;
	struct cpu *cpu;

	fake_text(f, "proc/812/comm", "postgres\n");
	thread(f, "proc/812/task/812/status", "3-4", true);
	f->dr.dry_run = true;
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	cpu = &list.cpus[find(&list, "CPU 1") - list.cpus];
	assert_int_equal(cpu_remove(&f->dr, &list, cpu, &result), 0);
	assert_string_equal(f->impacts, "");
	cpu->node = NULL;
	assert_int_equal(cpu_remove(&f->dr, &list, find(&list, "CPU 2"), &result), 0);
	assert_string_equal(f->impacts, "affinity postgres: CPU 2; ");
	/* What the first core has taken is not a loss of the second one. */
	f->impacts[0] = '\0';
	thread(f, "proc/812/task/812/status", "2", true);
	assert_int_equal(cpu_remove(&f->dr, &list, find(&list, "CPU 2"), &result), 0);
	assert_string_equal(f->impacts, "");
	mem_end(&result.mem);
	fake_free(f);
}

TEST(programs_that_cannot_be_read)
{
	char path[128];
	struct fake *f = by_kernel(7, 7);

	f->dr.no_loss = true;
	fake_text(f, "proc/812", "no folder\n"); /* as a program that has ended */
	assert_int_equal(run(f, false, "CPU 1").err, 0);
	fake_free(f);
	f = by_kernel(7, 7);
	f->dr.no_loss = true;
	fake_text(f, "proc/812/task/812/comm", "");
	snprintf(path, sizeof(path), "%s/proc/812/task/812/status", f->dir);
	assert_int_equal(mknod(path, S_IFSOCK | 0600, 0), 0); /* no program opens it */
	assert_int_equal(run(f, false, "CPU 1").err, -EBUSY);
	assert_string_equal(f->impacts, "?affinity programs: CPU 1; ");
	fake_free(f);
}

/* Behaviours: log-5.7-undo */
TEST(threads_of_a_core)
{
	struct fake *f = fake_cpus_new(3, 3);
	struct dr_result result = { 0 };
	struct cpu_list list;

	thread(f, "proc/812/task/812/status", "3", true);
	f->dr.no_loss = true;
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(cpu_set_smt(&f->dr, &list, find(&list, "CPU 1"), false, &result),
			 -EBUSY);
	mem_end(&result.mem);
	thread(f, "proc/812/task/812/status", "2", true);
	result = (struct dr_result){ 0 };
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	f->trace[0] = '\0';
	assert_int_equal(cpu_set_smt(&f->dr, &list, find(&list, "CPU 1"), false, &result),
			 0);
	assert_string_equal(f->trace, "cpu3=0");
	assert_int_equal(result.devices.n, 1);
	assert_string_equal(result.devices.list[0].name, "cpu3");
	mem_end(&result.mem);
	result = (struct dr_result){ 0 };
	assert_online(f, "0,1,2");

	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(cpu_set_smt(&f->dr, &list, find(&list, "CPU 1"), false, &result),
			 0);
	assert_online(f, "0,1,2");
	f->fail_word = "cpu3=1";
	f->fail_with = -EIO;
	assert_true(cpu_set_smt(&f->dr, &list, find(&list, "CPU 1"), true, &result) < 0);
	assert_int_equal(result.error.fault, DR_FAULT_KERNEL);
	assert_int_equal(cpu_set_smt(&f->dr, &list, find(&list, "CPU 1"), true, &result),
			 0);
	assert_online(f, "0,1,2,3");
	mem_end(&result.mem);
	fake_free(f);
}
