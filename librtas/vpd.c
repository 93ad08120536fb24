// SPDX-License-Identifier: LGPL-2.1-or-later
/* Vital product data. */
#include "librtas/library.h"
#include "librtas/librtas.h"

int rtas_get_vpd(char *loc_code, char *workarea, size_t size, unsigned int sequence,
		 unsigned int *seq_next, unsigned int *bytes_ret)
{
	char everything[] = "";

	return LIBRARY_CALL(RTAS_GET_VPD, INPUTS(0, 0, library_size(size), sequence),
			    BUFFERS(loc_code ? loc_code : everything, workarea),
			    OUTPUTS(seq_next, bytes_ret));
}
