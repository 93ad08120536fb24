// SPDX-License-Identifier: GPL-2.0-or-later
/* A partition's entitlement: read, written as one line, read again. */
#include "libdrmgr/types/partition/entitlement.h"
#include "tests/unit/fakes/fake_platform.h"

#define LPARCFG "proc/ppc64/lparcfg"

static char written[128];
static int answer; /* errno; 0: the written value takes effect */
static const char *granted;

static ssize_t take(const struct kern_root *root, const char *path, const void *buf,
		    size_t len, const struct deadline *dl)
{
	(void)dl;
	assert_string_equal(path, LPARCFG);
	snprintf(written, sizeof(written), "%.*s", (int)len, (const char *)buf);
	if (answer)
		return answer;
	fake_text(root->priv, LPARCFG, granted ? granted : written);
	return (ssize_t)len;
}

static struct fake *machine(const char *text)
{
	struct fake *f = fake_new();

	written[0] = '\0';
	answer = 0;
	granted = NULL;
	if (text)
		fake_text(f, LPARCFG, text);
	f->root.write = take;
	return f;
}

static const char both[] = "lparcfg 1.9\nentitled_memory_weight=7\n"
			   "entitled_memory=5368709120\n";

static const struct row {
	const char *text, *key;
	bool add;
	uint64_t by;
	int err;
	const char *written;
} rows[] = {
	{ both, LPARCFG_MEM_CAPACITY, true, 4294967296, 0,
	  "entitled_memory=9663676416\n" },
	{ both, LPARCFG_MEM_CAPACITY, false, 5368709120, 0, "entitled_memory=0\n" },
	{ both, LPARCFG_MEM_WEIGHT, false, 3, 0, "entitled_memory_weight=4\n" },
	{ both, LPARCFG_MEM_WEIGHT, false, 8, -EINVAL, "" },
	{ both, LPARCFG_MEM_CAPACITY, true, UINT64_MAX, -EOVERFLOW, "" },
	{ both, LPARCFG_CPU_CAPACITY, true, 1, -ENOTSUP, "" },
	{ "entitled_memory=much\n", LPARCFG_MEM_CAPACITY, true, 1, -ENOTSUP, "" },
	{ NULL, LPARCFG_MEM_CAPACITY, true, 1, -ENOTSUP, "" },
};

TEST(lines)
{
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct entitlement e = { .key = rows[i].key,
					 .add = rows[i].add,
					 .by = rows[i].by };
		struct fake *f = machine(rows[i].text);
		struct dr_result result = { 0 };

		assert_int_equal(entitlement_change(&f->dr, &e, &result), rows[i].err);
		assert_string_equal(written, rows[i].written);
		assert_int_equal(result.error.err, rows[i].err);
		mem_end(&result.mem);
		fake_free(f);
	}
}

TEST(refused_or_granted_in_part)
{
	struct entitlement e = { .key = LPARCFG_MEM_WEIGHT, .add = true, .by = 10 };
	struct fake *f = machine(both);
	struct dr_result result = { 0 };

	answer = -EINVAL;
	assert_int_equal(entitlement_change(&f->dr, &e, &result), -EINVAL);
	assert_int_equal(result.error.fault, DR_FAULT_KERNEL);
	answer = 0;
	granted = "entitled_memory_weight=12\n";
	assert_int_equal(entitlement_change(&f->dr, &e, &result), 0);
	assert_int_equal(e.wanted, 17);
	assert_int_equal(e.now, 12);
	mem_end(&result.mem);
	fake_free(f);
}

TEST(planned)
{
	struct entitlement e = { .key = LPARCFG_MEM_WEIGHT, .add = true, .by = 10 };
	struct fake *f = machine(both);
	struct dr_result result = { 0 };

	f->dr.dry_run = true;
	assert_int_equal(entitlement_change(&f->dr, &e, &result), 0);
	assert_string_equal(written, "");
	mem_end(&result.mem);
	fake_free(f);
}
