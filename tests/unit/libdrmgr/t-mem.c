// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory with the kernel's interface: the requests and their order, refusals before a
 * request, and partial results. Names are those of the rows of expected behaviour. */
#include "libdrmgr/core/recovery.h"
#include "tests/unit/fakes/mem_fake.h"

struct row {
	const char *name;
	size_t reserved, owned, n_free;
	const char *const *nodes; /* of Linux; NULL: Linux has no nodes */
	bool add, all_or_nothing;
	const char *key;
	size_t count;
	const char *stuck; /* LMBs, by number */
	/* then: */
	const char *writes;
	size_t done;
	enum dr_fault fault;
};

static const char *const three[] = { "0", "1", "", NULL }, *const one[] = { "0-3", NULL };

static const struct row rows[] = {
	{ "C06", 4, 2, 14, one, false, false, NULL, 1, "", "remove index 5", 1 },
	{ "C07", 4, 0, 16, one, false, false, NULL, 99, "", "", 0, DR_FAULT_TOO_FEW },
	{ "C08", 4, 0, 16, NULL, true, true, NULL, 64, "", "", 0, DR_FAULT_TOO_FEW },
	{ "fewer than asked for come", 4, 0, 16, NULL, true, false, NULL, 64, "",
	  "add count 16", 16 },
	{ "none comes", 4, 16, 0, NULL, true, false, NULL, 1, "", "", 0,
	  DR_FAULT_TOO_FEW },
	{ "C09", 4, 0, 16, NULL, true, false, "0x80000009", 0, "", "add index 9", 1 },
	{ "C11", 4, 2, 14, one, false, false, "80000005", 0, "", "", 0,
	  DR_FAULT_UNKNOWN },
	{ "C14", 4, 4, 8, NULL, false, false, NULL, 2, "", "remove count 2", 2 },
	{ "C15", 4, 12, 0, three, false, false, NULL, 6, "",
	  "remove index 15, remove index 14, remove index 13, remove index 12, "
	  "remove index 11, remove index 7",
	  6 },
	{ "C16", 4, 12, 0, three, false, false, NULL, 6, " 15 ",
	  "remove index 15, remove index 14, remove index 13, remove index 12, "
	  "remove index 11, remove index 10, remove index 7",
	  6, DR_FAULT_KERNEL },
	{ "add by quantity", 4, 2, 14, one, true, false, NULL, 3, "", "add count 3", 3 },
	{ "firmware has fewer", 4, 2, 4, NULL, true, false, NULL, 4, " 7 ",
	  "add count 4, add count 1, add count 1, add count 1, add count 1", 3,
	  DR_FAULT_KERNEL },
	{ "all or nothing: none comes", 4, 2, 4, NULL, true, true, NULL, 4, " 7 ",
	  "add count 4", 0, DR_FAULT_KERNEL },
	{ "is owned", 4, 2, 4, NULL, true, false, "0x80000005", 0, "", "", 0,
	  DR_FAULT_OWNED },
	{ "is not owned", 4, 2, 4, NULL, false, false, "0x80000006", 0, "", "", 0,
	  DR_FAULT_NOT_OWNED },
	{ "no such index", 4, 2, 4, NULL, false, false, "0x80000063", 0, "", "", 0,
	  DR_FAULT_NO_INDEX },
	{ "0 is none", 4, 2, 4, NULL, false, false, "0x0", 0, "", "", 0,
	  DR_FAULT_NO_INDEX },
	{ "no number", 4, 2, 4, NULL, false, false, "0x", 0, "", "", 0,
	  DR_FAULT_NO_INDEX },
	{ "fewer than asked for go", 4, 3, 4, one, false, false, NULL, 9, "",
	  "remove index 6, remove index 5, remove index 4", 3 },
	{ "unless all are wanted", 4, 3, 4, one, false, true, NULL, 9, "", "", 0,
	  DR_FAULT_TOO_FEW },
	{ "one does not go", 4, 3, 4, one, false, false, NULL, 3, " 5 ",
	  "remove index 6, remove index 5, remove index 4", 2, DR_FAULT_KERNEL },
	{ "all or nothing: undone", 4, 3, 4, one, false, true, NULL, 3, " 5 ",
	  "remove index 6, remove index 5, remove index 4, add index 4, add index 6", 2,
	  DR_FAULT_KERNEL },
	{ "many: in portions", 0, 0, 140, NULL, true, false, NULL, 130, "",
	  "add count 64, add count 64, add count 2", 130 },
	{ "many: a portion fails", 0, 0, 140, NULL, true, false, NULL, 140, " 100 ",
	  "add count 64, add count 64, add count 12, add count 1, add count 1, "
	  "add count 1, add count 1, add count 1, add count 1, add count 1, "
	  "add count 1, add count 1, add count 1, add count 1, add count 1",
	  139, DR_FAULT_KERNEL },
	{ "many, all or nothing: named", 0, 0, 140, NULL, true, true, NULL, 70, "",
	  "add range 64 0, add range 6 64", 70 },
	{ "many, all or nothing: undone", 0, 0, 140, NULL, true, true, NULL, 70, " 66 ",
	  "add range 64 0, add range 6 64, add index 64, add index 65, add index 66, "
	  "remove index 65, remove index 64, remove range 64 0",
	  66, DR_FAULT_KERNEL },
	{ "many go: neighbours together", 0, 100, 0, one, false, false, NULL, 70, "",
	  "remove range 64 36, remove range 6 30", 70 },
	{ "together they do not, one by one", 0, 68, 0, one, false, false, NULL, 67,
	  " 66 67 ", NULL, 66, DR_FAULT_KERNEL },
};

