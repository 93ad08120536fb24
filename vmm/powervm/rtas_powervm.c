// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The calls of x-powervm=on: their table, and the calls without a file of their own. The
 * first three have a part below, which answers what is not PowerVM's.
 *
 * Source:  PAPR+ 7.3, 7.4
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "vmm/base/guest_memory.h"
#include "vmm/base/machine.h"
#include "vmm/pci/pci.h"
#include "vmm/powervm/powervm.h"
#include "vmm/rtas/rtas_calls.h"
#include "wire/rtas_args.h"

void powervm_init(struct powervm *p)
{
	*p = (struct powervm){ .last_number = 1 };
}

void powervm_free(struct powervm *p)
{
	while (p->leds) {
		struct led *led = p->leds;

		p->leds = led->next;
		free(led);
	}
	while (p->dumps) {
		struct dump *dump = p->dumps;

		p->dumps = dump->next;
		free(dump);
	}
}

void powervm_reset(struct papr_vmm *vmm)
{
	struct powervm *p = powervm_of(vmm);
	const struct rtas_sequence none = { 0 };

	p->vpd = p->indices = p->attestation = p->perftools = none;
	p->migration = (struct migration){ 0 };
	p->errinjct = 0;
	p->activation = 0;
}

/* Imitate a machine that needs time: the first calls are always answered "busy". */
static void activate_firmware(struct papr_vmm *vmm, struct rtas_frame *f)
{
	static const int32_t answers[POWERVM_ACTIVATIONS] = { RTAS_DELAY_MIN, RTAS_BUSY,
							      RTAS_SUCCESS };
	struct powervm *p = powervm_of(vmm);
	int32_t status = answers[p->activation++];

	if (status == RTAS_SUCCESS)
		p->activation = 0;
	rtas_status(f, status);
}

/* text -> status */
static void display_message(struct papr_vmm *vmm, struct rtas_frame *f)
{
	char text[RTAS_MESSAGE_BYTES];
	uint8_t first;

	if (guest_read(vmm, rtas_in(f, 0), &first, 1)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_read_message(vmm, rtas_in(f, 0), text);
	machine_log(vmm, "display-message: %s", text);
	rtas_status(f, RTAS_SUCCESS);
}

static bool is_date(const uint32_t in[7])
{
	struct tm tm = { .tm_year = (int)in[0] - 1900,
			 .tm_mon = (int)in[1] - 1,
			 .tm_mday = (int)in[2] };
	struct tm same = tm;

	if (in[0] < 1970 || in[0] > 9999 || in[1] < 1 || in[1] > 12 || in[2] < 1 ||
	    in[2] > 31 || in[3] > 23 || in[4] > 59 || in[5] > 59 || in[6] > 999999999)
		return false;
	timegm(&same); /* the 30th of February becomes a day of March */
	return same.tm_mday == tm.tm_mday;
}

/* year, month, day, hour, minute, second, nanosecond -> status */
static void set_power_on_time(struct papr_vmm *vmm, struct rtas_frame *f)
{
	if (!is_date(f->args)) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	memcpy(powervm_of(vmm)->power_on, f->args, sizeof(powervm_of(vmm)->power_on));
	rtas_status(f, RTAS_SUCCESS);
}

bool papr_vmm_power_on_time(const struct papr_vmm *vmm, uint32_t time[7])
{
	MACHINE_GUARD(vmm);

	memcpy(time, powervm_of(vmm)->power_on, sizeof(powervm_of(vmm)->power_on));
	return time[0];
}

/* configuration address, bus unit (2) -> status, state, can recover */
static void read_slot_reset_state(struct papr_vmm *vmm, struct rtas_frame *f)
{
	enum { NOT_RESET = 0, NO_EEH = 0 };

	if (!pci_function_at(vmm, rtas_in64(f, 1), rtas_in(f, 0))) {
		rtas_status(f, RTAS_PARAMETER_ERROR);
		return;
	}
	rtas_status(f, RTAS_SUCCESS);
	rtas_out(f, 1, NOT_RESET);
	rtas_out(f, 2, NO_EEH);
}

// clang-format off
const struct rtas_handler rtas_powervm_calls[] = {
	{ 0x201a, "set-indicator", 3, 0, 1, 0, -3, rtas_set_led, { 0 } },
	{ 0x201d, "get-sensor-state", RTAS_ANY, 0, RTAS_ANY, 0, -3, rtas_get_led, { 0 } },
	{ 0x202a, "ibm,suspend-me", 0, 0, 1, 0, -3, rtas_migrate, { 0 } },
	{ 0x2040, "ibm,get-vpd", 4, 0, 3, 0, -3, rtas_get_vpd, { 3, 1, 1 } },
	{ 0x2041, "ibm,get-indices", 5, 0, 2, 0, -3, rtas_get_indices, { 4, 1, 1 } },
	{ 0x2042, "ibm,get-dynamic-sensor-state", 2, 0, 2, 0, -3, rtas_dynamic_sensor, { 0 } },
	{ 0x2043, "ibm,set-dynamic-indicator", 3, 0, 1, 0, -3, rtas_dynamic_indicator, { 0 } },
	{ 0x2044, "ibm,platform-dump", 6, 0, 5, 0, -3, rtas_platform_dump, { 2, 1, 2 } },
	{ 0x2045, "ibm,scan-log-dump", 2, 0, 1, 0, -3, rtas_scan_log_dump, { 0 } },
	{ 0x2046, "ibm,physical-attestation", 3, 0, 3, 0, -3, rtas_physical_attestation, { 2, 1, 1 } },
	{ 0x2047, "ibm,lpar-perftools", 5, 0, 2, 0, -3, rtas_lpar_perftools, { 4, 1, 1 } },
	{ 0x2048, "ibm,open-errinjct", 0, 0, 2, 0, -3, rtas_open_errinjct, { 0 } },
	{ 0x2049, "ibm,errinjct", 3, 0, 1, 0, -3, rtas_errinjct, { 0 } },
	{ 0x204a, "ibm,close-errinjct", 1, 0, 1, 0, -3, rtas_close_errinjct, { 0 } },
	{ 0x204b, "ibm,display-message", 1, 0, 1, 0, -3, display_message, { 0 } },
	{ 0x204c, "set-time-for-power-on", 7, 0, 1, 0, -3, set_power_on_time, { 0 } },
	{ 0x204d, "ibm,activate-firmware", 0, 0, 1, 0, -3, activate_firmware, { 0 } },
	{ 0x204e, "ibm,read-slot-reset-state", 3, 0, 3, 0, -3, read_slot_reset_state, { 0 } },
	{ 0x204f, "ibm,update-nodes", 2, 0, 1, 0, -3, rtas_update_nodes, { 0 } },
	{ 0x2050, "ibm,update-properties", 2, 0, 1, 0, -3, rtas_update_properties, { 0 } },
	{ 0 },
};
// clang-format on
