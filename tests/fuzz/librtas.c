// SPDX-License-Identifier: GPL-2.0-or-later
/* links: librtaspublic.la */
/*
 * Every public call that has a buffer, one after the other, with random answers of
 * firmware and devices. The input is letters: a call and its sizes, then the answers of
 * the transport and the devices in between:
 *
 * 	call	a byte: one of the table, and then its arguments
 * 	reply	a byte: 0 to 199 firmware answers: that status less 10, the next byte is
 * 		the number of bytes for its areas, then output cells; else the errno is
 * 		the byte less 200
 * 	device	a byte: 0 to 199 it exists and succeeds; else that errno less 200
 *
 * Buffers have exactly the size that the call gets.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "librtas/librtas.h"
#include "librtas/sequences.h"
#include "tests/fuzz/fuzz.h"
#include "wire/cursor.h"

enum { AREAS = 64, FDS = 4096, STEPS = 200, MARK = 0x5a5a5a5a, KEPT_EXTENTS = 8 };

static struct {
	struct cursor in;
	struct rmo_area area[AREAS];
	bool is_open[FDS];
	int fds;
} f;

/* Firmware and devices. */

static void fill(void *to, size_t size)
{
	size_t n = cursor_u8(&f.in), left = cursor_left(&f.in);

	n = n == 255 ? size : n; /* all of it, or a few */
	n = n > size ? size : n;
	n = n > left ? left : n;
	if (n)
		memcpy(to, cursor_bytes(&f.in, n), n);
}

static int call(void *priv, struct rtas_args *args)
{
	uint8_t reply = cursor_u8(&f.in);

	(void)priv;
	if (reply >= 200)
		return -1 - (reply - 200);
	for (int i = 0; i < AREAS; i++)
		if (f.area[i].pages)
			fill(f.area[i].va, f.area[i].pages * RMO_PAGE_BYTES);
	for (uint32_t i = 0; i < args->nret; i++)
		args->out[i] = reply % 2 ? cursor_be32(&f.in) : cursor_u8(&f.in);
	if (reply != 199)
		args->out[0] = (uint32_t)(reply < 20 ? reply - 10 : reply + 9880);
	return 0;
}

static int rmo_get(void *priv, size_t pages, const struct deadline *dl,
		   struct rmo_area *area)
{
	(void)priv;
	(void)dl;
	MUST(pages);
	if (pages > 16)
		return -ENOSPC;
	for (int i = 0; i < AREAS; i++) {
		if (f.area[i].pages)
			continue;
		f.area[i] = (struct rmo_area){ calloc(pages, RMO_PAGE_BYTES),
					       0x10000 * (uint32_t)(i + 1), pages };
		*area = f.area[i];
		MUST(area->va);
		return 0;
	}
	return -EBUSY;
}

static int rmo_put(void *priv, const struct rmo_area *area)
{
	struct rmo_area *mine = &f.area[area->pa / 0x10000 - 1];

	(void)priv;
	MUST(mine->pages == area->pages && mine->va == area->va);
	free(mine->va);
	mine->pages = 0;
	return 0;
}

static int new_fd(void)
{
	for (int i = 3; i < FDS; i++) {
		if (f.is_open[i])
			continue;
		f.is_open[i] = true;
		f.fds++;
		return i;
	}
	return -EMFILE;
}

static int dev_open(void *priv, const char *path, int flags)
{
	uint8_t answer = cursor_u8(&f.in);

	(void)priv;
	(void)path;
	(void)flags;
	return answer >= 200 ? -1 - (answer - 200) : new_fd();
}

static int dev_ioctl(void *priv, int fd, uint32_t request, void *block)
{
	uint8_t answer = cursor_u8(&f.in);

	(void)priv;
	MUST(f.is_open[fd]);
	if (answer >= 200)
		return -1 - (answer - 200);
	if (request >> 30 & 1)
		fill(block, request >> 16 & 0x1fff);
	switch (request) {
	case PAPR_VPD_CREATE:
	case PAPR_INDICES_CREATE:
	case PAPR_PLATFORM_DUMP_CREATE:
	case PAPR_ATTESTATION_CREATE:
		return new_fd();
	default:
		return 0;
	}
}

