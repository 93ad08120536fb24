// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "cli/system.h"
#include "eventd/dump.h"
#include "librtas/librtas.h"

enum { PIECE_BYTES = 4096 };

static const uint64_t folder_limit = 4ULL << 30; /* bytes */

struct dump {
	const char *path; /* of the folder */
	uint64_t tag;
	char name[DUMP_NAME_MAX],
		part[DUMP_NAME_MAX + 8]; /* of the file, until its end */
	int folder, file;
	uint64_t sequence, bytes, limit;
};

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

/* ---- Space ---- */

/* Return the bytes of all files in a folder. */
static uint64_t dump_folder_used(int folder)
{
	int fd = dup(folder);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;
	uint64_t used = 0;
	struct stat st;

	if (!dir && fd >= 0)
		close(fd);
	while (dir && (entry = readdir(dir)))
		if (!fstatat(folder, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) &&
		    S_ISREG(st.st_mode))
			used += (uint64_t)st.st_size;
	if (dir)
		closedir(dir);
	return used;
}

/* Return how many bytes a dump may have. */
static uint64_t dump_space(int folder)
{
	uint64_t used = dump_folder_used(folder), free_bytes, kept;
	struct statvfs fs;

	if (used >= folder_limit || fstatvfs(folder, &fs))
		return 0;
	free_bytes = (uint64_t)fs.f_bavail * fs.f_frsize;
	kept = (uint64_t)fs.f_blocks * fs.f_frsize / 10;
	if (free_bytes <= kept)
		return 0;
	return free_bytes - kept < folder_limit - used ? free_bytes - kept
						       : folder_limit - used;
}

/* ---- One dump ---- */

static int dump_open(struct dump *dump)
{
	struct stat st;

	if (mkdir(dump->path, 0700) && errno != EEXIST)
		return -errno;
	dump->folder = open(dump->path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (dump->folder < 0 || fstat(dump->folder, &st))
		return -errno;
	if (st.st_uid != geteuid() || st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	if (unlinkat(dump->folder, dump->part, 0) && errno != ENOENT)
		return -errno;
	dump->limit = dump_space(dump->folder);
	dump->file = openat(dump->folder, dump->part,
			    O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	return dump->file < 0 ? -errno : 0;
}

/* Save a piece. Return 1 if more follow, 0 at the end, or a negative errno. */
static int dump_save_piece(struct dump *dump)
{
	char piece[PIECE_BYTES];
	uint64_t bytes = 0;
	int status = rtas_platform_dump(dump->tag, dump->sequence, piece, sizeof(piece),
					&dump->sequence, &bytes);

	if (status < 0 || bytes > sizeof(piece))
		return -EREMOTEIO;
	if (bytes > dump->limit - dump->bytes)
		return -EFBIG;
	if (bytes && write(dump->file, piece, bytes) != (ssize_t)bytes)
		return errno ? -errno : -ENOSPC;
	dump->bytes += bytes;
	return status == 1;
}

static int dump_save_pieces(struct dump *dump, int stop_fd)
{
	int more = 1;

	while (more > 0)
		more = fd_is_readable(stop_fd) ? -EINTR : dump_save_piece(dump);
	if (!more && (fsync(dump->file) ||
		      renameat(dump->folder, dump->part, dump->folder, dump->name) ||
		      fsync(dump->folder)))
		return -errno;
	return more;
}

int dump_save(struct logger *log, const char *path, const struct rtas_dump_scn *scn,
	      int stop_fd)
{
	struct dump dump = {
		.path = path, .tag = dump_tag(scn), .folder = -1, .file = -1
	};
	int err;

	dump_set_name(dump.name, scn);
	snprintf(dump.part, sizeof(dump.part), "%s.part", dump.name);
	err = dump_open(&dump);
	if (!err)
		err = dump_save_pieces(&dump, stop_fd);
	if (err && dump.file >= 0)
		unlinkat(dump.folder, dump.part, 0);
	cleanup_close(&dump.file);
	cleanup_close(&dump.folder);
	if (err == -EINTR)
		return err;
	/* Now firmware may delete the dump. */
	if (!err && rtas_platform_dump(dump.tag, dump.sequence, NULL, 0, NULL, NULL))
		logger_print(log, LOGGER_WARNING,
			     "dump 0x%016" PRIx64 ": firmware still has it", dump.tag);
	if (err)
		logger_print(log, LOGGER_ERROR, "dump 0x%016" PRIx64 " is not saved: %s",
			     dump.tag,
			     err == -EFBIG	 ? "it exceeds the limit of space"
			     : err == -EREMOTEIO ? "firmware refused"
						 : strerror(-err));
	else
		logger_print(log, LOGGER_NOTICE,
			     "dump 0x%016" PRIx64 " is saved: %s/%s, %" PRIu64 " bytes",
			     dump.tag, path, dump.name, dump.bytes);
	return 0;
}
