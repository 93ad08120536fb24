// SPDX-License-Identifier: GPL-2.0-or-later
/* Bodies of events before version 6: every flag, every number. */
#include "tests/unit/fakes/event_prints.h"

static struct rtas_event version_2 = { .version = 2, .event_no = -1 };
static struct rtas_event version_3 = { .version = 3, .event_no = -1 };
static struct rtas_event version_4 = { .version = 4, .event_no = -1 };

#define EPOW_WARNING \
	TITLE("EPOW Warning", "===================================================")

TEST(epow_before_6)
{
	struct rtas_epow_scn scn = {
		SECTION(version_2, RTAS_EPOW_SCN),
		.sensor_value = 1,
		.sensor = 1,
		.power_fault = 1,
		.fan = 1,
		.temp = 1,
		.redundancy = 1,
		.CUoD = 1,
		.general = 1,
		.power_loss = 1,
		.power_supply = 1,
		.power_switch = 1,
		.battery = 1,
		.sensor_token = 2,
		.sensor_index = 3,
		.sensor_value2 = 4,
		.sensor_status = 5,
	};
#define CAUSES                                                           \
	"EPOW Sensor Value:  00000001\n"                                 \
	"EPOW detected by a sensor\n"                                    \
	"Sensor Token:       00000002    Sensor Index:       00000003\n" \
	"Sensor Value:       00000001    Sensor Status:      00000005\n" \
	"EPOW caused by a power fault.\n"                                \
	"EPOW caused by fan failure.\n"                                  \
	"EPOW caused by over-temperature condition.\n"                   \
	"EPOW warning due to loss of redundancy.\n"                      \
	"EPOW warning due to CUoD Entitlement Exceeded.\n"               \
	"EPOW general power fault.\n"                                    \
	"EPOW power fault due to loss of power source.\n"                \
	"EPOW power fault due to internal power supply failure.\n"       \
	"EPOW power fault due to activation of power switch.\n"

	prints(&scn, 2, EPOW_WARNING "EPOW Sensor Value:  00000001\n\n");
	scn.shdr.re = &version_3;
	prints(&scn, 2, EPOW_WARNING CAUSES "\n");
	scn.shdr.re = &version_4;
	prints(&scn, 2,
	       EPOW_WARNING CAUSES
	       "EPOW power fault due to internal battery failure.\n\n");
}

#define IO_EVENT \
	TITLE("I/O Event Section", "==============================================")

#define ADAPTERS                                             \
	"IOA Signaling the error: 1:1f.7\n"                  \
	"    vendor: 1014  device: 0002  rev: 03  slot: 4\n" \
	"IOA Sending during the error: 5:0.1\n"              \
	"    vendor: 0006  device: ffff  rev: ff  slot: ff\n\n"
#define IO_FLAGS                                                 \
	"I/O bus address parity.\n"                              \
	"I/O bus data parity.\n"                                 \
	"I/O bus timeout, access or other.\n"                    \
	"I/O bus bridge/device internal.\n"                      \
	"Signaling IOA is a PCI to non-PCI bridge (e.g. ISA).\n" \
	"Mezzanine/System bus address parity.\n"                 \
	"Mezzanine/System bus data parity.\n"                    \
	"Mezzanine/System bus timeout, transfer or protocol.\n"  \
	"Bridge is connected to system bus.\n"                   \
	"Bridge is connected to memory controller via mezzanine bus.\n"

TEST(io_before_6)
{
	struct rtas_io_scn scn = {
		SECTION(version_2, RTAS_IO_SCN),
		.bus_addr_parity = 1,
		.bus_data_parity = 1,
		.bus_timeout = 1,
		.bridge_internal = 1,
		.non_pci = 1,
		.mezzanine_addr_parity = 1,
		.mezzanine_data_parity = 1,
		.mezzanine_timeout = 1,
		.bridge_via_sysbus = 1,
		.bridge_via_mezzanine = 1,
		.bridge_via_expbus = 1,
		.detected_by_expbus = 1,
		.expbus_data_parity = 1,
		.expbus_timeout = 1,
		.expbus_connection_failure = 1,
		.expbus_not_operating = 1,
		.pci_sig_bus_id = 9,
		.pci_sig_busno = 1,
		.pci_sig_devfn = 0xff,
		.pci_sig_vendorid = 0x1014,
		.pci_sig_deviceid = 2,
		.pci_sig_revisionid = 3,
		.pci_sig_slot = 4,
		.pci_send_busno = 5,
		.pci_send_devfn = 1,
		.pci_send_vendorid = 6,
		.pci_send_deviceid = 0xffff,
		.pci_send_revisionid = 0xff,
		.pci_send_slot = 0xff,
	};

	prints(&scn, 2, IO_EVENT IO_FLAGS ADAPTERS);
	scn.shdr.re = &version_3;
	prints(&scn, 2,
	       IO_EVENT IO_FLAGS
	       "Bridge is connected to I/O expansion bus.\n"
	       "Error on system bus detected by I/O expansion bus controller.\n"
	       "I/O expansion bus data error.\n"
	       "I/O expansion bus timeout, access or other.\n"
	       "I/O expansion bus connection failure.\n"
	       "I/O expansion unit not in an operating state (powered off, off-line).\n" ADAPTERS);
}

