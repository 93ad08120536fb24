// SPDX-License-Identifier: GPL-2.0-or-later
/* The public functions of libdrmgr: types, lists, members, errors. */
#include "libdrmgr/core/error.h"
#include "libdrmgr/drmgr.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/no_memory.h"

/* ---- Types ---- */

TEST(types_have_names)
{
	const struct dr_type *type;
	size_t n = 0;

	dr_foreach_type(type) {
		n++;
		assert_ptr_equal(dr_type_by_name(dr_type_get_name(type)), type);
		assert_true(*dr_type_get_title(type));
		assert_string_equal(dr_type_get_member(type, 1), "name");
	}
	assert_int_equal(n, 9);
	assert_null(dr_type_by_name("pc"));
	assert_null(dr_type_by_name(""));
	type = dr_type_by_name("pci");
	assert_true(dr_type_allows(type, DR_IDENTIFY));
	assert_false(dr_type_allows(type, DR_MIGRATE));
	assert_false(dr_type_has_connectors(dr_type_by_name("pmig")));
}

/* Each key is there once, so that documents are valid. */
TEST(keys_are_unique)
{
	const struct dr_type *type;

	dr_foreach_type(type)
		for (size_t i = 0; dr_type_get_member(type, i); i++)
			for (size_t j = 0; j < i; j++)
				assert_string_not_equal(dr_type_get_member(type, i),
							dr_type_get_member(type, j));
}

/* ---- The journal ---- */

static struct dr *open_fake(const struct fake *f)
{
	struct dr *dr;

	assert_int_equal(dr_new(&dr, f->dir), 0);
	return dr;
}

static void put_journal(struct fake *f, const char *text)
{
	fake_text(f, "run/drmgr/journal", text);
	assert_int_equal(fchmodat(f->root.fd, "run/drmgr", 0700, 0), 0);
}

/* The folder of the program is not a part of the command, however long it is. */
TEST(journal_of_a_long_command)
{
	static const struct {
		size_t folder;
		const char *words, *command;
	} rows[] = {
		{ 4, "drmgr -c pci", "drmgr -c pci" }, { 0, " -a", " -a" },
		{ 198, "drmgr -a", "drmgr -a" },       { 199, "drmgr -a", "drmgr -a" },
		{ 1000, "drmgr -a", "drmgr -a" },
	};
	char folder[1001], text[1200];
	struct dr_journal *journal;
	struct dr *dr;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();

		memset(folder, 'a', sizeof(folder));
		folder[rows[i].folder] = '\0';
		snprintf(text, sizeof(text), "drmgr-journal 1 this-boot 7 /%s/%s\n",
			 folder, rows[i].words);
		put_journal(f, text);
		dr = open_fake(f);
		assert_int_equal(dr_journal_read(dr, &journal), 0);
		assert_int_equal(dr_journal_get_pid(journal), 7);
		assert_string_equal(dr_journal_get_command(journal), rows[i].command);
		dr_journal_free(journal);
		dr_unref(dr);
		fake_free(f);
	}
}

#define HEADER "drmgr-journal 1 this-boot 7 drmgr -c pci\n"
#define C8     " 0x40000008 C8 28 0x40000008 /pci@8\n"
#define C9     " 0x40000009 C9 28 0x40000009 /pci@8\n"

/* Join the connectors and the last open step: "C8 0x40000008, 0x40000009: led-off". */
static void summarize(const struct dr_journal *journal, char *text, size_t size)
{
	const char *step = dr_journal_get_open_step(journal), *name;
	size_t used = 0;
	uint32_t index;

	for (size_t i = 0; (name = dr_journal_get_connector(journal, i, &index)); i++)
		used += (size_t)snprintf(text + used, size - used, "%s%s%s0x%08x",
					 i ? ", " : "", name, *name ? " " : "", index);
	snprintf(text + used, size - used, ": %s", step ? step : "-");
}

/* Join the states of the steps: "done begun ". */
static void join_states(const struct dr_journal *journal, char *text)
{
	const char *op, *args, *status;

	*text = '\0';
	for (size_t i = 0; dr_journal_get_step(journal, i, &op, &args, &status); i++)
		strcat(strcat(text, status), " ");
}

