/* SPDX-License-Identifier: LGPL-2.1-or-later */
#ifndef LIBRTASEVENT_H
#define LIBRTASEVENT_H
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#define RTAS_EVENT_HDR 1
#define RTAS_EVENT_EXT_HDR 2
#define RTAS_EPOW_SCN 3
#define RTAS_IO_SCN 4
#define RTAS_CPU_SCN 5
#define RTAS_IBM_DIAG_SCN 6
#define RTAS_MEM_SCN 7
#define RTAS_POST_SCN 8
#define RTAS_IBM_SP_SCN 9
#define RTAS_VEND_ERRLOG_SCN 10
#define RTAS_PRIV_HDR_SCN 11
#define RTAS_USR_HDR_SCN 12
#define RTAS_DUMP_SCN 13
#define RTAS_LRI_SCN 14
#define RTAS_MT_SCN 15
#define RTAS_PSRC_SCN 16
#define RTAS_SSRC_SCN 17
#define RTAS_GENERIC_SCN 18
#define RTAS_HP_SCN 19
#define RTAS_MAX_SCN_ID 20
struct rtas_event;
struct scn_header { struct scn_header *next; struct rtas_event *re; uint32_t raw_offset; int scn_id; };
#define RE_SHDR_SZ sizeof(struct scn_header)
#define RE_SHDR_OFFSET(x) ((char *)(x) + RE_SHDR_SZ)
struct rtas_event { int version; int event_no; char *buffer; uint32_t offset; uint32_t event_length; struct scn_header *event_scns; };
#define RE_EVENT_OFFSET(re) ((re)->buffer + (re)->offset)
struct rtas_date { uint32_t year; uint32_t month; uint32_t day; };
struct rtas_time { uint32_t hour; uint32_t minutes; uint32_t seconds; uint32_t hundredths; };
struct rtas_date_raw { uint32_t year : 16; uint32_t month : 8; uint32_t day : 8; };
struct rtas_time_raw { uint32_t hour : 8; uint32_t minutes : 8; uint32_t seconds : 8; uint32_t hundredths : 8; };
#define RE_EVENT_HDR_SZ 8
#define RTAS_HDR_SEV_NO_ERROR 0
#define RTAS_HDR_SEV_EVENT 1
#define RTAS_HDR_SEV_WARNING 2
#define RTAS_HDR_SEV_ERROR_SYNC 3
#define RTAS_HDR_SEV_ERROR 4
#define RTAS_HDR_SEV_FATAL 5
#define RTAS_HDR_SEV_ALREADY_REPORTED 6
#define RTAS_HDR_DISP_FULLY_RECOVERED 0
#define RTAS_HDR_DISP_LIMITED_RECOVERY 1
#define RTAS_HDR_DISP_NOT_RECOVERED 2
#define RTAS_HDR_INIT_UNKNOWN 0
#define RTAS_HDR_INIT_CPU 1
#define RTAS_HDR_INIT_PCI 2
#define RTAS_HDR_INIT_ISA 3
#define RTAS_HDR_INIT_MEMORY 4
#define RTAS_HDR_INIT_HOT_PLUG 5
#define RTAS_HDR_INIT_POWER_MANAGEMENT 5
#define RTAS_HDR_INIT_HOT_PLUG_EVENT 6
#define RTAS_HDR_TARGET_UNKNOWN 0
#define RTAS_HDR_TARGET_CPU 1
#define RTAS_HDR_TARGET_PCI 2
#define RTAS_HDR_TARGET_ISA 3
#define RTAS_HDR_TARGET_MEMORY 4
#define RTAS_HDR_TARGET_HOT_PLUG 5
#define RTAS_HDR_TARGET_POWER_MANAGEMENT 5
#define RTAS_HDR_TARGET_HOT_PLUG_EVENT 6
#define RTAS_HDR_TYPE_RETRY 1
#define RTAS_HDR_TYPE_TCE_ERR 2
#define RTAS_HDR_TYPE_INTERN_DEV_FAIL 3
#define RTAS_HDR_TYPE_TIMEOUT 4
#define RTAS_HDR_TYPE_DATA_PARITY 5
#define RTAS_HDR_TYPE_ADDR_PARITY 6
#define RTAS_HDR_TYPE_CACHE_PARITY 7
#define RTAS_HDR_TYPE_ADDR_INVALID 8
#define RTAS_HDR_TYPE_ECC_UNCORRECTED 9
#define RTAS_HDR_TYPE_ECC_CORRECTED 10
#define RTAS_HDR_TYPE_EPOW 64
#define RTAS_HDR_TYPE_PRRN 160
#define RTAS_HDR_TYPE_PLATFORM_ERROR 224
#define RTAS_HDR_TYPE_IBM_IO_EVENT 225
#define RTAS_HDR_TYPE_PLATFORM_INFO 226
#define RTAS_HDR_TYPE_RESOURCE_DEALLOC 227
#define RTAS_HDR_TYPE_DUMP_NOTIFICATION 228
#define RTAS_HDR_TYPE_HOTPLUG 229
struct rtas_event_hdr { struct scn_header shdr; uint32_t version; uint32_t severity; uint32_t disposition; uint32_t extended; uint32_t initiator; uint32_t target; uint32_t type; uint32_t ext_log_length; };
struct rtas_event_hdr_raw { uint32_t version : 8; uint32_t data1 : 8; uint32_t data2 : 8; uint32_t type : 8; uint32_t ext_log_length; };
#define RE_EXT_HDR_SZ 12
#define RTAS_EXTHDR_FMT_CPU 1
#define RTAS_EXTHDR_FMT_MEMORY 2
#define RTAS_EXTHDR_FMT_IO 3
#define RTAS_EXTHDR_FMT_POST 4
#define RTAS_EXTHDR_FMT_EPOW 5
#define RTAS_EXTHDR_FMT_IBM_DIAG 12
#define RTAS_EXTHDR_FMT_IBM_SP 13
#define RTAS_EXTHDR_FMT_VEND_SPECIFIC_1 14
#define RTAS_EXTHDR_FMT_VEND_SPECIFIC_2 15
struct rtas_event_exthdr { struct scn_header shdr; uint32_t valid; uint32_t unrecoverable; uint32_t recoverable; uint32_t unrecoverable_bypassed; uint32_t predictive; uint32_t newlog; uint32_t bigendian; uint32_t platform_specific; uint32_t platform_value; uint32_t power_pc; uint32_t addr_invalid; uint32_t format_type; uint32_t non_hardware; uint32_t hot_plug; uint32_t group_failure; uint32_t residual; uint32_t boot; uint32_t config_change; uint32_t post; struct rtas_time time; struct rtas_date date; };
struct rtas_event_exthdr_raw { uint32_t data1 : 8; uint32_t data2 : 8; uint32_t data3 : 8; uint32_t data4 : 8; struct rtas_time_raw time; struct rtas_date_raw date; };
#include "librtasevent_v6.h"
#include "librtasevent_v4.h"
struct rtas_event *parse_rtas_event(char *buf, int buflen);
int cleanup_rtas_event(struct rtas_event *re);
struct rtas_event_hdr *rtas_get_event_hdr_scn(struct rtas_event *re);
struct rtas_event_exthdr *rtas_get_event_exthdr_scn(struct rtas_event *re);
struct rtas_epow_scn *rtas_get_epow_scn(struct rtas_event *re);
struct rtas_io_scn *rtas_get_io_scn(struct rtas_event *re);
struct rtas_cpu_scn *rtas_get_cpu_scn(struct rtas_event *re);
struct rtas_mem_scn *rtas_get_mem_scn(struct rtas_event *re);
struct rtas_post_scn *rtas_get_post_scn(struct rtas_event *re);
struct rtas_ibmsp_scn *rtas_get_ibm_sp_scn(struct rtas_event *re);
struct rtas_priv_hdr_scn *rtas_get_priv_hdr_scn(struct rtas_event *re);
struct rtas_usr_hdr_scn *rtas_get_usr_hdr_scn(struct rtas_event *re);
struct rtas_dump_scn *rtas_get_dump_scn(struct rtas_event *re);
struct rtas_lri_scn *rtas_get_lri_scn(struct rtas_event *re);
struct rtas_mt_scn *rtas_get_mt_scn(struct rtas_event *re);
struct rtas_hotplug_scn *rtas_get_hotplug_scn(struct rtas_event *re);
struct rtas_src_scn *rtas_get_src_scn(struct rtas_event *re);
struct rtas_vend_errlog_scn;
struct rtas_vend_errlog_scn *rtas_get_vend_errlog_scn(struct rtas_event *re);
struct rtas_ibm_diag_scn *rtas_get_ibmdiag_scn(struct rtas_event *re);
struct rtas_ibm_diag_scn *rtas_get_ibm_diag_scn(struct rtas_event *re);
int update_os_id_scn(struct rtas_event *re, const char *id);
int rtas_print_scn(FILE *stream, struct scn_header *shdr, int verbosity);
int rtas_print_event(FILE *stream, struct rtas_event *re, int verbosity);
int rtas_print_raw_event(FILE *stream, struct rtas_event *re);
int rtas_set_print_width(int width);
#endif
