// SPDX-License-Identifier: GPL-2.0-or-later
/* Each section is a table of its fields. The keys are the names in the library's
 * headers. */
#include <string.h>

#include "cli/json_util.h"
#include "cli/event_show.h"

typedef void fill_fn(json_object *o, const void *section);

static void event_json_bytes(json_object *o, const char *key, const void *bytes,
			     size_t len)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	char *text = malloc(2 * len + 1);

	if (!text)
		return;
	for (size_t i = 0; i < len; i++) {
		text[2 * i] = digits[from[i] >> 4];
		text[2 * i + 1] = digits[from[i] & 15];
	}
	text[2 * len] = '\0';
	json_put_text(o, key, text);
	free(text);
}

/* Dates and times are in BCD. */
static void event_json_date(json_object *o, const struct rtas_date *date)
{
	char text[40];

	snprintf(text, sizeof(text), "%04x-%02x-%02x", date->year, date->month,
		 date->day);
	json_put_text(o, "date", text);
}

static void event_json_time(json_object *o, const struct rtas_time *time)
{
	char text[48];

	snprintf(text, sizeof(text), "%02x:%02x:%02x.%02x", time->hour, time->minutes,
		 time->seconds, time->hundredths);
	json_put_text(o, "time", text);
}

/* Columns of the tables. If the name of a field equals a key that every section has, the
 * section's name is put before it: cpu_id. */
#define FLAG(field)   json_put_bool(o, #field, s->field != 0);
#define NUMBER(field) json_put_int(o, #field, s->field);
#define INDEX(field)  json_put_index(o, #field, s->field);
#define TEXT(field)   json_put_chars(o, #field, s->field, sizeof(s->field));
#define LETTER(field) json_put_chars(o, #field, &s->field, 1);
#define BYTES(field)  event_json_bytes(o, #field, s->field, sizeof(s->field));
#define WHEN                          \
	event_json_date(o, &s->date); \
	event_json_time(o, &s->time);

#define TABLE(name, type, fields)                                          \
	static void event_json_##name(json_object *o, const void *section) \
	{                                                                  \
		const struct type *s = section;                            \
		fields                                                     \
	}

// clang-format off
TABLE(hdr, rtas_event_hdr,
      NUMBER(severity) NUMBER(disposition) FLAG(extended)
      NUMBER(initiator) NUMBER(target) NUMBER(type) NUMBER(ext_log_length))

TABLE(exthdr, rtas_event_exthdr,
      FLAG(valid) FLAG(unrecoverable) FLAG(recoverable) FLAG(unrecoverable_bypassed)
      FLAG(predictive) FLAG(newlog) FLAG(bigendian) FLAG(platform_specific)
      NUMBER(platform_value) FLAG(power_pc) FLAG(addr_invalid) NUMBER(format_type)
      FLAG(non_hardware) FLAG(hot_plug) FLAG(group_failure) FLAG(residual) FLAG(boot)
      FLAG(config_change) FLAG(post) WHEN)

TABLE(priv_hdr, rtas_priv_hdr_scn,
      WHEN LETTER(creator_id) NUMBER(scn_count) INDEX(creator_subid_hi)
      INDEX(creator_subid_lo) INDEX(plid) INDEX(log_entry_id) TEXT(creator_subid_name))

TABLE(usr_hdr, rtas_usr_hdr_scn,
      INDEX(subsystem_id) NUMBER(event_data) NUMBER(event_severity) NUMBER(event_type)
      INDEX(action))

TABLE(epow_v6, rtas_epow_scn,
      NUMBER(sensor_value) NUMBER(action_code) NUMBER(event_modifier) BYTES(reason_code))

TABLE(epow_v4, rtas_epow_scn,
      NUMBER(sensor_value) NUMBER(action_code) FLAG(sensor) FLAG(power_fault) FLAG(fan)
      FLAG(temp) FLAG(redundancy) FLAG(CUoD) FLAG(general) FLAG(power_loss)
      FLAG(power_supply) FLAG(power_switch) FLAG(battery) INDEX(sensor_token)
      INDEX(sensor_index) NUMBER(sensor_value2) NUMBER(sensor_status))

