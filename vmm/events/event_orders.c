// SPDX-License-Identifier: LGPL-2.1-or-later
/* Event logs that the host requests, in addition to the machine's own events. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "vmm/base/machine.h"
#include "vmm/base/sized.h"
#include "vmm/events/events.h"
#include "wire/event.h"
#include "wire/event_hp.h"

enum {
	SECTION_BYTES_MAX = 512,
	NAME_MAX_CHARS = 255, /* length of a connector's name */
	SRC_BYTES = 80,
	SRC_SECTION_VERSION = 1,
	SRC_VERSION = 2,
	SRC_CODE_AT = 48,
	SRC_CODE_BYTES = 32,
	TYPE_PLATFORM_ERROR = 0xe0,
	SUBSYSTEM_PLATFORM_FIRMWARE = 0x82,
};

/* Queue log with this last section. Return -EINVAL if the section did not fit. */
static int send(struct papr_vmm *vmm, struct event_log *log,
		const struct builder *section)
{
	return builder_fits(section) ? event_queue_log(vmm, log, section) : -EINVAL;
}

static int hotplug(struct papr_vmm *vmm, const struct papr_log *order, struct builder *b)
{
	struct event_log log = {
		.initiator = EVENT_BY_HOT_PLUG,
		.type = EVENT_TYPE_HOT_PLUG,
		.subsystem = EVENT_SUBSYSTEM_HOT_PLUG,
	};
	const struct hp_section hp = {
		.type = order->type,
		.action = order->action,
		.id = order->id,
		.flags = order->flags,
		.index = order->index,
		.count = order->count,
		.token = order->token,
		.name = order->drc_name,
	};

	if (order->id < HP_NAME || order->id > HP_COUNT_INDEXED ||
	    (order->id == HP_NAME &&
	     (!order->drc_name || strlen(order->drc_name) > NAME_MAX_CHARS)))
		return -EINVAL;
	hp_section_encode(b, &hp);
	return send(vmm, &log, b);
}

static int epow(struct papr_vmm *vmm, const struct papr_log *order, struct builder *b)
{
	struct event_log log = {
		.type = EVENT_TYPE_EPOW,
		.subsystem = EVENT_SUBSYSTEM_EPOW,
		.subtype = EVENT_SUBTYPE_NORMAL_SHUTDOWN,
	};

	epow_section_encode(b, &(struct epow_section){ .sensor = order->sensor,
						       .modifier = order->modifier,
						       .extension = order->extension });
	return send(vmm, &log, b);
}

/* Queue a PRRN of eight bytes. Its second word is the scope, not a length. */
static int prrn(struct papr_vmm *vmm, const struct papr_log *order, struct builder *b)
{
	enum { SUMMARY = 0x06200000 };

	builder_be32(b, SUMMARY | EVENT_TYPE_PRRN);
	builder_be32(b, order->scope);
	return event_raw(vmm, b->buf, b->len);
}

/* Queue a platform error: a primary SRC with its reference code, without callouts. */
static int platform_error(struct papr_vmm *vmm, const struct papr_log *order,
			  struct builder *b)
{
	struct event_log log = {
		.type = TYPE_PLATFORM_ERROR,
		.subsystem = SUBSYSTEM_PLATFORM_FIRMWARE,
		.event_severity = order->severity,
	};
	const char *code = order->refcode ? order->refcode : "";
	char text[SRC_CODE_BYTES + 1];

	if (strlen(code) > SRC_CODE_BYTES)
		return -EINVAL;
	snprintf(text, sizeof(text), "%-32s", code);
	builder_be16(b, EVENT_SECTION_PRIMARY_SRC);
	builder_be16(b, SRC_BYTES);
	builder_u8(b, SRC_SECTION_VERSION);
	while (b->len < EVENT_SECTION_HEAD_BYTES)
		builder_u8(b, 0);
	builder_u8(b, SRC_VERSION);
	while (b->len < SRC_CODE_AT)
		builder_u8(b, 0);
	builder_text(b, text);
	return send(vmm, &log, b);
}

int papr_vmm_log_event(struct papr_vmm *vmm, const struct papr_log *from)
{
	MACHINE_GUARD(vmm);
	struct papr_log known;
	const struct papr_log *order = &known;
	uint8_t section[SECTION_BYTES_MAX];
	struct builder b = builder_of(section, sizeof(section));

	if (sized_get(&known, sizeof(known), from))
		return -EINVAL;
	switch (order->kind) {
	case PAPR_LOG_HOTPLUG:
		return hotplug(vmm, order, &b);
	case PAPR_LOG_EPOW:
		return epow(vmm, order, &b);
	case PAPR_LOG_PRRN:
		return prrn(vmm, order, &b);
	case PAPR_LOG_PLATFORM_ERROR:
		return platform_error(vmm, order, &b);
	}
	return -EINVAL;
}
