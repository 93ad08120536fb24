// SPDX-License-Identifier: GPL-2.0-or-later
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "vmm/kvm/usb_storage.h"

enum usb_request {
	REQUEST_GET_STATUS = 0x00,
	REQUEST_CLEAR_FEATURE = 0x01,
	REQUEST_GET_DESCRIPTOR = 0x06,
	REQUEST_GET_CONFIGURATION = 0x08,
	REQUEST_SET_CONFIGURATION = 0x09,
	REQUEST_GET_INTERFACE = 0x0a,
	REQUEST_SET_INTERFACE = 0x0b,
	REQUEST_MAX_LUN = 0xfe,
	REQUEST_TRANSPORT_RESET = 0xff,
};
/* Types of requests: to the device, to the interface, to an endpoint; of the class */
enum {
	TYPE_DEVICE = 0x00,
	TYPE_INTERFACE = 0x01,
	TYPE_ENDPOINT = 0x02,
	TYPE_CLASS = 0x21,
	TYPE_IN = 0x80,
};

enum { DESCRIPTOR_DEVICE = 1, DESCRIPTOR_CONFIGURATION = 2, DESCRIPTOR_STRING = 3 };
enum { STRING_LANGUAGES = 0, STRING_MAKER = 1, STRING_PRODUCT = 2, STRING_SERIAL = 3 };
enum { ENDPOINT_IN = 0x80 | USB_STORAGE_IN, ENDPOINT_OUT = USB_STORAGE_OUT };

/* USB 2.0, 9.6.1: packets of 64 bytes at endpoint 0; the ids of QEMU's disk */
static const uint8_t device_descriptor[] = {
	18,
	DESCRIPTOR_DEVICE,
	0x00,
	0x02,
	0,
	0,
	0,
	64,
	0xf4,
	0x46,
	0x01,
	0x00,
	0x00,
	0x00,
	STRING_MAKER,
	STRING_PRODUCT,
	STRING_SERIAL,
	1,
};

/* USB 2.0, 9.6.3, 9.6.5, 9.6.6: an interface for SCSI commands over the Bulk-Only transport,
 * with packets of 512 bytes */
static const uint8_t configuration_descriptor[] = {
	9,
	DESCRIPTOR_CONFIGURATION,
	32,
	0,
	1,
	1,
	0,
	0xc0,
	0, /* has its own power */
	9,
	4,
	0,
	0,
	2,
	0x08,
	0x06,
	0x50,
	0, /* interface */
	7,
	5,
	ENDPOINT_IN,
	2,
	0x00,
	0x02,
	0, /* bulk */
	7,
	5,
	ENDPOINT_OUT,
	2,
	0x00,
	0x02,
	0,
};

enum { CBW_SIGNATURE = 0x43425355, CSW_SIGNATURE = 0x53425355, CSW_BYTES = 13 };
enum { CSW_PASSED = 0, CSW_FAILED = 1, CSW_PHASE_ERROR = 2 };

static uint32_t usb_number(const uint8_t *bytes, unsigned int len)
{
	uint32_t value = 0;

	for (unsigned int i = len; i--;)
		value = value << 8 | bytes[i];
	return value;
}

static void usb_put(uint8_t *bytes, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		bytes[i] = (uint8_t)(value >> 8 * i);
}

static uint32_t at_most(uint64_t bytes, uint32_t limit)
{
	return bytes < limit ? (uint32_t)bytes : limit;
}

void usb_storage_reset(struct usb_storage *usb)
{
	*usb = (struct usb_storage){ .serial = usb->serial };
}

/* ---- Endpoint 0 -------------------------------------------------------------------------- */

static enum usb_result answer_with(struct usb_data *out, const void *bytes, uint32_t len)
{
	memcpy(out->data, bytes, len);
	out->bytes = len;
	return USB_DONE;
}

static enum usb_result answer_string(const struct usb_storage *usb, uint8_t n,
				     struct usb_data *out)
{
	static const uint8_t languages[] = { 4, DESCRIPTOR_STRING, 0x09, 0x04 };
	char serial[16];
	const char *text;
	size_t len;

	snprintf(serial, sizeof(serial), "%012llX",
		 (unsigned long long)(usb->serial & UINT64_C(0xffffffffffff)));
	switch (n) {
	case STRING_LANGUAGES:
		return answer_with(out, languages, sizeof(languages));
	case STRING_MAKER:
		text = "papr-vmm";
		break;
	case STRING_PRODUCT:
		text = "no content";
		break;
	case STRING_SERIAL:
		text = serial;
		break;
	default:
		return USB_STALL;
	}
	len = strlen(text);
	out->bytes = (uint32_t)(2 + 2 * len);
	out->data[0] = (uint8_t)out->bytes;
	out->data[1] = DESCRIPTOR_STRING;
	for (size_t i = 0; i < len; i++)
		out->data[2 + 2 * i] = (uint8_t)text[i];
	return USB_DONE;
}

