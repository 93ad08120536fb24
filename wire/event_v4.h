/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * event_v4.h - the bodies of event logs of the versions before 6
 *
 * Shape:   28 bytes after the extended part. Its format says which body they are. Two
 *          differ in size: diagnostics (be32), and a vendor's body (4 letters and all
 *          remaining bytes).
 *          Flags are not decoded; the first one in each list is the most significant bit:
 *          CPU: internal, cache, external cache parity, ECC; system bus timeout; I/O
 *               timeout; system bus parity, protocol; in more: restart may help
 *          memory: uncorrectable, ECC, threshold, controller, address, data, bus,
 *               timeout; system bus parity, timeout, protocol, host bridge timeout,
 *               parity, -, support function, system bus internal
 *          I/O: bus address, data, timeout, internal, not PCI, mezzanine address, data,
 *               timeout; by system bus, mezzanine, expansion bus, seen by that, its data,
 *               timeout, connection, not operating
 *          POST: firmware, configuration, CPU, memory, I/O, keyboard, mouse, display; IPL
 *               floppy, controller, CD-ROM, disk, net, other, -, self test
 *          EPOW: sensor, power fault, fan, temperature, redundancy, entitlement, 2 -;
 *               general, power loss, supply, switch, battery
 *          service processor: timeout, I2C, I2C secondary, memory, registers,
 *               communication, firmware, hardware; VPD, panel, power, fan, thermal,
 *               voltage, 2 -; serial port, NVRAM, clock, JTAG, battery, -, heartbeat,
 *               surveillance; power network connection, node, 2 -, access
 * Memory:  pointers point into the log.
 * Errors:  fields that are cut are 0, and the cursor has its error set.
 * Source:  PAPR+ 10.3.2.2
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include "wire/cursor.h"

enum event_format {
	EVENT_FORMAT_CPU = 1,
	EVENT_FORMAT_MEMORY = 2,
	EVENT_FORMAT_IO = 3,
	EVENT_FORMAT_POST = 4,
	EVENT_FORMAT_EPOW = 5,
	EVENT_FORMAT_DIAG = 12,
	EVENT_FORMAT_SP = 13,
	EVENT_FORMAT_VENDOR = 14,
	EVENT_FORMAT_VENDOR_2 = 15,
};

struct event_cpu_body {
	uint8_t flags, id, more;
	uint16_t element;
	uint64_t address;
};

struct event_memory_body {
	uint8_t flags[2], detected_by, faulted, card;
	uint64_t address;
	uint16_t syndrome, element;
	uint32_t sub_elements;
};

/* An I/O adapter. */
struct event_ioa {
	uint8_t bus_id, bus, devfn, revision, slot;
	uint16_t device, vendor;
};

struct event_io_body {
	uint8_t flags[2];
	struct event_ioa signalled, sending;
};

struct event_post_body {
	uint8_t flags[2];
	const uint8_t *device; /* 12 bytes */
	uint32_t error;
	uint16_t firmware;
	const uint8_t *location; /* 8 bytes */
};

struct event_epow_body {
	uint32_t sensor; /* value 28 bits, action code 4 */
	uint8_t flags[4];
	uint32_t token, index, value, status;
};

struct event_sp_body {
	const uint8_t *company; /* 4 bytes */
	uint8_t flags[4];
	uint32_t token, index;
};

struct event_vendor_body {
	const uint8_t *id; /* 4 bytes */
	size_t len;
	const uint8_t *data;
};

struct event_cpu_body event_cpu_decode(struct cursor *c);
struct event_memory_body event_memory_decode(struct cursor *c);
struct event_io_body event_io_body_decode(struct cursor *c);
struct event_post_body event_post_decode(struct cursor *c);
struct event_epow_body event_epow_body_decode(struct cursor *c);
struct event_sp_body event_sp_decode(struct cursor *c);
struct event_vendor_body event_vendor_decode(struct cursor *c);
