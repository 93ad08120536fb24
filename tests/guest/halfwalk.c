// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: librtas.la */
/*
 * halfwalk - leave a connector like a program that was killed in the middle of an
 * addition
 *
 *   halfwalk DRC-INDEX STEPS|all
 *
 * Unisolates a connector and makes STEPS calls of ibm,configure-connector, with the
 * installed library; "all": to the end. Prints the status of each call.
 */
#include <endian.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "librtas/librtas.h"

int main(int argc, char *argv[])
{
	static union {
		char bytes[4096];
		uint32_t word[1024];
	} area;
	int index, rc;

	if (argc != 3)
		return 2;
	index = (int)strtoul(argv[1], NULL, 0);
	rc = rtas_set_indicator(9001, index, 1);
	printf("%d\n", rc);
	area.word[0] = htobe32((uint32_t)index);
	if (!strcmp(argv[2], "all")) {
		while ((rc = rtas_cfg_connector(area.bytes)) > 0)
			printf("%d\n", rc);
		return rc != 0;
	}
	for (long n = strtol(argv[2], NULL, 10); !rc && n > 0; n--)
		printf("%d\n", rtas_cfg_connector(area.bytes));
	return rc != 0;
}
