/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * event_show.h - print a parsed event as a line or as JSON
 *
 * Text of firmware cannot control the terminal: bytes that are not printable become \xNN
 * in a line and \u00NN in a document.
 */
#pragma once

#include <stdio.h>

#include <json-c/json.h>

#include "librtas/librtasevent.h"

/* Print one line: "#12 hotplug add pci drc-index 0x40000008". An event without event_no
 * has "-" instead of "#12". */
void event_show_line(FILE *out, struct rtas_event *re);

/* Return the event as an element of "events" in schema papr.rtas-event/1. */
json_object *event_show_json(struct rtas_event *re);

/* Return a document of that schema. It becomes the owner of events, an array, and of error,
 * which may be NULL. */
json_object *event_show_document(json_object *events, json_object *error);

/* Print len bytes of text. Bytes that a terminal may interpret become \xNN; line ends
 * stay. */
void event_show_text(FILE *out, const char *text, size_t len);

/* Return the bytes of a section of version 6: at least its header. */
static inline const unsigned char *event_show_raw(const struct scn_header *shdr)
{
	return (const unsigned char *)shdr->re->buffer + shdr->raw_offset;
}

/* Return the section that the library could not parse, or NULL if it parsed the whole
 * event. */
const struct scn_header *event_show_damage(const struct rtas_event *re);
