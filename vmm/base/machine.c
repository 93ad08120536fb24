// SPDX-License-Identifier: LGPL-2.1-or-later
/* Events, log lines, negotiated options and time, for all parts of a machine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "vmm/base/machine.h"
#include "wire/cas.h"
#include "wire/crc32.h"

void machine_tell(const struct papr_vmm *vmm, const struct papr_event *event)
{
	struct papr_event told = *event;

	told.size = sizeof(told);
	if (machine_of(vmm)->env.event)
		machine_of(vmm)->env.event(machine_of(vmm)->env.priv, &told);
}

void machine_log(const struct papr_vmm *vmm, const char *format, ...)
{
	char *line;
	va_list args;
	int len;

	if (!machine_of(vmm)->env.log)
		return;

	va_start(args, format);
	len = vasprintf(&line, format, args);
	va_end(args);
	if (len < 0)
		return;
	machine_of(vmm)->env.log(machine_of(vmm)->env.priv, line);
	free(line);
}

bool machine_negotiated(const struct papr_vmm *vmm, unsigned int bit)
{
	return cas_test(machine_of(vmm)->ov5, sizeof(machine_of(vmm)->ov5), bit);
}

void machine_serial(const struct papr_vmm *vmm, char serial[8])
{
	uint32_t crc =
		crc32_of(machine_of(vmm)->cfg.uuid, sizeof(machine_of(vmm)->cfg.uuid));

	if (machine_of(vmm)->cfg.has_uuid)
		snprintf(serial, 8, "%07X", crc & 0xfffffff);
	else
		snprintf(serial, 8, "0000001");
}

/* ---- Time ---- */

enum { NS_PER_S = 1000000000 };

int64_t machine_host_ns(const struct papr_vmm *vmm)
{
	if (machine_of(vmm)->env.time_ns)
		return machine_of(vmm)->env.time_ns(machine_of(vmm)->env.priv);
	return (int64_t)machine_of(vmm)->env.clock_ns(machine_of(vmm)->env.priv);
}

/* Return the time of day. It wraps instead of overflowing, because the host's clock and
 * the offset may have any value. */
int64_t machine_clock_ns(const struct papr_vmm *vmm)
{
	return (int64_t)((uint64_t)machine_host_ns(vmm) +
			 (uint64_t)machine_of(vmm)->clock_offset_ns);
}

void machine_clock_date(const struct papr_vmm *vmm, struct tm *date, uint32_t *ns)
{
	int64_t now = machine_clock_ns(vmm);
	int64_t seconds = now / NS_PER_S - (now % NS_PER_S < 0);
	time_t t = seconds;

	gmtime_r(&t, date);
	*ns = (uint32_t)(now - seconds * NS_PER_S);
}

/* ---- What the embedder has ---- */

bool machine_has_xive(const struct papr_vmm *vmm)
{
	const struct papr_answers *answers = machine_of(vmm)->env.answers;

	return !answers || answers->interrupts & PAPR_XIVE;
}

bool machine_has_mmu(const struct papr_vmm *vmm, unsigned int mmu)
{
	const struct papr_answers *answers = machine_of(vmm)->env.answers;

	return !answers || answers->mmu & mmu;
}