/* Only steps that are neither undone nor permanent are left, and each connector once. */
TEST(what_a_journal_leaves)
{
	static const struct {
		const char *text, *left, *states;
		int err;
	} rows[] = {
		{ HEADER, ": -", "", 0 },
		{ HEADER "begin 1 led-off" C8 "done 1\nbegin 2 rest" C9
			 "begin 3 led-on" C8,
		  "C8 0x40000008, C9 0x40000009: led-on", "done begun begun ", 0 },
		{ HEADER "begin 1 led-off" C9 "begin 2 rest" C8
			 "begin 3 add-node /a\nundone 3\nbegin 4 rest" C9 "undone 4\n",
		  "C9 0x40000009, C8 0x40000008: rest", "begun begun undone undone ", 0 },
		/* the first step of C8 is undone, so its second one counts */
		{ HEADER "begin 1 led-off" C8 "undone 1\nbegin 2 led-off" C9
			 "begin 3 rest" C8,
		  "C9 0x40000009, C8 0x40000008: rest", "undone begun begun ", 0 },
		{ HEADER "begin 1 led-off" C8 "begin 2 rest" C9 "begin 3 led-on" C9
			 "commit 1\nundone 3\n",
		  "C9 0x40000009: rest", "begun begun undone ", 0 },
		{ HEADER "begin 1 led-off" C8 "begin 2 rest" C9 "commit 2\n", ": -",
		  "begun begun ", 0 },
		{ HEADER "begin 1 led-off" C8 "commit\n", ": -", "begun ", 0 },
		/* numbers are no indexes */
		{ HEADER "begin 1 memory-add 0x4 0x80000001\nbegin 2 credits 0x10\n"
			 "begin 3 memory-set 0x1 0x80000000 0x2 0x80000007\n",
		  "0x80000001: memory-set", "begun begun begun ", 0 },
		{ HEADER "begin 1 led-off %4\nbegin 2 rest\nbegin 3", ": rest",
		  "begun begun ", 0 },
		{ HEADER "begin 1 led-off" C8 "begin 3 rest" C9, "C8 0x40000008: led-off",
		  "begun ", -EBADMSG },
		{ "drmgr-journal 1 other-boot 7 drmgr\nbegin 1 led-off" C8, ": -", "",
		  -ESTALE },
		{ "something else\n", ": -", "", -EBADMSG },
	};
	struct dr_journal *journal;
	char text[200];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		struct dr *dr = open_fake(f);

		put_journal(f, rows[i].text);
		assert_int_equal(dr_journal_read(dr, &journal), rows[i].err);
		summarize(journal, text, sizeof(text));
		assert_string_equal(text, rows[i].left);
		join_states(journal, text);
		assert_string_equal(text, rows[i].states);
		dr_journal_free(journal);
		dr_unref(dr);
		fake_free(f);
	}
}

/* Of connectors by each of their names, or without a connector by the kind. */
TEST(names_of_a_journal)
{
	static const struct {
		const char *text, *connectors, *name, *other;
	} rows[] = {
		{ HEADER "begin 1 rest" C8 "begin 2 rest" C9,
		  "C8 (0x40000008), C9 (0x40000009)", "C9", "C10" },
		{ HEADER "kind pci\nbegin 1 rest" C8, "C8 (0x40000008)", "0x40000008",
		  "pci" },
		{ HEADER "kind cpu%20capacity\nbegin 1 entitlement x 0x1\n",
		  "drmgr -c pci", "cpu capacity", "cpu" },
		{ HEADER "begin 1 memory-add 0x3 0x80000007\n", "0x80000007",
		  "0x80000009", "" },
	};
	struct dr_journal *journal;

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		struct dr *dr = open_fake(f);
		char *text;

		put_journal(f, rows[i].text);
		assert_int_equal(dr_journal_read(dr, &journal), 0);
		text = dr_journal_format(journal);
		assert_memory_equal(text, rows[i].connectors, strlen(rows[i].connectors));
		assert_non_null(strstr(text, ": incomplete since "));
		assert_non_null(
			strstr(text, " of PID 7 (drmgr -c pci): run drmgr --recover"));
		assert_true(dr_journal_is_named(journal, rows[i].name));
		assert_false(dr_journal_is_named(journal, rows[i].other));
		free(text);
		dr_journal_free(journal);
		dr_unref(dr);
		fake_free(f);
	}
}

