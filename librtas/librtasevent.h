/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * librtasevent.h - RTAS event logs, taken apart and printed
 *
 * What the kernel gives in /proc/ppc64/rtas/error_log, and what firmware returns from
 * check-exception, is big-endian bytes: a fixed part of 8 bytes, an extended one, and
 * sections. parse_rtas_event() makes a list of structures of it, numbers in host order;
 * the functions rtas_get_*_scn() find one in it, rtas_print_*() print it.
 *
 * Memory:  the event belongs to the caller until cleanup_rtas_event(); what is reached
 *          through it lives as long as it does, and it refers to the caller's bytes.
 * Threads: events are independent of each other. The print width is the process's.
 * Units:   dates and times stay BCD, as firmware has them: the year 2024 is 0x2024.
 *
 * Link with -lrtasevent.
 */
#ifndef LIBRTASEVENT_H
#define LIBRTASEVENT_H

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Kinds of sections: scn_id of struct scn_header. */
#define RTAS_EVENT_HDR	     1
#define RTAS_EVENT_EXT_HDR   2
#define RTAS_EPOW_SCN	     3
#define RTAS_IO_SCN	     4
#define RTAS_CPU_SCN	     5
#define RTAS_IBM_DIAG_SCN    6
#define RTAS_MEM_SCN	     7
#define RTAS_POST_SCN	     8
#define RTAS_IBM_SP_SCN	     9
#define RTAS_VEND_ERRLOG_SCN 10
#define RTAS_PRIV_HDR_SCN    11
#define RTAS_USR_HDR_SCN     12
#define RTAS_DUMP_SCN	     13
#define RTAS_LRI_SCN	     14
#define RTAS_MT_SCN	     15
#define RTAS_PSRC_SCN	     16
#define RTAS_SSRC_SCN	     17
#define RTAS_GENERIC_SCN     18
#define RTAS_HP_SCN	     19
#define RTAS_MAX_SCN_ID	     20

struct rtas_event;

/* What every section begins with. */
struct scn_header {
	struct scn_header *next; /* in order of appearance */
	struct rtas_event *re;	 /* the event it is a part of */
	uint32_t raw_offset;	 /* where it begins in the event's bytes */
	int scn_id;		 /* RTAS_*_SCN */
};

#define RE_SHDR_SZ	  sizeof(struct scn_header)
#define RE_SHDR_OFFSET(x) ((char *)(x) + RE_SHDR_SZ)

struct rtas_event {
	int version;
	int event_no;	       /* the caller's; printed in titles unless -1 */
	char *buffer;	       /* the bytes given to parse_rtas_event() */
	uint32_t offset;       /* how many of them were used */
	uint32_t event_length; /* how many of them are this event */
	struct scn_header *event_scns;
};

#define RE_EVENT_OFFSET(re) ((re)->buffer + (re)->offset)

/* BCD. */
struct rtas_date {
	uint32_t year;
	uint32_t month;
	uint32_t day;
};

struct rtas_time {
	uint32_t hour;
	uint32_t minutes;
	uint32_t seconds;
	uint32_t hundredths;
};

/* The same as bytes of an event. */
struct rtas_date_raw {
	uint32_t year : 16;
	uint32_t month : 8;
	uint32_t day : 8;
};

struct rtas_time_raw {
	uint32_t hour : 8;
	uint32_t minutes : 8;
	uint32_t seconds : 8;
	uint32_t hundredths : 8;
};

/* The fixed part, PAPR+ 10.3.2.1. */
#define RE_EVENT_HDR_SZ 8

#define RTAS_HDR_SEV_NO_ERROR	      0
#define RTAS_HDR_SEV_EVENT	      1
#define RTAS_HDR_SEV_WARNING	      2
#define RTAS_HDR_SEV_ERROR_SYNC	      3
#define RTAS_HDR_SEV_ERROR	      4
#define RTAS_HDR_SEV_FATAL	      5
#define RTAS_HDR_SEV_ALREADY_REPORTED 6

