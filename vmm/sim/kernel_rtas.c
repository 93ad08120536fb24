// SPDX-License-Identifier: GPL-2.0-or-later
/* The rtas and reboot system calls, /proc/powerpc/rtas, and the kernel's own RTAS
 * calls */
#include <errno.h>
#include <linux/capability.h>
#include <linux/reboot.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vmm/server/host_fault.h"
#include "vmm/sim/kernel.h"
#include "vmm/sim/trap.h"
#include "wire/builder.h"
#include "wire/drc.h"
#include "wire/epapr.h"
#include "wire/rtas_args.h"
#include "wire/rtas_names.h"

#define NO_TOKEN 0xffffffffu

enum {
	NUMBER_MAX = 39, /* characters of a number */
	PROGRESS_MAX = 255,
	TONE_FREQUENCY = 1, /* indicators */
	TONE_VOLUME = 2,
	TRIES_MAX = 1000, /* repetitions of a call with a busy status */
};

uint8_t *kernel_work_area(struct kernel *k)
{
	return k->host->memory + k->work_area;
}

/* Return the token of a call of the kernel. Linux 6.1 reads it from the tree each time; since
 * 6.3 the kernel has a table, which it filled at boot. */
static uint32_t token_of(const struct kernel *k, const char *name)
{
	enum rtas_call call = rtas_call_by_name(name);
	uint32_t token = NO_TOKEN;

	if (k->profile != KERNEL_6_1 && call != RTAS_CALLS)
		return k->tokens[call];
	ktree_u32(ktree_find(k, "/rtas"), name, &token);
	return token;
}

int32_t kernel_rtas(struct kernel *k, const char *name, unsigned int n_in,
		    const uint32_t *in, unsigned int n_out, uint32_t *out)
{
	struct papr_rtas call = { .size = sizeof(struct papr_rtas),
				  .nargs = n_in,
				  .nret = n_out + 1 };
	unsigned int tries = 0;

	call.token = token_of(k, name);
	if (call.token == NO_TOKEN)
		return -1;
	if (n_in)
		memcpy(call.args, in, n_in * sizeof(*in));
	/* Linux waits as long as firmware's status says. Here a repetition needs no
	 * delay. */
	do
		if (papr_vmm_rtas(k->host->vmm, k->caller, &call))
			return -1;
	while (rtas_status_is_busy((int32_t)call.rets[0]) && tries++ < TRIES_MAX);
	if (n_out)
		memcpy(out, call.rets + 1, n_out * sizeof(*out));
	k->kick(k);
	return (int32_t)call.rets[0];
}

/* Return the call of the kernel's table with this token, or RTAS_CALLS. */
static enum rtas_call call_of(const struct kernel *k, uint32_t token)
{
	int call = 0;

	while (call < RTAS_CALLS && k->tokens[call] != token)
		call++;
	return (enum rtas_call)call;
}

static bool in_window(const struct kernel *k, uint64_t base, uint64_t bytes)
{
	return base >= k->rmo_base && bytes && base + bytes <= k->rmo_base + RMO_BYTES;
}

static bool buffer_is_ok(const struct kernel *k, const struct rtas_args *args,
			 const struct rtas_buffer *buffer)
{
	uint64_t bytes = buffer->bytes;

	if (!rtas_buffer_is_used(buffer))
		return true;
	if (buffer->optional && !args->in[buffer->arg])
		return true;
	if (buffer->size_arg)
		bytes = args->in[buffer->size_arg];
	return in_window(k, args->in[buffer->arg], bytes);
}

/* Return true if a program may make this call with these addresses. Kernels are
 * little-endian. */
static bool is_permitted(struct kernel *k, enum rtas_call call,
			 const struct rtas_args *args)
{
	const struct rtas_desc *desc;

	if (call == RTAS_CALLS) {
		if (k->profile == KERNEL_6_1)
			kernel_print(k, "sys_rtas: RTAS call blocked - exploit attempt?");
		return false;
	}
	desc = rtas_desc(call);
	if (k->no_mobility) /* such a kernel has no checks, and is big-endian */
		return true;
	if (!desc->be_only && buffer_is_ok(k, args, &desc->buffer[0]) &&
	    buffer_is_ok(k, args, &desc->buffer[1]))
		return true;
	kernel_print(k, "sys_rtas: %s nargs=%u: call blocked", desc->name, args->nargs);
	return false;
}