TABLE(io_v6_head, rtas_io_scn,
      NUMBER(event_type) NUMBER(rpc_length) NUMBER(scope)
      json_put_int(o, "io_subtype", s->subtype);
      INDEX(drc_index))

TABLE(io_v4, rtas_io_scn,
      FLAG(bus_addr_parity) FLAG(bus_data_parity) FLAG(bus_timeout)
      FLAG(bridge_internal) FLAG(non_pci) FLAG(mezzanine_addr_parity)
      FLAG(mezzanine_data_parity) FLAG(mezzanine_timeout) FLAG(bridge_via_sysbus)
      FLAG(bridge_via_mezzanine) FLAG(bridge_via_expbus) FLAG(detected_by_expbus)
      FLAG(expbus_data_parity) FLAG(expbus_timeout) FLAG(expbus_connection_failure)
      FLAG(expbus_not_operating) NUMBER(pci_sig_bus_id) NUMBER(pci_sig_busno)
      NUMBER(pci_sig_devfn) INDEX(pci_sig_deviceid) INDEX(pci_sig_vendorid)
      NUMBER(pci_sig_revisionid) NUMBER(pci_sig_slot) NUMBER(pci_send_bus_id)
      NUMBER(pci_send_busno) NUMBER(pci_send_devfn) INDEX(pci_send_deviceid)
      INDEX(pci_send_vendorid) NUMBER(pci_send_revisionid) NUMBER(pci_send_slot))

TABLE(cpu, rtas_cpu_scn,
      FLAG(internal) FLAG(intcache) FLAG(extcache_parity) FLAG(extcache_ecc)
      FLAG(sysbus_timeout) FLAG(io_timeout) FLAG(sysbus_parity) FLAG(sysbus_protocol)
      json_put_int(o, "cpu_id", s->id); NUMBER(element) INDEX(failing_address_hi) INDEX(failing_address_lo)
      FLAG(try_reboot))

TABLE(mem, rtas_mem_scn,
      FLAG(uncorrectable) FLAG(ECC) FLAG(threshold_exceeded) FLAG(control_internal)
      FLAG(bad_address) FLAG(bad_data) FLAG(bus) FLAG(timeout) FLAG(sysbus_parity)
      FLAG(sysbus_timeout) FLAG(sysbus_protocol) FLAG(hostbridge_timeout)
      FLAG(hostbridge_parity) FLAG(support) FLAG(sysbus_internal)
      NUMBER(controller_detected) NUMBER(controller_faulted) INDEX(failing_address_hi)
      INDEX(failing_address_lo) INDEX(ecc_syndrome) NUMBER(memory_card)
      INDEX(sub_elements) NUMBER(element))

/* A log has only the first err_code and the first firmware_rev. loc_code is text. */
TABLE(post, rtas_post_scn,
      FLAG(firmware) FLAG(config) FLAG(cpu) FLAG(memory) FLAG(io) FLAG(keyboard)
      FLAG(mouse) FLAG(display) FLAG(ipl_floppy) FLAG(ipl_controller) FLAG(ipl_cdrom)
      FLAG(ipl_disk) FLAG(ipl_net) FLAG(ipl_other) FLAG(firmware_selftest)
      TEXT(devname) json_put_index(o, "err_code", s->err_code[0]);
      json_put_index(o, "firmware_rev", s->firmware_rev[0]);
      json_put_chars(o, "loc_code", (const char *)s->loc_code, 8);)

TABLE(ibmsp, rtas_ibmsp_scn,
      TEXT(ibm) FLAG(timeout) FLAG(i2c_bus) FLAG(i2c_secondary_bus) FLAG(memory)
      FLAG(registers) FLAG(communication) FLAG(firmware) FLAG(hardware)
      FLAG(vpd_eeprom) FLAG(op_panel) FLAG(power_controller) FLAG(fan_sensor)
      FLAG(thermal_sensor) FLAG(voltage_sensor) FLAG(serial_port) FLAG(nvram) FLAG(rtc)
      FLAG(jtag) FLAG(tod_battery) FLAG(heartbeat) FLAG(surveillance)
      FLAG(pcn_connection) FLAG(pcn_node) FLAG(pcn_access) INDEX(sensor_token)
      INDEX(sensor_index))

