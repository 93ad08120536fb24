/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * librtas.h - calls into the firmware of a PAPR machine from user space
 *
 * Unless its comment says otherwise, every function returns one of these:
 *   - the status of firmware: 0 is success, a negative value is an error, a positive
 *     value has the meaning that the call defines (PAPR+ 7.3 and 13.5.3);
 *   - one of the RTAS_* errors below, if the call was not made. All outputs are then
 *     unchanged. After RTAS_IO_ASSERT, errno has the reason, such as the kernel's error.
 * The library repeats a call while firmware reports that it is busy.
 *
 * Numbers are in host byte order. A work area is the caller's memory. The library passes
 * it through unchanged, so its contents are big-endian. A pointer to an output may be
 * NULL.
 *
 * The functions need root, except where "Devices" below says otherwise. Several threads
 * may call them at once. They may be called after fork(2): the child inherits no work
 * area and no sequence.
 *
 * Terms:
 *   - connector, DRC (dynamic reconfiguration connector): the place where the host
 *     attaches one resource, such as a PCI slot, a core or a block of memory;
 *   - DRC index: the 32-bit number by which firmware knows a connector. The device tree
 *     has it in ibm,my-drc-index of the resource's node, and in ibm,drc-indexes or
 *     ibm,drc-info of the parent node;
 *   - index: which sensor or indicator of one type. For the types of connectors, it is
 *     the DRC index; rtas_get_indices() lists those of the other types;
 *   - location code: the text on a part's label, such as U78CB.001.WZS00AB-P1-C8. It
 *     names the physical place of the part, and is in ibm,loc-code of its node;
 *   - unit id, phb_id: the address of a PCI host bridge, from "reg" of its node. cfg_addr
 *     is bus << 16 | device << 11 | function << 8, from "reg" of the device's node.
 *
 * Sequences: rtas_get_vpd(), rtas_get_indices(), rtas_lpar_perftools(),
 * rtas_physical_attestation() and rtas_platform_dump() return their data in pieces. Call
 * them first with the sequence number 1 (rtas_platform_dump(): 0). A return value of 1
 * means that more data follows: call again with the sequence number that this call
 * stored. A return value of 0 is the end. The number has no other meaning. It never
 * equals the number of a first call.
 *
 * Devices: Linux may have /dev/papr-vpd, -sysparm, -indices, -platform-dump and
 * -physical-attestation. Functions with "Device:" in their comment use that device if it
 * exists. They then need no work area, so they work under kernel lockdown. They also work
 * for every user who may open the device.
 * The first call makes the kernel run the whole sequence. The library reads the pieces
 * from a file and closes it after the last piece. It keeps the newest 256 unfinished
 * sequences. A sequence number that is closed or belongs to another process returns -3.
 * If a device's error has no exact firmware status, the function returns -1 and errno
 * holds that error. The library uses the rtas system call instead if the device is
 * missing, cannot be opened, or fails with ENOTTY, ENODEV or ENOSYS.
 *
 * Link with -lrtas.
 */
#ifndef LIBRTAS_H
#define LIBRTAS_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The call was not made: */
#define RTAS_KERNEL_INT -1001 /* this kernel has no RTAS interface */
#define RTAS_KERNEL_IMP -1002 /* the kernel does not implement the call */
#define RTAS_PERM	-1003 /* not root */
#define RTAS_NO_MEM	-1004 /* out of memory */
#define RTAS_NO_LOWMEM	-1005 /* out of memory that firmware can address */
#define RTAS_FREE_ERR	-1006 /* this process has allocated nothing to release */
#define RTAS_TIMEOUT	-1007 /* firmware was busy longer than rtas_delay_timeout() */
#define RTAS_IO_ASSERT	-1098 /* refused by the kernel or the library; see errno */
#define RTAS_UNKNOWN_OP -1099 /* firmware does not implement this call */

/* Types of indicators that rtas_set_indicator() sets, and their values. The index is the
 * DRC index (PAPR+ 13.5.3). */
enum rtas_indicator {
	RTAS_INDICATOR_ISOLATION = 9001,  /* 0 isolate, 1 unisolate */
	RTAS_INDICATOR_LIGHT = 9002,	  /* 0 off, 1 on, 2 identify, 3 action */
	RTAS_INDICATOR_ALLOCATION = 9003, /* 0 unusable, 1 usable */
};

