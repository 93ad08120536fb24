// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The SCSI controller of virtio, and its disks: each is LUN 0 of a target of its own.
 *
 * Source:  VIRTIO 1.2, 5.6; SCSI Primary Commands 4, SCSI Block Commands 3
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "vmm/kvm/virtio_parts.h"

enum { QUEUE_CONTROL = 0, QUEUE_EVENT = VIRTIO_EVENT_QUEUE };
enum { EVENT_TRANSPORT = 1, REASON_RESCAN = 1, REASON_REMOVED = 2 };
enum { RESPONSE_OK = 0, RESPONSE_BAD_TARGET = 3 };
enum { STATUS_GOOD = 0, STATUS_CHECK = 2 };

enum scsi_command {
	TEST_UNIT_READY = 0x00,
	REQUEST_SENSE = 0x03,
	READ_6 = 0x08,
	INQUIRY = 0x12,
	MODE_SENSE_6 = 0x1a,
	READ_CAPACITY_10 = 0x25,
	READ_10 = 0x28,
	SYNCHRONIZE_10 = 0x35,
	MODE_SENSE_10 = 0x5a,
	READ_16 = 0x88,
	SYNCHRONIZE_16 = 0x91,
	SERVICE_IN_16 = 0x9e,
	REPORT_LUNS = 0xa0,
	READ_12 = 0xa8,
};
enum { SERVICE_READ_CAPACITY = 0x10 };

/* Reasons of a failed command: additional sense codes, of the key "illegal request" */
enum { SENSE_COMMAND = 0x20, SENSE_RANGE = 0x21, SENSE_FIELD = 0x24, SENSE_LUN = 0x25 };

struct scsi_request {
	uint8_t lun[8], tag[8], attribute, priority, crn, cdb[32];
};

struct scsi_response {
	uint32_t sense_bytes, residual;
	uint16_t qualifier;
	uint8_t status, response, sense[96];
};

/* What a command returns: data, followed by zeros */
struct scsi_answer {
	uint8_t data[64];
	uint32_t data_bytes;
	uint64_t bytes; /* of all */
	uint8_t sense;	/* it failed; 0: it did not */
};

/* ---- Commands --------------------------------------------------------------------------- */

static uint64_t be_number(const uint8_t *bytes, unsigned int len)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < len; i++)
		value = value << 8 | bytes[i];
	return value;
}

static void put_be(uint8_t *bytes, unsigned int len, uint64_t value)
{
	while (len--) {
		bytes[len] = (uint8_t)value;
		value >>= 8;
	}
}

static void answer_bytes(struct scsi_answer *a, uint32_t bytes, uint64_t limit)
{
	a->bytes = bytes < limit ? bytes : limit;
	a->data_bytes = (uint32_t)a->bytes;
}

static void scsi_inquiry(const uint8_t *cdb, bool lun_exists, struct scsi_answer *a)
{
	if (cdb[1] & 1) { /* further pages */
		a->sense = SENSE_FIELD;
		return;
	}
	/* no device at this LUN, or a disk; version, format, length; names */
	a->data[0] = lun_exists ? 0 : 0x7f;
	a->data[2] = 5;
	a->data[3] = 2;
	a->data[4] = 36 - 5;
	memcpy(a->data + 8, "papr-vmmno content      1   ", 28);
	answer_bytes(a, 36, be_number(cdb + 3, 2));
}

static void scsi_read(uint64_t sector, uint64_t n, struct scsi_answer *a)
{
	if (sector > DISK_SECTORS || n > DISK_SECTORS - sector)
		a->sense = SENSE_RANGE;
	else
		a->bytes = n * DISK_SECTOR;
}

static void scsi_capacity_16(const uint8_t *cdb, struct scsi_answer *a)
{
	if ((cdb[1] & 0x1f) != SERVICE_READ_CAPACITY) {
		a->sense = SENSE_COMMAND;
		return;
	}
	put_be(a->data, 8, DISK_SECTORS - 1);
	put_be(a->data + 8, 4, DISK_SECTOR);
	answer_bytes(a, 32, be_number(cdb + 10, 4));
}

/* Only a header, which says that the disk cannot be written. */
static void scsi_mode(const uint8_t *cdb, struct scsi_answer *a)
{
	bool is_long = cdb[0] == MODE_SENSE_10;

	a->data[is_long ? 1 : 0] = is_long ? 6 : 3;
	a->data[is_long ? 3 : 2] = 0x80;
	answer_bytes(a, is_long ? 8 : 4,
		     be_number(cdb + (is_long ? 7 : 4), is_long ? 2 : 1));
}

static void scsi_command(const uint8_t *cdb, bool lun_exists, struct scsi_answer *a)
{
	if (!lun_exists && cdb[0] != INQUIRY && cdb[0] != REPORT_LUNS) {
		a->sense = SENSE_LUN;
		return;
	}
	switch (cdb[0]) {
	case TEST_UNIT_READY:
	case SYNCHRONIZE_10:
	case SYNCHRONIZE_16:
		break;
	case REQUEST_SENSE:
		a->data[0] = 0x70;
		a->data[7] = 10;
		answer_bytes(a, 18, cdb[4]);
		break;
	case INQUIRY:
		scsi_inquiry(cdb, lun_exists, a);
		break;
	case REPORT_LUNS:
		a->data[3] = 8; /* the bytes that follow: LUN 0 */
		answer_bytes(a, 16, be_number(cdb + 6, 4));
		break;
	case READ_CAPACITY_10:
		put_be(a->data, 4, DISK_SECTORS - 1);
		put_be(a->data + 4, 4, DISK_SECTOR);
		answer_bytes(a, 8, 8);
		break;
	case SERVICE_IN_16:
		scsi_capacity_16(cdb, a);
		break;
	case MODE_SENSE_6:
	case MODE_SENSE_10:
		scsi_mode(cdb, a);
		break;
	case READ_6:
		scsi_read(be_number(cdb + 1, 3) & 0x1fffff, cdb[4] ? cdb[4] : 256, a);
		break;
	case READ_10:
		scsi_read(be_number(cdb + 2, 4), be_number(cdb + 7, 2), a);
		break;
	case READ_12:
		scsi_read(be_number(cdb + 2, 4), be_number(cdb + 6, 4), a);
		break;
	case READ_16:
		scsi_read(be_number(cdb + 2, 8), be_number(cdb + 10, 4), a);
		break;
	default:
		a->sense = SENSE_COMMAND;
	}
}

