// SPDX-License-Identifier: LGPL-2.1-or-later
/* Parts of bodies of logs before version 6 that are more than a flag or a number. */
#include <string.h>

#include "librtas/ev_print.h"

void ev_print_epow_sensor(struct ev_out *out, const struct rtas_epow_scn *epow,
			  int verbosity)
{
	(void)verbosity;
	if (ev_version(&epow->shdr) < 3 || !epow->sensor)
		return;
	ev_print(out, "EPOW detected by a sensor\n");
	ev_fields(out, "Sensor Token:", epow->sensor_token,
		  "Sensor Index:", epow->sensor_index);
	ev_fields(out, "Sensor Value:", epow->sensor_value,
		  "Sensor Status:", epow->sensor_status);
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

void ev_print_io_adapters(struct ev_out *out, const struct rtas_io_scn *io, int verbosity)
{
	const struct io_adapter adapters[] = {
		{ "Signaling", io->pci_sig_busno, io->pci_sig_devfn, io->pci_sig_vendorid,
		  io->pci_sig_deviceid, io->pci_sig_revisionid, io->pci_sig_slot },
		{ "Sending during", io->pci_send_busno, io->pci_send_devfn,
		  io->pci_send_vendorid, io->pci_send_deviceid, io->pci_send_revisionid,
		  io->pci_send_slot },
	};

	(void)verbosity;
	for (size_t i = 0; i < EV_COUNT(adapters); i++)
		ev_print_io_adapter(out, &adapters[i]);
}

void ev_print_post_device(struct ev_out *out, const struct rtas_post_scn *post,
			  int verbosity)
{
	(void)verbosity;
	if (post->devname[0])
		ev_print(out, "%-20s%.*s\n", "Failing Device:", EV_CHARS(post->devname));
}

static void ev_print_post_words(struct ev_out *out, const char *label,
				const uint32_t *word, size_t count)
{
	ev_print(out, "%-23s", label);
	for (size_t i = 0; i < count; i++)
		ev_print(out, " %x", word[i]);
	ev_print(out, "\n");
}

void ev_print_post_codes(struct ev_out *out, const struct rtas_post_scn *post,
			 int verbosity)
{
	(void)verbosity;
	ev_print_post_words(out, "POST Error Code:", post->err_code,
			    EV_COUNT(post->err_code));
	ev_print_post_words(out, "Firmware Revision Code:", post->firmware_rev,
			    EV_COUNT(post->firmware_rev));
}

void ev_print_ibmsp_signature(struct ev_out *out, const struct rtas_ibmsp_scn *sp,
			      int verbosity)
{
	(void)verbosity;
	if (strncmp(sp->ibm, "IBM", sizeof(sp->ibm)))
		ev_print(out,
			 "This log entry may be corrupt (IBM signature malformed).\n");
}

void ev_print_ibmsp_sensor(struct ev_out *out, const struct rtas_ibmsp_scn *sp,
			   int verbosity)
{
	(void)verbosity;
	if (sp->sensor_token)
		ev_field_line(out, "Sensor Token:", sp->sensor_token);
	if (sp->sensor_index)
		ev_field_line(out, "Sensor Index:", sp->sensor_index);
}

void ev_print_vendor_data(struct ev_out *out, const struct rtas_vend_errlog *vendor,
			  int verbosity)
{
	const char *id = vendor->vendor_id;

	(void)verbosity;
	ev_print(out, "%-20s%c%c%c%c\n", "Vendor ID:", id[0], id[1], id[2], id[3]);
	if (!vendor->vendor_data)
		return;
	ev_print(out, "Raw Vendor Error Log:\n");
	ev_dump(out, vendor->vendor_data, vendor->vendor_data_sz);
}
