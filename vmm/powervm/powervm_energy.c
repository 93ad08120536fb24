// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * H_GET_ENERGY_SCALE_INFO: power modes and frequencies of the machine. The values are
 * made up and never change. Frequencies agree with the simulated /proc/cpuinfo.
 *
 * Source:  PAPR+ 14.14; Linux 6.12 papr_platform_attributes.c (layout, reasons to retry),
 *          Documentation/ABI/testing/sysfs-firmware-papr-energy-scale-info (numbers)
 */
#include "vmm/base/guest_memory.h"
#include "vmm/base/hcall.h"
#include "vmm/base/machine.h"
#include "vmm/powervm/powervm.h"
#include "wire/builder.h"
#include "wire/energy.h"

#define ONE_ATTRIBUTE (1ULL << 63)

static const struct energy_attr attributes[] = {
	{ 1, 0, "Power and performance mode", "Static" },
	{ 2, 0, "Idle power saver status", "Disabled" },
	{ 3, 1000, "Minimum frequency in MHz", "" },
	{ 4, 1000, "Static frequency in MHz", "" },
	{ 6, 1000, "Maximum frequency in MHz", "" },
	{ 8, 0, "Processor folding status", "Disabled" },
};

enum { ATTRIBUTES = sizeof(attributes) / sizeof(attributes[0]) };

/* flags, first (or only) attribute, buffer, size of the buffer. If not all attributes
 * fit, the call writes as many as fit and returns H_PARTIAL. */
int64_t hcall_energy_scale_info(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	bool one = args[0] & ONE_ATTRIBUTE;
	uint64_t id = args[1], room = args[3];
	uint8_t answer[ENERGY_HEADER_BYTES + ATTRIBUTES * ENERGY_ATTR_BYTES];
	struct builder b = builder_of(answer, sizeof(answer));
	size_t first = 0, n, fit;

	if (args[0] & ~ONE_ATTRIBUTE)
		return H_PARAMETER;
	while (first < ATTRIBUTES && attributes[first].id < id)
		first++;
	if (first == ATTRIBUTES || (one && attributes[first].id != id))
		return H_P2;
	if (room < ENERGY_HEADER_BYTES)
		return H_P4;
	n = one ? 1 : ATTRIBUTES - first;
	fit = (size_t)((room - ENERGY_HEADER_BYTES) / ENERGY_ATTR_BYTES);
	fit = fit < n ? fit : n;
	energy_encode(&b, attributes + first, fit);
	if (guest_write(vmm, GUEST_REAL(args[2]), answer, b.len))
		return H_P3;
	return fit < n ? H_PARTIAL : H_SUCCESS;
}
