// SPDX-License-Identifier: GPL-2.0-or-later
/* Sections of version 6: values without a meaning, full arrays. */
#include "tests/unit/fakes/event_prints.h"

static struct rtas_event version_6 = { .version = 6, .event_no = -1 };

#define EPOW_WARNING \
	TITLE("EPOW Warning", "===================================================")

TEST(epow)
{
	struct rtas_epow_scn scn = {
		SECTION(version_6, RTAS_EPOW_SCN),
		.sensor_value = 0xfffffff,
		.action_code = 0xf,
		.event_modifier = 5,
		.reason_code = { 'R', 'E', 'A', 'S', 'O', 'N', '1', '2' },
	};

	prints(&scn, 0,
	       EPOW_WARNING
	       "Sensor Value:       0fffffff    Action Code:        0000000f\n"
	       "EPOW Event:         00000005\n"
	       " - Unknown action code.\n"
	       "Platform specific reason code:\n"
	       "0x0000:  52454153 4f4e3132                       [REASON12        ]\n\n");
	scn.event_modifier = 0;
	prints(&scn, 0,
	       EPOW_WARNING
	       "Sensor Value:       0fffffff    Action Code:        0000000f\n"
	       "EPOW Event:         00000000\n"
	       "Platform specific reason code:\n"
	       "0x0000:  52454153 4f4e3132                       [REASON12        ]\n\n");
}

#define IO_EVENT \
	TITLE("I/O Event Section", "==============================================")

TEST(io)
{
	struct rtas_io_scn scn = { SECTION(version_6, RTAS_IO_SCN),
				   .event_type = 5,
				   .scope = 0x35,
				   .subtype = 2,
				   .drc_index = 0x20000001,
				   .rpc_length = 4 };

	prints(&scn, 0,
	       IO_EVENT "Event Type:         00000005     - Unknown event type (5).\n"
			"Error/Event Scope:  00000035     - Unknown error/event scope.\n"
			"I/O Event Subtype:  00000002     - Unknown subtype.\n"
			"DRC Index:          20000001    \n");
	scn.event_type = RTAS_IO_TYPE_EVENT;
	scn.scope = RTAS_IO_SCOPE_EADS_SLOT;
	scn.subtype = 5;
	prints(&scn, 0,
	       IO_EVENT
	       "Event Type:         00000003     - Event (3).\n"
	       "Error/Event Scope:  0000003a     - EADS Slot.\n"
	       "I/O Event Subtype:  00000005     - Platform Dump maximum size change.\n"
	       "DRC Index:          20000001    \n");
	scn.event_type = RTAS_IO_TYPE_RPC_PASS_THRU;
	scn.scope = scn.subtype = scn.rpc_length = 0;
	prints(&scn, 0,
	       IO_EVENT "Event Type:         00000004     - RPC Pass Through (4).\n"
			"Error/Event Scope:  00000000     - N/A.\n"
			"I/O Event Subtype:  00000000     - N/A.\n"
			"DRC Index:          20000001    RPC Field Length:   00000000\n");
}

/* A wrong length prints only the existing bytes. */
TEST(io_data_ends)
{
	struct rtas_io_scn *scn = calloc(1, sizeof(*scn));
	char *text = NULL;
	size_t len;
	FILE *file = open_memstream(&text, &len);

	scn->shdr = (struct scn_header){ .re = &version_6, .scn_id = RTAS_IO_SCN };
	scn->event_type = RTAS_IO_TYPE_RPC_PASS_THRU;
	scn->rpc_length = UINT32_MAX;
	rtas_print_scn(file, &scn->shdr, 0);
	fclose(file);
	assert_non_null(
		strstr(text, "\n0x00d0:  00000000 00000000                       "));
	assert_null(strstr(text, "\n0x00e0"));
	free(text);
	free(scn);
}

#define DUMP TITLE("Dump Locator section", "===========================================")

