// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * /dev/papr-sysparm of Linux 6.12 and later: system parameters by ioctl, without a work
 * area of the program's own. The path is a character device of the machine's own that
 * does nothing; its ioctls are caught.
 *
 * A program asks as this computer's headers have it, since it was built with them. On
 * powerpc "write" is another bit of a command, so the number that is fixed there is
 * understood too: no two commands look alike that way, and the structure is the same.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "vmm/sim/kernel.h"
#include "vmm/sim/trap.h"
#include "wire/rtas_args.h"

enum {
	SYSPARM_TYPE = 0xb2,
	SYSPARM_INPUT_MAX = 1024,
	SYSPARM_OUTPUT = 4000,
	SYSPARM_WORK_BYTES = 2 + SYSPARM_OUTPUT,
};

/* What programs hand over, in their byte order. */
struct sysparm {
	uint32_t parameter;
	uint16_t len;
	uint8_t data[SYSPARM_OUTPUT];
};

#define SYSPARM_GET	    _IOWR(SYSPARM_TYPE, 1, struct sysparm)
#define SYSPARM_SET	    _IOW(SYSPARM_TYPE, 2, struct sysparm)
#define SYSPARM_SET_POWERPC 0x8fa8b202u

/* Statuses of these two calls alone: PAPR+ 7.3.16. */
enum { NOT_AUTHORIZED = -9002, BAD_VALUE = -9999 };

bool ksysparm_is_there(const struct kernel *k)
{
	return k->profile != KERNEL_6_1 &&
	       ktree_get(ktree_find(k, "/rtas"), "ibm,get-system-parameter", NULL);
}

/* A line of /proc/PID/fdinfo/FD; -ENOENT. */
static int fdinfo(const char *path, const char *key, int base, int *value)
{
	FILE *f = fopen(path, "re");
	char line[128];
	int err = -ENOENT;

	while (f && err && fgets(line, sizeof(line), f))
		if (!strncmp(line, key, strlen(key))) {
			*value = (int)strtol(line + strlen(key), NULL, base);
			err = 0;
		}
	if (f)
		fclose(f);
	return err;
}

/* Every device that is bound from the same file differs by its mount alone. */
void ksysparm_found(struct kernel *k)
{
	int fd = openat(k->dev_fd, "papr-sysparm", O_PATH | O_CLOEXEC);
	char path[64];

	k->sysparm_mount = -1;
	if (fd < 0)
		return;
	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", fd);
	if (fdinfo(path, "mnt_id:", 10, &k->sysparm_mount))
		k->sysparm_mount = -1;
	close(fd);
}

static bool is_ours(const struct kernel *k, const struct trap_call *call, int *flags)
{
	char path[64];
	int mount;

	snprintf(path, sizeof(path), "/proc/%d/fdinfo/%d", (int)call->pid,
		 (int)call->args[0]);
	return k->sysparm_mount >= 0 && !fdinfo(path, "mnt_id:", 10, &mount) &&
	       mount == k->sysparm_mount && !fdinfo(path, "flags:", 8, flags);
}

static int errno_of(struct kernel *k, int32_t status)
{
	switch (status) {
	case RTAS_SUCCESS:
		return 0;
	case RTAS_PARAMETER_ERROR:
		return -EOPNOTSUPP;
	case NOT_AUTHORIZED:
		return -EPERM;
	case BAD_VALUE:
		return -EINVAL;
	case RTAS_HARDWARE_ERROR:
		return -EIO;
	}
	kernel_print(k, "papr-sysparm: unexpected status %d", (int)status);
	return -EIO;
}

/* Both directions hand over what the caller has: some parameters answer to it. */
static int fetch(struct kernel *k, const struct trap_call *call, uint32_t *parameter)
{
	uint8_t *work = kernel_work_area(k);
	uint16_t len;
	uint64_t at = call->args[2];
	int err = trap_read(call, at, parameter, sizeof(*parameter));

	if (!err)
		err = trap_read(call, at + offsetof(struct sysparm, len), &len,
				sizeof(len));
	if (!err && len > SYSPARM_INPUT_MAX)
		err = -EINVAL;
	if (err)
		return err;
	memset(work, 0, SYSPARM_WORK_BYTES);
	work[0] = (uint8_t)(len >> 8);
	work[1] = (uint8_t)len;
	return len ? trap_read(call, at + offsetof(struct sysparm, data), work + 2, len)
		   : 0;
}

static int get(struct kernel *k, const struct trap_call *call)
{
	const uint8_t *work = kernel_work_area(k);
	uint32_t in[3] = { 0, (uint32_t)k->work_area, SYSPARM_WORK_BYTES };
	uint64_t at = call->args[2];
	unsigned int len;
	uint16_t shown;
	int err = fetch(k, call, &in[0]);

	if (!err)
		err = errno_of(
			k, kernel_rtas(k, "ibm,get-system-parameter", 3, in, 0, NULL));
	if (err)
		return err;
	len = (unsigned int)work[0] << 8 | work[1];
	shown = (uint16_t)(len < SYSPARM_OUTPUT ? len : SYSPARM_OUTPUT);
	err = trap_write(call, at + offsetof(struct sysparm, len), &shown, sizeof(shown));
	return err ? err
		   : trap_write(call, at + offsetof(struct sysparm, data), work + 2,
				SYSPARM_OUTPUT);
}

static int set(struct kernel *k, const struct trap_call *call)
{
	uint32_t in[2] = { 0, (uint32_t)k->work_area };
	int err = fetch(k, call, &in[0]);

	if (!err && !ktree_get(ktree_find(k, "/rtas"), "ibm,set-system-parameter", NULL))
		err = -ENOENT;
	return err ? err
		   : errno_of(k,
			      kernel_rtas(k, "ibm,set-system-parameter", 2, in, 0, NULL));
}

long kernel_sys_ioctl(struct kernel *k, struct trap_call *call)
{
	uint32_t command = (uint32_t)call->args[1];
	int flags;

	if (!is_ours(k, call, &flags))
		return -ENOTTY;
	/* The device's mode is that of the machine's own; Linux has 0600. */
	if (!trap_is_root(call))
		return -EACCES;
	if (command == SYSPARM_GET)
		return get(k, call);
	if (command != SYSPARM_SET && command != SYSPARM_SET_POWERPC)
		return -ENOTTY;
	return (flags & O_ACCMODE) == O_RDONLY ? -EBADF : set(k, call);
}
