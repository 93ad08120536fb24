// SPDX-License-Identifier: LGPL-2.1-or-later
/* Bodies of logs before version 6: one line for each flag that is set, and numbers. */
#include <string.h>

#include "librtas/ev_print.h"

void ev_flags(struct ev_out *out, const struct ev_flag *flags, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (flags[i].set)
			ev_print(out, "%s\n", flags[i].text);
	}
}

void ev_print_cpu(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_cpu_scn *cpu = (const void *)scn;
	const struct ev_flag flags[] = {
		{ cpu->internal, "Internal error (not cache)." },
		{ cpu->intcache, "Internal cache." },
		{ cpu->extcache_parity, "External cache parity (or multi-bit)." },
		{ cpu->extcache_ecc, "External cache ECC." },
		{ cpu->sysbus_timeout, "System bus timeout." },
		{ cpu->io_timeout, "I/O timeout." },
		{ cpu->sysbus_parity, "System bus parity." },
		{ cpu->sysbus_protocol, "System bus protocol/transfer." },
	};

	(void)verbosity;
	ev_title(out, "CPU Section");
	ev_flags(out, flags, EV_COUNT(flags));
	ev_fields(out, "CPU id:", cpu->id, "Failing Element:", cpu->element);
	ev_field_wide(out, "Failing address:", cpu->failing_address_hi,
		      cpu->failing_address_lo);
	if (ev_version(scn) >= 4 && cpu->try_reboot)
		ev_print(out, "A reboot of the system may correct the problem.\n");
	ev_print(out, "\n");
}

void ev_print_mem(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_mem_scn *mem = (const void *)scn;
	bool v3 = ev_version(scn) >= 3;
	const struct ev_flag flags[] = {
		{ mem->uncorrectable, "Uncorrectable Memory error." },
		{ mem->ECC, "ECC Correctable error." },
		{ mem->threshold_exceeded, "Correctable threshold exceeded." },
		{ mem->control_internal, "Memory Controller internal error." },
		{ mem->bad_address, "Memory Address error." },
		{ mem->bad_data, "Memory Data error." },
		{ mem->bus, "Memory bus/switch internal error." },
		{ mem->timeout, "Memory timeout." },
		{ mem->sysbus_parity, "System bus parity." },
		{ mem->sysbus_timeout, "System bus timeout." },
		{ mem->sysbus_protocol, "System bus protocol/transfer." },
		{ mem->hostbridge_timeout, "I/O Host Bridge timeout." },
		{ mem->hostbridge_parity, "I/O Host Bridge parity." },
		{ v3 && mem->support, "System support function error." },
		{ v3 && mem->sysbus_internal,
		  "System bus internal hardware/switch error." },
	};

	(void)verbosity;
	ev_title(out, "Memory Section");
	ev_flags(out, flags, EV_COUNT(flags));
	ev_print(out, "Memory Controller that detected failure: %x.\n",
		 mem->controller_detected);
	ev_print(out, "Memory Controller that faulted: %x.\n", mem->controller_faulted);
	ev_field_wide(out, "Failing address:", mem->failing_address_hi,
		      mem->failing_address_lo);
	ev_fields(out, "ECC syndrome bits:", mem->ecc_syndrome,
		  "Memory Card:", mem->memory_card);
	ev_fields(out, "Failing element:", mem->element,
		  "Sub element bits:", mem->sub_elements);
	ev_print(out, "\n");
}

struct io_adapter {
	const char *what;
	uint32_t busno, devfn, vendor, device, revision, slot;
};

static void ev_print_io_adapter(struct ev_out *out, const struct io_adapter *a)
{
	ev_print(out, "IOA %s the error: %x:%x.%x\n", a->what, a->busno, a->devfn >> 3,
		 a->devfn & 7);
	ev_print(out, "    vendor: %04x  device: %04x  rev: %02x  slot: %x\n", a->vendor,
		 a->device, a->revision, a->slot);
}