TABLE(ibm_diag, rtas_ibm_diag_scn, INDEX(event_id))

TABLE(vend_errlog, rtas_vend_errlog,
      TEXT(vendor_id) NUMBER(vendor_data_sz)
      event_json_bytes(o, "vendor_data", s->vendor_data, s->vendor_data_sz);)

TABLE(dump, rtas_dump_scn,
      json_put_index(o, "dump_id", s->id); FLAG(location) FLAG(fname_type) FLAG(size_valid) NUMBER(id_len)
      INDEX(size_hi) INDEX(size_lo) TEXT(os_id))

TABLE(lri, rtas_lri_scn, INDEX(resource) NUMBER(capacity))

TABLE(mtms, rtas_mtms, TEXT(model) TEXT(serial_no))

TABLE(mt, rtas_mt_scn, event_json_mtms(o, &s->mtms);)

TABLE(src_head, rtas_src_scn,
      event_json_bytes(o, "src_platform_data", s->src_platform_data, 7);
      INDEX(ext_refcode2) INDEX(ext_refcode3) INDEX(ext_refcode4) INDEX(ext_refcode5)
      INDEX(ext_refcode6) INDEX(ext_refcode7) INDEX(ext_refcode8) INDEX(ext_refcode9)
      TEXT(primary_refcode))

TABLE(src_subscn, rtas_src_scn,
      INDEX(subscn_id) NUMBER(subscn_platform_data) NUMBER(subscn_length))

TABLE(fru, rtas_fru_scn,
      NUMBER(length) NUMBER(type) FLAG(fru_id_included) NUMBER(fru_subscn_included)
      LETTER(priority) NUMBER(loc_code_length) TEXT(loc_code))

TABLE(mru, fru_mru, LETTER(priority) INDEX(id))

TABLE(hotplug_head, rtas_hotplug_scn,
      NUMBER(type) NUMBER(action) NUMBER(identifier))
// clang-format on

/* ---- Unions, and tables inside sections ---- */

static void event_json_hotplug(json_object *o, const void *section)
{
	const struct rtas_hotplug_scn *s = section;

	event_json_hotplug_head(o, s);
	switch (s->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		json_put_text(o, "drc_name", s->u1.drc_name);
		break;
	case RTAS_HP_ID_DRC_INDEX:
		json_put_index(o, "drc_index", s->u1.drc_index);
		break;
	case RTAS_HP_ID_DRC_COUNT:
		json_put_int(o, "count", s->u1.count);
		break;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		json_put_int(o, "count", s->u1.indexed.count);
		json_put_index(o, "drc_index", s->u1.indexed.drc_index);
		break;
	default:
		break;
	}
}

static void event_json_lri_all(json_object *o, const void *section)
{
	const struct rtas_lri_scn *s = section;

	event_json_lri(o, s);
	switch (s->resource) {
	case RTAS_LRI_RES_PROC:
		json_put_index(o, "lri_cpu_id", s->lri_cpu_id);
		break;
	case RTAS_LRI_RES_MEM_PAGE:
		json_put_index(o, "lri_mem_addr_lo", s->lri_mem_addr_lo);
		json_put_index(o, "lri_mem_addr_hi", s->lri_mem_addr_hi);
		break;
	case RTAS_LRI_RES_MEM_LMB:
		json_put_index(o, "lri_drc_index", s->lri_drc_index);
		break;
	default:
		break;
	}
}

static void event_json_io_v6(json_object *o, const void *section)
{
	const struct rtas_io_scn *s = section;
	size_t len =
		s->rpc_length < sizeof(s->rpc_data) ? s->rpc_length : sizeof(s->rpc_data);

	event_json_io_v6_head(o, s);
	event_json_bytes(o, "rpc_data", s->rpc_data, len);
}

static void event_json_fru_id(json_object *o, const struct rtas_fru_id_scn *s)
{
	if (fruid_has_part_no(s))
		TEXT(part_no)
	if (fruid_has_proc_id(s))
		TEXT(procedure_id)
	if (fruid_has_ccin(s))
		TEXT(ccin)
	if (fruid_has_serial_no(s))
		TEXT(serial_no)
}

