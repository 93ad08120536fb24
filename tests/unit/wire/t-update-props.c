// SPDX-License-Identifier: GPL-2.0-or-later
/* ibm,update-properties: decoding and encoding. */
#include "tests/unit/fakes/hex.h"
#include "wire/update.h"

#define E40                                                              \
	"3e6471b8 00000000 00000000 00000000 00000002 00000000 172f6370" \
	"75732f50 6f776572 50432c50 4f574552 39403000 69626d2c 6173736f" \
	"63696174 69766974 79000000 00080000 00010000 0002"
#define E41                                                              \
	"00000007 00000000 00000000 00000000 00000003 00000000 022f0073" \
	"79737465 6d2d6964 00800000 0069626d 2c666f6f 00000000 00"
#define E42                                                              \
	"00000007 00000010 00000000 00000000 00000002 00000000 022f006d" \
	"6f64656c 00ffffff fc49424d 2c"
#define E43                                                              \
	"00000007 00000000 00000000 00000000 00000001 6d6f6465 6c000000" \
	"00053930 303900"
#define HEAD(entries) "00000007 00000000 00000000 00000000 " entries " "

static void begin(struct update_props_iter *it, const struct hex *hex)
{
	assert_int_equal(update_props_begin(it, hex->bytes, hex->len), 0);
}

static void assert_path(const struct update_props_iter *it, const char *path)
{
	assert_non_null(it->path);
	assert_int_equal(it->path_len, strlen(path));
	assert_memory_equal(it->path, path, it->path_len);
}

static void assert_prop(struct update_props_iter *it, enum update_prop_kind kind,
			const char *name, const void *value, uint32_t len)
{
	struct update_prop prop;

	assert_int_equal(update_props_next(it, &prop), 1);
	assert_int_equal(prop.kind, kind);
	assert_string_equal(prop.name, name);
	assert_int_equal(prop.len, len);
	if (len)
		assert_memory_equal(prop.value, value, len);
}

static void assert_end(struct update_props_iter *it)
{
	struct update_prop prop;

	assert_int_equal(update_props_next(it, &prop), 0);
}

/* Behaviours: log-E39 */
TEST(a_call_starts)
{
	_cleanup_hex_ struct hex e39 = hex_of("3e6471b8 00000000 00000000 00000000");
	uint8_t area[UPDATE_AREA_BYTES];

	memset(area, 0xa5, sizeof(area));
	update_props_start(area, 0x3e6471b8);
	assert_memory_equal(area, e39.bytes, e39.len);
	assert_int_equal(update_props_phandle(area), 0x3e6471b8);
	for (size_t i = e39.len; i < sizeof(area); i++)
		assert_int_equal(area[i], 0);
}

/* Behaviours: log-E40 */
TEST(values_are_set)
{
	_cleanup_hex_ struct hex e40 = hex_of(E40);
	struct update_props_iter it;

	begin(&it, &e40);
	assert_int_equal(it.phandle, 0x3e6471b8);
	assert_path(&it, "/cpus/PowerPC,POWER9@0");
	assert_prop(&it, UPDATE_PROP_SET, "ibm,associativity", "\0\0\0\1\0\0\0\2", 8);
	assert_end(&it);
}

/* Behaviours: log-E41 */
TEST(properties_go_and_are_empty)
{
	_cleanup_hex_ struct hex e41 = hex_of(E41);
	struct update_props_iter it;

	begin(&it, &e41);
	assert_path(&it, "/");
	assert_prop(&it, UPDATE_PROP_DELETE, "system-id", NULL, 0);
	assert_prop(&it, UPDATE_PROP_EMPTY, "ibm,foo", NULL, 0);
	assert_end(&it);
}

/* Behaviours: log-E42, log-E43 */
TEST(values_come_in_pieces)
{
	_cleanup_hex_ struct hex e42 = hex_of(E42), e43 = hex_of(E43);
	struct update_value v = { 0 };
	struct update_props_iter it;
	struct update_prop prop;
	char value[16];

	v.value = builder_of(value, sizeof(value));
	begin(&it, &e42);
	assert_path(&it, "/");
	assert_int_equal(update_props_next(&it, &prop), 1);
	assert_int_equal(prop.kind, UPDATE_PROP_PARTIAL);
	assert_int_equal(update_value_add(&v, &prop), 0);
	assert_false(update_value_is_whole(&v));
	assert_end(&it);

	begin(&it, &e43);
	assert_null(it.path);
	assert_int_equal(update_props_next(&it, &prop), 1);
	assert_string_equal(prop.name, "model");
	assert_int_equal(prop.kind, UPDATE_PROP_SET);
	assert_int_equal(update_value_add(&v, &prop), 1);
	assert_true(update_value_is_whole(&v));
	assert_int_equal(v.value.len, 9);
	assert_string_equal(value, "IBM,9009");
	assert_end(&it);
}

