// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>

#include "cli/event_show.h"

/* A number that has a name. */
struct word {
	uint32_t value;
	const char *word;
};

static const struct word severities[] = {
	{ 0, "no-error" }, { 1, "event" }, { 2, "warning" },	      { 3, "error-sync" },
	{ 4, "error" },	   { 5, "fatal" }, { 6, "already-reported" }, { 0, NULL },
};

static const struct word dispositions[] = {
	{ 0, "recovered" },
	{ 1, "limited-recovery" },
	{ 2, "not-recovered" },
	{ 0, NULL },
};

static const struct word types[] = {
	{ RTAS_HDR_TYPE_RETRY, "retry" },
	{ RTAS_HDR_TYPE_TCE_ERR, "tce-error" },
	{ RTAS_HDR_TYPE_INTERN_DEV_FAIL, "internal-device-failure" },
	{ RTAS_HDR_TYPE_TIMEOUT, "timeout" },
	{ RTAS_HDR_TYPE_DATA_PARITY, "data-parity" },
	{ RTAS_HDR_TYPE_ADDR_PARITY, "address-parity" },
	{ RTAS_HDR_TYPE_CACHE_PARITY, "cache-parity" },
	{ RTAS_HDR_TYPE_ADDR_INVALID, "address-invalid" },
	{ RTAS_HDR_TYPE_ECC_UNCORRECTED, "ecc-uncorrected" },
	{ RTAS_HDR_TYPE_ECC_CORRECTED, "ecc-corrected" },
	{ RTAS_HDR_TYPE_EPOW, "epow" },
	{ RTAS_HDR_TYPE_PRRN, "prrn" },
	{ RTAS_HDR_TYPE_PLATFORM_ERROR, "platform-error" },
	{ RTAS_HDR_TYPE_IBM_IO_EVENT, "io-event" },
	{ RTAS_HDR_TYPE_PLATFORM_INFO, "platform-info" },
	{ RTAS_HDR_TYPE_RESOURCE_DEALLOC, "deallocate" },
	{ RTAS_HDR_TYPE_DUMP_NOTIFICATION, "dump" },
	{ RTAS_HDR_TYPE_HOTPLUG, "hotplug" },
	{ 0, NULL },
};

static const struct word epow_actions[] = {
	{ RTAS_EPOW_ACTION_RESET, "reset" },
	{ RTAS_EPOW_ACTION_WARN_COOLING, "warn-cooling" },
	{ RTAS_EPOW_ACTION_WARN_POWER, "warn-power" },
	{ RTAS_EPOW_ACTION_SYSTEM_SHUTDOWN, "system-shutdown" },
	{ RTAS_EPOW_ACTION_SYSTEM_HALT, "system-halt" },
	{ RTAS_EPOW_ACTION_MAIN_ENCLOSURE, "main-enclosure" },
	{ RTAS_EPOW_ACTION_POWER_OFF, "power-off" },
	{ 0, NULL },
};

static const struct word epow_modifiers[] = {
	{ RTAS_EPOW_MOD_NA, "no-reason" },
	{ RTAS_EPOW_MOD_NORMAL_SHUTDOWN, "normal-shutdown" },
	{ RTAS_EPOW_MOD_UTILITY_POWER_LOSS, "utility-power-loss" },
	{ RTAS_EPOW_MOD_CRIT_FUNC_LOSS, "critical-function-loss" },
	{ RTAS_EPOW_MOD_AMBIENT_TEMP, "ambient-temperature" },
	{ 0, NULL },
};

static const struct word io_subtypes[] = {
	{ 0, "none" },
	{ 1, "rebalance" },
	{ 3, "node-online" },
	{ 4, "node-offline" },
	{ 5, "dump-size" },
	{ 8, "notification" },
	{ 9, "nvdimm-protected" },
	{ 10, "nvdimm-unprotected" },
	{ 0, NULL },
};

static const struct word hotplug_types[] = {
	{ RTAS_HP_TYPE_CPU, "cpu" },
	{ RTAS_HP_TYPE_MEMORY, "memory" },
	{ RTAS_HP_TYPE_SLOT, "slot" },
	{ RTAS_HP_TYPE_PHB, "phb" },
	{ RTAS_HP_TYPE_PCI, "pci" },
	{ RTAS_HP_TYPE_PMEM, "pmem" },
	{ 0, NULL },
};

