// SPDX-License-Identifier: GPL-2.0-or-later
/* The common parts of events: the fixed and extended part, PH, UH. */
#include "tests/unit/fakes/event_prints.h"

static struct rtas_event version_2 = { .version = 2, .event_no = -1 };
static struct rtas_event version_3 = { .version = 3, .event_no = -1 };
static struct rtas_event version_6 = { .version = 6, .event_no = -1 };
static struct rtas_event version_7 = { .version = 7, .event_no = -1 };

TEST(fixed_part)
{
	struct rtas_event_hdr hdr = {
		SECTION(version_6, RTAS_EVENT_HDR),
		.version = 6,
		.severity = 7,
		.disposition = 3,
		.initiator = 5,
		.target = 15,
		.type = 230,
		.ext_log_length = 0x68,
	};

	prints(&hdr, 1,
	       "Version:            00000006    Severity:           00000007 ((7))\n"
	       "Disposition:        00000003 ((4))\n"
	       "Initiator           00000005 (Power Management)\n"
	       "Target              0000000f ((15))\n"
	       "Type                000000e6 (Unknown)\n");
	/* not the peer's, which reads past its tables */
	hdr = (struct rtas_event_hdr){
		SECTION(version_6, RTAS_EVENT_HDR),
		.severity = 8,
		.disposition = 4,
		.target = 16,
		.type = UINT32_MAX,
	};
	prints(&hdr, 2,
	       "Version:            00000000    Severity:           00000008 (Unknown)\n"
	       "Disposition:        00000004 (Unknown)\n"
	       "Extended:           00000000    Log Length:         00000000\n"
	       "Initiator           00000000 (Unknown)\n"
	       "Target              00000010 (Unknown)\n"
	       "Type                ffffffff (Unknown)\n");
	/* not the peer's, which prints a blank line and "Reported)" again */
	hdr = (struct rtas_event_hdr){ SECTION(version_6, RTAS_EVENT_HDR),
				       .severity = 6 };
	prints(&hdr, 0,
	       "Version:            00000000    Severity:           00000006 (Already "
	       "Reported)\n"
	       "Type                00000000 (Unknown)\n");
}

TEST(extended_part)
{
	struct rtas_event_exthdr ext = {
		SECTION(version_2, RTAS_EVENT_EXT_HDR),
		.valid = 1,
		.unrecoverable = 1,
		.recoverable = 1,
		.unrecoverable_bypassed = 1,
		.predictive = 1,
		.newlog = 1,
		.non_hardware = 1,
		.hot_plug = 1,
		.group_failure = 1,
		.residual = 1,
		.boot = 1,
		.config_change = 1,
		.post = 1,
		.date = { 0x2024, 0x1, 0x2 },
		.time = { 1, 2, 3, 0x99 },
	};
#define STATUS "Status:             unrecoverable recoverable bypassed predictive new\n"
#define CAUSE                                      \
	"Residual error from previous boot.\n"     \
	"Error detected during IPL process.\n"     \
	"Configuration changed since last boot.\n" \
	"Error detected prior to IPL.\n"           \
	"Date:               2024/1/2  Time:               1:2:3:99\n\n"

	prints(&ext, 2, STATUS CAUSE);
	ext.shdr.re = &version_3;
	prints(&ext, 0,
	       STATUS "Error may be caused by defects in software or firmware.\n"
		      "Error is isolated to hot-pluggable unit.\n"
		      "Error is isolated to a group of failing units.\n" CAUSE);
	ext.shdr.re = &version_6;
	prints_less(&ext, 2, STATUS "\n", 1);
	ext.shdr.re = &version_7;
	prints_less(&ext, 2, STATUS "\n", 1);
	ext.valid = 0;
	prints(&ext, 2, "Extended log data can not be decoded.\n\n");
	ext.bigendian = 1;
	prints(&ext, 2, "Extended log data can not be decoded.\n\n");
	ext.power_pc = 1;
	prints(&ext, 2, "Extended log data is not valid.\n\n");
	ext = (struct rtas_event_exthdr){ SECTION(version_6, RTAS_EVENT_EXT_HDR),
					  .valid = 1 };
	prints_less(&ext, 2, "Status:            \n\n", 1);
}

