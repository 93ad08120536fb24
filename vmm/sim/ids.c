// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/sim/ids.h"

/* Read ranges, each with three numbers: inside, outside, count. */
static int ids_read_ranges(const char *path, char text[IDS_BYTES])
{
	FILE *f = fopen(path, "re");
	unsigned long first, count;
	size_t used = 0;

	text[0] = '\0';
	while (f && used < IDS_BYTES && fscanf(f, "%lu %*u %lu", &first, &count) == 2)
		used += (size_t)snprintf(text + used, IDS_BYTES - used, "%lu %lu %lu\n",
					 first, first, count);
	if (f)
		fclose(f);
	return !used ? -EIO : used >= IDS_BYTES ? -E2BIG : 0;
}

int ids_read(struct ids *ids)
{
	int err = ids_read_ranges("/proc/self/uid_map", ids->uids);

	return err ? err : ids_read_ranges("/proc/self/gid_map", ids->gids);
}

static int ids_write_file(int proc, pid_t pid, const char *name, const char *text)
{
	char path[64];
	int fd, err = 0;

	snprintf(path, sizeof(path), "%d/%s", (int)pid, name);
	fd = openat(proc, path, O_WRONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

int ids_write(int proc, pid_t pid, const struct ids *ids)
{
	int err = ids_write_file(proc, pid, "uid_map", ids->uids);

	return err ? err : ids_write_file(proc, pid, "gid_map", ids->gids);
}

/* Read the range of /etc/subuid (or subgid) that this user may map. Return its size, or 0
 * without one. */
static unsigned long ids_subordinate(const char *file, unsigned long *first)
{
	const struct passwd *user = getpwuid(geteuid());
	char line[256], name[128];
	unsigned long count = 0;
	FILE *f = user ? fopen(file, "re") : NULL;

	while (f && !count && fgets(line, sizeof(line), f))
		if (sscanf(line, "%127[^:]:%lu:%lu", name, first, &count) != 3 ||
		    strcmp(name, user->pw_name) != 0)
			count = 0;
	if (f)
		fclose(f);
	return count;
}

static int ids_spawn(const char *program, pid_t pid, unsigned int own,
		     unsigned long first, unsigned long count)
{
	char text[4][24], zero[] = "0", one[] = "1", next[] = "1", name[32];
	char *argv[] = {
		name, text[0], zero, text[1], one, next, text[2], text[3], NULL
	};
	char *no_env[] = { NULL };
	pid_t child;
	int status = 0;

	snprintf(name, sizeof(name), "%s", program);
	snprintf(text[0], sizeof(text[0]), "%d", (int)pid);
	snprintf(text[1], sizeof(text[1]), "%u", own);
	snprintf(text[2], sizeof(text[2]), "%lu", first);
	snprintf(text[3], sizeof(text[3]), "%lu", count);
	if (posix_spawnp(&child, program, NULL, NULL, argv, no_env) ||
	    waitpid(child, &status, 0) < 0)
		return -EPERM;
	return status ? -EPERM : 0;
}

/* Map a range of subordinate ids, so that an ordinary user's guest has users besides
 * root. -ENOENT: no range, or no newuidmap. */
static int ids_map_range(pid_t pid)
{
	unsigned long uid, gid, uids, gids;

	uids = ids_subordinate("/etc/subuid", &uid);
	gids = ids_subordinate("/etc/subgid", &gid);
	if (!uids || !gids || access("/usr/bin/newuidmap", X_OK) ||
	    access("/usr/bin/newgidmap", X_OK))
		return -ENOENT;
	if (ids_spawn("/usr/bin/newuidmap", pid, geteuid(), uid, uids))
		return -EPERM;
	return ids_spawn("/usr/bin/newgidmap", pid, getegid(), gid, gids);
}

int ids_map(pid_t pid)
{
	struct ids ids;
	int proc, err;

	if (geteuid() && !ids_map_range(pid))
		return 0;
	proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (proc < 0)
		return -errno;
	if (geteuid()) {
		snprintf(ids.uids, sizeof(ids.uids), "0 %u 1", geteuid());
		snprintf(ids.gids, sizeof(ids.gids), "0 %u 1", getegid());
		err = ids_write_file(proc, pid, "setgroups", "deny");
	} else {
		err = ids_read(&ids);
	}
	if (!err)
		err = ids_write(proc, pid, &ids);
	close(proc);
	return err;
}

/* The number that stands for others can be one of this namespace, too. */
static void ids_read_foreign(const char *map, unsigned int *seen, unsigned int *known)
{
	unsigned long first, count, n = 0;
	FILE *f = fopen(map, "re");

	*seen = 65534;
	*known = 0;
	while (f && fscanf(f, "%lu %*u %lu", &first, &count) == 2) {
		n += count;
		if (*seen - first < count)
			*known = *seen;
	}
	if (f)
		fclose(f);
	if (n == UINT32_MAX)
		*seen = UINT32_MAX;
}

void ids_find_foreign(struct ids_foreign *foreign)
{
	ids_read_foreign("/proc/self/uid_map", &foreign->uid, &foreign->known_uid);
	ids_read_foreign("/proc/self/gid_map", &foreign->gid, &foreign->known_gid);
}
