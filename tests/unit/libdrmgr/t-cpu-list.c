// SPDX-License-Identifier: GPL-2.0-or-later
/* Cores, their threads and caches, host bridges; and the selection of one. */
#include "libdrmgr/types/cpu/cpu_list.h"
#include "libdrmgr/types/cpu/cpu_score.h"
#include "libdrmgr/types/logical/phb_list.h"
#include "tests/unit/fakes/fake_platform.h"
#include "wire/drc_info.h"

#define CPUS "proc/device-tree/cpus/"
#define SYS  "sys/devices/system/"

static void put_info(const struct fake *f, const char *path, const struct drc_info *di)
{
	uint8_t bytes[256];
	struct builder b = builder_of(bytes, sizeof(bytes));

	drc_info_encode(&b, di, 1);
	fake_file(f, path, bytes, b.len);
}

static void put_cells(const struct fake *f, const char *path, const uint32_t *cells,
		      size_t n)
{
	uint8_t bytes[64];
	struct builder b = builder_of(bytes, sizeof(bytes));

	for (size_t i = 0; i < n; i++)
		builder_be32(&b, cells[i]);
	fake_file(f, path, bytes, b.len);
}

static void put_u32(const struct fake *f, const char *path, uint32_t v)
{
	put_cells(f, path, &v, 1);
}

/* Three cores of two threads; the partition owns the first and the last. */
static struct fake *machine(void)
{
	static const struct drc_info info = { "CPU", "CPU ", 0x10000000, 0,
					      3,     2,	     0xffffffff };
	struct fake *f = fake_new();

	put_info(f, CPUS "ibm,drc-info", &info);
	put_u32(f, CPUS "PowerPC,POWER9@0/ibm,my-drc-index", 0x10000000);
	put_cells(f, CPUS "PowerPC,POWER9@0/ibm,ppc-interrupt-server#s",
		  (const uint32_t[]){ 0, 1 }, 2);
	put_u32(f, CPUS "PowerPC,POWER9@4/ibm,my-drc-index", 0x10000004);
	put_cells(f, CPUS "PowerPC,POWER9@4/ibm,ppc-interrupt-server#s",
		  (const uint32_t[]){ 4, 5 }, 2);
	return f;
}

/* Behaviours: log-bug-24.hole, log-5.3-threads */
TEST(threads)
{
	struct fake *f = machine();
	struct cpu_list list;

	/* Two numbers are between ours; cpu1 never existed, and has the value 0. */
	fake_text(f, SYS "cpu/present", "0,2-4\n");
	fake_text(f, SYS "cpu/online", "0,3\n");
	fake_text(f, SYS "cpu/cpu0/physical_id", "0\n");
	fake_text(f, SYS "cpu/cpu1/physical_id", "0\n");
	fake_text(f, SYS "cpu/cpu2/physical_id", "0x1\n");
	fake_text(f, SYS "cpu/cpu3/physical_id", "4\n");
	fake_text(f, SYS "cpu/cpu4/physical_id", "-1\n");
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_string_equal(f->warnings, "");
	assert_int_equal(list.n, 3);
	assert_string_equal(list.cpus[0].c->drc.name, "CPU 4");
	assert_string_equal(list.cpus[0].node->path, "/cpus/PowerPC,POWER9@4");
	assert_int_equal(list.cpus[0].threads[0].cpu->number, 3);
	assert_true(list.cpus[0].threads[0].cpu->is_online);
	assert_null(list.cpus[0].threads[1].cpu);
	assert_int_equal(list.cpus[0].threads[1].hardware, 5);
	assert_string_equal(list.cpus[1].c->drc.name, "CPU 2");
	assert_null(list.cpus[1].node);
	assert_int_equal(list.cpus[1].n_threads, 0);
	assert_int_equal(list.cpus[2].threads[0].cpu->number, 0);
	assert_int_equal(list.cpus[2].threads[1].cpu->number, 2);
	assert_false(list.cpus[2].threads[1].cpu->is_online);
	fake_free(f);
}

/* Behaviours: log-5.3-none */
TEST(without_sysfs_or_connectors)
{
	struct fake *f = machine();
	struct cpu_list list;

	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(list.cpus[2].n_threads, 2);
	assert_null(list.cpus[2].threads[0].cpu);
	fake_remove(f, CPUS "ibm,drc-info");
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), -ENODEV);
	fake_free(f);
}

/* Impossible numbers: omitted, without a loop over them.
 * Behaviours: io-hostile-threads */
