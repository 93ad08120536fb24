// SPDX-License-Identifier: GPL-2.0-or-later
/* Does the kernel's crash dump follow a change of cores or memory? */
#include <ftw.h>
#include <sys/stat.h>

#include "drmgr/crash_dump.h"
#include "tests/unit/fakes/test.h"

#define KDUMP	 "kernel/kexec_crash_loaded"
#define FADUMP	 "kernel/fadump/registered"
#define OLD_NAME "kernel/fadump_registered"
#define READY	 "kernel/fadump/hotplug_ready"
#define MEMORY	 "devices/system/memory/crash_hotplug"
#define CPUS	 "devices/system/cpu/crash_hotplug"

/* files: of /sys, which contain 1; others: which contain 0. */
static const struct row {
	const char *files[3], *others[3], *memory, *cores;
} rows[] = {
	{ .files = { NULL } },
	{ .others = { KDUMP, FADUMP }, .files = { MEMORY, CPUS } },
	{ .files = { KDUMP }, .memory = "reload", .cores = "reload" },
	{ .files = { KDUMP },
	  .others = { MEMORY, CPUS },
	  .memory = "reload",
	  .cores = "reload" },
	{ .files = { KDUMP, MEMORY }, .memory = "follows", .cores = "reload" },
	{ .files = { KDUMP, CPUS }, .memory = "reload", .cores = "follows" },
	{ .files = { FADUMP }, .memory = "reload" },
	{ .files = { OLD_NAME }, .memory = "reload" },
	{ .files = { FADUMP }, .others = { READY }, .memory = "reload" },
	{ .files = { FADUMP, READY }, .memory = "follows" },
	/* A registered fadump is the one that is made. */
	{ .files = { FADUMP, READY, KDUMP }, .memory = "follows" },
};

static void put(const char *root, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/sys/%s", root, name);
	for (char *at = path + 1; (at = strchr(at, '/')); *at++ = '/') {
		*at = '\0';
		mkdir(path, 0700);
	}
	f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	assert_int_equal(fclose(f), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

static void expect(const char *got, const char *wanted)
{
	if (wanted)
		assert_string_equal(got, wanted);
	else
		assert_null(got);
}

/* Behaviours: log-crash-dump-files */
TEST(the_dump_follows_or_not)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		char root[] = "/tmp/t-crash-dump-XXXXXX";

		assert_non_null(mkdtemp(root));
		for (size_t f = 0; f < COUNT(rows[i].files); f++) {
			if (rows[i].files[f])
				put(root, rows[i].files[f], "1\n");
			if (rows[i].others[f])
				put(root, rows[i].others[f], "0\n");
		}
		expect(crash_dump_after(root, true), rows[i].memory);
		expect(crash_dump_after(root, false), rows[i].cores);
		assert_int_equal(nftw(root, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
	}
}