TEST(pieces_belong_together)
{
	const struct update_prop first = { UPDATE_PROP_PARTIAL, "a",
					   (const uint8_t *)"12", 2 },
				 other = { UPDATE_PROP_SET, "b", (const uint8_t *)"3",
					   1 },
				 gone = { UPDATE_PROP_DELETE, "a", NULL, 0 },
				 last = { UPDATE_PROP_SET, "a", (const uint8_t *)"345",
					  3 };
	struct update_value v = { 0 };
	char value[4];

	v.value = builder_of(value, sizeof(value));
	assert_int_equal(update_value_add(&v, &gone), 1);
	assert_int_equal(update_value_add(&v, &first), 0);
	assert_int_equal(update_value_add(&v, &other), -EBADMSG);
	assert_int_equal(update_value_add(&v, &gone), -EBADMSG);
	assert_int_equal(update_value_add(&v, &last), -ENOSPC);

	v = (struct update_value){ .value = builder_of(value, sizeof(value)) };
	assert_int_equal(update_value_add(&v, &first), 0);
	assert_int_equal(update_value_add(&v, &first), 0);
	assert_int_equal(v.value.len, 4);
	assert_memory_equal(value, "1212", 4);
	/* after a complete value, a new one begins */
	v = (struct update_value){ .value = builder_of(value, sizeof(value)) };
	assert_int_equal(update_value_add(&v, &last), 1);
	assert_int_equal(update_value_add(&v, &other), 1);
	assert_int_equal(v.value.len, 1);
	assert_int_equal(value[0], '3');
	assert_int_equal(update_value_add(&v, &gone), 1);
	assert_int_equal(v.value.len, 0);
}

static int read_all(const void *bytes, size_t len, uint32_t *entries)
{
	struct update_props_iter it;
	struct update_prop prop;
	int err = update_props_begin(&it, bytes, len);

	*entries = 0;
	while (!err && (err = update_props_next(&it, &prop)) > 0) {
		++*entries;
		err = 0;
	}
	return err;
}

/* Behaviours: log-E44 */
TEST(hostile_areas_are_refused)
{
	static const char *const hostile[] = {
		"",
		HEAD("00000001") "78000000 1000", /* E44 */
		HEAD("00000001"),
		HEAD("ffffffff") "7800 00000000",
		HEAD("00000001") "78",		     /* a name without end */
		HEAD("00000001") "7800 000000",	     /* a truncated descriptor */
		HEAD("00000001") "7800 7fffffff 00", /* the longest value, */
		HEAD("00000001") "7800 80000001 00", /* the longest piece, */
		HEAD("00000001") "7800 fffffffe 00", /* and one a byte too long */
		HEAD("00000002") "7800 00000000 00 00000000", /* an empty name */
		HEAD("00000001") "00 00000000",		      /* an empty path */
		HEAD("00000001") "00 80000000",		      /* a removed one */
		HEAD("00000001") "00 ffffffff 2f",	      /* one in pieces */
		HEAD("00000001") "00 00000002 2f",	      /* a truncated one */
		HEAD("00000001") "612f6200 00000000",	      /* "a/b" */
		HEAD("00000001") "61206200 00000000",	      /* "a b" */
		HEAD("00000001") "2e2e00 00000000",	      /* ".." */
		HEAD("00000001") "610a00 00000000",
	};
	uint32_t entries;

	for (size_t i = 0; i < COUNT(hostile); i++) {
		_cleanup_hex_ struct hex hex = hex_of(hostile[i]);

		print_message("# %s\n", hostile[i]);
		assert_int_equal(read_all(hex.bytes, hex.len, &entries), -EBADMSG);
	}
}

