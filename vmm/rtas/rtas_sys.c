// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/rtas/rtas.h"
#include "vmm/rtas/rtas_calls.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"
#include "wire/rtas_args.h"

int rtas_init(struct papr_vmm *vmm)
{
	rtas_of(vmm)->nvram = calloc(1, RTAS_NVRAM_BYTES);
	rtas_reset(vmm);
	return rtas_of(vmm)->nvram ? 0 : -ENOMEM;
}

void rtas_free(struct papr_vmm *vmm)
{
	free(rtas_of(vmm)->nvram);
	free(rtas_of(vmm)->sources);
	rtas_of(vmm)->nvram = NULL;
}

/* A reset keeps the clock and the nvram. */
void rtas_reset(struct papr_vmm *vmm)
{
	machine_of(vmm)->caller = 0;
	free(rtas_of(vmm)->sources);
	rtas_of(vmm)->sources = NULL;
	rtas_of(vmm)->fwnmi = false;
	rtas_of(vmm)->nmi_reset = 0;
}

static void display_character(struct papr_vmm *vmm, struct rtas_frame *f)
{
	const struct vdev *vty = vty_default(vmm);
	uint8_t c = (uint8_t)rtas_in(f, 0);

	if (!vty) {
		rtas_status(f, RTAS_HARDWARE_ERROR);
		return;
	}
	vty_print(vmm, vty, &c, 1);
	rtas_status(f, RTAS_SUCCESS);
}

static void power_off(struct papr_vmm *vmm, struct rtas_frame *f)
{
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_SHUTDOWN,
						.by_guest = true,
						.text = "guest-shutdown" });
}

static void system_reboot(struct papr_vmm *vmm, struct rtas_frame *f)
{
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_RESET,
						.by_guest = true,
						.text = "guest-reset" });
}

void rtas_read_message(const struct papr_vmm *vmm, uint64_t addr,
		       char text[RTAS_MESSAGE_BYTES])
{
	size_t n = 0;

	while (n < RTAS_MESSAGE_BYTES - 1 && !guest_read(vmm, addr + n, &text[n], 1) &&
	       text[n]) {
		if (text[n] < ' ' || text[n] > '~')
			text[n] = '?';
		n++;
	}
	text[n] = '\0';
}

static void os_term(struct papr_vmm *vmm, struct rtas_frame *f)
{
	char text[RTAS_MESSAGE_BYTES];

	rtas_read_message(vmm, rtas_in(f, 0), text);
	machine_log(vmm, "OS terminated: %s", text);
	rtas_status(f, RTAS_SUCCESS);
	machine_tell(vmm, &(struct papr_event){ .type = PAPR_EV_GUEST_PANICKED,
						.by_guest = true,
						.text = text });
}

/* Turn off the translation of addresses of a virtual device, or turn it on. */
static void set_tce_bypass(struct papr_vmm *vmm, struct rtas_frame *f)
{
	struct dma_window *w = vio_dma_find(vmm, rtas_in(f, 0));

	if (w)
		w->bypass = rtas_in(f, 1);
	rtas_status(f, w ? RTAS_SUCCESS : RTAS_PARAMETER_ERROR);
}

/* Firmware has finished using the devices. */
static void quiesce(struct papr_vmm *vmm, struct rtas_frame *f)
{
	vio_dma_clear(vmm);
	rtas_status(f, RTAS_SUCCESS);
}

// clang-format off
const struct rtas_handler rtas_sys_calls[] = {
	{ 0x2000, "display-character", RTAS_ANY, 0, RTAS_ANY, 0, -3, display_character, { 0 } },
	{ 0x2001, "get-time-of-day", 0, 0, 8, 0, -3, rtas_get_time_of_day, { 0 } },
	{ 0x2002, "set-time-of-day", 7, 0, 1, 0, -3, rtas_set_time_of_day, { 0 } },
	{ 0x2003, "power-off", 2, 0, 1, 0, -3, power_off, { 0 } },
	{ 0x2004, "system-reboot", 0, 0, 1, 0, -3, system_reboot, { 0 } },
	{ 0x2008, "ibm,get-system-parameter", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_get_sysparm, { 0 } },
	{ 0x2009, "ibm,set-system-parameter", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_set_sysparm, { 0 } },
	{ 0x2010, "ibm,set-tce-bypass", 2, 0, RTAS_ANY, 0, -3, set_tce_bypass, { 0 } },
	{ 0x2011, "quiesce", 0, 0, RTAS_ANY, 0, -3, quiesce, { 0 } },
	{ 0x2012, "nvram-fetch", 3, 0, 2, 0, -3, rtas_nvram_fetch, { 0 } },
	{ 0x2013, "nvram-store", 3, 0, 2, 0, -3, rtas_nvram_store, { 0 } },
	{ 0x201f, "ibm,os-term", RTAS_ANY, 0, RTAS_ANY, 0, -3, os_term, { 0 } },
	{ 0x202b, "ibm,nmi-register", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_nmi_register, { 0 } },
	{ 0x202c, "ibm,nmi-interlock", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_nmi_interlock, { 0 } },
	{ 0 },
};
// clang-format on
