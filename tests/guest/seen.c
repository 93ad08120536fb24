// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: */
/* seen - print all of a guest that drmgr's operations can change */
#include <stdio.h>

#include "state.h"

int main(void)
{
	struct bytes out = { 0 };

	state_read(&out);
	fwrite(out.data, 1, out.len, stdout);
	bytes_free(&out);
	return fflush(stdout) ? 1 : 0;
}
