/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * epapr.h - ePAPR hypercalls: tokens and statuses
 *
 * KVM_HC_VM_RESET and KVM_HC_VM_SHUTDOWN were proposed in 2013 and never merged, so they
 * have no official numbers. Those below are provisional, and far from the numbers that
 * Linux has assigned (KVM_HC_* up to 12 in 6.1).
 *
 * Source:  Power.org ePAPR 1.1 chapter 7, Linux 6.1 uapi/asm/epapr_hcalls.h and
 *          uapi/linux/kvm_para.h
 * Layer:   wire (no I/O, no globals, no logging)
 */
#pragma once

enum epapr_vendor {
	EV_LOCAL_VENDOR_ID = 0,
	EV_EPAPR_VENDOR_ID = 1,
	EV_KVM_VENDOR_ID = 42,
};

#define EV_TOKEN(vendor, number) ((unsigned int)(vendor) << 16 | (number))

enum epapr_token {
	EV_BYTE_CHANNEL_SEND = EV_TOKEN(EV_EPAPR_VENDOR_ID, 1),
	EV_IDLE = EV_TOKEN(EV_EPAPR_VENDOR_ID, 16),
	KVM_HC_FEATURES = EV_TOKEN(EV_KVM_VENDOR_ID, 3),
	KVM_HC_PPC_MAP_MAGIC_PAGE = EV_TOKEN(EV_KVM_VENDOR_ID, 4),
	KVM_HC_VM_RESET = EV_TOKEN(EV_KVM_VENDOR_ID, 0x20),    /* provisional */
	KVM_HC_VM_SHUTDOWN = EV_TOKEN(EV_KVM_VENDOR_ID, 0x21), /* provisional */
};

enum epapr_status {
	EV_SUCCESS = 0,
	EV_EPERM = 1,
	EV_ENOENT = 2,
	EV_EIO = 3,
	EV_EAGAIN = 4,
	EV_ENOMEM = 5,
	EV_EFAULT = 6,
	EV_ENODEV = 7,
	EV_EINVAL = 8,
	EV_INTERNAL = 9,
	EV_CONFIG = 10,
	EV_INVALID_STATE = 11,
	EV_UNIMPLEMENTED = 12,
	EV_BUFFER_OVERFLOW = 13,
};