/* A process with another start time is another one, whose PID was used again. */
TEST(writer_of_a_journal)
{
	static const struct {
		const char *process; /* its state; NULL: it does not exist */
		int start, found;
	} rows[] = {
		{ NULL, 0, 0 }, { "D", 77, 9 }, { "D", 78, 0 },
		{ "R", 77, 9 }, { "Z", 77, 0 },
	};
	static const char zeros[] = " 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 ";
	struct dr_journal *journal;
	const char *path;
	char text[100];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		struct dr *dr = open_fake(f);

		put_journal(f, HEADER "begin 1 rest" C8 "writer 9 77 sys/x/remove\n");
		snprintf(text, sizeof(text), "9 (a) b) %s%s%d\n", rows[i].process, zeros,
			 rows[i].start);
		if (rows[i].process)
			fake_text(f, "proc/9/stat", text);
		assert_int_equal(dr_journal_read(dr, &journal), 0);
		assert_int_equal(dr_journal_get_writer(journal, &path), rows[i].found);
		assert_string_equal(path, "sys/x/remove");
		dr_journal_free(journal);
		dr_unref(dr);
		fake_free(f);
	}
}

/* Write a journal with three steps of each connector, the last connector first. */
static void put_long_journal(struct fake *f, unsigned int n)
{
	char *text;
	size_t size;
	FILE *to = open_memstream(&text, &size);

	assert_non_null(to);
	fputs(HEADER, to);
	for (unsigned int i = 0; i < 3 * n; i++) {
		unsigned int lmb = n - 1 - i / 3;

		fprintf(to, "begin %u rest 0x%08x LMB%u mem 0xffffffff /\n", i + 1,
			0x80000000 + lmb, lmb);
	}
	assert_int_equal(fclose(to), 0);
	put_journal(f, text);
	free(text);
}

/* As many steps as a journal may have. */
TEST(journal_of_many_connectors)
{
	enum { LMBS = 65536 / 3 };
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	struct dr_journal *journal;
	uint32_t index;

	put_long_journal(f, LMBS);
	assert_int_equal(dr_journal_read(dr, &journal), 0);
	for (uint32_t i = 0; i < LMBS; i++) {
		assert_non_null(dr_journal_get_connector(journal, i, &index));
		assert_int_equal(index, 0x80000000 + LMBS - 1 - i);
	}
	assert_string_equal(dr_journal_get_connector(journal, 0, &index), "LMB21844");
	assert_null(dr_journal_get_connector(journal, LMBS, &index));
	dr_journal_free(journal);
	dr_unref(dr);
	fake_free(f);
}

static void assert_no_journal(struct dr *dr, int err)
{
	struct dr_journal *journal;

	assert_int_equal(dr_journal_read(dr, &journal), err);
	assert_null(dr_journal_get_open_step(journal));
	assert_int_equal(dr_journal_get_pid(journal), 0);
	dr_journal_free(journal);
}

/* As for a recovery: others must not be able to change the file or its folder. */
TEST(journal_of_another_user)
{
	static const char text[] = HEADER "begin 1 led-off" C8,
			  path[] = "run/drmgr/journal";
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);

	assert_no_journal(dr, -ENOENT);
	/* a reader does not make the folder */
	assert_int_equal(faccessat(f->root.fd, "run/drmgr", F_OK, 0), -1);
	put_journal(f, text);
	assert_int_equal(fchmodat(f->root.fd, "run/drmgr", 0755, 0), 0);
	assert_no_journal(dr, -EPERM);
	put_journal(f, text);
	if (!geteuid()) {
		assert_int_equal(fchownat(f->root.fd, path, 1, 1, 0), 0);
		assert_no_journal(dr, -EPERM);
	}
	assert_int_equal(renameat(f->root.fd, path, f->root.fd, "run/moved"), 0);
	assert_int_equal(symlinkat("../moved", f->root.fd, path), 0);
	assert_no_journal(dr, -EPERM);
	dr_unref(dr);
	fake_free(f);
}

/* ---- Lists ---- */

static const char *text_of_member(const struct dr_connector *c, const char *key)
{
	struct dr_value value;

	assert_int_equal(dr_connector_get(c, key, &value), 0);
	assert_int_equal(value.kind, DR_KIND_TEXT);
	return value.is_known ? value.text : NULL;
}

