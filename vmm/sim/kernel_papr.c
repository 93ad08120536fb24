// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel_papr.h"
#include "wire/rtas_args.h"

enum {
	PAPR_TYPE = 0xb2,
	OPENING_MAX = 64, /* messages for which the socket always has room */
};

/* ---- Devices -------------------------------------------------------------------- */

struct device {
	const char *name;
	enum kernel_profile since;
	enum rtas_call needs[3]; /* unused entries: RTAS_CALLS */
	const struct kpapr_ioctl *ioctls;
};

/* papr-hvpipe is missing: the machine has no service processor as its peer. */
// clang-format off
static const struct device devices[KPAPR_DEVICES] = {
	{ "papr-vpd", KERNEL_6_12,
	  { RTAS_GET_VPD, RTAS_CALLS, RTAS_CALLS }, kvpd_ioctls },
	{ "papr-sysparm", KERNEL_6_12,
	  { RTAS_GET_SYSTEM_PARAMETER, RTAS_CALLS, RTAS_CALLS }, ksysparm_ioctls },
	{ "papr-indices", KERNEL_CURRENT,
	  { RTAS_GET_INDICES, RTAS_GET_DYNAMIC_SENSOR_STATE, RTAS_SET_DYNAMIC_INDICATOR },
	  kindices_ioctls },
	{ "papr-platform-dump", KERNEL_CURRENT,
	  { RTAS_PLATFORM_DUMP, RTAS_CALLS, RTAS_CALLS }, kdump_ioctls },
	{ "papr-physical-attestation", KERNEL_CURRENT,
	  { RTAS_PHYSICAL_ATTESTATION, RTAS_CALLS, RTAS_CALLS }, kattest_ioctls },
};
// clang-format on

static bool is_there(const struct kernel *k, const struct device *device)
{
	const struct dt_node *rtas = ktree_find(k, "/rtas");

	if (k->profile < device->since)
		return false;
	for (int i = 0; i < 3; i++)
		if (device->needs[i] != RTAS_CALLS &&
		    !ktree_get(rtas, rtas_desc(device->needs[i])->name, NULL))
			return false;
	return true;
}

void kpapr_names(const struct kernel *k, const char *names[KPAPR_DEVICES + 1])
{
	for (int i = 0; i < KPAPR_DEVICES; i++)
		if (is_there(k, &devices[i]))
			*names++ = devices[i].name;
	*names = NULL;
}

/* ---- Identifying a descriptor ---------------------------------------------------- */

/* A descriptor, as procfs describes it */
struct descriptor {
	int mount, flags;
	unsigned long ino;
};

static int look(const char *path, struct descriptor *d)
{
	FILE *f = fopen(path, "re");
	char line[128];

	*d = (struct descriptor){ .mount = -1 };
	while (f && fgets(line, sizeof(line), f)) {
		if (!strncmp(line, "mnt_id:", 7))
			d->mount = (int)strtol(line + 7, NULL, 10);
		else if (!strncmp(line, "flags:", 6))
			d->flags = (int)strtol(line + 6, NULL, 8);
		else if (!strncmp(line, "ino:", 4))
			d->ino = strtoul(line + 4, NULL, 10);
	}
	if (f)
		fclose(f);
	return d->mount < 0 ? -ENOENT : 0;
}

static int look_at_own(int fd, struct descriptor *d)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	return look(path, d);
}

static int look_at_callers(const struct trap_call *call, struct descriptor *d)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)call->pid,
		 (int)call->args[0]);
	return look(path, d);
}

/* Record the mount of each device. Devices that are bound from the same file differ only
 * by their mount. */
void kpapr_found(struct kernel *k)
{
	struct descriptor d;

	for (int i = 0; i < KPAPR_DEVICES; i++) {
		int fd = openat(k->dev_fd, devices[i].name, O_PATH | O_CLOEXEC);

		k->papr.mounts[i] = -1;
		if (fd < 0)
			continue;
		if (!look_at_own(fd, &d))
			k->papr.mounts[i] = d.mount;
		close(fd);
	}
}

/* ---- Ioctls ------------------------------------------------------------------------ */