TEST(hostile_numbers)
{
	struct drc_info info = { "CPU", "CPU ", 0, 0, 1 << 20, 1, 0xffffffff };
	static uint8_t many[4 * 257];
	struct fake *f = machine();
	struct cpu_list list;
	char prefix[101] = "";

	fake_file(f, CPUS "PowerPC,POWER9@0/ibm,ppc-interrupt-server#s", many,
		  sizeof(many));
	fake_text(f, SYS "cpu/present", "0-3,0-4294967295\n");
	fake_text(f, SYS "cpu/cpu0/physical_id", "4\n");
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_non_null(strstr(f->warnings, "ibm,ppc-interrupt-server#s: damaged"));
	assert_int_equal(list.cpus[2].n_threads, 0);
	assert_int_equal(list.linux_cpus.n, 1);

	put_info(f, CPUS "ibm,drc-info", &info);
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(list.n, 1 << 20);
	info.count++;
	put_info(f, CPUS "ibm,drc-info", &info);
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), -ENODEV);
	assert_non_null(strstr(f->warnings, "/cpus: damaged connector properties"));
	/* the same number, with long names */
	memset(prefix, 'x', sizeof(prefix) - 1);
	info.count--;
	info.name_prefix = prefix;
	put_info(f, CPUS "ibm,drc-info", &info);
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), -ENODEV);
	fake_free(f);
}

/* A cache that is its own next level does not cause a loop.
 * Behaviours: log-4.5 */
TEST(caches)
{
	struct fake *f = machine();
	struct cpu_list list;

	put_u32(f, CPUS "PowerPC,POWER9@0/l2-cache", 7);
	put_u32(f, CPUS "PowerPC,POWER9@4/next-level-cache", 8);
	put_u32(f, CPUS "l2-cache@7/ibm,phandle", 7);
	put_u32(f, CPUS "l2-cache@7/l2-cache", 9);
	put_u32(f, CPUS "l3-cache@9/ibm,phandle", 9);
	put_u32(f, CPUS "l2-cache@8/ibm,phandle", 8);
	put_u32(f, CPUS "l2-cache@8/next-level-cache", 8);
	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(cpu_list_read_caches(&list, &f->dr), 0);
	assert_int_equal(list.n_caches, 3);
	assert_string_equal(list.cpus[2].l2->name, "l2-cache@7");
	assert_string_equal(list.cpus[2].l3->name, "l3-cache@9");
	assert_string_equal(list.cpus[0].l2->name, "l2-cache@8");
	assert_string_equal(list.cpus[0].l3->name, "l2-cache@8");
	assert_null(list.cpus[1].l2);
	fake_free(f);
}

static int score_of(struct fake *f)
{
	struct affinity affinity;
	struct cpu_list list;
	int score;

	assert_int_equal(cpu_list_read(&list, f->mem, &f->dr), 0);
	affinity_read(&affinity, f->mem, &f->dr);
	cpu_list_read_numa(&list, &f->dr, &affinity);
	assert_int_equal(numa_score_cpus(&list, &f->dr, &score), 0);
	return score;
}

/* By threads, for cores whose node both sides know.
 * Behaviours: log-4.3 */
TEST(scores)
{
	static const uint8_t form1[] = { 0x19, 0, 0x20, 0, 0, 0x80, 0 };
	struct fake *f = machine();

	fake_text(f, SYS "cpu/present", "0-3\n");
	fake_text(f, SYS "cpu/online", "0-3\n");
	fake_text(f, SYS "cpu/cpu0/physical_id", "0\n");
	fake_text(f, SYS "cpu/cpu1/physical_id", "1\n");
	fake_text(f, SYS "cpu/cpu2/physical_id", "4\n");
	fake_text(f, SYS "cpu/cpu3/physical_id", "5\n");
	put_cells(f, CPUS "PowerPC,POWER9@0/ibm,associativity",
		  (const uint32_t[]){ 2, 9, 1 }, 3);
	put_cells(f, CPUS "PowerPC,POWER9@4/ibm,associativity",
		  (const uint32_t[]){ 2, 9, 3 }, 3);
	assert_int_equal(score_of(f), NUMA_SCORE_NONE); /* nothing was negotiated */

	fake_file(f, "proc/device-tree/chosen/ibm,architecture-vec-5", form1,
		  sizeof(form1));
	put_u32(f, "proc/device-tree/rtas/ibm,associativity-reference-points", 2);
	assert_int_equal(score_of(f), NUMA_SCORE_NONE); /* Linux has no nodes */
	fake_text(f, SYS "node/node1/cpulist", "0-1\n");
	fake_text(f, SYS "node/node2/cpulist", "2-3\n");
	assert_int_equal(score_of(f), 50);
	fake_text(f, SYS "node/node2/cpulist", "\n");
	fake_text(f, SYS "node/node3/cpulist", "2-3\n");
	assert_int_equal(score_of(f), 100);
	/* Linux has offline processors on no node. */
	fake_text(f, SYS "cpu/online", "2-3\n");
	fake_text(f, SYS "node/node3/cpulist", "\n");
	assert_int_equal(score_of(f), NUMA_SCORE_NONE);
	/* A list of half a depth, then an empty depth. */
	put_u32(f, "proc/device-tree/rtas/ibm,associativity-reference-points", 3);
	assert_int_equal(score_of(f), NUMA_SCORE_NONE);
	put_u32(f, "proc/device-tree/rtas/ibm,associativity-reference-points", 0);
	assert_int_equal(score_of(f), NUMA_SCORE_NONE);
	assert_non_null(strstr(f->warnings, "ibm,associativity-reference-points"));
	fake_free(f);
}

