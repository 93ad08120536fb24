// SPDX-License-Identifier: LGPL-2.1-or-later
/* System parameters. */
#include "librtas/library.h"
#include "librtas/librtas.h"

int rtas_get_sysparm(unsigned int parameter, unsigned int length, char *data)
{
	return LIBRARY_CALL(RTAS_GET_SYSTEM_PARAMETER,
			    INPUTS(parameter, 0, library_size(length)), BUFFERS(data));
}

int rtas_set_sysparm(unsigned int parameter, char *data)
{
	return LIBRARY_CALL(RTAS_SET_SYSTEM_PARAMETER, INPUTS(parameter), BUFFERS(data));
}