static void stick(struct mem_fake *m, const char *stuck)
{
	char word[32];

	for (size_t i = 0; i < m->n; i++) {
		snprintf(word, sizeof(word), " %zu ", i);
		m->lmb[i].is_stuck = strstr(stuck, word) != NULL;
	}
	if (strstr(stuck, " 66 67 "))
		m->lmb[67].is_stuck = true;
}

static struct mem_fake *begin(const struct row *row)
{
	struct mem_fake *m = mem_fake_new(row->reserved, row->owned, row->n_free);

	if (row->nodes)
		mem_fake_nodes(m, row->nodes);
	for (size_t i = row->reserved; row->nodes == three && i < m->n; i++)
		m->lmb[i].array = (uint32_t)(i - row->reserved) / 4;
	stick(m, row->stuck);
	mem_fake_publish(m);
	return m;
}

/* Behaviours: log-C16, log-3.1-memory, log-6.3-stuck */
TEST(what_is_asked_of_the_kernel)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct row *row = &rows[i];
		struct mem_fake *m = begin(row);
		struct mem_outcome o = mem_fake_run(m, row->add, row->key, row->count,
						    row->all_or_nothing);
		size_t wanted = row->key ? 1 : row->count;

		if (row->writes && strcmp(m->writes, row->writes) != 0)
			fail_msg("%s: \"%s\"", row->name, m->writes);
		if (o.done != row->done || o.fault != row->fault ||
		    !o.err != (row->done == wanted))
			fail_msg("%s: done %zu, fault %d, err %d", row->name, o.done,
				 o.fault, o.err);
		if (o.is_undo_incomplete)
			fail_msg("%s: incomplete", row->name);
		mem_fake_free(m);
	}
}

TEST(all_or_nothing_is_as_before)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct mem_fake *m;
		char before[MEM_FAKE_LMBS + 1];

		if (!rows[i].all_or_nothing || !rows[i].fault)
			continue;
		m = begin(&rows[i]);
		snprintf(before, sizeof(before), "%s", mem_fake_owned(m));
		mem_fake_run(m, rows[i].add, NULL, rows[i].count, true);
		assert_string_equal(mem_fake_owned(m), before);
		mem_fake_free(m);
	}
}

