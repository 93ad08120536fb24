// SPDX-License-Identifier: GPL-2.0-or-later
/* The call engine, configuration of connectors, and work areas in a window that several
 * processes share. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "librtas/connector.h"
#include "librtas/rmo_pool.h"
#include "librtas/trace_text.h"
#include "tests/unit/fakes/mock_rtas.h"

static char root_dir[] = "/tmp/t-engine-XXXXXX";
static struct kern_root root;

enum { BASE = 0x10000, UNITS = 16, TOKEN = 0x1e, OTHER_TOKEN = 0x2e };

static void write_file(const char *path, const void *bytes, size_t len)
{
	int fd = openat(root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void set_token(const char *name, uint8_t token)
{
	const uint8_t be[4] = { 0, 0, 0, token };
	char path[100];

	snprintf(path, sizeof(path), "proc/device-tree/rtas/%s", name);
	write_file(path, be, 4);
}

static int make_root(void **state)
{
	static const char *const dirs[] = { "proc",
					    "proc/device-tree",
					    "proc/device-tree/rtas",
					    "proc/ppc64",
					    "proc/ppc64/rtas",
					    "var",
					    "var/lock",
					    "dev",
					    "run" };
	char mem[64];

	(void)state;
	assert_non_null(mkdtemp(root_dir));
	assert_int_equal(kern_root_open(&root, root_dir), 0);
	for (size_t i = 0; i < COUNT(dirs); i++)
		assert_int_equal(mkdirat(root.fd, dirs[i], 0700), 0);
	set_token("ibm,configure-connector", TOKEN);
	set_token("get-sensor-state", TOKEN);
	write_file("proc/ppc64/rtas/rmo_buffer", "0000000000010000 10000\n", 23);
	write_file("dev/mem", "", 0);
	snprintf(mem, sizeof(mem), "%s/dev/mem", root_dir);
	assert_int_equal(truncate(mem, BASE + UNITS * RMO_PAGE_BYTES), 0);
	return 0;
}

static int remove_root(void **state)
{
	static const char *const files[] = {
		"proc/device-tree/rtas/ibm,configure-connector",
		"proc/device-tree/rtas/get-sensor-state",
		"proc/ppc64/rtas/rmo_buffer",
		"dev/mem",
		"var/lock/LCK..librtas",
		"run/LCK..librtas",
	};
	static const char *const dirs[] = { "run",
					    "dev",
					    "var/lock",
					    "var",
					    "proc/ppc64/rtas",
					    "proc/ppc64",
					    "proc/device-tree/rtas",
					    "proc/device-tree",
					    "proc" };

	(void)state;
	for (size_t i = 0; i < COUNT(files); i++)
		unlinkat(root.fd, files[i], 0);
	for (size_t i = 0; i < COUNT(dirs); i++)
		unlinkat(root.fd, dirs[i], AT_REMOVEDIR);
	kern_root_close(&root);
	return rmdir(root_dir);
}

#define START(...)                                                  \
	static const struct mock_call expected[] = { __VA_ARGS__ }; \
	struct rtas_engine e;                                       \
	struct mock mock;                                           \
	mock_init(&mock, expected, COUNT(expected));                \
	engine_init(&e, &mock.transport, &root)

static void token_is_read_again_when_the_kernel_refuses(void **state)
{
	struct deadline dl = deadline_never();
	struct rtas_args args = { .in = { 9003, 1 } };
	int32_t status;

	(void)state;
	START({ TOKEN, { 9003, 1 }, 0, { 0, 1 } }, { TOKEN, { 9003, 1 }, -EINVAL, { 0 } },
	      { OTHER_TOKEN, { 9003, 1 }, 0, { 0, 1 } },
	      { OTHER_TOKEN, { 9003, 1 }, -EINVAL, { 0 } });
	assert_int_equal(engine_call(&e, RTAS_GET_SENSOR_STATE, &args, &status, &dl), 0);
	set_token("get-sensor-state", OTHER_TOKEN); /* as after a migration */
	assert_int_equal(engine_call(&e, RTAS_GET_SENSOR_STATE, &args, &status, &dl), 0);
	assert_int_equal(engine_call(&e, RTAS_GET_SENSOR_STATE, &args, &status, &dl),
			 -EINVAL);
	set_token("get-sensor-state", TOKEN);
	mock_done(&mock);
}

static int busy_for_ever(void *priv, struct rtas_args *args)
{
	++*(unsigned int *)priv;
	args->out[0] = (uint32_t)RTAS_BUSY;
	return 0;
}

