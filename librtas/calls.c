// SPDX-License-Identifier: LGPL-2.1-or-later
/* Public functions that make exactly one call into firmware: inputs in order, the
 * caller's buffer, outputs in order. */
#include "librtas/library.h"
#include "librtas/librtas.h"
#include "wire/drc.h"

int rtas_activate_firmware(void)
{
	return LIBRARY_CALL(RTAS_ACTIVATE_FIRMWARE);
}

/* char is signed on some machines; firmware expects the byte. */
int rtas_display_char(char c)
{
	return LIBRARY_CALL(RTAS_DISPLAY_CHARACTER, INPUTS((unsigned char)c));
}

int rtas_display_msg(char *buf)
{
	return LIBRARY_CALL(RTAS_DISPLAY_MESSAGE, BUFFERS(buf));
}

int rtas_errinjct(int etoken, int otoken, char *workarea)
{
	return LIBRARY_CALL(RTAS_ERRINJCT, INPUTS((uint32_t)etoken, (uint32_t)otoken),
			    BUFFERS(workarea));
}

int rtas_errinjct_close(int otoken)
{
	return LIBRARY_CALL(RTAS_CLOSE_ERRINJCT, INPUTS((uint32_t)otoken));
}

int rtas_errinjct_open(int *otoken)
{
	return LIBRARY_CALL(RTAS_OPEN_ERRINJCT, OUTPUTS(otoken));
}

int rtas_get_config_addr_info2(uint32_t cfg_addr, uint64_t phb_id, uint32_t func,
			       uint32_t *info)
{
	return LIBRARY_CALL(RTAS_GET_CONFIG_ADDR_INFO2,
			    INPUTS(cfg_addr, HIGH(phb_id), LOW(phb_id), func),
			    OUTPUTS(info));
}

int rtas_get_power_level(int powerdomain, int *level)
{
	return LIBRARY_CALL(RTAS_GET_POWER_LEVEL, INPUTS((uint32_t)powerdomain),
			    OUTPUTS(level));
}

int rtas_get_sensor(int sensor, int index, int *state)
{
	return LIBRARY_CALL(RTAS_GET_SENSOR_STATE,
			    INPUTS((uint32_t)sensor, (uint32_t)index), OUTPUTS(state));
}

int rtas_get_time(uint32_t *year, uint32_t *month, uint32_t *day, uint32_t *hour,
		  uint32_t *min, uint32_t *sec, uint32_t *nsec)
{
	return LIBRARY_CALL(RTAS_GET_TIME_OF_DAY,
			    OUTPUTS(year, month, day, hour, min, sec, nsec));
}

int rtas_lpar_perftools(int subfunc, char *workarea, unsigned int length,
			unsigned int sequence, unsigned int *seq_next)
{
	return LIBRARY_CALL(
		RTAS_LPAR_PERFTOOLS,
		INPUTS((uint32_t)subfunc, 0, 0, library_size(length), sequence),
		BUFFERS(workarea), OUTPUTS(seq_next));
}

int rtas_read_slot_reset(uint32_t cfg_addr, uint64_t phbid, int *state, int *eeh)
{
	return LIBRARY_CALL(RTAS_READ_SLOT_RESET_STATE,
			    INPUTS(cfg_addr, HIGH(phbid), LOW(phbid)),
			    OUTPUTS(state, eeh));
}

int rtas_scan_log_dump(void *buffer, size_t length)
{
	return LIBRARY_CALL(RTAS_SCAN_LOG_DUMP, INPUTS(0, library_size(length)),
			    BUFFERS(buffer));
}

int rtas_set_eeh_option(uint32_t cfg_addr, uint64_t phbid, int function)
{
	return LIBRARY_CALL(RTAS_SET_EEH_OPTION, INPUTS(cfg_addr, HIGH(phbid), LOW(phbid),
							(uint32_t)function));
}

/* The isolation of a connector ends its walk. */
int rtas_set_indicator(int indicator, int index, int new_value)
{
	int result = LIBRARY_CALL(
		RTAS_SET_INDICATOR,
		INPUTS((uint32_t)indicator, (uint32_t)index, (uint32_t)new_value));

	if (!result && indicator == DRC_ISOLATION && new_value == DRC_ISOLATE)
		configure_abandon((uint32_t)index);
	return result;
}

int rtas_set_power_level(int powerdomain, int level, int *setlevel)
{
	return LIBRARY_CALL(RTAS_SET_POWER_LEVEL,
			    INPUTS((uint32_t)powerdomain, (uint32_t)level),
			    OUTPUTS(setlevel));
}

int rtas_set_poweron_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
			  uint32_t min, uint32_t sec, uint32_t nsec)
{
	return LIBRARY_CALL(RTAS_SET_TIME_FOR_POWER_ON,
			    INPUTS(year, month, day, hour, min, sec, nsec));
}

int rtas_set_time(uint32_t year, uint32_t month, uint32_t day, uint32_t hour,
		  uint32_t min, uint32_t sec, uint32_t nsec)
{
	return LIBRARY_CALL(RTAS_SET_TIME_OF_DAY,
			    INPUTS(year, month, day, hour, min, sec, nsec));
}

/* Linux takes the stream id as two arguments; firmware's own call has none. Callers
 * expect this call without library_check(). */
int rtas_suspend_me(uint64_t streamid)
{
	return LIBRARY_CALL(RTAS_SUSPEND_ME, INPUTS(HIGH(streamid), LOW(streamid)),
			    .unchecked = true);
}

int rtas_update_nodes(char *workarea, unsigned int scope)
{
	return LIBRARY_CALL(RTAS_UPDATE_NODES, INPUTS(0, scope), BUFFERS(workarea));
}

int rtas_update_properties(char *workarea, unsigned int scope)
{
	return LIBRARY_CALL(RTAS_UPDATE_PROPERTIES, INPUTS(0, scope), BUFFERS(workarea));
}

int rtas_delay_timeout(uint64_t timeout_ms)
{
	int err = library_check();

	if (!err)
		library_set_timeout(timeout_ms);
	return err;
}

int rtas_set_debug(int level)
{
	library_set_debug(level);
	return 0;
}
