// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sections of version 6, except the two headers and SRC sections. */
#include <string.h>

#include "librtas/ev_print.h"
#include "wire/cursor.h"
#include "wire/event_text.h"

enum { V6_HEAD_BYTES = 8 };

void ev_print_v6_head(struct ev_out *out, const char *name, const struct rtas_v6_hdr *hdr,
		      int verbosity)
{
	ev_title(out, "%s", name);
	if (!ev_is_verbose(verbosity))
		return;
	ev_print(out, "%-20s      %c%c    %-20s%08x\n", "Section ID:", hdr->id[0],
		 hdr->id[1], "Section Length:", hdr->length);
	ev_fields(out, "Version:", hdr->version, "Sub_type:", hdr->subtype);
	ev_field_line(out, "Component ID:", hdr->creator_comp_id);
}

void ev_print_epow_reason(struct ev_out *out, const struct rtas_epow_scn *epow,
			  int verbosity)
{
	const char *text = event_epow_text(epow->event_modifier);

	(void)verbosity;
	if (!text)
		ev_print(out, " - Unknown action code.\n");
	else if (*text)
		ev_print(out, " - %s\n", text);
	ev_print(out, "Platform specific reason code:\n");
	ev_dump(out, epow->reason_code, sizeof(epow->reason_code));
}

static void ev_print_io_type(struct ev_out *out, uint32_t type)
{
	const char *text = event_io_type_text(type);

	ev_field(out, "Event Type:", type);
	if (!text)
		ev_print(out, "     - Unknown event type (%x).\n", type);
	else if (type == RTAS_IO_TYPE_EVENT || type == RTAS_IO_TYPE_RPC_PASS_THRU)
		ev_print(out, "     - %s (%x).\n", text, type);
	else
		ev_print(out, "     - %s.\n", text);
}

void ev_print_io_lines(struct ev_out *out, const struct rtas_io_scn *io, int verbosity)
{
	const char *scope = event_io_scope_text(io->scope);
	const char *subtype = event_io_subtype_text(io->subtype);
	uint32_t len = io->rpc_length;

	(void)verbosity;
	ev_print_io_type(out, io->event_type);
	ev_field(out, "Error/Event Scope:", io->scope);
	ev_print(out, "     - %s.\n", scope ? scope : "Unknown error/event scope");
	ev_field(out, "I/O Event Subtype:", io->subtype);
	ev_print(out, "     - %s.\n", subtype ? subtype : "Unknown subtype");
	ev_field(out, "DRC Index:", io->drc_index);
	ev_print(out, "    ");
	if (io->event_type != RTAS_IO_TYPE_RPC_PASS_THRU) {
		ev_print(out, "\n");
		return;
	}
	ev_field_line(out, "RPC Field Length:", len);
	ev_dump(out, io->rpc_data,
		len < sizeof(io->rpc_data) ? len : sizeof(io->rpc_data));
}

static void ev_print_dump_id(struct ev_out *out, const struct rtas_dump_scn *dump)
{
	uint32_t len = dump->id_len;

	ev_print(out, "%-20s%8s    ",
		 "Dump Size Valid:", dump->size_valid ? "Yes" : "No");
	ev_field_line(out, "Dump ID Length:", len);
	if (!len)
		return;
	ev_print(out, "Dump ID:");
	if (dump->fname_type)
		ev_dump(out, dump->os_id,
			len < sizeof(dump->os_id) ? len : sizeof(dump->os_id));
	else
		ev_print(out, "%.*s\n", EV_CHARS(dump->os_id));
}

void ev_print_dump_lines(struct ev_out *out, const struct rtas_dump_scn *dump,
			 int verbosity)
{
	ev_field(out, "Dump ID:", dump->id);
	ev_print(out, "    %-20s%8s\n",
		 "Dump Field Format:", dump->fname_type ? "hex" : "ascii");
	ev_field_text(out, "Dump Location:", dump->location ? "HMC" : "Partition");
	ev_field_wide(out, "Dump Size:", dump->size_hi, dump->size_lo);
	if (ev_is_verbose(verbosity))
		ev_print_dump_id(out, dump);
}

