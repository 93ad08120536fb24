// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "vmm/sim/ids.h"
#include "vmm/sim/mirror.h"
#include "vmm/sim/root.h"

/* A directory that every system has. The code below needs nothing in it. */
#define BASE   "/sys"
#define NEW    BASE "/root"
#define MIRROR BASE "/mirror"

/* The machine's mount points. is_kernels: a kernel file system, which is not shown. */
struct mounts {
	struct mount_point {
		char *path;
		bool is_kernels;
	} * at;
	size_t n;
	unsigned int layers; /* number of overlays so far */
	struct ids_foreign foreign;
	char folder[4095]; /* the current one, or "" */
};

/* The guest's own directories, which never show the machine's. /var/log is no mount, so that
 * it can be moved. */
static const struct own_dir {
	const char *path;
	mode_t mode;
	const char *bound; /* NULL: something is mounted later, or nothing */
	const char *link;  /* it is a link to this one */
} own_dirs[] = {
	{ .path = "/proc", .mode = 0555 },
	{ .path = "/sys", .mode = 0555 },
	{ .path = "/dev", .mode = 0755 },
	{ .path = "/run", .mode = 0755, .bound = BASE "/own/run" },
	{ .path = "/run/lock", .mode = 01777 },
	{ .path = "/var/log", .mode = 0755 },
	{ .path = "/var/tmp", .mode = 01777, .bound = BASE "/own/tmp" },
	{ .path = "/var/lock", .link = "/run/lock" },
	{ .path = "/var/run", .link = "/run" },
	{ 0 },
};

/* Exceptions: paths of the computer in them. */
static const char *const shared_names[] = { "/run/current-system", "/run/wrappers",
					    NULL };

static const struct own_dir *own_dir_at(const char *path, size_t len)
{
	for (const struct own_dir *own = own_dirs; own->path; own++)
		if (!strncmp(own->path, path, len) && !own->path[len])
			return own;
	return NULL;
}

static bool is_below(const char *path, const char *dir)
{
	size_t len = strlen(dir);

	return !strncmp(path, dir, len) && (!path[len] || path[len] == '/');
}

bool root_hides(const char *path)
{
	bool is_own = false;

	for (const struct own_dir *own = own_dirs; own->path; own++)
		is_own = is_own || is_below(path, own->path);
	for (const char *const *name = shared_names; *name; name++)
		is_own = is_own && !is_below(path, *name);
	return is_own;
}

static bool is_kernels(const char *type)
{
	static const char *const types[] = { "proc",	   "sysfs",	  "devtmpfs",
					     "devpts",	   "cgroup",	  "cgroup2",
					     "securityfs", "debugfs",	  "tracefs",
					     "bpf",	   "pstore",	  "configfs",
					     "mqueue",	   "hugetlbfs",	  "fusectl",
					     "efivarfs",   "binfmt_misc", "autofs" };

	for (size_t i = 0; i < sizeof(types) / sizeof(*types); i++)
		if (!strcmp(type, types[i]))
			return true;
	return false;
}

/* Decode the octal numbers that stand for blanks and backslashes. */
static void unescape(char *text)
{
	char *to = text;
	unsigned int c;

	while (*text) {
		if (*text == '\\' && sscanf(text + 1, "%3o", &c) == 1 &&
		    strlen(text) > 3) {
			*to++ = (char)c;
			text += 4;
		} else {
			*to++ = *text++;
		}
	}
	*to = '\0';
}

/* Read the mounts. The mount point is the fifth field, the type follows " - ". */
static int mounts_read(struct mounts *m)
{
	FILE *f = fopen("/proc/self/mountinfo", "re");
	char path[4096], type[64], *line = NULL, *sep;
	size_t size = 0;
	int err = f ? 0 : -errno;

	while (!err && getline(&line, &size, f) > 0) {
		struct mount_point *more;

		sep = strstr(line, " - ");
		if (!sep || sscanf(line, "%*s %*s %*s %*s %4095s", path) != 1 ||
		    sscanf(sep, " - %63s", type) != 1)
			continue;
		unescape(path);
		more = realloc(m->at, (m->n + 1) * sizeof(*m->at));
		if (more) {
			m->at = more;
			more[m->n] =
				(struct mount_point){ strdup(path), is_kernels(type) };
		}
		if (!more || !more[m->n++].path)
			err = -ENOMEM;
	}
	free(line);
	if (f)
		fclose(f);
	return err;
}

static void mounts_free(struct mounts *m)
{
	while (m->n)
		free(m->at[--m->n].path);
	free(m->at);
}