TEST(slots_and_their_cards)
{
	struct fake *f = fake_new();
	const struct dr_connector *c;
	struct dr_value devices, value;
	struct dr_list *list;
	char names[64] = "";
	struct dr *dr;

	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	fake_link(f, "sys/bus/pci/devices/0000:00:02.0/driver",
		  "../../../bus/pci/drivers/e1000");
	dr = open_fake(f);
	assert_int_equal(dr_list_new(dr, dr_type_by_name("pci"), NULL, 0, &list), 0);
	dr_foreach_connector(list, c) {
		strcat(names, dr_connector_get_name(c));
		strcat(names, " ");
	}
	assert_string_equal(names, "C8 C9 C16 C24 C25 C48 ");
	assert_null(dr_list_next(list));
	assert_int_equal(dr_list_get_errno(list), 0);
	dr_list_rewind(list);
	assert_string_equal(dr_connector_get_name(dr_list_next(list)), "C8");
	dr_list_free(list);

	assert_int_equal(
		dr_list_new(dr, dr_type_by_name("pci"), "C16", DR_LIST_DETAILS, &list),
		0);
	c = dr_list_next(list);
	assert_string_equal(dr_connector_get_state(c), "configured");
	assert_string_equal(text_of_member(c, "type"), "pci");
	assert_string_equal(text_of_member(c, "loc_code"), "loc");
	assert_int_equal(dr_connector_get(c, "index", &value), 0);
	assert_int_equal(value.kind, DR_KIND_INDEX);
	assert_int_equal(value.number, dr_connector_get_index(c));
	assert_int_equal(dr_connector_get(c, "devices", &devices), 0);
	assert_int_equal(devices.n, 1);
	assert_int_equal(dr_value_get(&devices, 0, "linux", &value), 0);
	assert_string_equal(value.text, "0000:00:02.0");
	assert_int_equal(dr_value_get(&devices, 0, "driver", &value), 0);
	assert_string_equal(value.text, "e1000");
	assert_null(dr_list_next(list));

	/* What does not exist is an error, and never a wrong value. */
	assert_int_equal(dr_value_get(&devices, 1, "linux", &value), -ENOENT);
	assert_int_equal(dr_value_get(&devices, 0, "colour", &value), -ENOENT);
	assert_int_equal(dr_value_get(&devices, 0, NULL, &value), -ENOENT);
	assert_int_equal(dr_connector_get(c, "colour", &value), -ENOENT);
	assert_int_equal(dr_connector_get(c, NULL, &value), -ENOENT);
	dr_list_free(list);
	dr_unref(dr);
	fake_free(f);
}

TEST(present_resources_only)
{
	const struct dr_type *pci = dr_type_by_name("pci");
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	struct dr_list *list;

	assert_int_equal(dr_list_new(dr, pci, NULL, DR_LIST_PRESENT, &list), -ENODEV);
	assert_null(dr_list_next(list));
	dr_list_free(list);
	assert_int_equal(dr_list_new(dr, pci, "C16", DR_LIST_PRESENT, &list), -ENOENT);
	dr_list_free(list);
	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	assert_int_equal(dr_list_new(dr, pci, NULL, DR_LIST_PRESENT, &list), 0);
	assert_string_equal(dr_connector_get_name(dr_list_next(list)), "C16");
	assert_null(dr_list_next(list));
	dr_list_free(list);
	dr_unref(dr);
	fake_free(f);
}

/* ---- Errors ---- */

TEST(errors_of_lists)
{
	static const struct {
		const char *type, *key;
		int err;
		enum dr_code code;
		const char *text;
	} rows[] = {
		{ "pci", "ZZ", -ENOENT, DR_CODE_NO_SUCH_CONNECTOR,
		  "The specified PCI slot is either invalid\n"
		  "or does not support hot plug operations." },
		{ "pci", "0x1", -ENOENT, DR_CODE_NO_SUCH_INDEX,
		  "The specified PCI slot is either invalid\n"
		  "or does not support hot plug operations." },
		{ "cpu", NULL, -ENODEV, DR_CODE_NO_CONNECTORS,
		  "There are no dynamically reconfigurable CPUs in the captured tree." },
		{ "port", NULL, -ENODEV, DR_CODE_NO_CONNECTORS,
		  "There are no LHEA ports in the captured tree." },
		{ "port", "HEA 1", -ENOENT, DR_CODE_NO_SUCH_CONNECTOR,
		  "The specified port was not found." },
		{ "pmig", NULL, -ENOTSUP, DR_CODE_NOT_SUPPORTED,
		  "pmig: the type has no connectors" },
	};
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	struct dr_value value;

	assert_int_equal(dr_error_get_code(dr_get_error(dr)), DR_CODE_NONE);
	assert_string_equal(dr_get_error_text(dr), "");
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct dr_type *type = dr_type_by_name(rows[i].type);
		struct dr_list *list;
		const char *key;

		assert_int_equal(dr_list_new(dr, type, rows[i].key, 0, &list),
				 rows[i].err);
		assert_int_equal(dr_error_get_code(dr_get_error(dr)), rows[i].code);
		assert_int_equal(dr_error_get_errno(dr_get_error(dr)), rows[i].err);
		assert_false(dr_error_has_kernel_errno(dr_get_error(dr)));
		assert_string_equal(dr_get_error_text(dr), rows[i].text);
		assert_null(dr_list_next(list));
		dr_list_rewind(list);
		assert_null(dr_list_next(list));
		for (size_t m = 0; (key = dr_type_get_list_member(type, m)); m++)
			assert_int_equal(dr_list_get(type, list, key, &value), 0);
		assert_int_equal(dr_list_get(type, list, "colour", &value), -ENOENT);
		dr_list_free(list);
	}
	dr_unref(dr);
	fake_free(f);
}

