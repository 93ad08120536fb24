// SPDX-License-Identifier: LGPL-2.1-or-later
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/base/mac.h"
#include "vmm/base/machine.h"

bool mac_read(const char *text, uint8_t mac[MAC_BYTES])
{
	for (int i = 0; i < MAC_BYTES; i++) {
		char pair[3] = { text[0], text[0] ? text[1] : '\0', '\0' };

		if (!isxdigit((unsigned char)pair[0]) ||
		    !isxdigit((unsigned char)pair[1]) ||
		    text[2] != (i < MAC_BYTES - 1 ? ':' : '\0'))
			return false;
		mac[i] = (uint8_t)strtoul(pair, NULL, 16);
		text += 3;
	}
	return true;
}

static const uint8_t first[MAC_BYTES] = { 0x52, 0x54, 0x00, 0x12, 0x34, 0x56 };

int mac_keep(const struct papr_vmm *vmm, const uint8_t mac[MAC_BYTES])
{
	bool *used = machine_of(vmm)->macs_used;
	int n = mac[MAC_BYTES - 1] - first[MAC_BYTES - 1];

	if (memcmp(mac, first, MAC_BYTES - 1) || n < 0 || used[n])
		return -1;
	used[n] = true;
	return n;
}

int mac_take(const struct papr_vmm *vmm, uint8_t mac[MAC_BYTES])
{
	bool *used = machine_of(vmm)->macs_used;
	int n = 0;

	while (n < MAC_DEFAULTS && used[n])
		n++;
	memcpy(mac, first, MAC_BYTES);
	mac[MAC_BYTES - 1] = (uint8_t)(mac[MAC_BYTES - 1] + n);
	if (n == MAC_DEFAULTS)
		return -1;
	used[n] = true;
	return n;
}

void mac_release(const struct papr_vmm *vmm, int number)
{
	if (number >= 0)
		machine_of(vmm)->macs_used[number] = false;
}