/* Return true if a kernel file system is mounted here: the last mount is the visible one; or if
 * the guest has its own directory here. */
static bool mounts_hide(const void *arg, const char *path, size_t len)
{
	const struct mounts *m = arg;

	if (own_dir_at(path, len))
		return true;
	for (size_t i = m->n; i--;)
		if (!strncmp(m->at[i].path, path, len) && !m->at[i].path[len])
			return m->at[i].is_kernels;
	return false;
}

static bool has_mounts_below(const struct mounts *m, const char *path)
{
	size_t len = strlen(path);

	for (size_t i = 0; i < m->n; i++)
		if (!strncmp(m->at[i].path, path, len) && m->at[i].path[len] == '/')
			return true;
	return false;
}

/* A short look for what the user can write although something on the way there has a foreign
 * id. */
struct look {
	const struct ids_foreign *foreign;
	bool at_files; /* or only at directories, and those in them */
	int left;      /* number of entries */
};

/* Return true if this is such a file, or would be if the file system were not read-only. */
static bool look_at(const struct look *look, const char *path, bool *is_foreign)
{
	struct stat st;

	if (lstat(path, &st) || S_ISLNK(st.st_mode))
		return false;
	*is_foreign = *is_foreign || st.st_uid == look->foreign->uid ||
		      st.st_gid == look->foreign->gid;
	return *is_foreign &&
	       st.st_mode & (st.st_uid == look->foreign->uid ? 0022 : 0222) &&
	       (!access(path, W_OK) || errno == EROFS);
}

static bool look_below(struct look *look, const char *path, bool is_foreign, int depth)
{
	DIR *dir = opendir(path);
	const struct dirent *entry;
	bool found = false, is_this, is_dir;
	char name[4096];

	while (!found && dir && look->left-- > 0 && (entry = readdir(dir))) {
		is_dir = entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN;
		if ((!look->at_files && !is_dir) || !strcmp(entry->d_name, ".") ||
		    !strcmp(entry->d_name, "..") ||
		    (size_t)snprintf(name, sizeof(name), "%s/%s", path, entry->d_name) >=
			    sizeof(name))
			continue;
		is_this = is_foreign;
		found = look_at(look, name, &is_this) ||
			((look->at_files ? !is_this : !depth) && is_dir &&
			 look_below(look, name, is_this, depth + 1));
	}
	if (dir)
		closedir(dir);
	return found;
}

/* Linux cannot copy what has a foreign id into an overlay, nor what is below it. Return true if
 * the user can write such a file of this layer, as far as a short look shows. */
static bool has_foreign(const struct mounts *m, const char *layer)
{
	struct look near = { &m->foreign, false, 64 }, here = { &m->foreign, true, 100 };
	bool is_foreign = false, found = false;
	char way[4096];

	if (m->foreign.uid == UINT32_MAX && m->foreign.gid == UINT32_MAX)
		return false;
	if (is_below(m->folder, layer)) {
		snprintf(way, sizeof(way), "%s/", m->folder);
		for (char *end = way + strlen(layer); (end = strchr(end + 1, '/'));) {
			*end = '\0';
			found = look_at(&here, way, &is_foreign) || found;
			*end = '/';
		}
		found = found || look_below(&here, m->folder, is_foreign, 0);
	}
	return found || look_below(&near, layer, false, 0);
}

/* Mount a directory, or "" for the whole mirror, as an overlay whose changes go to memory. */
static int copy_on_write(struct mounts *m, const char *path, const char *to)
{
	static const char *const extra[] = { ",userxattr", "" };
	char lower[4096 + sizeof(MIRROR)], upper[64], work[64], options[8192];
	struct stat st;
	int err = -EINVAL;

	snprintf(lower, sizeof(lower), "%s%s",
		 !*path || has_foreign(m, path) ? MIRROR : "", path);
	if (strpbrk(lower, ":,\\") || lstat(lower, &st))
		return -EINVAL;
	snprintf(upper, sizeof(upper), BASE "/upper/%u", m->layers);
	snprintf(work, sizeof(work), BASE "/work/%u", m->layers++);
	if (mkdir(upper, st.st_mode & 07777) || mkdir(work, 0755))
		return -errno;
	/* The directory of the overlay itself is that of its upper layer. An owner may have no
	 * number in the guest. */
	(void)!lchown(upper, st.st_uid, st.st_gid);
	chmod(upper, st.st_mode & 07777);
	utimensat(AT_FDCWD, upper, (struct timespec[]){ st.st_atim, st.st_mtim }, 0);
	for (size_t i = 0; err && i < sizeof(extra) / sizeof(*extra); i++) {
		snprintf(options, sizeof(options), "lowerdir=%s,upperdir=%s,workdir=%s%s",
			 lower, upper, work, extra[i]);
		err = mount("guest", to, "overlay", 0, options) ? -errno : 0;
	}
	return err;
}