TEST(codes_have_words)
{
	for (unsigned int i = 0; i <= DR_CODE_HOST_HAS_TOO_LITTLE; i++) {
		assert_non_null(dr_code_name(i));
		assert_int_equal(!dr_code_hint(i), i == DR_CODE_NONE);
		for (unsigned int j = 0; j < i; j++)
			assert_string_not_equal(dr_code_name(i), dr_code_name(j));
	}
	assert_null(dr_code_name(DR_CODE_HOST_HAS_TOO_LITTLE + 1));
	assert_null(dr_code_name((enum dr_code) - 1));
	assert_null(dr_code_hint(DR_CODE_HOST_HAS_TOO_LITTLE + 1));
	assert_null(dr_code_hint((enum dr_code) - 1));
}

/* No fault is without a code. */
TEST(faults_have_codes)
{
	for (int fault = DR_OK + 1; fault <= DR_FAULT_SIZE; fault++) {
		const struct dr_error error = { .fault = (enum dr_fault)fault };

		assert_int_not_equal(dr_error_get_code(&error), DR_CODE_NONE);
	}
	assert_int_equal(dr_error_get_code(&(struct dr_error){ .fault = DR_FAULT_KERNEL,
							       .err = -EPERM }),
			 DR_CODE_NOT_PERMITTED);
}

/* The number of an error is the kernel's only if a call or a file returned it. */
TEST(errnos_are_of_the_kernel)
{
	static const struct {
		enum dr_fault fault;
		int err;
		enum dr_code code;
		bool is_kernel;
	} rows[] = {
		{ DR_FAULT_CALL, -EPERM, DR_CODE_NOT_PERMITTED, true },
		{ DR_FAULT_CALL, -ENOSYS, DR_CODE_NOT_SUPPORTED, true },
		{ DR_FAULT_CALL, -EINVAL, DR_CODE_KERNEL_REFUSED, true },
		{ DR_FAULT_CALL, -ENODEV, DR_CODE_NOT_SUPPORTED, false },
		{ DR_FAULT_CALL, -ETIMEDOUT, DR_CODE_TIMED_OUT, false },
		{ DR_FAULT_CALL, -EREMOTEIO, DR_CODE_FIRMWARE_REFUSED, false },
		{ DR_FAULT_KERNEL, -ENODEV, DR_CODE_KERNEL_REFUSED, true },
		{ DR_FAULT_KERNEL, -ETIMEDOUT, DR_CODE_TIMED_OUT, true },
		{ DR_FAULT_FIRMWARE, -EREMOTEIO, DR_CODE_FIRMWARE_REFUSED, false },
		{ DR_FAULT_LOCKED, -EAGAIN, DR_CODE_LOCK_HELD, false },
		{ DR_FAULT_REQUEST, -EINVAL, DR_CODE_BAD_REQUEST, false },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct dr_error error = { .fault = rows[i].fault,
						.err = rows[i].err };

		assert_int_equal(dr_error_get_code(&error), rows[i].code);
		assert_int_equal(dr_error_has_kernel_errno(&error), rows[i].is_kernel);
	}
}

/* ---- Requests ---- */

