// SPDX-License-Identifier: GPL-2.0-or-later
/* The fields in the bodies of events of the versions before 6. */
#include <limits.h>

#include "tests/unit/fakes/event_parsed.h"

/* The places of the first flag in the log and in the structure. */
struct flags {
	const char *vector;
	size_t in_log, in_struct, bytes;
};

TEST(cpu)
{
	struct rtas_event *re = event_parsed("T13");
	const struct rtas_cpu_scn *cpu = rtas_get_cpu_scn(re);
	const struct rtas_vend_errlog *vendor;

	assert_int_equal(cpu->internal, 0);
	assert_int_equal(cpu->intcache, 1);
	assert_int_equal(cpu->extcache_parity, 0);
	assert_int_equal(cpu->id, 7);
	assert_int_equal(cpu->element, 0x1234);
	assert_int_equal(cpu->failing_address_hi, 1);
	assert_int_equal(cpu->failing_address_lo, 0x23456780);
	assert_int_equal(cpu->try_reboot, 0);
	vendor = (const void *)rtas_get_vend_errlog_scn(re);
	assert_memory_equal(vendor->vendor_id, "IBM", 4);
	assert_int_equal(vendor->vendor_data_sz, 10);
	assert_memory_equal(vendor->vendor_data, "VENDORDATA", 10);
	cleanup_rtas_event(re);
}

TEST(memory)
{
	struct rtas_event *re = event_parsed("V1");
	const struct rtas_mem_scn *mem = rtas_get_mem_scn(re);

	assert_int_equal(mem->uncorrectable, 1);
	assert_int_equal(mem->ECC, 0);
	assert_int_equal(mem->control_internal, 1);
	assert_int_equal(mem->sysbus_parity, 1);
	assert_int_equal(mem->hostbridge_parity, 1);
	assert_int_equal(mem->support, 1);
	assert_int_equal(mem->sysbus_internal, 0);
	assert_int_equal(mem->controller_detected, 5);
	assert_int_equal(mem->controller_faulted, 6);
	assert_int_equal(mem->failing_address_hi, 1);
	assert_int_equal(mem->failing_address_lo, 0x23456780);
	assert_int_equal(mem->ecc_syndrome, 0x1234);
	assert_int_equal(mem->memory_card, 0x56);
	assert_int_equal(mem->sub_elements, 0x80000001);
	assert_int_equal(mem->element, 0x789a);
	cleanup_rtas_event(re);
}

TEST(io)
{
	struct rtas_event *re = event_parsed("V2");
	const struct rtas_io_scn *io = rtas_get_io_scn(re);

	assert_int_equal(io->bus_addr_parity, 1);
	assert_int_equal(io->non_pci, 1);
	assert_int_equal(io->bridge_via_sysbus, 1);
	assert_int_equal(io->bridge_via_expbus, 1);
	assert_int_equal(io->expbus_not_operating, 1);
	assert_int_equal(io->expbus_timeout, 0);
	assert_int_equal(io->pci_sig_bus_id, 1);
	assert_int_equal(io->pci_sig_busno, 2);
	assert_int_equal(io->pci_sig_devfn, 0x1a);
	assert_int_equal(io->pci_sig_deviceid, 0x1014);
	assert_int_equal(io->pci_sig_vendorid, 0x028c);
	assert_int_equal(io->pci_sig_revisionid, 3);
	assert_int_equal(io->pci_sig_slot, 4);
	assert_int_equal(io->pci_send_bus_id, 5);
	assert_int_equal(io->pci_send_busno, 6);
	assert_int_equal(io->pci_send_devfn, 0x0b);
	assert_int_equal(io->pci_send_deviceid, 0x1234);
	assert_int_equal(io->pci_send_vendorid, 0x5678);
	assert_int_equal(io->pci_send_revisionid, 9);
	assert_int_equal(io->pci_send_slot, 10);
	assert_int_equal(io->event_type, 0);
	cleanup_rtas_event(re);
}

TEST(self_test)
{
	struct rtas_event *re = event_parsed("V3");
	const struct rtas_post_scn *post = rtas_get_post_scn(re);

	assert_int_equal(post->firmware, 1);
	assert_int_equal(post->config, 0);
	assert_int_equal(post->cpu, 1);
	assert_int_equal(post->io, 1);
	assert_int_equal(post->ipl_controller, 1);
	assert_int_equal(post->firmware_selftest, 1);
	assert_string_equal(post->devname, "scsi0");
	assert_int_equal(post->err_code[0], 0x12345678);
	assert_int_equal(post->err_code[1], 0);
	assert_int_equal(post->firmware_rev[0], 0x0a0b);
	assert_string_equal((const char *)post->loc_code, "U1-P1-C2");
	assert_null(rtas_get_cpu_scn(re));
	cleanup_rtas_event(re);
}

