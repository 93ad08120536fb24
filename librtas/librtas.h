/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * librtas.h - calls into the firmware of a PAPR machine from user space
 *
 * Every function returns, unless it says otherwise,
 *   the status that firmware gave: 0 success, negative an error, positive as the call
 *   defines (PAPR+ 7.3 and 13.5.3); a busy firmware is asked again until it is not;
 *   or one of the RTAS_* errors below when the call was not made. errno then holds
 *   what the kernel said, and no output is touched.
 *
 * Numbers are in host order on both sides. A work area is the caller's memory and is
 * passed through byte for byte: what it holds is big-endian. An output may be NULL.
 *
 * Needs root, but see "Devices". May be called from several threads at once, and after
 * fork(2), where the child has no work area and no sequence of its parent's.
 *
 * Sequences: rtas_get_vpd(), rtas_get_indices(), rtas_lpar_perftools(),
 * rtas_physical_attestation() and rtas_platform_dump() give what they have in pieces.
 * The first call has the sequence number 1 (rtas_platform_dump(): 0); a return of 1
 * says that there is more, to be had with the sequence number that this call gave; 0
 * is the end. The number has no other meaning, and is never that of a first call.
 *
 * Devices: where the kernel has /dev/papr-vpd, -sysparm, -indices, -platform-dump or
 * -physical-attestation, the calls named in their places below go through it: no work
 * area is needed, so they work under kernel lockdown, and for whoever may open the
 * device. The kernel runs a sequence to its end at the first call; its pieces are then
 * read from a file that is closed with the last one. Of sequences that nobody reads to
 * the end only the youngest 256 are kept. A sequence number that is not of this
 * process (or of one that was closed) returns -3. What the device cannot say exactly
 * is -1, and errno is what it did say. Each call is made by the system call instead
 * when the device is missing or cannot be opened, or says ENOTTY, ENODEV or ENOSYS.
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

/* The call was not made. */
#define RTAS_KERNEL_INT -1001 /* this kernel has no RTAS interface */
#define RTAS_KERNEL_IMP -1002 /* the kernel does not implement the call */
#define RTAS_PERM	-1003 /* not root */
#define RTAS_NO_MEM	-1004 /* out of memory */
#define RTAS_NO_LOWMEM	-1005 /* out of memory that firmware can reach */
#define RTAS_FREE_ERR	-1006 /* nothing was allocated that could be freed */
#define RTAS_TIMEOUT	-1007 /* firmware was busy longer than rtas_delay_timeout() */
#define RTAS_IO_ASSERT	-1098 /* the kernel refused; errno says why */
#define RTAS_UNKNOWN_OP -1099 /* firmware has not got this call */

/* Statuses on which the library repeats a call by itself. */
#define RC_BUSY		   -2
#define EXTENDED_DELAY_MIN 9900
#define EXTENDED_DELAY_MAX 9905

/* Activates firmware that was loaded but is not in use. ibm,activate-firmware, PAPR+
 * 7.3.24. May take minutes. */
int rtas_activate_firmware(void);

/*
 * One step of configuring a connector. ibm,configure-connector, PAPR+ 13.5.3.5.
 * workarea: 4096 bytes. To start, word 0 is the DRC index and word 1 is 0 (big-endian);
 * to go on, the area as the last step left it.
 * Returns 0 complete, 1 next sibling, 2 next child, 3 next property, 4 previous parent
 * (the area then holds offsets of name and value, from word 2 on), 5 firmware wants
 * more memory than there is, -9001, -9002, -9003 not configurable.
 */
int rtas_cfg_connector(char *workarea);

/* Limits, for all later calls of this process, how long a busy firmware is waited
 * for. timeout_ms: milliseconds, 0 without limit (as at the start). Returns 0. */
int rtas_delay_timeout(uint64_t timeout_ms) __attribute__((deprecated));

/* Shows one character on the operator panel. display-character, PAPR+ 7.3.5. */
int rtas_display_char(char c);

/* Shows a message on the operator panel. buf: text, NUL-terminated, at most as long as
 * the kernel's 64 KiB of memory for firmware. ibm,display-message, PAPR+ 7.3.5. */
int rtas_display_msg(char *buf);

/* Injects an error. etoken: which one, of ibm,errinjct-tokens; otoken: from
 * rtas_errinjct_open(); workarea: 1024 bytes as that error defines, in and out.
 * ibm,errinjct, PAPR+ 7.3.10. Under kernel lockdown refused. */
int rtas_errinjct(int etoken, int otoken, char *workarea);

/* Ends error injection. otoken: from rtas_errinjct_open(). ibm,close-errinjct, PAPR+
 * 7.3.10. */