/* Types of sensors that rtas_get_sensor() reads, and their readings. The index is the DRC
 * index (PAPR+ 13.5.3). */
enum rtas_sensor {
	/* What a connector has: 0 nothing, 1 a resource, 2 a resource of another owner, 3
	 * one for exchange, 4 one for recovery. */
	RTAS_SENSOR_ENTITY = 9003,
};

/* The library repeats a call that returns one of these statuses. */
#define RC_BUSY		   -2
#define EXTENDED_DELAY_MIN 9900
#define EXTENDED_DELAY_MAX 9905

/* Activate firmware that is loaded but not yet in use (ibm,activate-firmware, PAPR+
 * 7.3.24). The call may take minutes. */
int rtas_activate_firmware(void);

/*
 * Make one step of configuring a connector (ibm,configure-connector, PAPR+ 13.5.3.5).
 * workarea: 4096 bytes. For the first step, word 0 is the DRC index and word 1 is 0
 * (big-endian). For each further step, pass the area as the last step left it.
 * Returns 0 complete, 1 next sibling, 2 next child, 3 next property, 4 previous parent.
 * After 1 to 3 the area holds the offsets of name and value, from word 2 on. 5: firmware
 * needs more memory than is available. -9001, -9002, -9003: not configurable.
 */
int rtas_cfg_connector(char *workarea);

/* Limit how long later calls of this process wait for a busy firmware. timeout_ms:
 * milliseconds; 0 means no limit and is the default. Returns 0, RTAS_PERM or
 * RTAS_KERNEL_INT. */
int rtas_delay_timeout(uint64_t timeout_ms) __attribute__((deprecated));

/* Show one character on the operator panel (display-character, PAPR+ 7.3.5). */
int rtas_display_char(char c);

/* Show a message on the operator panel (ibm,display-message, PAPR+ 7.3.5). buf:
 * NUL-terminated text of at most 64 KiB, the size of the kernel's memory for firmware. */
int rtas_display_msg(char *buf);

/* Inject an error (ibm,errinjct, PAPR+ 7.3.10). etoken: the error, a token of
 * ibm,errinjct-tokens. otoken: from rtas_errinjct_open(). workarea: 1024 bytes, input and
 * output, in the format that the error defines. The kernel refuses this call under
 * lockdown. */
int rtas_errinjct(int etoken, int otoken, char *workarea);

/* End error injection (ibm,close-errinjct, PAPR+ 7.3.10). otoken: from
 * rtas_errinjct_open(). */
int rtas_errinjct_close(int otoken);

/* Begin error injection (ibm,open-errinjct, PAPR+ 7.3.10). Only one process at a time can
 * do this. *otoken receives the open token. Returns -4 if error injection is already
 * open. */
int rtas_errinjct_open(int *otoken);

/* Release an area of rtas_get_rmo_buffer(). Pass the same size, in bytes. Returns 0,
 * RTAS_FREE_ERR, or RTAS_IO_ASSERT if the area does not belong to this process. */
int rtas_free_rmo_buffer(void *buf, uint32_t phys_addr, size_t size);

/* Query the partitionable endpoint of an I/O device (ibm,get-config-addr-info2, PAPR+
 * 7.3.11). cfg_addr: configuration address of the device. phb_id: unit id of its host
 * bridge. *info receives the endpoint's configuration address (func 0) or mode (func
 * 1). */
int rtas_get_config_addr_info2(uint32_t cfg_addr, uint64_t phb_id, uint32_t func,
			       uint32_t *info);

/* Read a sensor that is named by a location code (ibm,get-dynamic-sensor-state, PAPR+
 * 7.3.6). loc_code: be32 length of the text with its NUL, then the text. *state receives
 * the reading. Device: /dev/papr-indices, for texts of up to 79 characters. */
int rtas_get_dynamic_sensor(int sensor, void *loc_code, int *state);

/*
 * List the sensors (is_sensor 1) or indicators (is_sensor 0) of a type, in pieces
 * (ibm,get-indices, PAPR+ 7.3.14).
 * workarea: receives at most size bytes: be32 count, then for each entry be32 index, be32
 * length of the location code with its NUL, location code. type: sensor or indicator
 * type. start: the sequence number.
 * *next receives the next sequence number.
 * Returns 1, 0, or -4 if the data changed in between: then begin again. Device:
 * /dev/papr-indices.
 */
int rtas_get_indices(int is_sensor, int type, char *workarea, size_t size, int start,
		     int *next);

