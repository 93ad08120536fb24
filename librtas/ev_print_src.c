// SPDX-License-Identifier: LGPL-2.1-or-later
/* SRC sections: reference codes and the parts to replace. */
#include <string.h>

#include "librtas/ev_print.h"
#include "wire/event_text.h"

static void ev_print_fru_head(struct ev_out *out, const char *name,
			      const struct rtas_fru_hdr *fru)
{
	ev_title(out, "%s", name);
	ev_print(out, "%-20s%c%c          %-20s%08x\n", "ID:", fru->id[0], fru->id[1],
		 "Flags:", fru->flags);
}

static void ev_print_fru_length(struct ev_out *out, const struct rtas_fru_hdr *fru,
				int verbosity)
{
	if (ev_is_verbose(verbosity))
		ev_field_line(out, "Length:", fru->length);
}

static void ev_print_component(struct ev_out *out, uint32_t component)
{
	const char *text = event_fru_component_text(component);

	if (!component)
		return;
	ev_field(out, "Failing Component:", component);
	if (text)
		ev_print(out, " (%s)\n", text);
	else
		ev_print(out, " \n");
}

static void ev_print_fru_id(struct ev_out *out, const struct rtas_fru_hdr *fru,
			    int verbosity)
{
	const struct rtas_fru_id_scn *id = (const void *)fru;

	ev_print_fru_head(out, "FRU ID Section", fru);
	ev_print_fru_length(out, fru, verbosity);
	ev_print_component(out, fru->flags & RTAS_FRUID_COMP_MASK);
	if (fruid_has_part_no(id))
		ev_print(out, "%-20s%.*s\n", "FRU Stocking Part:", EV_CHARS(id->part_no));
	if (fruid_has_proc_id(id))
		ev_print(out, "%-20s%.*s\n", "Procedure ID:", EV_CHARS(id->procedure_id));
	if (fruid_has_ccin(id))
		ev_print(out, "%-20s%.*s\n", "CCIN:", EV_CHARS(id->ccin));
	if (fruid_has_serial_no(id))
		ev_print(out, "%-20s%.*s\n", "Serial Number:", EV_CHARS(id->serial_no));
	ev_print(out, "\n");
}

static void ev_print_fru_pe(struct ev_out *out, const struct rtas_fru_hdr *fru,
			    int verbosity)
{
	const struct rtas_fru_pe_scn *pe = (const void *)fru;

	ev_print_fru_head(out, "FRU PE Section", fru);
	ev_print_fru_length(out, fru, verbosity);
	ev_print_mtms(out, &pe->pce_mtms);
	if (pe->pce_name[0])
		ev_print(out, "%-20s%.*s\n", "PCE Name:", EV_CHARS(pe->pce_name));
	else
		ev_print(out, "\n");
	ev_print(out, "\n");
}

static void ev_print_fru_mr(struct ev_out *out, const struct rtas_fru_hdr *fru,
			    int verbosity)
{
	const struct rtas_fru_mr_scn *mr = (const void *)fru;
	uint32_t count = frumr_num_callouts(mr);

	ev_print_fru_head(out, "FRU MR Section", fru);
	ev_print_fru_length(out, fru, verbosity);
	ev_print(out, "\nManufacturing Replaceable Unit Fields (%u):\n", count);
	for (uint32_t i = 0; i < count; i++)
		ev_print(out, "%-20s%c           %-20s%08x\n",
			 "MRU Priority:", mr->mrus[i].priority,
			 "MRU ID:", mr->mrus[i].id);
	ev_print(out, "\n");
}

/* Print a part. Parts with an unknown id are not printed. */
static void ev_print_fru_part(struct ev_out *out, const struct rtas_fru_hdr *fru,
			      int verbosity)
{
	if (!memcmp(fru->id, "ID", 2))
		ev_print_fru_id(out, fru, verbosity);
	else if (!memcmp(fru->id, "PE", 2))
		ev_print_fru_pe(out, fru, verbosity);
	else if (!memcmp(fru->id, "MR", 2))
		ev_print_fru_mr(out, fru, verbosity);
}

void ev_print_fru(struct ev_out *out, const struct rtas_fru_scn *fru, int verbosity,
		  int number)
{
	const char *priority = event_fru_priority_text((uint8_t)fru->priority);

	ev_title(out, "FRU Section (%d)", number);
	if (ev_is_verbose(verbosity)) {
		ev_fields(out, "Length:", fru->length, "Call-Out Type:", fru->type);
		ev_print(out, "%-20s%-8s    %-20s%-8s\n",
			 "Fru ID Included:", fru->fru_id_included ? "Yes" : "No",
			 "Fru Subscns:", fru->fru_subscn_included ? "Yes" : "No");
	}
	ev_print(out, "%-20s%c - ", "Priority:", fru->priority);
	if (priority)
		ev_print(out, "%s\n", priority);
	if (fru->loc_code_length) {
		if (ev_is_verbose(verbosity))
			ev_field_line(out, "Loc Code Length:", fru->loc_code_length);
		ev_print(out, "%-20s%.*s\n", "Location Code:", EV_CHARS(fru->loc_code));
	}
	ev_print(out, "\n");
	for (const struct rtas_fru_hdr *part = fru->subscns; part; part = part->next)
		ev_print_fru_part(out, part, verbosity);
}

void ev_print_refcode(struct ev_out *out, const struct rtas_src_scn *src)
{
	ev_print(out, "Primary Reference Code: \"%.*s\"\n",
		 EV_CHARS(src->primary_refcode));
}

static void ev_print_extended_refcodes(struct ev_out *out, const struct rtas_src_scn *src)
{
	ev_print(out, "Extended Reference Codes:\n");
	ev_print(out, "2: %08x  3: %08x  4: %08x  5: %08x\n", src->ext_refcode2,
		 src->ext_refcode3, src->ext_refcode4, src->ext_refcode5);
	ev_print(out, "6: %08x  7: %08x  8: %08x  9: %08x\n\n", src->ext_refcode6,
		 src->ext_refcode7, src->ext_refcode8, src->ext_refcode9);
}

void ev_print_src_lines(struct ev_out *out, const struct rtas_src_scn *src, int verbosity)
{
	int number = 1;

	ev_print_v6_head(out,
			 memcmp(src->v6hdr.id, RTAS_PSRC_SCN_ID, sizeof(src->v6hdr.id))
				 ? "Secondary SRC Section"
				 : "Primary SRC Section",
			 &src->v6hdr, verbosity);
	if (ev_is_verbose(verbosity)) {
		ev_fields(out, "SRC Version:", src->version,
			  "Subsections:", src_subscns_included(src));
		ev_print(out, "\n");
	}
	ev_print(out, "Platform Data:\n");
	ev_dump(out, src->src_platform_data, sizeof(src->src_platform_data));
	ev_print(out, "\n");
	ev_print_extended_refcodes(out, src);
	ev_print_refcode(out, src);
	if (ev_is_verbose(verbosity) && src_subscns_included(src)) {
		ev_fields(out, "Sub-Section ID:", src->subscn_id,
			  "Platform Data:", src->subscn_platform_data);
		ev_field_line(out, "Length:", src->subscn_length);
	}
	ev_print(out, "\n");
	for (const struct rtas_fru_scn *fru = src->fru_scns; fru; fru = fru->next)
		ev_print_fru(out, fru, verbosity, number++);
}
