/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kvm.h - the machine with processors: a guest under Linux' KVM (-accel kvm)
 *
 * The library answers the guest's calls, KVM runs its processors and its interrupt
 * controller (XICS). The guest has radix translation. The card of virtio.h works; reads from
 * registers of others return zeroes.
 *
 * Threads: one for each processor; host.h has the rule.
 * Errors:  HOST_EXIT_FAILURE, after one line on standard error.
 * Source:  Linux, Documentation/virt/kvm/api.rst and devices/xics.rst
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/loop.h"

struct kvm;

/* Open /dev/kvm, and set what the machine must know before it is created: its processor,
 * its firmware, what KVM and papr-vmm answer. Return 0 or HOST_EXIT_FAILURE. *out must be
 * freed even after an error. */
int kvm_open(struct kvm **out, struct host_options *options);

/* Create KVM's virtual machine for this host, which has been started. Its processors begin
 * to run when the host does. */
int kvm_start(struct kvm *kvm, struct loop *loop, struct host *host);

/* End the processors. The loop must still exist. NULL is fine. */
void kvm_free(struct kvm *kvm);