static ssize_t dev_read(void *priv, int fd, void *buf, size_t len)
{
	uint8_t answer = cursor_u8(&f.in);

	(void)priv;
	MUST(f.is_open[fd]);
	if (answer >= 200)
		return -1 - (answer - 200);
	fill(buf, len);
	return answer == 0 ? 0 : answer == 199 ? (ssize_t)len + 1 : (ssize_t)len / answer;
}

static int dev_identify(void *priv, int fd, struct papr_handle *handle)
{
	(void)priv;
	*handle = (struct papr_handle){ .ino = (ino_t)fd, .link = "fuzz" };
	return 0;
}

static void dev_close(void *priv, int fd)
{
	(void)priv;
	MUST(f.is_open[fd]);
	f.is_open[fd] = false;
	f.fds--;
}

/* A caller. */

static size_t get_size(void)
{
	uint8_t n = cursor_u8(&f.in);

	return n < 128 ? n : (size_t)(n - 127) * 64; /* up to two pages */
}

/* Exactly so many bytes, whatever is in them. */
static void *get_bytes(size_t size)
{
	uint8_t *bytes = malloc(size ? size : 1);

	MUST(bytes);
	memset(bytes, 0xa5, size);
	fill(bytes, size);
	return bytes;
}

static char *get_text(void)
{
	size_t size = get_size() + 1;
	char *text = get_bytes(size);

	text[size - 1] = '\0';
	return text;
}

/* A header that matches the following bytes. */
static void *get_headed(size_t width)
{
	size_t len = get_size();
	uint8_t *bytes = get_bytes(width + len);

	memset(bytes, 0, width);
	bytes[width - 1] = (uint8_t)len;
	bytes[width - 2] = (uint8_t)(len >> 8);
	return bytes;
}

static uint32_t last; /* the sequence number from the last call */

/* One call: its input, and the outputs that it must not change if it fails by itself. */
struct use {
	char *buf, *text;
	size_t size;
	uint32_t place, a, b;
	uint64_t long_a, long_b;
};

static int use_connector(struct use *u)
{
	return rtas_cfg_connector(u->buf = get_bytes(4096));
}

static int use_message(struct use *u)
{
	return rtas_display_msg(u->buf = get_text());
}

static int use_errinjct(struct use *u)
{
	return rtas_errinjct(1, 2, u->buf = get_bytes(1024));
}

static int use_dynamic_sensor(struct use *u)
{
	return rtas_get_dynamic_sensor(9007, u->buf = get_headed(4), (int *)&u->a);
}

static int use_indices(struct use *u)
{
	return rtas_get_indices(1, 9007, u->buf = get_bytes(u->size), u->size,
				(int)u->place, (int *)&u->a);
}

static int use_get_sysparm(struct use *u)
{
	return rtas_get_sysparm(20, (unsigned int)u->size, u->buf = get_bytes(u->size));
}

static int use_set_sysparm(struct use *u)
{
	return rtas_set_sysparm(20, u->buf = get_headed(2));
}

static int use_vpd(struct use *u)
{
	u->text = get_text();
	return rtas_get_vpd(u->text, u->buf = get_bytes(u->size), u->size, u->place,
			    &u->a, &u->b);
}

static int use_perftools(struct use *u)
{
	return rtas_lpar_perftools(1, u->buf = get_bytes(u->size), (unsigned int)u->size,
				   u->place, &u->a);
}

/* The output that is also an input. Its value is returned even if the other data do not
 * fit. */
static int use_attestation(struct use *u)
{
	int bytes = (int)u->size;

	rtas_physical_attestation(u->buf = get_bytes(u->size), (int)u->place,
				  (int *)&u->a, &bytes);
	MUST((size_t)bytes <= u->size);
	return 0;
}

static int use_dump(struct use *u)
{
	int result;

	u->buf = u->place % 2 ? get_bytes(u->size) : NULL;
	result = rtas_platform_dump(2, u->place == 1 ? 0 : u->place, u->buf, u->size,
				    &u->long_a, &u->long_b);
	u->a = (uint32_t)u->long_a;
	return result;
}

