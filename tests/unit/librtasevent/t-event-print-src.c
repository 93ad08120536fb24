// SPDX-License-Identifier: GPL-2.0-or-later
/* Reference codes and call-outs. */
#include "tests/unit/fakes/event_prints.h"

static struct rtas_event version_6 = { .version = 6, .event_no = -1 };

#define CODES                                                                     \
	"Platform Data:\n"                                                        \
	"0x0000:  01020304 050607                         [.......         ]\n\n" \
	"Extended Reference Codes:\n"                                             \
	"2: 00000002  3: 00000003  4: 00000004  5: 00000005\n"                    \
	"6: 00000006  7: 00000007  8: 00000008  9: 00000009\n\n"

#define PRIMARY \
	TITLE("Primary SRC Section", "============================================")
#define SECONDARY \
	TITLE("Secondary SRC Section", "==========================================")

static struct rtas_src_scn a_src(int scn_id, const char *id)
{
	return (struct rtas_src_scn){
		.shdr = { .re = &version_6, .scn_id = scn_id },
		.v6hdr = { { id[0], id[1] }, 80, 1, 2, 3 },
		.version = 2,
		.src_platform_data = { 1, 2, 3, 4, 5, 6, 7 },
		.ext_refcode2 = 2,
		.ext_refcode3 = 3,
		.ext_refcode4 = 4,
		.ext_refcode5 = 5,
		.ext_refcode6 = 6,
		.ext_refcode7 = 7,
		.ext_refcode8 = 8,
		.ext_refcode9 = 9,
		.subscn_id = 0xc0,
		.subscn_platform_data = 1,
		.subscn_length = 0x29,
	};
}

/* The last cell of the dump, and no description of a known code, not the peer's. */
TEST(codes)
{
	struct rtas_src_scn src = a_src(RTAS_PSRC_SCN, "PS");

	memcpy(src.primary_refcode, "B1517200", 8);
	prints(&src, 0, PRIMARY CODES "Primary Reference Code: \"B1517200\"\n\n");
	src = a_src(RTAS_SSRC_SCN, "SS");
	memset(src.primary_refcode, 'x', sizeof(src.primary_refcode));
	prints(&src, 2,
	       SECONDARY
	       "Section ID:               SS    Section Length:     00000050\n"
	       "Version:            00000001    Sub_type:           00000002\n"
	       "Component ID:       00000003\n"
	       "SRC Version:        00000002    Subsections:        00000001\n\n" CODES
	       "Primary Reference Code: \"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\"\n"
	       "Sub-Section ID:     000000c0    Platform Data:      00000001\n"
	       "Length:             00000029\n\n");
}

#define FRU(n) \
	TITLE("FRU Section (" n ")", "================================================")

static const struct {
	char priority;
	const char *text;
} priorities[] = {
	{ 'H', "H - High priority and mandatory call-out.\n" },
	{ 'M', "M - Medium priority.\n" },
	{ 'A', "A - Medium priority group A (1st group).\n" },
	{ 'B', "B - Medium priority group B (2nd group).\n" },
	{ 'C', "C - Medium priority group C (3rd group).\n" },
	{ 'L', "L - Low Priority.\n" },
	{ 'x', "x - " },
	{ 0, "" },
};

TEST(call_out_priorities)
{
	for (size_t i = 0; i < COUNT(priorities); i++) {
		struct rtas_src_scn src = a_src(RTAS_PSRC_SCN, "PS");
		struct rtas_fru_scn fru = { .priority = priorities[i].priority };
		char expected[1024];

		src.fru_scns = &fru;
		snprintf(expected, sizeof(expected),
			 PRIMARY CODES "Primary Reference Code: \"\"\n\n" FRU(
				 "1") "Priority:           %s\n",
			 priorities[i].text);
		prints(&src, 0, expected);
	}
}

/* A location code of 80 characters has no NUL, and fills a line. */
TEST(call_outs)
{
	struct rtas_src_scn src = a_src(RTAS_PSRC_SCN, "PS");
	struct rtas_fru_scn second = {
		.length = 84,
		.type = 2,
		.fru_id_included = 1,
		.priority = 'M',
		.loc_code_length = 80,
	};
	struct rtas_fru_scn first = {
		.length = 8,
		.fru_subscn_included = 3,
		.priority = 'H',
		.loc_code_length = 4,
		.loc_code = "U123",
		.next = &second,
	};

	src.src_platform_data[0] = 0;
	src.fru_scns = &first;
	memset(second.loc_code, 'y', sizeof(second.loc_code));
	prints(&src, 2,
	       PRIMARY
	       "Section ID:               PS    Section Length:     00000050\n"
	       "Version:            00000001    Sub_type:           00000002\n"
	       "Component ID:       00000003\n"
	       "SRC Version:        00000002    Subsections:        00000000\n\n"
	       "Platform Data:\n"
	       "0x0000:  00020304 050607                         [.......         ]\n\n"
	       "Extended Reference Codes:\n"
	       "2: 00000002  3: 00000003  4: 00000004  5: 00000005\n"
	       "6: 00000006  7: 00000007  8: 00000008  9: 00000009\n\n"
	       "Primary Reference Code: \"\"\n\n" FRU(
		       "1") "Length:             00000008    Call-Out Type:      00000000\n"
			    "Fru ID Included:    No          Fru Subscns:        Yes     \n"
			    "Priority:           H - High priority and mandatory call-out.\n"
			    "Loc Code Length:    00000004\n"
			    "Location Code:      U123\n\n" FRU(
				    "2") "Length:             00000054    Call-Out Type:      00000002\n"
					 "Fru ID Included:    Yes         Fru Subscns:        No      \n"
					 "Priority:           M - Medium priority.\n"
					 "Loc Code Length:    00000050\n"
					 "Location Code:\n"
					 "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\n"
					 "y\n\n");
}

