/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * librtasevent.h - parse and print RTAS event logs
 *
 * The kernel (/proc/ppc64/rtas/error_log) and firmware (check-exception) return an event
 * as big-endian bytes: a fixed part of 8 bytes, an extended part, and sections.
 * parse_rtas_event() converts it into a list of structures with numbers in host byte
 * order. rtas_get_*_scn() return one of these structures, rtas_print_*() print them.
 *
 * Memory:  the caller owns the event until cleanup_rtas_event(). Pointers into the event
 *          are valid until then. The event refers to the caller's buffer.
 * Threads: different events may be used by different threads. The print width is global
 *          to the process.
 * Units:   dates and times stay BCD, as in firmware: the year 2024 is 0x2024.
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

/* Common first member of all sections. */
struct scn_header {
	struct scn_header *next; /* the next section of the event */
	struct rtas_event *re;	 /* the event that contains this section */
	uint32_t raw_offset;	 /* offset of the section in re->buffer, bytes */
	int scn_id;		 /* RTAS_*_SCN */
};

#define RE_SHDR_SZ	  sizeof(struct scn_header)
#define RE_SHDR_OFFSET(x) ((char *)(x) + RE_SHDR_SZ)

struct rtas_event {
	int version;
	int event_no;	       /* set by the caller; printed in titles unless -1 */
	char *buffer;	       /* the buffer passed to parse_rtas_event() */
	uint32_t offset;       /* bytes of buffer that were parsed */
	uint32_t event_length; /* bytes of buffer that belong to this event */
	struct scn_header *event_scns;
};

#define RE_EVENT_OFFSET(re) ((re)->buffer + (re)->offset)

/* In BCD. */
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

/* The same in the format of the event log. */
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

/* Both HOT_PLUG macros have the value 5 in all headers of this library. Firmware uses 5
 * for power management and 6 for hot plug. Compare with RTAS_HDR_INIT_HOT_PLUG_EVENT and
 * RTAS_HDR_TARGET_HOT_PLUG_EVENT instead. */
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
	uint32_t extended;	 /* 1: an extended part follows */
	uint32_t initiator;	 /* RTAS_HDR_INIT_ */
	uint32_t target;	 /* RTAS_HDR_TARGET_ */
	uint32_t type;		 /* RTAS_HDR_TYPE_ */
	uint32_t ext_log_length; /* PRRN: scope of the update instead of a length */
};

struct rtas_event_hdr_raw {
	uint32_t version : 8;
	uint32_t data1 : 8; /* from the top: severity 3 bits, disposition 2, extended 1 */
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
	uint32_t data1 : 8; /* from the top: valid, unrecoverable, ... bigendian */
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
 * Parse the event that begins at buf. buflen: bytes at buf; the event may be shorter, its
 * own length counts. The event refers to buf, so buf must stay valid as long as the
 * event.
 *
 * A section with an invalid length ends the list. The remaining bytes then become one
 * last section of kind RTAS_GENERIC_SCN, with the id that is found there.
 *
 * Returns the event, or NULL with errno
 *   EINVAL  buf is NULL, the event is longer than buflen, or its headers are truncated;
 *   EFAULT  the extended part is of an unknown kind;
 *   ENOMEM.
 */
struct rtas_event *parse_rtas_event(char *buf, int buflen);

/* Free the event and all its sections. re may be NULL. Returns 0. */
int cleanup_rtas_event(struct rtas_event *re);

/*
 * Return the first section of a kind, or NULL if the event has none. If re is NULL, errno
 * is EFAULT. The event owns the section.
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

/* Return the primary SRC section. Secondary ones are not found. */
struct rtas_src_scn *rtas_get_src_scn(struct rtas_event *re);

/* Returns a pointer to a struct rtas_vend_errlog. The different tag is part of the
 * ABI. */
struct rtas_vend_errlog_scn;
struct rtas_vend_errlog_scn *rtas_get_vend_errlog_scn(struct rtas_event *re);

/* Two names of one function. Older headers declare the first, libraries of this soname
 * export the second. */
struct rtas_ibm_diag_scn *rtas_get_ibmdiag_scn(struct rtas_event *re);
struct rtas_ibm_diag_scn *rtas_get_ibm_diag_scn(struct rtas_event *re);

/*
 * Replace the id in the dump section, both in the event's bytes and in the parsed
 * section. id: text; its length is rounded up to a multiple of 4. Returns 0, or -1 if the
 * event has no dump section or the section has no room for the id.
 */
int update_os_id_scn(struct rtas_event *re, const char *id);

/*
 * Print a section or an event to stream. verbosity: 0 and 1 print less, 2 and above print
 * more. Return the number of bytes written. Return 0 with errno EFAULT if an argument is
 * NULL or the section is of an unknown kind.
 */
int rtas_print_scn(FILE *stream, struct scn_header *shdr, int verbosity);
int rtas_print_event(FILE *stream, struct rtas_event *re, int verbosity);

/* Print the event's bytes in hexadecimal. Returns the number of bytes written. */
int rtas_print_raw_event(FILE *stream, struct rtas_event *re);

/* Set the number of columns for all later printing of this process. The default is 80.
 * Returns 0, or 1 if width is not in 1 to 1023. */
int rtas_set_print_width(int width);

#ifdef __cplusplus
}
#endif

#endif
