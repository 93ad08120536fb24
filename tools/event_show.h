/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_show.h - an event that the library took apart, for people and for programs
 *
 * Texts of firmware are shown so that they cannot do anything to a terminal: what is not
 * printable is \xNN in a line, \u00NN in a document.
 */
#pragma once

#include <stdio.h>

#include <json-c/json.h>

#include "librtas/librtasevent.h"

/* One line: "#12 hotplug add pci drc-index 0x40000008". Without event_no: "-" for "#12". */
void event_show_line(FILE *out, struct rtas_event *re);

/* The event as schema papr.rtas-event/1 has it: an element of "events". */
json_object *event_show_json(struct rtas_event *re);

/* len bytes of text with what a terminal might obey as \xNN, line ends as they are. */
void event_show_text(FILE *out, const char *text, size_t len);

/* A section of version 6 as it is in the event: its header at least. */
static inline const unsigned char *event_show_raw(const struct scn_header *shdr)
{
	return (const unsigned char *)shdr->re->buffer + shdr->raw_offset;
}

/* Why the event is not shown as a whole: a section that the library could not take apart;
 * NULL: it is. */
const struct scn_header *event_show_damage(const struct rtas_event *re);
