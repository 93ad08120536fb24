// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Processors, a thread each.
 *
 * A thread holds the loop's lock except while its processor is in the guest (KVM_RUN), and
 * while it waits to run. So the thread that holds the lock may change the
 * state of all processors, once they have left the guest: vcpus_leave().
 */
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "vmm/kvm/kvm_parts.h"

enum { KICK = SIGUSR1 }; /* makes KVM_RUN return */

#define MSR_SF (UINT64_C(1) << 63) /* 64-bit mode */
#define MSR_ME (UINT64_C(1) << 12) /* machine checks */
#define MSR_LE UINT64_C(1)	   /* little-endian */

/* Bits of SRR1 that have the reason of an interrupt, not the old MSR */
#define SRR1_REASON UINT64_C(0x783f0000)

/* LPCR: interrupts in little-endian mode, at an address of translated mode; large
 * decrementer, which "ibm,dec-bits" announces */
#define LPCR_ILE UINT64_C(0x2000000)
#define LPCR_AIL UINT64_C(0x1800000)
#define LPCR_LD	 UINT64_C(0x20000)

/* No priority, no pending interrupt. */
#define ICP_INITIAL                                     \
	(UINT64_C(0xff) << KVM_REG_PPC_ICP_MFRR_SHIFT | \
	 UINT64_C(0xff) << KVM_REG_PPC_ICP_PPRI_SHIFT)

/* ---- Registers ----------------------------------------------------------------------- */

static int vcpu_set_reg(struct vcpu *v, uint64_t id, const void *value)
{
	struct kvm_one_reg reg = { .id = id, .addr = (uint64_t)(uintptr_t)value };

	return ioctl(v->fd, KVM_SET_ONE_REG, &reg) ? -errno : 0;
}

int vcpu_set_lpcr(struct vcpu *v)
{
	uint64_t lpcr;
	struct kvm_one_reg reg = { .id = KVM_REG_PPC_LPCR_64,
				   .addr = (uint64_t)(uintptr_t)&lpcr };

	if (ioctl(v->fd, KVM_GET_ONE_REG, &reg))
		return -errno;
	lpcr = (lpcr & ~(LPCR_ILE | LPCR_AIL)) | LPCR_LD | v->kvm->lpcr_set;
	return vcpu_set_reg(v, reg.id, &lpcr);
}

/* Forget the areas that the guest has registered: log, SLB shadow, then the main one. */
static int vcpu_forget_areas(struct vcpu *v)
{
	static const uint64_t none[2];
	int err = vcpu_set_reg(v, KVM_REG_PPC_VPA_DTL, none);

	if (!err)
		err = vcpu_set_reg(v, KVM_REG_PPC_VPA_SLB, none);
	if (!err)
		err = vcpu_set_reg(v, KVM_REG_PPC_VPA_ADDR, none);
	return err;
}

int vcpu_reset(struct vcpu *v)
{
	static const uint64_t icp = ICP_INITIAL;
	int err = vcpu_forget_areas(v);

	if (!err)
		err = vcpu_set_reg(v, KVM_REG_PPC_ICP_STATE, &icp);
	if (!err)
		err = vcpu_set_lpcr(v);
	return err ? kvm_fail(err, "the registers of processor %u", v->id) : 0;
}

int vcpu_start(struct vcpu *v, const struct papr_entry *entry)
{
	struct kvm_regs regs = { .pc = entry->pc, .msr = MSR_SF | MSR_ME };

	regs.gpr[1] = entry->r1;
	regs.gpr[3] = entry->r3;
	regs.gpr[4] = entry->r4;
	regs.gpr[5] = entry->r5;
	if (ioctl(v->fd, KVM_SET_REGS, &regs))
		return kvm_fail(-errno, "the start of processor %u", v->id);
	v->runs = true;
	v->nmi = false;
	sem_post(&v->wake);
	return 0;
}

/* ---- The thread ---------------------------------------------------------------------- */

static bool vcpu_may_run(const struct vcpu *v)
{
	return v->runs && v->kvm->host->state == HOST_RUNNING;
}

/* Let KVM complete the last exit, without entering the guest: otherwise it would write its
 * results over the registers that are set later. */