#define RTAS_HDR_DISP_FULLY_RECOVERED  0
#define RTAS_HDR_DISP_LIMITED_RECOVERY 1
#define RTAS_HDR_DISP_NOT_RECOVERED    2

/* HOT_PLUG of these is 5 in all headers of this library, where firmware uses 5 for
 * power management and 6 for hot plug: compare with RTAS_HDR_INIT_HOT_PLUG_EVENT. */
#define RTAS_HDR_INIT_UNKNOWN	       0
#define RTAS_HDR_INIT_CPU	       1
#define RTAS_HDR_INIT_PCI	       2
#define RTAS_HDR_INIT_ISA	       3
#define RTAS_HDR_INIT_MEMORY	       4
#define RTAS_HDR_INIT_HOT_PLUG	       5
#define RTAS_HDR_INIT_POWER_MANAGEMENT 5
#define RTAS_HDR_INIT_HOT_PLUG_EVENT   6

#define RTAS_HDR_TARGET_UNKNOWN		 0
#define RTAS_HDR_TARGET_CPU		 1
#define RTAS_HDR_TARGET_PCI		 2
#define RTAS_HDR_TARGET_ISA		 3
#define RTAS_HDR_TARGET_MEMORY		 4
#define RTAS_HDR_TARGET_HOT_PLUG	 5
#define RTAS_HDR_TARGET_POWER_MANAGEMENT 5
#define RTAS_HDR_TARGET_HOT_PLUG_EVENT	 6

#define RTAS_HDR_TYPE_RETRY		1
#define RTAS_HDR_TYPE_TCE_ERR		2
#define RTAS_HDR_TYPE_INTERN_DEV_FAIL	3
#define RTAS_HDR_TYPE_TIMEOUT		4
#define RTAS_HDR_TYPE_DATA_PARITY	5
#define RTAS_HDR_TYPE_ADDR_PARITY	6
#define RTAS_HDR_TYPE_CACHE_PARITY	7
#define RTAS_HDR_TYPE_ADDR_INVALID	8
#define RTAS_HDR_TYPE_ECC_UNCORRECTED	9
#define RTAS_HDR_TYPE_ECC_CORRECTED	10
#define RTAS_HDR_TYPE_EPOW		64
#define RTAS_HDR_TYPE_PRRN		160
#define RTAS_HDR_TYPE_PLATFORM_ERROR	224
#define RTAS_HDR_TYPE_IBM_IO_EVENT	225
#define RTAS_HDR_TYPE_PLATFORM_INFO	226
#define RTAS_HDR_TYPE_RESOURCE_DEALLOC	227
#define RTAS_HDR_TYPE_DUMP_NOTIFICATION 228
#define RTAS_HDR_TYPE_HOTPLUG		229

struct rtas_event_hdr {
	struct scn_header shdr;
	uint32_t version;
	uint32_t severity;	 /* RTAS_HDR_SEV_ */
	uint32_t disposition;	 /* RTAS_HDR_DISP_ */
	uint32_t extended;	 /* there is an extended part */
	uint32_t initiator;	 /* RTAS_HDR_INIT_ */
	uint32_t target;	 /* RTAS_HDR_TARGET_ */
	uint32_t type;		 /* RTAS_HDR_TYPE_ */
	uint32_t ext_log_length; /* PRRN: the scope of the update instead */
};

struct rtas_event_hdr_raw {
	uint32_t version : 8;
	uint32_t data1 : 8; /* severity 3 bits, disposition 2, extended 1, from the top */
	uint32_t data2 : 8; /* initiator 4 bits, target 4 */
	uint32_t type : 8;
	uint32_t ext_log_length;
};

/* The extended part, PAPR+ 10.3.2.1. */
#define RE_EXT_HDR_SZ 12

#define RTAS_EXTHDR_FMT_CPU		1
#define RTAS_EXTHDR_FMT_MEMORY		2
#define RTAS_EXTHDR_FMT_IO		3
#define RTAS_EXTHDR_FMT_POST		4
#define RTAS_EXTHDR_FMT_EPOW		5
#define RTAS_EXTHDR_FMT_IBM_DIAG	12
#define RTAS_EXTHDR_FMT_IBM_SP		13
#define RTAS_EXTHDR_FMT_VEND_SPECIFIC_1 14
#define RTAS_EXTHDR_FMT_VEND_SPECIFIC_2 15

