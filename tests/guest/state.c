// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "state.h"

enum { PATH_BYTES = 1024 };

static void put(struct bytes *out, const char *text)
{
	bytes_append(out, text, strlen(text));
}

/* FNV-1a: it must show a difference, not resist forgery. */
static uint64_t sum_of(int fd, char *text, size_t size)
{
	uint64_t sum = 0xcbf29ce484222325;
	size_t kept = 0;
	uint8_t chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) > 0) {
		for (ssize_t i = 0; i < n; i++) {
			sum = (sum ^ chunk[i]) * 0x100000001b3;
			if (kept + 1 < size)
				text[kept++] = (char)chunk[i];
		}
	}
	if (size)
		text[kept] = '\0';
	return sum;
}

static int open_in(int dir, const char *name)
{
	return openat(dir, name, O_RDONLY | O_CLOEXEC);
}

static int visible(const struct dirent *entry)
{
	return entry->d_name[0] != '.';
}

/* Call fn for each name in a folder, sorted. A missing folder has no names. */
static void each(struct bytes *out, const char *path,
		 void (*look)(struct bytes *, const char *path, const char *name))
{
	struct dirent **names;
	int n = scandir(path, &names, visible, alphasort);

	for (int i = 0; i < n; i++) {
		look(out, path, names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
}

static void look_in_tree(struct bytes *out, const char *path, const char *name)
{
	char line[PATH_BYTES + 64], full[PATH_BYTES];
	struct stat st;
	uint64_t sum;
	int fd;

	/* A node that Linux has configured itself has none. */
	if (!strcmp(name, "name"))
		return;
	snprintf(full, sizeof(full), "%s/%s", path, name);
	fd = open_in(AT_FDCWD, full);
	if (fd < 0 || fstat(fd, &st)) {
		snprintf(line, sizeof(line), "%s: %s\n", full, strerror(errno));
		put(out, line);
		return;
	}
	if (S_ISDIR(st.st_mode)) {
		close(fd);
		snprintf(line, sizeof(line), "%s/\n", full);
		put(out, line);
		each(out, full, look_in_tree);
		return;
	}
	sum = sum_of(fd, NULL, 0);
	close(fd);
	snprintf(line, sizeof(line), "%s %016llx\n", full, (unsigned long long)sum);
	put(out, line);
}

/* Print the last part of a symbolic link, or the path in the tree for a node. */
static const char *link_of(const char *path, const char *name, const char *link,
			   char *text, size_t size)
{
	char file[PATH_BYTES];
	const char *tree;
	ssize_t n;

	snprintf(file, sizeof(file), "%s/%s/%s", path, name, link);
	n = readlink(file, text, size - 1);
	if (n < 0)
		return "-";
	text[n] = '\0';
	tree = strstr(text, "devicetree/base");
	return tree ? tree : strrchr(text, '/') + 1;
}

/* "0001:00:01.0" is "N:00:01.0"; its node identifies it. */
static void look_at_device(struct bytes *out, const char *path, const char *name)
{
	const char *rest = strchr(name, ':') ? strchr(name, ':') : name;
	char line[4 * PATH_BYTES], node[PATH_BYTES], driver[PATH_BYTES];

	snprintf(line, sizeof(line), "%s/%s%s %s %s\n", path, rest == name ? "" : "N",
		 rest, link_of(path, name, "of_node", node, sizeof(node)),
		 link_of(path, name, "driver", driver, sizeof(driver)));
	put(out, line);
}

static void look_at_name(struct bytes *out, const char *path, const char *name)
{
	put(out, path);
	put(out, "/");
	put(out, name);
	put(out, "\n");
}

static void look_at_file(struct bytes *out, const char *path)
{
	char text[4096], line[sizeof(text) + PATH_BYTES];
	int fd = open_in(AT_FDCWD, path);

	if (fd < 0)
		return;
	sum_of(fd, text, sizeof(text));
	close(fd);
	text[strcspn(text, "\n")] = '\0';
	snprintf(line, sizeof(line), "%s: %s\n", path, text);
	put(out, line);
}

/* For each slot the kernel reads the sensor: use those that can have a card. */
static void look_at_slot(struct bytes *out, const char *path, const char *name)
{
	static const char *const used[] = { "C8", "C16", "C17", "C48", "C272" };
	char file[PATH_BYTES];

	look_at_name(out, path, name);
	for (size_t i = 0; i < sizeof(used) / sizeof(used[0]); i++) {
		if (strcmp(name, used[i]))
			continue;
		snprintf(file, sizeof(file), "%s/%s/adapter", path, name);
		look_at_file(out, file);
	}
}

/* Only some lines of the file matter. */
static void look_at_entitlement(struct bytes *out)
{
	static const char *const keys[] = { "partition_entitled_capacity=",
					    "capacity_weight=", "entitled_memory=",
					    "entitled_memory_weight=" };
	FILE *file = fopen("/proc/ppc64/lparcfg", "re");
	char line[256];

	while (file && fgets(line, sizeof(line), file))
		for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
			if (!strncmp(line, keys[i], strlen(keys[i])))
				put(out, line);
	if (file)
		fclose(file);
}

static int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Equal lines must be at the same place, with any number. */
static void sort_lines(struct bytes *out)
{
	char *text = strndup((const char *)out->data, out->len), *rest = text, *line;
	char **lines = calloc(out->len + 1, sizeof(*lines));
	size_t n = 0;

	if (!text || !lines)
		abort();
	while ((line = strsep(&rest, "\n")))
		if (*line)
			lines[n++] = line;
	qsort(lines, n, sizeof(*lines), by_text);
	bytes_drop(out, out->len);
	for (size_t i = 0; i < n; i++) {
		put(out, lines[i]);
		put(out, "\n");
	}
	free(lines);
	free(text);
}

void state_read(struct bytes *out)
{
	each(out, "/proc/device-tree", look_in_tree);
	each(out, "/sys/bus/pci/devices", look_at_device);
	each(out, "/sys/bus/vio/devices", look_at_device);
	each(out, "/sys/bus/pci/slots", look_at_slot);
	each(out, "/sys/devices/system/memory", look_at_name);
	look_at_file(out, "/sys/devices/system/cpu/online");
	look_at_file(out, "/sys/devices/system/cpu/present");
	look_at_entitlement(out);
	look_at_file(out, "/sys/devices/virtual/misc/vas/vas0/gzip/qos_capabilities/"
			  "nr_total_credits");
	each(out, "/run/drmgr", look_at_name);
	sort_lines(out);
}