TEST(every_cut_is_seen)
{
	static const char *const whole[] = { E40, E41, E42, E43 };

	for (size_t i = 0; i < COUNT(whole); i++) {
		_cleanup_hex_ struct hex hex = hex_of(whole[i]);
		uint32_t entries;

		assert_int_equal(read_all(hex.bytes, hex.len, &entries), 0);
		for (size_t len = 0; len < hex.len; len++) {
			void *cut = exact_copy(hex.bytes, len);

			assert_int_equal(read_all(cut, len, &entries), -EBADMSG);
			free(cut);
		}
	}
}

TEST(names_are_as_long_as_names_can_be)
{
	uint8_t area[UPDATE_AREA_BYTES] = { [19] = 1 };
	struct update_prop prop = { .kind = UPDATE_PROP_PARTIAL,
				    .name = (char *)area + 20 };
	struct update_value v = { 0 };
	uint32_t entries;

	memset(area + 20, 'n', DT_NAME_MAX);
	assert_int_equal(read_all(area, sizeof(area), &entries), 0);
	assert_int_equal(update_value_add(&v, &prop), 0);
	area[20 + DT_NAME_MAX] = 'n';
	assert_int_equal(read_all(area, sizeof(area), &entries), -EBADMSG);
	v = (struct update_value){ 0 };
	assert_int_equal(update_value_add(&v, &prop), -EBADMSG);
	memset(area + 20, 'n', sizeof(area) - 20);
	assert_int_equal(read_all(area, sizeof(area), &entries), -EBADMSG);
}

/* ---- Firmware's half ---- */

static uint8_t large[10000];

static const struct update_prop props[] = {
	{ UPDATE_PROP_SET, "ibm,associativity", (const uint8_t *)"\0\0\0\1\0\0\0\2", 8 },
	{ UPDATE_PROP_DELETE, "system-id" },
	{ UPDATE_PROP_SET, "ibm,large", large, sizeof(large) },
	{ UPDATE_PROP_EMPTY, "ibm,foo" },
	{ UPDATE_PROP_SET, "model", (const uint8_t *)"IBM,9009", 9 },
	{ UPDATE_PROP_SET, "ibm,less", large, 4000 },
};

/* Learn one entry like a client: all pieces must give the expected value. */
static void learn(struct update_value *v, const struct update_prop *prop,
		  const struct update_props_answer *answer, uint32_t *n)
{
	const struct update_prop *want = &answer->props[*n];

	assert_true(*n < answer->n);
	assert_string_equal(prop->name, want->name);
	if (!update_value_add(v, prop))
		return;
	assert_int_equal(prop->kind, want->kind);
	assert_int_equal(v->value.len, want->len);
	if (want->len)
		assert_memory_equal(v->value.buf, want->value, want->len);
	++*n;
}

/* Continue until the client knows all. Return the number of calls. */
static unsigned int converse(const struct update_props_answer *answer)
{
	static uint8_t value[sizeof(large)];
	struct update_value v = { .value = builder_of(value, sizeof(value)) };
	uint8_t area[UPDATE_AREA_BYTES];
	struct update_props_iter it;
	struct update_prop prop;
	unsigned int calls = 0;
	uint32_t n = 0;
	int status;

	update_props_start(area, answer->phandle);
	do {
		status = update_props_answer(area, answer);
		assert_uint_in_range(status, UPDATE_DONE, UPDATE_MORE);
		assert_int_equal(update_props_begin(&it, area, sizeof(area)), 0);
		assert_int_equal(it.phandle, answer->phandle);
		if (calls++)
			assert_null(it.path);
		else
			assert_path(&it, answer->path);
		while (update_props_next(&it, &prop) > 0) {
			/* Linux cannot parse after a piece, so it is the last entry */
			if (prop.kind == UPDATE_PROP_PARTIAL)
				assert_int_equal(it.left, 0);
			learn(&v, &prop, answer, &n);
		}
	} while (status == UPDATE_MORE);
	assert_int_equal(n, answer->n);
	assert_true(update_value_is_whole(&v));
	return calls;
}

static void fill_large(void)
{
	for (size_t i = 0; i < sizeof(large); i++)
		large[i] = (uint8_t)(i * 7 + i / 256);
}

