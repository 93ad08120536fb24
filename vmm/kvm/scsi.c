// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "vmm/kvm/scsi.h"

enum scsi_command {
	TEST_UNIT_READY = 0x00,
	REQUEST_SENSE = 0x03,
	READ_6 = 0x08,
	WRITE_6 = 0x0a,
	INQUIRY = 0x12,
	MODE_SENSE_6 = 0x1a,
	READ_CAPACITY_10 = 0x25,
	READ_10 = 0x28,
	WRITE_10 = 0x2a,
	SYNCHRONIZE_10 = 0x35,
	MODE_SENSE_10 = 0x5a,
	READ_16 = 0x88,
	WRITE_16 = 0x8a,
	SYNCHRONIZE_16 = 0x91,
	SERVICE_IN_16 = 0x9e,
	REPORT_LUNS = 0xa0,
	READ_12 = 0xa8,
	WRITE_12 = 0xaa,
};
enum { SERVICE_READ_CAPACITY = 0x10 };

/* Reasons of a failed command: additional sense codes */
enum {
	SENSE_COMMAND = 0x20,
	SENSE_RANGE = 0x21,
	SENSE_FIELD = 0x24,
	SENSE_LUN = 0x25,
	SENSE_PROTECTED = 0x27,
};
enum { KEY_NONE = 0, KEY_ILLEGAL_REQUEST = 5, KEY_DATA_PROTECT = 7 };

uint64_t scsi_number(const uint8_t *bytes, unsigned int len)
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
	answer_bytes(a, 36, scsi_number(cdb + 3, 2));
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
	answer_bytes(a, 32, scsi_number(cdb + 10, 4));
}

/* Only a header, which says that the disk cannot be written. */
static void scsi_mode(const uint8_t *cdb, struct scsi_answer *a)
{
	bool is_long = cdb[0] == MODE_SENSE_10;

	a->data[is_long ? 1 : 0] = is_long ? 6 : 3;
	a->data[is_long ? 3 : 2] = 0x80;
	answer_bytes(a, is_long ? 8 : 4,
		     scsi_number(cdb + (is_long ? 7 : 4), is_long ? 2 : 1));
}

void scsi_sense(uint8_t data[SCSI_SENSE_BYTES], uint8_t reason)
{
	memset(data, 0, SCSI_SENSE_BYTES);
	data[0] = 0x70;
	data[2] = !reason		      ? KEY_NONE
		  : reason == SENSE_PROTECTED ? KEY_DATA_PROTECT
					      : KEY_ILLEGAL_REQUEST;
	data[7] = SCSI_SENSE_BYTES - 8; /* the bytes that follow */
	data[12] = reason;
}

void scsi_command(const uint8_t *cdb, bool lun_exists, uint8_t last,
		  struct scsi_answer *a)
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
		scsi_sense(a->data, last);
		answer_bytes(a, SCSI_SENSE_BYTES, cdb[4]);
		break;
	case INQUIRY:
		scsi_inquiry(cdb, lun_exists, a);
		break;
	case REPORT_LUNS:
		a->data[3] = 8; /* the bytes that follow: LUN 0 */
		answer_bytes(a, 16, scsi_number(cdb + 6, 4));
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
		scsi_read(scsi_number(cdb + 1, 3) & 0x1fffff, cdb[4] ? cdb[4] : 256, a);
		break;
	case READ_10:
		scsi_read(scsi_number(cdb + 2, 4), scsi_number(cdb + 7, 2), a);
		break;
	case READ_12:
		scsi_read(scsi_number(cdb + 2, 4), scsi_number(cdb + 6, 4), a);
		break;
	case READ_16:
		scsi_read(scsi_number(cdb + 2, 8), scsi_number(cdb + 10, 4), a);
		break;
	case WRITE_6:
	case WRITE_10:
	case WRITE_12:
	case WRITE_16:
		a->sense = SENSE_PROTECTED;
		break;
	default:
		a->sense = SENSE_COMMAND;
	}
}

bool scsi_disk_is_at(const struct papr_disk_info *disk, const struct papr_pci_access *at)
{
	return !disk->no_disk && disk->phb == at->phb && disk->bus == at->bus &&
	       disk->slot == at->slot && disk->function == at->function;
}
