// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "vmm/kvm/kvm_parts.h"
#include "vmm/kvm/virtio.h"

enum { SPR_PVR = 287 };

int kvm_fail(int err, const char *format, ...)
{
	va_list ap;

	fputs("papr-vmm: -accel kvm: ", stderr);
	va_start(ap, format);
	vfprintf(stderr, format, ap);
	va_end(ap);
	if (err)
		fprintf(stderr, ": %s", strerror(-err));
	fputc('\n', stderr);
	return err;
}

/* ---- The processor ------------------------------------------------------------------- */

/* Return this computer's processor. A program may read the register: the kernel emulates
 * it. */
static uint32_t kvm_host_pvr(void)
{
	uint64_t pvr;

	asm("mfspr %0, %1" : "=r"(pvr) : "i"(SPR_PVR));
	return (uint32_t)pvr;
}

/* A guest sees the real processor, so the machine must have the same one. */
static int kvm_choose_cpu(struct papr_config *config)
{
	static const struct {
		uint16_t chip;
		const char *model;
	} chips[] = {
		{ 0x4e, "power9" },
		{ 0x80, "power10" },
		{ 0x82, "power11" },
	};
	uint32_t chip = kvm_host_pvr() >> 16;
	const char *model = NULL;

	for (size_t i = 0; i < sizeof(chips) / sizeof(chips[0]); i++)
		if (chips[i].chip == chip)
			model = chips[i].model;
	if (!model || !papr_vmm_has_cpu(config->machine, model)) {
		kvm_fail(0, "%s does not have this computer's processor (version 0x%04x)",
			 config->machine ? config->machine : "the machine", chip);
		return HOST_EXIT_FAILURE;
	}
	if (config->cpu_model &&
	    strncasecmp(config->cpu_model, model, strlen(model)) != 0) {
		kvm_fail(0, "-cpu %s: this computer has a %s", config->cpu_model, model);
		return HOST_EXIT_FAILURE;
	}
	if (!config->cpu_model)
		config->cpu_model = model;
	return 0;
}

/* ---- Listening to the machine -------------------------------------------------------- */

static struct kvm *kvm_of(struct host_listener *listener)
{
	return (struct kvm *)listener; /* its first member */
}

static void kvm_fatal(struct kvm *kvm)
{
	kvm->host->exit_status = HOST_EXIT_FAILURE;
	host_quit(kvm->host, "host-error");
}

/* Before the guest learns of a change, KVM must know what has been added. */
static void kvm_interrupt(struct host_listener *self, uint32_t irq)
{
	struct kvm *kvm = kvm_of(self);

	if (vm_update(kvm))
		kvm_fatal(kvm);
	vm_interrupt(kvm, irq);
}

static void kvm_start_cpu(struct kvm *kvm, const struct papr_event *event)
{
	const struct papr_entry entry = { .size = sizeof(struct papr_entry),
					  .pc = event->address,
					  .r3 = event->r3 };
	struct vcpu *v = event->cpu < kvm->n_vcpus ? kvm->vcpus[event->cpu] : NULL;

	if (!v || vcpu_reset(v) || vcpu_start(v, &entry))
		kvm_fatal(kvm);
}

static void kvm_machine_event(struct host_listener *self, const struct papr_event *event)
{
	struct kvm *kvm = kvm_of(self);

	if (event->type == PAPR_EV_START_CPU)
		kvm_start_cpu(kvm, event);
	else if (event->type == PAPR_EV_STOP_CPU && event->cpu < kvm->n_vcpus)
		kvm->vcpus[event->cpu]->runs = false;
	else if (event->type == PAPR_EV_DEVICE_DELETED)
		kvm->memory_changed = true;
	else if (event->type == PAPR_EV_SUSPEND)
		vcpus_leave(kvm);
}

static int kvm_reset(struct kvm *kvm)
{
	struct papr_entry entry = { .size = sizeof(entry) };
	int err;

	kvm->lpcr_set = 0;
	virtio_free(&kvm->cards);
	err = vm_reset(kvm);
	if (!err)
		err = vm_update(kvm);
	for (uint32_t i = 0; !err && i < kvm->n_vcpus; i++)
		if (kvm->vcpus[i])
			err = vcpu_reset(kvm->vcpus[i]);
	if (!err && firmware_load(kvm->host))
		err = kvm_fail(-EFAULT, "the firmware");
	if (!err && !papr_vmm_entry(kvm->host->vmm, &entry))
		err = kvm_fail(-EINVAL, "the firmware");
	return err ? err : vcpu_start(kvm->vcpus[0], &entry);
}

/* Let the loop, which may be waiting, look whether it has ended. */
static void kvm_wake_loop(struct kvm *kvm)
{
	const uint64_t one = 1;
	ssize_t n = write(kvm->wake_fd, &one, sizeof(one));

	(void)n; /* fails only if the loop is woken already */
}

