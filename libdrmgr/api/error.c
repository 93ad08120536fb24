// SPDX-License-Identifier: LGPL-2.1-or-later
/* Which faults the codes of errors stand for. */
#include "libdrmgr/core/error.h"
#include "libdrmgr/drmgr.h"
#include "kern/cleanup.h"

static const enum dr_code codes[] = {
	[DR_OK] = DR_CODE_NONE,
	[DR_FAULT_FIRMWARE] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_CALL] = DR_CODE_KERNEL_REFUSED,
	[DR_FAULT_KERNEL] = DR_CODE_KERNEL_REFUSED,
	[DR_FAULT_UNREAD] = DR_CODE_KERNEL_REFUSED,
	[DR_FAULT_INTERRUPTED] = DR_CODE_INTERRUPTED,
	[DR_FAULT_NO_ANSWER] = DR_CODE_NO_ANSWER,
	[DR_FAULT_NO_SLOTS] = DR_CODE_NO_CONNECTORS,
	[DR_FAULT_NOT_CAPABLE] = DR_CODE_NOT_SUPPORTED,
	[DR_FAULT_NO_INDEX] = DR_CODE_NO_SUCH_INDEX,
	[DR_FAULT_UNKNOWN] = DR_CODE_NO_SUCH_CONNECTOR,
	[DR_FAULT_ABSENT] = DR_CODE_NO_SUCH_CONNECTOR,
	[DR_FAULT_WRONG_TYPE] = DR_CODE_WRONG_TYPE,
	[DR_FAULT_AMBIGUOUS] = DR_CODE_AMBIGUOUS,
	[DR_FAULT_NOT_HOTPLUG] = DR_CODE_NOT_HOT_PLUGGABLE,
	[DR_FAULT_UNLISTED] = DR_CODE_NOT_HOT_PLUGGABLE,
	[DR_FAULT_DISPLAY] = DR_CODE_NOT_HOT_PLUGGABLE,
	[DR_FAULT_OCCUPIED] = DR_CODE_ALREADY_THERE,
	[DR_FAULT_NO_CARD] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_OWNED] = DR_CODE_ALREADY_THERE,
	[DR_FAULT_NOT_OWNED] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_SENSE] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_NO_NODE] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_WALK] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_NO_BACKEND] = DR_CODE_NOT_SUPPORTED,
	[DR_FAULT_NO_WALK] = DR_CODE_NOT_SUPPORTED,
	[DR_FAULT_NO_SEARCH] = DR_CODE_NOT_SUPPORTED,
	[DR_FAULT_TREE] = DR_CODE_KERNEL_REFUSED,
	[DR_FAULT_NO_DEVICE] = DR_CODE_NO_DEVICE,
	[DR_FAULT_STILL_IN_USE] = DR_CODE_DEVICE_IN_USE,
	[DR_FAULT_TOO_FEW] = DR_CODE_TOO_FEW,
	[DR_FAULT_STRANDED] = DR_CODE_WOULD_STRAND,
	[DR_FAULT_SYSTEM_NEEDS] = DR_CODE_WOULD_LOSE_SYSTEM,
	[DR_FAULT_LOSS] = DR_CODE_WOULD_LOSE_USE,
	[DR_FAULT_LATE] = DR_CODE_TIMED_OUT,
	[DR_FAULT_LAST] = DR_CODE_LAST_ONE,
	[DR_FAULT_NONE_LEFT] = DR_CODE_TOO_FEW,
	[DR_FAULT_UNUSABLE] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_MEMORY] = DR_CODE_NO_MEMORY,
	[DR_FAULT_HOOK] = DR_CODE_HOOK_FAILED,
	[DR_FAULT_LOCKED] = DR_CODE_LOCK_HELD,
	[DR_FAULT_UNDO] = DR_CODE_UNDO_INCOMPLETE,
	[DR_FAULT_LEFT] = DR_CODE_UNDO_INCOMPLETE,
	[DR_FAULT_WRITER] = DR_CODE_TIMED_OUT,
	[DR_FAULT_DAMAGED] = DR_CODE_JOURNAL_DAMAGED,
	[DR_FAULT_BUSY] = DR_CODE_DEVICE_IN_USE,
	[DR_FAULT_REQUEST] = DR_CODE_BAD_REQUEST,
	[DR_FAULT_JOURNAL] = DR_CODE_JOURNAL_FULL,
	[DR_FAULT_NEEDED] = DR_CODE_MEMORY_NEEDED,
	[DR_FAULT_SIZE] = DR_CODE_BAD_REQUEST,
};

/* A few errors of the kernel tell more than the fault. */
enum dr_code dr_error_get_code(const struct dr_error *error)
{
	enum dr_code code = codes[error->fault];
	bool is_backend =
		error->fault == DR_FAULT_NO_BACKEND || error->fault == DR_FAULT_NO_WALK;

	if (error->is_of_host)
		return DR_CODE_HOST_HAS_TOO_LITTLE;
	if (is_backend && error->err == -EPERM) /* lockdown */
		return DR_CODE_NOT_PERMITTED;
	if (code != DR_CODE_KERNEL_REFUSED)
		return code;
	switch (error->err) {
	case -EPERM:
	case -EACCES:
		return DR_CODE_NOT_PERMITTED;
	case -ETIMEDOUT:
		return DR_CODE_TIMED_OUT;
	case -ENOMEM:
		return DR_CODE_NO_MEMORY;
	case -ENOSYS:
	case -EOPNOTSUPP:
		return DR_CODE_NOT_SUPPORTED;
	case -EREMOTEIO: /* no call returns it: what firmware answered is not as expected */
		return DR_CODE_FIRMWARE_REFUSED;
	case -ENODEV: /* firmware does not have the call */
		return error->fault == DR_FAULT_CALL ? DR_CODE_NOT_SUPPORTED : code;
	default:
		return code;
	}
}

int dr_error_get_errno(const struct dr_error *error)
{
	return error->err;
}

/* Firmware's own answers have numbers, too, which no system call returns. */
bool dr_error_has_kernel_errno(const struct dr_error *error)
{
	if (error->fault == DR_FAULT_KERNEL)
		return error->err != 0;
	if (error->fault != DR_FAULT_CALL)
		return false;
	switch (error->err) {
	case 0:
	case -ETIMEDOUT: /* busy until the deadline */
	case -ENODEV:	 /* no token */
	case -EBADMSG:	 /* a damaged token */
	case -EREMOTEIO:
		return false;
	default:
		return true;
	}
}

const char *dr_error_get_step(const struct dr_error *error)
{
	return error->step;
}

const char *dr_error_get_call(const struct dr_error *error)
{
	return error->call;
}

bool dr_error_get_status(const struct dr_error *error, int32_t *status)
{
	if (error->fault == DR_FAULT_FIRMWARE)
		*status = error->status;
	return error->fault == DR_FAULT_FIRMWARE;
}

bool dr_error_get_memory(const struct dr_error *error, uint64_t *bytes,
			 uint64_t *available, uint64_t *kept)
{
	*bytes = error->memory.bytes;
	*available = error->memory.available;
	*kept = error->memory.kept;
	return error->fault == DR_FAULT_NEEDED;
}

const char *dr_error_get_reason(const struct dr_error *error)
{
	return *error->reason ? error->reason : NULL;
}

bool dr_error_is_kernel_file(const struct dr_error *error)
{
	return error->fault == DR_FAULT_KERNEL;
}

bool dr_error_is_below(const struct dr_error *error)
{
	return error->is_behind;
}
