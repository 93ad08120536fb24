// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * event-walk - print an event by the structures of the public headers
 *
 *   event-walk < EVENT
 *
 * Built with one set of headers and run with either library, it prints the same.
 */
#include <librtasevent.h>

enum { EVENT_MAX = 4096 };

static void walk_headers(struct rtas_event *re)
{
	struct rtas_event_hdr *hdr = rtas_get_event_hdr_scn(re);
	struct rtas_event_exthdr *ext = rtas_get_event_exthdr_scn(re);

	printf("event %d %d %u %u\n", re->version, re->event_no, re->offset,
	       re->event_length);
	printf("head %u %u %u %u %u %u %u %u\n", hdr->version, hdr->severity,
	       hdr->disposition, hdr->extended, hdr->initiator, hdr->target, hdr->type,
	       hdr->ext_log_length);
	if (!ext)
		return;
	printf("extended %u %u %u %u %u %u %u\n", ext->valid, ext->newlog, ext->bigendian,
	       ext->platform_value, ext->power_pc, ext->format_type, ext->post);
	printf("made %x-%x-%x %x:%x:%x\n", ext->date.year, ext->date.month, ext->date.day,
	       ext->time.hour, ext->time.minutes, ext->time.seconds);
}

static void walk_version_6(struct rtas_event *re)
{
	struct rtas_priv_hdr_scn *priv = rtas_get_priv_hdr_scn(re);
	struct rtas_usr_hdr_scn *usr = rtas_get_usr_hdr_scn(re);

	if (!priv || !usr)
		return;
	printf("private %.2s %u %x-%x-%x %x:%x:%x.%x %c %u %#x %#x\n", priv->v6hdr.id,
	       priv->v6hdr.length, priv->date.year, priv->date.month, priv->date.day,
	       priv->time.hour, priv->time.minutes, priv->time.seconds,
	       priv->time.hundredths, priv->creator_id, priv->scn_count, priv->plid,
	       priv->log_entry_id);
	printf("user %.2s %u %#x %#x %#x %#x %#x\n", usr->v6hdr.id, usr->v6hdr.length,
	       usr->subsystem_id, usr->event_data, usr->event_severity, usr->event_type,
	       usr->action);
}

static void walk_others(struct rtas_event *re)
{
	struct rtas_epow_scn *epow = rtas_get_epow_scn(re);
	struct rtas_hotplug_scn *hp = rtas_get_hotplug_scn(re);
	struct rtas_src_scn *src = rtas_get_src_scn(re);

	if (epow)
		printf("epow %u %u %u\n", epow->sensor_value, epow->action_code,
		       epow->event_modifier);
	if (hp)
		printf("hotplug %u %u %u %#x\n", hp->type, hp->action, hp->identifier,
		       hp->u1.drc_index);
	if (src)
		printf("src %u %#x %.32s %d\n", src->version, src->ext_refcode2,
		       src->primary_refcode, src_subscns_included(src) != 0);
	for (struct rtas_fru_scn *fru = src ? src->fru_scns : NULL; fru; fru = fru->next)
		printf("fru %u %c %s\n", fru->type, fru->priority, fru->loc_code);
}

int main(void)
{
	static char bytes[EVENT_MAX];
	int len = (int)fread(bytes, 1, sizeof(bytes), stdin);
	struct rtas_event *re = parse_rtas_event(bytes, len);

	if (!re) {
		puts("no event");
		return 1;
	}
	walk_headers(re);
	walk_version_6(re);
	walk_others(re);
	for (struct scn_header *scn = re->event_scns; scn; scn = scn->next)
		printf("%d\n", scn->scn_id);
	rtas_set_print_width(100);
	rtas_print_event(stdout, re, 2);
	rtas_print_raw_event(stdout, re);
	return cleanup_rtas_event(re);
}