/* Behaviours: io-bug-29 */
static void busy_ends_at_the_deadline(void **state)
{
	unsigned int calls = 0;
	const struct rtas_transport transport = { .call = busy_for_ever, .priv = &calls };
	struct deadline dl = deadline_in_ms(30);
	struct rtas_args args = { .in = { 9003, 1 } };
	struct rtas_engine e;
	int32_t status;

	(void)state;
	engine_init(&e, &transport, &root);
	assert_int_equal(engine_call(&e, RTAS_GET_SENSOR_STATE, &args, &status, &dl),
			 -ETIMEDOUT);
	assert_true(calls > 1);
	assert_true(calls < 1100); /* first without pauses, then with pauses */
}

static void walk_hands_extents_over(void **state)
{
	struct deadline dl = deadline_never();
	struct connector_walk w;
	struct cc_item item;

	(void)state;
	START({ TOKEN,
		{ MOCK_AREA, 0 },
		0,
		{ 5 },
		.want = "\x40\0\0\x08\0\0\0\0",
		.want_len = 8 },
	      { TOKEN,
		{ MOCK_AREA, MOCK_AREA + 0x1000 },
		0,
		{ 2 },
		.give = "\x40\0\0\x08\0\0\0\0\0\0\0\x14\0\0\0\0\0\0\0\0name",
		.give_len = 25 },
	      { TOKEN, { MOCK_AREA, 0 }, 0, { 5 } },
	      { TOKEN, { MOCK_AREA, MOCK_AREA + 0x2000 }, 0, { 5 } },
	      { TOKEN, { MOCK_AREA, MOCK_AREA + 0x3000 }, 0, { 0 } },
	      { TOKEN, { MOCK_AREA, 0 }, 0, { 5 } });
	assert_int_equal(connector_walk_begin(&w, &e, 0x40000008, &dl), 0);
	assert_int_equal(connector_walk_next(&w, &item, &dl), 0);
	assert_int_equal(item.status, CC_CHILD);
	assert_string_equal(item.name, "name");
	assert_int_equal(connector_walk_next(&w, &item, &dl), 0);
	assert_int_equal(item.status, CC_COMPLETE);
	assert_int_equal(connector_walk_next(&w, &item, &dl), -ENOSPC);
	connector_walk_end(&w);
	mock_done(&mock);
}

