// SPDX-License-Identifier: GPL-2.0-or-later
/* Memory without the kernel's help: the order of calls and writes. A failure or a kill at
 * any step leaves the machine as it was. */
#include <unistd.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/types/mem/mem_job.h"
#include "libdrmgr/core/recovery.h"
#include "tests/unit/fakes/fake_platform.h"
#include "wire/assoc.h"

#define TREE   "proc/device-tree"
#define DRCONF TREE DYNMEM_NODE "/"
#define MEMORY "sys/devices/system/memory"

enum { LMBS = 4, FIRST = 4, BASE = 0x80000000 };

static const uint64_t lmb_bytes = 256 << 20;

/* ---- A machine with LMB 4 to LMB 7, each of two blocks ---- */

static ssize_t set_state(struct fake *f, const char *path, const char *text)
{
	unsigned int n;
	char word[64];

	assert_int_equal(sscanf(path, MEMORY "/memory%u/state", &n), 1);
	snprintf(word, sizeof(word), "memory%u=%s", n, text);
	if (fake_note(f, 0, "%s", word)) {
		if (f->fail_with == -ETIMEDOUT)
			fake_text(f, path, "going-offline\n");
		return f->fail_with;
	}
	fake_text(f, path, !strcmp(text, "online") ? "online\n" : "offline\n");
	return (ssize_t)strlen(text);
}

static ssize_t take(struct fake *f, const char *path, const char *text)
{
	unsigned long long address;
	char state[64];

	if (strcmp(path, MEMORY "/probe") != 0)
		return set_state(f, path, text);
	if (fake_note(f, 0, "probe"))
		return f->fail_with;
	assert_int_equal(sscanf(text, "0x%llx", &address), 1);
	assert_int_equal(address % (lmb_bytes / 2), 0);
	snprintf(state, sizeof(state), MEMORY "/memory%llu/state",
		 address / (lmb_bytes / 2));
	fake_text(f, state, "offline\n");
	return (ssize_t)strlen(text);
}

static void put(struct fdt_frag *frag, enum cc_status status, const char *name,
		const void *value, uint32_t len)
{
	const struct cc_item item = { status, name, value, len };

	assert_int_equal(fdt_frag_add(frag, &item), 0);
}

/* As in QEMU's firmware: the node has no associativity. */
static void describe(struct fake_drc *d, unsigned int lmb)
{
	const uint8_t domains[] = { 0, 0, 0, 1, 0, 0, 0, (uint8_t)(lmb & 1) };
	char name[32];

	snprintf(name, sizeof(name), "memory@%x", lmb << 28);
	assert_int_equal(fdt_frag_init(&d->frag), 0);
	put(&d->frag, CC_CHILD, name, NULL, 0);
	put(&d->frag, CC_PROPERTY, "device_type", "memory", 7);
	put(&d->frag, CC_PROPERTY, ASSOC_PROP, domains, sizeof(domains));
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
}

static void put_arrays(const struct fake *f, uint32_t n)
{
	static const uint32_t domains[] = { 0, 1 };
	uint8_t bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));

	assoc_arrays_encode(&b, n, 1, domains);
	fake_file(f, DRCONF ASSOC_ARRAYS_PROP, bytes, b.len);
}

static void put_table(const struct fake *f, enum dynmem_version version)
{
	const struct lmb_set set = { .address = FIRST * lmb_bytes,
				     .count = LMBS,
				     .drc_index = BASE + FIRST,
				     .array = LMB_NO_ARRAY };
	static const uint8_t size[] = { 0, 0, 0, 0, 0x10, 0, 0, 0 },
			     phandle[] = { 0, 0, 0x12, 0x34 };
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));

	dynmem_encode(&b, version, &set, 1, lmb_bytes);
	fake_file(f, version == DYNMEM_V1 ? DRCONF DYNMEM_V1_PROP : DRCONF DYNMEM_V2_PROP,
		  bytes, b.len);
	put_arrays(f, 2);
	fake_file(f, DRCONF DYNMEM_LMB_SIZE_PROP, size, sizeof(size));
	fake_file(f, DRCONF "ibm,phandle", phandle, sizeof(phandle));
}

static struct fake *machine(enum dynmem_version version)
{
	struct fake *f = fake_new();
	struct drc drcs[LMBS];

	for (unsigned int i = 0; i < LMBS; i++) {
		struct fake_drc *d;
		char name[16];

		snprintf(name, sizeof(name), "LMB %u", FIRST + i);
		d = fake_logical(f, BASE + FIRST + i, name, "MEM", "");
		d->is_present = i < 3;
		drcs[i] = (struct drc){ d->index, ~0u, d->name, d->type };
		describe(d, FIRST + i);
	}
	f->first = BASE + FIRST;
	f->take = take;
	fake_put_lists(f, "", drcs, LMBS);
	put_table(f, version);
	fake_text(f, MEMORY "/block_size_bytes", "8000000\n");
	return f;
}

