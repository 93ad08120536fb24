// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/papr-sysparm: system parameters, without a work area in the program */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "vmm/sim/kernel_papr.h"
#include "wire/rtas_args.h"

enum {
	SYSPARM_INPUT_MAX = 1024,
	SYSPARM_OUTPUT = 4000,
	SYSPARM_WORK_BYTES = 2 + SYSPARM_OUTPUT,
};

/* The ioctl's structure, in the program's byte order */
struct sysparm {
	uint32_t parameter;
	uint16_t len;
	uint8_t data[SYSPARM_OUTPUT];
};

/* Statuses specific to these two calls: PAPR+ 7.3.16 */
enum { NOT_AUTHORIZED = -9002, BAD_VALUE = -9999 };

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

/* Copy the program's buffer to the work area. This applies to get and set: some
 * parameters depend on the input. */
static int fetch(struct kernel *k, const struct trap_call *call, uint32_t *parameter)
{
	uint8_t *work = kernel_work_area(k);
	uint16_t len;
	uint64_t at = kpapr_block(call);
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

static long get(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	const uint8_t *work = kernel_work_area(k);
	uint32_t in[3] = { 0, (uint32_t)k->work_area, SYSPARM_WORK_BYTES };
	uint64_t at = kpapr_block(call);
	unsigned int len;
	uint16_t shown;
	int err = fetch(k, call, &in[0]);

	(void)handle;
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

static long set(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	uint32_t in[2] = { 0, (uint32_t)k->work_area };
	int err = fetch(k, call, &in[0]);

	(void)handle;
	if (!err && !ktree_get(ktree_find(k, "/rtas"), "ibm,set-system-parameter", NULL))
		err = -ENOENT;
	return err ? err
		   : errno_of(k,
			      kernel_rtas(k, "ibm,set-system-parameter", 2, in, 0, NULL));
}

const struct kpapr_ioctl ksysparm_ioctls[] = {
	{ .fn = get, .nr = 1, .dir = KPAPR_READ_WRITE, .size = sizeof(struct sysparm) },
	{ .fn = set,
	  .nr = 2,
	  .dir = KPAPR_WRITE,
	  .size = sizeof(struct sysparm),
	  .needs_write = true },
	{ 0 }
};
