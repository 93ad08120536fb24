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
 * passed through byte for byte: what it holds is big-endian.
 *
 * Needs root. May be called from several threads at once.
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

/* *level: percent of full power in this domain. get-power-level, PAPR+ 7.3.7. */
int rtas_get_power_level(int powerdomain, int *level);

/* Memory that firmware can reach. size: bytes, up to the 64 KiB that the kernel sets
 * aside. *buf: zeroed, the caller's until freed; *phys_addr: its address for firmware.
 * Returns 0, RTAS_IO_ASSERT. */
int rtas_get_rmo_buffer(size_t size, void **buf, uint32_t *phys_addr);

/* *state: reading of a sensor. get-sensor-state, PAPR+ 7.3.6. */
int rtas_get_sensor(int sensor, int index, int *state);

/* Time of day, UTC; month from 1. get-time-of-day, PAPR+ 7.3.3. */
int rtas_get_time(uint32_t *year, uint32_t *month, uint32_t *day, uint32_t *hour,
		  uint32_t *min, uint32_t *sec, uint32_t *nsec);

/* *state: reset state of a slot; *eeh: 1 if it supports error handling.
 * ibm,read-slot-reset-state, PAPR+ 7.3.11. */
int rtas_read_slot_reset(uint32_t cfg_addr, uint64_t phbid, int *state, int *eeh);

/* What the library prints on stderr from now on: 0 nothing, 1 a line for each call, 2
 * also the argument block. Needs no root. Returns 0. */
int rtas_set_debug(int level);

/* function: 0 disable, 1 enable error handling, 2 release DMA, 3 release the slot.
 * ibm,set-eeh-option, PAPR+ 7.3.11. */
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