/* ---- A command ---- */

struct outcome {
	int err;
	size_t done;
	enum dr_fault fault;
	bool is_undo_incomplete;
};

static int plan(struct mem_job *job, const char *key, size_t count)
{
	size_t at;
	int err = key ? mem_job_find(job, key, &at) : 0;

	if (err)
		return err;
	return key ? mem_job_one(job, at) : mem_job_quantity(job, count);
}

static struct outcome run(struct fake *f, bool add, const char *key, size_t count,
			  bool all_or_nothing)
{
	struct outcome o = { 0 };
	struct dr_error error = { 0 };
	struct mem_batch batch;
	struct mem_job job;
	bool by_tree;

	f->trace[0] = '\0';
	assert_int_equal(mem_choose_way(&f->dr, "auto", &by_tree, &error), 0);
	assert_true(by_tree);
	o.err = mem_job_open(&job, f->mem, &f->dr, add);
	job.all_or_nothing = all_or_nothing;
	job.by_tree = by_tree;
	if (!o.err)
		o.err = plan(&job, key, count);
	o.fault = job.x.error.fault;
	while (!o.err && mem_job_next(&job, &batch) > 0)
		if (mem_job_run(&job, &batch) && (!batch.is_retried || !o.fault))
			o.fault = batch.error.fault;
	o.done = job.n_done;
	if (!o.err)
		o.err = mem_job_end(&job, o.done < job.wanted ? -ECANCELED : 0);
	o.is_undo_incomplete = job.x.is_undo_incomplete;
	return o;
}

/* Tree and connectors, and the online blocks. */
static char *snapshot(const struct fake *f)
{
	char *tree = fake_snapshot(f), *text, state[16], path[64];
	size_t size;
	FILE *to = open_memstream(&text, &size);

	fputs(tree, to);
	free(tree);
	for (unsigned int n = 2 * FIRST; n < 2 * (FIRST + LMBS); n++) {
		char *bytes = NULL;
		size_t len;

		snprintf(path, sizeof(path), MEMORY "/memory%u/state", n);
		snprintf(state, sizeof(state), "%s",
			 kern_read(&f->root, path, &bytes, &len) ? "offline\n" : bytes);
		fprintf(to, "memory%u %s", n, state);
		free(bytes);
	}
	fclose(to);
	return text;
}

static void assert_as(const struct fake *f, const char *before)
{
	char *after = snapshot(f);

	assert_string_equal(after, before);
	free(after);
}

static const char add_one[] = "S=2 I9003=1 I9001=1 CC update_property "
			      "probe memory8=online probe memory9=online",
		  remove_one[] = "memory8=offline memory9=offline update_property "
				 "I9001=0 I9003=0";

TEST(there_and_back)
{
	for (int version = DYNMEM_V1; version <= DYNMEM_V2; version++) {
		struct fake *f = machine((enum dynmem_version)version);
		char *before = snapshot(f);
		struct outcome o = run(f, true, NULL, 1, false);

		assert_int_equal(o.err, 0);
		assert_int_equal(o.done, 1);
		assert_string_equal(strstr(f->trace, "S=2"), add_one);
		assert_int_equal(run(f, true, "0x80000004", 0, false).fault,
				 DR_FAULT_OWNED);
		o = run(f, false, "LMB 4", 0, false);
		assert_int_equal(o.err, 0);
		assert_string_equal(f->trace, remove_one);
		assert_as(f, before);
		/* its blocks exist, and are offline */
		o = run(f, true, NULL, 1, false);
		assert_null(strstr(f->trace, "probe"));
		assert_int_equal(o.done, 1);
		free(before);
		fake_free(f);
	}
}

/* Only firmware knows which LMBs have memory. */
TEST(others_instead)
{
	struct fake *f = machine(DYNMEM_V2);
	struct outcome o;

	fake_drc(f, "LMB 4")->is_present = false;
	o = run(f, true, NULL, 2, false);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.done, 2);
	assert_false(o.is_undo_incomplete);
	/* one that cannot be removed is replaced by the next */
	f->fail_word = "memory10=offline";
	f->fail_with = -EBUSY;
	o = run(f, false, NULL, 1, false);
	assert_int_equal(o.err, 0);
	assert_int_equal(o.done, 1);
	assert_true(fake_drc(f, "LMB 5")->is_allocated);
	assert_false(fake_drc(f, "LMB 6")->is_allocated);
	/* fewer than requested */
	o = run(f, true, NULL, 3, true);
	assert_int_equal(o.done, 1);
	assert_int_equal(o.fault, DR_FAULT_FIRMWARE);
	assert_false(fake_drc(f, "LMB 6")->is_allocated);
	assert_int_equal(run(f, true, NULL, 9, false).fault, DR_FAULT_TOO_FEW);
	fake_free(f);
}