static void trace_lines(void **state)
{
	static const struct {
		enum rtas_call call;
		struct rtas_args args;
		int err;
		int32_t status;
		const char *text;
	} rows[] = {
		{ RTAS_SET_INDICATOR,
		  { .in = { 9001, 0x40000008, 1 } },
		  0,
		  0,
		  "set-indicator(9001, 0x40000008, 1) = 0 (success) 0.021 ms" },
		{ RTAS_GET_SENSOR_STATE,
		  { .in = { 9003, 0x40000008 }, .out = { 0, 1 } },
		  0,
		  0,
		  "get-sensor-state(9003, 0x40000008) = 0 (success) -> 1 0.021 ms" },
		{ RTAS_SET_INDICATOR,
		  { .in = { 9001, 0x40000008, 0 } },
		  0,
		  -9001,
		  "set-indicator(9001, 0x40000008, 0) = -9001 (valid outstanding translations) 0.021 ms" },
		{ RTAS_CONFIGURE_CONNECTOR,
		  { .in = { 0x3ffc0000, 0 } },
		  -EINVAL,
		  0,
		  "ibm,configure-connector(0x3ffc0000, 0) = EINVAL (refused by the kernel's filter) 0.021 ms" },
	};
	char text[RTAS_TRACE_TEXT_MAX];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct rtas_trace trace = { rows[i].call, &rows[i].args,
						  rows[i].err, rows[i].status, 21000 };

		rtas_trace_text(&trace, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
	rtas_trace_text(&(struct rtas_trace){ .kind = TRACE_AREA,
					      .err = -EPERM,
					      .ns = 21000,
					      .text = "work area of 4 pages" },
			text, sizeof(text));
	assert_string_equal(text,
			    "work area of 4 pages = EPERM (refused by the kernel: no "
			    "CAP_SYS_RAWIO for /dev/mem, or lockdown) 0.021 ms");
	rtas_trace_text(&(struct rtas_trace){ .kind = TRACE_DEVICE,
					      .call = RTAS_GET_SYSTEM_PARAMETER,
					      .err = -EOPNOTSUPP,
					      .status = -3,
					      .ns = 21000,
					      .text = "ioctl /dev/x get(\x1b[m)" },
			text, sizeof(text));
	assert_string_equal(text, "ioctl /dev/x get(?[m) = EOPNOTSUPP -> -3 (no such "
				  "parameter) 0.021 ms");
	rtas_trace_text(&(struct rtas_trace){ .kind = TRACE_TRANSFER,
					      .status = 10,
					      .ns = 21000,
					      .text = "read /dev/x 16 bytes" },
			text, sizeof(text));
	assert_string_equal(text, "read /dev/x 16 bytes = 10 0.021 ms");
	rtas_trace_text(
		&(struct rtas_trace){ RTAS_SET_INDICATOR, &rows[0].args, 0, 0, 1 }, text,
		10);
	assert_int_equal(strlen(text), 9);
}

static void areas_are_divided(void **state)
{
	struct deadline dl = deadline_in_ms(0);
	struct rmo_area a, b, all;
	struct rmo_pool pool;

	(void)state;
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &a), 0);
	assert_int_equal(a.pa, BASE);
	assert_int_equal(rmo_pool_get(&pool, 2, &dl, &b), 0);
	assert_int_equal(b.pa, BASE + RMO_PAGE_BYTES);
	assert_ptr_equal((char *)b.va, (char *)a.va + RMO_PAGE_BYTES);
	assert_int_equal(rmo_pool_get(&pool, UNITS, &dl, &all), -EBUSY);
	assert_int_equal(rmo_pool_get(&pool, UNITS + 1, &dl, &all), -ENOSPC);
	assert_int_equal(rmo_pool_get(&pool, 0, &dl, &all), -ENOSPC);

	/* the next caller does not see the data of the last one */
	memset(a.va, 0x5a, RMO_PAGE_BYTES);
	assert_int_equal(rmo_pool_put(&pool, &a), 0);
	assert_int_equal(rmo_pool_put(&pool, &a), -EINVAL);
	assert_int_equal(*(char *)a.va, 0);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &a), 0);
	assert_int_equal(a.pa, BASE);

	assert_int_equal(rmo_pool_put(&pool, &a), 0);
	assert_int_equal(rmo_pool_put(&pool, &b), 0);
	assert_int_equal(rmo_pool_get(&pool, UNITS, &dl, &all), 0);
	assert_int_equal(rmo_pool_put(&pool, &all), 0);
	rmo_pool_close(&pool);
}

/* Allocate an area in another process, which then stops for good. */
static pid_t holder(size_t pages)
{
	int ready[2];
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		struct deadline dl = deadline_in_ms(0);
		struct rmo_pool pool;
		struct rmo_area area;

		rmo_pool_init(&pool, &root);
		c = rmo_pool_get(&pool, pages, &dl, &area) ? 'n' : 'y';
		if (write(ready[1], &c, 1) != 1)
			_exit(1);
		raise(SIGSTOP);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void a_stopped_process_blocks_nobody_else(void **state)
{
	struct deadline now = deadline_in_ms(0), dl;
	struct rmo_pool pool;
	struct rmo_area area;
	pid_t one = holder(1), two = holder(4);

	(void)state;
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &now, &area), 0);
	assert_int_equal(area.pa, BASE + 5 * RMO_PAGE_BYTES);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	assert_int_equal(rmo_pool_get(&pool, UNITS, &now, &area), -EBUSY);

	/* the locks end with their holders */
	kill(one, SIGKILL);
	kill(two, SIGKILL);
	waitpid(one, NULL, 0);
	waitpid(two, NULL, 0);
	dl = deadline_in_ms(5000);
	assert_int_equal(rmo_pool_get(&pool, UNITS, &dl, &area), 0);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	rmo_pool_close(&pool);
}

/* Another library locks the same bytes with POSIX records. */
static void other_locks_are_respected(void **state)
{
	struct deadline dl = deadline_in_ms(0);
	struct rmo_pool pool;
	struct rmo_area area;
	int ready[2], done[2];
	pid_t pid;
	char c;

	(void)state;
	assert_int_equal(pipe(ready) | pipe(done), 0);
	pid = fork();
	if (!pid) {
		struct flock lock = {
			.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 1
		};
		int fd = openat(root.fd, "var/lock/LCK..librtas", O_RDWR);

		c = fcntl(fd, F_SETLK, &lock) ? 'n' : 'y';
		if (write(ready[1], &c, 1) != 1 || read(done[0], &c, 1) != 1)
			_exit(1);
		_exit(0);
	}
	assert_int_equal(read(ready[0], &c, 1), 1);
	assert_int_equal(c, 'y');
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), 0);
	assert_int_equal(area.pa, BASE + RMO_PAGE_BYTES);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	rmo_pool_close(&pool);
	assert_int_equal(write(done[1], "x", 1), 1);
	waitpid(pid, NULL, 0);
}

