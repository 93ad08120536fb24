// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * kvm - boot Linux as a guest of KVM, with one processor, on a POWER9 or later
 *
 *   cc kvm.c $(pkg-config --cflags --libs paprvmm) -pthread -o kvm
 *   kvm KERNEL INITRD ARGUMENTS
 *
 * The kernel is an ELF image (vmlinux). Its console is this program's input and output.
 *
 * An example of libpaprvmm: read it from top to bottom. KVM runs the guest's processor and
 * interrupt controller. The library is the rest of the machine: firmware, device tree, RTAS,
 * console. This program connects them.
 */
#include <endian.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include <paprvmm.h>

enum { RAM_BYTES = 512 << 20, SOURCES = 0x1000, N_SOURCES = 0x1000 };

struct guest {
	struct papr_vmm *papr; /* the library's part of the machine */
	uint8_t *ram;
	int kvm, vm, xics, cpu; /* KVM's descriptors */
	struct kvm_run *run;	/* why the processor has left the guest */
	size_t run_bytes;
	enum { RUNNING, RESET, OFF } state;
	sem_t room; /* in the console, for input */
};

/* Return the result of a system call. If it failed, end the program. */
static int must(int result, const char *what)
{
	if (result < 0)
		err(1, "%s", what);
	return result;
}

static void *must_map(int fd, size_t bytes, int protection, int flags, const char *what)
{
	void *map = mmap(NULL, bytes, protection, flags, fd, 0);

	must(map == MAP_FAILED ? -1 : 0, what);
	return map;
}

/* ---- 1. What the library needs: memory, time, and places for what it reports ---- */

static void *ram_at(const struct guest *g, uint64_t addr, size_t len)
{
	return addr <= RAM_BYTES && len <= RAM_BYTES - addr ? g->ram + addr : NULL;
}

static int ram_read(void *priv, uint64_t addr, void *buf, size_t len)
{
	const void *from = ram_at(priv, addr, len);

	return from ? (memcpy(buf, from, len), 0) : -EFAULT;
}

static int ram_write(void *priv, uint64_t addr, const void *buf, size_t len)
{
	void *to = ram_at(priv, addr, len);

	return to ? (memcpy(to, buf, len), 0) : -EFAULT;
}