static void vcpu_finish(struct vcpu *v)
{
	v->run->immediate_exit = 1;
	ioctl(v->fd, KVM_RUN, NULL);
	v->run->exit_reason = KVM_EXIT_INTR;
}

static int vcpu_move(struct vcpu *v, const struct papr_nmi *nmi, struct kvm_regs *regs)
{
	regs->srr0 = regs->pc;
	regs->srr1 = regs->msr & ~SRR1_REASON;
	regs->msr = MSR_SF | (regs->msr & MSR_ME) |
		    (v->kvm->lpcr_set & LPCR_ILE ? MSR_LE : 0);
	regs->pc = nmi->address;
	regs->gpr[3] = nmi->r3;
	return ioctl(v->fd, KVM_SET_REGS, regs) ? -errno : 0;
}

/* Deliver a system reset interrupt (ISA 3.0, book III, 6.5.1). If the guest has destroyed
 * what it needs, nothing happens. */
static void vcpu_take_nmi(struct vcpu *v)
{
	struct papr_nmi nmi = { .size = sizeof(nmi) };
	struct kvm_regs regs;
	int err;

	v->nmi = false;
	vcpu_finish(v);
	err = ioctl(v->fd, KVM_GET_REGS, &regs) ? -errno : 0;
	if (!err) {
		nmi.r3 = regs.gpr[3];
		err = papr_vmm_nmi(v->kvm->host->vmm, v->id, &nmi);
	}
	if (!err)
		err = vcpu_move(v, &nmi, &regs);
	if (err)
		kvm_fail(err, "the NMI of processor %u", v->id);
}

/* Run in the guest until something is needed. Called with the loop's lock, which it
 * releases in between. Return 0 or -errno. */
static int vcpu_enter(struct vcpu *v)
{
	struct kvm *kvm = v->kvm;
	int err;

	v->run->immediate_exit = 0;
	v->in_guest = true;
	loop_unlock(kvm->loop);
	err = ioctl(v->fd, KVM_RUN, NULL) ? -errno : 0;
	pthread_mutex_lock(&kvm->left_lock);
	v->in_guest = false;
	pthread_cond_broadcast(&kvm->left);
	pthread_mutex_unlock(&kvm->left_lock);
	loop_lock(kvm->loop);
	return err;
}

static void vcpu_sleep(struct vcpu *v)
{
	loop_unlock(v->kvm->loop);
	while (sem_wait(&v->wake) && errno == EINTR)
		;
	loop_lock(v->kvm->loop);
}

static void *vcpu_thread(void *arg)
{
	struct vcpu *v = arg;
	struct kvm *kvm = v->kvm;

	loop_lock(kvm->loop);
	while (!kvm->ending) {
		int err;

		if (!vcpu_may_run(v)) {
			vcpu_finish(v);
			vcpu_sleep(v);
			continue;
		}
		if (v->nmi)
			vcpu_take_nmi(v);
		err = vcpu_enter(v);
		if (err == -EINTR || err == -EAGAIN)
			continue;
		/* While the machine is stopped, what the processor needs waits, too. A
		 * reset forgets it. */
		while (!err && !kvm->ending && !vcpu_may_run(v))
			vcpu_sleep(v);
		if (kvm->ending)
			break;
		if (err)
			kvm_fail(err, "processor %u", v->id);
		if (err || !exits_handle(v)) {
			kvm->host->exit_status = HOST_EXIT_FAILURE;
			host_quit(kvm->host, "host-error");
		}
		if (kvm->memory_changed)
			vm_update(kvm);
		host_settle(kvm->host);
	}
	loop_unlock(kvm->loop);
	return NULL;
}

/* ---- All processors ------------------------------------------------------------------ */

void vcpus_leave(struct kvm *kvm)
{
	pthread_mutex_lock(&kvm->left_lock);
	for (uint32_t i = 0; i < kvm->n_vcpus; i++) {
		struct vcpu *v = kvm->vcpus[i];

		if (!v || !v->in_guest)
			continue;
		v->run->immediate_exit = 1;
		pthread_kill(v->thread, KICK);
	}
	for (uint32_t i = 0; i < kvm->n_vcpus; i++) {
		const struct vcpu *v = kvm->vcpus[i];

		while (v && v->in_guest)
			pthread_cond_wait(&kvm->left, &kvm->left_lock);
	}
	pthread_mutex_unlock(&kvm->left_lock);
}