/* Another user had the file open before its mode became 0600, and locks all of it for reading.
 * Return the process. */
static pid_t start_user(const int done[2])
{
	int ready[2], fd = openat(root.fd, "var/lock/LCK..librtas", O_RDONLY);
	struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET };
	pid_t pid;
	char c;

	assert_int_equal(pipe(ready), 0);
	pid = fork();
	if (!pid) {
		close(done[1]);
		if (setresuid(65534, 65534, 65534) || fcntl(fd, F_SETLK, &lock) ||
		    write(ready[1], "x", 1) != 1 || read(done[0], &c, 1) != 0)
			_exit(1);
		_exit(0);
	}
	close(ready[1]);
	close(fd);
	assert_int_equal(read(ready[0], &c, 1), 1);
	close(ready[0]);
	return pid;
}

/* The file is replaced, but not while another process of root has it open: the one with the
 * library of another project would go on with the old file. */
static void a_user_does_not_keep_all_areas(void **state)
{
	struct deadline soon = deadline_in_ms(1500);
	struct rmo_pool pool, peer;
	struct rmo_area area, other;
	int done[2], keep[2], status;
	struct stat before, after;
	pid_t user, opener;

	(void)state;
	if (geteuid())
		skip();
	rmo_pool_init(&pool, &root);
	rmo_pool_init(&peer, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &soon, &area), 0);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	assert_int_equal(fstatat(root.fd, "var/lock/LCK..librtas", &before, 0), 0);
	assert_int_equal(before.st_mode & 07777, 0600);
	assert_int_equal(renameat(root.fd, "proc", root.fd, "proc.fake"), 0);
	assert_int_equal(symlinkat("/proc", root.fd, "proc"), 0);
	root.is_system = true; /* else the link stays inside */
	assert_int_equal(pipe(done), 0);
	user = start_user(done);
	assert_int_equal(pipe(keep), 0);

	opener = fork();
	if (!opener) {
		int fd = openat(root.fd, "var/lock/LCK..librtas", O_RDWR);
		char c;

		close(done[1]);
		close(keep[1]);
		_exit(fd < 0 || read(keep[0], &c, 1) != 0);
	}
	assert_int_equal(rmo_pool_get(&pool, 1, &soon, &area), -EBUSY);
	assert_int_equal(area.user, user);
	assert_int_equal(fstatat(root.fd, "var/lock/LCK..librtas", &after, 0), 0);
	assert_int_equal(after.st_ino, before.st_ino);

	close(keep[1]);
	waitpid(opener, &status, 0);
	soon = deadline_in_ms(60000);
	assert_int_equal(rmo_pool_get(&pool, 1, &soon, &area), 0);
	assert_int_equal(fstatat(root.fd, "var/lock/LCK..librtas", &after, 0), 0);
	assert_int_not_equal(after.st_ino, before.st_ino);
	/* one that opened the old file finds the new one before its first area */
	root.is_system = false;
	assert_int_equal(unlinkat(root.fd, "proc", 0), 0);
	assert_int_equal(renameat(root.fd, "proc.fake", root.fd, "proc"), 0);
	assert_int_equal(rmo_pool_get(&peer, 1, &soon, &other), 0);
	assert_int_equal(other.pa, area.pa + RMO_PAGE_BYTES);
	/* it is replaced by hand, between two areas */
	assert_int_equal(unlinkat(root.fd, "var/lock/LCK..librtas", 0), 0);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	assert_int_equal(rmo_pool_get(&pool, 1, &soon, &area), 0);
	assert_int_equal(rmo_pool_put(&peer, &other), 0);
	assert_int_equal(rmo_pool_get(&peer, 1, &soon, &other), 0);
	assert_int_equal(other.pa, area.pa + RMO_PAGE_BYTES);
	close(done[1]);
	close(done[0]);
	close(keep[0]);
	waitpid(user, &status, 0);
	rmo_pool_close(&peer);
	rmo_pool_close(&pool);
}

