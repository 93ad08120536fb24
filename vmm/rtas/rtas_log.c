// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * check-exception and event-scan: the guest reads event logs.
 *
 * Source:  PAPR+ 7.3.3; QEMU 7.2 delivers logs by check-exception only
 */
#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/base/rtas_frame.h"
#include "vmm/events/events.h"
#include "vmm/rtas/rtas.h"
#include "wire/rtas_args.h"

enum { NO_ERRORS_FOUND = 1 };

/* vector, information, mask, critical, buffer, length [, more information] -> status */
static void check_exception(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct event *event = event_pending(vmm, rtas_in(f, 2));
	uint32_t buffer = rtas_in(f, 4), len = rtas_in(f, 5);

	if (!event) {
		rtas_status(f, NO_ERRORS_FOUND);
		return;
	}

	if (guest_write(vmm, buffer, event->log, len < event->len ? len : event->len)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}

	event_done(vmm, event);
	/* The interrupt is an edge: pulse it again for the remaining logs. */
	event_pulse(vmm, UINT32_MAX);
	rtas_status(f, RTAS_SUCCESS);
}

static void event_scan(struct papr_vmm *vmm, struct rtas_frame *f)
{
	event_pulse(vmm, UINT32_MAX);
	rtas_status(f, NO_ERRORS_FOUND);
}

// clang-format off
const struct rtas_handler rtas_log_calls[] = {
	{ 0x200e, "check-exception", 6, 7, 1, 0, -3, check_exception, { 0 } },
	{ 0x200f, "event-scan", 4, 0, 1, 0, -3, event_scan, { 0 } },
	{ 0 },
};
// clang-format on