TEST(requests_are_checked)
{
	static const uint32_t slots[] = { 0x40000008, 0x40000010, 0x40000008 };
	static const struct {
		const char *type;
		struct dr_request request;
		const char *text; /* NULL: valid */
	} rows[] = {
		{ "pci", { .action = DR_ADD }, NULL },
		{ "pci",
		  { .action = DR_REMOVE },
		  "A drc name or index must be specified" },
		{ "pci",
		  { .action = DR_IDENTIFY, .key = "C8", .skip_identify = true },
		  "Cannot specify the -i and -I option together" },
		{ "phb", { .action = DR_ADD, .count = 1 }, NULL },
		{ "phb",
		  { .action = DR_REMOVE, .count = 1 },
		  "A drc name or index must be specified" },
		{ "slot", { .action = DR_ADD }, "A drc name must be specified" },
		{ "slot",
		  { .action = DR_IDENTIFY, .key = "V1" },
		  "The '-r', '-a', or '-Q' option must be specified for slot operations." },
		{ "cpu", { .action = DR_REMOVE, .parameter = "smt_threads" }, NULL },
		{ "cpu",
		  { .action = DR_REMOVE, .parameter = "weight" },
		  "Invalid parameter 'weight': -p is ent_capacity or variable_weight" },
		{ "mem",
		  { .action = DR_ADD, .backend = "overlay" },
		  "--backend overlay is invalid for mem: the kernel changes "
		  "cores and memory, use auto or dlpar" },
		{ "acc",
		  { .accelerator = "gzip", .count = 65536, .has_count = true },
		  "-q: there are at most 65535 credits" },
		{ "acc", { .accelerator = "gzip", .has_count = true }, NULL },
		{ "cpu", { .has_until = true, .until = 4 }, NULL },
		{ "mem", { .has_until = true, .until = DR_UNTIL_MAX }, NULL },
		{ "mem",
		  { .in_bytes = true, .has_until = true, .until = 1ULL << 63 },
		  "Too large a number: 9223372036854775808" },
		{ "none",
		  { .action = DR_ADD, .if_needed = true },
		  "The request has no connector type" },
		{ "none",
		  { .has_until = true, .until = 4 },
		  "--until is for the number of cores or LMBs" },
		{ "pci",
		  { .action = DR_REMOVE, .indexes = slots, .n_indexes = 2 },
		  NULL },
		{ "pci",
		  { .action = DR_IDENTIFY, .indexes = slots, .n_indexes = 1 },
		  NULL },
		{ "slot", { .action = DR_ADD, .indexes = slots, .n_indexes = 1 }, NULL },
		{ "pci",
		  { .action = DR_IDENTIFY, .indexes = slots, .n_indexes = 2 },
		  "This request takes one index" },
		{ "cpu",
		  { .action = DR_REMOVE, .indexes = slots, .n_indexes = 2 },
		  "This request takes one index" },
		{ "pci",
		  { .action = DR_ADD, .indexes = slots, .n_indexes = 3 },
		  "The index 0x40000008 is given twice" },
		{ "pci",
		  { .action = DR_ADD, .indexes = slots },
		  "The list of indexes is empty" },
		{ "pci",
		  { .action = DR_ADD, .indexes = slots, .n_indexes = 1, .key = "C8" },
		  "Indexes cannot be given with a key, a count or a file" },
		{ "pci",
		  { .action = DR_ADD,
		    .indexes = slots,
		    .n_indexes = 2,
		    .all_or_nothing = true },
		  "Each of several indexes is a change for itself, without questions" },
		{ "pmig", { .action = DR_MIGRATE, .parameter = "pre" }, NULL },
		{ "pmig",
		  { .action = DR_ADD },
		  "The -m must be specified for migrations" },
	};
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct dr_request request = rows[i].request;

		request.size = sizeof(request);
		request.type = dr_type_by_name(rows[i].type);
		assert_int_equal(dr_check(dr, &request), rows[i].text ? -EINVAL : 0);
		if (!rows[i].text)
			continue;
		assert_string_equal(dr_get_error_text(dr), rows[i].text);
		assert_int_equal(dr_error_get_code(dr_get_error(dr)),
				 DR_CODE_BAD_REQUEST);
	}
	dr_unref(dr);
	fake_free(f);
}

