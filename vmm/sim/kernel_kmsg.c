// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/kmsg: what the simulated kernel prints. A reader begins with the next record, as in
 * Linux after lseek(SEEK_END), because it does not learn of that call. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel.h"

static int kmsg_open(struct pfs_node *file, int flags, pid_t pid, void **handle)
{
	const struct kernel *k = file->priv;
	uint64_t *at = malloc(sizeof(*at));

	(void)flags, (void)pid;
	if (at)
		*at = k->kmsg.next;
	*handle = at;
	return at ? 0 : -ENOMEM;
}

static void kmsg_release(struct pfs_node *file, void *handle)
{
	(void)file;
	free(handle);
}

static ssize_t kmsg_write(struct pfs_node *file, void *handle, const char *bytes,
			  size_t len)
{
	(void)handle;
	kernel_print(file->priv, "%.*s",
		     (int)(len && bytes[len - 1] == '\n' ? len - 1 : len), bytes);
	return (ssize_t)len;
}

static void kmsg_read(struct pfs_node *file, void *handle, struct fs_request *request,
		      size_t size, bool nonblock)
{
	const struct kmsg *kmsg = &((struct kernel *)file->priv)->kmsg;
	uint64_t *at = handle;

	if (*at + KMSG_RING < kmsg->next) {
		*at = kmsg->next - KMSG_RING;
		fs_reply(request, NULL, 0, -EPIPE);
	} else if (*at == kmsg->next) { /* a reader that would wait is at the end */
		fs_reply(request, NULL, 0, nonblock ? -EAGAIN : 0);
	} else {
		const char *record = kmsg->ring[*at % KMSG_RING];
		size_t len = strlen(record);

		++*at;
		fs_reply(request, record, len, len > size ? -EINVAL : 0);
	}
}

int kmsg_file(struct kernel *k)
{
	static const struct pfs_ops ops = { .open = kmsg_open,
					    .release = kmsg_release,
					    .read = kmsg_read,
					    .write = kmsg_write };

	return pfs_file(k->root, "kmsg", 0644, &ops, k) ? 0 : -ENOMEM;
}

void kmsg_keep(struct kernel *k, const char *text)
{
	char **slot = &k->kmsg.ring[k->kmsg.next % KMSG_RING];
	struct timespec now;
	char *record;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (asprintf(&record, "4,%llu,%lld,-;%s\n", (unsigned long long)k->kmsg.next,
		     (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000, text) < 0)
		return;
	free(*slot);
	*slot = record;
	k->kmsg.next++;
}

void kmsg_free(struct kernel *k)
{
	for (int i = 0; i < KMSG_RING; i++)
		free(k->kmsg.ring[i]);
}
