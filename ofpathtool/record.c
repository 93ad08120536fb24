// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "ofpathtool/record.h"

enum { FOLDER_MODE = 0755, FILE_MODE = 0644 };

static void record_note_error(struct source *src, int result)
{
	if (result < 0 && errno != EEXIST && !src->record_error)
		src->record_error = -errno;
}

/* Create the parent directories of a file. */
static void record_make_folders(struct source *src, const char *path)
{
	char folder[PATH_MAX];

	for (const char *slash = strchr(path, '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(slash - path), path);
		record_note_error(src, mkdirat(src->record, folder, FOLDER_MODE));
	}
}

/* Resolve links in the directory of the path: the copy has one place for each file. */
static bool record_begin_path(struct source *src, const char *path, char *plain)
{
	const char *name = strrchr(path, '/');
	char folder[PATH_MAX];

	if (src->record < 0 || !name)
		return false;
	snprintf(folder, sizeof(folder), "%.*s", (int)(name - path), path);
	if (kern_resolve(&src->root, folder, plain, PATH_MAX) ||
	    strlen(plain) + strlen(name) >= PATH_MAX)
		return false;
	memcpy(plain + strlen(plain), name, strlen(name) + 1);
	record_make_folders(src, plain);
	return true;
}

void record_file(struct source *src, const char *path, const char *data, size_t len)
{
	char plain[PATH_MAX];
	int fd;

	if (!record_begin_path(src, path, plain))
		return;
	fd = openat(src->record, plain,
		    O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, FILE_MODE);
	record_note_error(src, fd);
	if (fd < 0)
		return;
	if (write(fd, data, len) != (ssize_t)len && !src->record_error)
		src->record_error = -EIO;
	close(fd);
}

void record_link(struct source *src, const char *path, const char *text)
{
	char plain[PATH_MAX];

	if (record_begin_path(src, path, plain))
		record_note_error(src, symlinkat(text, src->record, plain));
}

void record_presence(struct source *src, const char *path)
{
	_cleanup_close_ int fd = -1;
	char plain[PATH_MAX];
	struct stat st;

	if (!record_begin_path(src, path, plain))
		return;
	fd = kern_open(&src->root, path, O_PATH);
	if (fd < 0 || fstat(fd, &st) < 0)
		return;
	record_note_error(src,
			  S_ISDIR(st.st_mode)
				  ? mkdirat(src->record, plain, FOLDER_MODE)
				  : mknodat(src->record, plain, S_IFREG | FILE_MODE, 0));
}

void record_list(struct source *src, const char *path, const struct kern_names *names)
{
	char entry[PATH_MAX], text[PATH_MAX];

	if (src->record < 0)
		return;
	for (size_t i = 0; i < names->n; i++) {
		_cleanup_close_ int fd = -1;

		if ((size_t)snprintf(entry, sizeof(entry), "%s/%s", path,
				     names->name[i]) >= sizeof(entry))
			continue;
		if (!kern_readlink(&src->root, entry, text, sizeof(text))) {
			record_link(src, entry, text);
			continue;
		}
		fd = kern_open(&src->root, entry, O_PATH | O_DIRECTORY | O_NOFOLLOW);
		if (fd >= 0)
			record_presence(src, entry);
	}
}