static uint64_t guest_clock_ns(void *priv)
{
	struct timespec now;

	(void)priv;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

static void guest_console(void *priv, const void *text, size_t len)
{
	(void)priv;
	if (fwrite(text, 1, len, stdout) < len || fflush(stdout))
		err(1, "standard output");
}

static void guest_console_read(void *guest, unsigned int terminal)
{
	(void)terminal; /* there is one */
	sem_post(&((struct guest *)guest)->room);
}

/* The library has an interrupt for the guest. KVM has the interrupt controller. */
static void guest_interrupt(void *priv, uint32_t irq)
{
	const struct guest *g = priv;
	struct kvm_irq_level line = { .irq = irq, .level = 1 };

	must(ioctl(g->vm, KVM_IRQ_LINE, &line), "interrupt");
}

/* The machine cannot be reset in a callback, so keep the request for later. */
static void guest_event(void *priv, const struct papr_event *event)
{
	struct guest *g = priv;

	if (event->type == PAPR_EV_RESET && event->by_guest)
		g->state = RESET;
	else if (event->type == PAPR_EV_SHUTDOWN)
		g->state = OFF;
	else if (event->type == PAPR_EV_GUEST_PANICKED || event->type == PAPR_EV_STOP)
		errx(1, "the guest's kernel gave up: %s", event->text ? event->text : "");
}

/* ---- 2. Firmware: how the guest calls the library ---- */

/* The library loads kernels at 4 MiB. A kernel calls two functions of firmware: the client
 * interface, at its start alone, and RTAS. Each is one hypercall, whose argument is the
 * address of a block of words. */
enum { CLIENT_INTERFACE = 0x100, FIRMWARE_BYTES = 0x200, KERNEL = 4 << 20 };
enum { H_RTAS = 0xf000, H_OF_CLIENT = 0xf005 };

/* Place such a function in the guest's memory. It is big-endian. */
static int firmware_put(struct guest *g, uint32_t addr, uint32_t hypercall)
{
	const uint32_t code[] = {
		htobe32(0x7c641b78),		 /* mr  r4, r3: the argument */
		htobe32(0x38600000),		 /* li  r3, 0 */
		htobe32(0x60630000 | hypercall), /* ori r3, r3, hypercall */
		htobe32(0x44000022),		 /* sc  1 */
		htobe32(0x4e800020),		 /* blr */
	};
	char *to = ram_at(g, addr, sizeof(code));

	if (to)
		__builtin___clear_cache(memcpy(to, code, sizeof(code)),
					to + sizeof(code));
	return to ? 0 : -EFAULT;
}

/* Return true if this text is at the address in this word of a block. */
static bool firmware_text_is(struct guest *g, uint32_t word, const char *text)
{
	const char *at = ram_at(g, be32toh(word), strlen(text) + 1);

	return at && !memcmp(at, text, strlen(text) + 1);
}

/* The client interface. The block has the service, the numbers of arguments and results,
 * the arguments, and room for the results. The library knows all services but one: the
 * kernel wants RTAS at an address of its choice. */
static int64_t firmware_client(struct guest *g, uint64_t args[PAPR_HCALL_ARGS])
{
	uint32_t block[8];

	if (ram_read(g, args[0], block, sizeof(block)) ||
	    !firmware_text_is(g, block[0], "call-method") ||
	    !firmware_text_is(g, block[3], "instantiate-rtas"))
		return papr_vmm_hcall(g->papr, 0, H_OF_CLIENT, args);
	block[6] = firmware_put(g, be32toh(block[5]), H_RTAS) ? UINT32_MAX : 0;
	block[7] = block[5]; /* where RTAS is */
	return ram_write(g, args[0], block, sizeof(block));
}

/* ---- 3. Hypercalls: KVM's, ours, and the library's ---- */

enum { H_PARAMETER = -4, H_SET_MODE = 0x31c, H_REGISTER_PROC_TBL = 0x37c };

/* The library offers the guest what is answered. KVM answers H_EOI, H_CPPR, H_IPI, H_IPOLL,
 * H_XIRR; H_REGISTER_VPA, H_CEDE, H_CONFER, H_PROD; H_SET_DABR, H_SET_XDABR. */
// clang-format off
static const uint64_t hypercalls[] = {
	0x64, 0x68, 0x6c, 0x70, 0x74, 0xdc, 0xe0, 0xe4, 0xe8, 0x28, 0x134,
	H_SET_MODE, H_REGISTER_PROC_TBL,
};
// clang-format on

static const struct papr_answers answers = {
	.size = sizeof(answers),
	.hcalls = hypercalls,
	.n_hcalls = sizeof(hypercalls) / sizeof(hypercalls[0]),
	.interrupts = PAPR_XICS,
	.mmu = PAPR_RADIX,
};

/* Change these bits of the register LPCR, which belongs to the hypervisor. */
static int cpu_set_lpcr(const struct guest *g, uint64_t mask, uint64_t bits)
{
	uint64_t lpcr;
	struct kvm_one_reg reg = { KVM_REG_PPC_LPCR_64, (uintptr_t)&lpcr };

	must(ioctl(g->cpu, KVM_GET_ONE_REG, &reg), "LPCR");
	lpcr = (lpcr & ~mask) | bits;
	return must(ioctl(g->cpu, KVM_SET_ONE_REG, &reg), "LPCR");
}

/* Set where the guest has its tables for radix translation: 0: it has none. */
static int vm_set_process_table(const struct guest *g, uint64_t table)
{
	struct kvm_ppc_mmuv3_cfg radix = { KVM_PPC_MMUV3_RADIX | KVM_PPC_MMUV3_GTSE,
					   UINT64_C(1) << 63 | table };

	return ioctl(g->vm, KVM_PPC_CONFIGURE_V3_MMU, &radix);
}

static int64_t hypercall(struct guest *g, uint64_t nr, uint64_t args[PAPR_HCALL_ARGS])
{
	uint64_t table = args[0] & 0x08 ? args[1] | args[3] : 0;

	switch (nr) {
	case H_SET_MODE: /* how interrupts arrive: 3: where, 4: in which byte order */
		if (args[1] == 3 && args[0] <= 3)
			return cpu_set_lpcr(g, 3 << 23, args[0] << 23);
		if (args[1] == 4 && args[0] <= 1)
			return cpu_set_lpcr(g, 1 << 25, args[0] << 25);
		return H_PARAMETER;
	case H_REGISTER_PROC_TBL: /* bit 4: set it; other flags: radix, as always */
		return args[0] & 0x10 && vm_set_process_table(g, table) ? H_PARAMETER : 0;
	case H_OF_CLIENT:
		return firmware_client(g, args);
	default:
		return papr_vmm_hcall(g->papr, 0, nr, args);
	}
}

/* ---- 4. KVM's virtual machine ---- */

/* The interrupt controller, with the interrupts of all devices that the library has. */
static void vm_add_xics(struct guest *g)
{
	static const char *const calls[] = { "ibm,set-xive", "ibm,get-xive", "ibm,int-on",
					     "ibm,int-off" };
	struct kvm_create_device xics = { .type = KVM_DEV_TYPE_XICS };
	uint64_t masked = (uint64_t)0xff << KVM_XICS_PRIORITY_SHIFT | KVM_XICS_MASKED;
	struct kvm_device_attr source = { .group = KVM_DEV_XICS_GRP_SOURCES,
					  .addr = (uintptr_t)&masked };

	must(ioctl(g->vm, KVM_CREATE_DEVICE, &xics), "interrupt controller");
	g->xics = (int)xics.fd;
	for (source.attr = SOURCES; source.attr < SOURCES + N_SOURCES; source.attr++)
		must(ioctl(g->xics, KVM_SET_DEVICE_ATTR, &source), "interrupt");
	/* KVM itself answers the RTAS calls for interrupts. */
	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		struct kvm_rtas_token_args call = { 0 };

		snprintf(call.name, sizeof(call.name), "%s", calls[i]);
		call.token = papr_vmm_rtas_token(g->papr, calls[i]);
		must(ioctl(g->vm, KVM_PPC_RTAS_DEFINE_TOKEN, &call), calls[i]);
	}
}

