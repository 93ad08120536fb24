/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * encode.h - properties and files as firmware and the hypervisor compose them
 */
#pragma once

#include <stdio.h>

#include "wire/builder.h"
#include "wire/dynmem.h"
#include "wire/prrn.h"

/* Append ibm,associativity-lookup-arrays with arrays x entries domains. */
static inline void assoc_arrays_encode(struct builder *b, uint32_t arrays,
				       uint32_t entries, const uint32_t *domains)
{
	builder_be32(b, arrays);
	builder_be32(b, entries);
	for (size_t i = 0; i < (size_t)arrays * entries; i++)
		builder_be32(b, domains[i]);
}

/* Append a whole property of memory. The sets are not joined. */
static inline void dynmem_encode(struct builder *b, enum dynmem_version version,
				 const struct lmb_set *sets, uint32_t n,
				 uint64_t lmb_bytes)
{
	uint32_t entries = 0;

	for (uint32_t i = 0; i < n; i++)
		entries += version == DYNMEM_V2 ? 1 : sets[i].count;
	builder_be32(b, entries);
	for (uint32_t i = 0; i < n; i++)
		lmb_set_encode(b, version, &sets[i], lmb_bytes);
}

/* Append the line of a processor or of memory in the file of moved resources. */
static inline void prrn_encode(struct builder *b, enum prrn_kind kind, uint32_t drc_index)
{
	char line[24];

	snprintf(line, sizeof(line), "%s %x\n", kind == PRRN_MEM ? "mem" : "cpu",
		 drc_index);
	builder_text(b, line);
}