static const struct word hotplug_actions[] = {
	{ RTAS_HP_ACTION_ADD, "add" },
	{ RTAS_HP_ACTION_REMOVE, "remove" },
	{ 0, NULL },
};

/* Print " word", or " what-5" for a number without a word. */
static void event_line_print_word(FILE *out, const struct word *words, const char *what,
				  uint32_t value)
{
	for (; words->word; words++) {
		if (words->value == value) {
			fprintf(out, " %s", words->word);
			return;
		}
	}
	fprintf(out, " %s-%u", what, value);
}

/* Print at most len characters, up to NUL, without trailing blanks. Characters that are
 * not printable or that end a quoted text become \xNN. */
static void event_line_print_chars(FILE *out, const char *text, size_t len)
{
	len = strnlen(text, len);
	while (len && text[len - 1] == ' ')
		len--;
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c < ' ' || c > '~' || c == '\\' || c == '"')
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void event_line_print_quoted(FILE *out, const char *what, const char *text,
				    size_t len)
{
	fprintf(out, "%s \"", what);
	event_line_print_chars(out, text, len);
	fputc('"', out);
}

void event_show_text(FILE *out, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];

		if ((c < ' ' && c != '\n') || c > '~')
			fprintf(out, "\\x%02x", c);
		else
			fputc(c, out);
	}
}

static void event_line_hotplug(FILE *out, const struct rtas_hotplug_scn *hp)
{
	event_line_print_word(out, hotplug_actions, "action", hp->action);
	event_line_print_word(out, hotplug_types, "type", hp->type);
	switch (hp->identifier) {
	case RTAS_HP_ID_DRC_NAME:
		event_line_print_quoted(out, " drc-name", hp->u1.drc_name,
					strlen(hp->u1.drc_name));
		break;
	case RTAS_HP_ID_DRC_INDEX:
		fprintf(out, " drc-index 0x%08x", hp->u1.drc_index);
		break;
	case RTAS_HP_ID_DRC_COUNT:
		fprintf(out, " count %u", hp->u1.count);
		break;
	case RTAS_HP_ID_DRC_COUNT_INDEXED:
		fprintf(out, " count %u drc-index 0x%08x", hp->u1.indexed.count,
			hp->u1.indexed.drc_index);
		break;
	default:
		fprintf(out, " identifier-%u", hp->identifier);
	}
}

static void event_line_epow(FILE *out, const struct rtas_epow_scn *epow)
{
	event_line_print_word(out, epow_actions, "action", epow->action_code);
	if (epow->shdr.re->version == 6)
		event_line_print_word(out, epow_modifiers, "modifier",
				      epow->event_modifier);
	else
		fprintf(out, " sensor-value %u", epow->sensor_value);
}

static void event_line_dump(FILE *out, const struct rtas_dump_scn *dump)
{
	fprintf(out, " %s id 0x%08x", dump->location ? "hmc" : "partition", dump->id);
	if (dump->size_valid)
		fprintf(out, " size %llu",
			(unsigned long long)dump->size_hi << 32 | dump->size_lo);
	if (dump->id_len && !dump->fname_type)
		event_line_print_quoted(out, " name", dump->os_id, sizeof(dump->os_id));
}

static void event_line_io(FILE *out, const struct rtas_io_scn *io)
{
	if (io->shdr.re->version != 6) {
		fprintf(out, " adapter %x:%x.%x vendor 0x%04x device 0x%04x",
			io->pci_sig_busno, io->pci_sig_devfn >> 3, io->pci_sig_devfn & 7,
			io->pci_sig_vendorid, io->pci_sig_deviceid);
		return;
	}
	if (io->event_type == RTAS_IO_TYPE_RPC_PASS_THRU)
		fprintf(out, " rpc %u bytes", io->rpc_length);
	else
		event_line_print_word(out, io_subtypes, "subtype", io->subtype);
	fprintf(out, " drc-index 0x%08x", io->drc_index);
}