int rtas_errinjct_close(int otoken);

/* Begins error injection; one process at a time. *otoken: the open token.
 * ibm,open-errinjct, PAPR+ 7.3.10. Returns -4 when already open. */
int rtas_errinjct_open(int *otoken);

/* Gives back what rtas_get_rmo_buffer() gave. size as given there, in bytes.
 * Returns 0, RTAS_FREE_ERR, RTAS_IO_ASSERT not an area of this process. */
int rtas_free_rmo_buffer(void *buf, uint32_t phys_addr, size_t size);

/* Partitionable endpoint of an I/O device. cfg_addr: configuration address; phb_id:
 * unit id of its host bridge; func 0: *info = its configuration address, 1: its mode.
 * ibm,get-config-addr-info2, PAPR+ 7.3.11. */
int rtas_get_config_addr_info2(uint32_t cfg_addr, uint64_t phb_id, uint32_t func,
			       uint32_t *info);

/* *state: reading of a sensor that is named by a location code. loc_code: be32 length
 * of the text with its NUL, then the text. ibm,get-dynamic-sensor-state, PAPR+ 7.3.6.
 * Device: /dev/papr-indices, for texts of up to 79 characters. */
int rtas_get_dynamic_sensor(int sensor, void *loc_code, int *state);

/*
 * Which sensors (is_sensor 1) or indicators (0) of a type there are, in pieces.
 * ibm,get-indices, PAPR+ 7.3.14.
 * workarea: size bytes, filled with be32 count, then for each be32 index, be32 length of
 * the location code with its NUL, location code. start: the sequence number.
 * Returns 1, 0, -4 changed in between: begin again. Device: /dev/papr-indices.
 */
int rtas_get_indices(int is_sensor, int type, char *workarea, size_t size, int start,
		     int *next);

/* *level: percent of full power in this domain. get-power-level, PAPR+ 7.3.7. */
int rtas_get_power_level(int powerdomain, int *level);

/* Memory that firmware can reach. size: bytes, up to the 64 KiB that the kernel sets
 * aside. *buf: zeroed, the caller's until freed; *phys_addr: its address for firmware.
 * Returns 0, RTAS_IO_ASSERT. */
int rtas_get_rmo_buffer(size_t size, void **buf, uint32_t *phys_addr);

/* *state: reading of a sensor. get-sensor-state, PAPR+ 7.3.6. */
int rtas_get_sensor(int sensor, int index, int *state);

/*
 * A system parameter. ibm,get-system-parameter, PAPR+ 7.3.16.
 * data: length bytes, filled with be16 number of bytes, then the bytes. Some parameters
 * want input, in the same form; others ignore what is there.
 * Returns -3 unknown, -9002 not authorized, -9999 length too small for the value, or
 * wrong input. What is behind the value means nothing. Device: /dev/papr-sysparm.
 */
int rtas_get_sysparm(unsigned int parameter, unsigned int length, char *data);

/* Time of day, UTC; month from 1. get-time-of-day, PAPR+ 7.3.3. */
int rtas_get_time(uint32_t *year, uint32_t *month, uint32_t *day, uint32_t *hour,
		  uint32_t *min, uint32_t *sec, uint32_t *nsec);

/*
 * Vital product data, in pieces. ibm,get-vpd, PAPR+ 7.3.20.
 * loc_code: location code of one part, NUL-terminated; NULL or "" the whole machine.
 * workarea: size bytes, of which *bytes_ret are valid.
 * Returns 1, 0, -4 changed in between: begin again, -3 no such part. Device:
 * /dev/papr-vpd; there the last piece may have 0 bytes.
 */
int rtas_get_vpd(char *loc_code, char *workarea, size_t size, unsigned int sequence,
		 unsigned int *seq_next, unsigned int *bytes_ret);

/* Performance data of the partition, in pieces. workarea: length bytes, in and out.
 * ibm,lpar-perftools, PAPR+ 7.3.26. */
int rtas_lpar_perftools(int subfunc, char *workarea, unsigned int length,
			unsigned int sequence, unsigned int *seq_next);

/*
 * Asks the platform to prove what it is, in pieces. ibm,physical-attestation.
 * workarea: the command (version, command, TCG major and minor version, a byte each, be32
 * length, be32 correlator, payload), overwritten by the answer. *work_area_bytes: its
 * size, 1 to 4096; afterwards, bytes of the answer. Too large an answer is
 * RTAS_IO_ASSERT, with *work_area_bytes as it was.
 * Device: /dev/papr-physical-attestation, where a large answer comes in more pieces.
 */
int rtas_physical_attestation(char *workarea, int seq_num, int *next_seq_num,
			      int *work_area_bytes);