void vcpus_stop(struct kvm *kvm)
{
	vcpus_leave(kvm);
	for (uint32_t i = 0; i < kvm->n_vcpus; i++) {
		if (!kvm->vcpus[i])
			continue;
		vcpu_finish(kvm->vcpus[i]);
		kvm->vcpus[i]->runs = false;
	}
}

void vcpus_nmi(struct kvm *kvm)
{
	for (uint32_t i = 0; i < kvm->n_vcpus; i++)
		if (kvm->vcpus[i])
			kvm->vcpus[i]->nmi = kvm->vcpus[i]->runs;
	vcpus_leave(kvm);
}

void vcpus_wake(struct kvm *kvm)
{
	for (uint32_t i = 0; i < kvm->n_vcpus; i++)
		if (kvm->vcpus[i])
			sem_post(&kvm->vcpus[i]->wake);
}

void vcpus_end(struct kvm *kvm)
{
	kvm->ending = true;
	vcpus_leave(kvm);
	vcpus_wake(kvm);
	loop_unlock(kvm->loop);
	for (uint32_t i = 0; i < kvm->n_vcpus; i++)
		if (kvm->vcpus[i])
			pthread_join(kvm->vcpus[i]->thread, NULL);
	loop_lock(kvm->loop);
	for (uint32_t i = 0; i < kvm->n_vcpus; i++) {
		struct vcpu *v = kvm->vcpus[i];

		if (!v)
			continue;
		munmap(v->run, kvm->run_bytes);
		close(v->fd);
		sem_destroy(&v->wake);
		free(v);
	}
}

/* ---- Creation ------------------------------------------------------------------------ */

static void vcpu_ignore(int number)
{
	(void)number;
}

/* Without SA_RESTART, the signal ends KVM_RUN. */
static void vcpu_catch_kick(void)
{
	struct sigaction action = { .sa_handler = vcpu_ignore };

	sigaction(KICK, &action, NULL);
}

static int vcpu_connect(struct vcpu *v)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_enable_cap xics = { .cap = KVM_CAP_IRQ_XICS };

	xics.args[0] = (uint64_t)v->kvm->xics_fd;
	xics.args[1] = v->id;
	return ioctl(v->fd, KVM_ENABLE_CAP, &papr) || ioctl(v->fd, KVM_ENABLE_CAP, &xics)
		       ? -errno
		       : 0;
}

/* Open KVM's processor. Return 0 or -errno. */
static int vcpu_open(struct vcpu *v)
{
	int err;

	v->fd = ioctl(v->kvm->vm_fd, KVM_CREATE_VCPU, (unsigned long)v->id);
	if (v->fd < 0)
		return -errno;
	v->run = mmap(NULL, v->kvm->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, v->fd,
		      0);
	err = v->run == MAP_FAILED ? -errno : vcpu_connect(v);
	if (!err)
		err = vcpu_set_lpcr(v);
	if (!err)
		return 0;
	if (v->run != MAP_FAILED)
		munmap(v->run, v->kvm->run_bytes);
	close(v->fd);
	return err;
}

int vcpu_create(struct kvm *kvm, uint32_t id)
{
	struct vcpu *v = calloc(1, sizeof(*v));
	int err = v ? 0 : -ENOMEM;

	if (!err) {
		v->kvm = kvm;
		v->id = id;
		err = vcpu_open(v);
	}
	if (err) {
		free(v);
		return kvm_fail(err, "processor %u", id);
	}
	vcpu_catch_kick();
	sem_init(&v->wake, 0, 0);
	err = -pthread_create(&v->thread, NULL, vcpu_thread, v);
	if (err) {
		munmap(v->run, kvm->run_bytes);
		close(v->fd);
		free(v);
		return kvm_fail(err, "a thread for processor %u", id);
	}
	kvm->vcpus[id] = v;
	return 0;
}