/* Return true if the command is this ioctl, in the generic encoding or in powerpc's. */
static bool is_command(const struct kpapr_ioctl *ioctl, uint32_t command)
{
	uint32_t common = (uint32_t)ioctl->size << 16 | PAPR_TYPE << 8 | ioctl->nr;
	uint32_t powerpc = ioctl->dir == KPAPR_WRITE ? 4u : 6u;

	return command == ((uint32_t)ioctl->dir << 30 | common) ||
	       command == (powerpc << 29 | common);
}

static long run(struct kernel *k, const struct kpapr_ioctl *ioctls,
		struct khandle *handle, struct trap_call *call, int flags)
{
	for (; ioctls && ioctls->fn; ioctls++) {
		if (!is_command(ioctls, (uint32_t)call->args[1]))
			continue;
		if (ioctls->needs_write && (flags & O_ACCMODE) == O_RDONLY)
			return -EBADF;
		return ioctls->fn(k, handle, call);
	}
	return -ENOTTY;
}

long kernel_sys_ioctl(struct kernel *k, struct trap_call *call)
{
	struct descriptor d;

	if (k->fs)
		fs_catch_up(k->fs);
	if (look_at_callers(call, &d))
		return -EBADF;
	for (struct khandle *h = k->papr.handles; h; h = h->next) {
		if (h->state != KHANDLE_OPEN && trap_is_same(call, &h->call)) {
			h->call = *call;
			return KPAPR_LATER;
		}
		if (h->mount == d.mount && h->ino == d.ino)
			return run(k, h->ops->ioctls, h, call, d.flags);
	}
	for (int i = 0; i < KPAPR_DEVICES; i++) {
		if (k->papr.mounts[i] != d.mount)
			continue;
		/* The device has the mode of the machine's own file. In Linux it has
		 * 0600. */
		if (!trap_is_root(call))
			return -EACCES;
		return run(k, devices[i].ioctls, NULL, call, d.flags);
	}
	return -ENOTTY;
}

/* ---- Handles ----------------------------------------------------------------------- */

static void read_bytes(struct khandle *handle, struct fs_request *request, size_t size,
		       uint64_t at)
{
	size_t from = at < handle->len ? (size_t)at : handle->len,
	       left = handle->len - from;

	fs_reply(request, handle->bytes + from, size < left ? size : left, 0);
}

const struct khandle_ops khandle_bytes = { .read = read_bytes };

struct khandle *khandle_find(const struct kernel *k, const struct khandle_ops *ops,
			     uint64_t tag)
{
	struct khandle *h = k->papr.handles;

	while (h && (h->ops != ops || h->tag != tag))
		h = h->next;
	return h;
}

static void unlink_handle(struct khandle *handle)
{
	struct khandle **at = &handle->k->papr.handles;

	while (*at != handle)
		at = &(*at)->next;
	*at = handle->next;
	free(handle->bytes);
	free(handle);
}

static void file_read(struct pfs_node *file, void *opened, struct fs_request *request,
		      size_t size, bool nonblock)
{
	struct khandle *handle = file->priv;

	(void)opened, (void)nonblock;
	handle->ops->read(handle, request, size, fs_offset(request));
}

/* Remove the handle. It was opened once, so its last descriptor is closed now. */
static void file_release(struct pfs_node *file, void *opened)
{
	(void)opened;
	unlink_handle(file->priv);
	pfs_remove(file);
}

static int make_file(struct kernel *k, struct khandle *handle)
{
	char name[16];
	static const struct pfs_ops ops = { .read = file_read, .release = file_release };

	snprintf(name, sizeof(name), "%u", handle->id);
	handle->file = pfs_file(pfs_path(k->root, "papr"), name, 0400, &ops, handle);
	if (!handle->file)
		return -ENOMEM;
	handle->file->shown_size = handle->len;
	return 0;
}

void kpapr_open(struct kernel *k)
{
	struct khandle *oldest;
	char path[32];

	do {
		oldest = NULL;
		for (struct khandle *h = k->papr.handles; h; h = h->next)
			if (h->state == KHANDLE_WAITS)
				oldest = h;
		if (!oldest || k->papr.n_opening == OPENING_MAX)
			return;
		snprintf(path, sizeof(path), "papr/%u", oldest->id);
		if (!k->open_file(k, oldest->id, path)) {
			oldest->state = KHANDLE_OPENS;
			k->papr.n_opening++;
		}
	} while (oldest->state == KHANDLE_OPENS);
	k->kick(k); /* try again */
}