TEST(dump)
{
	struct rtas_dump_scn scn = {
		SECTION(version_6, RTAS_DUMP_SCN),
		.v6hdr = { { 'D', 'H' }, 64, 1, 7, 0 },
		.id = 1,
		.location = 1,
		.fname_type = 1,
		.size_valid = 1,
		.id_len = 5,
		.size_hi = 2,
		.size_lo = 3,
		.os_id = "abcde",
	};
#define DUMP_HEAD                                                        \
	"Section ID:               DH    Section Length:     00000040\n" \
	"Version:            00000001    Sub_type:           00000007\n" \
	"Component ID:       00000000\n"

	prints(&scn, 1,
	       DUMP "Dump ID:            00000001    Dump Field Format:       hex\n"
		    "Dump Location:      HMC\n"
		    "Dump Size:          0000000200000003\n\n");
	/* the last cell of the dump not the peer's, which prints a byte more */
	prints(&scn, 2,
	       DUMP DUMP_HEAD
	       "Dump ID:            00000001    Dump Field Format:       hex\n"
	       "Dump Location:      HMC\n"
	       "Dump Size:          0000000200000003\n"
	       "Dump Size Valid:         Yes    Dump ID Length:     00000005\n"
	       "Dump ID:\n"
	       "0x0000:  61626364 65                             [abcde           ]\n\n");
	scn.fname_type = scn.location = scn.size_valid = 0;
	memset(scn.os_id, 'x', sizeof(scn.os_id));
	prints(&scn, 2,
	       DUMP DUMP_HEAD
	       "Dump ID:            00000001    Dump Field Format:     ascii\n"
	       "Dump Location:      Partition\n"
	       "Dump Size:          0000000200000003\n"
	       "Dump Size Valid:          No    Dump ID Length:     00000005\n"
	       "Dump ID:xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n\n");
	scn.id_len = 0;
	prints(&scn, 2,
	       DUMP DUMP_HEAD
	       "Dump ID:            00000001    Dump Field Format:     ascii\n"
	       "Dump Location:      Partition\n"
	       "Dump Size:          0000000200000003\n"
	       "Dump Size Valid:          No    Dump ID Length:     00000000\n\n");
	scn.id_len = UINT32_MAX;
	scn.fname_type = 1;
	prints(&scn, 2,
	       DUMP DUMP_HEAD
	       "Dump ID:            00000001    Dump Field Format:       hex\n"
	       "Dump Location:      Partition\n"
	       "Dump Size:          0000000200000003\n"
	       "Dump Size Valid:          No    Dump ID Length:     ffffffff\n"
	       "Dump ID:\n"
	       "0x0000:  78787878 78787878 78787878 78787878     [xxxxxxxxxxxxxxxx]\n"
	       "0x0010:  78787878 78787878 78787878 78787878     [xxxxxxxxxxxxxxxx]\n"
	       "0x0020:  78787878 78787878                       [xxxxxxxx        ]\n\n");
}

static const struct {
	uint32_t resource;
	const char *text;
} resources[] = {
	{ 0x10, "00000010 (Processor)\nCPU ID:             00000009\n" },
	{ 0x11, "00000011 (Shared Processor)\nEntitled Capacity:  00000007\n" },
	{ 0x40, "00000040 (Memory Page)\nLogical Address:    000000090000000a\n" },
	{ 0x41, "00000041 (Memory LMB)\nDRC Index:          00000009\n" },
	{ 0x42, "00000042 (Unknown Resource)\n" },
};

TEST(logical_resource)
{
	for (size_t i = 0; i < COUNT(resources); i++) {
		struct rtas_lri_scn scn = {
			SECTION(version_6, RTAS_LRI_SCN),
			.resource = resources[i].resource,
			.capacity = 7,
			.lri_cpu_id = 9,
			.lri_mem_addr_hi = 10,
		};
		char expected[256];

		snprintf(
			expected, sizeof(expected),
			TITLE("Logical Resource Identification",
			      "================================") "Resource Type:      %s\n",
			resources[i].text);
		prints(&scn, 0, expected);
	}
}

/* The header not the peer's, which reads its bytes as host-order words. */
TEST(machine_type)
{
	static const uint8_t head[8] = { 'M', 'T', 0, 28, 1, 2, 0x12, 0x34 };
	struct rtas_mt_scn scn = { SECTION(version_6, RTAS_MT_SCN) };

	memcpy(&scn.v6hdr, head, sizeof(head));
	memset(&scn.mtms, 'x', sizeof(scn.mtms));
	prints(&scn, 2,
	       TITLE("Machine Type",
		     "===================================================") "Section ID:               MT    Section Length:     0000001c\n"
									    "Version:            00000001    Sub_type:           00000002\n"
									    "Component ID:       00001234\n"
									    "Model/Type:         xxxxxxxxx (tttt-mmm)\n"
									    "Serial Number:      xxxxxxxxxxxxx\n\n");
}