/* Query the power level of a power domain (get-power-level, PAPR+ 7.3.7). powerdomain:
 * number of the domain. *level receives percent of full power. */
int rtas_get_power_level(int powerdomain, int *level);

/* Allocate memory that firmware can address. size: bytes, at most the 64 KiB that the
 * kernel reserves. *buf receives the zeroed area; the caller must release it with
 * rtas_free_rmo_buffer(). *phys_addr receives its physical address. Returns 0 or
 * RTAS_IO_ASSERT. */
int rtas_get_rmo_buffer(size_t size, void **buf, uint32_t *phys_addr);

/* Read a sensor (get-sensor-state, PAPR+ 7.3.6). sensor: its type, such as
 * RTAS_SENSOR_ENTITY. index: which sensor of this type. *state receives the reading. */
int rtas_get_sensor(int sensor, int index, int *state);

/*
 * Read a system parameter (ibm,get-system-parameter, PAPR+ 7.3.16).
 * data: length bytes. Receives be16 number of bytes, then the value. Bytes after the
 * value are undefined. Some parameters need input in data, in the same format; others
 * ignore it. Returns -3 unknown parameter, -9002 not authorized, -9999 length is too
 * small for the value or the input is wrong. Device: /dev/papr-sysparm.
 */
int rtas_get_sysparm(unsigned int parameter, unsigned int length, char *data);

/* Read the time of day in UTC (get-time-of-day, PAPR+ 7.3.3). The year has all its
 * digits, months count from 1. */
int rtas_get_time(uint32_t *year, uint32_t *month, uint32_t *day, uint32_t *hour,
		  uint32_t *min, uint32_t *sec, uint32_t *nsec);

/*
 * Read vital product data, in pieces (ibm,get-vpd, PAPR+ 7.3.20).
 * loc_code: NUL-terminated location code of one part. NULL or "" means the whole machine.
 * workarea: size bytes, of which *bytes_ret are valid. *seq_next receives the next
 * sequence number.
 * Returns 1, 0, -3 no such part, or -4 if the data changed in between: then begin again.
 * Device: /dev/papr-vpd. With the device, the last piece may have 0 bytes.
 */
int rtas_get_vpd(char *loc_code, char *workarea, size_t size, unsigned int sequence,
		 unsigned int *seq_next, unsigned int *bytes_ret);

/* Exchange performance data of the partition, in pieces (ibm,lpar-perftools, PAPR+
 * 7.3.26). workarea: length bytes, input and output. *seq_next receives the next sequence
 * number. */
int rtas_lpar_perftools(int subfunc, char *workarea, unsigned int length,
			unsigned int sequence, unsigned int *seq_next);

/*
 * Request a proof of the platform's identity, in pieces (ibm,physical-attestation).
 * workarea: holds the command: version, command, TCG major and minor version (one byte
 * each), be32 length, be32 correlator, payload. Receives the answer.
 * *work_area_bytes: size of workarea, 1 to 4096. Receives the number of bytes of the
 * answer. If the answer is too large, the call returns RTAS_IO_ASSERT.
 * If the return value is negative, all outputs are unchanged.
 * Device: /dev/papr-physical-attestation. With the device, a large answer comes in more
 * pieces.
 */
int rtas_physical_attestation(char *workarea, int seq_num, int *next_seq_num,
			      int *work_area_bytes);

/*
 * Read a platform dump, in pieces (ibm,platform-dump, PAPR+ 7.3.3.4.1).
 * dump_tag: from the event log that announced the dump. buffer: length bytes, of which
 * *bytes_ret are valid. *next_seq receives the next sequence number.
 * After the last piece, call once more with its sequence number and without a buffer
 * (NULL, 0). This allows firmware to delete the dump.
 * Returns 1, 0, or -9002 not authorized. Device: /dev/papr-platform-dump. With the
 * device, a piece has 1024 to 4096 bytes, the last piece has none, and a smaller buffer
 * fails with RTAS_IO_ASSERT.
 */
int rtas_platform_dump(uint64_t dump_tag, uint64_t sequence, void *buffer, size_t length,
		       uint64_t *next_seq, uint64_t *bytes_ret);

/* Query the reset state of a slot (ibm,read-slot-reset-state, PAPR+ 7.3.11). cfg_addr:
 * configuration address of the device. phbid: unit id of its host bridge. *state receives
 * the reset state, *eeh 1 if the slot supports enhanced error handling. */