/* A program that was built with an older header knows fewer members. */
TEST(shorter_structs_are_read)
{
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	struct dr_request request = { .size = offsetof(struct dr_request, key),
				      .type = dr_type_by_name("pci"),
				      .action = DR_REMOVE,
				      .key = "C8" };
	struct dr_operation operation = { .size = offsetof(struct dr_operation, command),
					  .holder = 7,
					  .command = "mine" };

	assert_int_equal(dr_check(dr, &request), -EINVAL);
	assert_string_equal(dr_get_error_text(dr),
			    "A drc name or index must be specified");
	request.size = sizeof(request);
	assert_int_equal(dr_check(dr, &request), 0);
	dr_read_operation(dr, &operation);
	assert_int_equal(operation.holder, 0);
	assert_string_equal(operation.command, "mine");
	assert_int_equal(operation.size, offsetof(struct dr_operation, command));
	dr_unref(dr);
	fake_free(f);
}

/* ---- Contexts ---- */

TEST(contexts_are_independent)
{
	struct fake *f = fake_new(), *g = fake_new();
	struct dr *one = open_fake(f), *other = open_fake(g);
	struct dr_list *list;

	assert_int_equal(dr_list_new(one, dr_type_by_name("pci"), "ZZ", 0, &list),
			 -ENOENT);
	dr_list_free(list);
	assert_string_equal(dr_get_error_text(other), "");
	assert_ptr_equal(dr_ref(one), one);
	dr_unref(one);
	assert_true(*dr_get_error_text(one));
	dr_unref(one);
	dr_unref(other);
	dr_unref(NULL);
	fake_free(f);
	fake_free(g);
	assert_int_equal(dr_new(&one, "/nonexistent"), -ENOENT);
	assert_null(one);
}

TEST(capabilities)
{
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	const struct dr_capability *capability;
	size_t n = 0;

	for (; (capability = dr_get_capability(dr, n)); n++)
		assert_true(*dr_capability_get_name(capability) &&
			    *dr_capability_get_file(capability) != '/');
	assert_int_equal(n, 10);
	assert_false(dr_capability_is_there(dr_get_capability(dr, 0)));
	assert_false(dr_capability_is_known(dr_get_capability(dr, 0)));
	dr_unref(dr);
	fake_free(f);
}

static void note_warning(void *priv, const char *text)
{
	snprintf(priv, 200, "%s", text);
}

/* Damaged properties are reported to the caller alone. */
TEST(warnings_go_to_the_caller)
{
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	char warning[200] = "";
	const struct dr_callbacks callbacks = { .size = sizeof(callbacks),
						.priv = warning,
						.warning = note_warning };
	struct dr_list *list;

	fake_file(f, "proc/device-tree/pci@800000020000000/ibm,drc-names", "\0\0", 2);
	dr_set_callbacks(dr, &callbacks);
	dr_list_new(dr, dr_type_by_name("pci"), NULL, 0, &list);
	dr_list_free(list);
	assert_non_null(strstr(warning, "pci@800000020000000"));
	dr_set_callbacks(dr, NULL);
	dr_list_new(dr, dr_type_by_name("pci"), NULL, 0, &list);
	dr_list_free(list);
	dr_unref(dr);
	fake_free(f);
}

/* ---- What is refused ---- */

static void assert_refused(struct dr *dr, const struct dr_request *request, int err,
			   enum dr_code code)
{
	struct dr_results *results;

	assert_int_equal(dr_run(dr, request, &results), err);
	assert_int_equal(dr_results_get_status(results), DR_STATUS_FAILED);
	assert_int_equal(dr_error_get_code(dr_get_error(dr)), code);
	assert_true(*dr_get_error_text(dr));
	dr_results_free(results);
}

TEST(requests_are_refused)
{
	static const char *const types[] = { "pci", "phb", "slot", "cpu", "mem" };
	struct dr_request request = { .size = sizeof(request) };
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);

	assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		request = (struct dr_request){ .size = sizeof(request),
					       .type = dr_type_by_name(types[i]),
					       .key = "0x10000001" };
		for (int action = DR_MIGRATE; action < 100; action += 7) {
			request.action = (enum dr_action)action;
			assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
			assert_false(dr_type_allows(request.type, request.action));
		}
		request.action = DR_QUERY;
		assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
		request.plan = true;
		assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
	}
	assert_null(dr_action_name((enum dr_action)99));
	request = (struct dr_request){ .size = sizeof(request),
				       .type = dr_type_by_name("mem"),
				       .action = DR_ADD,
				       .count = UINT64_C(1) << 32 };
	assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
	request = (struct dr_request){ .size = sizeof(request),
				       .type = dr_type_by_name("mem"),
				       .file = "/dev/null" };
	assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
	request.type = NULL;
	request.action = DR_QUERY;
	assert_refused(dr, &request, -EINVAL, DR_CODE_BAD_REQUEST);
	dr_unref(dr);
	fake_free(f);
}