static bool is_error_injection(enum rtas_call call)
{
	return call == RTAS_OPEN_ERRINJCT || call == RTAS_ERRINJCT;
}

/* Copy header and inputs once, to host order. The memory after the inputs may be
 * unmapped; then read the header and the inputs separately. */
static int fetch(const struct trap_call *call, struct rtas_args *args)
{
	uint8_t image[RTAS_IMAGE_BYTES] = { 0 };
	int err = trap_read(call, call->args[0], image, sizeof(image));
	bool whole = !err;

	if (err == -EFAULT)
		err = trap_read(call, call->args[0], image, RTAS_HEAD_BYTES);
	if (err)
		return err;
	args->token = ktree_cell(image, 0);
	args->nargs = ktree_cell(image, 1);
	args->nret = ktree_cell(image, 2);
	if (args->nargs >= RTAS_CELLS || args->nret > RTAS_CELLS ||
	    args->nargs + args->nret > RTAS_CELLS)
		return -EINVAL;
	if (!whole && args->nargs)
		err = trap_read(call, call->args[0] + RTAS_HEAD_BYTES,
				image + RTAS_HEAD_BYTES, 4 * args->nargs);
	for (uint32_t i = 0; i < args->nargs; i++)
		args->in[i] = ktree_cell(image, 3 + i);
	return err;
}

static int give_back(const struct trap_call *call, const struct rtas_args *args)
{
	uint8_t cells[4 * RTAS_CELLS];
	struct builder b = builder_of(cells, sizeof(cells));

	for (uint32_t i = 0; i < args->nret; i++)
		builder_be32(&b, args->out[i]);
	if (!args->nret)
		return 0;
	return trap_write(call, call->args[0] + RTAS_HEAD_BYTES + 4 * args->nargs, cells,
			  b.len);
}

/* Suspend the partition. Firmware's call has no arguments, but the kernel's takes a
 * stream, like the kernel's own file for migration. */
static long suspend_me(struct kernel *k, const struct trap_call *call,
		       struct rtas_args *args)
{
	int32_t status;
	int err;

	if (args->nargs != 2 || !args->nret)
		return -EINVAL;
	err = kmobility_suspend(k, (uint64_t)args->in[0] << 32 | args->in[1], &status);
	if (err)
		return err;
	args->out[0] = (uint32_t)status;
	return give_back(call, args);
}

long kernel_sys_rtas(struct kernel *k, struct trap_call *call)
{
	struct rtas_args args = { 0 };
	struct papr_rtas machine;
	enum rtas_call which;
	int err;

	if (!trap_capable(call, CAP_SYS_ADMIN))
		return -EPERM;
	err = fetch(call, &args);
	if (err)
		return err;
	if (args.token == NO_TOKEN)
		return -EINVAL;
	which = call_of(k, args.token);
	if (!is_permitted(k, which, &args))
		return -EINVAL;
	if (kernel_locked_down(k) && is_error_injection(which))
		return -EPERM;
	err = host_fault_hit(k->host, rtas_desc(which)->name);
	if (err)
		return err;

	if (which == RTAS_SUSPEND_ME && k->no_mobility)
		return suspend_me(k, call, &args);

	machine = (struct papr_rtas){ .size = sizeof(struct papr_rtas),
				      .token = args.token,
				      .nargs = args.nargs,
				      .nret = args.nret };
	memcpy(machine.args, args.in, sizeof(machine.args));
	err = papr_vmm_rtas(k->host->vmm, k->caller, &machine);
	if (err)
		return err;
	memcpy(args.out, machine.rets, sizeof(args.out));
	if (!host_is_settled(k->host))
		k->kick(k);
	return give_back(call, &args);
}

/* Power off or restart: by a hypercall if the tree lists it, otherwise by RTAS. */
void kernel_power(struct kernel *k, bool restart)
{
	const char *has = restart ? "kvm,has-reset" : "kvm,has-shutdown";
	struct papr_epapr exit = { .size = sizeof(struct papr_epapr),
				   .nr = restart ? KVM_HC_VM_RESET : KVM_HC_VM_SHUTDOWN };
	const uint32_t no_mask[2] = { 0 };

	if (ktree_get(ktree_find(k, "/hypervisor"), has, NULL) &&
	    papr_vmm_epapr(k->host->vmm, k->caller, &exit, true))
		k->kick(k);
	else if (restart)
		kernel_rtas(k, "system-reboot", 0, NULL, 0, NULL);
	else
		kernel_rtas(k, "power-off", 2, no_mask, 0, NULL);
}

