/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * dlopen_note.h - note in an ELF file about a library that it loads when it needs it
 *
 * Tools of packagers read the notes, as they read the list of needed libraries.
 *
 * Source:  UAPI group, "Package Metadata for dlopen() ELF Files": section .note.dlopen,
 *          owner FDO, type 0x407c0c0a, JSON
 * Layer:   kern (libkernio)
 */
#pragma once

#include <stdint.h>

/* Define the note. name: a C name for it. feature: what needs the library. priority:
 * "required", "recommended" or "suggested". soname: "libudev.so.1". */
#define DLOPEN_NOTE(name, feature, description, priority, soname)                     \
	DLOPEN_NOTE_OF(name,                                                          \
		       "[{\"feature\":\"" feature "\",\"description\":\"" description \
		       "\",\"priority\":\"" priority "\",\"soname\":[\"" soname "\"]}]")

/* Owner and text are each filled up with NUL to a multiple of 4 bytes. Without an alignment
 * of its own, the compiler gives a large object more, which readers of notes refuse. */
#define DLOPEN_NOTE_OF(name, json)                                            \
	static const struct {                                                 \
		uint32_t owner_size, text_size, type;                         \
		char owner[4];                                                \
		_Alignas(4) char text[sizeof(json)];                          \
	} name __attribute__((used, aligned(4), section(".note.dlopen"))) = { \
		sizeof("FDO"), sizeof(json), 0x407c0c0a, "FDO", json          \
	}
