// SPDX-License-Identifier: GPL-2.0-or-later
/* The event log of papr-eventd, its queue of requests, its messages, the protocol of its
 * readiness, and the start of its worker. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "eventd/changes.h"
#include "eventd/event_log.h"
#include "eventd/logger.h"
#include "eventd/notify.h"
#include "eventd/platform_log.h"
#include "eventd/queue.h"
#include "eventd/worker.h"
#include "tests/test.h"

/* A folder for the file of slots, and a pipe in place of the kernel's file. */
struct place {
	char path[64], source[80];
	int folder, kernel;
};

static int place_setup(void **state)
{
	struct place *place = calloc(1, sizeof(*place));

	snprintf(place->path, sizeof(place->path), "/tmp/t-eventd-XXXXXX");
	assert_non_null(mkdtemp(place->path));
	snprintf(place->source, sizeof(place->source), "%s/error_log", place->path);
	assert_int_equal(mkfifo(place->source, 0600), 0);
	place->kernel = open(place->source, O_RDWR | O_CLOEXEC);
	place->folder = open(place->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_true(place->kernel >= 0 && place->folder >= 0);
	*state = place;
	return 0;
}

static int place_teardown(void **state)
{
	struct place *place = *state;

	unlinkat(place->folder, "events", 0);
	unlinkat(place->folder, "error_log", 0);
	close(place->folder);
	close(place->kernel);
	rmdir(place->path);
	free(place);
	return 0;
}

/* The kernel delivers a record. */
static void deliver(const struct place *place, int32_t sequence)
{
	unsigned char record[52] = { 0 };

	memcpy(record, &sequence, sizeof(sequence));
	memcpy(record + 4, "\x06\x34\x60\xe5\0\0\0\x28", 8);
	record[51] = (unsigned char)sequence;
	assert_int_equal(write(place->kernel, record, sizeof(record)), sizeof(record));
}

static void deliver_and_read(const struct place *place, struct event_log *log,
			     int32_t sequence)
{
	deliver(place, sequence);
	assert_int_equal(event_log_read(log), 1);
}

static void assert_take(struct event_log *log, int32_t sequence, bool is_again,
			struct event_record *record)
{
	assert_true(event_log_take(log, record));
	assert_int_equal(record->sequence, sequence);
	assert_int_equal(record->is_again, is_again);
	assert_int_equal(record->len, 48);
	assert_int_equal((unsigned char)record->bytes[47], sequence & 0xff);
}

TEST_IN(records_are_taken_in_order, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_int_equal(event_log_read(&log), 0);
	assert_false(event_log_take(&log, &record));
	for (int32_t i = 1; i <= 3; i++)
		deliver_and_read(place, &log, i);
	for (int32_t i = 1; i <= 3; i++) {
		assert_take(&log, i, false, &record);
		assert_int_equal(record.lost, 0);
		event_log_put(&log, record.slot);
	}
	assert_false(event_log_take(&log, &record));
	event_log_close(&log);
}

TEST_IN(a_gap_is_counted, place_setup, place_teardown)
{
	static const struct {
		int32_t sequence;
		uint32_t lost;
	} rows[] = { { 7, 0 }, { 8, 0 }, { 79, 70 }, { 1, 0 }, { 3, 1 } };
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	for (size_t i = 0; i < COUNT(rows); i++) {
		deliver_and_read(place, &log, rows[i].sequence);
		assert_take(&log, rows[i].sequence, false, &record);
		assert_int_equal(record.lost, rows[i].lost);
		event_log_put(&log, record.slot);
	}
	assert_int_equal(log.file->lost, 71);
	/* the number stays with a record that is taken again */
	deliver_and_read(place, &log, 6);
	for (int i = 0; i < 2; i++) {
		assert_take(&log, 6, false, &record);
		assert_int_equal(record.lost, 2);
		assert_int_equal(log.file->lost, 73);
		event_log_give_back(&log, record.slot);
	}
	assert_take(&log, 6, false, &record);
	event_log_put(&log, record.slot);
	event_log_forget_sequence(&log);
	deliver_and_read(place, &log, 90);
	assert_take(&log, 90, false, &record);
	assert_int_equal(record.lost, 0);
	event_log_close(&log);
}

TEST_IN(a_full_log_leaves_records_to_the_kernel, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	for (int32_t i = 1; i <= EVENT_SLOTS; i++) {
		assert_false(event_log_is_full(&log));
		deliver_and_read(place, &log, i);
	}
	assert_true(event_log_is_full(&log));
	deliver(place, EVENT_SLOTS + 1);
	assert_int_equal(event_log_read(&log), 0);
	assert_take(&log, 1, false, &record);
	assert_true(event_log_is_full(&log));
	event_log_get(&log, record.slot);
	event_log_put(&log, record.slot);
	assert_true(event_log_is_full(&log));
	event_log_put(&log, record.slot);
	assert_false(event_log_is_full(&log));
	assert_int_equal(event_log_read(&log), 1);
	event_log_close(&log);
}

/* A daemon that reads two records, takes one, and is killed. */
static void live_and_die(const struct place *place)
{
	struct event_log log;
	struct event_record record;

	if (event_log_open(&log, place->folder, place->source) ||
	    event_log_read(&log) != 1 || !event_log_take(&log, &record))
		_exit(1);
	deliver(place, 6);
	if (event_log_read(&log) != 1)
		_exit(1);
	raise(SIGKILL);
}

TEST_IN(a_kill_loses_no_record, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;
	int status;
	pid_t pid;

	deliver(place, 5);
	pid = fork();
	if (!pid)
		live_and_die(place);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFSIGNALED(status));

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_take(&log, 5, true, &record);
	event_log_put(&log, record.slot);
	assert_take(&log, 6, false, &record);
	event_log_put(&log, record.slot);
	assert_false(event_log_take(&log, &record));
	event_log_close(&log);
}