/*
 * Reads a dump of the platform, in pieces. ibm,platform-dump, PAPR+ 7.3.3.4.1.
 * dump_tag: from the event that told of it. buffer: length bytes, of which *bytes_ret
 * are valid. After the last piece a call with its sequence number and without buffer
 * (NULL, 0) tells firmware that the dump may go.
 * Returns 1, 0, -9002 not authorized. Device: /dev/papr-platform-dump, where pieces are
 * of 1024 to 4096 bytes and the last one has none; smaller buffers are RTAS_IO_ASSERT.
 */
int rtas_platform_dump(uint64_t dump_tag, uint64_t sequence, void *buffer, size_t length,
		       uint64_t *next_seq, uint64_t *bytes_ret);

/* *state: reset state of a slot; *eeh: 1 if it supports error handling.
 * ibm,read-slot-reset-state, PAPR+ 7.3.11. */
int rtas_read_slot_reset(uint32_t cfg_addr, uint64_t phbid, int *state, int *eeh);

/* Dumps the scan log. buffer: length bytes, in and out; unmodified between calls.
 * ibm,scan-log-dump. Returns 1 when there is more. */
int rtas_scan_log_dump(void *buffer, size_t length);

/*
 * What the library prints on stderr from now on: 0 nothing; 1 a line for each entry
 * into the kernel, with status or errno and time; 2 also the cells of the argument
 * block. A call that the kernel refused says so in words, a refusal by firmware has a
 * status:
 *   librtas: get-sensor-state(9003, 0x40000008) = 0 (success) -> 1 0.021 ms
 *   librtas: ibm,errinjct(15, 7, 0x3ffc0000) = EPERM (refused by the kernel: ...) 0.003 ms
 *   librtas: work area of 1 page = EPERM (refused by the kernel: ...) 0.010 ms
 *   librtas: ioctl /dev/papr-sysparm get(20) = 0 (success) 0.015 ms
 *   librtas: ioctl /dev/papr-sysparm get(99) = EOPNOTSUPP -> -3 (no such parameter) 0.015 ms
 *   librtas: read /dev/papr-vpd 4096 bytes = 1200 0.002 ms
 * Needs no root. Returns 0.
 */
int rtas_set_debug(int level);

/* Sets an indicator that is named by a location code, as rtas_get_dynamic_sensor() has
 * it. ibm,set-dynamic-indicator, PAPR+ 7.3.6. Device: /dev/papr-indices. */
int rtas_set_dynamic_indicator(int indicator, int new_value, void *loc_code);

/* function: 0 disable, 1 enable error handling, 2 release the slot for memory-mapped I/O,
 * 3 for DMA. ibm,set-eeh-option, PAPR+ 7.3.11. */
int rtas_set_eeh_option(uint32_t cfg_addr, uint64_t phbid, int function);

/* Sets an indicator. set-indicator, PAPR+ 7.3.5, 13.5.3. */
int rtas_set_indicator(int indicator, int index, int new_value);

/* level: percent of full power. *setlevel: what it is now. set-power-level, PAPR+
 * 7.3.7. */
int rtas_set_power_level(int powerdomain, int level, int *setlevel);

/* When the machine powers on by itself. UTC, month from 1. set-time-for-power-on,
 * PAPR+ 7.3.3. */
int rtas_set_poweron_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
			  uint32_t min, uint32_t sec, uint32_t nsec);

/* Sets a system parameter. data: be16 number of bytes, then the bytes. As
 * rtas_get_sysparm(). ibm,set-system-parameter, PAPR+ 7.3.16. */
int rtas_set_sysparm(unsigned int parameter, char *data);

/* Time of day, UTC, month from 1. set-time-of-day, PAPR+ 7.3.3. */
int rtas_set_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
		  uint32_t min, uint32_t sec, uint32_t nsec);

/* Suspends the partition for migration. streamid: handle of the migration.
 * ibm,suspend-me, PAPR+ 7.4.9. Kernels of little-endian machines refuse it. */
int rtas_suspend_me(uint64_t streamid);

/*
 * What changed in the device tree. ibm,update-nodes, PAPR+ 7.4.8.
 * workarea: 4096 bytes, 16 zero bytes to start, as returned to go on. scope: 1
 * migration, negative a platform event. Returns 1 when there is more. Kernels of
 * little-endian machines refuse it.
 */
int rtas_update_nodes(char *workarea, unsigned int scope);

/* Properties of one node that changed. ibm,update-properties, PAPR+ 7.4.8. As
 * rtas_update_nodes(); word 0 is the phandle of the node (big-endian). */
int rtas_update_properties(char *workarea, unsigned int scope);

#ifdef __cplusplus
}
#endif
#endif
