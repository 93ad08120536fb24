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
	H_HARDWARE = -1,
	H_FUNCTION = -2, /* no such hypercall */
	H_PARAMETER = -4,
	H_RESOURCE = -16,
	H_P2 = -55, /* the second parameter is invalid, and so on */
	H_P3 = -56,
	H_P4 = -57,
	H_UNSUPPORTED_FLAG = -256, /* and one less for each bit after the first */
	H_MULTI_THREADS_ACTIVE = -9005,
};

enum {
	H_REMOVE = 0x4,
	H_ENTER = 0x8,
	H_READ = 0xc,
	H_CLEAR_MOD = 0x10,
	H_CLEAR_REF = 0x14,
	H_PROTECT = 0x18,
	H_GET_TCE = 0x1c,
	H_PUT_TCE = 0x20,
	H_SET_SPRG0 = 0x24,
	H_SET_DABR = 0x28,
	H_PAGE_INIT = 0x2c,
	H_LOGICAL_CI_LOAD = 0x3c,
	H_LOGICAL_CI_STORE = 0x40,
	H_GET_TERM_CHAR = 0x54,
	H_PUT_TERM_CHAR = 0x58,
	H_EOI = 0x64,
	H_CPPR = 0x68,
	H_IPI = 0x6c,
	H_IPOLL = 0x70,
	H_XIRR = 0x74,
	H_REGISTER_VPA = 0xdc,
	H_CEDE = 0xe0,
	H_REG_CRQ = 0xfc,
	H_FREE_CRQ = 0x100,
	H_VIO_SIGNAL = 0x104,
	H_SEND_CRQ = 0x108,
	H_BULK_REMOVE = 0x124,
	H_SET_XDABR = 0x134,
	H_STUFF_TCE = 0x138,
	H_PUT_TCE_INDIRECT = 0x13c,
	H_HOME_NODE_ASSOCIATIVITY = 0x2ec,
	H_RANDOM = 0x300,
	H_SET_MODE = 0x31c,
	H_RESIZE_HPT_PREPARE = 0x36c,
	H_RESIZE_HPT_COMMIT = 0x370,
	H_REGISTER_PROC_TBL = 0x37c,
	H_WATCHDOG = 0x45c,
	H_CONFER = 0xe4,
	H_PROD = 0xe8,
	H_JOIN = 0x298,
	H_VASI_SIGNAL = 0x2a0,
	H_VASI_STATE = 0x2a4,
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