/* The kill came between the end of read(2) and the next instruction, or before read(2). */
TEST_IN(a_kill_within_a_read_loses_no_record, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;
	struct event_slot *slot;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	deliver_and_read(place, &log, 9);
	slot = &log.file->slots[0];
	slot->state = EVENT_READING;
	slot->len = 0;
	log.file->slots[1].state = EVENT_READING;
	event_log_close(&log);

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_true(event_log_take(&log, &record));
	assert_int_equal(record.sequence, 9);
	assert_int_equal(record.len, EVENT_BYTES_MAX - 4);
	assert_false(event_log_take(&log, &record));
	event_log_close(&log);
}

TEST_IN(a_damaged_file_begins_anew, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;
	int fd = openat(place->folder, "events", O_WRONLY | O_CREAT, 0600);

	assert_int_equal(write(fd, "PAPREVD1 cut", 12), 12);
	close(fd);
	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_false(event_log_take(&log, &record));
	deliver_and_read(place, &log, 1);
	log.file->slots[0].len = 1 << 30;
	log.file->slots[5].state = 77;
	event_log_close(&log);

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_true(event_log_take(&log, &record));
	assert_int_equal(record.len, EVENT_BYTES_MAX - 4);
	assert_false(event_log_take(&log, &record));
	event_log_close(&log);
}

TEST_IN(the_file_of_an_earlier_daemon_grows, place_setup, place_teardown)
{
	enum { EARLIER = 4096 * (1 + 128) };
	const struct place *place = *state;
	struct event_log log;
	struct event_record record;
	struct stat st;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	deliver_and_read(place, &log, 4);
	log.file->size = EARLIER;
	assert_int_equal(ftruncate(log.file_fd, EARLIER), 0);
	event_log_close(&log);

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_int_equal(fstat(log.file_fd, &st), 0);
	assert_int_equal(st.st_size, sizeof(struct event_file));
	assert_take(&log, 4, false, &record);
	assert_int_equal(log.file->slots[EVENT_SLOTS - 1].state, EVENT_FREE);
	event_log_close(&log);
}

