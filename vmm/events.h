/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * events.h - the event logs that wait for the guest
 *
 * One queue for all. Which class an entry belongs to is decided when it is looked at:
 * a hot-plug event is of the EPOW class for a guest that did not negotiate the
 * dedicated source.
 *
 * Source:  PAPR+ 10.2 (logs), 7.3.3 (check-exception)
 * Layer:   vmm (library; no I/O, no globals)
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vmm/fdt_out.h"
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

void events_init(struct event_queue *q);
void events_clear(struct event_queue *q);	  /* all: machine reset */
void events_clear_hotplug(struct event_queue *q); /* CAS */

/* Queue one and pulse its interrupt. Without memory the event is lost, as it may be on
 * a machine whose log is full, and a line for the host's log says so. */
void event_hotplug(struct papr_vmm *vmm, const struct hp_section *hp);
void event_epow(struct papr_vmm *vmm);
int event_raw(struct papr_vmm *vmm, const void *log, size_t len);
/* With a date, a number, and the section behind the parts that all logs have. 0,
 * -ENOMEM, -EINVAL too long. */
struct event_log;
int event_queue_log(struct papr_vmm *vmm, struct event_log *log,
		    const struct builder *section);

/* The oldest whose class is in mask; NULL: none. It stays until event_done(). */
const struct event *event_pending(const struct papr_vmm *vmm, uint32_t mask);
void event_done(struct papr_vmm *vmm, const struct event *event);
/* An interrupt for every class in mask that has entries. */
void event_pulse(const struct papr_vmm *vmm, uint32_t mask);

/* The node /event-sources. */
void events_put_node(const struct papr_vmm *vmm, struct fdt_out *out);
