// SPDX-License-Identifier: GPL-2.0-or-later
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/unit/fakes/encode.h"
#include "tests/unit/fakes/mem_fake.h"
#include "wire/assoc.h"

#define TREE   "proc/device-tree/"
#define BLOCKS "sys/devices/system/memory/"
#define DRCONF TREE "ibm,dynamic-reconfiguration-memory/"

enum { BASE = 0x80000000 };

static bool is_reserved(const struct mem_fake *m, size_t i)
{
	return m->lmb[i].sense < 0;
}

/* ---- The tree ---- */

void mem_fake_publish(const struct mem_fake *m)
{
	static uint8_t bytes[8 + MEM_FAKE_LMBS * 24];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct lmb_set sets[MEM_FAKE_LMBS];

	for (size_t i = 0; i < m->n; i++) {
		bool owned = m->lmb[i].is_owned;

		sets[i] = (struct lmb_set){
			.address = (uint64_t)i * MEM_FAKE_LMB_BYTES,
			.count = 1,
			.drc_index = is_reserved(m, i) ? 0 : BASE + (uint32_t)i,
			.array = owned ? m->lmb[i].array : LMB_NO_ARRAY,
			.flags = is_reserved(m, i) ? LMB_RESERVED | LMB_DRC_INVALID
				 : owned	   ? LMB_ASSIGNED
						   : 0,
		};
	}
	dynmem_encode(&b, DYNMEM_V2, sets, (uint32_t)m->n, MEM_FAKE_LMB_BYTES);
	assert_true(builder_fits(&b));
	fake_file(m->f, DRCONF "ibm,dynamic-memory-v2", bytes, b.len);
	fake_text(m->f, BLOCKS "block_size_bytes", "10000000\n");
	for (size_t i = 0; i < m->n; i++) {
		char path[64];

		snprintf(path, sizeof(path), BLOCKS "memory%zu", i);
		if (m->lmb[i].is_owned)
			fake_text(m->f, strcat(path, "/state"), "online\n");
		else
			fake_remove(m->f, path);
	}
}

void mem_fake_nodes(struct mem_fake *m, const char *const *cpulists)
{
	static const uint8_t vector[] = { 0x19, 0, 0x20, 0, 0, 0x80 },
			     points[] = { 0, 0, 0, 1 };
	static const uint32_t domains[] = { 0, 1, 2, 3 };
	uint8_t arrays[8 + sizeof(domains)];
	struct builder b = builder_of(arrays, sizeof(arrays));
	char path[64];

	assoc_arrays_encode(&b, COUNT(domains), 1, domains);
	fake_file(m->f, DRCONF "ibm,associativity-lookup-arrays", arrays, b.len);
	fake_file(m->f, TREE "chosen/ibm,architecture-vec-5", vector, sizeof(vector));
	fake_file(m->f, TREE "rtas/ibm,associativity-reference-points", points,
		  sizeof(points));
	for (int i = 0; cpulists[i]; i++) {
		snprintf(path, sizeof(path), "sys/devices/system/node/node%d/cpulist", i);
		fake_text(m->f, path, cpulists[i]);
	}
}

const char *mem_fake_owned(const struct mem_fake *m)
{
	static char text[MEM_FAKE_LMBS + 1];

	for (size_t i = 0; i < m->n; i++)
		text[i] = is_reserved(m, i) ? 'r' : m->lmb[i].is_owned ? 'o' : '.';
	text[m->n] = '\0';
	return text;
}

/* ---- The kernel ---- */

static bool can(const struct mem_fake *m, size_t i, bool add)
{
	if (is_reserved(m, i) || m->lmb[i].is_owned == add || m->lmb[i].is_stuck)
		return false;
	return !add || m->lmb[i].sense == DRC_SENSE_UNUSABLE;
}