TEST(private_header)
{
	struct rtas_priv_hdr_scn ph = {
		SECTION(version_6, RTAS_PRIV_HDR_SCN),
		.v6hdr = { { 'P', 0 }, 48, 1, 2, 0x4142 },
		.date = { 0x2026, 0x99, 0x31 },
		.creator_id = 'E',
		.scn_count = 3,
		.creator_subid_hi = 1,
		.creator_subid_lo = 2,
		.plid = 3,
		.log_entry_id = 4,
		.creator_subid_name = { 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I' },
	};

	/* month and unterminated name not the peer's */
	prints(&ph, 0,
	       TITLE("Private Header",
		     "=================================================") "Date:               31 (Unknown) 2026\n"
									  "Time:               0:0:0:0\n"
									  "Creator ID:         Service Processor (E).\n"
									  "Creator Subsystem Name: ABCDEFGHI.\n"
									  "Platform Log ID:    00000003    Log Entry ID:       00000004\n\n");
	ph.creator_id = 'H';
	ph.date.month = 0x0a;
	prints(&ph, 3,
	       TITLE("Private Header",
		     "=================================================") "Section ID:               P\n"
									  "Version:            00000001    Sub_type:           00000002\n"
									  "Component ID:       00004142\n"
									  "Date:               31  2026\n"
									  "Time:               0:0:0:0\n"
									  "Creator ID:         PHyp (H).\n"
									  "Section Count:      00000003\n"
									  "Creator Subsystem Version: 0000000100000002.\n"
									  "Platform Log ID:    00000003    Log Entry ID:       00000004\n\n");
}

#define USER_HEADER \
	TITLE("User Header", "====================================================")

TEST(user_header)
{
	struct rtas_usr_hdr_scn uh = {
		SECTION(version_6, RTAS_USR_HDR_SCN),
		.subsystem_id = 0xff,
		.event_data = 5,
		.event_type = 0x99,
		.event_severity = 0x62,
	};

	/* the number after the severity not the peer's, which prints the type's */
	prints(&uh, 0,
	       USER_HEADER "Subsystem ID:       000000ff \n"
			   "Event Data          00000005\n\n"
			   "Event Type:         00000099\n"
			   "Unknown event type (153).\n\n"
			   "Event Severity:     00000062\n"
			   "Unknown event severity (98).\n\n"
			   "Action Flag:        00000000 \n");
}

struct action {
	uint32_t flags;
	const char *text;
};

#define UNDER "                             "

// clang-format off
static const struct action actions[] = {
	{ 0x8000, "00008000 Service Action Required.\n" },
	{ 0x2000, "00002000 Report Externally, (HMC and Hypervisor).\n" },
	{ 0x0400, "00000400 Error isolation incomplete,\n"
		  UNDER "  further analysis required.\n" },
	{ 0x1000, "00001000 Unknown action flag (0x00001000).\n" },
	{ 0x0123, "00000123 Unknown action flag (0x00000123).\n" },
	/* Not the peer's, to which the following ones are unknown. */
	{ 0x3000, "00003000 Report Externally, (HMC only).\n" },
	{ 0xc000, "0000c000 Service Action (hidden error) Required.\n" },
	{ 0x8800, "00008800 Service Action (call home) Required.\n" },
	{ 0xc801, "0000c801 Service Action (hidden error) (call home)\n"
		  "Required.\n" }, /* 80 columns would be one too many */
	{ 0xa800, "0000a800 Service Action (call home) Required.\n"
		  UNDER "Report Externally, (HMC and Hypervisor).\n" },
	{ 0xb400, "0000b400 Service Action Required.\n"
		  UNDER "Report Externally, (HMC only).\n"
		  UNDER "Error isolation incomplete,\n"
		  UNDER "  further analysis required.\n" },
};
// clang-format on

TEST(actions_to_take)
{
	for (size_t i = 0; i < COUNT(actions); i++) {
		struct rtas_usr_hdr_scn uh = {
			SECTION(version_6, RTAS_USR_HDR_SCN),
			.subsystem_id = 0x7a,
			.event_type = 1,
			.event_severity = 0x10,
			.action = actions[i].flags,
		};
		char expected[512];

		snprintf(expected, sizeof(expected),
			 USER_HEADER "Subsystem ID:       0000007a (Surveillance Error)\n"
				     "Event Data          00000000\n\n"
				     "Event Type:         00000001\n"
				     "Miscellaneous, informational only.\n\n"
				     "Event Severity:     00000010\n"
				     "Recovered error, general.\n\n"
				     "Action Flag:        %s\n",
			 actions[i].text);
		prints(&uh, 0, expected);
	}
}
