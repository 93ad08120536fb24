/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * events.h - the queue of event logs for the guest
 *
 * All classes share one queue. The class of an entry is decided when the entry is read:
 * if the guest did not negotiate the dedicated source, hot-plug events belong to the
 * EPOW class.
 *
 * Source:  PAPR+ 10.2 (logs), 7.3.3 (check-exception)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/base/machine.h"
#include "vmm/tree/fdt_out.h"
#include "wire/event_hp.h" /* enum hp_type, hp_action, hp_id; struct hp_section */

struct papr_vmm;

/* Bits of the masks of check-exception and event-scan. */
enum event_class {
	EVENT_CLASS_INTERNAL_ERROR = 0x80000000u,
	EVENT_CLASS_EPOW = 0x40000000u,
	EVENT_CLASS_HOT_PLUG = 0x10000000u,
	EVENT_CLASS_IO = 0x08000000u,
};

struct event {
	struct event *next;
	size_t len;
	uint8_t log[];
};

struct event_queue {
	struct event *head, **tail;
	uint32_t next_plid;
};

static inline struct event_queue *events_of(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->events;
}

void events_init(struct event_queue *q);
void events_clear(struct event_queue *q);	  /* machine reset: drop all */
void events_clear_hotplug(struct event_queue *q); /* CAS: drop hot-plug logs */

/* Queue one event log and pulse its interrupt. If out of memory, event_hotplug() and
 * event_epow() log a line and drop the event, like a machine whose log is full. */
void event_hotplug(struct papr_vmm *vmm, const struct hp_section *hp);
void event_epow(struct papr_vmm *vmm);
int event_raw(struct papr_vmm *vmm, const void *log, size_t len);
/* Queue a log with a date, a number, and this section after the parts of every log.
 * Return 0, -ENOMEM or -EINVAL (too long). */
struct event_log;
int event_queue_log(struct papr_vmm *vmm, struct event_log *log,
		    const struct builder *section);

/* Return the oldest log whose class is in mask, or NULL. It stays queued until
 * event_done(). */
const struct event *event_pending(const struct papr_vmm *vmm, uint32_t mask);
void event_done(struct papr_vmm *vmm, const struct event *event);
/* Pulse the interrupt of every class in mask that has queued logs. */
void event_pulse(const struct papr_vmm *vmm, uint32_t mask);

/* Write the node /event-sources. */
void events_put_node(const struct papr_vmm *vmm, struct fdt_out *out);

extern const struct state_section state_events;
