// SPDX-License-Identifier: LGPL-2.1-or-later
/* Parts of every event: the fixed part, the extended part, and the two sections that
 * every event of version 6 begins with. */
#include "librtas/ev_print.h"
#include "wire/event_text.h"

void ev_print_hdr_lines(struct ev_out *out, const struct rtas_event_hdr *hdr,
			int verbosity)
{
	bool all = ev_is_verbose(verbosity);

	ev_field(out, "Version:", hdr->version);
	ev_print(out, "    ");
	ev_field_name(out, "Severity:", hdr->severity,
		      event_severity_text(hdr->severity));
	if (hdr->disposition || all)
		ev_field_name(out, "Disposition:", hdr->disposition,
			      event_disposition_text(hdr->disposition));
	if (all)
		ev_fields(out, "Extended:", hdr->extended,
			  "Log Length:", hdr->ext_log_length);
	if (hdr->initiator || all)
		ev_field_name(out, "Initiator", hdr->initiator,
			      event_entity_text(hdr->initiator));
	if (hdr->target || all)
		ev_field_name(out, "Target", hdr->target, event_entity_text(hdr->target));
	ev_field_name(out, "Type", hdr->type, event_type_text(hdr->type));
}

/* Print the flags and the date that the extended part has before version 6. */
static void ev_print_cause(struct ev_out *out, const struct rtas_event_exthdr *ext,
			   int version)
{
	const struct {
		unsigned int set;
		const char *text;
	} flags[] = {
		{ version >= 3 && ext->non_hardware,
		  "Error may be caused by defects in software or firmware." },
		{ version >= 3 && ext->hot_plug,
		  "Error is isolated to hot-pluggable unit." },
		{ version >= 3 && ext->group_failure,
		  "Error is isolated to a group of failing units." },
		{ ext->residual, "Residual error from previous boot." },
		{ ext->boot, "Error detected during IPL process." },
		{ ext->config_change, "Configuration changed since last boot." },
		{ ext->post, "Error detected prior to IPL." },
	};

	for (size_t i = 0; i < EV_COUNT(flags); i++)
		if (flags[i].set)
			ev_print(out, "%s\n", flags[i].text);
	ev_print(out, "%-20s%x/%x/%x  %-20s%x:%x:%x:%x\n\n", "Date:", ext->date.year,
		 ext->date.month, ext->date.day, "Time:", ext->time.hour,
		 ext->time.minutes, ext->time.seconds, ext->time.hundredths);
}

void ev_print_exthdr_lines(struct ev_out *out, const struct rtas_event_exthdr *ext,
			   int verbosity)
{
	int version = ev_version(&ext->shdr);

	(void)verbosity;
	if (!ext->valid) {
		ev_print(out, "Extended log data %s.\n\n",
			 ext->bigendian && ext->power_pc ? "is not valid"
							 : "can not be decoded");
		return;
	}
	ev_print(out, "%-19s%s%s%s%s%s\n",
		 "Status:", ext->unrecoverable ? " unrecoverable" : "",
		 ext->recoverable ? " recoverable" : "",
		 ext->unrecoverable_bypassed ? " bypassed" : "",
		 ext->predictive ? " predictive" : "", ext->newlog ? " new" : "");
	if (version >= 6) {
		ev_print(out, "\n");
		out->bytes--; /* the ABI does not count this line */
	} else {
		ev_print_cause(out, ext, version);
	}
}

void ev_print_creator(struct ev_out *out, const struct rtas_priv_hdr_scn *ph,
		      int verbosity)
{
	ev_print(out, "%-20s%x %s %x\n", "Date:", ph->date.day,
		 event_month_text(ph->date.month), ph->date.year);
	ev_print(out, "%-20s%x:%x:%x:%x\n", "Time:", ph->time.hour, ph->time.minutes,
		 ph->time.seconds, ph->time.hundredths);
	ev_print(out, "%-20s%s (%c).\n",
		 "Creator ID:", event_creator_text((uint8_t)ph->creator_id),
		 ph->creator_id);
	if (ev_is_verbose(verbosity))
		ev_field_line(out, "Section Count:", ph->scn_count);
	if (ph->creator_id == RTAS_PH_CREAT_SERVICE_PROC)
		ev_print(out, "Creator Subsystem Name: %.*s.\n",
			 EV_CHARS(ph->creator_subid_name));
	else
		ev_print(out, "Creator Subsystem Version: %08x%08x.\n",
			 ph->creator_subid_hi, ph->creator_subid_lo);
}

void ev_print_subsystem(struct ev_out *out, const struct rtas_usr_hdr_scn *uh,
			int verbosity)
{
	const char *text = event_subsystem_text(uh->subsystem_id);

	(void)verbosity;
	ev_field(out, "Subsystem ID:", uh->subsystem_id);
	if (text)
		ev_print(out, " (%s)\n", text);
	else
		ev_print(out, " \n");
}

void ev_print_event_data(struct ev_out *out, const struct rtas_usr_hdr_scn *uh,
			 int verbosity)
{
	const char *text = event_subtype_text(uh->event_type);

	(void)verbosity;
	ev_field_line(out, "Event Data", uh->event_data);
	ev_print(out, "\n");
	ev_field_line(out, "Event Type:", uh->event_type);
	if (text)
		ev_print(out, "%s\n\n", text);
	else
		ev_print(out, "Unknown event type (%u).\n\n", uh->event_type);

	text = event_uh_severity_text(uh->event_severity);
	ev_field_line(out, "Event Severity:", uh->event_severity);
	if (text)
		ev_print(out, "%s\n\n", text);
	else
		ev_print(out, "Unknown event severity (%u).\n\n", uh->event_severity);
}

/* Print one line for each action that is required. */
static void ev_print_actions(struct ev_out *out, uint32_t action)
{
	const char *indent = "";

	if (action & RTAS_UH_ACTION_SERVICE) {
		ev_print(out, "Service Action %s%sRequired.\n",
			 action & RTAS_UH_ACTION_HIDDEN ? "(hidden error) " : "",
			 action & RTAS_UH_ACTION_CALL_HOME ? "(call home) " : "");
		indent = "                             ";
	}
	if (action & RTAS_UH_ACTION_REPORT_EXTERNALLY) {
		ev_print(out, "%sReport Externally, (HMC %s).\n", indent,
			 action & RTAS_UH_ACTION_HMC_ONLY ? "only" : "and Hypervisor");
		indent = "                             ";
	}
	if (action & RTAS_UH_ACTION_ISO_INCOMPLETE)
		ev_print(out,
			 "%sError isolation incomplete,\n"
			 "                               further analysis required.\n",
			 indent);
}

void ev_print_action(struct ev_out *out, const struct rtas_usr_hdr_scn *uh, int verbosity)
{
	const uint32_t with_text = RTAS_UH_ACTION_SERVICE |
				   RTAS_UH_ACTION_REPORT_EXTERNALLY |
				   RTAS_UH_ACTION_ISO_INCOMPLETE;

	(void)verbosity;
	ev_field(out, "Action Flag:", uh->action);
	ev_print(out, " ");
	if (uh->action & with_text)
		ev_print_actions(out, uh->action);
	else if (uh->action)
		ev_print(out, "Unknown action flag (0x%08x).\n", uh->action);
}