/* A call-out with one part, printed by itself. */
static void part_prints(void *part, int verbosity, const char *expected)
{
	struct rtas_src_scn src = a_src(RTAS_PSRC_SCN, "PS");
	struct rtas_fru_scn fru = { .priority = 'H', .subscns = part };
	char all[2048];

	src.v6hdr.id[0] = 'P';
	src.src_platform_data[0] = 1;
	src.fru_scns = &fru;
	snprintf(
		all, sizeof(all),
		PRIMARY "%s" CODES
			"Primary Reference Code: \"\"\n%s\n" FRU("1") "%s%s\n%s",
		verbosity < 2
			? ""
			: "Section ID:               PS    Section Length:     00000050\n"
			  "Version:            00000001    Sub_type:           00000002\n"
			  "Component ID:       00000003\n"
			  "SRC Version:        00000002    Subsections:        00000001\n\n",
		verbosity < 2
			? ""
			: "Sub-Section ID:     000000c0    Platform Data:      00000001\n"
			  "Length:             00000029\n",
		verbosity < 2
			? ""
			: "Length:             00000000    Call-Out Type:      00000000\n"
			  "Fru ID Included:    No          Fru Subscns:        No      \n",
		"Priority:           H - High priority and mandatory call-out.\n",
		expected);
	prints(&src, verbosity, all);
}

static const struct {
	uint32_t flags;
	const char *text;
} components[] = {
	{ 0x10, "00000010 (\"normal\" hardware FRU)" },
	{ 0x20, "00000020 (Code FRU)" },
	{ 0x30, "00000030 (Configuration error)" },
	{ 0x40, "00000040 (Mainteneace procedure required)" },
	{ 0x50, "00000050 " },
	{ 0x90, "00000090 (External FRU)" },
	{ 0xa0, "000000a0 (External Code FRU)" },
	{ 0xb0, "000000b0 (Tool FRU)" },
	{ 0xc0, "000000c0 (Symbolic FRU)" },
};

#define ID_TITLE \
	TITLE("FRU ID Section", "=================================================")

TEST(identities)
{
	struct rtas_fru_id_scn id = { .fruhdr = { NULL, { 'I', 'D' }, 28, 0x1f } };
	char expected[512];

	memset(id.part_no, '1', sizeof(id.part_no));
	memset(id.procedure_id, '2', sizeof(id.procedure_id));
	memset(id.ccin, '3', sizeof(id.ccin));
	memset(id.serial_no, '4', sizeof(id.serial_no));
	part_prints(&id, 2,
		    ID_TITLE
		    "ID:                 ID          Flags:              0000001f\n"
		    "Length:             0000001c\n"
		    "Failing Component:  00000010 (\"normal\" hardware FRU)\n"
		    "FRU Stocking Part:  11111111\n"
		    "Procedure ID:       22222222\n"
		    "CCIN:               33333\n"
		    "Serial Number:      4444444444444\n\n");
	for (size_t i = 0; i < COUNT(components); i++) {
		id.fruhdr.flags = components[i].flags;
		snprintf(expected, sizeof(expected),
			 ID_TITLE
			 "ID:                 ID          Flags:              %08x\n"
			 "Failing Component:  %s\n\n",
			 components[i].flags, components[i].text);
		part_prints(&id, 0, expected);
	}
	id.fruhdr.flags = 0;
	part_prints(&id, 0,
		    ID_TITLE
		    "ID:                 ID          Flags:              00000000\n\n");
}

#define PE_TITLE \
	TITLE("FRU PE Section", "=================================================")

TEST(enclosures)
{
	struct rtas_fru_pe_scn pe = {
		.fruhdr = { NULL, { 'P', 'E' }, 36, 0 },
		.pce_mtms = { "9105-22A", "1234567" },
	};

	part_prints(&pe, 0,
		    PE_TITLE
		    "ID:                 PE          Flags:              00000000\n"
		    "Model/Type:         9105-22A (tttt-mmm)\n"
		    "Serial Number:      1234567\n\n\n");
	memset(pe.pce_name, 'n', sizeof(pe.pce_name));
	part_prints(&pe, 2,
		    PE_TITLE
		    "ID:                 PE          Flags:              00000000\n"
		    "Length:             00000024\n"
		    "Model/Type:         9105-22A (tttt-mmm)\n"
		    "Serial Number:      1234567\n"
		    "PCE Name:           nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\n\n");
}

#define MR_TITLE \
	TITLE("FRU MR Section", "=================================================")

/* A part with an unknown id prints nothing. */
TEST(units_of_manufacturing)
{
	struct rtas_fru_hdr other = { NULL, { 'Z', 'Z' }, 4, 0xff };
	struct rtas_fru_mr_scn mr = {
		.fruhdr = { &other, { 'M', 'R' }, 24, 0x13 },
		.mrus = { { 'H', 1 }, { 0, 2 }, { 'L', 3 } },
	};

	part_prints(&mr, 0,
		    MR_TITLE
		    "ID:                 MR          Flags:              00000013\n\n"
		    "Manufacturing Replaceable Unit Fields (3):\n"
		    "MRU Priority:       H           MRU ID:             00000001\n"
		    "MRU Priority:       \n"
		    "MRU Priority:       L           MRU ID:             00000003\n\n");
	mr.fruhdr.flags = 0;
	part_prints(&mr, 2,
		    MR_TITLE
		    "ID:                 MR          Flags:              00000000\n"
		    "Length:             00000018\n\n"
		    "Manufacturing Replaceable Unit Fields (0):\n\n");
}