/* Return the error of a second process that opens the log. */
static int open_in_child(const struct place *place)
{
	struct event_log log;
	int status;
	pid_t pid = fork();

	if (!pid)
		_exit(-event_log_open(&log, place->folder, place->source));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return -WEXITSTATUS(status);
}

TEST_IN(a_second_daemon_is_refused, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct event_log log;

	assert_int_equal(event_log_open(&log, place->folder, place->source), 0);
	assert_int_equal(open_in_child(place), -EAGAIN);
	event_log_close(&log);
	assert_int_equal(open_in_child(place), 0);
	assert_int_equal(event_log_open(&log, place->folder, "/nonexistent"), -ENOENT);
	assert_non_null(log.file);
	event_log_close(&log);
}

/* ---- Queue ---- */

static struct queue_request request_of(uint32_t type, uint32_t action,
				       uint32_t identifier, uint32_t value)
{
	struct rtas_hotplug_scn hp = {
		.type = type & 0xff,
		.action = action & 0xff,
		.identifier = identifier & 0xff,
		.u1.drc_index = value,
	};
	struct queue_request request;

	assert_int_equal(queue_parse(&request, &hp), 0);
	return request;
}

static void assert_next(const struct queue *queue, int64_t now, int slot, int64_t wait)
{
	int64_t ms;

	assert_int_equal(queue_next(queue, now, &ms), slot);
	assert_int_equal(ms, wait);
}

TEST(requests_for_one_connector_merge)
{
	const struct queue_request add = request_of(5, 1, 2, 0x40000008),
				   remove = request_of(5, 2, 2, 0x40000008),
				   other = request_of(5, 1, 2, 0x40000010),
				   count = request_of(5, 1, 3, 2);
	struct queue *queue = calloc(1, sizeof(*queue));

	assert_next(queue, 0, -1, -1);
	assert_int_equal(queue_add(queue, 3, &add), -1);
	assert_int_equal(queue_add(queue, 1, &other), -1);
	assert_next(queue, 0, 3, 0);
	assert_int_equal(queue_add(queue, 2, &remove), 3);
	assert_next(queue, 0, 1, 0);
	queue_remove(queue, 1);
	assert_next(queue, 0, 2, 0);
	assert_int_equal(queue->requests[2].action, DR_REMOVE);
	assert_int_equal(queue_add(queue, 4, &count), -1);
	assert_int_equal(queue_add(queue, 5, &count), -1);
	queue->requests[2].not_before = 700;
	assert_next(queue, 100, 4, 0);
	queue_remove(queue, 4);
	queue_remove(queue, 5);
	assert_next(queue, 100, -1, 600);
	assert_next(queue, 700, 2, 0);
	free(queue);
}

TEST(a_request_that_runs_is_not_replaced)
{
	static struct queue queue;
	struct queue_request add =
		request_of(RTAS_HP_TYPE_PCI, RTAS_HP_ACTION_ADD, RTAS_HP_ID_DRC_INDEX, 8);
	int64_t wait;

	assert_int_equal(queue_add(&queue, 3, &add), -1);
	queue.requests[3].is_running = true;
	assert_int_equal(queue_add(&queue, 4, &add), -1);
	assert_int_equal(queue_add(&queue, 5, &add), 4);
	/* it has no result: the newer one has replaced it */
	assert_true(queue_again(&queue, 3));
	assert_int_equal(queue_next(&queue, 0, &wait), 5);
	queue.requests[5].is_running = true;
	assert_false(queue_again(&queue, 5));
	assert_int_equal(queue_next(&queue, 0, &wait), 5);
	assert_false(queue.requests[5].is_running);
}

TEST(requests_are_described)
{
	static const struct {
		uint32_t type, action, identifier, value;
		const char *text;
	} rows[] = {
		{ 5, 1, 2, 0x40000008, "add pci 0x40000008" },
		{ 4, 2, 2, 0x20000001, "remove phb 0x20000001" },
		{ 1, 1, 3, 12345, "add cpu count 12345" },
		{ 2, 2, 2, 0, "remove mem 0x00000000" },
		{ 3, 1, 2, 0x30000001, "add slot 0x30000001" },
	};
	char text[80];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct queue_request request = request_of(
			rows[i].type, rows[i].action, rows[i].identifier, rows[i].value);

		queue_describe(&request, text, sizeof(text));
		assert_string_equal(text, rows[i].text);
	}
}

