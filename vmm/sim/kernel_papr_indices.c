// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/papr-indices: list indicators and sensors, with one page of firmware's reply for
 * each read. Also read or set one of them by its location code. */
#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "vmm/sim/fs.h"
#include "vmm/sim/kernel_papr.h"
#include "wire/builder.h"
#include "wire/rtas_args.h"

enum { PAGE = 4096, LOCATION_BYTES = 80 };

/* The ioctl's structure, in the program's byte order */
union block {
	struct {
		uint8_t is_sensor;
		uint32_t type;
	} indices;
	struct {
		uint32_t token, state;
		char location[LOCATION_BYTES];
	} dynamic;
};

/* ---- Lists ---- */

static void read_page(struct khandle *handle, struct fs_request *request, size_t size,
		      uint64_t at)
{
	if (size < PAGE)
		fs_reply(request, NULL, 0, -EINVAL);
	else
		khandle_bytes.read(handle, request, PAGE, at);
}

static const struct khandle_ops pages = { .read = read_page };

/* Prepare nothing. The last page may be shorter; nothing of the page before remains in
 * it. */
static void nothing(struct kernel *k, const void *arg)
{
	(void)k, (void)arg;
}

static long indices(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	struct ksequence s = {
		.call = "ibm,get-indices",
		.in = { 0, 0, (uint32_t)k->work_area, PAGE },
		.n_in = 5,
		.number_in = 4,
		.bytes_out = -1,
		.prepare = nothing,
	};
	struct text text = { 0 };
	union block block;
	int err = trap_read(call, kpapr_block(call), &block, sizeof(block));

	(void)handle;
	if (!err) {
		s.in[0] = block.indices.is_sensor;
		s.in[1] = block.indices.type;
		err = ksequence_run(k, &s, &text);
	}
	return khandle_give_text(k, call, &pages, &text, err);
}

/* ---- By location ---- */

/* Read the program's structure, and put its location into the work area in firmware's
 * format: be32 length including the NUL, then the text. */
static int fetch(struct kernel *k, const struct trap_call *call, union block *block)
{
	struct builder b = builder_of(kernel_work_area(k), 4 + LOCATION_BYTES);
	int err = trap_read(call, kpapr_block(call), block, sizeof(*block));
	size_t len = err ? 0 : strnlen(block->dynamic.location, LOCATION_BYTES);

	if (len == LOCATION_BYTES)
		err = -EINVAL;
	if (err)
		return err;
	memset(kernel_work_area(k), 0, 4 + LOCATION_BYTES);
	builder_be32(&b, (uint32_t)len + 1);
	builder_bytes(&b, block->dynamic.location, len);
	return 0;
}

static int errno_of(struct kernel *k, int32_t status)
{
	if (status == RTAS_SUCCESS)
		return 0;
	if (status != RTAS_PARAMETER_ERROR && status != RTAS_HARDWARE_ERROR)
		kernel_print(k, "papr-indices: unexpected status %d", (int)status);
	return status == RTAS_PARAMETER_ERROR ? -EOPNOTSUPP : -EIO;
}

static long sensor(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	uint32_t in[2] = { 0, (uint32_t)k->work_area }, state = 0;
	union block block;
	int err = fetch(k, call, &block);

	(void)handle;
	if (err)
		return err;
	in[0] = block.dynamic.token;
	err = errno_of(k,
		       kernel_rtas(k, "ibm,get-dynamic-sensor-state", 2, in, 1, &state));
	return err ? err
		   : trap_write(call,
				kpapr_block(call) + offsetof(union block, dynamic.state),
				&state, sizeof(state));
}

static long indicator(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	uint32_t in[3] = { 0, 0, (uint32_t)k->work_area };
	union block block;
	int err = fetch(k, call, &block);

	(void)handle;
	if (err)
		return err;
	in[0] = block.dynamic.token;
	in[1] = block.dynamic.state;
	return errno_of(k, kernel_rtas(k, "ibm,set-dynamic-indicator", 3, in, 0, NULL));
}

// clang-format off
const struct kpapr_ioctl kindices_ioctls[] = {
	{ .fn = indices,   .nr = 3, .dir = KPAPR_WRITE,      .size = sizeof(union block) },
	{ .fn = sensor,    .nr = 4, .dir = KPAPR_READ_WRITE, .size = sizeof(union block) },
	{ .fn = indicator, .nr = 5, .dir = KPAPR_WRITE,      .size = sizeof(union block),
	  .needs_write = true },
	{ 0 },
};
// clang-format on
