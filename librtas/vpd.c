// SPDX-License-Identifier: LGPL-2.1-or-later
/* Vital product data. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"

static enum sequence_way vpd_begin(const char *loc_code, struct sequence **s, int *result)
{
	struct papr_location location = { "" };

	if (strlen(loc_code) >= sizeof(location.str)) {
		*result = RTAS_PARAMETER_ERROR; /* no such part */
		return papr_dev_can_open(library_devices(), RTAS_GET_VPD) ? REFUSED
									  : BY_CALL;
	}
	snprintf(location.str, sizeof(location.str), "%s", loc_code);
	return sequence_begin(RTAS_GET_VPD, loc_code, &location, s, result);
}

int rtas_get_vpd(char *loc_code, char *workarea, size_t size, unsigned int sequence,
		 unsigned int *seq_next, unsigned int *bytes_ret)
{
	char everything[] = "";
	struct sequence *s;
	int result;

	if (!workarea || !size)
		return library_refuse(-EINVAL);
	if (!loc_code)
		loc_code = everything;

	switch (sequence == 1 ? vpd_begin(loc_code, &s, &result)
			      : sequence_find(RTAS_GET_VPD, sequence, &s, &result)) {
	case BY_DEVICE:
		return sequence_piece(s, workarea, size, seq_next, bytes_ret);
	case BY_CALL:
		return LIBRARY_CALL(
			RTAS_GET_VPD, INPUTS(0, 0, library_size(size), sequence),
			BUFFERS(loc_code, workarea), OUTPUTS(seq_next, bytes_ret));
	default:
		return result;
	}
}