/* There is no request to the kernel for LMBs without memory in firmware. */
TEST(sensors_are_asked_first)
{
	struct mem_fake *m = mem_fake_new(2, 0, 8);

	m->lmb[2].sense = DRC_SENSE_EMPTY;
	m->lmb[4].sense = DRC_SENSE_PRESENT;
	assert_int_equal(mem_fake_run(m, true, "0x80000002", 0, false).fault,
			 DR_FAULT_SENSE);
	assert_int_equal(mem_fake_run(m, true, "0x80000004", 0, false).fault,
			 DR_FAULT_SENSE);
	assert_int_equal(mem_fake_run(m, true, NULL, 7, true).fault, DR_FAULT_TOO_FEW);
	assert_string_equal(m->writes, "");
	m->n_sensed = 0;
	assert_int_equal(mem_fake_run(m, true, NULL, 1, false).done, 1);
	assert_int_equal(m->n_sensed, 2); /* no more than needed */
	assert_string_equal(mem_fake_owned(m), "rr.o......");
	mem_fake_free(m);
}

/* Under lockdown only the kernel answers.
 * Behaviours: log-14-no-sensor */
TEST(without_firmware_too)
{
	struct mem_fake *m = mem_fake_new(0, 0, 4);

	m->no_rtas = true;
	assert_int_equal(mem_fake_run(m, true, "0x80000002", 0, false).err, 0);
	assert_int_equal(mem_fake_run(m, true, NULL, 2, false).err, 0);
	assert_string_equal(mem_fake_owned(m), "ooo.");
	assert_int_equal(mem_fake_run(m, false, "0x80000002", 0, false).err, 0);
	assert_int_equal(mem_fake_run(m, false, NULL, 1, false).done, 1);
	assert_string_equal(mem_fake_owned(m), ".o..");
	mem_fake_free(m);
}

/* An errno although all was done (for example, the kernel could not update its tree), and
 * the other way round.
 * Behaviours: log-3.3-errno-tree */
TEST(what_is_seen_counts)
{
	struct mem_fake *m = mem_fake_new(0, 0, 4);
	struct mem_outcome o;

	m->fail_with = -EPERM;
	o = mem_fake_run(m, true, NULL, 2, false);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.done, 2);
	m->fail_with = 0;
	m->lies = true;
	o = mem_fake_run(m, false, "0x80000000", 0, false);
	assert_int_equal(o.done, 0);
	assert_int_equal(o.fault, DR_FAULT_TREE);
	mem_fake_free(m);
}

/* If Linux does not have it, firmware counts it as unused. */
TEST(firmware_has_it_back)
{
	struct mem_fake *m = mem_fake_new(0, 2, 4);

	m->keeps = true;
	assert_int_equal(mem_fake_run(m, false, NULL, 2, false).done, 2);
	m->lmb[3].is_stuck = true;
	assert_int_equal(mem_fake_run(m, true, "0x80000003", 0, false).done, 0);
	assert_int_equal(mem_fake_run(m, true, NULL, 6, true).done, 0);
	for (size_t i = 0; i < m->n; i++)
		assert_int_equal(m->lmb[i].sense, DRC_SENSE_UNUSABLE);
	assert_int_equal(mem_fake_run(m, true, NULL, 6, false).done, 5);
	assert_int_equal(m->lmb[3].sense, DRC_SENSE_UNUSABLE);
	m->lmb[3].is_stuck = false;
	assert_int_equal(mem_fake_run(m, true, NULL, 1, false).done, 1);
	mem_fake_free(m);
}

/* LMBs that firmware did not take need a recovery. Another LMB instead would not help,
 * and the recovery would undo it too. */
TEST(nothing_in_place_of_what_is_left)
{
	for (int all = 0; all < 2; all++) {
		struct mem_fake *m = mem_fake_new(0, 4, 2);
		struct mem_outcome o;

		mem_fake_nodes(m, one);
		m->keeps = true;
		m->lmb[3].is_refused = true;
		o = mem_fake_run(m, false, NULL, 2, all);
		assert_string_equal(m->writes, "remove index 3");
		assert_int_equal(o.done, 0);
		assert_true(o.is_undo_incomplete);
		mem_fake_free(m);
	}
}