TEST(epow)
{
	struct rtas_event *re = event_parsed("V4");
	const struct rtas_epow_scn *epow = rtas_get_epow_scn(re);

	assert_int_equal(epow->sensor_value, 0x200000);
	assert_int_equal(epow->action_code, RTAS_EPOW_ACTION_SYSTEM_SHUTDOWN);
	assert_int_equal(epow->sensor, 1);
	assert_int_equal(epow->power_fault, 0);
	assert_int_equal(epow->fan, 1);
	assert_int_equal(epow->redundancy, 1);
	assert_int_equal(epow->CUoD, 0);
	assert_int_equal(epow->general, 1);
	assert_int_equal(epow->power_loss, 1);
	assert_int_equal(epow->battery, 1);
	assert_int_equal(epow->sensor_token, 3);
	assert_int_equal(epow->sensor_index, 1);
	assert_int_equal(epow->sensor_value2, 2);
	assert_int_equal(epow->sensor_status, 4);
	cleanup_rtas_event(re);
}

TEST(diagnostics_and_vendor)
{
	struct rtas_event *re = event_parsed("V5");
	const struct rtas_vend_errlog *vendor;

	assert_int_equal(rtas_get_ibm_diag_scn(re)->event_id, 0x1234);
	assert_ptr_equal(rtas_get_ibmdiag_scn(re), rtas_get_ibm_diag_scn(re));
	cleanup_rtas_event(re);

	re = event_parsed("V7");
	vendor = (const void *)rtas_get_vend_errlog_scn(re);
	assert_memory_equal(vendor->vendor_id, "ACME", 4);
	assert_int_equal(vendor->vendor_data_sz, 11);
	assert_memory_equal(vendor->vendor_data, "opaque data", 11);
	cleanup_rtas_event(re);
}

TEST(service_processor)
{
	struct rtas_event *re = event_parsed("V6");
	const struct rtas_ibmsp_scn *sp = rtas_get_ibm_sp_scn(re);

	assert_memory_equal(sp->ibm, "IBM", 4);
	assert_int_equal(sp->timeout, 1);
	assert_int_equal(sp->hardware, 1);
	assert_int_equal(sp->vpd_eeprom, 1);
	assert_int_equal(sp->power_controller, 1);
	assert_int_equal(sp->voltage_sensor, 1);
	assert_int_equal(sp->nvram, 1);
	assert_int_equal(sp->jtag, 1);
	assert_int_equal(sp->heartbeat, 1);
	assert_int_equal(sp->surveillance, 0);
	assert_int_equal(sp->pcn_connection, 1);
	assert_int_equal(sp->pcn_access, 1);
	assert_int_equal(sp->sensor_token, 0x11);
	assert_int_equal(sp->sensor_index, 0x22);
	cleanup_rtas_event(re);
}

/* Return the section of the body. */
static const uint8_t *body_of(const struct rtas_event *re)
{
	return (const uint8_t *)re->event_scns->next->next + RE_SHDR_SZ;
}

/* Flag n of the log is bit n of the structure, counted from the compiler's end. */
TEST(every_flag)
{
	static const struct flags rows[] = {
		{ "T13", 20, 0, 1 }, { "T13", 32, 12, 1 }, { "V1", 20, 0, 2 },
		{ "V2", 20, 0, 2 },  { "V3", 20, 0, 2 },   { "V4", 24, 4, 4 },
		{ "V6", 24, 4, 4 },
	};
	const bool is_big = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct event_bytes v = event_bytes_of(rows[i].vector);

		for (size_t bit = 0; bit < rows[i].bytes * CHAR_BIT; bit++) {
			size_t in_byte = bit % CHAR_BIT;
			uint8_t want = (uint8_t)(is_big ? 0x80 >> in_byte : 1 << in_byte);
			struct rtas_event *re;

			memset(v.b + rows[i].in_log, 0, rows[i].bytes);
			v.b[rows[i].in_log + bit / CHAR_BIT] = (uint8_t)(0x80 >> in_byte);
			re = parse_rtas_event((char *)v.b, (int)v.len);
			assert_non_null(re);
			for (size_t k = 0; k < rows[i].bytes; k++)
				assert_int_equal(body_of(re)[rows[i].in_struct + k],
						 k == bit / CHAR_BIT ? want : 0);
			cleanup_rtas_event(re);
		}
	}
}

TEST(dates)
{
	struct rtas_event *re = event_parsed("T13");
	const struct rtas_event_exthdr *ext = rtas_get_event_exthdr_scn(re);

	assert_int_equal(ext->unrecoverable, 1);
	assert_int_equal(ext->recoverable, 1);
	assert_int_equal(ext->format_type, RTAS_EXTHDR_FMT_CPU);
	assert_int_equal(ext->date.year, 0x2024);
	assert_int_equal(ext->date.month, 0x11);
	assert_int_equal(ext->date.day, 0x20);
	assert_int_equal(ext->time.hour, 0x13);
	assert_int_equal(ext->time.minutes, 0x45);
	assert_int_equal(ext->time.seconds, 0x59);
	assert_int_equal(ext->time.hundredths, 7);
	cleanup_rtas_event(re);
}