static void event_json_fru_pe(json_object *o, const struct rtas_fru_pe_scn *s)
{
	event_json_mtms(o, &s->pce_mtms);
	TEXT(pce_name)
}

static void event_json_fru_mr(json_object *o, const struct rtas_fru_mr_scn *s)
{
	json_object *mrus = json_object_new_array();

	for (size_t i = 0; i < frumr_num_callouts(s); i++) {
		json_object *mru = json_object_new_object();

		event_json_mru(mru, &s->mrus[i]);
		json_object_array_add(mrus, mru);
	}
	json_object_object_add(o, "mrus", mrus);
}

static json_object *event_json_subscn_object(const struct rtas_fru_hdr *hdr)
{
	json_object *o = json_object_new_object();

	json_put_chars(o, "id", hdr->id, sizeof(hdr->id));
	json_put_int(o, "length", hdr->length);
	json_put_index(o, "flags", hdr->flags);
	if (!memcmp(hdr->id, "ID", 2))
		event_json_fru_id(o, (const void *)hdr);
	else if (!memcmp(hdr->id, "PE", 2))
		event_json_fru_pe(o, (const void *)hdr);
	else if (!memcmp(hdr->id, "MR", 2))
		event_json_fru_mr(o, (const void *)hdr);
	return o;
}

static json_object *event_json_fru_object(const struct rtas_fru_scn *s)
{
	json_object *o = json_object_new_object(), *subscns = json_object_new_array();

	event_json_fru(o, s);
	for (const struct rtas_fru_hdr *hdr = s->subscns; hdr; hdr = hdr->next)
		json_object_array_add(subscns, event_json_subscn_object(hdr));
	json_object_object_add(o, "subscns", subscns);
	return o;
}

static void event_json_src(json_object *o, const void *section)
{
	const struct rtas_src_scn *s = section;
	json_object *frus;

	json_put_int(o, "src_version", s->version);
	event_json_src_head(o, s);
	if (!src_subscns_included(s))
		return;

	event_json_src_subscn(o, s);
	frus = json_object_new_array();
	for (const struct rtas_fru_scn *f = s->fru_scns; f; f = f->next)
		json_object_array_add(frus, event_json_fru_object(f));
	json_object_object_add(o, "fru_scns", frus);
}

/* v6hdr.length is the number of bytes that exist in the event. */
static void event_json_generic(json_object *o, const void *section)
{
	const struct rtas_v6_generic *s = section;
	size_t len = s->v6hdr.length;

	event_json_bytes(o, "data", s->data, s->data && len > 8 ? len - 8 : 0);
}

/* The kinds of sections. Sections of version 6 contain their own id. */
static const struct kind {
	const char *id;
	fill_fn *fill;
	fill_fn *fill_v6; /* in an event of version 6 */
	uint32_t len;	  /* of sections that do not contain their length */
} kinds[RTAS_MAX_SCN_ID] = {
	[RTAS_EVENT_HDR] = { "event_hdr", event_json_hdr, NULL, RE_EVENT_HDR_SZ },
	[RTAS_EVENT_EXT_HDR] = { "event_exthdr", event_json_exthdr, NULL, RE_EXT_HDR_SZ },
	[RTAS_EPOW_SCN] = { "epow", event_json_epow_v4, event_json_epow_v6,
			    RE_V4_SCN_SZ },
	[RTAS_IO_SCN] = { "io", event_json_io_v4, event_json_io_v6, RE_V4_SCN_SZ },
	[RTAS_CPU_SCN] = { "cpu", event_json_cpu, NULL, RE_V4_SCN_SZ },
	[RTAS_IBM_DIAG_SCN] = { "ibm_diag", event_json_ibm_diag, NULL, 4 },
	[RTAS_MEM_SCN] = { "mem", event_json_mem, NULL, RE_V4_SCN_SZ },
	[RTAS_POST_SCN] = { "post", event_json_post, NULL, RE_V4_SCN_SZ },
	[RTAS_IBM_SP_SCN] = { "ibm_sp", event_json_ibmsp, NULL, RE_V4_SCN_SZ },
	[RTAS_VEND_ERRLOG_SCN] = { "vend_errlog", event_json_vend_errlog, NULL, 0 },
	[RTAS_PRIV_HDR_SCN] = { "PH", NULL, event_json_priv_hdr, 0 },
	[RTAS_USR_HDR_SCN] = { "UH", NULL, event_json_usr_hdr, 0 },
	[RTAS_DUMP_SCN] = { "DH", NULL, event_json_dump, 0 },
	[RTAS_LRI_SCN] = { "LR", NULL, event_json_lri_all, 0 },
	[RTAS_MT_SCN] = { "MT", NULL, event_json_mt, 0 },
	[RTAS_PSRC_SCN] = { "PS", NULL, event_json_src, 0 },
	[RTAS_SSRC_SCN] = { "SS", NULL, event_json_src, 0 },
	[RTAS_GENERIC_SCN] = { "generic", NULL, event_json_generic, 0 },
	[RTAS_HP_SCN] = { "HP", NULL, event_json_hotplug, 0 },
};