void ev_print_lri_resource(struct ev_out *out, const struct rtas_lri_scn *lri,
			   int verbosity)
{
	(void)verbosity;
	ev_field(out, "Resource Type:", lri->resource);
	switch (lri->resource) {
	case RTAS_LRI_RES_PROC:
		ev_print(out, " (Processor)\n");
		ev_field_line(out, "CPU ID:", lri->lri_cpu_id);
		break;
	case RTAS_LRI_RES_SHARED_PROC:
		ev_print(out, " (Shared Processor)\n");
		ev_field_line(out, "Entitled Capacity:", lri->capacity);
		break;
	case RTAS_LRI_RES_MEM_PAGE:
		ev_print(out, " (Memory Page)\n");
		ev_field_wide(out, "Logical Address:", lri->lri_mem_addr_lo,
			      lri->lri_mem_addr_hi);
		break;
	case RTAS_LRI_RES_MEM_LMB:
		ev_print(out, " (Memory LMB)\n");
		ev_field_line(out, "DRC Index:", lri->lri_drc_index);
		break;
	default:
		ev_print(out, " (Unknown Resource)\n");
	}
}

/* Decode the header. In this section only, the ABI keeps the header as bytes of the
 * log. */
static struct rtas_v6_hdr ev_decode_v6_head(const struct rtas_v6_hdr_raw *raw)
{
	struct cursor c = { .p = (const uint8_t *)raw,
			    .end = (const uint8_t *)raw + V6_HEAD_BYTES };
	struct rtas_v6_hdr hdr;

	hdr.id[0] = (char)cursor_u8(&c);
	hdr.id[1] = (char)cursor_u8(&c);
	hdr.length = cursor_be16(&c);
	hdr.version = cursor_u8(&c);
	hdr.subtype = cursor_u8(&c);
	hdr.creator_comp_id = cursor_be16(&c);
	return hdr;
}

void ev_print_mtms(struct ev_out *out, const struct rtas_mtms *mtms)
{
	ev_print(out, "%-20s%.*s (tttt-mmm)\n", "Model/Type:", EV_CHARS(mtms->model));
	ev_print(out, "%-20s%.*s\n", "Serial Number:", EV_CHARS(mtms->serial_no));
}

void ev_print_mt_lines(struct ev_out *out, const struct rtas_mt_scn *mt, int verbosity)
{
	struct rtas_v6_hdr hdr = ev_decode_v6_head(&mt->v6hdr);

	ev_print_v6_head(out, "Machine Type", &hdr, verbosity);
	ev_print_mtms(out, &mt->mtms);
}

void ev_print_hotplug_id(struct ev_out *out, const struct rtas_hotplug_scn *hp,
			 int verbosity)
{
	(void)verbosity;
	switch (hp->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		ev_field_text(out, "Hotplug drc_name:", hp->u1.drc_name);
		break;
	case RTAS_HP_ID_DRC_INDEX:
		ev_field_line(out, "Hotplug drc_index:", hp->u1.drc_index);
		break;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		ev_field_line(out, "Hotplug count:", hp->u1.indexed.count);
		ev_field_line(out, "Hotplug drc_index:", hp->u1.indexed.drc_index);
		break;
	default:
		ev_field_line(out, "Hotplug count:", hp->u1.count);
	}
}

/* Print a section of an unknown kind. Its header identifies it, so the header is always
 * printed. */
void ev_print_generic_lines(struct ev_out *out, const struct rtas_v6_generic *generic,
			    int verbosity)
{
	uint32_t len = generic->v6hdr.length;

	(void)verbosity;
	ev_print_v6_head(out, "Unknown Section", &generic->v6hdr, 2);
	ev_print(out, "\n");
	if (generic->data && len > V6_HEAD_BYTES) {
		ev_print(out, "Raw Section Data:\n");
		ev_dump(out, generic->data, len - V6_HEAD_BYTES);
	}
	ev_print(out, "\n");
}