static void a_forked_child_has_areas_of_its_own(void **state)
{
	struct deadline dl = deadline_in_ms(0);
	struct rmo_area mine, other;
	struct rmo_pool pool;
	pid_t pid;
	int status;

	(void)state;
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &mine), 0);
	pid = fork();
	if (!pid) {
		bool ok = rmo_pool_put(&pool, &mine) == -EINVAL && /* the parent's */
			  !rmo_pool_get(&pool, 1, &dl, &other) &&
			  other.pa == BASE + RMO_PAGE_BYTES;

		_exit(ok ? 0 : 1);
	}
	waitpid(pid, &status, 0);
	assert_true(WIFEXITED(status) && !WEXITSTATUS(status));
	/* the parent still holds its own */
	assert_int_equal(rmo_pool_get(&pool, UNITS, &dl, &other), -EBUSY);
	assert_int_equal(rmo_pool_put(&pool, &mine), 0);
	rmo_pool_close(&pool);
}

static void bounds_of_the_window_are_checked(void **state)
{
	static const char *const bad[] = {
		"",
		"x\n",
		"0000000000000000 10000\n",
		"0000000000010000 0\n",
		"0000000000010000 100\n",
		"0000000000010001 10000\n",
		"0000000000010000 80000000\n",
		"00000000fffff000 10000\n",
		"ffffffffffff0000 10000\n",
	};
	struct deadline dl = deadline_in_ms(0);
	struct rmo_area area;
	struct rmo_pool pool;

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		write_file("proc/ppc64/rtas/rmo_buffer", bad[i], strlen(bad[i]));
		rmo_pool_init(&pool, &root);
		assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), -EBADMSG);
		rmo_pool_close(&pool);
	}
	assert_int_equal(unlinkat(root.fd, "proc/ppc64/rtas/rmo_buffer", 0), 0);
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), -ENOENT);
	rmo_pool_close(&pool);
	write_file("proc/ppc64/rtas/rmo_buffer", "0000000000010000 10000\n", 23);
}

static void lock_file_is_not_followed(void **state)
{
	struct deadline dl = deadline_in_ms(0);
	struct rmo_area area;
	struct rmo_pool pool;

	(void)state;
	unlinkat(root.fd, "var/lock/LCK..librtas", 0);
	assert_int_equal(symlinkat("/tmp/elsewhere", root.fd, "var/lock/LCK..librtas"),
			 0);
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), -ELOOP);
	rmo_pool_close(&pool);
	assert_int_equal(unlinkat(root.fd, "var/lock/LCK..librtas", 0), 0);

	/* a second hard link elsewhere: an attack by another user */
	write_file("run/stranger", "", 0);
	assert_int_equal(
		linkat(root.fd, "run/stranger", root.fd, "var/lock/LCK..librtas", 0), 0);
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), -EPERM);
	rmo_pool_close(&pool);
	unlinkat(root.fd, "run/stranger", 0);
	unlinkat(root.fd, "var/lock/LCK..librtas", 0);

	/* no folder for locks, as in an initramfs: use the other folder */
	assert_int_equal(unlinkat(root.fd, "var/lock", AT_REMOVEDIR), 0);
	assert_int_equal(unlinkat(root.fd, "var", AT_REMOVEDIR), 0);
	rmo_pool_init(&pool, &root);
	assert_int_equal(rmo_pool_get(&pool, 1, &dl, &area), 0);
	assert_int_equal(rmo_pool_put(&pool, &area), 0);
	rmo_pool_close(&pool);
	assert_int_equal(faccessat(root.fd, "run/LCK..librtas", F_OK, 0), 0);
	assert_int_equal(mkdirat(root.fd, "var", 0700), 0);
	assert_int_equal(mkdirat(root.fd, "var/lock", 0700), 0);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(token_is_read_again_when_the_kernel_refuses),
	cmocka_unit_test(busy_ends_at_the_deadline),
	cmocka_unit_test(walk_hands_extents_over),
	cmocka_unit_test(trace_lines),
	cmocka_unit_test(areas_are_divided),
	cmocka_unit_test(a_stopped_process_blocks_nobody_else),
	cmocka_unit_test(other_locks_are_respected),
	cmocka_unit_test(a_user_does_not_keep_all_areas),
	cmocka_unit_test(a_forked_child_has_areas_of_its_own),
	cmocka_unit_test(bounds_of_the_window_are_checked),
	cmocka_unit_test(lock_file_is_not_followed),
};

int main(void)
{
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, make_root, remove_root);
}