TEST(answers_are_read_again)
{
	struct update_props_answer answer = { .phandle = 0x3e6471b8,
					      .path = "/cpus/PowerPC,POWER9@0",
					      .props = props,
					      .n = COUNT(props),
					      .limit = SIZE_MAX };

	fill_large();
	/* 10000 bytes are three pieces; 4000 have their own answer */
	assert_int_equal(converse(&answer), 4);
	/* from space for the path and one byte of a piece */
	for (answer.limit = 48; answer.limit < 300; answer.limit++)
		converse(&answer);
	answer.n = 0;
	assert_int_equal(converse(&answer), 1);
}

/* A value that just fills an answer is not divided; with one byte more it is. */
TEST(what_fits_is_not_cut)
{
	enum { ROOM = UPDATE_AREA_BYTES - 20 - 2 - 4 };
	struct update_prop full[] = { { UPDATE_PROP_EMPTY, "e" },
				      { UPDATE_PROP_SET, "f", large, ROOM } };
	struct update_props_answer answer = { 7, "/", full, COUNT(full), SIZE_MAX };
	uint8_t area[UPDATE_AREA_BYTES];
	uint32_t entries;

	fill_large();
	for (uint32_t more = 0; more < 2; more++) {
		full[1].len = ROOM + more;
		update_props_start(area, 7);
		assert_int_equal(update_props_answer(area, &answer), UPDATE_MORE);
		assert_int_equal(read_all(area, sizeof(area), &entries), 0);
		assert_int_equal(entries, 1 + more);
		assert_int_equal(converse(&answer), 2);
	}
}

TEST(an_answer_is_firmwares)
{
	static const struct update_prop one = { UPDATE_PROP_SET, "ibm,associativity",
						(const uint8_t *)"\0\0\0\1\0\0\0\2", 8 },
					two[] = { { UPDATE_PROP_DELETE, "system-id" },
						  { UPDATE_PROP_EMPTY, "ibm,foo" } };
	_cleanup_hex_ struct hex e40 = hex_of(E40), e41 = hex_of(E41);
	struct update_props_answer answer = { .phandle = 0x3e6471b8,
					      .path = "/cpus/PowerPC,POWER9@0",
					      .props = &one,
					      .n = 1,
					      .limit = UPDATE_AREA_BYTES };
	uint8_t area[UPDATE_AREA_BYTES];

	update_props_start(area, 0x3e6471b8);
	assert_int_equal(update_props_answer(area, &answer), UPDATE_DONE);
	assert_memory_equal(area, e40.bytes, e40.len);

	answer = (struct update_props_answer){ 7, "/", two, 2, UPDATE_AREA_BYTES };
	update_props_start(area, 7);
	assert_int_equal(update_props_answer(area, &answer), UPDATE_DONE);
	assert_memory_equal(area, e41.bytes, e41.len);
}

/* The client controls phandle and state. */
TEST(strange_states_are_refused)
{
	static const struct {
		uint32_t phandle, entry, offset;
		int status;
	} rows[] = {
		{ 7, 0, 0, UPDATE_MORE },    { 8, 0, 0, -EINVAL },
		{ 7, 0, 1, -EINVAL },	     { 7, 6, 0, UPDATE_DONE },
		{ 7, 7, 0, -EINVAL },	     { 7, 0xffffffff, 0, -EINVAL },
		{ 7, 3, 5000, UPDATE_MORE }, { 7, 3, 9999, UPDATE_DONE },
		{ 7, 3, 10000, -EINVAL },    { 7, 3, 0xffffffff, -EINVAL },
		{ 7, 2, 1, -EINVAL },
	};
	struct update_props_answer answer = { 7, "/", props, COUNT(props), SIZE_MAX };
	uint8_t area[UPDATE_AREA_BYTES];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct builder b = builder_of(area, sizeof(area));

		memset(area, 0, sizeof(area));
		builder_be32(&b, rows[i].phandle);
		builder_be32(&b, rows[i].entry);
		builder_be32(&b, rows[i].offset);
		assert_int_equal(update_props_answer(area, &answer), rows[i].status);
	}
	update_props_start(area, 7);
	for (answer.limit = 0; answer.limit < 27; answer.limit++)
		assert_int_equal(update_props_answer(area, &answer), -ENOSPC);
	assert_int_equal(update_props_answer(area, &answer), UPDATE_MORE);
}
