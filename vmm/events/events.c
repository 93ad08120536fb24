// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vmm/base/machine.h"
#include "vmm/events/events.h"
#include "vmm/tree/fdt_out.h"
#include "wire/cas.h"
#include "wire/event.h"
#include "wire/event_hp.h"

/* Interrupt sources of /event-sources. */
enum { IRQ_EPOW = 0x1000, IRQ_HOT_PLUG = 0x1001 };

/* Vector 5, byte 6: the guest supports the dedicated source of hot-plug events. */

void events_init(struct event_queue *q)
{
	*q = (struct event_queue){ .tail = &q->head };
}

/* All other logs use the EPOW source, which every guest supports. */
static bool is_hot_plug(const struct event *event)
{
	return event->log[3] == EVENT_TYPE_HOT_PLUG;
}

/* Unlink and free *at. */
static void drop(struct event_queue *q, struct event **at)
{
	struct event *event = *at;

	*at = event->next;
	if (!event->next)
		q->tail = at;
	free(event);
}

void events_clear(struct event_queue *q)
{
	while (q->head)
		drop(q, &q->head);
}

void events_clear_hotplug(struct event_queue *q)
{
	struct event **at = &q->head;

	while (*at)
		if (is_hot_plug(*at))
			drop(q, at);
		else
			at = &(*at)->next;
}

static uint32_t hot_plug_class(const struct papr_vmm *vmm)
{
	return machine_negotiated(vmm, OV5_HP_EVT) ? EVENT_CLASS_HOT_PLUG
						   : EVENT_CLASS_EPOW;
}

static uint32_t class_of(const struct papr_vmm *vmm, const struct event *event)
{
	return is_hot_plug(event) ? hot_plug_class(vmm) : EVENT_CLASS_EPOW;
}

static void pulse(const struct papr_vmm *vmm, uint32_t class)
{
	if (machine_of(vmm)->env.interrupt)
		machine_of(vmm)->env.interrupt(
			machine_of(vmm)->env.priv,
			class == EVENT_CLASS_HOT_PLUG ? IRQ_HOT_PLUG : IRQ_EPOW);
}

int event_raw(struct papr_vmm *vmm, const void *log, size_t len)
{
	struct event_queue *q = events_of(vmm);
	struct event *event = malloc(sizeof(*event) + len);

	if (!event)
		return -ENOMEM;

	event->next = NULL;
	event->len = len;
	memcpy(event->log, log, len);
	*q->tail = event;
	q->tail = &event->next;
	pulse(vmm, class_of(vmm, event));
	return 0;
}

static uint32_t bcd(int two_digits)
{
	return (uint32_t)(two_digits / 10 % 10) << 4 | (uint32_t)(two_digits % 10);
}

int event_queue_log(struct papr_vmm *vmm, struct event_log *log,
		    const struct builder *section)
{
	uint8_t bytes[EVENT_MAX_BYTES];
	struct builder b = builder_of(bytes, sizeof(bytes));
	struct tm now;
	uint32_t ns;
	int year;

	machine_clock_date(vmm, &now, &ns);
	year = now.tm_year + 1900;
	log->severity = EVENT_SEVERITY_EVENT;
	log->disposition = EVENT_NOT_RECOVERED;
	log->date = bcd(year / 100) << 24 | bcd(year % 100) << 16 |
		    bcd(now.tm_mon + 1) << 8 | bcd(now.tm_mday);
	log->time = bcd(now.tm_hour) << 24 | bcd(now.tm_min) << 16 | bcd(now.tm_sec) << 8;
	log->creator = EVENT_CREATOR_HYPERVISOR;
	log->plid = events_of(vmm)->next_plid++;
	event_log_encode(&b, log, section->buf, section->len);

	return builder_fits(&b) ? event_raw(vmm, bytes, b.len) : -EINVAL;
}

static void queue(struct papr_vmm *vmm, struct event_log *log,
		  const struct builder *section)
{
	if (event_queue_log(vmm, log, section))
		machine_log(vmm, "out of memory: an event for the guest is lost");
}

void event_hotplug(struct papr_vmm *vmm, const struct hp_section *hp)
{
	uint8_t section[HP_SECTION_BYTES];
	struct builder b = builder_of(section, sizeof(section));
	struct event_log log = {
		.initiator = EVENT_BY_HOT_PLUG,
		.type = EVENT_TYPE_HOT_PLUG,
		.subsystem = EVENT_SUBSYSTEM_HOT_PLUG,
	};

	hp_section_encode(&b, hp);
	if (builder_fits(&b)) /* it does not fit with a name; QEMU sends none */
		queue(vmm, &log, &b);
}

void event_epow(struct papr_vmm *vmm)
{
	uint8_t section[EPOW_SECTION_BYTES];
	struct builder b = builder_of(section, sizeof(section));
	struct event_log log = {
		.type = EVENT_TYPE_EPOW,
		.subsystem = EVENT_SUBSYSTEM_EPOW,
		.subtype = EVENT_SUBTYPE_NORMAL_SHUTDOWN,
	};

	epow_section_encode(&b, &(struct epow_section){ .sensor = EPOW_SYSTEM_SHUTDOWN,
							.modifier = EPOW_NORMAL,
							.extension = EPOW_PARTITION });
	queue(vmm, &log, &b);
}

int papr_vmm_inject_event(struct papr_vmm *vmm, const void *log, size_t bytes)
{
	MACHINE_GUARD(vmm);

	if (bytes < EVENT_FIXED_BYTES || bytes > EVENT_MAX_BYTES)
		return -EINVAL;
	return event_raw(vmm, log, bytes);
}

const struct event *event_pending(const struct papr_vmm *vmm, uint32_t mask)
{
	const struct event *event = events_of(vmm)->head;

	while (event && !(class_of(vmm, event) & mask))
		event = event->next;
	return event;
}

void event_done(struct papr_vmm *vmm, const struct event *event)
{
	struct event **at = &events_of(vmm)->head;

	while (*at && *at != event)
		at = &(*at)->next;
	if (*at)
		drop(events_of(vmm), at);
}

void event_pulse(const struct papr_vmm *vmm, uint32_t mask)
{
	static const uint32_t classes[] = { EVENT_CLASS_EPOW, EVENT_CLASS_HOT_PLUG };

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (event_pending(vmm, mask & classes[i]))
			pulse(vmm, classes[i]);
}

void events_put_node(const struct papr_vmm *vmm, struct fdt_out *out)
{
	const uint32_t ranges[] = { IRQ_EPOW, 1, IRQ_HOT_PLUG, 1 };
	bool own_source = !machine_of(vmm)->cfg.no_hotplug_events;

	fdt_out_node(out, "event-sources");
	fdt_out_cells(out, "interrupt-ranges", ranges, own_source ? 4 : 2);
	fdt_out_u32(out, "#interrupt-cells", 2);
	fdt_out_empty(out, "interrupt-controller");

	if (own_source) {
		fdt_out_node(out, "hot-plug-events");
		FDT_OUT_CELLS(out, "interrupts", IRQ_HOT_PLUG, 0);
		fdt_out_node_end(out);
	}
	fdt_out_node(out, "epow-events");
	FDT_OUT_CELLS(out, "interrupts", IRQ_EPOW, 0);
	fdt_out_node_end(out);
	fdt_out_node_end(out);
}