static int use_scan_log(struct use *u)
{
	return rtas_scan_log_dump(u->buf = get_bytes(u->size), u->size);
}

static int use_dynamic_indicator(struct use *u)
{
	return rtas_set_dynamic_indicator(9007, 1, u->buf = get_headed(4));
}

static int use_update_nodes(struct use *u)
{
	return rtas_update_nodes(u->buf = get_bytes(4096), 1);
}

static int use_update_properties(struct use *u)
{
	return rtas_update_properties(u->buf = get_bytes(4096), 1);
}

static int use_sensor(struct use *u)
{
	return rtas_get_sensor(9003, 1, (int *)&u->a);
}

static int (*const uses[])(struct use *) = {
	use_connector,
	use_message,
	use_errinjct,
	use_dynamic_sensor,
	use_indices,
	use_get_sysparm,
	use_set_sysparm,
	use_vpd,
	use_perftools,
	use_attestation,
	use_dump,
	use_scan_log,
	use_dynamic_indicator,
	use_update_nodes,
	use_update_properties,
	use_sensor,
};

static void use(int which)
{
	struct use u = { .a = MARK, .b = MARK, .long_a = MARK, .long_b = MARK };
	int result;

	u.place = cursor_u8(&f.in) % 4 ? last : 1;
	u.size = get_size();
	result = uses[which](&u);
	if (result <= RTAS_KERNEL_INT && result >= RTAS_UNKNOWN_OP)
		MUST(u.a == MARK && u.b == MARK && u.long_a == MARK && u.long_b == MARK);
	if (u.a != MARK)
		last = u.a;
	free(u.text);
	free(u.buf);
}

/* A system with only the interface. */
static struct kern_root root;
static char root_dir[] = "/tmp/fuzz-librtas-XXXXXX";
static const char *const parts[] = { "proc", "proc/ppc64", "proc/ppc64/rtas",
				     "proc/ppc64/rtas/rmo_buffer" };

static void remove_root(void)
{
	for (int i = 3; i >= 0; i--)
		unlinkat(root.fd, parts[i], AT_REMOVEDIR);
	rmdir(root_dir);
}

static void make_root(void)
{
	MUST(mkdtemp(root_dir));
	MUST(!kern_root_open(&root, root_dir));
	for (int i = 0; i < 4; i++)
		MUST(!mkdirat(root.fd, parts[i], 0700));
	atexit(remove_root);
}

static void begin(const uint8_t *data, size_t size)
{
	static const struct rtas_transport transport = { .call = call,
							 .rmo_get = rmo_get,
							 .rmo_put = rmo_put };
	static const struct papr_dev_ops devices = {
		.open = dev_open,
		.ioctl = dev_ioctl,
		.read = dev_read,
		.close = dev_close,
		.identify = dev_identify,
	};

	f.in = cursor_of(data, size);
	last = 1;
	library_use(&transport, &root);
	library_use_devices(&devices);
	for (uint32_t i = 0; i < RTAS_CALLS; i++)
		library_engine()->token[i] = i + 1;
	library_set_timeout(1); /* do not wait for a firmware that is busy for ever */
}

/* State between calls is bounded, and nothing else is left. */
static void end(void)
{
	int areas = 0;

	for (int i = 0; i < AREAS; i++)
		areas += f.area[i].pages != 0;
	MUST(areas <= KEPT_EXTENTS);
	configure_fork(FORK_PREPARE);
	configure_fork(FORK_CHILD);
	for (int i = 0; i < AREAS; i++)
		if (f.area[i].pages)
			rmo_put(NULL, &f.area[i]);
	MUST(f.fds <= SEQUENCES_MAX);
	sequences_fork(FORK_PREPARE);
	sequences_fork(FORK_CHILD);
	MUST(!f.fds);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	if (root.fd <= 0)
		make_root();
	begin(data, size);
	for (int i = 0; i < STEPS && cursor_left(&f.in); i++)
		use(cursor_u8(&f.in) % 16);
	end();
	return 0;
}
