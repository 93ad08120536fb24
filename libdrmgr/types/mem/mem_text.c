// SPDX-License-Identifier: LGPL-2.1-or-later
#include <inttypes.h>
#include <string.h>

#include "libdrmgr/core/drc_state.h"
#include "libdrmgr/core/error_text.h"
#include "libdrmgr/types/mem/mem_text.h"
#include "kern/text.h"

static const char *const plain_texts[] = {
	[DR_FAULT_NO_SLOTS] = "No dynamic reconfiguration LMBs found",
	[DR_FAULT_STRANDED] =
		"Memory that a KVM guest removes by itself is lost until the guest is\n"
		"restarted: neither the guest nor the host can use it.\n"
		"Unplug it on the host (QEMU: device_del), or use --force.",
};

/* What to do about a request that the kernel refused. */
static const struct {
	const char *step;
	int err;
	const char *text;
} hints[] = {
	{ "add", -EPERM,
	  "Firmware refuses to allocate the memory, or it is present already." },
	{ "add", -EINVAL,
	  "Firmware has less memory, or the kernel cannot add it: the kernel's log\n"
	  "(dmesg) may have the reason." },
	{ "remove", -EBUSY,
	  "The memory holds pages that are in use and cannot be moved.\n"
	  "Try again later, or remove another LMB." },
	{ "remove", -EAGAIN,
	  "The memory holds pages that could not be moved just now. Try again later." },
	{ "remove", -EINVAL,
	  "The kernel cannot remove as much, or not this LMB: its log (dmesg)\n"
	  "may have the reason." },
};

static const char *mem_hint(const struct dr_error *error)
{
	for (size_t i = 0; error->step && i < ARRAY_SIZE(hints); i++)
		if (hints[i].err == error->err && !strcmp(hints[i].step, error->step))
			return hints[i].text;
	return NULL;
}

/* Return the text of a refused request. The reason is first, then the kernel's words. */
static char *mem_kernel_text(const struct dr_error *error, const char *who)
{
	const char *more = mem_hint(error), *end = more ? "\n" : "";

	if (!more)
		more = "";
	return text_of("%s%s%s%s%s: Failed to write to /sys/kernel/dlpar: %s", more, end,
		       who ? who : "", who ? ": " : "", error->what,
		       strerror(-error->err));
}

/* Return the text of a sensor state that prevents the addition. */
static char *mem_sense_text(const struct dr_error *error, const char *who)
{
	switch (error->status) {
	case DRC_SENSE_EMPTY:
		return text_of("%s: %s\nThis connector has no memory.", who,
			       drc_sense_text(error->status));
	case DRC_SENSE_PRESENT:
		return text_of(
			"%s: %s\nFirmware counts it as owned, but Linux does not have it: "
			"restart the partition\nto make it available.",
			who, drc_sense_text(error->status));
	}
	if (error->status >= 0)
		return text_of("%s: %s", who, drc_sense_text(error->status));
	if (!dr_error_has_reason(error))
		return text_of("%s: firmware has no such connector (sensor: %d)", who,
			       error->status);
	return text_of("%s: %s", who, error->what);
}

static char *mem_unknown_text(const char *key)
{
	size_t len = strlen(key);

	return text_of("There is no LMB with the name \"%s\".%s", key,
		       strspn(key, "0123456789abcdefABCDEF") == len
			       ? " A DRC index begins with 0x."
			       : "");
}

static char *mem_needed_text(const struct dr_error *error)
{
	enum { MIB = 20 };
	const struct dr_memory *memory = &error->memory;

	return text_of("Programs need the memory: %" PRIu64 " MiB would go, %" PRIu64
		       " MiB could be freed or swapped,\n"
		       "and %" PRIu64 " MiB of these must remain: %s LMBs can go.\n"
		       "End programs, or use --force=memory to remove it anyway.",
		       memory->bytes >> MIB, memory->available >> MIB,
		       memory->kept >> MIB, error->what);
}

char *mem_error_text(const struct dr_error *error, const struct drc *drc)
{
	static const struct error_words words = { plain_texts, ARRAY_SIZE(plain_texts) };
	_cleanup_free_ char *who =
		drc ? text_of("%s (0x%08x)", drc->name, drc->index) : text_of("memory");

	if (!who)
		return NULL;
	switch ((int)error->fault) {
	case DR_FAULT_KERNEL:
		return mem_kernel_text(error, drc ? who : NULL);
	case DR_FAULT_SENSE:
		return mem_sense_text(error, who);
	case DR_FAULT_NO_INDEX:
		return text_of("There is no LMB with DRC index %s.", error->what);
	case DR_FAULT_UNKNOWN:
		return mem_unknown_text(error->what);
	case DR_FAULT_OWNED:
		return text_of("%s is already present.", who);
	case DR_FAULT_NOT_OWNED:
		return text_of("%s is not present.", who);
	case DR_FAULT_NOT_HOTPLUG:
		return text_of("%s is reserved: it can neither be added nor removed.",
			       drc ? who : error->what);
	case DR_FAULT_NONE_LEFT:
		return text_of("%s %s requested LMBs.",
			       !strcmp(error->step, "add") ? "Added" : "Removed",
			       error->what);
	case DR_FAULT_TOO_FEW:
		return text_of("Only %s requested LMBs can be %s: nothing was changed.",
			       error->what,
			       !strcmp(error->step, "add") ? "added" : "removed");
	case DR_FAULT_SIZE:
		return text_of("%s", error->what);
	case DR_FAULT_NEEDED:
		return mem_needed_text(error);
	case DR_FAULT_TREE:
		return text_of("%s: the kernel reports success, but the device tree "
			       "is unchanged (%s)",
			       who, error->what);
	}
	return error_text(error, drc, &words);
}