TEST(host_bridges)
{
	static const struct drc_info info = { "PHB", "PHB ", 0x20000000, 0,
					      2,     1,	     0xffffffff };
	struct fake *f = fake_new();
	struct phb_list list;

	assert_int_equal(phb_list_read(&list, f->mem, &f->dr), -ENODEV);
	put_info(f, "proc/device-tree/ibm,drc-info", &info);
	put_u32(f, "proc/device-tree/pci@800000020000000/ibm,my-drc-index", 0x20000000);
	put_u32(f, "proc/device-tree/interrupt-controller@0/ibm,my-drc-index",
		0x20000001);
	assert_int_equal(phb_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(list.n, 2);
	assert_int_equal(list.n_owned, 1);
	assert_string_equal(list.phbs[0].node->path, "/pci@800000020000000");
	assert_int_equal(list.phbs[0].n_slots, 6);
	assert_string_equal(list.phbs[0].slots[0]->drc.name, "C48");
	assert_string_equal(list.phbs[0].slots[5]->drc.name, "C8");
	assert_null(list.phbs[1].node);
	fake_free(f);
}

/* Firmware's table lacks a host bridge that the partition uses. */
TEST(unlisted_host_bridges)
{
	static const struct drc_info info = { "PHB", "PHB ", 0x20000000, 0,
					      2,     1,	     0xffffffff };
	static const char *const names[] = { "0x20000014", "/pci@800000020000000",
					     "/pci@800000020000000/ethernet@1",
					     "0000:00:01.0" };
	struct fake *f = fake_new();
	struct phb_list list;

	fake_plug(f, "C8", "ethernet@1", NULL);
	fake_configure(f, "C8");
	put_info(f, "proc/device-tree/ibm,drc-info", &info);
	put_u32(f, "proc/device-tree/pci@800000020000000/ibm,my-drc-index", 0x20000014);
	assert_int_equal(phb_list_read(&list, f->mem, &f->dr), 0);
	assert_int_equal(list.n, 3);
	assert_int_equal(list.n_owned, 1);
	assert_null(list.phbs[0].c);
	assert_int_equal(list.phbs[0].n_slots, 6);
	for (size_t i = 0; i < COUNT(names); i++)
		assert_string_equal(
			phb_find_unlisted(&list.connectors, &f->dr, names[i])->path,
			"/pci@800000020000000");
	assert_null(phb_find_unlisted(&list.connectors, &f->dr, "0x20000000"));
	assert_null(phb_find_unlisted(&list.connectors, &f->dr, "eth7"));
	assert_string_equal(
		f->warnings,
		"/pci@800000020000000 (0x20000014): firmware's table does not "
		"list this host bridge, which this partition has");
	fake_free(f);
}

TEST(numbers_are_found)
{
	_cleanup_mem_ struct mem m = { 0 };
	struct number_map map = { 0 };
	size_t at;

	assert_false(number_map_find(&map, 0, &at));
	for (uint32_t i = 0; i < 1000; i++)
		number_map_add(&m, &map, i * 7919 % 1000 * 2, i);
	number_map_add(&m, &map, 4, 5000);
	number_map_sort(&map);
	for (uint32_t i = 0; i < 1000; i++) {
		assert_true(number_map_find(&map, i * 7919 % 1000 * 2, &at));
		assert_int_equal(at, i);
		assert_false(number_map_find(&map, i * 2 + 1, &at));
	}
}