struct rtas_event_exthdr {
	struct scn_header shdr;
	uint32_t valid;
	uint32_t unrecoverable;
	uint32_t recoverable;
	uint32_t unrecoverable_bypassed;
	uint32_t predictive;
	uint32_t newlog;
	uint32_t bigendian;

	uint32_t platform_specific;
	uint32_t platform_value;

	uint32_t power_pc;
	uint32_t addr_invalid;
	uint32_t format_type; /* RTAS_EXTHDR_FMT_ */

	uint32_t non_hardware;
	uint32_t hot_plug;
	uint32_t group_failure;
	uint32_t residual;
	uint32_t boot;
	uint32_t config_change;
	uint32_t post;

	struct rtas_time time;
	struct rtas_date date;
};

struct rtas_event_exthdr_raw {
	uint32_t data1 : 8; /* valid, unrecoverable, ... bigendian, from the top */
	uint32_t data2 : 8; /* platform_specific; low 4 bits platform_value */
	uint32_t data3 : 8; /* power_pc; 0x10 addr_invalid; low 4 bits format_type */
	uint32_t data4 : 8; /* non_hardware, hot_plug, group_failure, -, residual, ... */
	struct rtas_time_raw time;
	struct rtas_date_raw date;
};

#ifdef __cplusplus
}
#endif

#include "librtasevent_v6.h"
#include "librtasevent_v4.h"

#ifdef __cplusplus
extern "C" {
#endif

/*
 * Takes the event apart that begins at buf. It may be shorter than buflen; its own
 * length counts. buf is kept, not copied, and must live as long as the event.
 *
 * A section whose length cannot be right ends the list: the rest of the event is in one
 * last section of RTAS_GENERIC_SCN, with the id that is found there.
 *
 * Returns the event, or NULL with errno
 *   EINVAL  buf is NULL, or the event is longer than buflen, or its headers are cut;
 *   EFAULT  an extended part of an unknown kind;
 *   ENOMEM.
 */
struct rtas_event *parse_rtas_event(char *buf, int buflen);

/* Frees the event and all its sections. NULL is fine. Returns 0. */
int cleanup_rtas_event(struct rtas_event *re);

/*
 * The first section of a kind. NULL when there is none; also, with errno EFAULT, when re
 * is NULL.
 */
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

/* The primary SRC alone. */
struct rtas_src_scn *rtas_get_src_scn(struct rtas_event *re);

/* It is a struct rtas_vend_errlog that it points to; the tag is part of the ABI. */
struct rtas_vend_errlog_scn;
struct rtas_vend_errlog_scn *rtas_get_vend_errlog_scn(struct rtas_event *re);

/* Two names of one function: the first is what headers say, the second what libraries of
 * this soname have. */
struct rtas_ibm_diag_scn *rtas_get_ibmdiag_scn(struct rtas_event *re);
struct rtas_ibm_diag_scn *rtas_get_ibm_diag_scn(struct rtas_event *re);

/*
 * Writes another id into the dump section, in the event's bytes and in the parsed
 * section. The length becomes a multiple of 4. Returns 0, -1 when there is no dump
 * section or it has no room for the id.
 */
int update_os_id_scn(struct rtas_event *re, const char *id);

/*
 * Print to stream; verbosity 2 and above is more than 0 and 1. Return how many bytes were
 * written; 0 with errno EFAULT for a NULL or for a section of an unknown kind.
 */
int rtas_print_scn(FILE *stream, struct scn_header *shdr, int verbosity);
int rtas_print_event(FILE *stream, struct rtas_event *re, int verbosity);

/* The event's bytes in hexadecimal. */
int rtas_print_raw_event(FILE *stream, struct rtas_event *re);

/* Columns of all later printing of this process, 80 at the start. Returns 0, or 1 when
 * width is not 1 to 1023. */
int rtas_set_print_width(int width);

#ifdef __cplusplus
}
#endif

#endif