static void kvm_machine_changed(struct host_listener *self, enum host_change change)
{
	struct kvm *kvm = kvm_of(self);

	switch (change) {
	case HOST_STOPPED:
		vcpus_leave(kvm);
		break;
	case HOST_RESUMED:
		vcpus_wake(kvm);
		break;
	case HOST_WILL_RESET:
		vcpus_stop(kvm);
		break;
	case HOST_WAS_RESET:
		if (kvm_reset(kvm))
			kvm_fatal(kvm);
		break;
	case HOST_ENDING:
		kvm->ending = true;
		kvm_wake_loop(kvm);
		break;
	case HOST_NMI:
		vcpus_nmi(kvm);
		break;
	}
}

static void kvm_woken(void *arg, uint32_t events)
{
	struct kvm *kvm = arg;
	uint64_t n;
	ssize_t got = read(kvm->wake_fd, &n, sizeof(n));

	(void)got;
	(void)events;
}

/* ---- Begin and end ------------------------------------------------------------------- */

static int kvm_open_device(struct kvm *kvm)
{
	static const char path[] = "/dev/kvm";

	kvm->device_fd = open(path, O_RDWR | O_CLOEXEC);
	if (kvm->device_fd >= 0)
		return 0;
	if (errno == ENOENT || errno == ENXIO || errno == ENODEV)
		return kvm_fail(-errno,
				"%s (load the module kvm_hv; a partition needs nested "
				"virtualization for it)",
				path);
	if (errno == EACCES || errno == EPERM)
		return kvm_fail(-errno, "%s (become a member of its group)", path);
	return kvm_fail(-errno, "%s", path);
}

int kvm_open(struct kvm **out, struct host_options *options)
{
	struct kvm *kvm = calloc(1, sizeof(*kvm));
	int bytes;

	*out = kvm;
	if (!kvm) {
		kvm_fail(-ENOMEM, "start");
		return HOST_EXIT_FAILURE;
	}
	kvm->vm_fd = kvm->xics_fd = kvm->wake_fd = -1;
	pthread_mutex_init(&kvm->left_lock, NULL);
	pthread_cond_init(&kvm->left, NULL);
	if (kvm_open_device(kvm))
		return HOST_EXIT_FAILURE;
	bytes = ioctl(kvm->device_fd, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (bytes < (int)sizeof(struct kvm_run)) {
		kvm_fail(0, "this kernel's KVM is of an unknown version");
		return HOST_EXIT_FAILURE;
	}
	kvm->run_bytes = (size_t)bytes;
	options->answers = &exits_answers;
	options->config.firmware_bytes = firmware_bytes();
	return kvm_choose_cpu(&options->config);
}

static int kvm_begin(struct kvm *kvm)
{
	const struct papr_config *config = &kvm->host->options.config;
	int err;

	kvm->n_vcpus = config->max_cpus ? config->max_cpus : config->cpus;
	kvm->n_vcpus = kvm->n_vcpus ? kvm->n_vcpus : 1;
	kvm->vcpus = calloc(kvm->n_vcpus, sizeof(struct vcpu *));
	kvm->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (!kvm->vcpus || kvm->wake_fd < 0)
		return kvm_fail(-errno, "start");
	err = loop_add(kvm->loop, kvm->wake_fd, EPOLLIN, kvm_woken, kvm);
	if (err)
		return kvm_fail(err, "start");
	err = vm_create(kvm);
	if (!err)
		err = kvm_reset(kvm);
	return err;
}

int kvm_start(struct kvm *kvm, struct loop *loop, struct host *host)
{
	kvm->loop = loop;
	kvm->host = host;
	if (kvm_begin(kvm))
		return HOST_EXIT_FAILURE;
	kvm->listener = (struct host_listener){
		.event = kvm_machine_event,
		.changed = kvm_machine_changed,
		.interrupt = kvm_interrupt,
	};
	host_listen(host, &kvm->listener);
	return 0;
}

static void kvm_close_fd(int fd)
{
	if (fd >= 0)
		close(fd);
}

void kvm_free(struct kvm *kvm)
{
	if (!kvm)
		return;
	if (kvm->vcpus)
		vcpus_end(kvm);
	if (kvm->host)
		host_unlisten(kvm->host, &kvm->listener);
	free(kvm->vcpus);
	virtio_free(&kvm->cards);
	if (kvm->loop && kvm->wake_fd >= 0)
		loop_remove(kvm->loop, kvm->wake_fd);
	kvm_close_fd(kvm->wake_fd);
	kvm_close_fd(kvm->xics_fd);
	kvm_close_fd(kvm->vm_fd);
	kvm_close_fd(kvm->device_fd);
	pthread_cond_destroy(&kvm->left);
	pthread_mutex_destroy(&kvm->left_lock);
	free(kvm);
}
