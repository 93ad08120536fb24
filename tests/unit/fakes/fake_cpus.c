// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/fake_cpus.h"
#include "wire/builder.h"

#define CPU_DIR "sys/devices/system/cpu"

enum { CPUS = 2 * FAKE_CORES, PRESENT = 1, ONLINE = 2 };

static struct fake_drc *core_drc(struct fake *f, unsigned int core)
{
	char name[16];

	snprintf(name, sizeof(name), "CPU %u", core);
	return fake_drc(f, name);
}

static unsigned int online_count(const struct fake *f)
{
	unsigned int n = 0;

	for (int i = 0; i < CPUS; i++)
		n += (f->cpus[i] & ONLINE) != 0;
	return n;
}

static void put_list(const struct fake *f, const char *file, uint8_t bit)
{
	char text[64] = "", path[64];

	for (int i = 0; i < CPUS; i++)
		if (f->cpus[i] & bit)
			snprintf(text + strlen(text), sizeof(text) - strlen(text), "%s%d",
				 *text ? "," : "", i);
	snprintf(path, sizeof(path), CPU_DIR "/%s", file);
	fake_text(f, path, strcat(text, "\n"));
}

static void put_sysfs(const struct fake *f)
{
	char path[64], text[8];

	put_list(f, "present", PRESENT);
	put_list(f, "online", ONLINE);
	for (int i = 0; i < CPUS; i++) {
		snprintf(path, sizeof(path), CPU_DIR "/cpu%d/online", i);
		fake_text(f, path, f->cpus[i] & ONLINE ? "1\n" : "0\n");
		snprintf(path, sizeof(path), CPU_DIR "/cpu%d/physical_id", i);
		snprintf(text, sizeof(text), "%d\n",
			 f->cpus[i] & PRESENT ? i / 2 * 8 + i % 2 : -1);
		fake_text(f, path, text);
	}
}

char *fake_cpus_online(const struct fake *f)
{
	char *text;
	size_t len;

	assert_int_equal(kern_read(&f->root, CPU_DIR "/online", &text, &len), 0);
	text[strcspn(text, "\n")] = '\0';
	return text;
}

static void put_threads(struct fake *f, unsigned int core, uint8_t state)
{
	f->cpus[2 * core] = f->cpus[2 * core + 1] = state;
	put_sysfs(f);
}

static ssize_t add(struct fake *f, unsigned int core)
{
	struct fake_drc *d = core_drc(f, core);

	if (!d->is_present || d->is_allocated)
		return -EINVAL;
	d->is_allocated = true;
	d->state = FAKE_CONFIGURED;
	fake_attach(f, d);
	put_threads(f, core, PRESENT | ONLINE);
	return 0;
}

/* If the last thread cannot go offline, an earlier one may already be offline and stays
 * so. */
static ssize_t remove_core(struct fake *f, unsigned int core)
{
	struct fake_drc *d = core_drc(f, core);
	char path[128];

	if (!d->is_allocated)
		return -ENODEV;
	for (unsigned int i = 2 * core; i < 2 * core + 2; i++) {
		if (f->cpus[i] & ONLINE && online_count(f) == 1) {
			put_sysfs(f);
			return -EINVAL;
		}
		f->cpus[i] &= (uint8_t)~ONLINE;
	}
	d->is_allocated = false;
	d->state = FAKE_POWERON;
	snprintf(path, sizeof(path), "proc/device-tree/cpus/PowerPC,POWER9@%x", 8 * core);
	fake_remove(f, path);
	put_threads(f, core, 0);
	return 0;
}

static ssize_t set_thread(struct fake *f, unsigned int cpu, bool online)
{
	if (fake_note(f, 0, "cpu%u=%d", cpu, online))
		return f->fail_with;
	if (!(f->cpus[cpu] & PRESENT))
		return -EINVAL;
	if (!online && f->cpus[cpu] & ONLINE && online_count(f) == 1)
		return -EBUSY;
	f->cpus[cpu] = online ? PRESENT | ONLINE : PRESENT;
	put_sysfs(f);
	return 0;
}

/* A request can fail in the middle: threads are offline already, and firmware refuses the
 * kernel's undo, because it needs a configuration first. */
