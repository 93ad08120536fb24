// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: librtas.la */
/*
 * areas - allocate work areas of 4096 bytes with the installed library until none is
 * left, free all, and print their number
 *
 *   areas [hold]
 *
 * With "hold", print it, keep the first area, and stop this process.
 */
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "librtas/librtas.h"

int main(int argc, char *argv[])
{
	struct {
		void *va;
		uint32_t pa;
	} area[64];
	int n = 0;

	if (argc > 1 && !strcmp(argv[1], "hold")) {
		n = !rtas_get_rmo_buffer(4096, &area[0].va, &area[0].pa);
		printf("%d\n", n);
		fflush(stdout);
		raise(SIGSTOP);
		return 0;
	}

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
	rtas_delay_timeout(200); /* do not wait for areas of other processes */
	while (n < 16 && !rtas_get_rmo_buffer(4096, &area[n].va, &area[n].pa)) {
		if (n && area[n].pa != area[n - 1].pa + 4096)
			break;
		n++;
	}
	printf("%d\n", n);
	while (n--)
		if (rtas_free_rmo_buffer(area[n].va, area[n].pa, 4096))
			return 1;
	return 0;
}
