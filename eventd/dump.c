// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "cli/common.h"
#include "eventd/dump.h"
#include "librtas/librtas.h"

#define PART ".part"

enum {
	PIECE_BYTES = 4096,
	PIECES = 64, /* of one turn */
};

static const uint64_t folder_limit = 4ULL << 30; /* bytes */

void dumps_init(struct dumps *dumps, struct logger *log, const char *path)
{
	*dumps = (struct dumps){ .log = log, .path = path, .folder = -1, .file = -1 };
}

/* ---- Events ---- */

static uint64_t dump_tag(const struct rtas_dump_scn *scn)
{
	return (uint64_t)scn->v6hdr.subtype << 32 | scn->id;
}

void dump_set_name(char name[DUMP_NAME_MAX], const struct rtas_dump_scn *scn)
{
	static const char harmless[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789._-";
	size_t len = scn->id_len < sizeof(scn->os_id) ? scn->id_len : sizeof(scn->os_id);

	len = strnlen(scn->os_id, len);
	snprintf(name, DUMP_NAME_MAX, "%.*s", (int)len, scn->os_id);
	if (scn->fname_type || !len || *name == '.' || strspn(name, harmless) != len)
		snprintf(name, DUMP_NAME_MAX, "dump-%016" PRIx64, dump_tag(scn));
}

bool dump_is_ours(const struct rtas_dump_scn *scn)
{
	return !scn->location; /* else the management console has it */
}

bool dumps_add(struct dumps *dumps, int slot, const struct rtas_dump_scn *scn)
{
	struct dump *dump = &dumps->waiting[dumps->n];

	if (dumps->n == DUMPS_WAITING) {
		logger_print(dumps->log, LOGGER_WARNING,
			     "dump 0x%08x is not saved: too many are waiting", scn->id);
		return false;
	}
	*dump = (struct dump){ .slot = slot, .tag = dump_tag(scn) };
	dump_set_name(dump->name, scn);
	dumps->n++;
	return true;
}

bool dumps_are_waiting(const struct dumps *dumps)
{
	return dumps->n > 0;
}

/* ---- Space ---- */

/* Return the bytes of all files in the folder. */
static uint64_t dumps_used(const struct dumps *dumps)
{
	int fd = dup(dumps->folder);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	uint64_t used = 0;
	struct stat st;

	if (!dir && fd >= 0)
		close(fd);
	while (dir && (entry = readdir(dir)))
		if (!fstatat(dumps->folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode))
			used += (uint64_t)st.st_size;
	if (dir)
		closedir(dir);
	return used;
}

/* Return how many bytes a dump may have. */
static uint64_t dumps_space(const struct dumps *dumps)
{
	uint64_t used = dumps_used(dumps), free_bytes, kept;
	struct statvfs fs;

	if (used >= folder_limit || fstatvfs(dumps->folder, &fs))
		return 0;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	kept = (uint64_t)fs.f_blocks * fs.f_frsize / 10;
	if (free_bytes <= kept)
		return 0;
	return free_bytes - kept < folder_limit - used ? free_bytes - kept
						       : folder_limit - used;
}

/* ---- One dump ---- */

static void dumps_name_part(const struct dumps *dumps, char name[DUMP_NAME_MAX + 8])
{
	snprintf(name, DUMP_NAME_MAX + 8, "%s" PART, dumps->waiting[0].name);
}

static int dumps_open(struct dumps *dumps)
{
	char part[DUMP_NAME_MAX + 8];
	struct stat st;

	if (mkdir(dumps->path, 0700) && errno != EEXIST)
		return -errno;
	dumps->folder =
		open(dumps->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dumps->folder < 0 || fstat(dumps->folder, &st))
		return -errno;
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	dumps_name_part(dumps, part);
	if (unlinkat(dumps->folder, part, 0) && errno != ENOENT)
		return -errno;
	dumps->limit = dumps_space(dumps);
	dumps->sequence = dumps->bytes = 0;
	dumps->file = openat(dumps->folder, part,
			     O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return dumps->file < 0 ? -errno : 0;
}

/* Close the files of the first dump, and forget it. */
static void dumps_forget(struct dumps *dumps)
{
	if (dumps->file >= 0)
		close(dumps->file);
	if (dumps->folder >= 0)
		close(dumps->folder);
	dumps->file = dumps->folder = -1;
}

/* End the first dump. Return its slot. */
static int dumps_end(struct dumps *dumps, int err)
{
	const struct dump *dump = &dumps->waiting[0];
	int slot = dump->slot;
	char part[DUMP_NAME_MAX + 8];

	if (err) {
		logger_print(dumps->log, LOGGER_ERROR,
			     "dump 0x%016" PRIx64 " is not saved: %s", dump->tag,
			     err == -EFBIG	 ? "it exceeds the limit of space"
			     : err == -EREMOTEIO ? "firmware refused"
						 : strerror(-err));
		dumps_name_part(dumps, part);
		if (dumps->file >= 0)
			unlinkat(dumps->folder, part, 0);
	} else {
		logger_print(dumps->log, LOGGER_NOTICE,
			     "dump 0x%016" PRIx64 " is saved: %s/%s, %" PRIu64 " bytes",
			     dump->tag, dumps->path, dump->name, dumps->bytes);
	}
	dumps_forget(dumps);
	dumps->n--;
	memmove(dumps->waiting, dumps->waiting + 1, dumps->n * sizeof(*dump));
	return slot;
}

/* Keep the file, and allow firmware to delete the dump. */
static int dumps_finish(struct dumps *dumps)
{
	const struct dump *dump = &dumps->waiting[0];
	char part[DUMP_NAME_MAX + 8];

	dumps_name_part(dumps, part);
	if (fsync(dumps->file) ||
	    renameat(dumps->folder, part, dumps->folder, dump->name) ||
	    fsync(dumps->folder))
		return -errno;
	if (rtas_platform_dump(dump->tag, dumps->sequence, NULL, 0, NULL, NULL))
		logger_print(dumps->log, LOGGER_WARNING,
			     "dump 0x%016" PRIx64 ": firmware still has it", dump->tag);
	return 0;
}

/* Save a piece. Return 1 if more follow, 0 at the end, or a negative errno. */
static int dumps_save_piece(struct dumps *dumps)
{
	char piece[PIECE_BYTES];
	uint64_t bytes = 0;
	int status = rtas_platform_dump(dumps->waiting[0].tag, dumps->sequence, piece,
					sizeof(piece), &dumps->sequence, &bytes);

	if (status < 0 || bytes > sizeof(piece))
		return -EREMOTEIO;
	if (bytes > dumps->limit - dumps->bytes)
		return -EFBIG;
	if (bytes && write(dumps->file, piece, bytes) != (ssize_t)bytes)
		return errno ? -errno : -ENOSPC;
	dumps->bytes += bytes;
	return status == 1;
}

int dumps_continue(struct dumps *dumps)
{
	int more = 1;

	if (!dumps->n)
		return -1;
	if (dumps->file < 0)
		more = dumps_open(dumps);
	if (more < 0)
		return dumps_end(dumps, more);
	for (int i = 0; i < PIECES; i++) {
		more = dumps_save_piece(dumps);
		if (more <= 0)
			return dumps_end(dumps, more ? more : dumps_finish(dumps));
	}
	return -1;
}

void dumps_close(struct dumps *dumps)
{
	dumps_forget(dumps);
	dumps->n = 0;
}