/* A processor in 64-bit mode, big-endian, with the large decrementer (LPCR, bit 17). */
static void vm_add_cpu(struct guest *g)
{
	struct kvm_enable_cap papr = { .cap = KVM_CAP_PPC_PAPR };
	struct kvm_enable_cap xics = { .cap = KVM_CAP_IRQ_XICS };
	struct kvm_regs regs = { .msr = UINT64_C(1) << 63 | 1 << 12 };
	struct papr_entry entry = { .size = sizeof(entry) };

	g->cpu = must(ioctl(g->vm, KVM_CREATE_VCPU, 0), "processor");
	g->run = must_map(g->cpu, g->run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED,
			  "processor");
	xics.args[0] = (unsigned int)g->xics;
	must(ioctl(g->cpu, KVM_ENABLE_CAP, &papr), "processor of PAPR");
	must(ioctl(g->cpu, KVM_ENABLE_CAP, &xics), "processor's interrupts");
	cpu_set_lpcr(g, 0, 1 << 17);
	papr_vmm_entry(g->papr, &entry);
	regs.pc = KERNEL;
	regs.gpr[1] = entry.r1; /* a stack */
	regs.gpr[3] = entry.r3; /* the initrd */
	regs.gpr[4] = entry.r4;
	regs.gpr[5] = CLIENT_INTERFACE;
	must(ioctl(g->cpu, KVM_SET_REGS, &regs), "registers");
}

static void vm_begin(struct guest *g)
{
	struct kvm_userspace_memory_region ram = { .memory_size = RAM_BYTES,
						   .userspace_addr = (uintptr_t)g->ram };

	g->vm = must(ioctl(g->kvm, KVM_CREATE_VM, KVM_VM_PPC_HV), "virtual machine");
	must(ioctl(g->vm, KVM_SET_USER_MEMORY_REGION, &ram), "memory");
	must(vm_set_process_table(g, 0), "radix translation (POWER9 or later)");
	vm_add_xics(g);
	vm_add_cpu(g);
}