static ssize_t request(struct fake *f, const char *word, uint32_t index, bool is_add)
{
	unsigned int core = index & 0xff;
	struct fake_drc *d = core_drc(f, core);

	assert_uint_in_range(core, 0, FAKE_CORES - 1);
	if (fake_note(f, index, "%s", word)) {
		if (d->is_present) {
			d->is_allocated = true;
			d->state = FAKE_UNISOLATE;
			fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
		}
		if (!is_add && online_count(f) > 2) {
			f->cpus[2 * core] &= (uint8_t)~ONLINE;
			put_sysfs(f);
		}
		return f->fail_with;
	}
	return is_add ? add(f, core) : remove_core(f, core);
}

static ssize_t take(struct fake *f, const char *path, const char *text)
{
	unsigned int n, value;
	ssize_t err = -EIO;
	char verb[8];

	if (!strcmp(path, "sys/kernel/dlpar")) {
		assert_int_equal(sscanf(text, "cpu %7s index %x", verb, &n), 2);
		err = request(f, *verb == 'a' ? "cpu-add" : "cpu-remove", n,
			      *verb == 'a');
	} else if (sscanf(path, CPU_DIR "/cpu%u/online", &n) == 1) {
		assert_int_equal(sscanf(text, "%u", &value), 1);
		err = set_thread(f, n, value);
	} else {
		fail_msg("a write to %s", path);
	}
	return err ? err : (ssize_t)strlen(text);
}

/* Linux registers the threads of a new node, and unregisters those of a removed one. */
static void on_node(struct fake *f, const char *path, bool added)
{
	unsigned int at;

	if (sscanf(path, "/cpus/PowerPC,POWER9@%x", &at) != 1)
		return;
	if (!added && f->cpus[at / 4] & ONLINE)
		fail_msg("%s: removed while in use", path);
	put_threads(f, at / 8, added ? PRESENT : 0);
}

static void put(struct fdt_frag *frag, enum cc_status status, const char *name,
		const uint8_t *value, uint32_t len)
{
	const struct cc_item item = { status, name, value, len };

	assert_int_equal(fdt_frag_add(frag, &item), 0);
}

static void describe(struct fake_drc *d, unsigned int core)
{
	const uint8_t reg[] = { 0, 0, 0, (uint8_t)(8 * core) },
		      index[] = { 0x10, 0, 0, (uint8_t)core },
		      threads[] = { 0, 0, 0, (uint8_t)(8 * core),
				    0, 0, 0, (uint8_t)(8 * core + 1) };
	char name[32];

	snprintf(name, sizeof(name), "PowerPC,POWER9@%x", 8 * core);
	assert_int_equal(fdt_frag_init(&d->frag), 0);
	put(&d->frag, CC_CHILD, name, NULL, 0);
	put(&d->frag, CC_PROPERTY, "device_type", (const uint8_t *)"cpu", 4);
	put(&d->frag, CC_PROPERTY, "reg", reg, sizeof(reg));
	put(&d->frag, CC_PROPERTY, "ibm,my-drc-index", index, sizeof(index));
	put(&d->frag, CC_PROPERTY, "ibm,ppc-interrupt-server#s", threads,
	    sizeof(threads));
	assert_int_equal(fdt_frag_finish(&d->frag), 0);
	fdt_walk_begin(&d->walk, d->frag.fdt, fdt_frag_top(&d->frag));
}

struct fake *fake_cpus_new(unsigned int owned, unsigned int attached)
{
	static const unsigned int order[FAKE_CORES] = { 3, 0, 1, 2 };
	struct drc drcs[FAKE_CORES];
	struct fake *f = fake_new();

	f->take = take;
	f->on_node = on_node;
	for (int i = 0; i < FAKE_CORES; i++) {
		unsigned int core = order[i];
		struct fake_drc *d;
		char name[16];

		snprintf(name, sizeof(name), "CPU %u", core);
		d = fake_logical(f, 0x10000000 + core, name, "CPU", "/cpus");
		drcs[i] = (struct drc){ d->index, ~0u, d->name, d->type };
		d->is_present = attached >> core & 1;
		describe(d, core);
	}
	fake_put_lists(f, "/cpus", drcs, FAKE_CORES);
	put_sysfs(f);
	for (unsigned int core = 0; core < FAKE_CORES; core++)
		if (owned >> core & 1)
			assert_int_equal(add(f, core), 0);
	return f;
}

void fake_cpus_by_kernel(struct fake *f)
{
	fake_text(f, "sys/kernel/dlpar", "memory,cpu\n");
}