/* Linux undoes a partial count, which can fail, too. */
TEST(half_a_count_is_undone)
{
	for (int limited = 0; limited < 2; limited++) {
		for (int add = 0; add < 2; add++) {
			struct mem_fake *m = mem_fake_new(0, 4, 4);
			struct mem_outcome o;

			if (limited)
				m->f->dr.limit = deadline_in_ms(60 * 1000);
			m->half = 2;
			o = mem_fake_run(m, add, NULL, 3, true);
			assert_int_equal(o.done, 2);
			assert_int_equal(o.err, -ECANCELED);
			assert_string_equal(mem_fake_owned(m), "oooo....");
			assert_false(o.is_undo_incomplete);
			m->half = 0;
			assert_int_equal(mem_fake_run(m, add, NULL, 3, true).err, 0);
			mem_fake_free(m);
		}
	}
}

TEST(nothing_is_written_by_a_plan)
{
	struct mem_fake *m = mem_fake_new(0, 100, 40);
	struct mem_outcome o;

	mem_fake_nodes(m, one);
	m->f->dr.dry_run = true;
	o = mem_fake_run(m, false, NULL, 80, true);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.done, 80);
	o = mem_fake_run(m, true, NULL, 40, false);
	assert_int_equal(o.done, 40);
	assert_string_equal(m->writes, "");
	mem_fake_free(m);
}

/* Behaviours: log-6.4-none */
TEST(none_at_all)
{
	struct mem_fake *m = mem_fake_new(0, 0, 1);

	fake_remove(m->f, "proc/device-tree/ibm,dynamic-reconfiguration-memory");
	assert_int_equal(mem_fake_run(m, true, NULL, 1, false).fault, DR_FAULT_NO_SLOTS);
	mem_fake_free(m);
}

/* ---- A kill -9 ---- */

struct killed_run {
	struct mem_fake *m;
	bool add;
	int moment;
};

/* 3 GiB, of which 48 MiB must remain. Numbers that are missing or damaged are unknown: there is
 * one warning, and no_loss refuses the removal. */
TEST(numbers_of_what_programs_need)
{
	static const struct {
		const char *available, *swap, *active, *inactive, *min_free;
		enum { REFUSED, PERMITTED, UNKNOWN } result;
	} needs[] = {
		{ "311296 kB", "0 kB", "0 kB", "0 kB", "4096", PERMITTED },
		{ "311295 kB", "0 kB", "0 kB", "0 kB", "4096", REFUSED },
		{ "311294 kB", "2 kB", "1 kB", "1 kB", "4096", PERMITTED },
		{ "311294 kB", "2 kB", "1 kB", "0 kB", "4096", REFUSED },
		{ "311296 kB", "0 kB", "0 kB", "0 kB", "24577", REFUSED },
		{ "18014398509481983", "0 kB", "0 kB", "0 kB", "4096", UNKNOWN },
		{ "17592186044415 kB", "17592186044415 kB", "17592186044415 kB",
		  "17592186044415 kB", "17592186044415", REFUSED },
		{ "99999999999999999999999", "0 kB", "0 kB", "0 kB", "4096", UNKNOWN },
		{ "-1 kB", "0 kB", "0 kB", "0 kB", "4096", UNKNOWN },
		{ "", "0 kB", "0 kB", "0 kB", "4096", UNKNOWN },
		{ NULL, "0 kB", "0 kB", "0 kB", "4096", UNKNOWN },
		{ "311296 kB", NULL, "0 kB", "0 kB", "4096", UNKNOWN },
		{ "311296 kB", "0 kB", "-", "0 kB", "4096", UNKNOWN },
		{ "311296 kB", "0 kB", "0 kB", NULL, "4096", UNKNOWN },
		{ "311296 kB", "0 kB", "0 kB", "0 kB", "", UNKNOWN },
		{ "311296 kB", "0 kB", "0 kB", "0 kB", NULL, UNKNOWN },
	};
	static const char *const words[] = { "MemAvailable", "SwapFree", "Active(anon)",
					     "Inactive(anon)" };

	for (size_t i = 0; i < 2 * ARRAY_SIZE(needs); i++) {
		const char *const *numbers = &needs[i / 2].available;
		struct mem_fake *m = mem_fake_new(4, 8, 0);
		bool is_unknown = needs[i / 2].result == UNKNOWN, no_loss = i % 2;
		char text[512] = "MemTotal: 3145728 kB\n";
		struct mem_outcome o;

		print_message("# row %zu\n", i);
		for (size_t n = 0; n < ARRAY_SIZE(words); n++)
			if (numbers[n])
				snprintf(text + strlen(text), sizeof(text) - strlen(text),
					 "%s: %s%s", words[n], numbers[n],
					 *numbers[n] ? "\n" : "");
		fake_text(m->f, "proc/meminfo", text);
		if (needs[i / 2].min_free)
			fake_text(m->f, "proc/sys/vm/min_free_kbytes",
				  needs[i / 2].min_free);
		m->f->dr.no_loss = no_loss;
		o = mem_fake_run(m, false, "0x80000005", 0, false);
		assert_int_equal(o.fault, needs[i / 2].result == REFUSED ? DR_FAULT_NEEDED
					  : is_unknown && no_loss	 ? DR_FAULT_LOSS
									 : DR_OK);
		assert_string_equal(m->writes, o.fault ? "" : "remove index 5");
		assert_int_equal(!strncmp(m->f->warnings,
					  "Memory is removed although what programs", 40),
				 is_unknown && !no_loss);
		mem_fake_free(m);
	}
}

