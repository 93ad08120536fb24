// SPDX-License-Identifier: GPL-2.0-or-later
#include "drmon/sense.h"
#include "kern/cleanup.h"

int sense_connector(const struct dr_ctx *dr, uint32_t index, int32_t *sense)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, index } };
	int32_t status;
	int err;

	if (!dr->engine)
		return -ENOTSUP;
	err = engine_call(dr->engine, RTAS_GET_SENSOR_STATE, &args, &status, &dl);
	if (err)
		return err;
	*sense = (int32_t)args.out[1];
	return status ? -EREMOTEIO : 0;
}

const char *sense_name(int32_t sense)
{
	static const char *const names[] = {
		[DRC_SENSE_EMPTY] = "empty",	   [DRC_SENSE_PRESENT] = "present",
		[DRC_SENSE_UNUSABLE] = "unusable", [DRC_SENSE_EXCHANGE] = "exchange",
		[DRC_SENSE_RECOVER] = "recover",
	};

	return sense >= 0 && (size_t)sense < ARRAY_SIZE(names) ? names[sense] : NULL;
}