/* ---- Queues ----------------------------------------------------------------------------- */

/* Write the response, and the data after it. */
static int64_t scsi_respond(const struct virtio_request *r,
			    struct scsi_response *response, const struct scsi_answer *a)
{
	uint64_t room = request_bytes(r, true), bytes = a->bytes, data;

	if (room < sizeof(*response))
		return -EFAULT;
	room -= sizeof(*response);
	if (a->sense) {
		response->status = STATUS_CHECK;
		response->sense_bytes = htole32(18);
		response->sense[0] = 0x70;
		response->sense[2] = 5; /* illegal request */
		response->sense[7] = 10;
		response->sense[12] = a->sense;
		bytes = 0;
	}
	if (bytes > room)
		bytes = room;
	response->residual = htole32((uint32_t)(room - bytes));
	data = a->data_bytes < bytes ? a->data_bytes : bytes;
	if (request_put(r, 0, response, sizeof(*response)) ||
	    request_put(r, sizeof(*response), a->data, (uint32_t)data) ||
	    request_put_zeros(r, sizeof(*response) + data, bytes - data))
		return -EFAULT;
	return (int64_t)(sizeof(*response) + bytes);
}

static int64_t scsi_request(const struct virtio_request *r)
{
	const struct virtio_scsi *scsi = &r->card->scsi;
	struct scsi_response response = { .response = RESPONSE_OK };
	struct scsi_answer answer = { .bytes = 0 };
	struct scsi_request request;

	if (request_get(r, 0, &request, sizeof(request)))
		return -EFAULT;
	while (scsi_update(r->card, r->host->vmm))
		;
	/* 1, the target, and the LUN in two bytes */
	if (request.lun[0] != 1 || request.lun[1] >= SCSI_TARGETS ||
	    !scsi->serials[request.lun[1]])
		response.response = RESPONSE_BAD_TARGET;
	else
		scsi_command(request.cdb, !(be_number(request.lun + 2, 2) & 0x3fff),
			     &answer);
	return scsi_respond(r, &response, &answer);
}

/* Nothing is in progress, so a request to abort or reset is complete at once. Events that
 * the guest asks for do not exist. */
static int64_t scsi_control(const struct virtio_request *r)
{
	static const uint8_t done[5];
	uint32_t type;
	uint8_t len;

	if (request_get(r, 0, &type, sizeof(type)))
		return -EFAULT;
	len = type ? 5 : 1;
	return request_put(r, 0, done, len) ? -EFAULT : len;
}

static int64_t scsi_event(const struct virtio_request *r)
{
	const struct virtio_scsi *scsi = &r->card->scsi;
	struct {
		uint32_t event;
		uint8_t lun[8];
		uint32_t reason;
	} event = { htole32(EVENT_TRANSPORT),
		    { 1, scsi->target },
		    htole32(scsi->reason) };

	return request_put(r, 0, &event, sizeof(event)) ? -EFAULT
							: (int64_t)sizeof(event);
}

int64_t scsi_handle(const struct virtio_request *r)
{
	if (r->queue == QUEUE_CONTROL)
		return scsi_control(r);
	return r->queue == QUEUE_EVENT ? scsi_event(r) : scsi_request(r);
}

/* ---- Disks ------------------------------------------------------------------------------- */

static bool disk_is_at(const struct papr_disk_info *disk,
		       const struct papr_pci_access *at)
{
	return !disk->no_disk && disk->phb == at->phb && disk->bus == at->bus &&
	       disk->slot == at->slot && disk->function == at->function;
}

/* Return the target of the disk with this serial, or of no disk (0). SCSI_TARGETS: none */
static unsigned int target_of(const struct virtio_scsi *scsi, uint64_t serial)
{
	unsigned int i = 0;

	while (i < SCSI_TARGETS && scsi->serials[i] != serial)
		i++;
	return i;
}

static bool scsi_changed(struct virtio_scsi *scsi, unsigned int target, uint64_t serial)
{
	scsi->serials[target] = serial;
	scsi->target = (uint8_t)target;
	scsi->reason = serial ? REASON_RESCAN : REASON_REMOVED;
	return true;
}

bool scsi_update(struct virtio_card *card, const struct papr_vmm *vmm)
{
	struct papr_disk_info disk = { .size = sizeof(disk) };
	struct virtio_scsi *scsi = &card->scsi;
	bool exists[SCSI_TARGETS + 1] = { false };
	uint64_t new = 0;

	for (size_t n = 0; papr_vmm_disk_info(vmm, n, &disk) > 0; n++) {
		unsigned int target = target_of(scsi, disk.serial);

		if (!disk_is_at(&disk, &card->access))
			continue;
		exists[target] = true;
		if (target == SCSI_TARGETS)
			new = disk.serial;
	}
	for (unsigned int i = 0; i < SCSI_TARGETS; i++)
		if (scsi->serials[i] && !exists[i])
			return scsi_changed(scsi, i, 0);
	return new &&target_of(scsi, 0) <
	       SCSI_TARGETS &&scsi_changed(scsi, target_of(scsi, 0), new);
}