static void vm_end(const struct guest *g)
{
	munmap(g->run, g->run_bytes);
	close(g->cpu);
	close(g->xics);
	close(g->vm);
}

/* Run the guest until it resets itself or ends. */
static void vm_run(struct guest *g)
{
	struct kvm_run *run = g->run;

	while (g->state == RUNNING) {
		if (ioctl(g->cpu, KVM_RUN, NULL))
			must(errno == EINTR || errno == EAGAIN ? 0 : -1, "processor");
		else if (run->exit_reason == KVM_EXIT_PAPR_HCALL)
			run->papr_hcall.ret = (uint64_t)hypercall(g, run->papr_hcall.nr,
								  run->papr_hcall.args);
		else
			errx(1, "the processor stopped: exit %u", run->exit_reason);
	}
}

/* ---- 5. The program ---- */

/* Type at the guest's console. This is a thread of its own: the library has a lock. */
static void *input_thread(void *guest)
{
	struct guest *g = guest;

	for (char c; read(STDIN_FILENO, &c, 1) == 1;)
		while (!papr_vmm_console_input(g->papr, 0, &c, 1))
			sem_wait(&g->room);
	return NULL;
}

static const void *file_map(const char *path, size_t *bytes)
{
	int fd = must(open(path, O_RDONLY | O_CLOEXEC), path);

	*bytes = (size_t)lseek(fd, 0, SEEK_END);
	return must_map(fd, *bytes, PROT_READ, MAP_PRIVATE, path);
}

int main(int argc, char *argv[])
{
	struct guest g = { 0 };
	struct papr_config config = {
		.size = sizeof(config),
		.ram_bytes = RAM_BYTES,
		.vof = true, /* the library is the firmware */
		.firmware_bytes = FIRMWARE_BYTES,
		.cpu_model = (const char *)getauxval(AT_BASE_PLATFORM), /* "power9" */
		.images_stay = true,
	};
	const struct papr_machine_ops ops = {
		.size = sizeof(ops),
		.read = ram_read,
		.write = ram_write,
		.clock_ns = guest_clock_ns,
		.interrupt = guest_interrupt,
		.event = guest_event,
		.console = guest_console,
		.terminal_read = guest_console_read,
		.answers = &answers,
		.priv = &g,
	};
	struct papr_error error = { 0 };
	pthread_t input;

	if (argc != 4)
		errx(2, "usage: kvm KERNEL INITRD ARGUMENTS");
	config.kernel = file_map(argv[1], &config.kernel_bytes);
	config.initrd = file_map(argv[2], &config.initrd_bytes);
	config.bootargs = argv[3];

	g.kvm = must(open("/dev/kvm", O_RDWR | O_CLOEXEC), "/dev/kvm");
	g.run_bytes = (size_t)must(ioctl(g.kvm, KVM_GET_VCPU_MMAP_SIZE, 0), "/dev/kvm");
	g.ram = must_map(-1, RAM_BYTES, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, "memory");
	if (sem_init(&g.room, 0, 0) || papr_vmm_new(&g.papr, &config, &ops, &error))
		errx(1, "machine: %s", error.text ? error.text : "no memory");

	/* A reset is a new virtual machine of KVM, while the library's machine stays. In
	 * between, its lock holds the other thread, which needs KVM's. */
	papr_vmm_lock(g.papr);
	must(-pthread_create(&input, NULL, input_thread, &g), "input");
	do {
		errno = -papr_vmm_reset(g.papr);
		must(-errno, argv[1]);
		firmware_put(&g, CLIENT_INTERFACE, H_OF_CLIENT);
		vm_begin(&g);
		g.state = RUNNING;
		papr_vmm_unlock(g.papr);
		vm_run(&g);
		papr_vmm_lock(g.papr);
		vm_end(&g);
		sem_post(&g.room); /* a reset discards input */
	} while (g.state == RESET);
	return 0;
}