void ev_print_io_v4(struct ev_out *out, const struct rtas_io_scn *io, int version)
{
	bool v3 = version >= 3;
	const struct ev_flag flags[] = {
		{ io->bus_addr_parity, "I/O bus address parity." },
		{ io->bus_data_parity, "I/O bus data parity." },
		{ io->bus_timeout, "I/O bus timeout, access or other." },
		{ io->bridge_internal, "I/O bus bridge/device internal." },
		{ io->non_pci, "Signaling IOA is a PCI to non-PCI bridge (e.g. ISA)." },
		{ io->mezzanine_addr_parity, "Mezzanine/System bus address parity." },
		{ io->mezzanine_data_parity, "Mezzanine/System bus data parity." },
		{ io->mezzanine_timeout,
		  "Mezzanine/System bus timeout, transfer or protocol." },
		{ io->bridge_via_sysbus, "Bridge is connected to system bus." },
		{ io->bridge_via_mezzanine,
		  "Bridge is connected to memory controller via mezzanine bus." },
		{ v3 && io->bridge_via_expbus,
		  "Bridge is connected to I/O expansion bus." },
		{ v3 && io->detected_by_expbus,
		  "Error on system bus detected by I/O expansion bus controller." },
		{ v3 && io->expbus_data_parity, "I/O expansion bus data error." },
		{ v3 && io->expbus_timeout,
		  "I/O expansion bus timeout, access or other." },
		{ v3 && io->expbus_connection_failure,
		  "I/O expansion bus connection failure." },
		{ v3 && io->expbus_not_operating,
		  "I/O expansion unit not in an operating state (powered off, off-line)." },
	};
	const struct io_adapter adapters[] = {
		{ "Signaling", io->pci_sig_busno, io->pci_sig_devfn, io->pci_sig_vendorid,
		  io->pci_sig_deviceid, io->pci_sig_revisionid, io->pci_sig_slot },
		{ "Sending during", io->pci_send_busno, io->pci_send_devfn,
		  io->pci_send_vendorid, io->pci_send_deviceid, io->pci_send_revisionid,
		  io->pci_send_slot },
	};

	ev_title(out, "I/O Event Section");
	ev_flags(out, flags, EV_COUNT(flags));
	for (size_t i = 0; i < EV_COUNT(adapters); i++)
		ev_print_io_adapter(out, &adapters[i]);
	ev_print(out, "\n");
}

static void ev_print_epow_cause(struct ev_out *out, const struct rtas_epow_scn *epow,
				int version)
{
	const struct ev_flag flags[] = {
		{ epow->power_fault, "EPOW caused by a power fault." },
		{ epow->fan, "EPOW caused by fan failure." },
		{ epow->temp, "EPOW caused by over-temperature condition." },
		{ epow->redundancy, "EPOW warning due to loss of redundancy." },
		{ epow->CUoD, "EPOW warning due to CUoD Entitlement Exceeded." },
		{ epow->general, "EPOW general power fault." },
		{ epow->power_loss, "EPOW power fault due to loss of power source." },
		{ epow->power_supply,
		  "EPOW power fault due to internal power supply failure." },
		{ epow->power_switch,
		  "EPOW power fault due to activation of power switch." },
		{ version == 4 && epow->battery,
		  "EPOW power fault due to internal battery failure." },
	};

	if (epow->sensor) {
		ev_print(out, "EPOW detected by a sensor\n");
		ev_fields(out, "Sensor Token:", epow->sensor_token,
			  "Sensor Index:", epow->sensor_index);
		ev_fields(out, "Sensor Value:", epow->sensor_value,
			  "Sensor Status:", epow->sensor_status);
	}
	ev_flags(out, flags, EV_COUNT(flags));
}

void ev_print_epow_v4(struct ev_out *out, const struct rtas_epow_scn *epow, int version)
{
	ev_title(out, "EPOW Warning");
	ev_field_line(out, "EPOW Sensor Value:", epow->sensor_value);
	if (version >= 3)
		ev_print_epow_cause(out, epow, version);
	ev_print(out, "\n");
}

static void ev_print_post_words(struct ev_out *out, const char *label,
				const uint32_t *word, size_t count)
{
	ev_print(out, "%-23s", label);
	for (size_t i = 0; i < count; i++)
		ev_print(out, " %x", word[i]);
	ev_print(out, "\n");
}

