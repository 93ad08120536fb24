/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * scsi.h - SCSI disks, below a SCSI controller of virtio or a USB port
 *
 * Disks are small, contain zeros, and cannot be written.
 *
 * Errors:  none: an answer has the reason of a failed command.
 * Source:  SCSI Primary Commands 4, SCSI Block Commands 3
 * Layer:   papr-vmm
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vmm/paprvmm.h"

enum { DISK_SECTORS = 2048, DISK_SECTOR = 512, DISK_TRANSFER_MAX = 1 << 20 };
enum { SCSI_CDB_BYTES = 16, SCSI_SENSE_BYTES = 18 };

/* What a command returns: data, followed by zeros */
struct scsi_answer {
	uint8_t data[64];
	uint32_t data_bytes;
	uint64_t bytes; /* of all */
	uint8_t sense;	/* the reason if it failed; 0: it did not */
};

/* Handle a command of SCSI_CDB_BYTES. last: the reason of a failed command that its caller has
 * not been given, or 0. *a is zero. */
void scsi_command(const uint8_t *cdb, bool lun_exists, uint8_t last,
		  struct scsi_answer *a);
/* Write the sense data of a command that failed for this reason, or did not fail (0). */
void scsi_sense(uint8_t data[SCSI_SENSE_BYTES], uint8_t reason);
/* Return a big-endian number. */
uint64_t scsi_number(const uint8_t *bytes, unsigned int len);
/* Return true if the machine has this disk below the card at this place. */
bool scsi_disk_is_at(const struct papr_disk_info *disk, const struct papr_pci_access *at);