static void change(struct mem_fake *m, size_t i, bool add)
{
	m->lmb[i].is_owned = add;
	m->lmb[i].sense = add || m->keeps ? DRC_SENSE_PRESENT : DRC_SENSE_UNUSABLE;
}

/* It was acquired before an error. */
static void keep_stuck(struct mem_fake *m, size_t first, size_t n)
{
	for (size_t i = first; m->keeps && i < first + n; i++)
		if (m->lmb[i].is_stuck && !m->lmb[i].is_owned)
			m->lmb[i].sense = DRC_SENSE_PRESENT;
}

static int by_count(struct mem_fake *m, bool add, uint32_t count)
{
	uint32_t found = 0;

	for (size_t i = 0; i < m->n; i++)
		found += can(m, i, add);
	if (found < count) {
		keep_stuck(m, 0, add ? m->n : 0);
		return -EINVAL;
	}
	found = m->half && m->half < count ? m->half : count;
	for (size_t i = 0, left = found; left && i < m->n; i++) {
		if (!can(m, i, add))
			continue;
		change(m, i, add);
		left--;
	}
	return found < count ? -EIO : 0;
}

static int by_range(struct mem_fake *m, bool add, uint32_t count, uint32_t index)
{
	size_t first = index - BASE;

	assert_true(first + count <= m->n);
	for (size_t i = first; i < first + count; i++)
		if (m->lmb[i].is_owned != add && !can(m, i, add)) {
			keep_stuck(m, first, add ? count : 0);
			return count > 1 ? -EINVAL : add ? -EPERM : -EBUSY;
		}
	for (size_t i = first; i < first + count; i++)
		if (m->lmb[i].is_owned != add)
			change(m, i, add);
	return 0;
}

static void note(struct mem_fake *m, const char *verb, const char *form, uint32_t count,
		 uint32_t index)
{
	size_t used = strlen(m->writes);
	char *to = m->writes + used;
	size_t size = sizeof(m->writes) - used;
	const char *comma = used ? ", " : "";

	if (!strcmp(form, "count"))
		snprintf(to, size, "%s%s count %u", comma, verb, count);
	else if (!strcmp(form, "index"))
		snprintf(to, size, "%s%s index %u", comma, verb, index - BASE);
	else
		snprintf(to, size, "%s%s range %u %u", comma, verb, count, index - BASE);
}

static int request(struct mem_fake *m, const char *text)
{
	char verb[8], form[16];
	uint32_t count = 1, index = 0;
	bool add;
	int err;

	if (sscanf(text, "memory %7s %15s", verb, form) != 2)
		fail_msg("a request: %s", text);
	if (!strcmp(form, "count"))
		assert_int_equal(sscanf(text, "memory %*s count %u", &count), 1);
	else if (!strcmp(form, "index"))
		assert_int_equal(sscanf(text, "memory %*s index %x", &index), 1);
	else
		assert_int_equal(
			sscanf(text, "memory %*s indexed-count %u %x", &count, &index),
			2);
	note(m, verb, form, count, index);
	if (m->lies)
		return 0;
	add = !strcmp(verb, "add");
	err = index ? by_range(m, add, count, index) : by_count(m, add, count);
	mem_fake_publish(m);
	return m->fail_with ? m->fail_with : err;
}

static struct mem_fake *machine; /* the one of this test */

static void moment(void)
{
	if (machine->kill_at && !--machine->kill_at)
		kill(getpid(), SIGKILL);
}

static ssize_t take(const struct kern_root *root, const char *path, const void *buf,
		    size_t len, const struct deadline *dl)
{
	char text[128];
	int err;

	(void)root;
	(void)dl;
	assert_string_equal(path, "sys/kernel/dlpar");
	snprintf(text, sizeof(text), "%.*s", (int)len, (const char *)buf);
	moment();
	err = request(machine, text);
	moment();
	return err ? err : (ssize_t)len;
}

/* ---- Firmware ---- */