TEST(unknown_requests_are_refused)
{
	static const uint32_t rows[][3] = {
		{ 6, 1, 2 }, { 0, 1, 2 }, { 255, 1, 2 }, { 5, 0, 2 },
		{ 5, 3, 2 }, { 5, 1, 0 }, { 5, 1, 5 },
	};
	struct queue_request request;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct rtas_hotplug_scn hp = {
			.type = rows[i][0] & 0xff,
			.action = rows[i][1] & 0xff,
			.identifier = rows[i][2] & 0xff,
		};

		assert_int_equal(queue_parse(&request, &hp), -ENOTSUP);
	}
}

/* ---- /var/log/platform ---- */

TEST_IN(events_are_saved_as_dumps, place_setup, place_teardown)
{
	static const char bytes[] = { 6, 0x40, 0, (char)0x85, 0, 0, 0, 10,	  1,
				      2, 3,    4, 5,	      6, 7, 8, (char)0xff };
	static const char expected[] = "RTAS: 7 -------- RTAS event begin --------\n"
				       "RTAS 0: 06400085 0000000a 01020304 05060708\n"
				       "RTAS 1: ff\n"
				       "RTAS: 7 -------- RTAS event end ----------\n"
				       "RTAS: 8 -------- RTAS event begin --------\n"
				       "RTAS: 8 -------- RTAS event end ----------\n";
	const struct place *place = *state;
	char path[80], got[1000];
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "%s/platform", place->path);
	assert_int_equal(platform_log_append(path, 7, bytes, sizeof(bytes)), 0);
	assert_int_equal(platform_log_append(path, 8, bytes, 0), 0);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	n = read(fd, got, sizeof(got) - 1);
	close(fd);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, expected);
	unlink(path);
}

TEST_IN(a_large_log_is_rotated, place_setup, place_teardown)
{
	const struct place *place = *state;
	char path[80], old[90];
	struct stat st;
	int fd;

	snprintf(path, sizeof(path), "%s/platform", place->path);
	snprintf(old, sizeof(old), "%s.0", path);
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, 1 << 20), 0);
	close(fd);
	assert_int_equal(platform_log_append(path, 7, "a", 1), 0);
	assert_int_equal(stat(old, &st), 0);
	assert_int_equal(st.st_size, 1 << 20);
	assert_int_equal(stat(path, &st), 0);
	assert_true(st.st_size < 200);
	unlink(path);
	assert_int_equal(symlink(old, path), 0);
	assert_int_equal(platform_log_append(path, 7, "a", 1), -ELOOP);
	assert_int_equal(stat(old, &st), 0);
	assert_int_equal(st.st_size, 1 << 20);
	unlink(path);
	unlink(old);
}

/* ---- Service manager ---- */

TEST_IN(readiness_is_reported, place_setup, place_teardown)
{
	const struct place *place = *state;
	struct sockaddr_un at = { .sun_family = AF_UNIX };
	struct notify notify;
	char pid[16], got[100];
	ssize_t n;
	int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	snprintf(at.sun_path, sizeof(at.sun_path), "%s/notify", place->path);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	snprintf(pid, sizeof(pid), "%d", (int)getpid());
	setenv("NOTIFY_SOCKET", at.sun_path, 1);
	setenv("WATCHDOG_USEC", "30000000", 1);
	setenv("WATCHDOG_PID", pid, 1);
	notify_open(&notify);
	assert_int_equal(notify.watchdog_ms, 30000);
	notify_send(&notify, "READY=1\nSTATUS=%d", 7);
	n = recv(fd, got, sizeof(got), 0);
	assert_int_equal(n, 16);
	assert_memory_equal(got, "READY=1\nSTATUS=7", 16);
	notify_reloading(&notify);
	n = recv(fd, got, sizeof(got) - 1, 0);
	assert_true(n > 0);
	got[n] = '\0';
	assert_ptr_equal(strstr(got, "RELOADING=1\nMONOTONIC_USEC="), got);
	notify_close(&notify);

	setenv("WATCHDOG_PID", "1", 1);
	notify_open(&notify);
	assert_int_equal(notify.watchdog_ms, 0);
	notify_close(&notify);
	setenv("NOTIFY_SOCKET", "relative", 1);
	notify_open(&notify);
	assert_int_equal(notify.fd, -1);
	notify_send(&notify, "READY=1");
	unlink(at.sun_path);
	close(fd);
}