/* A name needs space after the structure. */
struct named {
	struct rtas_hotplug_scn scn;
	char more[32];
};

struct plug {
	uint8_t type, action, identifier;
	const char *text;
};

// clang-format off
static const struct plug plugs[] = {
	{ 0, 0, 0, "Hotplug Type:       00000000 ()\n"
		   "Hotplug Action:     00000000 ()\n"
		   "Hotplug Identifier: 00000000 ()\n"
		   "Hotplug count:      41424344\n" },
	{ 5, 2, 2, "Hotplug Type:       00000005 (PCI)\n"
		   "Hotplug Action:     00000002 (Remove)\n"
		   "Hotplug Identifier: 00000002 (DRC Index)\n"
		   "Hotplug drc_index:  41424344\n" },
	{ 4, 1, 3, "Hotplug Type:       00000004 (PHB)\n"
		   "Hotplug Action:     00000001 (Add)\n"
		   "Hotplug Identifier: 00000003 (Count)\n"
		   "Hotplug count:      41424344\n" },
	/* Not the peer's, which has no names for these and reads past its tables. */
	{ 6, 1, 4, "Hotplug Type:       00000006 (PMEM)\n"
		   "Hotplug Action:     00000001 (Add)\n"
		   "Hotplug Identifier: 00000004 (Indexed Count)\n"
		   "Hotplug count:      41424344\n"
		   "Hotplug drc_index:  80000004\n" },
	{ 7, 3, 5, "Hotplug Type:       00000007 (Unknown)\n"
		   "Hotplug Action:     00000003 (Unknown)\n"
		   "Hotplug Identifier: 00000005 (Unknown)\n"
		   "Hotplug count:      41424344\n" },
	{ 200, 255, 255, "Hotplug Type:       000000c8 (Unknown)\n"
			 "Hotplug Action:     000000ff (Unknown)\n"
			 "Hotplug Identifier: 000000ff (Unknown)\n"
			 "Hotplug count:      41424344\n" },
};
// clang-format on

#define HOTPLUG \
	TITLE("Hotplug section", "================================================")

TEST(hotplug)
{
	struct named named;

	for (size_t i = 0; i < COUNT(plugs); i++) {
		struct rtas_hotplug_scn scn = {
			SECTION(version_6, RTAS_HP_SCN),
			.type = plugs[i].type,
			.action = plugs[i].action,
			.identifier = plugs[i].identifier,
			.u1.indexed = { 0x41424344, 0x80000004 },
		};
		char expected[512];

		snprintf(expected, sizeof(expected), HOTPLUG "%s\n", plugs[i].text);
		prints(&scn, 0, expected);
	}
	named = (struct named){ .scn = { SECTION(version_6, RTAS_HP_SCN),
					 .identifier = 1 } };
	memcpy(&named.scn.u1, "U78D3.001.WZS002W-P1", 21);
	/* a newline after the name not the peer's */
	prints(&named.scn, 0,
	       HOTPLUG "Hotplug Type:       00000000 ()\n"
		       "Hotplug Action:     00000000 ()\n"
		       "Hotplug Identifier: 00000001 (DRC Name)\n"
		       "Hotplug drc_name:   U78D3.001.WZS002W-P1\n\n");
}

#define UNKNOWN \
	TITLE("Unknown Section", "================================================")

/* Its header is printed at every verbosity. */
TEST(generic)
{
	char data[] = "0123456789abcdef";
	struct rtas_v6_generic scn = {
		SECTION(version_6, RTAS_GENERIC_SCN),
		.v6hdr = { { 'U', 'D' }, 24, 1, 2, 0x4142 },
		.data = data,
	};
#define UD_HEAD(length)                                                            \
	UNKNOWN "Section ID:               UD    Section Length:     " length "\n" \
		"Version:            00000001    Sub_type:           00000002\n"   \
		"Component ID:       00004142\n\n"

	prints(&scn, 0,
	       UD_HEAD("00000018") "Raw Section Data:\n"
				   "0x0000:  30313233 34353637 38396162 63646566     [0123456789abcdef]\n\n");
	scn.v6hdr.length = 8;
	prints(&scn, 0, UD_HEAD("00000008") "\n");
	scn.v6hdr.length = 0;
	prints(&scn, 0, UD_HEAD("00000000") "\n");
	scn.v6hdr.length = 0xffff;
	scn.data = NULL;
	prints(&scn, 0, UD_HEAD("0000ffff") "\n");
}