/* Create the handle. On failure the caller keeps the bytes. */
long khandle_give(struct kernel *k, struct trap_call *call, const struct khandle *like)
{
	struct khandle *handle = calloc(1, sizeof(*handle));

	if (!handle)
		return -ENOMEM;
	*handle = *like;
	handle->k = k;
	handle->id = ++k->papr.last_id;
	handle->call = *call;
	handle->mount = -1;
	handle->state = KHANDLE_WAITS;
	if (make_file(k, handle)) {
		free(handle);
		return -ENOMEM;
	}
	handle->next = k->papr.handles;
	k->papr.handles = handle;
	kpapr_open(k);
	return KPAPR_LATER;
}

long khandle_give_text(struct kernel *k, struct trap_call *call,
		       const struct khandle_ops *ops, struct text *text, int err)
{
	const struct khandle like = { .ops = ops,
				      .bytes = (uint8_t *)text->buf,
				      .len = text->len };
	long result = err ? err : khandle_give(k, call, &like);

	if (result != KPAPR_LATER)
		text_free(text);
	return result;
}

void kpapr_opened(struct kernel *k, uint32_t id, int fd, int err)
{
	struct khandle *h = k->papr.handles;
	struct trap_call call;
	struct descriptor d;

	while (h && h->id != id)
		h = h->next;
	k->papr.n_opening--;
	kpapr_open(k);
	if (!h)
		return;
	h->state = KHANDLE_OPEN;
	call = h->call;
	if (err) {
		pfs_remove(h->file);
		unlink_handle(h);
	} else if (!look_at_own(fd, &d)) {
		h->mount = d.mount;
		h->ino = d.ino;
	}
	/* Give the descriptor to the program before this process closes its own: closing
	 * the last one releases the handle. */
	trap_answer(&call, err ? err : trap_give_fd(&call, fd));
}

/* Free all handles. The programs that wait for one are gone with the guest. */
void kpapr_free(struct kernel *k)
{
	while (k->papr.handles)
		unlink_handle(k->papr.handles);
}

/* ---- Calls in several parts -------------------------------------------------------- */

enum {
	PART_BYTES = 4096,
	BLOB_MAX = 64 << 20,
	RESTARTS_MAX = 1000, /* Linux restarts until a signal ends the program */
	NUMBER_FIRST = 1,
	MORE_DATA = 1,
	START_OVER = -4,
};

/* Run the sequence until it is complete or must restart. Return firmware's status. */
static int32_t run_once(struct kernel *k, const struct ksequence *s, struct text *blob)
{
	uint8_t *area = kernel_work_area(k) + s->area;
	uint32_t in[5], out[2] = { 0 }, n_out = s->bytes_out < 0 ? 1 : 2, n;
	int32_t status;

	memcpy(in, s->in, sizeof(in));
	in[s->number_in] = NUMBER_FIRST;
	memset(kernel_work_area(k), 0, 2 * PART_BYTES);
	s->prepare(k, s->arg);
	do {
		status = kernel_rtas(k, s->call, s->n_in, in, n_out, out);
		if (status != RTAS_SUCCESS && status != MORE_DATA)
			return status;
		n = s->bytes_out < 0 ? PART_BYTES : out[s->bytes_out];
		if (n > PART_BYTES || blob->len + n > BLOB_MAX)
			return RTAS_HARDWARE_ERROR;
		text_bytes(blob, area, n);
		in[s->number_in] = out[0];
	} while (status == MORE_DATA);
	return status;
}

int ksequence_run(struct kernel *k, const struct ksequence *s, struct text *blob)
{
	int32_t status;
	int tries = 0;

	do {
		text_free(blob);
		status = run_once(k, s, blob);
	} while (status == START_OVER && tries++ < RESTARTS_MAX);
	if (status == RTAS_SUCCESS)
		return blob->failed ? -ENOMEM : 0;
	if (status != RTAS_PARAMETER_ERROR && status != RTAS_HARDWARE_ERROR)
		kernel_print(k, "papr: unexpected %s status %d", s->call, (int)status);
	return status == RTAS_PARAMETER_ERROR ? -EINVAL : -EIO;
}
