// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * embedder - plug a network card into a machine and unplug it
 *
 * A VMM gives libpaprvmm the guest's memory and its calls of firmware. This example has
 * no guest: the second half of this file does the work of a guest's firmware, kernel and
 * drmgr, with the same calls. See paprvmm(3).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <paprvmm.h>

/* ---- The host's side ---- */

static uint8_t ram[4 << 20]; /* the part of the guest's memory that is used here */

static void *guest_at(uint64_t addr, size_t len)
{
	return addr <= sizeof(ram) && len <= sizeof(ram) - addr ? ram + addr : NULL;
}

static int guest_read(void *priv, uint64_t addr, void *buf, size_t len)
{
	(void)priv;
	return guest_at(addr, len) ? (memcpy(buf, guest_at(addr, len), len), 0) : -1;
}

static int guest_write(void *priv, uint64_t addr, const void *buf, size_t len)
{
	(void)priv;
	return guest_at(addr, len) ? (memcpy(guest_at(addr, len), buf, len), 0) : -1;
}

/* The time is constant, so that the output is always the same. */
static uint64_t host_clock_ns(void *priv)
{
	return priv != NULL;
}

static void host_event(void *priv, const struct papr_event *e)
{
	(void)priv;
	if (e->type == PAPR_EV_DEVICE_DELETED && e->device)
		printf("host: %s is gone\n", e->device);
}

static void host_check(int err, const char *what, const struct papr_error *error)
{
	if (!err)
		return;
	fprintf(stderr, "%s: %s\n", what, error->text ? error->text : strerror(-err));
	exit(1);
}

/* ---- The guest's side ---- */

enum { VECTORS = 0x1000, AREA = 0x2000, LOG = 0x3000, TREE = 1 << 20, ROOM = 2 << 20 };

static uint32_t guest_word(uint32_t addr)
{
	const uint8_t *b = ram + addr;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* A call with one output word, the status. */
static int32_t rtas(struct papr_vmm *vmm, const char *name, uint32_t nargs,
		    const uint32_t *args)
{
	struct papr_rtas call = { .size = sizeof(call), .nargs = nargs, .nret = 1 };

	call.token = papr_vmm_rtas_token(vmm, name);
	memcpy(call.args, args, nargs * sizeof(*args));
	return papr_vmm_rtas(vmm, 0, &call) ? -1 : (int32_t)call.rets[0];
}

/* Tell firmware the features of this guest. The answer is a new device tree. */
static void guest_negotiate(struct papr_vmm *vmm)
{
	// clang-format off
	static const uint8_t vectors[] = {
		0xff, 0xff, 0, 0, 0, 0x4e, 0, 0,	 /* a POWER9 */
		0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 4,	 /* no more; five vectors */
		2, 0, 0, 0x80, 0, 0, 0, 0, 0, 0,	 /* first: ISA 3.0 */
		25, 0, 0x20, 0, 0, 0x80, 0x04, 0, 0, 0, 0, 0, 0, 0, /* fifth: ram, */
		0, 0, 0, 0, 0, 0, 0, 0, 0x80, 0x40, 0x40, 0, 0x40,  /* hot-plug events */
	};
	// clang-format on
	uint64_t args[PAPR_HCALL_ARGS] = { VECTORS, TREE, ROOM };

	memcpy(ram + VECTORS, vectors, sizeof(vectors));
	printf("guest: CAS answers %d\n", (int)papr_vmm_hcall(vmm, 0, 0xf002, args));
}

/* Return the connector of the oldest event. */
static uint32_t guest_next_event(struct papr_vmm *vmm)
{
	rtas(vmm, "check-exception", 6, (uint32_t[]){ 0x500, 0, 1 << 28, 0, LOG, 2048 });
	printf("guest: event to %s at connector 0x%x\n",
	       ram[LOG + 105] == 1 ? "add" : "remove", guest_word(LOG + 108));
	return guest_word(LOG + 108);
}

/* Make a call of ibm,configure-connector, and print its result. */
static int32_t guest_configure(struct papr_vmm *vmm)
{
	int32_t status = rtas(vmm, "ibm,configure-connector", 2, (uint32_t[]){ AREA, 0 });
	const char *name = (const char *)ram + AREA + guest_word(AREA + 8);

	if (status == 2)
		printf("  %s\n", name);
	if (status != 3)
		return status;
	printf("    %s =", name);
	for (uint32_t i = 0; i < guest_word(AREA + 12); i++)
		printf(i % 4 ? "%02x" : " %02x", ram[AREA + guest_word(AREA + 16) + i]);
	printf("\n");
	return status;
}

int main(void)
{
	const struct papr_option card[] = { { "driver", "virtio-net-pci" },
					    { "id", "net0" } };
	const struct papr_config config = { sizeof(config), .ram_bytes = 1 << 30,
					    .cpu_model = "power9" };
	const struct papr_machine_ops host = { sizeof(host), guest_read, guest_write,
					       host_clock_ns, .event = host_event };
	struct papr_error error = { 0 };
	struct papr_vmm *vmm;

	host_check(papr_vmm_new(&vmm, &config, &host, &error), "machine", &error);
	host_check(papr_vmm_reset(vmm), "reset", &error);
	guest_negotiate(vmm);

	host_check(papr_vmm_device_add(vmm, card, 2, &error), "plug", &error);
	rtas(vmm, "set-indicator", 3, (uint32_t[]){ 9001, guest_next_event(vmm), 1 });
	memcpy(ram + AREA, ram + LOG + 108, 4);
	while (guest_configure(vmm) > 0)
		;

	host_check(papr_vmm_device_del(vmm, "net0", &error), "unplug", &error);
	rtas(vmm, "set-indicator", 3, (uint32_t[]){ 9001, guest_next_event(vmm), 0 });
	papr_vmm_free(vmm);
	return 0;
}