TEST(captured_tree_is_only_read)
{
	struct dr_request request = { .size = sizeof(request),
				      .type = dr_type_by_name("cpu"),
				      .action = DR_REMOVE,
				      .count = 1,
				      .plan = true };
	struct dr_interrupted interrupted = { .size = sizeof(interrupted) };
	struct fake *f = fake_new();
	struct dr *dr = open_fake(f);
	const char *sensed = "";

	assert_int_equal(dr_lock(dr, 0), -EROFS);
	assert_int_equal(dr_error_get_code(dr_get_error(dr)), DR_CODE_NOT_SUPPORTED);
	assert_false(dr_has_lock(dr));
	assert_false(kern_exists(&f->root, "var/lock/dr_config_lock"));
	assert_int_equal(dr_sense(dr, 0x10000001, &sensed), -EROFS);
	assert_null(sensed);
	assert_refused(dr, &request, -EROFS, DR_CODE_NOT_SUPPORTED);
	request.plan = false;
	assert_refused(dr, &request, -ENOLCK, DR_CODE_BAD_REQUEST);
	assert_int_equal(dr_recover(dr, NULL, &interrupted), -ENOLCK);
	assert_int_equal(dr_discard(dr, &interrupted), -ENOLCK);
	dr_unref(dr);
	fake_free(f);
}

/* ---- Short of memory ---- */

/* Read all connectors of a type with their members. Return their number, or a negative
 * errno. */
static int read_all(struct dr *dr, const struct dr_type *type)
{
	const struct dr_connector *c;
	struct dr_list *list;
	struct dr_value value;
	const char *key;
	int n = 0, err;

	err = dr_list_new(dr, type, NULL, DR_LIST_DETAILS, &list);
	while (!err && (c = dr_list_next(list))) {
		for (size_t i = 0; (key = dr_type_get_member(type, i)); i++)
			assert_int_equal(dr_connector_get(c, key, &value), 0);
		n++;
	}
	if (!err)
		err = dr_list_get_errno(list);
	dr_list_free(list);
	return err ? err : n;
}

/* A new context and all lists, while one allocation fails, or all from one on. A list is
 * whole, or its error is -ENOMEM. Return true if an allocation has failed. */
static bool lists_without_memory(const struct fake *f, const int expected[9],
				 unsigned long at, bool for_ever)
{
	const struct dr_type *type;
	struct dr *dr = NULL;
	size_t t = 0;
	int n;

	memory_now = (struct no_memory){ .fail_at = at, .for_ever = for_ever };
	n = dr_new(&dr, f->dir);
	assert_true(!n || n == -ENOMEM);
	dr_foreach_type(type) {
		if (!dr || !dr_type_has_connectors(type))
			continue;
		n = read_all(dr, type);
		if (n != expected[t] && n != -ENOMEM)
			fail_msg("%s, allocation %lu: %d", dr_type_get_name(type), at, n);
		if (n == -ENOMEM)
			assert_int_equal(dr_error_get_code(dr_get_error(dr)),
					 DR_CODE_NO_MEMORY);
		t++;
	}
	dr_unref(dr);
	at = memory_now.failed;
	memory_now = (struct no_memory){ 0 };
	return at;
}

TEST(lists_are_whole_or_fail)
{
	struct fake *f = fake_new();
	const struct dr_type *type;
	unsigned long at;
	int expected[9];
	size_t t = 0;
	struct dr *dr;

	fake_plug(f, "C8", "ethernet@1", NULL);
	fake_configure(f, "C8");
	fake_plug(f, "C24", "ethernet@3", NULL);
	fake_configure(f, "C24");
	fake_plug(f, "C16", "ethernet@2", NULL);
	fake_configure(f, "C16");
	dr = open_fake(f);
	dr_foreach_type(type)
		if (dr_type_has_connectors(type))
			expected[t++] = read_all(dr, type);
	dr_unref(dr);
	for (int for_ever = 0; for_ever < 2; for_ever++) {
		for (at = 1; lists_without_memory(f, expected, at, for_ever); at++)
			;
		assert_true(at > 60);
	}
	fake_free(f);
}
