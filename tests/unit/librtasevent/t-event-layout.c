// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * The layout of librtasevent's structures is its ABI: sizes, offsets, and the bits of bit
 * fields. Bits are counted from the end at which the compiler begins.
 */
#include <limits.h>

#include "librtas/librtasevent.h"
#include "tests/unit/fakes/test.h"

/* Sizes of 64-bit machines. On others pointers are narrower, and later members are
 * earlier. */
#define IS_64BIT (sizeof(void *) == 8)

#define SIZE(type, bytes) \
	_Static_assert(!IS_64BIT || sizeof(struct type) == (bytes), #type)
#define AT(type, field, at64, at32)                                                  \
	_Static_assert(offsetof(struct type, field) == (IS_64BIT ? (at64) : (at32)), \
		       #type "." #field)
/* After a struct scn_header, after a struct rtas_fru_hdr. */
#define AFTER_HEAD(type, field, at)	AT(type, field, at, (at)-8)
#define AFTER_FRU_HEAD(type, field, at) AT(type, field, at, (at)-8)
#define RAW(type, bytes)		_Static_assert(sizeof(struct type) == (bytes), #type)

// clang-format off
SIZE(scn_header, 24);
AT(scn_header, next, 0, 0);
AT(scn_header, re, 8, 4);
AT(scn_header, raw_offset, 16, 8);
AT(scn_header, scn_id, 20, 12);
SIZE(rtas_event, 32);
AT(rtas_event, version, 0, 0);
AT(rtas_event, event_no, 4, 4);
AT(rtas_event, buffer, 8, 8);
AT(rtas_event, offset, 16, 12);
AT(rtas_event, event_length, 20, 16);
AT(rtas_event, event_scns, 24, 20);
SIZE(rtas_date, 12);
AT(rtas_date, year, 0, 0);
AT(rtas_date, month, 4, 4);
AT(rtas_date, day, 8, 8);
SIZE(rtas_time, 16);
AT(rtas_time, hour, 0, 0);
AT(rtas_time, minutes, 4, 4);
AT(rtas_time, seconds, 8, 8);
AT(rtas_time, hundredths, 12, 12);
SIZE(rtas_event_hdr, 56);
AT(rtas_event_hdr, shdr, 0, 0);
AFTER_HEAD(rtas_event_hdr, version, 24);
AFTER_HEAD(rtas_event_hdr, severity, 28);
AFTER_HEAD(rtas_event_hdr, disposition, 32);
AFTER_HEAD(rtas_event_hdr, extended, 36);
AFTER_HEAD(rtas_event_hdr, initiator, 40);
AFTER_HEAD(rtas_event_hdr, target, 44);
AFTER_HEAD(rtas_event_hdr, type, 48);
AFTER_HEAD(rtas_event_hdr, ext_log_length, 52);
SIZE(rtas_event_exthdr, 128);
AT(rtas_event_exthdr, shdr, 0, 0);
AFTER_HEAD(rtas_event_exthdr, valid, 24);
AFTER_HEAD(rtas_event_exthdr, unrecoverable, 28);
AFTER_HEAD(rtas_event_exthdr, recoverable, 32);
AFTER_HEAD(rtas_event_exthdr, unrecoverable_bypassed, 36);
AFTER_HEAD(rtas_event_exthdr, predictive, 40);
AFTER_HEAD(rtas_event_exthdr, newlog, 44);
AFTER_HEAD(rtas_event_exthdr, bigendian, 48);
AFTER_HEAD(rtas_event_exthdr, platform_specific, 52);
AFTER_HEAD(rtas_event_exthdr, platform_value, 56);
AFTER_HEAD(rtas_event_exthdr, power_pc, 60);
AFTER_HEAD(rtas_event_exthdr, addr_invalid, 64);
AFTER_HEAD(rtas_event_exthdr, format_type, 68);
AFTER_HEAD(rtas_event_exthdr, non_hardware, 72);
AFTER_HEAD(rtas_event_exthdr, hot_plug, 76);
AFTER_HEAD(rtas_event_exthdr, group_failure, 80);
AFTER_HEAD(rtas_event_exthdr, residual, 84);
AFTER_HEAD(rtas_event_exthdr, boot, 88);
AFTER_HEAD(rtas_event_exthdr, config_change, 92);
AFTER_HEAD(rtas_event_exthdr, post, 96);
AFTER_HEAD(rtas_event_exthdr, time, 100);
AFTER_HEAD(rtas_event_exthdr, date, 116);
SIZE(rtas_v6_hdr, 20);
AT(rtas_v6_hdr, id, 0, 0);
AT(rtas_v6_hdr, length, 4, 4);
AT(rtas_v6_hdr, version, 8, 8);
AT(rtas_v6_hdr, subtype, 12, 12);
AT(rtas_v6_hdr, creator_comp_id, 16, 16);
SIZE(rtas_priv_hdr_scn, 112);
AFTER_HEAD(rtas_priv_hdr_scn, v6hdr, 24);
AFTER_HEAD(rtas_priv_hdr_scn, date, 44);
AFTER_HEAD(rtas_priv_hdr_scn, time, 56);
AFTER_HEAD(rtas_priv_hdr_scn, creator_id, 72);
AFTER_HEAD(rtas_priv_hdr_scn, scn_count, 76);
AFTER_HEAD(rtas_priv_hdr_scn, creator_subid_hi, 80);
AFTER_HEAD(rtas_priv_hdr_scn, creator_subid_lo, 84);
AFTER_HEAD(rtas_priv_hdr_scn, plid, 88);
AFTER_HEAD(rtas_priv_hdr_scn, log_entry_id, 92);
AFTER_HEAD(rtas_priv_hdr_scn, creator_subid_name, 96);
SIZE(rtas_usr_hdr_scn, 64);
AFTER_HEAD(rtas_usr_hdr_scn, v6hdr, 24);
AFTER_HEAD(rtas_usr_hdr_scn, subsystem_id, 44);
AFTER_HEAD(rtas_usr_hdr_scn, event_data, 48);
AFTER_HEAD(rtas_usr_hdr_scn, event_severity, 52);
AFTER_HEAD(rtas_usr_hdr_scn, event_type, 56);
AFTER_HEAD(rtas_usr_hdr_scn, action, 60);
SIZE(rtas_epow_scn, 88);
AFTER_HEAD(rtas_epow_scn, sensor_token, 32);
AFTER_HEAD(rtas_epow_scn, sensor_index, 36);
AFTER_HEAD(rtas_epow_scn, sensor_value2, 40);
AFTER_HEAD(rtas_epow_scn, sensor_status, 44);
AFTER_HEAD(rtas_epow_scn, v6hdr, 52);
AFTER_HEAD(rtas_epow_scn, event_modifier, 72);
AFTER_HEAD(rtas_epow_scn, reason_code, 76);
SIZE(rtas_io_scn, 312);
AFTER_HEAD(rtas_io_scn, v6hdr, 56);
AFTER_HEAD(rtas_io_scn, event_type, 76);
AFTER_HEAD(rtas_io_scn, rpc_length, 80);
AFTER_HEAD(rtas_io_scn, scope, 84);
AFTER_HEAD(rtas_io_scn, subtype, 88);
AFTER_HEAD(rtas_io_scn, drc_index, 92);
AFTER_HEAD(rtas_io_scn, rpc_data, 96);
SIZE(rtas_cpu_scn, 56);
AFTER_HEAD(rtas_cpu_scn, failing_address_hi, 28);
AFTER_HEAD(rtas_cpu_scn, failing_address_lo, 32);
SIZE(rtas_mem_scn, 56);
AFTER_HEAD(rtas_mem_scn, failing_address_hi, 28);
AFTER_HEAD(rtas_mem_scn, failing_address_lo, 32);
AFTER_HEAD(rtas_mem_scn, sub_elements, 40);
SIZE(rtas_post_scn, 112);
AFTER_HEAD(rtas_post_scn, devname, 26);
AFTER_HEAD(rtas_post_scn, err_code, 40);
AFTER_HEAD(rtas_post_scn, firmware_rev, 60);
AFTER_HEAD(rtas_post_scn, loc_code, 72);
SIZE(rtas_ibmsp_scn, 56);
AFTER_HEAD(rtas_ibmsp_scn, ibm, 24);
AFTER_HEAD(rtas_ibmsp_scn, sensor_token, 32);
AFTER_HEAD(rtas_ibmsp_scn, sensor_index, 36);
SIZE(rtas_ibm_diag_scn, 32);
AFTER_HEAD(rtas_ibm_diag_scn, event_id, 24);
SIZE(rtas_vend_errlog, 40);
AFTER_HEAD(rtas_vend_errlog, vendor_id, 24);
AFTER_HEAD(rtas_vend_errlog, vendor_data_sz, 28);
AFTER_HEAD(rtas_vend_errlog, vendor_data, 32);
SIZE(rtas_mtms, 22);
AT(rtas_mtms, model, 0, 0);
AT(rtas_mtms, serial_no, 9, 9);
SIZE(rtas_dump_scn, 112);
AFTER_HEAD(rtas_dump_scn, v6hdr, 24);
AFTER_HEAD(rtas_dump_scn, id, 44);
AFTER_HEAD(rtas_dump_scn, location, 48);
AFTER_HEAD(rtas_dump_scn, fname_type, 52);
AFTER_HEAD(rtas_dump_scn, size_valid, 56);
AFTER_HEAD(rtas_dump_scn, id_len, 60);
AFTER_HEAD(rtas_dump_scn, size_hi, 64);
AFTER_HEAD(rtas_dump_scn, size_lo, 68);
AFTER_HEAD(rtas_dump_scn, os_id, 72);
SIZE(rtas_lri_scn, 64);
AFTER_HEAD(rtas_lri_scn, v6hdr, 24);
AFTER_HEAD(rtas_lri_scn, resource, 44);
AFTER_HEAD(rtas_lri_scn, capacity, 48);
AFTER_HEAD(rtas_lri_scn, lri_cpu_id, 52);
AFTER_HEAD(rtas_lri_scn, lri_drc_index, 52);
AFTER_HEAD(rtas_lri_scn, lri_mem_addr_lo, 52);
AFTER_HEAD(rtas_lri_scn, lri_mem_addr_hi, 56);
SIZE(rtas_fru_hdr, 24);
AT(rtas_fru_hdr, next, 0, 0);
AT(rtas_fru_hdr, id, 8, 4);
AT(rtas_fru_hdr, length, 12, 8);
AT(rtas_fru_hdr, flags, 16, 12);
SIZE(rtas_fru_id_scn, 64);
AT(rtas_fru_id_scn, fruhdr, 0, 0);
AFTER_FRU_HEAD(rtas_fru_id_scn, part_no, 24);
AFTER_FRU_HEAD(rtas_fru_id_scn, procedure_id, 32);
AFTER_FRU_HEAD(rtas_fru_id_scn, ccin, 40);
AFTER_FRU_HEAD(rtas_fru_id_scn, serial_no, 45);
SIZE(rtas_fru_pe_scn, 80);
AT(rtas_fru_pe_scn, fruhdr, 0, 0);
AFTER_FRU_HEAD(rtas_fru_pe_scn, pce_mtms, 24);
AFTER_FRU_HEAD(rtas_fru_pe_scn, pce_name, 46);
SIZE(fru_mru, 8);
AT(fru_mru, priority, 0, 0);
AT(fru_mru, id, 4, 4);
SIZE(rtas_fru_mr_scn, 152);
AT(rtas_fru_mr_scn, fruhdr, 0, 0);
AFTER_FRU_HEAD(rtas_fru_mr_scn, mrus, 28);
SIZE(rtas_fru_scn, 120);
AT(rtas_fru_scn, length, 0, 0);
AT(rtas_fru_scn, type, 4, 4);
AT(rtas_fru_scn, fru_id_included, 8, 8);
AT(rtas_fru_scn, fru_subscn_included, 12, 12);
AT(rtas_fru_scn, priority, 16, 16);
AT(rtas_fru_scn, loc_code_length, 20, 20);
AT(rtas_fru_scn, loc_code, 24, 24);
AT(rtas_fru_scn, next, 104, 104);
AT(rtas_fru_scn, subscns, 112, 108);
SIZE(rtas_src_scn, 144);
AFTER_HEAD(rtas_src_scn, v6hdr, 24);
AFTER_HEAD(rtas_src_scn, version, 44);
AFTER_HEAD(rtas_src_scn, src_platform_data, 48);
AFTER_HEAD(rtas_src_scn, ext_refcode2, 56);
AFTER_HEAD(rtas_src_scn, ext_refcode9, 84);
AFTER_HEAD(rtas_src_scn, primary_refcode, 88);
AFTER_HEAD(rtas_src_scn, subscn_id, 124);
AFTER_HEAD(rtas_src_scn, subscn_platform_data, 128);
AFTER_HEAD(rtas_src_scn, subscn_length, 132);
AFTER_HEAD(rtas_src_scn, fru_scns, 136);
SIZE(rtas_mt_scn, 56);
AFTER_HEAD(rtas_mt_scn, v6hdr, 24);
AFTER_HEAD(rtas_mt_scn, mtms, 32);
SIZE(rtas_v6_generic, 56);
AFTER_HEAD(rtas_v6_generic, v6hdr, 24);
AT(rtas_v6_generic, data, 48, 36); /* no hole before a narrow pointer */
SIZE(rtas_hotplug_scn, 56);
AFTER_HEAD(rtas_hotplug_scn, v6hdr, 24);
AFTER_HEAD(rtas_hotplug_scn, u1, 48);
AFTER_HEAD(rtas_hotplug_scn, u1.drc_index, 48);
AFTER_HEAD(rtas_hotplug_scn, u1.count, 48);
AFTER_HEAD(rtas_hotplug_scn, u1.drc_name, 48);
AFTER_HEAD(rtas_hotplug_scn, u1.indexed.drc_index, 52);
RAW(rtas_date_raw, 4);
RAW(rtas_time_raw, 4);
RAW(rtas_v6_hdr_raw, 8);
RAW(rtas_event_hdr_raw, 8);
RAW(rtas_event_exthdr_raw, 12);
RAW(rtas_priv_hdr_scn_raw, 57);
RAW(rtas_usr_hdr_scn_raw, 24);
RAW(rtas_v6_epow_scn_raw, 18);
RAW(rtas_v6_io_scn_raw, 232);
RAW(rtas_dump_scn_raw, 64);
RAW(rtas_lri_scn_raw, 20);
RAW(rtas_src_scn_raw, 88);
RAW(rtas_fru_scn_raw, 84);
RAW(rtas_fru_hdr_raw, 4);
RAW(rtas_fru_id_scn_raw, 38);
RAW(rtas_fru_pe_scn_raw, 58);
RAW(rtas_fru_mr_scn_raw, 128);
RAW(rtas_hotplug_scn_raw, 16);
// clang-format on

/* Store 1 in a field of zeros: exactly these bits are set. */
static void check_bits(const void *bytes, size_t size, size_t first, size_t count,
		       const char *name)
{
	const uint8_t *byte = bytes;

	for (size_t i = 0; i < size * CHAR_BIT; i++) {
		size_t in_byte = i % CHAR_BIT;
		bool is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;
		bool bit = byte[i / CHAR_BIT] >> (is_big ? 7 - in_byte : in_byte) & 1;

		if (bit != (i >= first && i < first + count))
			fail_msg("%s: byte %zu, bit %zu is %d", name, i / CHAR_BIT,
				 in_byte, bit);
	}
}

/* at64: the byte on a 64-bit machine. */
#define POKE(type, field, at64, bit, count)                            \
	do {                                                           \
		struct type s;                                         \
		size_t at = (at64) - (IS_64BIT ? 0 : 8);               \
                                                                       \
		memset(&s, 0, sizeof(s));                              \
		s.field--;                                             \
		check_bits(&s, sizeof(s), at *CHAR_BIT + (bit), count, \
			   #type "." #field);                          \
	} while (0)

TEST(epow_scn_bits)
{
	POKE(rtas_epow_scn, sensor_value, 24, 0, 28);
	POKE(rtas_epow_scn, action_code, 27, 4, 4);
	POKE(rtas_epow_scn, sensor, 28, 0, 1);
	POKE(rtas_epow_scn, power_fault, 28, 1, 1);
	POKE(rtas_epow_scn, fan, 28, 2, 1);
	POKE(rtas_epow_scn, temp, 28, 3, 1);
	POKE(rtas_epow_scn, redundancy, 28, 4, 1);
	POKE(rtas_epow_scn, CUoD, 28, 5, 1);
	POKE(rtas_epow_scn, general, 29, 0, 1);
	POKE(rtas_epow_scn, power_loss, 29, 1, 1);
	POKE(rtas_epow_scn, power_supply, 29, 2, 1);
	POKE(rtas_epow_scn, power_switch, 29, 3, 1);
	POKE(rtas_epow_scn, battery, 29, 4, 1);
}

TEST(io_scn_bits)
{
	POKE(rtas_io_scn, bus_addr_parity, 24, 0, 1);
	POKE(rtas_io_scn, bus_data_parity, 24, 1, 1);
	POKE(rtas_io_scn, bus_timeout, 24, 2, 1);
	POKE(rtas_io_scn, bridge_internal, 24, 3, 1);
	POKE(rtas_io_scn, non_pci, 24, 4, 1);
	POKE(rtas_io_scn, mezzanine_addr_parity, 24, 5, 1);
	POKE(rtas_io_scn, mezzanine_data_parity, 24, 6, 1);
	POKE(rtas_io_scn, mezzanine_timeout, 24, 7, 1);
	POKE(rtas_io_scn, bridge_via_sysbus, 25, 0, 1);
	POKE(rtas_io_scn, bridge_via_mezzanine, 25, 1, 1);
	POKE(rtas_io_scn, bridge_via_expbus, 25, 2, 1);
	POKE(rtas_io_scn, detected_by_expbus, 25, 3, 1);
	POKE(rtas_io_scn, expbus_data_parity, 25, 4, 1);
	POKE(rtas_io_scn, expbus_timeout, 25, 5, 1);
	POKE(rtas_io_scn, expbus_connection_failure, 25, 6, 1);
	POKE(rtas_io_scn, expbus_not_operating, 25, 7, 1);
	POKE(rtas_io_scn, pci_sig_bus_id, 26, 0, 8);
	POKE(rtas_io_scn, pci_sig_busno, 27, 0, 8);
	POKE(rtas_io_scn, pci_sig_devfn, 28, 0, 8);
	POKE(rtas_io_scn, pci_sig_deviceid, 29, 0, 16);
	POKE(rtas_io_scn, pci_sig_vendorid, 32, 0, 16);
	POKE(rtas_io_scn, pci_sig_revisionid, 34, 0, 8);
	POKE(rtas_io_scn, pci_sig_slot, 35, 0, 8);
	POKE(rtas_io_scn, pci_send_bus_id, 36, 0, 8);
	POKE(rtas_io_scn, pci_send_busno, 37, 0, 8);
	POKE(rtas_io_scn, pci_send_devfn, 38, 0, 8);
	POKE(rtas_io_scn, pci_send_deviceid, 40, 0, 16);
	POKE(rtas_io_scn, pci_send_vendorid, 42, 0, 16);
	POKE(rtas_io_scn, pci_send_revisionid, 44, 0, 8);
	POKE(rtas_io_scn, pci_send_slot, 45, 0, 8);
}

TEST(cpu_scn_bits)
{
	POKE(rtas_cpu_scn, internal, 24, 0, 1);
	POKE(rtas_cpu_scn, intcache, 24, 1, 1);
	POKE(rtas_cpu_scn, extcache_parity, 24, 2, 1);
	POKE(rtas_cpu_scn, extcache_ecc, 24, 3, 1);
	POKE(rtas_cpu_scn, sysbus_timeout, 24, 4, 1);
	POKE(rtas_cpu_scn, io_timeout, 24, 5, 1);
	POKE(rtas_cpu_scn, sysbus_parity, 24, 6, 1);
	POKE(rtas_cpu_scn, sysbus_protocol, 24, 7, 1);
	POKE(rtas_cpu_scn, id, 25, 0, 8);
	POKE(rtas_cpu_scn, element, 26, 0, 16);
	POKE(rtas_cpu_scn, try_reboot, 36, 0, 1);
}

TEST(mem_scn_bits)
{
	POKE(rtas_mem_scn, uncorrectable, 24, 0, 1);
	POKE(rtas_mem_scn, ECC, 24, 1, 1);
	POKE(rtas_mem_scn, threshold_exceeded, 24, 2, 1);
	POKE(rtas_mem_scn, control_internal, 24, 3, 1);
	POKE(rtas_mem_scn, bad_address, 24, 4, 1);
	POKE(rtas_mem_scn, bad_data, 24, 5, 1);
	POKE(rtas_mem_scn, bus, 24, 6, 1);
	POKE(rtas_mem_scn, timeout, 24, 7, 1);
	POKE(rtas_mem_scn, sysbus_parity, 25, 0, 1);
	POKE(rtas_mem_scn, sysbus_timeout, 25, 1, 1);
	POKE(rtas_mem_scn, sysbus_protocol, 25, 2, 1);
	POKE(rtas_mem_scn, hostbridge_timeout, 25, 3, 1);
	POKE(rtas_mem_scn, hostbridge_parity, 25, 4, 1);
	POKE(rtas_mem_scn, support, 25, 6, 1);
	POKE(rtas_mem_scn, sysbus_internal, 25, 7, 1);
	POKE(rtas_mem_scn, controller_detected, 26, 0, 8);
	POKE(rtas_mem_scn, controller_faulted, 27, 0, 8);
	POKE(rtas_mem_scn, ecc_syndrome, 36, 0, 16);
	POKE(rtas_mem_scn, memory_card, 38, 0, 8);
	POKE(rtas_mem_scn, element, 44, 0, 16);
}

TEST(post_scn_bits)
{
	POKE(rtas_post_scn, firmware, 24, 0, 1);
	POKE(rtas_post_scn, config, 24, 1, 1);
	POKE(rtas_post_scn, cpu, 24, 2, 1);
	POKE(rtas_post_scn, memory, 24, 3, 1);
	POKE(rtas_post_scn, io, 24, 4, 1);
	POKE(rtas_post_scn, keyboard, 24, 5, 1);
	POKE(rtas_post_scn, mouse, 24, 6, 1);
	POKE(rtas_post_scn, display, 24, 7, 1);
	POKE(rtas_post_scn, ipl_floppy, 25, 0, 1);
	POKE(rtas_post_scn, ipl_controller, 25, 1, 1);
	POKE(rtas_post_scn, ipl_cdrom, 25, 2, 1);
	POKE(rtas_post_scn, ipl_disk, 25, 3, 1);
	POKE(rtas_post_scn, ipl_net, 25, 4, 1);
	POKE(rtas_post_scn, ipl_other, 25, 5, 1);
	POKE(rtas_post_scn, firmware_selftest, 25, 7, 1);
}

TEST(ibmsp_scn_bits)
{
	POKE(rtas_ibmsp_scn, timeout, 28, 0, 1);
	POKE(rtas_ibmsp_scn, i2c_bus, 28, 1, 1);
	POKE(rtas_ibmsp_scn, i2c_secondary_bus, 28, 2, 1);
	POKE(rtas_ibmsp_scn, memory, 28, 3, 1);
	POKE(rtas_ibmsp_scn, registers, 28, 4, 1);
	POKE(rtas_ibmsp_scn, communication, 28, 5, 1);
	POKE(rtas_ibmsp_scn, firmware, 28, 6, 1);
	POKE(rtas_ibmsp_scn, hardware, 28, 7, 1);
	POKE(rtas_ibmsp_scn, vpd_eeprom, 29, 0, 1);
	POKE(rtas_ibmsp_scn, op_panel, 29, 1, 1);
	POKE(rtas_ibmsp_scn, power_controller, 29, 2, 1);
	POKE(rtas_ibmsp_scn, fan_sensor, 29, 3, 1);
	POKE(rtas_ibmsp_scn, thermal_sensor, 29, 4, 1);
	POKE(rtas_ibmsp_scn, voltage_sensor, 29, 5, 1);
	POKE(rtas_ibmsp_scn, serial_port, 30, 0, 1);
	POKE(rtas_ibmsp_scn, nvram, 30, 1, 1);
	POKE(rtas_ibmsp_scn, rtc, 30, 2, 1);
	POKE(rtas_ibmsp_scn, jtag, 30, 3, 1);
	POKE(rtas_ibmsp_scn, tod_battery, 30, 4, 1);
	POKE(rtas_ibmsp_scn, heartbeat, 30, 6, 1);
	POKE(rtas_ibmsp_scn, surveillance, 30, 7, 1);
	POKE(rtas_ibmsp_scn, pcn_connection, 31, 0, 1);
	POKE(rtas_ibmsp_scn, pcn_node, 31, 1, 1);
	POKE(rtas_ibmsp_scn, pcn_access, 31, 4, 1);
}

TEST(hotplug_scn_bits)
{
	POKE(rtas_hotplug_scn, type, 44, 0, 8);
	POKE(rtas_hotplug_scn, action, 45, 0, 8);
	POKE(rtas_hotplug_scn, identifier, 46, 0, 8);
	POKE(rtas_hotplug_scn, reserved, 47, 0, 8);
}
TEST(hot_plug_has_its_identifier_where_it_was)
{
	struct rtas_hotplug_scn hp = { .u1.indexed = { .count = 2, .drc_index = 7 } };

	assert_int_equal(hp.u1.count, 2);
	assert_ptr_equal(&hp.u1.drc_index, &hp.u1.count);
	assert_ptr_equal(hp.u1.drc_name, &hp.u1.count);
}
