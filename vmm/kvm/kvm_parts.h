/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * kvm_parts.h - interfaces between the files that implement kvm.h
 *
 * Errors:  negative errno, and false, after one line on standard error.
 * Layer:   papr-vmm
 */
#pragma once

#include <linux/kvm.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>

#include "vmm/kvm/kvm.h"

/* A range of guest memory that KVM knows. The number of the slot is its place. */
struct kvm_slot {
	uint64_t address, bytes; /* bytes 0: not used */
};
enum { KVM_SLOTS = 1 + 256 }; /* RAM, and DIMMs */

struct vcpu {
	struct kvm *kvm;
	uint32_t id; /* its interrupt server number */
	int fd;
	struct kvm_run *run; /* shared with the kernel */
	pthread_t thread;
	sem_t wake;    /* the thread waits for it while the processor does not run */
	bool runs;     /* started by the guest, or the first one */
	bool nmi;      /* to be delivered before it enters the guest again */
	bool in_guest; /* in KVM_RUN: set with the loop's lock, cleared with kvm->left */
};

struct kvm {
	struct host_listener listener;
	struct host *host;
	struct loop *loop;
	int device_fd; /* /dev/kvm */
	int vm_fd, xics_fd;
	int wake_fd; /* eventfd: the loop must look whether it has ended */
	size_t run_bytes;
	struct kvm_slot slots[KVM_SLOTS];
	struct vcpu *
		*vcpus; /* by id; NULL: not created. Never destroyed before the end */
	uint32_t n_vcpus;
	uint64_t lpcr_set;   /* bits of LPCR that the guest has chosen: H_SET_MODE */
	bool memory_changed; /* a DIMM was deleted: its slot is still there */
	bool ending;
	pthread_mutex_t left_lock;
	pthread_cond_t left;	   /* a processor has left the guest */
	struct virtio_card *cards; /* virtio.c */
};

/* Print why -accel kvm is not possible. Return err. */
int kvm_fail(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* vm.c: the virtual machine */
int vm_create(struct kvm *kvm);
/* Tell KVM which memory exists, and create processors for new cores. To be called before
 * the guest learns of them. */
int vm_update(struct kvm *kvm);
/* Reset what belongs to no processor: translation, interrupt sources. */
int vm_reset(struct kvm *kvm);
int vm_set_process_table(struct kvm *kvm, uint64_t table, bool guest_flushes);
void vm_interrupt(struct kvm *kvm, uint32_t irq);

/* vcpu.c: processors */
int vcpu_create(struct kvm *kvm, uint32_t id);
/* Make every processor leave the guest. It enters again when the caller has released the
 * loop's lock. */
void vcpus_leave(struct kvm *kvm);
/* Stop all processors, and forget what their last calls would return. */
void vcpus_stop(struct kvm *kvm);
/* Reset the registers of a stopped processor. */
int vcpu_reset(struct vcpu *v);
/* Start a stopped processor here, with this r3. */
int vcpu_start(struct vcpu *v, const struct papr_entry *entry);
/* Deliver a system reset interrupt to every processor that was started. */
void vcpus_nmi(struct kvm *kvm);
/* Wake those that may run now. */
void vcpus_wake(struct kvm *kvm);
int vcpu_set_lpcr(struct vcpu *v);
void vcpus_end(struct kvm *kvm);

/* exits.c: what a processor needs of the embedder when it leaves the guest */
extern const struct papr_answers exits_answers;
/* Return false if it cannot continue. */
bool exits_handle(struct vcpu *v);

/* firmware.c: the guest's firmware, at address 0 */
size_t firmware_bytes(void);
int firmware_load(struct host *host);