static enum usb_result answer_descriptor(const struct usb_storage *usb, uint32_t value,
					 struct usb_data *out)
{
	switch (value >> 8) {
	case DESCRIPTOR_DEVICE:
		return answer_with(out, device_descriptor, sizeof(device_descriptor));
	case DESCRIPTOR_CONFIGURATION:
		return value & 0xff ? USB_STALL
				    : answer_with(out, configuration_descriptor,
						  sizeof(configuration_descriptor));
	case DESCRIPTOR_STRING:
		return answer_string(usb, (uint8_t)value, out);
	default:
		return USB_STALL;
	}
}

static bool *stalls_of(struct usb_storage *usb, uint32_t endpoint)
{
	return endpoint == ENDPOINT_IN	  ? &usb->in_stalls
	       : endpoint == ENDPOINT_OUT ? &usb->out_stalls
					  : NULL;
}

static enum usb_result set_configuration(struct usb_storage *usb, uint32_t value)
{
	if (value > 1)
		return USB_STALL;
	usb_storage_reset(usb);
	usb->configuration = (uint8_t)value;
	return USB_DONE;
}

/* End the current command. Stalls remain until the guest clears them. */
static enum usb_result transport_reset(struct usb_storage *usb)
{
	usb->phase = PHASE_COMMAND;
	usb->sense = 0;
	return USB_DONE;
}

static enum usb_result status_of(struct usb_storage *usb, uint8_t type, uint32_t index,
				 struct usb_data *out)
{
	const bool *stalls = stalls_of(usb, index);
	uint8_t status[2] = { 0 };

	if (type == (TYPE_IN | TYPE_ENDPOINT) && !stalls && index & 0x7f)
		return USB_STALL;
	if (type == (TYPE_IN | TYPE_ENDPOINT) && stalls)
		status[0] = *stalls;
	if (type == (TYPE_IN | TYPE_DEVICE))
		status[0] = 1; /* has its own power */
	return answer_with(out, status, sizeof(status));
}

/* The only feature is the stall of an endpoint. */
static enum usb_result clear_feature(struct usb_storage *usb, uint32_t feature,
				     uint32_t index)
{
	bool *stalls = stalls_of(usb, index);

	if (feature || !stalls)
		return USB_STALL;
	*stalls = usb->phase == PHASE_BROKEN;
	return USB_DONE;
}

enum { REQUEST_OF = 0x100 }; /* a request: type * REQUEST_OF + number */

static enum usb_result usb_request(struct usb_storage *usb, const uint8_t *setup,
				   struct usb_data *out)
{
	static const uint8_t zero;
	uint32_t value = usb_number(setup + 2, 2), index = usb_number(setup + 4, 2);

	switch (setup[0] * REQUEST_OF + setup[1]) {
	case (TYPE_IN | TYPE_DEVICE) * REQUEST_OF + REQUEST_GET_DESCRIPTOR:
		return answer_descriptor(usb, value, out);
	case (TYPE_IN | TYPE_DEVICE) * REQUEST_OF + REQUEST_GET_STATUS:
	case (TYPE_IN | TYPE_INTERFACE) * REQUEST_OF + REQUEST_GET_STATUS:
	case (TYPE_IN | TYPE_ENDPOINT) * REQUEST_OF + REQUEST_GET_STATUS:
		return status_of(usb, setup[0], index, out);
	case (TYPE_IN | TYPE_DEVICE) * REQUEST_OF + REQUEST_GET_CONFIGURATION:
		return answer_with(out, &usb->configuration, 1);
	case TYPE_DEVICE *REQUEST_OF + REQUEST_SET_CONFIGURATION:
		return set_configuration(usb, value);
	case (TYPE_IN | TYPE_INTERFACE) * REQUEST_OF + REQUEST_GET_INTERFACE:
	case (TYPE_IN | TYPE_CLASS) * REQUEST_OF + REQUEST_MAX_LUN:
		return answer_with(out, &zero, 1);
	case TYPE_INTERFACE *REQUEST_OF + REQUEST_SET_INTERFACE:
		return value || index ? USB_STALL : USB_DONE;
	case TYPE_ENDPOINT *REQUEST_OF + REQUEST_CLEAR_FEATURE:
		return clear_feature(usb, value, index);
	case TYPE_CLASS *REQUEST_OF + REQUEST_TRANSPORT_RESET:
		return transport_reset(usb);
	default:
		return USB_STALL;
	}
}