TEST(cpu)
{
	struct rtas_cpu_scn scn = {
		SECTION(version_3, RTAS_CPU_SCN),
		.internal = 1,
		.intcache = 1,
		.extcache_parity = 1,
		.extcache_ecc = 1,
		.sysbus_timeout = 1,
		.io_timeout = 1,
		.sysbus_parity = 1,
		.sysbus_protocol = 1,
		.id = 0xff,
		.element = 0x1234,
		.failing_address_hi = 1,
		.failing_address_lo = 0x80000002,
		.try_reboot = 1,
	};
#define CPU_TEXT                                                                     \
	TITLE("CPU Section", "====================================================") \
	"Internal error (not cache).\n"                                              \
	"Internal cache.\n"                                                          \
	"External cache parity (or multi-bit).\n"                                    \
	"External cache ECC.\n"                                                      \
	"System bus timeout.\n"                                                      \
	"I/O timeout.\n"                                                             \
	"System bus parity.\n"                                                       \
	"System bus protocol/transfer.\n"                                            \
	"CPU id:             000000ff    Failing Element:    00001234\n"             \
	"Failing address:    0000000180000002\n"

	prints(&scn, 2, CPU_TEXT "\n");
	scn.shdr.re = &version_4;
	prints(&scn, 2, CPU_TEXT "A reboot of the system may correct the problem.\n\n");
}

TEST(memory)
{
	struct rtas_mem_scn scn = {
		SECTION(version_2, RTAS_MEM_SCN),
		.uncorrectable = 1,
		.ECC = 1,
		.threshold_exceeded = 1,
		.control_internal = 1,
		.bad_address = 1,
		.bad_data = 1,
		.bus = 1,
		.timeout = 1,
		.sysbus_parity = 1,
		.sysbus_timeout = 1,
		.sysbus_protocol = 1,
		.hostbridge_timeout = 1,
		.hostbridge_parity = 1,
		.support = 1,
		.sysbus_internal = 1,
		.controller_detected = 0xfe,
		.controller_faulted = 1,
		.ecc_syndrome = 0xffff,
		.memory_card = 2,
		.sub_elements = 3,
		.element = 4,
	};
#define MEM_FLAGS                                                                    \
	TITLE("Memory Section", "=================================================") \
	"Uncorrectable Memory error.\n"                                              \
	"ECC Correctable error.\n"                                                   \
	"Correctable threshold exceeded.\n"                                          \
	"Memory Controller internal error.\n"                                        \
	"Memory Address error.\n"                                                    \
	"Memory Data error.\n"                                                       \
	"Memory bus/switch internal error.\n"                                        \
	"Memory timeout.\n"                                                          \
	"System bus parity.\n"                                                       \
	"System bus timeout.\n"                                                      \
	"System bus protocol/transfer.\n"                                            \
	"I/O Host Bridge timeout.\n"                                                 \
	"I/O Host Bridge parity.\n"
#define MEM_REST                                                         \
	"Memory Controller that detected failure: fe.\n"                 \
	"Memory Controller that faulted: 1.\n"                           \
	"Failing address:    0000000000000000\n"                         \
	"ECC syndrome bits:  0000ffff    Memory Card:        00000002\n" \
	"Failing element:    00000004    Sub element bits:   00000003\n\n"

	prints(&scn, 2, MEM_FLAGS MEM_REST);
	scn.shdr.re = &version_3;
	prints(&scn, 2,
	       MEM_FLAGS "System support function error.\n"
			 "System bus internal hardware/switch error.\n" MEM_REST);
}