static void event_line_lri(FILE *out, const struct rtas_lri_scn *lri)
{
	switch (lri->resource) {
	case RTAS_LRI_RES_PROC:
		fprintf(out, " cpu 0x%08x", lri->lri_cpu_id);
		break;
	case RTAS_LRI_RES_SHARED_PROC:
		fprintf(out, " capacity %u.%02u", lri->capacity / 100,
			lri->capacity % 100);
		break;
	case RTAS_LRI_RES_MEM_PAGE:
		fprintf(out, " page 0x%08x%08x", lri->lri_mem_addr_lo,
			lri->lri_mem_addr_hi);
		break;
	case RTAS_LRI_RES_MEM_LMB:
		fprintf(out, " lmb drc-index 0x%08x", lri->lri_drc_index);
		break;
	default:
		fprintf(out, " resource-%u", lri->resource);
	}
}

static void event_line_src(FILE *out, const struct rtas_src_scn *src)
{
	const struct rtas_fru_scn *fru = src->fru_scns;

	fputs(" src ", out);
	event_line_print_chars(out, src->primary_refcode, sizeof(src->primary_refcode));
	while (fru && !fru->loc_code_length)
		fru = fru->next;
	if (!fru)
		return;
	fputs(" at ", out);
	event_line_print_chars(out, fru->loc_code, sizeof(fru->loc_code));
}

/* Print the severity, the disposition and the failing part, as far as known. */
static void event_line_error(FILE *out, struct rtas_event *re,
			     const struct rtas_event_hdr *hdr)
{
	const struct rtas_usr_hdr_scn *usr = rtas_get_usr_hdr_scn(re);
	const struct rtas_cpu_scn *cpu = rtas_get_cpu_scn(re);
	const struct rtas_mem_scn *mem = rtas_get_mem_scn(re);
	const struct rtas_src_scn *src = rtas_get_src_scn(re);

	event_line_print_word(out, severities, "severity", hdr->severity);
	event_line_print_word(out, dispositions, "disposition", hdr->disposition);
	if (usr)
		fprintf(out, " subsystem 0x%02x", usr->subsystem_id);
	if (cpu)
		fprintf(out, " cpu %u", cpu->id);
	if (mem)
		fprintf(out, " address 0x%08x%08x", mem->failing_address_hi,
			mem->failing_address_lo);
	if (src)
		event_line_src(out, src);
}

/* Print the data of the event's main section, or the severity if no such section
 * exists. */
static void event_line_about(FILE *out, struct rtas_event *re,
			     const struct rtas_event_hdr *hdr)
{
	const struct rtas_hotplug_scn *hotplug = rtas_get_hotplug_scn(re);
	const struct rtas_epow_scn *epow = rtas_get_epow_scn(re);
	const struct rtas_dump_scn *dump = rtas_get_dump_scn(re);
	const struct rtas_io_scn *io = rtas_get_io_scn(re);
	const struct rtas_lri_scn *lri = rtas_get_lri_scn(re);

	if (hotplug)
		event_line_hotplug(out, hotplug);
	else if (epow)
		event_line_epow(out, epow);
	else if (hdr->type == RTAS_HDR_TYPE_PRRN)
		fprintf(out, " scope %u", hdr->ext_log_length);
	else
		event_line_error(out, re, hdr);
	if (dump)
		event_line_dump(out, dump);
	if (io)
		event_line_io(out, io);
	if (lri)
		event_line_lri(out, lri);
}

void event_show_line(FILE *out, struct rtas_event *re)
{
	const struct rtas_event_hdr *hdr = rtas_get_event_hdr_scn(re);

	if (re->event_no >= 0)
		fprintf(out, "#%u", (uint32_t)re->event_no);
	else
		fputc('-', out);
	if (hdr) {
		event_line_print_word(out, types, "type", hdr->type);
		event_line_about(out, re, hdr);
	}
	fputc('\n', out);
}

const struct scn_header *event_show_damage(const struct rtas_event *re)
{
	static const char known[][3] = { "PH", "UH", "DH", "EP", "HP",
					 "IE", "LR", "MT", "PS", "SS" };
	const struct scn_header *shdr = re->event_scns;
	const unsigned char *raw;
	uint32_t len;

	while (shdr && shdr->next)
		shdr = shdr->next;
	if (!shdr || shdr->scn_id != RTAS_GENERIC_SCN)
		return NULL;

	raw = event_show_raw(shdr);
	len = (uint32_t)(raw[2] << 8 | raw[3]);
	if (len < 8 || len > re->event_length - shdr->raw_offset)
		return shdr;
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!memcmp(raw, known[i], 2))
			return shdr;
	return NULL;
}