enum usb_result usb_storage_control(struct usb_storage *usb,
				    const uint8_t setup[USB_SETUP_BYTES],
				    struct usb_data *out)
{
	enum usb_result result;

	*out = (struct usb_data){ 0 };
	result = usb_request(usb, setup, out);
	out->bytes = at_most(out->bytes, usb_number(setup + 6, 2));
	out->data_bytes = out->bytes;
	return result;
}

/* ---- The Bulk-Only transport ------------------------------------------------------------- */

static enum usb_result transport_break(struct usb_storage *usb)
{
	usb->phase = PHASE_BROKEN;
	usb->in_stalls = usb->out_stalls = true;
	return USB_STALL;
}

/* Handle a command: a signature, a tag, the bytes of data, flags, the LUN, and the command. */
static enum usb_result transport_command(struct usb_storage *usb, const uint8_t *cbw,
					 uint32_t len)
{
	if (len != USB_COMMAND_BYTES || usb_number(cbw, 4) != CBW_SIGNATURE ||
	    cbw[13] & 0x0f || !cbw[14] || cbw[14] > SCSI_CDB_BYTES)
		return transport_break(usb);
	usb->tag = usb_number(cbw + 4, 4);
	usb->expected = usb_number(cbw + 8, 4);
	usb->moved = 0;
	usb->is_in = cbw[12] & 0x80;
	usb->answer = (struct scsi_answer){ 0 };
	scsi_command(cbw + 15, true, usb->sense, &usb->answer);
	usb->sense = usb->answer.sense;
	if (usb->sense)
		usb->answer.bytes = usb->answer.data_bytes = 0;
	usb->phase = !usb->expected ? PHASE_STATUS : usb->is_in ? PHASE_IN : PHASE_OUT;
	return USB_DONE;
}

static enum usb_result send_data(struct usb_storage *usb, uint32_t room,
				 struct usb_data *out)
{
	const struct scsi_answer *a = &usb->answer;
	uint32_t left = at_most(a->bytes, usb->expected) - usb->moved;

	/* The guest expects more than the command returns. */
	if (!left) {
		usb->phase = PHASE_STATUS;
		usb->in_stalls = true;
		return USB_STALL;
	}
	out->bytes = at_most(left, room);
	if (usb->moved < a->data_bytes) {
		out->data_bytes = at_most(a->data_bytes - usb->moved, out->bytes);
		memcpy(out->data, a->data + usb->moved, out->data_bytes);
	}
	usb->moved += out->bytes;
	/* A short packet ends the data, too. */
	if (usb->moved == usb->expected || out->bytes < room)
		usb->phase = PHASE_STATUS;
	return USB_DONE;
}

static enum usb_result send_status(struct usb_storage *usb, uint32_t room,
				   struct usb_data *out)
{
	/* What the guest sends is lost. */
	uint32_t moved = usb->is_in ? usb->moved : 0;

	if (room < CSW_BYTES) {
		usb->in_stalls = true;
		return USB_STALL;
	}
	usb_put(out->data, CSW_SIGNATURE);
	usb_put(out->data + 4, usb->tag);
	usb_put(out->data + 8, usb->expected - moved);
	out->data[12] = usb->answer.sense	    ? CSW_FAILED
			: usb->answer.bytes > moved ? CSW_PHASE_ERROR
						    : CSW_PASSED;
	out->bytes = out->data_bytes = CSW_BYTES;
	usb->phase = PHASE_COMMAND;
	return USB_DONE;
}

enum usb_result usb_storage_in(struct usb_storage *usb, uint32_t room,
			       struct usb_data *out)
{
	*out = (struct usb_data){ 0 };
	if (!usb->configuration || usb->in_stalls)
		return USB_STALL;
	switch (usb->phase) {
	case PHASE_IN:
		return send_data(usb, room, out);
	case PHASE_STATUS:
		return send_status(usb, room, out);
	default:
		return USB_WAITS;
	}
}

enum usb_result usb_storage_out(struct usb_storage *usb, const uint8_t *bytes,
				uint32_t len)
{
	if (!usb->configuration || usb->out_stalls)
		return USB_STALL;
	switch (usb->phase) {
	case PHASE_COMMAND:
		return transport_command(usb, bytes, len);
	case PHASE_OUT: /* The disk cannot be written: the data are lost. */
		usb->moved += at_most(usb->expected - usb->moved, len);
		if (usb->moved == usb->expected)
			usb->phase = PHASE_STATUS;
		return USB_DONE;
	default:
		return USB_WAITS;
	}
}
