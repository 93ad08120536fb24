// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "librtas/ev.h"

void *ev_get(const struct rtas_event *re, int scn_id)
{
	struct scn_header *scn = re ? re->event_scns : NULL;

	if (!re)
		errno = EFAULT;
	while (scn && scn->scn_id != scn_id)
		scn = scn->next;
	return scn;
}

#define GETTER(name, type, scn_id)               \
	struct type *name(struct rtas_event *re) \
	{                                        \
		return ev_get(re, scn_id);       \
	}

GETTER(rtas_get_event_hdr_scn, rtas_event_hdr, RTAS_EVENT_HDR)
GETTER(rtas_get_event_exthdr_scn, rtas_event_exthdr, RTAS_EVENT_EXT_HDR)
GETTER(rtas_get_epow_scn, rtas_epow_scn, RTAS_EPOW_SCN)
GETTER(rtas_get_io_scn, rtas_io_scn, RTAS_IO_SCN)
GETTER(rtas_get_cpu_scn, rtas_cpu_scn, RTAS_CPU_SCN)
GETTER(rtas_get_ibmdiag_scn, rtas_ibm_diag_scn, RTAS_IBM_DIAG_SCN)
GETTER(rtas_get_ibm_diag_scn, rtas_ibm_diag_scn, RTAS_IBM_DIAG_SCN)
GETTER(rtas_get_mem_scn, rtas_mem_scn, RTAS_MEM_SCN)
GETTER(rtas_get_post_scn, rtas_post_scn, RTAS_POST_SCN)
GETTER(rtas_get_ibm_sp_scn, rtas_ibmsp_scn, RTAS_IBM_SP_SCN)
GETTER(rtas_get_vend_errlog_scn, rtas_vend_errlog_scn, RTAS_VEND_ERRLOG_SCN)
GETTER(rtas_get_priv_hdr_scn, rtas_priv_hdr_scn, RTAS_PRIV_HDR_SCN)
GETTER(rtas_get_usr_hdr_scn, rtas_usr_hdr_scn, RTAS_USR_HDR_SCN)
GETTER(rtas_get_dump_scn, rtas_dump_scn, RTAS_DUMP_SCN)
GETTER(rtas_get_lri_scn, rtas_lri_scn, RTAS_LRI_SCN)
GETTER(rtas_get_mt_scn, rtas_mt_scn, RTAS_MT_SCN)
GETTER(rtas_get_src_scn, rtas_src_scn, RTAS_PSRC_SCN)
GETTER(rtas_get_hotplug_scn, rtas_hotplug_scn, RTAS_HP_SCN)

int update_os_id_scn(struct rtas_event *re, const char *id)
{
	struct rtas_dump_scn *dump = ev_get(re, RTAS_DUMP_SCN);
	int len;

	if (!dump || !id)
		return -1;
	len = event_dump_rename((uint8_t *)re->buffer + dump->shdr.raw_offset,
				dump->v6hdr.length, id);
	if (len < 0)
		return -1;

	dump->id_len = (uint32_t)len;
	memset(dump->os_id, 0, sizeof(dump->os_id));
	memcpy(dump->os_id, id, strlen(id));
	return 0;
}