/* A new associativity array is appended and stays: the kernel does the same. */
TEST(new_array)
{
	struct fake *f = machine(DYNMEM_V2);
	static const uint32_t domains[] = { 0, 1 };
	uint8_t bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));
	char *got;
	size_t len;

	put_arrays(f, 1);
	assert_int_equal(run(f, true, "LMB 5", 0, false).err, 0);
	assoc_arrays_encode(&b, 2, 1, domains);
	assert_int_equal(kern_read(&f->root, DRCONF ASSOC_ARRAYS_PROP, &got, &len), 0);
	assert_int_equal(len, b.len);
	assert_memory_equal(got, bytes, len);
	free(got);
	fake_free(f);
}

TEST(a_plan_changes_nothing)
{
	struct fake *f = machine(DYNMEM_V2);
	char *before = snapshot(f);

	f->dr.dry_run = true;
	assert_int_equal(run(f, true, NULL, 2, false).done, 2);
	assert_null(strchr(f->trace, 'I'));
	assert_as(f, before);
	free(before);
	fake_free(f);
}

static void owned(struct fake *f, bool add)
{
	if (!add)
		assert_int_equal(run(f, true, NULL, 2, false).done, 2);
}

/* Every word of a whole run fails in turn. */
TEST(failures)
{
	int n_failures = 0;

	for (int add = 0; add < 2; add++) {
		struct fake *f = machine(DYNMEM_V2);
		char trace[4096], *word, *rest = trace;

		owned(f, add);
		run(f, add, "LMB 4", 0, false);
		snprintf(trace, sizeof(trace), "%s", f->trace);
		fake_free(f);
		while ((word = strsep(&rest, " "))) {
			struct outcome o;
			char *before;

			/* an unreadable sensor counts as available, and an LMB that Linux
			 * has removed is removed, whatever firmware answers */
			if (!strncmp(word, "S=", 2) || !strcmp(word, "I9001=0") ||
			    !strcmp(word, "I9003=0"))
				continue;
			f = machine(DYNMEM_V2);
			owned(f, add);
			before = snapshot(f);
			f->fail_word = word;
			f->fail_with = *word == 'I' || *word == 'C' ? -1 : -EBUSY;
			f->fail_cc_nth = *word == 'C' ? f->cc_calls : -1;
			o = run(f, add, "LMB 4", 0, false);
			if (!o.err || o.is_undo_incomplete)
				fail_msg("%s: err %d", word, o.err);
			assert_as(f, before);
			free(before);
			fake_free(f);
			n_failures++;
		}
	}
	print_message("# %d failures\n", n_failures);
	assert_true(n_failures >= 10);
}

/* A block that the kernel is still offlining is online: firmware must not get it. */
TEST(going_offline_is_not_offline)
{
	struct fake *f = machine(DYNMEM_V2);
	struct outcome o;
	char *before;

	owned(f, false);
	before = snapshot(f);
	f->fail_word = "memory8=offline";
	f->fail_with = -ETIMEDOUT;
	o = run(f, false, "LMB 4", 0, false);
	assert_int_equal(o.fault, DR_FAULT_KERNEL);
	assert_int_equal(o.done, 0);
	assert_null(strstr(f->trace, "I9001=0"));
	assert_as(f, before);

	/* the same for one that another process is offlining */
	fake_text(f, MEMORY "/memory9/state", "going-offline\n");
	f->fail_nth = 0;
	f->fail_word = "memory9=offline";
	f->fail_with = -EBUSY;
	o = run(f, false, "LMB 4", 0, false);
	assert_int_equal(o.fault, DR_FAULT_KERNEL);
	assert_null(strstr(f->trace, "I9001=0"));
	free(before);
	fake_free(f);
}

/* ---- A kill -9 ---- */

static int run_it(struct fake *f, const void *add)
{
	return run(f, *(const bool *)add, NULL, 2, true).err;
}

TEST(killed)
{
	int moments = 0;

	for (int n = 0; n < 2; n++) {
		const bool add = n;
		bool was_killed = true;

		for (int moment = 1; was_killed; moment++, moments++) {
			struct fake *f = machine(DYNMEM_V2);
			struct recovered found;
			char *before;

			owned(f, add);
			before = snapshot(f);
			was_killed = fake_run_until_killed(f, moment, run_it, &add);
			if (was_killed) {
				assert_int_equal(
					recovery_run(&f->dr, JOURNAL_FILE, &found), 0);
				assert_as(f, before);
			}
			assert_false(recovery_is_needed(&f->dr));
			free(before);
			fake_free(f);
		}
	}
	print_message("# %d moments\n", moments);
	assert_true(moments > 60);
}
