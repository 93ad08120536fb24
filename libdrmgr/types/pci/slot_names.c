// SPDX-License-Identifier: LGPL-2.1-or-later
/* The meaning of slot types, and the order of slot names. */
#include <string.h>

#include "libdrmgr/types/pci/slot_list.h"
#include "wire/number.h"

/* PAPR+ 13.5.2, table of connector types. */
static const char *const pci_types[] = {
	[1] = "PCI 32 bit, 33MHz, 5 volt slot",
	[2] = "PCI 32 bit, 50MHz, 5 volt slot",
	[3] = "PCI 32 bit, 33MHz, 3.3 volt slot",
	[4] = "PCI 64 bit, 33MHz, 5 volt slot",
	[5] = "PCI 64 bit, 50MHz, 5 volt slot",
	[6] = "PCI 64 bit, 33MHz, 3.3 volt slot",
	[7] = "PCI 32 bit, 66MHz, 3.3 volt slot",
	[8] = "PCI 64 bit, 66MHz, 3.3 volt slot",
	[11] = "PCI-X capable, 32 bit, 66MHz slot",
	[12] = "PCI-X capable, 32 bit, 100MHz slot",
	[13] = "PCI-X capable, 32 bit, 133MHz slot",
	[14] = "PCI-X capable, 64 bit, 66MHz slot",
	[15] = "PCI-X capable, 64 bit, 100MHz slot",
	[16] = "PCI-X capable, 64 bit, 133MHz slot",
	[17] = "PCI-X capable, 64 bit, 266MHz slot",
	[18] = "PCI-X capable, 64 bit, 533MHz slot",
	[19] = "PCI-E capable, Rev 1, 1x lanes",
	[20] = "PCI-E capable, Rev 1, 2x lanes",
	[21] = "PCI-E capable, Rev 1, 4x lanes",
	[22] = "PCI-E capable, Rev 1, 8x lanes",
	[23] = "PCI-E capable, Rev 1, 16x lanes",
	[24] = "PCI-E capable, Rev 1, 32x lanes",
	[25] = "PCI-E capable, Rev 2, 1x lanes",
	[26] = "PCI-E capable, Rev 2, 2x lanes",
	[27] = "PCI-E capable, Rev 2, 4x lanes",
	[28] = "PCI-E capable, Rev 2, 8x lanes",
	[29] = "PCI-E capable, Rev 2, 16x lanes",
	[30] = "PCI-E capable, Rev 2, 32x lanes",
	[31] = "PCI-E capable, Rev 3, 8x lanes with 1 lane connected",
	[32] = "PCI-E capable, Rev 3, 8x lanes with 4x lanes connected",
	[33] = "PCI-E capable, Rev 3, 8x lanes with 8x lanes connected",
	[34] = "PCI-E capable, Rev 3, 16x lanes with 1 lane connected",
	[35] = "PCI-E capable, Rev 3, 16x lanes with 8x lanes connected",
	[36] = "PCI-E capable, Rev 3, 16x lanes with 16x lanes connected",
	[37] = "PCI-E capable, Rev 4, 8x lanes with 1 lane connected",
	[38] = "PCI-E capable, Rev 4, 8x lanes with 4x lanes connected",
	[39] = "PCI-E capable, Rev 4, 8x lanes with 8x lanes connected",
	[40] = "PCI-E capable, Rev 4, 16x lanes with 1 lane connected",
	[41] = "PCI-E capable, Rev 4, 16x lanes with 8x lanes connected",
	[42] = "PCI-E capable, Rev 4, 16x lanes with 16x lanes connected",
	[43] = "U.2 PCI-E capable, Rev 3, 4x lanes with 4x lanes connected",
	[44] = "U.2 PCI-E capable, Rev 4, 4x lanes with 4x lanes connected",
	[45] = "U.2 PCI-E capable, Rev 4, 4x lanes with 2x lanes connected",
	[46] = "PCI-E capable, Rev 5, 8x lanes with 1 lane connected",
	[47] = "PCI-E capable, Rev 5, 8x lanes with 4x lanes connected",
	[48] = "PCI-E capable, Rev 5, 8x lanes with 8x lanes connected",
	[49] = "PCI-E capable, Rev 5, 16x lanes with 1 lane connected",
	[50] = "PCI-E capable, Rev 5, 16x lanes with 4x lanes connected",
	[51] = "PCI-E capable, Rev 5, 16x lanes with 8x lanes connected",
	[52] = "U.2 PCI-E capable, Rev 5, 4x lanes with 2x lanes connected",
	[53] = "U.2 PCI-E capable, Rev 5, 4x lanes with 4x lanes connected",
};

const char *slot_description(const char *drc_type)
{
	unsigned long number = strtoul(drc_type, NULL, 10);

	if (!strcmp(drc_type, "SLOT"))
		return "Logical I/O Slot";
	if (number < ARRAY_SIZE(pci_types) && pci_types[number])
		return pci_types[number];
	return "Unknown slot type";
}

static int number_compare(unsigned long a, unsigned long b)
{
	return (a > b) - (a < b);
}

/* Read a number and move *p after it. A '-' or the end of the name ends the number. Only
 * its last 16 digits count. */
static unsigned long hex_number(const char **p)
{
	unsigned long v = 0;

	for (unsigned int digit; (digit = number_digit(**p)) < 16; ++*p)
		v = v << 4 | digit;
	return v;
}

/* Compare parts such as "P1.5" and "P1/2": letter, number, further numbers, '/' before
 * '.'. */
static int slot_compare_parts(const char *a, const char *a_end, const char *b,
			      const char *b_end)
{
	int order = 0;

	while (!order && a < a_end && b < b_end) {
		if (*a != *b && (*a == '/' || *b == '/'))
			return *a == '/' ? -1 : 1;
		if (*a != *b)
			return number_compare((unsigned char)*a, (unsigned char)*b);
		a++;
		b++;
		order = number_compare(hex_number(&a), hex_number(&b));
	}

	return order ? order
		     : number_compare((unsigned long)(a_end - a),
				      (unsigned long)(b_end - b));
}

uint64_t slot_name_key(const char *name)
{
	enum { LETTER_AT = 56, DIGITS = LETTER_AT / 4 };
	const char *end = name + 1;
	unsigned long number;

	if (*name < 'A' || *name > 'Z')
		return 0;
	number = hex_number(&end);
	return *end || end - name > DIGITS ? 0 : (uint64_t)*name << LETTER_AT | number;
}

int slot_compare_names(const char *a, const char *b)
{
	int order = 0;

	while (!order && *a && *b) {
		const char *a_end = strchrnul(a, '-'), *b_end = strchrnul(b, '-');

		order = slot_compare_parts(a, a_end, b, b_end);
		a = a_end + (*a_end == '-');
		b = b_end + (*b_end == '-');
	}

	return order ? order : number_compare((unsigned char)*a, (unsigned char)*b);
}
