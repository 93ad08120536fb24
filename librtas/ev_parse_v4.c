// SPDX-License-Identifier: LGPL-2.1-or-later
/* Structures of the bodies of logs before version 6. */
#include <errno.h>
#include <string.h>

#include "librtas/ev.h"
#include "wire/event_v4.h"

static uint8_t ev_mirror_bits(uint8_t byte)
{
	uint8_t out = 0;

	for (int i = 0; i < 8; i++)
		out |= (uint8_t)((byte >> i & 1) << (7 - i));
	return out;
}

/*
 * Copy flags into the bit fields of the structure. at: offset after its head, in bytes.
 *
 * The bit fields have the order of the log, with the first one in the most significant
 * bit of a byte. Compilers allocate from that bit on big-endian machines. They allocate
 * from the least significant bit on little-endian ones (ELF ABIs of powerpc64 and x86-64,
 * "bit-fields"), so the bytes must be mirrored there.
 */
static void ev_set_flags(struct scn_header *scn, size_t at, const uint8_t *flags,
			 size_t len)
{
	uint8_t *to = (uint8_t *)scn + RE_SHDR_SZ + at;

	for (size_t i = 0; i < len; i++)
		to[i] = __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__ ? flags[i]
							       : ev_mirror_bits(flags[i]);
}

int ev_cpu_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_cpu_body cpu = event_cpu_decode(body);
	struct rtas_cpu_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	ev_set_flags(scn, 0, &cpu.flags, 1);
	ev_set_flags(scn, 12, &cpu.more, 1);
	out->id = cpu.id;
	out->element = cpu.element;
	out->failing_address_hi = (uint32_t)(cpu.address >> 32);
	out->failing_address_lo = (uint32_t)cpu.address;
	return 0;
}

int ev_mem_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_memory_body memory = event_memory_decode(body);
	struct rtas_mem_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	ev_set_flags(scn, 0, memory.flags, sizeof(memory.flags));
	out->controller_detected = memory.detected_by;
	out->controller_faulted = memory.faulted;
	out->failing_address_hi = (uint32_t)(memory.address >> 32);
	out->failing_address_lo = (uint32_t)memory.address;
	out->ecc_syndrome = memory.syndrome;
	out->memory_card = memory.card;
	out->sub_elements = memory.sub_elements;
	out->element = memory.element;
	return 0;
}

int ev_io_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_io_body io = event_io_body_decode(body);
	struct rtas_io_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	ev_set_flags(scn, 0, io.flags, sizeof(io.flags));
	out->pci_sig_bus_id = io.signalled.bus_id;
	out->pci_sig_busno = io.signalled.bus;
	out->pci_sig_devfn = io.signalled.devfn;
	out->pci_sig_deviceid = io.signalled.device;
	out->pci_sig_vendorid = io.signalled.vendor;
	out->pci_sig_revisionid = io.signalled.revision;
	out->pci_sig_slot = io.signalled.slot;
	out->pci_send_bus_id = io.sending.bus_id;
	out->pci_send_busno = io.sending.bus;
	out->pci_send_devfn = io.sending.devfn;
	out->pci_send_deviceid = io.sending.device;
	out->pci_send_vendorid = io.sending.vendor;
	out->pci_send_revisionid = io.sending.revision;
	out->pci_send_slot = io.sending.slot;
	return 0;
}

int ev_post_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_post_body post = event_post_decode(body);
	struct rtas_post_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	ev_set_flags(scn, 0, post.flags, sizeof(post.flags));
	memcpy(out->devname, post.device, sizeof(out->devname) - 1);
	out->err_code[0] = post.error;
	out->firmware_rev[0] = post.firmware;
	memcpy(out->loc_code, post.location, 8);
	return 0;
}

int ev_epow_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_epow_body epow = event_epow_body_decode(body);
	struct rtas_epow_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	ev_set_flags(scn, 4, epow.flags, sizeof(epow.flags));
	out->sensor_value = epow.sensor >> 4;
	out->action_code = epow.sensor & 15;
	out->sensor_token = epow.token;
	out->sensor_index = epow.index;
	out->sensor_value2 = epow.value;
	out->sensor_status = epow.status;
	return 0;
}

int ev_ibm_diag_from_body(struct scn_header *scn, struct cursor *body)
{
	struct rtas_ibm_diag_scn *out = (void *)scn;

	out->event_id = cursor_be32(body);
	return body->err ? -EBADMSG : 0;
}

int ev_ibmsp_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_sp_body sp = event_sp_decode(body);
	struct rtas_ibmsp_scn *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	memcpy(out->ibm, sp.company, sizeof(out->ibm));
	ev_set_flags(scn, 4, sp.flags, sizeof(sp.flags));
	out->sensor_token = sp.token;
	out->sensor_index = sp.index;
	return 0;
}

int ev_vend_errlog_from_body(struct scn_header *scn, struct cursor *body)
{
	struct event_vendor_body vendor = event_vendor_decode(body);
	struct rtas_vend_errlog *out = (void *)scn;

	if (body->err)
		return -EBADMSG;

	memcpy(out->vendor_id, vendor.id, sizeof(out->vendor_id));
	out->vendor_data_sz = (uint32_t)vendor.len;
	if (vendor.len) {
		out->vendor_data = (char *)(out + 1);
		memcpy(out->vendor_data, vendor.data, vendor.len);
	}
	return 0;
}