/* Print the header of a section of version 6 from the event's own bytes. */
static void event_json_v6_head(json_object *o, const struct scn_header *shdr)
{
	const unsigned char *raw = event_show_raw(shdr);

	json_put_chars(o, "id", (const char *)raw, 2);
	json_put_int(o, "offset", shdr->raw_offset);
	json_put_int(o, "length", raw[2] << 8 | raw[3]);
	json_put_int(o, "version", raw[4]);
	json_put_int(o, "subtype", raw[5]);
	json_put_index(o, "creator_comp_id", (uint32_t)(raw[6] << 8 | raw[7]));
}

static void event_json_head(json_object *o, const struct scn_header *shdr,
			    const struct kind *kind)
{
	const struct rtas_vend_errlog *vendor = (const void *)shdr;

	json_put_text(o, "id", kind->id);
	json_put_int(o, "offset", shdr->raw_offset);
	json_put_int(o, "length",
		     shdr->scn_id == RTAS_VEND_ERRLOG_SCN ? 4 + vendor->vendor_data_sz
							  : kind->len);
	/* Only the first section has a version: the event's. */
	if (shdr->scn_id == RTAS_EVENT_HDR)
		json_put_int(
			o, "version",
			((const struct rtas_event_hdr *)(const void *)shdr)->version);
	else
		json_put_text(o, "version", NULL);
	json_put_text(o, "subtype", NULL);
}

static json_object *event_json_section_object(const struct scn_header *shdr)
{
	json_object *o = json_object_new_object();
	const struct kind *kind = &kinds[shdr->scn_id];

	if (kind->fill_v6 && (!kind->fill || shdr->re->version == 6)) {
		event_json_v6_head(o, shdr);
		kind->fill_v6(o, shdr);
	} else {
		event_json_head(o, shdr, kind);
		kind->fill(o, shdr);
	}
	return o;
}

json_object *event_show_json(struct rtas_event *re)
{
	json_object *o = json_object_new_object(), *sections = json_object_new_array();
	const struct rtas_event_hdr *s = rtas_get_event_hdr_scn(re);
	const struct scn_header *shdr;

	if (re->event_no >= 0)
		json_put_int(o, "seq", (uint32_t)re->event_no);
	else
		json_put_text(o, "seq", NULL);
	if (s) {
		NUMBER(version)
		NUMBER(severity)
		NUMBER(disposition)
		NUMBER(initiator)
		NUMBER(target)
		NUMBER(type)
	}
	json_put_int(o, "length", re->event_length);
	for (shdr = re->event_scns; shdr; shdr = shdr->next)
		if (shdr->scn_id > 0 && shdr->scn_id < RTAS_MAX_SCN_ID)
			json_object_array_add(sections, event_json_section_object(shdr));
	json_object_object_add(o, "sections", sections);
	event_json_bytes(o, "raw", re->buffer, re->event_length);
	return o;
}

json_object *event_show_document(json_object *events, json_object *error)
{
	json_object *document = json_object_new_object();

	json_put_text(document, "schema", "papr.rtas-event/1");
	json_put(document, "events", events);
	json_put(document, "error", error);
	return document;
}
