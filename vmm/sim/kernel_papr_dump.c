// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/papr-platform-dump: a handle for each dump. Each read is a call of firmware. */
#include <errno.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel_papr.h"
#include "wire/rtas_args.h"

enum { READ_MIN = 1024, READ_MAX = 4096, MORE_DATA = 1, NOT_AUTHORIZED = -9002 };

/* Call firmware. Return 0 or -errno. *n receives the number of bytes in the work area.
 * size 0: firmware invalidates the dump. */
static int call_firmware(struct khandle *h, uint32_t size, uint32_t *n)
{
	const uint32_t in[6] = { (uint32_t)(h->tag >> 32),
				 (uint32_t)h->tag,
				 (uint32_t)(h->number >> 32),
				 (uint32_t)h->number,
				 size ? (uint32_t)h->k->work_area : 0,
				 size };
	uint32_t out[4] = { 0 };
	int32_t status = kernel_rtas(h->k, "ibm,platform-dump", 6, in, 4, out);

	*n = out[3];
	if (status == NOT_AUTHORIZED)
		return -EPERM;
	if (status != RTAS_SUCCESS && status != MORE_DATA)
		return -EIO;
	if (out[2] || out[3] > size)
		return -EIO;
	h->number = (uint64_t)out[0] << 32 | out[1];
	h->complete = status == RTAS_SUCCESS;
	return 0;
}

static void read_part(struct khandle *h, struct fs_request *request, size_t size,
		      uint64_t at)
{
	uint32_t n = 0;
	int err = 0;

	(void)at;
	if (size < READ_MIN || h->ended) {
		err = -EINVAL;
	} else if (h->complete) {
		h->ended = true;
	} else {
		err = call_firmware(h, size < READ_MAX ? (uint32_t)size : READ_MAX, &n);
	}
	fs_reply(request, kernel_work_area(h->k), n, err);
}

static int fetch_tag(const struct trap_call *call, uint64_t *tag)
{
	return trap_read(call, kpapr_block(call), tag, sizeof(*tag));
}

static long invalidate(struct kernel *k, struct khandle *h, struct trap_call *call)
{
	uint64_t tag, number = h->number;
	uint32_t n;
	int err = fetch_tag(call, &tag);

	(void)k;
	if (err)
		return err;
	if (tag != h->tag)
		return -EINVAL;
	if (!h->complete)
		return -EINPROGRESS;
	err = call_firmware(h, 0, &n);
	h->number = number;
	h->complete = true;
	return err;
}

static const struct kpapr_ioctl of_handle[] = {
	{ .fn = invalidate, .nr = 7, .dir = KPAPR_WRITE, .size = sizeof(uint64_t) }, { 0 }
};

static const struct khandle_ops parts = { .read = read_part, .ioctls = of_handle };

static long create(struct kernel *k, struct khandle *none, struct trap_call *call)
{
	struct khandle like = { .ops = &parts };
	int err = fetch_tag(call, &like.tag);

	(void)none;
	if (err)
		return err;
	return khandle_find(k, &parts, like.tag) ? -EALREADY
						 : khandle_give(k, call, &like);
}

const struct kpapr_ioctl kdump_ioctls[] = {
	{ .fn = create, .nr = 6, .dir = KPAPR_WRITE, .size = sizeof(uint64_t) }, { 0 }
};
