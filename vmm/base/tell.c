// SPDX-License-Identifier: LGPL-2.1-or-later
/* Events, log lines and negotiated options, for all parts of a machine. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "vmm/machine/machine.h"

void machine_tell(const struct papr_vmm *vmm, const struct papr_event *event)
{
	if (vmm->env.event)
		vmm->env.event(vmm->env.priv, event);
}

void machine_log(const struct papr_vmm *vmm, const char *format, ...)
{
	char *line;
	va_list args;
	int len;

	if (!vmm->env.log)
		return;

	va_start(args, format);
	len = vasprintf(&line, format, args);
	va_end(args);
	if (len < 0)
		return;
	vmm->env.log(vmm->env.priv, line);
	free(line);
}

bool machine_negotiated(const struct papr_vmm *vmm, unsigned int byte, uint8_t mask)
{
	return byte && byte <= sizeof(vmm->ov5) && (vmm->ov5[byte - 1] & mask);
}