long kernel_sys_reboot(struct kernel *k, struct trap_call *call)
{
	uint32_t magic2 = (uint32_t)call->args[1], command = (uint32_t)call->args[2];

	if (!trap_capable(call, CAP_SYS_BOOT))
		return -EPERM;
	if ((uint32_t)call->args[0] != LINUX_REBOOT_MAGIC1 ||
	    (magic2 != LINUX_REBOOT_MAGIC2 && magic2 != LINUX_REBOOT_MAGIC2A &&
	     magic2 != LINUX_REBOOT_MAGIC2B && magic2 != LINUX_REBOOT_MAGIC2C))
		return -EINVAL;
	switch (command) {
	case LINUX_REBOOT_CMD_RESTART:
	case LINUX_REBOOT_CMD_RESTART2:
		kernel_print(k, "reboot: Restarting system");
		kernel_power(k, true);
		return TRAP_NEVER;
	case LINUX_REBOOT_CMD_HALT:
	case LINUX_REBOOT_CMD_POWER_OFF:
		kernel_print(k, "reboot: Power down");
		kernel_power(k, false);
		return TRAP_NEVER;
	case LINUX_REBOOT_CMD_CAD_ON:
	case LINUX_REBOOT_CMD_CAD_OFF:
		return 0;
	}
	return -EINVAL;
}

/* ---- /proc/powerpc/rtas ---------------------------------------------------------- */

static int clock_show(struct pfs_node *file, struct text *out)
{
	struct kernel *k = file->priv;
	struct tm tm = { 0 };
	uint32_t now[7];

	if (kernel_rtas(k, "get-time-of-day", 0, NULL, 7, now)) {
		text_add(out, "0");
		return 0;
	}
	tm.tm_year = (int)now[0] - 1900;
	tm.tm_mon = (int)now[1] - 1;
	tm.tm_mday = (int)now[2];
	tm.tm_hour = (int)now[3];
	tm.tm_min = (int)now[4];
	tm.tm_sec = (int)now[5];
	text_add(out, "%lld\n", (long long)timegm(&tm));
	return 0;
}

/* Parse decimal digits, up to the end or a newline. Without a digit: -EINVAL. */
static int number_of(const char *bytes, size_t len, unsigned long long *n)
{
	char text[NUMBER_MAX + 1], *end;

	if (len > NUMBER_MAX)
		return -EINVAL;
	memcpy(text, bytes, len);
	text[len] = '\0';
	*n = strtoull(text, &end, 10);
	return end == text || (*end && *end != '\n') ? -EINVAL : 0;
}

static void time_words(unsigned long long seconds, uint32_t words[7])
{
	time_t when = (time_t)seconds;
	struct tm tm = { 0 };

	gmtime_r(&when, &tm);
	words[0] = (uint32_t)tm.tm_year + 1900;
	words[1] = (uint32_t)tm.tm_mon + 1;
	words[2] = (uint32_t)tm.tm_mday;
	words[3] = (uint32_t)tm.tm_hour;
	words[4] = (uint32_t)tm.tm_min;
	words[5] = (uint32_t)tm.tm_sec;
	words[6] = 0;
}

static ssize_t set_time(struct pfs_node *file, const char *call, const char *bytes,
			size_t len)
{
	unsigned long long seconds;
	uint32_t words[7];

	if (number_of(bytes, len, &seconds))
		return -EINVAL;
	time_words(seconds, words);
	/* A failure is only logged. */
	if (kernel_rtas(file->priv, call, 7, words, 0, NULL))
		kernel_print(file->priv, "error: %s failed", call);
	return (ssize_t)len;
}

static ssize_t clock_store(struct pfs_node *file, const char *bytes, size_t len)
{
	return set_time(file, "set-time-of-day", bytes, len);
}

static ssize_t poweron_store(struct pfs_node *file, const char *bytes, size_t len)
{
	unsigned long long n;
	ssize_t taken = set_time(file, "set-time-for-power-on", bytes, len);

	if (taken > 0 && !number_of(bytes, len, &n)) {
		char text[32];
		int text_len = snprintf(text, sizeof(text), "%llu\n", n);

		pfs_set(file, text, (size_t)text_len);
	}
	return taken;
}

