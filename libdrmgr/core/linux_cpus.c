// SPDX-License-Identifier: LGPL-2.1-or-later
#include <stdlib.h>
#include <string.h>

#include "libdrmgr/core/linux_cpus.h"
#include "kern/sysfs.h"
#include "wire/ranges.h"

#define CPU_DIR "sys/devices/system/cpu"

/* Read the hardware thread. The number has a leading 0x or not, depending on the kernel's
 * version. Return 1, 0 without a number, or a negative errno. */
static int linux_cpu_read_hardware(const struct kern_root *root, uint32_t number,
				   uint32_t *hardware)
{
	char text[24], *end;
	unsigned long v;
	int err = sysfs_text(root, text, sizeof(text), CPU_DIR "/cpu%u/physical_id",
			     number);

	if (err)
		return kern_read_failure(err);
	v = strtoul(text, &end, 0);
	*hardware = (uint32_t)v;
	return end != text && !*end && *text != '-' && v <= UINT32_MAX;
}

static int linux_cpus_add(struct linux_cpus *cpus, struct mem *m,
			  const struct kern_root *root, uint32_t number)
{
	uint32_t hardware = 0;
	int found = linux_cpu_read_hardware(root, number, &hardware);

	if (found <= 0)
		return found;
	number_map_add(m, &cpus->by_hardware, hardware, cpus->n);
	*vec_add(m, cpus->list, cpus->n) =
		(struct linux_cpu){ .number = number, .hardware = hardware };
	return mem_check(m);
}

static int linux_cpus_by_number(const void *a, const void *b)
{
	const uint32_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Read the folder of each processor. */
static int linux_cpus_read_folders(struct linux_cpus *cpus, struct mem *m,
				   const struct kern_root *root)
{
	_cleanup_names_ struct kern_names names = { 0 };
	uint32_t *numbers = NULL;
	size_t n = 0;
	int err = kern_list(root, CPU_DIR, KERN_LIST_ALL, &names);

	if (err)
		return kern_read_failure(err);
	for (size_t i = 0; i < names.n; i++) {
		const char *digits = names.name[i] + strlen("cpu");
		uint64_t number;

		if (!strncmp(names.name[i], "cpu", strlen("cpu")) &&
		    !number_read(digits, strlen(digits), 10, &number) &&
		    number < LINUX_CPUS_MAX)
			*vec_add(m, numbers, n) = (uint32_t)number;
	}
	if (n)
		qsort(numbers, n, sizeof(*numbers), linux_cpus_by_number);
	for (size_t i = 0; !err && i < n; i++)
		err = linux_cpus_add(cpus, m, root, numbers[i]);
	return err;
}

/* Read the list of present processors. Text after an invalid word is ignored. */
static int linux_cpus_read_present(struct linux_cpus *cpus, struct mem *m,
				   const struct kern_root *root)
{
	_cleanup_free_ char *text = NULL;
	uint32_t first, last, next = 0;
	size_t len;
	int err = kern_read(root, CPU_DIR "/present", &text, &len);
	const char *at = text;

	if (err)
		return kern_read_failure(err) ? err
					      : linux_cpus_read_folders(cpus, m, root);
	while (!err && ranges_next_below(&at, LINUX_CPUS_MAX, &next, &first, &last) > 0)
		for (uint32_t n = first; !err && n <= last; n++)
			err = linux_cpus_add(cpus, m, root, n);
	return err;
}

/* Read the state of each processor from its own file. */
static void linux_cpus_read_states(struct linux_cpus *cpus, const struct kern_root *root)
{
	for (size_t i = 0; i < cpus->n; i++) {
		struct linux_cpu *cpu = &cpus->list[i];
		char text[8] = "";

		cpu->is_unknown = sysfs_text(root, text, sizeof(text),
					     CPU_DIR "/cpu%u/online", cpu->number) ||
				  (strcmp(text, "0") && strcmp(text, "1"));
		cpu->is_online = !strcmp(text, "1");
	}
}

/* Mark the online processors. Both lists are in ascending order. */
static int linux_cpus_mark_online(struct linux_cpus *cpus, const struct kern_root *root)
{
	_cleanup_free_ char *text = NULL;
	uint32_t first, last;
	size_t len, i = 0;
	int err = kern_read(root, CPU_DIR "/online", &text, &len);
	const char *at = text;

	if (err == -ENOENT)
		linux_cpus_read_states(cpus, root);
	if (err)
		return kern_read_failure(err);
	while (ranges_next(&at, &first, &last) > 0)
		for (; i < cpus->n && cpus->list[i].number <= last; i++)
			cpus->list[i].is_online = cpus->list[i].number >= first;
	return 0;
}

int linux_cpus_read(struct linux_cpus *cpus, struct mem *m, const struct kern_root *root)
{
	int err;

	*cpus = (struct linux_cpus){ 0 };
	err = linux_cpus_read_present(cpus, m, root);
	if (!err)
		err = linux_cpus_mark_online(cpus, root);
	cpus->is_missing = !cpus->n && !root->is_system;
	number_map_sort(&cpus->by_hardware);
	return err ? err : mem_check(m);
}

const struct linux_cpu *linux_cpus_find(const struct linux_cpus *cpus, uint32_t hardware)
{
	size_t at;

	return number_map_find(&cpus->by_hardware, hardware, &at) ? &cpus->list[at]
								  : NULL;
}
