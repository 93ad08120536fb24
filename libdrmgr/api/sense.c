// SPDX-License-Identifier: LGPL-2.1-or-later
/* What firmware senses, and what that says of the host. */
#include <string.h>

#include "libdrmgr/api/context.h"
#include "libdrmgr/api/sense.h"
#include "kern/cleanup.h"
#include "kern/text.h"

static const char *sense_name(uint32_t sense)
{
	static const char *const names[] = {
		[DRC_SENSE_EMPTY] = "empty",	   [DRC_SENSE_PRESENT] = "present",
		[DRC_SENSE_UNUSABLE] = "unusable", [DRC_SENSE_EXCHANGE] = "exchange",
		[DRC_SENSE_RECOVER] = "recover",
	};

	return sense < ARRAY_SIZE(names) ? names[sense] : NULL;
}

static struct dr_error sense_error(void)
{
	return (struct dr_error){ .fault = DR_FAULT_CALL,
				  .step = "sense",
				  .call = "get-sensor-state" };
}

static int sense_read(struct dr *dr, uint32_t index, uint32_t *sense,
		      struct dr_error *error)
{
	struct deadline dl = deadline_in_ms(DR_CALL_MS);
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, index } };
	int32_t status;
	int err;

	*error = sense_error();
	err = engine_call(dr->session.dr.engine, RTAS_GET_SENSOR_STATE, &args, &status,
			  &dl);
	if (!err && status) {
		error->fault = DR_FAULT_FIRMWARE;
		error->status = status;
		err = -EREMOTEIO;
	}
	*sense = args.out[1];
	return err;
}

int dr_sense(struct dr *dr, uint32_t index, const char **state)
{
	struct dr_error error = sense_error();
	uint32_t sense;
	int err;

	*state = NULL;
	err = context_open_firmware(dr);
	if (err)
		return err;
	if (geteuid())
		return context_fail(dr, &error, text_of("Only root can call firmware"),
				    -EPERM);
	err = sense_read(dr, index, &sense, &error);
	if (err)
		return context_fail(dr, &error, text_of("%s", strerror(-err)), err);
	*state = sense_name(sense);
	return 0;
}

int sense_begin(struct dr_list *list)
{
	struct dr *dr = list->context;
	int err = context_open_firmware(dr);

	list->error = err ? dr->error : sense_error();
	if (!err && geteuid())
		err = list->error.err = -EPERM;
	return err;
}

/* A logical connector that the partition does not own is unusable, whether or not the host
 * has a resource for it (QEMU, all states): only an allocation shows that. */
enum connector_offer sense_offer(const struct dr_list *list)
{
	const struct dr_connector *connector = &list->current;
	uint32_t index = dr_connector_get_index(connector), sense;
	struct dr_error error;

	if (connector->state != CONNECTOR_EMPTY &&
	    connector->state != CONNECTOR_NOT_OWNED)
		return OFFER_NO;
	if (!index || sense_read(list->context, index, &sense, &error))
		return OFFER_UNKNOWN;
	switch (sense) {
	case DRC_SENSE_EMPTY:
		return OFFER_NO;
	case DRC_SENSE_PRESENT:
		return OFFER_YES;
	default:
		return OFFER_UNKNOWN;
	}
}
