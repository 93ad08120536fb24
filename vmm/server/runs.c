// SPDX-License-Identifier: GPL-2.0-or-later
#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/runs.h"

enum {
	MAX_INFO_BYTES =
		8 << 20, /* a command line has at most 2 MiB before its escapes */
	INFO_DEPTH = 8,
	FOLDERS = 3,
};

/* ---- Folders ----------------------------------------------------------------------- */

/* Return the path in which candidate n is, and put the folder's name there into name. NULL:
 * it is not for this user. */
static const char *runs_candidate(int n, char name[32])
{
	const char *base = getenv("XDG_RUNTIME_DIR");
	struct stat st;

	snprintf(name, 32, "papr-vmm");
	if (!n)
		return base && *base == '/' && !stat(base, &st) && st.st_uid == geteuid()
			       ? base
			       : NULL;
	if (n == 1)
		return geteuid() ? NULL : "/run";
	snprintf(name, 32, "papr-vmm-%u", (unsigned int)geteuid());
	return "/tmp";
}

/* Open candidate n. Another user's folder, or one that others may use, is refused. */
static int runs_folder(int n, bool create)
{
	char name[32];
	const char *base = runs_candidate(n, name);
	int at = base ? open(base, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1, fd;
	struct stat st;

	if (at < 0)
		return -ENOENT;
	if (create)
		mkdirat(at, name, 0700);
	fd = openat(at, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (fd < 0)
		fd = -errno;
	close(at);
	if (fd < 0 || (!fstat(fd, &st) && st.st_uid == geteuid() && !(st.st_mode & 077)))
		return fd;
	close(fd);
	return -EPERM;
}

static void runs_path(char path[64], int folder, pid_t pid)
{
	snprintf(path, 64, "/proc/self/fd/%d/%d.sock", folder, (int)pid);
}

static int runs_connect_in(int folder, pid_t pid)
{
	char path[64];

	runs_path(path, folder, pid);
	return stream_socket_connect(path, SOCK_NONBLOCK);
}

int runs_connect(pid_t pid)
{
	int fd = -ENOENT;

	for (int i = 0; i < FOLDERS && (fd == -ENOENT || fd == -ECONNREFUSED); i++) {
		int folder = runs_folder(i, false);

		if (folder < 0)
			continue;
		fd = runs_connect_in(folder, pid);
		close(folder);
	}
	return fd;
}

/* Return true if the run accepts connections, now or after its other clients. */
static bool runs_is_alive(int folder, pid_t pid)
{
	int fd = runs_connect_in(folder, pid);

	if (fd >= 0)
		close(fd);
	return fd >= 0 || fd == -EAGAIN;
}

/* Return true if the run was killed: its socket has no listener, or is missing. Any other
 * error, such as too many open files, says nothing about it. */
static bool runs_is_stale(int folder, pid_t pid)
{
	int fd = runs_connect_in(folder, pid);
	char file[32];
	struct stat st;

	if (fd >= 0)
		close(fd);
	snprintf(file, sizeof(file), "%d.sock", (int)pid);
	return fd == -ECONNREFUSED ||
	       (fd == -ENOENT && fstatat(folder, file, &st, AT_SYMLINK_NOFOLLOW) &&
		errno == ENOENT);
}

/* Return the process id in a name such as "4711.json", or 0. */
static pid_t runs_pid_of(const char *name, const char *suffix)
{
	char *end;
	unsigned long pid = isdigit((unsigned char)*name) ? strtoul(name, &end, 10) : 0;

	return pid && pid <= INT32_MAX && !strcmp(end, suffix) ? (pid_t)pid : 0;
}

/* Open the folder for readdir(). */
static DIR *runs_read(int folder)
{
	int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir && fd >= 0)
		close(fd);
	return dir;
}

/* ---- Descriptions ------------------------------------------------------------------ */

size_t runs_utf8(const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t n = *p < 0x80 ? 1 : *p < 0xc2 ? 0 : *p < 0xe0 ? 2 : *p < 0xf0 ? 3 : 4;

	if (*p > 0xf4 || (*p == 0xe0 && p[1] < 0xa0) || (*p == 0xed && p[1] > 0x9f) ||
	    (*p == 0xf0 && p[1] < 0x90) || (*p == 0xf4 && p[1] > 0x8f))
		return 0;
	for (size_t i = 1; i < n; i++)
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	return n;
}

/* JSON is UTF-8. Replace other bytes by question marks. */
static json_object *runs_text(const char *text)
{
	char *copy = strdup(text);
	json_object *value;

	for (char *p = copy; p && *p;) {
		size_t n = runs_utf8(p);

		if (!n)
			*p = '?';
		p += n ? n : 1;
	}
	value = copy ? json_object_new_string(copy) : NULL;
	free(copy);
	return value;
}

static json_object *runs_describe(pid_t pid, const char *name, const char *machine,
				  char *const *command)
{
	json_object *run = json_object_new_object(), *words = json_object_new_array();

	for (; *command; command++)
		json_object_array_add(words, runs_text(*command));
	json_object_object_add(run, "pid", json_object_new_int(pid));
	json_object_object_add(run, "name", name ? json_object_new_string(name) : NULL);
	json_object_object_add(run, "machine", json_object_new_string(machine));
	json_object_object_add(run, "command", words);
	return run;
}

static int runs_write(int folder, const char *file, json_object *description)
{
	int fd = openat(folder, file,
			O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);
	int err = fd < 0 ? -errno : 0;

	if (!err && json_object_to_fd(fd, description, JSON_C_TO_STRING_PLAIN))
		err = -EIO;
	if (fd >= 0)
		close(fd);
	return err;
}

static json_object *runs_load(int folder, const char *file)
{
	int fd = openat(folder, file, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	json_object *value = NULL, *words;
	struct stat st;

	if (fd >= 0 && !fstat(fd, &st) && S_ISREG(st.st_mode) &&
	    st.st_size <= MAX_INFO_BYTES)
		value = json_object_from_fd_ex(fd, INFO_DEPTH);
	if (fd >= 0)
		close(fd);
	if (json_object_is_type(value, json_type_object) &&
	    json_object_object_get_ex(value, "command", &words) &&
	    json_object_is_type(words, json_type_array) &&
	    json_object_object_get_ex(value, "machine", &words) &&
	    json_object_is_type(words, json_type_string))
		return value;
	json_object_put(value);
	return NULL;
}

/* ---- The list ---------------------------------------------------------------------- */

static int runs_list_add(struct runs_list *list, pid_t pid, json_object *description)
{
	struct runs_run *more =
		reallocarray(list->runs, list->n + 1, sizeof(*list->runs));
	json_object *name = NULL;

	if (!more) {
		json_object_put(description);
		return -ENOMEM;
	}
	json_object_object_get_ex(description, "name", &name);
	list->runs = more;
	more[list->n++] =
		(struct runs_run){ .pid = pid,
				   .name = json_object_is_type(name, json_type_string)
						   ? json_object_get_string(name)
						   : NULL,
				   .description = description };
	return 0;
}

static int runs_list_folder(struct runs_list *list, int folder)
{
	DIR *dir = runs_read(folder);
	struct dirent *entry;
	int err = 0;

	while (dir && !err && (entry = readdir(dir))) {
		pid_t pid = runs_pid_of(entry->d_name, ".json");
		json_object *description;

		if (!pid || !runs_is_alive(folder, pid))
			continue;
		description = runs_load(folder, entry->d_name);
		if (description)
			err = runs_list_add(list, pid, description);
	}
	if (dir)
		closedir(dir);
	return err;
}

static int runs_compare(const void *a, const void *b)
{
	const struct runs_run *x = a, *y = b;

	return x->pid < y->pid ? -1 : x->pid > y->pid;
}

/* Return true if the folder is one of the n that were seen. Otherwise it becomes one of them. */
static bool runs_was_seen(int folder, struct stat seen[FOLDERS], int *n)
{
	struct stat *st = &seen[*n];

	if (fstat(folder, st))
		return false;
	for (int i = 0; i < *n; i++)
		if (seen[i].st_dev == st->st_dev && seen[i].st_ino == st->st_ino)
			return true;
	++*n;
	return false;
}

int runs_list(struct runs_list *list)
{
	struct stat seen[FOLDERS];
	int err = 0, n = 0;

	*list = (struct runs_list){ 0 };
	for (int i = 0; !err && i < FOLDERS; i++) {
		int folder = runs_folder(i, false);

		if (folder < 0)
			continue;
		/* XDG_RUNTIME_DIR can be /run. */
		if (!runs_was_seen(folder, seen, &n))
			err = runs_list_folder(list, folder);
		close(folder);
	}
	if (list->n)
		qsort(list->runs, list->n, sizeof(*list->runs), runs_compare);
	return err;
}

void runs_list_free(struct runs_list *list)
{
	while (list->n)
		json_object_put(list->runs[--list->n].description);
	free(list->runs);
	*list = (struct runs_list){ 0 };
}

/* ---- The entry of this process ----------------------------------------------------- */

/* Remove what killed runs have left. The caller has locked the folder. */
static void runs_sweep(int folder)
{
	DIR *dir = runs_read(folder);
	struct dirent *entry;

	while (dir && (entry = readdir(dir))) {
		pid_t pid = runs_pid_of(entry->d_name, ".json");

		if (!pid)
			pid = runs_pid_of(entry->d_name, ".sock");
		if (pid && runs_is_stale(folder, pid))
			unlinkat(folder, entry->d_name, 0);
	}
	if (dir)
		closedir(dir);
}

static bool runs_has_name(const char *name)
{
	struct runs_list list;
	bool found = false;

	runs_list(&list);
	for (size_t i = 0; name && i < list.n; i++)
		found |= list.runs[i].name && !strcmp(list.runs[i].name, name);
	runs_list_free(&list);
	return found;
}

static void runs_unlink_info(const struct runs_entry *entry)
{
	char file[32];

	snprintf(file, sizeof(file), "%d.json", (int)entry->pid);
	unlinkat(entry->folder, file, 0);
}

/* Fill a locked folder's entry. The description is written first, so that every run with a
 * socket has one. */
static int runs_fill(struct runs_entry *entry, const char *name, const char *machine,
		     char *const *command)
{
	const struct opts_server place = { .path = entry->path, .listens = true };
	json_object *description;
	char file[32];
	int err;

	runs_sweep(entry->folder);
	if (runs_has_name(name))
		return -EEXIST;
	if (runs_is_alive(entry->folder, entry->pid))
		return -EADDRINUSE;
	snprintf(file, sizeof(file), "%d.json", (int)entry->pid);
	description = runs_describe(entry->pid, name, machine, command);
	err = runs_write(entry->folder, file, description);
	json_object_put(description);
	if (!err)
		err = stream_socket_open(&entry->socket, &place);
	if (err)
		runs_unlink_info(entry);
	return err;
}

int runs_add(struct runs_entry *entry, const char *name, const char *machine,
	     char *const *command, char where[RUNS_WHERE_BYTES])
{
	int err = -ENOENT;

	*entry = (struct runs_entry){ .pid = getpid() };
	for (int i = 0; err && err != -EEXIST && i < FOLDERS; i++) {
		char file[32];
		const char *base = runs_candidate(i, file);
		int folder = base ? runs_folder(i, true) : -ENOENT;

		if (!base)
			continue;
		snprintf(where, RUNS_WHERE_BYTES, "%s/%s", base, file);
		if (folder < 0) {
			err = folder;
			continue;
		}
		entry->folder = folder;
		runs_path(entry->path, folder, entry->pid);
		/* The socket is opened by a number, and the lock ends with it. */
		err = flock(folder, LOCK_EX) ? -errno
					     : runs_fill(entry, name, machine, command);
		flock(folder, LOCK_UN);
		if (err)
			close(folder);
	}
	if (err)
		*entry = (struct runs_entry){ 0 };
	return err;
}

void runs_remove(struct runs_entry *entry)
{
	if (!entry->folder)
		return;
	stream_socket_close(&entry->socket);
	runs_unlink_info(entry);
	close(entry->folder);
	*entry = (struct runs_entry){ 0 };
}