/* A release: isolated first, then unusable. */
static void set_indicator(struct mem_fake *m, size_t i, struct rtas_args *args)
{
	assert_false(m->lmb[i].is_owned);
	assert_int_equal(args->in[2], 0);
	if (args->in[0] == DRC_ISOLATION)
		m->lmb[i].is_isolated = true;
	else if (m->lmb[i].is_isolated && !m->lmb[i].is_refused)
		m->lmb[i].sense = DRC_SENSE_UNUSABLE;
	args->out[0] = args->in[0] == DRC_ALLOCATION && m->lmb[i].is_refused ? ~0u : 0;
}

static int call(void *priv, struct rtas_args *args)
{
	struct mem_fake *m = priv;
	size_t i = args->in[1] - BASE;
	int sense;

	if (m->no_rtas)
		return -EPERM;
	assert_true(i < m->n);
	if (args->nargs == 3) {
		set_indicator(m, i, args);
		return 0;
	}
	assert_int_equal(args->in[0], DRC_ENTITY_SENSE);
	m->n_sensed++;
	sense = m->lmb[i].sense;
	args->out[0] = sense < 0 ? (uint32_t)sense : 0;
	args->out[1] = sense < 0 ? 0 : (uint32_t)sense;
	return 0;
}

/* ---- The whole ---- */

struct mem_fake *mem_fake_new(size_t reserved, size_t owned, size_t n_free)
{
	static const uint8_t bytes[] = { 0, 0, 0, 0, 0x10, 0, 0, 0 };
	struct mem_fake *m = mmap(NULL, sizeof(*m), PROT_READ | PROT_WRITE,
				  MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	assert_ptr_not_equal(m, MAP_FAILED);
	m->f = fake_new();
	m->n = reserved + owned + n_free;
	assert_true(m->n <= MEM_FAKE_LMBS);
	for (size_t i = 0; i < m->n; i++) {
		m->lmb[i].is_owned = i >= reserved && i < reserved + owned;
		m->lmb[i].sense = i < reserved	       ? -3
				  : m->lmb[i].is_owned ? DRC_SENSE_PRESENT
						       : DRC_SENSE_UNUSABLE;
	}
	fake_file(m->f, DRCONF "ibm,lmb-size", bytes, sizeof(bytes));
	fake_text(m->f, "sys/kernel/dlpar", "memory,cpu\n");
	mem_fake_publish(m);
	machine = m;
	m->f->root.write = take;
	m->f->engine.transport.call = call;
	m->f->engine.transport.priv = m;
	return m;
}

void mem_fake_free(struct mem_fake *m)
{
	m->f->engine.transport.priv = m->f;
	fake_free(m->f);
	munmap(m, sizeof(*m));
}

static int plan(struct mem_job *job, const char *key, size_t count)
{
	size_t at;
	int err = key ? mem_job_find(job, key, &at) : 0;

	if (err)
		return err;
	return key ? mem_job_one(job, at) : mem_job_quantity(job, count);
}

struct mem_outcome mem_fake_run(struct mem_fake *m, bool add, const char *key,
				size_t count, bool all_or_nothing)
{
	struct mem_outcome o = { 0 };
	struct mem_batch batch;
	struct mem_job job;

	o.err = mem_job_open(&job, m->f->mem, &m->f->dr, add);
	job.all_or_nothing = all_or_nothing;
	if (!o.err)
		o.err = plan(&job, key, count);
	o.fault = job.x.error.fault;
	while (!o.err && mem_job_next(&job, &batch) > 0) {
		int err = mem_job_run(&job, &batch);

		if (err)
			o.fault = batch.error.fault;
		if (err && !batch.is_retried && !job.by_numa)
			break;
	}
	o.done = job.n_done;
	if (!o.err)
		o.err = mem_job_end(&job, o.done < job.wanted ? -ECANCELED : 0);
	o.is_undo_incomplete = job.x.is_undo_incomplete;
	return o;
}
