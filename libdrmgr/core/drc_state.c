// SPDX-License-Identifier: LGPL-2.1-or-later
#include "libdrmgr/core/drc_state.h"

static const char *const led_ops[] = {
	[DRC_LED_OFF] = "led-off",
	[DRC_LED_ON] = "led-on",
	[DRC_LED_IDENTIFY] = "led-identify",
	[DRC_LED_ACTION] = "led-action",
};

static int drc_set_indicator(struct xact *x, const char *op, enum drc_indicator type,
			     const struct connector *c, uint32_t value)
{
	struct rtas_args args = { .in = { type, c->drc.index, value } };

	return xact_call_ok(x, op, RTAS_SET_INDICATOR, &args);
}

int drc_isolate(struct xact *x, const struct connector *c)
{
	return drc_set_indicator(x, "isolate", DRC_ISOLATION, c, DRC_ISOLATE);
}

int drc_unisolate(struct xact *x, const struct connector *c)
{
	return drc_set_indicator(x, "unisolate", DRC_ISOLATION, c, DRC_UNISOLATE);
}

int drc_try_isolate(struct xact *x, const struct connector *c, int32_t *status)
{
	struct rtas_args args = { .in = { DRC_ISOLATION, c->drc.index, DRC_ISOLATE } };

	return xact_call(x, "isolate", RTAS_SET_INDICATOR, &args, status);
}

int drc_try_isolate_patiently(struct xact *x, const struct connector *c, int32_t *status)
{
	struct deadline dl = xact_wait_until(x, DR_ISOLATE_MS);
	int64_t second = 0;
	int pause = 0, err;

	for (;;) {
		err = drc_try_isolate(x, c, status);
		if (err || *status != DRC_INDICATOR_TRANSLATIONS)
			return err;
		dr_tell_wait(x->dr, &dl, &second, "DMA translations of %s to end",
			     c->drc.name);
		pause = deadline_backoff_ms(pause);
		if (!xact_pause(x, &dl, pause))
			return 0;
	}
}

int drc_isolate_patiently(struct xact *x, const struct connector *c)
{
	int32_t status;
	int err = drc_try_isolate_patiently(x, c, &status);

	return err || !status ? err
			      : xact_refused(x, "isolate", RTAS_SET_INDICATOR, status);
}

int drc_allocate(struct xact *x, const struct connector *c)
{
	return drc_set_indicator(x, "allocate", DRC_ALLOCATION, c, DRC_USABLE);
}

int drc_deallocate(struct xact *x, const struct connector *c)
{
	return drc_set_indicator(x, "deallocate", DRC_ALLOCATION, c, DRC_UNUSABLE);
}

int drc_power(struct xact *x, const struct connector *c, uint32_t level)
{
	struct rtas_args args = { .in = { c->drc.power_domain, level } };

	return xact_call_ok(x, level ? "power-on" : "power-off", RTAS_SET_POWER_LEVEL,
			    &args);
}

int drc_led(struct xact *x, const struct connector *c, enum drc_led led)
{
	return drc_set_indicator(x, led_ops[led], DRC_DR_INDICATOR, c, led);
}

int drc_sense(struct xact *x, const struct connector *c, int32_t *sense)
{
	struct rtas_args args = { .in = { DRC_ENTITY_SENSE, c->drc.index } };
	int32_t status;
	int err = xact_call(x, "sense", RTAS_GET_SENSOR_STATE, &args, &status);

	*sense = status ? status : (int32_t)args.out[1];
	/* A positive status is neither a sensor's state nor an error of a sensor. */
	return !err && status > 0
		       ? xact_refused(x, "sense", RTAS_GET_SENSOR_STATE, status)
		       : err;
}

const char *drc_sense_text(int32_t sense)
{
	static const char *const texts[] = {
		[DRC_SENSE_EMPTY] = "Unable to allocate the resource to the partition.",
		[DRC_SENSE_PRESENT] = "Resource is already assigned to the partition.",
		[DRC_SENSE_UNUSABLE] = "Resource is not available to the partition.",
		[DRC_SENSE_EXCHANGE] = "Resource is available for exchange.",
		[DRC_SENSE_RECOVER] = "Resource is available for recovery by partition.",
	};

	return sense >= 0 && sense < (int32_t)ARRAY_SIZE(texts) ? texts[sense] : "";
}