/* A change that was planned for several requests is refused at the first one. */
TEST(the_sum_of_an_event)
{
	struct mem_fake *m = mem_fake_new(4, 8, 0);
	struct mem_job job;
	size_t at;

	fake_text(m->f, "proc/meminfo",
		  "MemTotal: 3145728 kB\nMemAvailable: 1097727 kB\nSwapFree: 0 kB\n"
		  "Active(anon): 0 kB\nInactive(anon): 0 kB\n");
	fake_text(m->f, "proc/sys/vm/min_free_kbytes", "1\n");
	for (uint32_t first = 4; first < 12; first++) {
		assert_int_equal(mem_job_open(&job, m->f->mem, &m->f->dr, false), 0);
		assert_true(mem_state_find(&job.state, 0x80000000 + first, &at));
		assert_int_equal(mem_job_one(&job, at), 0);
		/* Four LMBs are too many; the eleventh is the last one. */
		assert_int_equal(mem_job_check_sum(&job, true, 4),
				 first <= 8 ? -EBUSY : 0);
		assert_int_equal(job.x.error.memory.bytes,
				 first <= 8 ? UINT64_C(1) << 30 : 0);
		mem_job_end(&job, 0);
	}
	mem_fake_free(m);
}

static int run_it(struct fake *f, const void *arg)
{
	const struct killed_run *run = arg;

	(void)f;
	run->m->kill_at = run->moment;
	return mem_fake_run(run->m, run->add, NULL, 100, true).err;
}

/* All or nothing: earlier requests are undone, at every moment. */
TEST(killed_all_or_nothing)
{
	for (int add = 0; add < 2; add++) {
		bool was_killed = true;
		int moment = 0;

		while (was_killed) {
			struct mem_fake *m =
				mem_fake_new(0, add ? 10 : 110, add ? 110 : 10);
			char before[MEM_FAKE_LMBS + 1];
			struct dr_interrupted found;
			struct killed_run run = { m, add, ++moment };

			snprintf(before, sizeof(before), "%s", mem_fake_owned(m));
			was_killed = fake_run_until_killed(m->f, 0, run_it, &run);
			if (was_killed) {
				assert_int_equal(recovery_run(&m->f->dr, JOURNAL_FILE,
							      &found, NULL),
						 0);
				assert_string_equal(mem_fake_owned(m), before);
			}
			assert_false(recovery_is_needed(&m->f->dr));
			mem_fake_free(m);
		}
		assert_int_equal(moment, 5); /* two requests, before and after */
	}
}
