/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * papr_dev.h - ioctl requests of the character devices /dev/papr-*
 *
 * A kernel with such a device runs whole sequences of RTAS calls itself, so the caller
 * needs no work area. Only powerpc kernels have these devices, apart from test doubles.
 * The request numbers are therefore always powerpc's, on every architecture: three bits
 * of direction (none 1, read 2, write 4) and 13 bits of size.
 *
 * Endian:  host order; be32 fields are byte arrays here.
 * Source:  Linux arch/powerpc/include/uapi/asm/ioctl.h, papr-vpd.h, papr-sysparm.h (6.8),
 *          papr-indices.h, papr-platform-dump.h, papr-physical-attestation.h (6.16)
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

#include <stdint.h>

enum {
	PAPR_LOC_CODE_BYTES = 80, /* with its NUL */
	PAPR_SYSPARM_BYTES = 4000,
	PAPR_SYSPARM_MAX_INPUT = 1024,
	PAPR_INDICES_PAGE_BYTES = 4096, /* one read of a handle of /dev/papr-indices */
	PAPR_DUMP_READ_MIN = 1024,
	PAPR_DUMP_READ_MAX = 4096,
	PAPR_ATTEST_BYTES = 4096,
};

/* "" is the whole machine. */
struct papr_location {
	char str[PAPR_LOC_CODE_BYTES];
};

struct papr_sysparm {
	uint32_t parameter;
	uint16_t length; /* host order */
	uint8_t data[PAPR_SYSPARM_BYTES];
};

struct papr_indices {
	union {
		struct {
			uint8_t is_sensor;
			uint32_t type;
		};
		struct {
			uint32_t token;
			uint32_t state;
			char location[PAPR_LOC_CODE_BYTES];
		};
	};
};

/* u8 version, command, TCG major, minor; be32 length of the command; be32 correlator;
 * payload */
struct papr_attestation {
	uint8_t command[PAPR_ATTEST_BYTES];
};

#define PAPR_IOC(direction, nr, size) \
	((uint32_t)(direction) << 29 | (uint32_t)(size) << 16 | 0xb2u << 8 | (nr))
#define PAPR_IOC_W(nr, type)  PAPR_IOC(4, nr, sizeof(type))
#define PAPR_IOC_WR(nr, type) PAPR_IOC(6, nr, sizeof(type))

#define PAPR_VPD_CREATE		      PAPR_IOC_W(0, struct papr_location)
#define PAPR_SYSPARM_GET	      PAPR_IOC_WR(1, struct papr_sysparm)
#define PAPR_SYSPARM_SET	      PAPR_IOC_W(2, struct papr_sysparm)
#define PAPR_INDICES_CREATE	      PAPR_IOC_W(3, struct papr_indices)
#define PAPR_DYNAMIC_SENSOR_GET	      PAPR_IOC_WR(4, struct papr_indices)
#define PAPR_DYNAMIC_INDICATOR_SET    PAPR_IOC_W(5, struct papr_indices)
#define PAPR_PLATFORM_DUMP_CREATE     PAPR_IOC_W(6, uint64_t)
#define PAPR_PLATFORM_DUMP_INVALIDATE PAPR_IOC_W(7, uint64_t) /* on the handle */
#define PAPR_ATTESTATION_CREATE	      PAPR_IOC_W(8, struct papr_attestation)

_Static_assert(PAPR_VPD_CREATE == 0x8050b200, "as powerpc has it");
_Static_assert(PAPR_SYSPARM_GET == 0xcfa8b201, "as powerpc has it");
_Static_assert(PAPR_SYSPARM_SET == 0x8fa8b202, "as powerpc has it");
_Static_assert(PAPR_INDICES_CREATE == 0x8058b203, "as powerpc has it");
_Static_assert(PAPR_DYNAMIC_SENSOR_GET == 0xc058b204, "as powerpc has it");
_Static_assert(PAPR_DYNAMIC_INDICATOR_SET == 0x8058b205, "as powerpc has it");
_Static_assert(PAPR_PLATFORM_DUMP_CREATE == 0x8008b206, "as powerpc has it");
_Static_assert(PAPR_PLATFORM_DUMP_INVALIDATE == 0x8008b207, "as powerpc has it");
_Static_assert(PAPR_ATTESTATION_CREATE == 0x9000b208, "as powerpc has it");
