// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kern/sysfs.h"
#include "tests/unit/fakes/fake_parts.h"

static void make_dirs(const struct fake *f, const char *path)
{
	char part[1024];

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
		mkdirat(f->root.fd, part, 0755);
	}
}

void fake_file(const struct fake *f, const char *path, const void *bytes, size_t len)
{
	int fd;

	make_dirs(f, path);
	fd = openat(f->root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

void fake_text(const struct fake *f, const char *path, const char *text)
{
	fake_file(f, path, text, strlen(text));
}

void fake_link(const struct fake *f, const char *path, const char *target)
{
	make_dirs(f, path);
	assert_true(!symlinkat(target, f->root.fd, path) || errno == EEXIST);
}

bool fake_exists(const struct fake *f, const char *path)
{
	return !faccessat(f->root.fd, path, F_OK, AT_SYMLINK_NOFOLLOW);
}

bool fake_has_node(const struct fake *f, const char *path)
{
	char full[1024];

	snprintf(full, sizeof(full), DT "%s", path);
	return fake_exists(f, full);
}

bool fake_has_device(const struct fake *f, const char *address)
{
	char full[256];

	snprintf(full, sizeof(full), DEVICES "/%s", address);
	return fake_exists(f, full);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

void fake_remove(const struct fake *f, const char *path)
{
	char full[1200];

	snprintf(full, sizeof(full), "%s/%s", f->dir, path);
	assert_true(!nftw(full, remove_entry, 16, FTW_DEPTH | FTW_PHYS) ||
		    errno == ENOENT);
}

bool fake_has_children(const struct fake *f, const char *path)
{
	struct kern_names names;
	bool has;

	assert_int_equal(kern_list(&f->root, path, KERN_LIST_DIRS, &names), 0);
	has = names.n > 0;
	kern_names_free(&names);
	return has;
}

static void list_tree(const struct fake *f, FILE *to, const char *path)
{
	struct kern_names names;

	if (kern_list(&f->root, path, KERN_LIST_ALL, &names)) { /* a file or a link */
		char *bytes = NULL;
		size_t len = 0;
		uint32_t sum = 0;

		kern_read(&f->root, path, &bytes, &len);
		for (size_t i = 0; i < len; i++)
			sum = sum * 31 + (uint8_t)bytes[i];
		fprintf(to, "%s %zu %08x\n", path, len, sum);
		free(bytes);
	} else {
		fprintf(to, "%s/\n", path);
	}
	for (size_t i = 0; i < names.n; i++) {
		char child[1024];

		snprintf(child, sizeof(child), "%s/%s", path, names.name[i]);
		list_tree(f, to, child);
	}
	kern_names_free(&names);
}

char *fake_snapshot(const struct fake *f)
{
	size_t size;
	char *text;
	FILE *to = open_memstream(&text, &size);

	list_tree(f, to, DT);
	list_tree(f, to, DEVICES);
	list_tree(f, to, BUSES);
	list_tree(f, to, VIRTUAL);
	for (size_t i = 0; i < f->n; i++)
		fprintf(to, "%s state %d led %d power %d owned %d\n", f->drc[i].name,
			f->drc[i].state, f->drc[i].led, f->drc[i].power,
			f->drc[i].is_allocated);
	fclose(to);
	for (char *at = text; (at = strstr(at, "/000"));
	     at++) /* the new one has another number */
		if (at[4] > '1' && at[5] == ':')
			at[4] = '1';
	return text;
}

void fake_assert_unchanged(const struct fake *f, char *before)
{
	char *after = fake_snapshot(f);

	assert_string_equal(after, before);
	free(before);
	free(after);
}