/* A kill, or another writer, cannot cut a line. */
TEST(a_line_is_one_write)
{
	struct logger to_stderr = { .fd = -1, .stderr_fd = -1 };
	static const char line[] = "papr-eventd: two; lines, \\x097\n";
	int pair[2], own = dup(STDERR_FILENO);
	char got[64];
	ssize_t n;

	assert_int_equal(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair), 0);
	assert_true(dup2(pair[1], STDERR_FILENO) >= 0);
	logger_print(&to_stderr, LOGGER_NOTICE, "two\nlines, \t%d", 7);
	dup2(own, STDERR_FILENO);
	n = recv(pair[0], got, sizeof(got), MSG_DONTWAIT);
	assert_int_equal(n, strlen(line));
	assert_memory_equal(got, line, strlen(line));
	close(own);
	close(pair[0]);
	close(pair[1]);
}

/* Return a logger whose standard error is the new pipe; own: what it was before. */
static struct logger logger_into(int ends[2], int *own)
{
	struct logger log;

	*own = dup(STDERR_FILENO);
	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	assert_int_equal(fcntl(ends[1], F_SETFL, 0), 0);
	assert_true(dup2(ends[1], STDERR_FILENO) >= 0);
	logger_open(&log, false);
	close(log.fd);
	log.fd = -1;
	return log;
}

TEST(a_reader_that_stops_is_not_waited_for)
{
	static char got[1 << 20];
	int ends[2], own;
	struct logger log = logger_into(ends, &own);
	char expected[80];
	ssize_t n;

	for (int i = 0; i < 4000 && !log.lost; i++)
		logger_print(&log, LOGGER_NOTICE, "%500d", i);
	assert_int_equal(log.lost, 1);
	/* it reads again */
	assert_true(read(ends[0], got, sizeof(got)) > 0);
	logger_print(&log, LOGGER_NOTICE, "after it");
	n = read(ends[0], got, sizeof(got) - 1);
	dup2(own, STDERR_FILENO);
	assert_true(n > 0);
	got[n] = '\0';
	snprintf(expected, sizeof(expected), "papr-eventd: %s\npapr-eventd: %s\n",
		 "messages lost because they were not read: 1", "after it");
	assert_string_equal(got, expected);
	assert_int_equal(log.lost, 0);
	logger_close(&log);
	close(ends[0]);
	close(ends[1]);
	close(own);
}

/* The user of a terminal has stopped its output. */
TEST(a_terminal_that_stops_is_not_waited_for)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC),
	    own = dup(STDERR_FILENO), slave;
	struct logger log;

	if (terminal < 0)
		skip(); /* /dev/pts is not mounted */
	assert_true(!grantpt(terminal) && !unlockpt(terminal));
	slave = open(ptsname(terminal), O_RDWR | O_NOCTTY | O_CLOEXEC);
	assert_true(slave >= 0 && dup2(slave, STDERR_FILENO) >= 0);
	logger_open(&log, false);
	assert_int_equal(log.fd, -1);
	assert_int_equal(tcflow(slave, TCOOFF), 0);
	for (int i = 0; i < 1000 && !log.lost; i++)
		logger_print(&log, LOGGER_NOTICE, "%500d", i);
	assert_int_equal(tcflow(slave, TCOON), 0);
	dup2(own, STDERR_FILENO);
	assert_true(log.lost > 0);
	logger_close(&log);
	close(slave);
	close(terminal);
	close(own);
}

