// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The SCSI controller of virtio, and its disks: each is LUN 0 of a target of its own.
 *
 * Source:  VIRTIO 1.2, 5.6
 */
#include <endian.h>
#include <errno.h>
#include <string.h>

#include "vmm/kvm/virtio_parts.h"

enum { QUEUE_CONTROL = 0, QUEUE_EVENT = VIRTIO_EVENT_QUEUE };
enum { EVENT_TRANSPORT = 1, REASON_RESCAN = 1, REASON_REMOVED = 2 };
#define EVENTS_MISSED (UINT32_C(1) << 31)
enum { RESPONSE_OK = 0, RESPONSE_OVERRUN = 1, RESPONSE_BAD_TARGET = 3 };
enum { STATUS_CHECK = 2 };

struct scsi_request {
	uint8_t lun[8], tag[8], attribute, priority, crn, cdb[32];
};

struct scsi_response {
	uint32_t sense_bytes, residual;
	uint16_t qualifier;
	uint8_t status, response, sense[96];
};

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
		response->sense_bytes = htole32(SCSI_SENSE_BYTES);
		scsi_sense(response->sense, a->sense);
		bytes = 0;
	}
	if (bytes > room) {
		response->response = RESPONSE_OVERRUN;
		bytes = room;
	}
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
		scsi_command(request.cdb, !(scsi_number(request.lun + 2, 2) & 0x3fff), 0,
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

/* After missed events, the driver scans for all changes. */
static int64_t scsi_event(const struct virtio_request *r)
{
	struct virtio_scsi *scsi = &r->card->scsi;
	struct {
		uint32_t event;
		uint8_t lun[8];
		uint32_t reason;
	} event = { htole32(EVENT_TRANSPORT),
		    { 1, scsi->target },
		    htole32(scsi->reason) };

	if (scsi->missed) {
		memset(&event, 0, sizeof(event));
		event.event = htole32(EVENTS_MISSED);
		scsi->missed = false;
	}
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

		if (!scsi_disk_is_at(&disk, &card->access))
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
