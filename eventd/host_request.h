/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * host_request.h - what the host requests by an event
 *
 * Source:  PAPR+ 10.3.2.2, hotplug section; librtasevent.h
 */
#pragma once

#include <stdint.h>

#include "cli/types.h"
#include "librtas/librtasevent.h"

enum {
	REQUEST_NAME_MAX = 80,			  /* of a DRC name, with its NUL */
	REQUEST_TEXT_MAX = REQUEST_NAME_MAX + 64, /* of host_request_describe() */
};

/* One of the identifiers: a name, an index, a count, or a count from an index on. */
struct host_request {
	const struct dr_type *type;
	enum dr_action action;
	char name[REQUEST_NAME_MAX]; /* "": none */
	bool has_index, has_count;
	uint32_t index, count;
};

/* Read a request from an event. Return 0, -ENOTSUP: the type, the action or the identifier
 * is unknown; -ENAMETOOLONG. */
int host_request_parse(struct host_request *request, const struct rtas_hotplug_scn *hp);

/* Return true if two requests are for the same connectors. A count alone names none. */
bool host_request_is_same(const struct host_request *a, const struct host_request *b);

/* Return true if the request is for one card, by its index. */
bool host_request_is_of_card(const struct host_request *request);

/* Print "add pci 0x40000008". */
void host_request_describe(const struct host_request *request,
			   char text[REQUEST_TEXT_MAX]);
