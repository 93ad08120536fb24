/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * hcall.h - numbers and return codes of PAPR hypercalls
 *
 * Source:  PAPR+ 14.5, 14.6 (codes); the private range: QEMU 7.2
 *          include/hw/ppc/spapr.h
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

/* Return codes (r3). */
enum {
	H_SUCCESS = 0,
	H_PARTIAL = 5,
	H_HARDWARE = -1,
	H_FUNCTION = -2, /* no such hypercall */
	H_PRIVILEGE = -3,
	H_PARAMETER = -4,
	H_P2 = -55, /* the second parameter is invalid, and so on */
	H_P3 = -56,
	H_P4 = -57,
	H_MULTI_THREADS_ACTIVE = -9005,
};

enum {
	H_GET_TERM_CHAR = 0x54,
	H_PUT_TERM_CHAR = 0x58,
	H_PROD = 0xe4,
	H_JOIN = 0x298,
	H_VASI_SIGNAL = 0x2a0,
	H_VASI_STATE = 0x2a4,
	H_HOME_NODE_ASSOCIATIVITY = 0x2ec,
	H_GET_ENERGY_SCALE_INFO = 0x450,
};

/* Hypercalls private to a VMM and its firmware. */
enum {
	KVMPPC_H_RTAS = 0xf000,
	KVMPPC_H_LOGICAL_MEMOP = 0xf001,
	KVMPPC_H_CAS = 0xf002,
	KVMPPC_H_UPDATE_DT = 0xf003,
	KVMPPC_H_OF_CLIENT = 0xf005,
};

/* States of a stream that H_VASI_STATE returns: the progress of a migration or
 * hibernation. */
enum vasi_state {
	VASI_INVALID,
	VASI_ENABLED,
	VASI_ABORTED,
	VASI_SUSPENDING, /* the partition must suspend itself now */
	VASI_SUSPENDED,
	VASI_RESUMED, /* it runs again; memory is still being transferred */
	VASI_COMPLETED,
};