static int kept_show(struct pfs_node *file, struct text *out)
{
	text_bytes(out, file->data, file->len);
	return 0;
}

static ssize_t progress_store(struct pfs_node *file, const char *bytes, size_t len)
{
	size_t used = len < PROGRESS_MAX ? len : PROGRESS_MAX;
	struct text t = { 0 };
	uint32_t c;

	for (size_t i = 0; i < used; i++) {
		c = (uint8_t)bytes[i];
		kernel_rtas(file->priv, "display-character", 1, &c, 0, NULL);
	}
	text_bytes(&t, bytes, used);
	text_add(&t, "\n");
	if (!t.failed)
		pfs_set(file, t.buf, t.len);
	text_free(&t);
	return (ssize_t)len;
}

static ssize_t tone(struct pfs_node *file, uint32_t indicator, unsigned long long max,
		    const char *bytes, size_t len)
{
	unsigned long long n;
	uint32_t in[3] = { indicator, 0, 0 };
	char text[32];
	int text_len;

	if (number_of(bytes, len, &n))
		return -EINVAL;
	in[2] = (uint32_t)(n < max ? n : max);
	kernel_rtas(file->priv, "set-indicator", 3, in, 0, NULL);
	text_len = snprintf(text, sizeof(text), "%u\n", in[2]);
	pfs_set(file, text, (size_t)text_len);
	return (ssize_t)len;
}

static ssize_t volume_store(struct pfs_node *file, const char *bytes, size_t len)
{
	return tone(file, TONE_VOLUME, 100, bytes, len);
}

static ssize_t frequency_store(struct pfs_node *file, const char *bytes, size_t len)
{
	return tone(file, TONE_FREQUENCY, UINT32_MAX, bytes, len);
}

/* Create a file that shows what was last written, in its own format. */
static void kept_file(struct kernel *k, const char *name, const struct pfs_ops *ops,
		      const char *text)
{
	struct pfs_node *file = pfs_file(k->rtas_dir, name, 0644, ops, k);

	pfs_set(file, text, strlen(text));
}

void kernel_rtas_files(struct kernel *k)
{
	static const struct pfs_ops clock_ops = { .show = clock_show,
						  .store = clock_store },
				    poweron = { .show = kept_show,
						.store = poweron_store },
				    progress = { .show = kept_show,
						 .store = progress_store },
				    volume = { .show = kept_show, .store = volume_store },
				    frequency = { .show = kept_show,
						  .store = frequency_store };

	k->rtas_dir = pfs_path(k->powerpc, "rtas");
	pfs_text(k->rtas_dir, "rmo_buffer", 0400, "%016llx %x\n",
		 (unsigned long long)k->rmo_base, RMO_BYTES);
	pfs_text(k->rtas_dir, "sensors", 0444,
		 "RTAS (RunTime Abstraction Services) Sensor Information\n"
		 "Sensor\t\tValue\t\tCondition\tLocation\n"
		 "********************************************************\n"
		 "\nNo sensors are available\n");
	pfs_file(k->rtas_dir, "clock", 0644, &clock_ops, k);
	kept_file(k, "poweron", &poweron, "Power on time not set\n");
	kept_file(k, "progress", &progress, "");
	kept_file(k, "volume", &volume, "0\n");
	kept_file(k, "frequency", &frequency, "1000\n");
}

int kernel_rtas_boot(struct kernel *k)
{
	struct dt_node *rtas = ktree_find(k, "/rtas");
	uint8_t cell[4];
	struct builder b = builder_of(cell, sizeof(cell));

	for (int call = 0; call < RTAS_CALLS; call++)
		if (!ktree_u32(rtas, rtas_desc((enum rtas_call)call)->name,
			       &k->tokens[call]))
			k->tokens[call] = NO_TOKEN;
	if (!rtas)
		return 0;
	/* The address at which the kernel instantiated RTAS. */
	builder_be32(&b, (uint32_t)(k->rma_top - 0x10000));
	ktree_set(rtas, "linux,rtas-base", cell, sizeof(cell));
	ktree_set(rtas, "linux,rtas-entry", cell, sizeof(cell));
	kernel_rtas_files(k);
	return 0;
}