/* Set these attributes of a mount, and of the mounts below it. The other attributes stay:
 * in a user namespace, the kernel refuses to clear them. */
static int mount_restrict(const char *path, uint64_t attributes)
{
	struct mount_attr set = { .attr_set = attributes };

	return syscall(SYS_mount_setattr, AT_FDCWD, path, AT_RECURSIVE, &set, sizeof(set))
		       ? -errno
		       : 0;
}

/* Bind a file or directory that must not change. Without the attributes, it is not
 * shown. */
static int bind_restricted(const char *path, const char *to, uint64_t attributes)
{
	int err;

	if (mount(path, to, NULL, MS_BIND | MS_REC, NULL))
		return -errno;
	err = mount_restrict(to, attributes);
	if (err)
		umount2(to, MNT_DETACH);
	return err;
}

static bool is_empty(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;

	while (dir && n < 3 && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	return n < 3;
}

/* Mount an overlay on each directory below this one, which has mounts below it. A directory
 * that is empty, cannot be one, or appears later, is as the mirror shows it: slower. */
static int build_dir(struct mounts *m, const char *path)
{
	DIR *dir = opendir(*path ? path : "/");
	char from[4096], to[4096];
	struct dirent *entry;
	struct stat st;
	int err = 0;

	while (dir && err != -ENOMEM && err != -ENOSPC && (entry = readdir(dir))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    (size_t)snprintf(from, sizeof(from), "%s/%s", path, entry->d_name) >=
			    sizeof(from) ||
		    (size_t)snprintf(to, sizeof(to), NEW "%s", from) >= sizeof(to) ||
		    mounts_hide(m, from, strlen(from)) || lstat(from, &st) ||
		    !S_ISDIR(st.st_mode) || is_empty(from))
			continue;
		err = has_mounts_below(m, from) || !strcmp(from, "/var")
			      ? build_dir(m, from)
			      : copy_on_write(m, from, to);
	}
	if (dir)
		closedir(dir);
	return err == -ENOMEM || err == -ENOSPC ? err : 0;
}

/* Show the machine's files. Without overlays they cannot be changed. */
static int build_files(struct mounts *m)
{
	int err = copy_on_write(m, "", NEW);

	if (!err)
		return build_dir(m, "");
	fprintf(stderr, "papr-vmm: files cannot be changed in the guest: overlays: %s\n",
		strerror(-err));
	return mount(MIRROR, NEW, NULL, MS_BIND, NULL) ? -errno : 0;
}

/* Let the guest have these paths of the computer, which programs are found by. */
static int build_run(void)
{
	char to[64], target[4096];
	ssize_t n;

	for (const char *const *name = shared_names; *name; name++) {
		snprintf(to, sizeof(to), NEW "%s", *name);
		n = readlink(*name, target, sizeof(target) - 1);
		target[n < 0 ? 0 : n] = '\0';
		if (n >= 0 ? symlink(target, to)
			   : !access(*name, X_OK) &&
				     (mkdir(to, 0755) ||
				      bind_restricted(*name, to,
						      MOUNT_ATTR_RDONLY |
							      MOUNT_ATTR_NOSUID |
							      MOUNT_ATTR_NODEV)))
			return -errno;
	}
	return 0;
}

/* Make a directory of the guest's own, and show it where the machine's is or would be. */
static int build_own_dir(const struct own_dir *own)
{
	char to[64];

	snprintf(to, sizeof(to), NEW "%s", own->path);
	if (own->link)
		return symlink(own->link, to) && errno != EEXIST && errno != EROFS
			       ? -errno
			       : 0;
	if (mkdir(to, own->mode) && errno != EEXIST)
		return -errno;
	if (own->bound &&
	    (mkdir(own->bound, own->mode) || mount(own->bound, to, NULL, MS_BIND, NULL)))
		return -errno;
	return 0;
}

static int build_own(void)
{
	int err = mkdir(NEW "/var", 0755) && errno != EEXIST ? -errno : 0;

	for (const struct own_dir *own = own_dirs; !err && own->path; own++)
		err = build_own_dir(own);
	return err ? err : build_run();
}