int rtas_read_slot_reset(uint32_t cfg_addr, uint64_t phbid, int *state, int *eeh);

/* Dump the scan log (ibm,scan-log-dump). buffer: length bytes, input and output. The
 * caller must not modify it between calls. Returns 1 if more data follows. */
int rtas_scan_log_dump(void *buffer, size_t length);

/*
 * Set what the library prints on stderr. Level 0: nothing. Level 1: one line for each
 * entry into the kernel, with status or errno and the time it took. Level 2: also the
 * cells of the argument block. If the kernel refused a call, the line gives the reason in
 * words. If firmware refused it, the line shows the status:
 *   librtas: get-sensor-state(9003, 0x40000008) = 0 (success) -> 1 0.021 ms
 *   librtas: ibm,errinjct(15, 7, 0x3ffc0000) = EPERM (refused by the kernel: ...) 0.003 ms
 *   librtas: work area of 1 page = EPERM (refused by the kernel: ...) 0.010 ms
 *   librtas: ioctl /dev/papr-sysparm get(20) = 0 (success) 0.015 ms
 *   librtas: ioctl /dev/papr-sysparm get(99) = EOPNOTSUPP -> -3 (no such parameter) 0.015 ms
 *   librtas: read /dev/papr-vpd 4096 bytes = 1200 0.002 ms
 * Needs no root. Returns 0.
 */
int rtas_set_debug(int level);

/* Set an indicator that is named by a location code (ibm,set-dynamic-indicator, PAPR+
 * 7.3.6). loc_code: as for rtas_get_dynamic_sensor(). Device: /dev/papr-indices. */
int rtas_set_dynamic_indicator(int indicator, int new_value, void *loc_code);

/* Change the error handling of a slot (ibm,set-eeh-option, PAPR+ 7.3.11). cfg_addr:
 * configuration address of the device. phbid: unit id of its host bridge. function: 0
 * disable, 1 enable enhanced error handling, 2 release the slot for memory-mapped I/O, 3
 * for DMA. */
int rtas_set_eeh_option(uint32_t cfg_addr, uint64_t phbid, int function);

/* Set an indicator (set-indicator, PAPR+ 7.3.5, 13.5.3). indicator: its type, such as
 * RTAS_INDICATOR_ISOLATION. index: which indicator of this type. new_value: the state to
 * set. */
int rtas_set_indicator(int indicator, int index, int new_value);

/* Set the power level of a power domain (set-power-level, PAPR+ 7.3.7). powerdomain:
 * number of the domain. level: percent of full power. *setlevel receives the level that
 * firmware has set. */
int rtas_set_power_level(int powerdomain, int level, int *setlevel);

/* Set when the machine powers on by itself, in UTC (set-time-for-power-on, PAPR+ 7.3.3).
 * Months count from 1. */
int rtas_set_poweron_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
			  uint32_t min, uint32_t sec, uint32_t nsec);

/* Set a system parameter (ibm,set-system-parameter, PAPR+ 7.3.16). data: be16 number of
 * bytes, then the value. Return values and device: as for rtas_get_sysparm(). */
int rtas_set_sysparm(unsigned int parameter, char *data);

/* Set the time of day in UTC (set-time-of-day, PAPR+ 7.3.3). Months count from 1. */
int rtas_set_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
		  uint32_t min, uint32_t sec, uint32_t nsec);

/* Suspend the partition for migration (ibm,suspend-me, PAPR+ 7.4.9). streamid: handle of
 * the migration. Linux refuses this call on little-endian machines. */
int rtas_suspend_me(uint64_t streamid);

/*
 * List the device-tree nodes that changed (ibm,update-nodes, PAPR+ 7.4.8).
 * workarea: 4096 bytes. The first 16 bytes must be 0 for the first call. For further
 * calls, pass the area as returned. scope: 1 is migration, a negative value is a platform
 * event. Returns 1 if more data follows. Linux refuses this call on little-endian
 * machines.
 */
int rtas_update_nodes(char *workarea, unsigned int scope);

/* List the properties of one node that changed (ibm,update-properties, PAPR+ 7.4.8).
 * Arguments and return values are those of rtas_update_nodes(), but word 0 of workarea is
 * the phandle of the node (big-endian). */
int rtas_update_properties(char *workarea, unsigned int scope);

#ifdef __cplusplus
}
#endif
#endif