/* Codes not the peer's: 2.0.4 prints their addresses, and 2.0.6 the bytes there. */
TEST(self_test)
{
	struct rtas_post_scn scn = {
		SECTION(version_4, RTAS_POST_SCN),
		.firmware = 1,
		.config = 1,
		.cpu = 1,
		.memory = 1,
		.io = 1,
		.keyboard = 1,
		.mouse = 1,
		.display = 1,
		.ipl_floppy = 1,
		.ipl_controller = 1,
		.ipl_cdrom = 1,
		.ipl_disk = 1,
		.ipl_net = 1,
		.ipl_other = 1,
		.firmware_selftest = 1,
		.devname = "0123456789ab",
		.err_code = { 1, 2, 3, 4, 0xffffffff },
		.firmware_rev = { 6, 7, 8 },
	};

	scn.devname[12] = 'c';
	prints(&scn, 2,
	       TITLE("Power-On Self Test Section",
		     "=====================================") "Failing Device:     0123456789abc\n"
							      "Firmware Error.\n"
							      "Configuration Error.\n"
							      "CPU POST Error.\n"
							      "Memory POST Error.\n"
							      "I/O Subsystem POST Error.\n"
							      "Keyboard POST Error.\n"
							      "Mouse POST Error.\n"
							      "Display POST Error.\n"
							      "Floppy IPL Error.\n"
							      "Drive Controller Error during IPL.\n"
							      "CDROM IPL Error.\n"
							      "Disk IPL Error.\n"
							      "Network IPL Error.\n"
							      "Other (tape,flash) IPL Error.\n"
							      "Self-test error in firmware extended diagnostics.\n"
							      "POST Error Code:        1 2 3 4 ffffffff\n"
							      "Firmware Revision Code: 6 7 8\n\n");
	scn = (struct rtas_post_scn){ SECTION(version_4, RTAS_POST_SCN) };
	prints(&scn, 2,
	       TITLE("Power-On Self Test Section",
		     "=====================================") "POST Error Code:        0 0 0 0 0\n"
							      "Firmware Revision Code: 0 0 0\n\n");
}

#define SP_TITLE \
	TITLE("Service Processor Section", "======================================")

TEST(service_processor)
{
	struct rtas_ibmsp_scn scn = {
		SECTION(version_4, RTAS_IBM_SP_SCN),
		.ibm = "IBM",
		.timeout = 1,
		.i2c_bus = 1,
		.i2c_secondary_bus = 1,
		.memory = 1,
		.registers = 1,
		.communication = 1,
		.firmware = 1,
		.hardware = 1,
		.vpd_eeprom = 1,
		.op_panel = 1,
		.power_controller = 1,
		.fan_sensor = 1,
		.thermal_sensor = 1,
		.voltage_sensor = 1,
		.serial_port = 1,
		.nvram = 1,
		.rtc = 1,
		.jtag = 1,
		.tod_battery = 1,
		.heartbeat = 1,
		.surveillance = 1,
		.pcn_connection = 1,
		.pcn_node = 1,
		.pcn_access = 1,
		.sensor_token = 9,
		.sensor_index = 1,
	};

	prints(&scn, 2,
	       SP_TITLE "Timeout on communication response from service processor.\n"
			"I2C general bus error.\n"
			"I2C secondary bus error.\n"
			"Internal service processor memory error.\n"
			"Service processor error accessing special registers.\n"
			"Service processor reports unknown communcation error.\n"
			"Internal service processor firmware error.\n"
			"Other internal service processor hardware error.\n"
			"Service processor error accessing VPD EEPROM.\n"
			"Service processor error accessing Operator Panel.\n"
			"Service processor error accessing Power Controller.\n"
			"Service processor error accessing Fan Sensor.\n"
			"Service processor error accessing Thermal Sensor.\n"
			"Service processor error accessing Voltage Sensor.\n"
			"Service processor error accessing serial port.\n"
			"Service processor detected NVRAM error.\n"
			"Service processor error accessing real time clock.\n"
			"Service processor error accessing JTAG/COP.\n"
			"Service processor or RTAS detects loss of voltage \n"
			"from TOD battery.\n"
			"Loss of heartbeat from Service processor.\n"
			"Service processor detected a surveillance timeout.\n"
			"Power Control Network general connection failure.\n"
			"Power Control Network node failure.\n"
			"Service processor error accessing Power Control Network.\n"
			"Sensor Token:       00000009\n"
			"Sensor Index:       00000001\n\n");
}

TEST(service_processor_without_its_mark)
{
	struct rtas_ibmsp_scn scn = { SECTION(version_4, RTAS_IBM_SP_SCN),
				      .ibm = { 'I', 'B', 'M', 'X' } };

	prints(&scn, 2,
	       SP_TITLE "This log entry may be corrupt (IBM signature malformed).\n\n");
}

TEST(vendors)
{
	struct rtas_ibm_diag_scn diag = { SECTION(version_4, RTAS_IBM_DIAG_SCN),
					  .event_id = 7 };
	char data[] = "xyz";
	struct rtas_vend_errlog vendor = { SECTION(version_4, RTAS_VEND_ERRLOG_SCN),
					   .vendor_id = "IBM", .vendor_data_sz = 3,
					   .vendor_data = data };

	prints(&diag, 2,
	       TITLE("IBM Diagnostics Section",
		     "========================================") "Event ID:           00000007\n");
	prints(&vendor, 2,
	       TITLE("Vendor Error Log Section",
		     "=======================================") "Vendor ID:          IBM\n"
								"Raw Vendor Error Log:\n"
								"0x0000:  78797a                                  [xyz             ]\n");
	vendor.vendor_data = NULL;
	prints(&vendor, 2,
	       TITLE("Vendor Error Log Section",
		     "=======================================") "Vendor ID:          IBM\n");
}
