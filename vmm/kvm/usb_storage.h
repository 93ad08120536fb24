/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * usb_storage.h - USB disks: a high-speed device with the Bulk-Only transport
 *
 * It has one logical unit, a bulk endpoint in each direction, and a configuration 1. The disk
 * is that of scsi.h. What the guest sends is not trusted: a wrong command stalls both bulk
 * endpoints until the guest resets the transport.
 *
 * Errors:  none: enum usb_result is what the device answers on the bus.
 * Source:  USB 2.0, chapter 9; USB Mass Storage Class, Bulk-Only Transport 1.0
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/kvm/scsi.h"

enum usb_result {
	USB_DONE,
	USB_WAITS, /* not now: the controller tries it again after another transfer */
	USB_STALL, /* not possible */
};

/* What the device sends: data, followed by zeros */
struct usb_data {
	uint8_t data[64];
	uint32_t data_bytes;
	uint32_t bytes; /* of all */
};

enum usb_storage_phase {
	PHASE_COMMAND, /* the guest sends a command, */
	PHASE_IN,      /* receives its data, */
	PHASE_OUT,     /* or sends them, */
	PHASE_STATUS,  /* and receives a status. */
	PHASE_BROKEN,  /* only a reset of the transport helps */
};

struct usb_storage {
	uint64_t serial; /* of the machine's disk; 0: no device */
	uint8_t configuration;
	enum usb_storage_phase phase;
	bool in_stalls, out_stalls;
	bool is_in;    /* the direction of the command's data */
	uint8_t sense; /* reason of the last failed command; 0: none */
	uint32_t tag;
	uint32_t expected; /* bytes of data, as the guest says */
	uint32_t moved;	   /* so many of them were sent or received */
	struct scsi_answer answer;
};

enum { USB_SETUP_BYTES = 8, USB_COMMAND_BYTES = 31 };
/* The endpoints of the bulk pipes */
enum { USB_STORAGE_IN = 1, USB_STORAGE_OUT = 2 };

/* Reset the device, as its port does. The disk stays the same. */
void usb_storage_reset(struct usb_storage *usb);
/* Handle a request of the control endpoint: a setup packet. *out receives the answer, at most
 * as many bytes as the packet asks for. */
enum usb_result usb_storage_control(struct usb_storage *usb,
				    const uint8_t setup[USB_SETUP_BYTES],
				    struct usb_data *out);
/* Send at most room bytes from the bulk endpoint. */
enum usb_result usb_storage_in(struct usb_storage *usb, uint32_t room,
			       struct usb_data *out);
/* Receive len bytes at the bulk endpoint. bytes: the first ones, at most USB_COMMAND_BYTES. */
enum usb_result usb_storage_out(struct usb_storage *usb, const uint8_t *bytes,
				uint32_t len);
