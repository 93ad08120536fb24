// SPDX-License-Identifier: GPL-2.0-or-later
/* /dev/papr-vpd and /dev/papr-physical-attestation: the kernel collects all parts of a
 * reply at once, as a file that does not change. */
#include <errno.h>
#include <string.h>

#include "vmm/sim/kernel_papr.h"

enum { PAGE = 4096 };

/* ---- Vital product data ---- */

enum { LOCATION_BYTES = 80 };

/* Put the location code after the area for a part. */
static void put_location(struct kernel *k, const void *location)
{
	memcpy(kernel_work_area(k) + PAGE, location, LOCATION_BYTES);
}

static long vpd(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	char location[LOCATION_BYTES];
	const uint32_t area = (uint32_t)k->work_area;
	const struct ksequence s = {
		.call = "ibm,get-vpd",
		.in = { area + PAGE, area, PAGE },
		.n_in = 4,
		.number_in = 3,
		.bytes_out = 1,
		.prepare = put_location,
		.arg = location,
	};
	struct text text = { 0 };
	int err = trap_read(call, kpapr_block(call), location, sizeof(location));

	(void)handle;
	if (!err && !memchr(location, '\0', sizeof(location)))
		err = -EINVAL;
	if (!err)
		err = ksequence_run(k, &s, &text);
	return khandle_give_text(k, call, &khandle_bytes, &text, err);
}

const struct kpapr_ioctl kvpd_ioctls[] = {
	{ .fn = vpd, .nr = 0, .dir = KPAPR_WRITE, .size = LOCATION_BYTES }, { 0 }
};

/* ---- Attestation ---- */

/* The program's command. Bytes 4 to 7 are its length, in firmware's byte order. */
struct command {
	uint8_t bytes[PAGE];
	uint32_t len;
};

static void put_command(struct kernel *k, const void *arg)
{
	const struct command *command = arg;

	memcpy(kernel_work_area(k), command->bytes, command->len);
}

static long attest(struct kernel *k, struct khandle *handle, struct trap_call *call)
{
	struct command command;
	struct ksequence s = {
		.call = "ibm,physical-attestation",
		.in = { (uint32_t)k->work_area },
		.n_in = 3,
		.number_in = 2,
		.bytes_out = 1,
		.prepare = put_command,
		.arg = &command,
	};
	struct text text = { 0 };
	int err =
		trap_read(call, kpapr_block(call), command.bytes, sizeof(command.bytes));

	(void)handle;
	if (!err) {
		command.len = s.in[1] = ktree_cell(command.bytes, 1);
		if (!command.len || command.len > PAGE)
			err = -EINVAL;
	}
	if (!err)
		err = ksequence_run(k, &s, &text);
	return khandle_give_text(k, call, &khandle_bytes, &text, err);
}

const struct kpapr_ioctl kattest_ioctls[] = {
	{ .fn = attest, .nr = 8, .dir = KPAPR_WRITE, .size = PAGE }, { 0 }
};