/* Bind a device of this computer. It can be written, but its mode and owner, which are
 * this computer's, cannot be changed. */
static int bind_device(const char *from, const char *to)
{
	close(open(to, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
	return bind_restricted(from, to, MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID);
}

/* Mount the guest's own terminals. The group tty may be missing in its user namespace. */
static int mount_terminals(void)
{
	static const char *const options[] = {
		"newinstance,ptmxmode=0666,mode=0620,gid=5",
		"newinstance,ptmxmode=0666,mode=0620"
	};

	if (mkdir(NEW "/dev/pts", 0755))
		return -errno;
	for (size_t i = 0; i < sizeof(options) / sizeof(*options); i++)
		if (!mount("devpts", NEW "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
			   options[i]))
			return 0;
	return -errno;
}

/* Bind character devices that do nothing, so that these names exist. */
static int bind_papr_devices(const char *const *names)
{
	char path[64];
	int err = 0;

	for (; !err && *names; names++) {
		snprintf(path, sizeof(path), NEW "/dev/%s", *names);
		err = bind_device("/dev/null", path);
	}
	return err;
}

static int build_dev(int *memory, uint64_t memory_bytes, const char *const *papr_devices)
{
	static const char *const nodes[] = { "null",   "zero",	  "full",
					     "random", "urandom", "tty" };
	static const char *const links[][2] = {
		{ "/proc/self/fd", NEW "/dev/fd" },
		{ "/proc/self/fd/0", NEW "/dev/stdin" },
		{ "/proc/self/fd/1", NEW "/dev/stdout" },
		{ "/proc/self/fd/2", NEW "/dev/stderr" },
		{ "pts/ptmx", NEW "/dev/ptmx" },
	};
	char from[64], to[64];
	int err;

	if (mount("guest", NEW "/dev", "tmpfs", MS_NOSUID, "mode=0755"))
		return -errno;
	for (size_t i = 0; i < sizeof(nodes) / sizeof(*nodes); i++) {
		struct stat st;

		snprintf(from, sizeof(from), "/dev/%s", nodes[i]);
		snprintf(to, sizeof(to), NEW "/dev/%s", nodes[i]);
		if (stat(from, &st))
			continue;
		err = bind_device(from, to);
		if (err)
			return err;
	}
	err = mount_terminals();
	if (err)
		return err;
	for (size_t i = 0; i < sizeof(links) / sizeof(*links); i++)
		if (symlink(links[i][0], links[i][1]))
			return -errno;
	if (mkdir(NEW "/dev/shm", 01777))
		return -errno;
	err = bind_papr_devices(papr_devices);
	if (err)
		return err;

	/* The memory that firmware and programs share: a plain file. Programs map it,
	 * papr-vmm reads and writes it. */
	*memory = open(NEW "/dev/mem", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
	if (*memory < 0 || ftruncate(*memory, (off_t)memory_bytes))
		return -errno;
	return 0;
}

int root_mount_fuse(int *fuse)
{
	char options[128];

	*fuse = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	if (*fuse < 0)
		return -errno;
	snprintf(
		options, sizeof(options),
		"fd=%d,rootmode=40000,user_id=0,group_id=0,default_permissions,allow_other",
		*fuse);
	return mount("kernel", BASE "/fuse", "fuse", MS_NOSUID | MS_NODEV | MS_NOEXEC,
		     options)
		       ? -errno
		       : 0;
}

static int build_skeleton(void)
{
	static const char *const dirs[] = { NEW,	  MIRROR,      BASE "/upper",
					    BASE "/work", BASE "/own", BASE "/fuse",
					    BASE "/proc" };

	if (mount("guest", BASE, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755"))
		return -errno;
	for (size_t i = 0; i < sizeof(dirs) / sizeof(*dirs); i++)
		if (mkdir(dirs[i], 0755))
			return -errno;
	return 0;
}

int root_build(int *memory, uint64_t memory_bytes, const char *const *papr_devices,
	       pid_t *mirror, const char **what)
{
	struct mounts m = { 0 };
	int err;

	umask(0);
	ids_find_foreign(&m.foreign);
	if (!getcwd(m.folder, sizeof(m.folder)))
		m.folder[0] = '\0';
	*what = ROOT_PRIVATE;
	err = mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ? -errno : 0;
	if (!err) {
		*what = "list of mounts";
		err = mounts_read(&m);
	}
	if (!err) {
		*what = "memory for the root file system";
		err = build_skeleton();
	}
	if (!err) {
		*what = ROOT_FUSE;
		err = mirror_mount(MIRROR, mounts_hide, &m, &m.foreign, mirror);
	}
	if (!err) {
		*what = "root file system";
		err = build_files(&m);
	}
	mounts_free(&m);
	if (!err)
		err = build_own();
	if (!err) {
		*what = "/dev";
		err = build_dev(memory, memory_bytes, papr_devices);
	}
	umask(022);
	return err;
}

/* Return true if this entry of procfs is about the whole computer and can be written. The
 * entries of processes and links are not. */
static bool is_control(int proc, const struct dirent *entry)
{
	struct stat st;

	if (entry->d_name[0] == '.' ||
	    (entry->d_name[0] >= '0' && entry->d_name[0] <= '9') ||
	    fstatat(proc, entry->d_name, &st, AT_SYMLINK_NOFOLLOW))
		return false;
	return S_ISDIR(st.st_mode) || (S_ISREG(st.st_mode) && st.st_mode & 0222);
}

int root_mount_proc(void)
{
	struct dirent *entry;
	char path[320];
	int err = 0;
	DIR *dir;

	if (mount("proc", BASE "/proc", "proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return -errno;
	dir = opendir(BASE "/proc");
	if (!dir)
		return -errno;
	/* These files check only the user id: for them, the guest's root is this
	 * computer's root if papr-vmm is. */
	while (!err && (entry = readdir(dir))) {
		if (!is_control(dirfd(dir), entry))
			continue;
		snprintf(path, sizeof(path), BASE "/proc/%s", entry->d_name);
		err = bind_restricted(path, path, MOUNT_ATTR_RDONLY);
	}
	closedir(dir);
	return err;
}

int root_open_proc(void)
{
	int fd = open(BASE "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

/* Close one of papr-vmm's files here, so that the machine's kernel learns that papr-vmm
 * does not handle FUSE flush requests. Otherwise papr-vmm would have to answer one while
 * it closes a file that it serves itself. */
static void learn_to_close(int files)
{
	int fd = openat(files, "proc/cpuinfo", O_RDONLY | O_CLOEXEC);

	if (fd >= 0)
		close(fd);
}

/* Mount the machine's procfs and sysfs where the kernel's files will cover them: mount(8)
 * and scripts find /proc and /sys by these types. In a container that hides a part of
 * /sys, the machine's kernel refuses the sysfs. Then the guest's list lacks it. */
static int mount_listed(void)
{
	if (mount(BASE "/proc", NEW "/proc", NULL, MS_BIND, NULL))
		return -errno;
	if (mount("sysfs", NEW "/sys", "sysfs", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL))
		return 0;
	return mount_restrict(NEW "/sys", MOUNT_ATTR_RDONLY);
}

int root_enter(int *files, const char **what)
{
	static const char *const devices[][2] = {
		{ BASE "/fuse/kmsg", NEW "/dev/kmsg" },
		{ BASE "/fuse/nvram", NEW "/dev/nvram" },
		{ BASE "/fuse/proc/.kernel/sys/vm/min_free_kbytes",
		  NEW "/proc/.kernel/sys/vm/min_free_kbytes" },
	};

	*what = "the kernel's files";
	*files = open(BASE "/fuse", O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (*files < 0)
		return -errno;
	learn_to_close(*files);
	if (mount_listed() ||
	    mount(BASE "/fuse/proc", NEW "/proc", NULL, MS_BIND, NULL) ||
	    mount(BASE "/fuse/sys", NEW "/sys", NULL, MS_BIND, NULL) ||
	    mount(BASE "/proc", NEW "/proc/.kernel", NULL, MS_BIND | MS_REC, NULL))
		return -errno;

	/* On a locked-down kernel, /dev/mem exists but cannot be opened. */
	if (mount(BASE "/fuse/mem", NEW "/dev/mem", NULL, MS_BIND, NULL) &&
	    errno != ENOENT)
		return -errno;
	for (size_t i = 0; i < sizeof(devices) / sizeof(*devices); i++) {
		if (access(devices[i][0], F_OK)) /* not every machine has an nvram */
			continue;
		close(open(devices[i][1], O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
		if (mount(devices[i][0], devices[i][1], NULL, MS_BIND, NULL))
			return -errno;
	}

	*what = "pivot_root";
	if (chdir(NEW) || syscall(SYS_pivot_root, ".", ".") || umount2(".", MNT_DETACH))
		return -errno;
	return 0;
}