TEST(a_long_message_is_cut)
{
	static char got[1 << 16], text[1 << 14];
	int ends[2], own;
	struct logger log = logger_into(ends, &own);
	ssize_t n;

	memset(text, 0x1b, sizeof(text) - 1);
	logger_print(&log, LOGGER_NOTICE, "%s", text);
	logger_send(&log, LOGGER_NOTICE, text, (const char *const[]){ NULL });
	n = read(ends[0], got, sizeof(got) - 1);
	dup2(own, STDERR_FILENO);
	assert_true(n > 6000 && n <= 8192);
	got[n] = '\0';
	assert_string_equal(got + n - strlen("\\x1b...\n"), "\\x1b...\n");
	logger_close(&log);
	close(ends[0]);
	close(ends[1]);
	close(own);
}

/* ---- Worker ---- */

/* A user that may have no more processes. The worker starts when it may. Return 0 if all is as
 * expected, or the number of the step that is not. */
static int start_worker_as_limited_user(int messages)
{
	static struct event_file file;
	struct event_log events = { .fd = -1, .file_fd = -1, .file = &file };
	struct rlimit limit = { .rlim_cur = 0, .rlim_max = RLIM_INFINITY };
	struct logger log = { .fd = -1, .stderr_fd = messages };
	struct worker worker;

	if (!geteuid() && setresuid(65534, 65534, 65534))
		return 1;
	if (getrlimit(RLIMIT_NPROC, &limit))
		return 2;
	limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_NPROC, &limit))
		return 3;
	worker_init(&worker, &log, &events);
	for (int i = 0; i < 3; i++) {
		worker_continue(&worker);
		if (worker.all[0].pid || worker_is_idle(&worker) ||
		    worker_wait_ms(&worker) <= 0)
			return 4;
		worker.start = deadline_in_ms(0);
	}
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &limit))
		return 5;
	worker_continue(&worker);
	if (!worker.all[0].pid || !worker_is_idle(&worker) ||
	    worker_wait_ms(&worker) != -1)
		return 6;
	worker_stop(&worker);
	return waitpid(worker.all[0].pid, NULL, 0) == worker.all[0].pid ? 0 : 7;
}

TEST(a_worker_that_cannot_start_is_tried_again)
{
	static const char once[] =
		"papr-eventd: the worker cannot start: Resource temporarily unavailable\n";
	char got[200];
	int ends[2], status;
	ssize_t n;
	pid_t pid;

	assert_int_equal(pipe2(ends, O_CLOEXEC | O_NONBLOCK), 0);
	pid = fork();
	if (!pid)
		_exit(start_worker_as_limited_user(ends[1]));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
	n = read(ends[0], got, sizeof(got) - 1);
	assert_true(n > 0);
	got[n] = '\0';
	assert_string_equal(got, once);
	close(ends[0]);
	close(ends[1]);
}

/* Records were lost, so all is configured. A worker that ended before it could take the job
 * does not keep the next one from it. */
TEST(a_lost_job_for_all_is_sent_again)
{
	struct event_file file = { .lost = 3 };
	struct event_log events = { .fd = -1, .file_fd = -1, .file = &file };
	struct logger log = { .fd = -1, .stderr_fd = -1 };
	struct changes changes;
	struct worker worker;
	struct work_job job;
	int ends[2];

	worker_init(&worker, &log, &events);
	changes_init(&changes, &log, &events, &worker);
	for (int is_alive = 0; is_alive < 2; is_alive++) {
		assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET, 0, ends), 0);
		if (!is_alive)
			close(ends[1]);
		worker.all[0].pid = getpid();
		worker.all[0].fd = ends[0];
		assert_int_equal(changes_wait_ms(&changes), 0);
		changes_continue(&changes);
		assert_int_equal(worker_is_idle(&worker), !is_alive);
		assert_int_equal(changes.all_lost, is_alive ? 3 : 0);
		close(ends[0]);
	}
	assert_int_equal(read(ends[1], &job, sizeof(job)), sizeof(job));
	assert_int_equal(job.kind, WORK_ALL);
	close(ends[1]);
}
