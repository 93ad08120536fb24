// SPDX-License-Identifier: LGPL-2.1-or-later
/* The codes of errors, and which faults they stand for. */
#include "libdrmgr/core/error.h"
#include "libdrmgr/drmgr.h"
#include "kern/cleanup.h"

/* The words of the codes, and what the user can do. drmgr(8) has the same table. */
// clang-format off
static const struct {
	const char *name, *hint;
} texts[] = {
	[DR_CODE_NONE] = { "none", NULL },
	[DR_CODE_NO_CONNECTORS] = { "no-connectors",
		"Use another connector type, or add such resources on the host." },
	[DR_CODE_NO_SUCH_CONNECTOR] = { "no-such-connector",
		"List the names with lsslot -c TYPE --json." },
	[DR_CODE_NO_SUCH_INDEX] = { "no-such-index",
		"List the indexes with lsslot -c TYPE --json." },
	[DR_CODE_WRONG_TYPE] = { "wrong-type",
		"Specify the type of this connector with -c." },
	[DR_CODE_AMBIGUOUS] = { "ambiguous",
		"Specify one of the connectors by its DRC index." },
	[DR_CODE_NOT_HOT_PLUGGABLE] = { "not-hot-pluggable",
		"Select another connector, or make the change on the host while the partition is off." },
	[DR_CODE_ALREADY_THERE] = { "already-there",
		"Select another connector, or remove the resource of this one first." },
	[DR_CODE_NOTHING_THERE] = { "nothing-there",
		"Add the resource on the host first, or select one that the partition has." },
	[DR_CODE_TOO_FEW] = { "too-few",
		"Request fewer resources, or assign more to the partition on the host." },
	[DR_CODE_LAST_ONE] = { "last-one",
		"Add another one before you remove this one." },
	[DR_CODE_DEVICE_IN_USE] = { "device-in-use",
		"Stop the programs that use the device, remove what is below it, or wait longer with -w MINUTES." },
	[DR_CODE_WOULD_LOSE_SYSTEM] = { "would-lose-system",
		"Move what the message names to another device, or add --force if the loss is intended." },
	[DR_CODE_WOULD_LOSE_USE] = { "would-lose-use",
		"End the uses that the messages list, or omit --no-loss." },
	[DR_CODE_WOULD_STRAND] = { "would-strand",
		"Unplug the memory on the host, or add --force if the loss is intended." },
	[DR_CODE_FIRMWARE_REFUSED] = { "firmware-refused",
		"Read the events of firmware with rtas-event, and look for the cause on the host." },
	[DR_CODE_KERNEL_REFUSED] = { "kernel-refused",
		"Read the kernel's log with dmesg." },
	[DR_CODE_NO_DEVICE] = { "no-device",
		"Read the kernel's log with dmesg, or wait longer with -w MINUTES." },
	[DR_CODE_TIMED_OUT] = { "timed-out",
		"Try again later, or wait longer with -w MINUTES." },
	[DR_CODE_INTERRUPTED] = { "interrupted",
		"Run the command again." },
	[DR_CODE_NO_ANSWER] = { "no-answer",
		"Add -n to run without prompts." },
	[DR_CODE_NOT_PERMITTED] = { "not-permitted",
		"Run the command as root; if root is refused, check the lockdown of the kernel." },
	[DR_CODE_NOT_SUPPORTED] = { "not-supported",
		"See what this kernel and machine support with drmgr -C." },
	[DR_CODE_BAD_REQUEST] = { "bad-request",
		"Correct the command line: the manual page of the program explains the options." },
	[DR_CODE_HOOK_FAILED] = { "hook-failed",
		"Correct what the warnings of the hook name." },
	[DR_CODE_LOCK_HELD] = { "lock-held",
		"Try again later, or wait for the other process with -w MINUTES." },
	[DR_CODE_JOURNAL_FULL] = { "journal-full",
		"Request fewer resources at once." },
	[DR_CODE_JOURNAL_DAMAGED] = { "journal-damaged",
		"Examine the journal and the machine, then run drmgr --recover --discard." },
	[DR_CODE_UNDO_INCOMPLETE] = { "undo-incomplete",
		"Correct what the message names, then run drmgr --recover." },
	[DR_CODE_NO_MEMORY] = { "no-memory",
		"Free memory, then run the command again." },
};
// clang-format on

static const enum dr_code codes[] = {
	[DR_OK] = DR_CODE_NONE,
	[DR_FAULT_FIRMWARE] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_CALL] = DR_CODE_KERNEL_REFUSED,
	[DR_FAULT_KERNEL] = DR_CODE_KERNEL_REFUSED,
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
	[DR_FAULT_DISPLAY] = DR_CODE_NOT_HOT_PLUGGABLE,
	[DR_FAULT_OCCUPIED] = DR_CODE_ALREADY_THERE,
	[DR_FAULT_NO_CARD] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_OWNED] = DR_CODE_ALREADY_THERE,
	[DR_FAULT_NOT_OWNED] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_SENSE] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_NO_NODE] = DR_CODE_NOTHING_THERE,
	[DR_FAULT_WALK] = DR_CODE_FIRMWARE_REFUSED,
	[DR_FAULT_NO_BACKEND] = DR_CODE_NOT_SUPPORTED,
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
	[DR_FAULT_DAMAGED] = DR_CODE_JOURNAL_DAMAGED,
	[DR_FAULT_BUSY] = DR_CODE_DEVICE_IN_USE,
	[DR_FAULT_REQUEST] = DR_CODE_BAD_REQUEST,
	[DR_FAULT_JOURNAL] = DR_CODE_JOURNAL_FULL,
	[DR_FAULT_UNFIT] = DR_CODE_KERNEL_REFUSED,
};

const char *dr_code_name(enum dr_code code)
{
	return (size_t)code < ARRAY_SIZE(texts) ? texts[code].name : NULL;
}

const char *dr_code_hint(enum dr_code code)
{
	return (size_t)code < ARRAY_SIZE(texts) ? texts[code].hint : NULL;
}

/* A few errors of the kernel tell more than the fault. */
enum dr_code dr_error_get_code(const struct dr_error *error)
{
	enum dr_code code = codes[error->fault];

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
