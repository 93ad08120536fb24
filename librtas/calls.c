// SPDX-License-Identifier: LGPL-2.1-or-later
/* The public calls that need no work area: inputs in order, outputs in order. */
#include "librtas/library.h"
#include "librtas/librtas.h"

#define CALL(call, ...) \
	library_call(call, &(struct rtas_args){ .in = { __VA_ARGS__ } }, NULL, 0)
#define OUTPUTS(n, ...) ((void *const[]){ __VA_ARGS__ }), n
#define CALL_OUT(call, outputs, ...) \
	library_call(call, &(struct rtas_args){ .in = { __VA_ARGS__ } }, outputs)
#define HIGH(v) ((uint32_t)((v) >> 32))
#define LOW(v)	((uint32_t)(v))

int rtas_activate_firmware(void)
{
	return CALL(RTAS_ACTIVATE_FIRMWARE, 0);
}

int rtas_display_char(char c)
{
	return CALL(RTAS_DISPLAY_CHARACTER, (unsigned char)c);
}

int rtas_errinjct_close(int otoken)
{
	return CALL(RTAS_CLOSE_ERRINJCT, (uint32_t)otoken);
}

int rtas_errinjct_open(int *otoken)
{
	return CALL_OUT(RTAS_OPEN_ERRINJCT, OUTPUTS(1, otoken), 0);
}

int rtas_get_config_addr_info2(uint32_t cfg_addr, uint64_t phb_id, uint32_t func,
			       uint32_t *info)
{
	return CALL_OUT(RTAS_GET_CONFIG_ADDR_INFO2, OUTPUTS(1, info), cfg_addr,
			HIGH(phb_id), LOW(phb_id), func);
}

int rtas_get_power_level(int powerdomain, int *level)
{
	return CALL_OUT(RTAS_GET_POWER_LEVEL, OUTPUTS(1, level), (uint32_t)powerdomain);
}

int rtas_get_sensor(int sensor, int index, int *state)
{
	return CALL_OUT(RTAS_GET_SENSOR_STATE, OUTPUTS(1, state), (uint32_t)sensor,
			(uint32_t)index);
}

int rtas_get_time(uint32_t *year, uint32_t *month, uint32_t *day, uint32_t *hour,
		  uint32_t *min, uint32_t *sec, uint32_t *nsec)
{
	return CALL_OUT(RTAS_GET_TIME_OF_DAY,
			OUTPUTS(7, year, month, day, hour, min, sec, nsec), 0);
}

int rtas_read_slot_reset(uint32_t cfg_addr, uint64_t phbid, int *state, int *eeh)
{
	return CALL_OUT(RTAS_READ_SLOT_RESET_STATE, OUTPUTS(2, state, eeh), cfg_addr,
			HIGH(phbid), LOW(phbid));
}

int rtas_set_eeh_option(uint32_t cfg_addr, uint64_t phbid, int function)
{
	return CALL(RTAS_SET_EEH_OPTION, cfg_addr, HIGH(phbid), LOW(phbid),
		    (uint32_t)function);
}

int rtas_set_indicator(int indicator, int index, int new_value)
{
	return CALL(RTAS_SET_INDICATOR, (uint32_t)indicator, (uint32_t)index,
		    (uint32_t)new_value);
}

int rtas_set_power_level(int powerdomain, int level, int *setlevel)
{
	return CALL_OUT(RTAS_SET_POWER_LEVEL, OUTPUTS(1, setlevel), (uint32_t)powerdomain,
			(uint32_t)level);
}

int rtas_set_poweron_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
			  uint32_t min, uint32_t sec, uint32_t nsec)
{
	return CALL(RTAS_SET_TIME_FOR_POWER_ON, year, month, day, hour, min, sec, nsec);
}

int rtas_set_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
		  uint32_t min, uint32_t sec, uint32_t nsec)
{
	return CALL(RTAS_SET_TIME_OF_DAY, year, month, day, hour, min, sec, nsec);
}

/* Linux takes the stream id as arguments; firmware's own call has none. The call is
 * made without the checks of the others, as callers expect. */
int rtas_suspend_me(uint64_t streamid)
{
	struct rtas_args args = { .in = { HIGH(streamid), LOW(streamid) } };
	struct rtas_engine *engine = library_engine();
	struct deadline dl = library_deadline();
	int32_t status;
	int err;

	if (!engine)
		return RTAS_NO_MEM;

	err = engine_call(engine, RTAS_SUSPEND_ME, &args, &status, &dl);
	return library_result(err, err ? 0 : status);
}

int rtas_delay_timeout(uint64_t timeout_ms)
{
	library_set_timeout(timeout_ms);
	return 0;
}

int rtas_set_debug(int level)
{
	library_set_debug(level);
	return 0;
}