void ev_print_post(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_post_scn *post = (const void *)scn;
	const struct ev_flag flags[] = {
		{ post->firmware, "Firmware Error." },
		{ post->config, "Configuration Error." },
		{ post->cpu, "CPU POST Error." },
		{ post->memory, "Memory POST Error." },
		{ post->io, "I/O Subsystem POST Error." },
		{ post->keyboard, "Keyboard POST Error." },
		{ post->mouse, "Mouse POST Error." },
		{ post->display, "Display POST Error." },
		{ post->ipl_floppy, "Floppy IPL Error." },
		{ post->ipl_controller, "Drive Controller Error during IPL." },
		{ post->ipl_cdrom, "CDROM IPL Error." },
		{ post->ipl_disk, "Disk IPL Error." },
		{ post->ipl_net, "Network IPL Error." },
		{ post->ipl_other, "Other (tape,flash) IPL Error." },
		{ post->firmware_selftest,
		  "Self-test error in firmware extended diagnostics." },
	};

	(void)verbosity;
	ev_title(out, "Power-On Self Test Section");
	if (post->devname[0])
		ev_print(out, "%-20s%.*s\n", "Failing Device:", EV_CHARS(post->devname));
	ev_flags(out, flags, EV_COUNT(flags));
	ev_print_post_words(out, "POST Error Code:", post->err_code,
			    EV_COUNT(post->err_code));
	ev_print_post_words(out, "Firmware Revision Code:", post->firmware_rev,
			    EV_COUNT(post->firmware_rev));
	ev_print(out, "\n");
}

#define ACCESSING "Service processor error accessing "

static void ev_print_ibmsp_flags(struct ev_out *out, const struct rtas_ibmsp_scn *sp)
{
	const struct ev_flag flags[] = {
		{ sp->timeout,
		  "Timeout on communication response from service processor." },
		{ sp->i2c_bus, "I2C general bus error." },
		{ sp->i2c_secondary_bus, "I2C secondary bus error." },
		{ sp->memory, "Internal service processor memory error." },
		{ sp->registers, ACCESSING "special registers." },
		{ sp->communication,
		  "Service processor reports unknown communcation error." },
		{ sp->firmware, "Internal service processor firmware error." },
		{ sp->hardware, "Other internal service processor hardware error." },
		{ sp->vpd_eeprom, ACCESSING "VPD EEPROM." },
		{ sp->op_panel, ACCESSING "Operator Panel." },
		{ sp->power_controller, ACCESSING "Power Controller." },
		{ sp->fan_sensor, ACCESSING "Fan Sensor." },
		{ sp->thermal_sensor, ACCESSING "Thermal Sensor." },
		{ sp->voltage_sensor, ACCESSING "Voltage Sensor." },
		{ sp->serial_port, ACCESSING "serial port." },
		{ sp->nvram, "Service processor detected NVRAM error." },
		{ sp->rtc, ACCESSING "real time clock." },
		{ sp->jtag, ACCESSING "JTAG/COP." },
		{ sp->tod_battery, "Service processor or RTAS detects loss of voltage \n"
				   "from TOD battery." },
		{ sp->heartbeat, "Loss of heartbeat from Service processor." },
		{ sp->surveillance,
		  "Service processor detected a surveillance timeout." },
		{ sp->pcn_connection,
		  "Power Control Network general connection failure." },
		{ sp->pcn_node, "Power Control Network node failure." },
		{ sp->pcn_access, ACCESSING "Power Control Network." },
	};

	ev_flags(out, flags, EV_COUNT(flags));
}

void ev_print_ibmsp(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_ibmsp_scn *sp = (const void *)scn;

	(void)verbosity;
	ev_title(out, "Service Processor Section");
	if (strncmp(sp->ibm, "IBM", sizeof(sp->ibm)))
		ev_print(out,
			 "This log entry may be corrupt (IBM signature malformed).\n");
	ev_print_ibmsp_flags(out, sp);
	if (sp->sensor_token)
		ev_field_line(out, "Sensor Token:", sp->sensor_token);
	if (sp->sensor_index)
		ev_field_line(out, "Sensor Index:", sp->sensor_index);
	ev_print(out, "\n");
}

void ev_print_ibm_diag(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_ibm_diag_scn *diag = (const void *)scn;

	(void)verbosity;
	ev_title(out, "IBM Diagnostics Section");
	ev_field_line(out, "Event ID:", diag->event_id);
}

void ev_print_vend_errlog(struct ev_out *out, const struct scn_header *scn, int verbosity)
{
	const struct rtas_vend_errlog *vendor = (const void *)scn;
	const char *id = vendor->vendor_id;

	(void)verbosity;
	ev_title(out, "Vendor Error Log Section");
	ev_print(out, "%-20s%c%c%c%c\n", "Vendor ID:", id[0], id[1], id[2], id[3]);
	if (!vendor->vendor_data)
		return;
	ev_print(out, "Raw Vendor Error Log:\n");
	ev_dump(out, vendor->vendor_data, vendor->vendor_data_sz);
}
