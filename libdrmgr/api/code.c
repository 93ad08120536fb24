// SPDX-License-Identifier: LGPL-2.1-or-later
/* The table of errors. Programs that do not use the model contain it, too: it needs only
 * libc. */
#include "libdrmgr/drmgr.h"

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
		"Specify one of them, as the message shows, or a connector by its DRC index." },
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
		"Only root may do this, and only without kernel lockdown." },
	[DR_CODE_NOT_SUPPORTED] = { "not-supported",
		"drmgr -C shows what this kernel and machine support, and modprobe -v why a module does not load." },
	[DR_CODE_BAD_REQUEST] = { "bad-request",
		"Correct the command line: the manual page of the program explains the options." },
	[DR_CODE_HOOK_FAILED] = { "hook-failed",
		"Correct what the warnings of the hook name." },
	[DR_CODE_LOCK_HELD] = { "lock-held",
		"Try again later, or let drmgr wait for the other process with -w MINUTES." },
	[DR_CODE_JOURNAL_FULL] = { "journal-full",
		"Request fewer resources at once." },
	[DR_CODE_JOURNAL_DAMAGED] = { "journal-damaged",
		"Examine the journal and the machine, then run drmgr --recover --discard." },
	[DR_CODE_UNDO_INCOMPLETE] = { "undo-incomplete",
		"Correct what the message names, then run drmgr --recover." },
	[DR_CODE_NO_MEMORY] = { "no-memory",
		"Free memory, then run the command again." },
	[DR_CODE_BAD_FILE] = { "bad-file",
		"Correct the file that the message names." },
	[DR_CODE_NO_KERNEL_FILE] = { "no-kernel-file",
		"Mount /proc and /sys, or complete the captured tree of --sysroot." },
	[DR_CODE_NO_SUCH_DEVICE] = { "no-such-device",
		"List the devices with their paths with ofpathtool --list." },
	[DR_CODE_NO_PATH] = { "no-path",
		"Select one of the devices that ofpathtool --list shows." },
	[DR_CODE_MEMORY_NEEDED] = { "memory-needed",
		"Remove less memory, end programs, or add --force=memory if the loss is intended." },
	[DR_CODE_HOST_HAS_TOO_LITTLE] = { "host-has-too-little",
		"Assign more to the partition on the host, or request less." },
};
// clang-format on

const char *dr_code_name(enum dr_code code)
{
	return (size_t)code < sizeof(texts) / sizeof(*texts) ? texts[code].name : NULL;
}

const char *dr_code_hint(enum dr_code code)
{
	return (size_t)code < sizeof(texts) / sizeof(*texts) ? texts[code].hint : NULL;
}
