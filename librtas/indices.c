// SPDX-License-Identifier: LGPL-2.1-or-later
/* Sensors and indicators that are named by a location code, and their indices. */
#include "librtas/library.h"
#include "librtas/librtas.h"

int rtas_get_indices(int is_sensor, int type, char *workarea, size_t size, int start,
		     int *next)
{
	return LIBRARY_CALL(RTAS_GET_INDICES,
			    INPUTS((uint32_t)is_sensor, (uint32_t)type, 0,
				   library_size(size), (uint32_t)start),
			    BUFFERS(workarea), OUTPUTS(next));
}

int rtas_get_dynamic_sensor(int sensor, void *loc_code, int *state)
{
	return LIBRARY_CALL(RTAS_GET_DYNAMIC_SENSOR_STATE, INPUTS((uint32_t)sensor),
			    BUFFERS(loc_code), OUTPUTS(state));
}

int rtas_set_dynamic_indicator(int indicator, int new_value, void *loc_code)
{
	return LIBRARY_CALL(RTAS_SET_DYNAMIC_INDICATOR,
			    INPUTS((uint32_t)indicator, (uint32_t)new_value),
			    BUFFERS(loc_code));
}
