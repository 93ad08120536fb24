// SPDX-License-Identifier: GPL-2.0-or-later
/* The event log of papr-eventd, what is pending, its messages, the protocol of its readiness, and
 * its workers. */
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "eventd/event_log.h"
#include "eventd/logger.h"
#include "eventd/notify.h"
#include "eventd/platform_log.h"
#include "eventd/pending.h"
#include "eventd/worker.h"
#include "tests/unit/fakes/test.h"

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
		event_log_free(&log, record.slot);
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
		event_log_free(&log, record.slot);
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
	event_log_free(&log, record.slot);
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
	event_log_free(&log, record.slot);
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
	event_log_free(&log, record.slot);
	assert_take(&log, 6, false, &record);
	event_log_free(&log, record.slot);
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

/* ---- Pending ---- */

static struct rtas_hotplug_scn section_of(uint32_t type, uint32_t action,
					  uint32_t identifier, uint32_t value)
{
	return (struct rtas_hotplug_scn){
		.type = type & 0xff,
		.action = action & 0xff,
		.identifier = identifier & 0xff,
		.u1.drc_index = value,
	};
}

static struct host_request request_of(uint32_t type, uint32_t action, uint32_t identifier,
				      uint32_t value)
{
	const struct rtas_hotplug_scn hp = section_of(type, action, identifier, value);
	struct host_request request;

	assert_int_equal(host_request_parse(&request, &hp), 0);
	return request;
}

/* What is pending for a log without a file. */
struct table {
	struct event_file file;
	struct event_log events;
	struct logger log;
	struct pendings p;
	struct work_job job;
};

static int table_setup(void **state)
{
	struct table *t = calloc(1, sizeof(*t));

	t->events = (struct event_log){ .fd = -1, .file_fd = -1, .file = &t->file };
	t->log = (struct logger){ .fd = -1, .stderr_fd = -1 };
	pendings_init(&t->p, &t->log, &t->events);
	*state = t;
	return 0;
}

static int table_teardown(void **state)
{
	free(*state);
	return 0;
}

static void take(struct table *t, int slot)
{
	t->file.slots[slot].state = EVENT_TAKEN;
	t->file.slots[slot].order = t->file.next_order++;
}

/* The host requests what a section says. */
static void add(struct table *t, int slot, uint32_t action, uint32_t identifier,
		uint32_t value)
{
	const struct rtas_hotplug_scn hp = section_of(5, action, identifier, value);
	const struct event_record record = { .slot = slot };

	take(t, slot);
	assert_int_equal(pendings_add_request(&t->p, &record, &hp), 0);
}

/* The next job has these slots, and a worker takes it. */
static void assert_begins(struct table *t, pid_t pid, size_t n, const int slots[])
{
	assert_int_equal(pendings_next(&t->p, WORK_CHANGE, &t->job), 0);
	assert_int_equal(t->job.n, n);
	for (size_t i = 0; i < n; i++)
		assert_int_equal(t->job.slots[i], slots[i]);
	pendings_begin(&t->p, &t->job, pid);
}

static bool hear(struct table *t, enum work_news news, pid_t pid, int slot,
		 enum act_result result)
{
	const struct work_answer answer = {
		.news = news, .pid = pid, .slot = slot, .outcome.result = result
	};

	return pendings_hear(&t->p, &answer);
}

TEST_IN(requests_for_one_connector_merge, table_setup, table_teardown)
{
	struct table *t = *state;

	assert_int_equal(pendings_next(&t->p, WORK_CHANGE, &t->job), -1);
	add(t, 3, 1, 2, 0x40000008);
	add(t, 1, 1, 2, 0x40000010);
	add(t, 2, 2, 2, 0x40000008);
	assert_int_equal(t->file.slots[3].state, EVENT_FREE);
	assert_begins(t, 7, 1, (int[]){ 1 });
	assert_true(hear(t, WORK_DONE, 7, 1, ACT_DONE));
	assert_int_equal(t->file.slots[1].state, EVENT_FREE);
	assert_begins(t, 7, 1, (int[]){ 2 });
	assert_int_equal(t->job.request.action, DR_REMOVE);
	/* counts name no connector */
	add(t, 4, 1, 3, 2);
	add(t, 5, 1, 3, 2);
	assert_false(hear(t, WORK_DONE, 7, 2, ACT_AGAIN));
	assert_begins(t, 7, 1, (int[]){ 4 });
	assert_true(hear(t, WORK_DONE, 7, 4, ACT_NOTHING));
	assert_begins(t, 7, 1, (int[]){ 5 });
	assert_true(hear(t, WORK_DONE, 7, 5, ACT_FAILED));
	assert_in_range(pendings_next(&t->p, WORK_CHANGE, &t->job), 1, 1000);
	assert_int_equal(t->p.done, 2);
	assert_int_equal(t->p.failed, 1);
}

TEST_IN(cards_of_one_action_are_changed_together, table_setup, table_teardown)
{
	struct table *t = *state;

	for (int i = 0; i < 3; i++)
		add(t, 9 - i, 1, 2, 0x40000008 + 8 * (uint32_t)i);
	add(t, 1, 2, 2, 0x40000030);
	add(t, 2, 1, 2, 0x40000038);
	assert_begins(t, 7, 3, (int[]){ 9, 8, 7 });
	assert_int_equal(t->job.indexes[2], 0x40000018);
	assert_int_equal(pendings_next(&t->p, WORK_CHANGE, &t->job), -1);
	/* one that is busy is tried again alone, and the others have results */
	assert_true(hear(t, WORK_DONE, 7, 9, ACT_DONE));
	assert_false(hear(t, WORK_DONE, 7, 8, ACT_AGAIN));
	assert_true(hear(t, WORK_DONE, 7, 7, ACT_NOTHING));
	assert_begins(t, 7, 1, (int[]){ 1 });
	assert_true(hear(t, WORK_DONE, 7, 1, ACT_DONE));
	t->p.all[8].not_before = 0;
	assert_begins(t, 7, 1, (int[]){ 8 });
	assert_int_equal(t->job.tries, 1);
	/* a worker that ends has not done it, and the limit of tries holds */
	for (int i = 2; i < ACT_TRIES; i++) {
		assert_false(hear(t, WORK_LOST, 7, 0, ACT_AGAIN));
		t->p.all[8].not_before = INT64_MAX;
		assert_begins(t, 7, 1, (int[]){ 2 });
		assert_false(hear(t, WORK_DONE, 7, 2, ACT_AGAIN));
		t->p.all[8].not_before = t->p.all[2].not_before = 0;
		t->p.all[2].tries = 0;
		assert_begins(t, 7, 1, (int[]){ 8 });
	}
	assert_true(hear(t, WORK_LOST, 7, 0, ACT_AGAIN));
	assert_int_equal(t->p.failed, 1);
}

TEST_IN(a_request_that_runs_is_not_replaced, table_setup, table_teardown)
{
	struct table *t = *state;

	add(t, 3, 1, 2, 8);
	assert_begins(t, 7, 1, (int[]){ 3 });
	add(t, 4, 1, 2, 8);
	add(t, 5, 1, 2, 8);
	assert_int_equal(t->file.slots[4].state, EVENT_FREE);
	/* while the kernel holds it, another connector is next, and not this one */
	assert_false(hear(t, WORK_HELD, 7, 0, ACT_DONE));
	assert_int_equal(pendings_next(&t->p, WORK_CHANGE, &t->job), -1);
	add(t, 6, 1, 2, 16);
	assert_begins(t, 8, 1, (int[]){ 6 });
	assert_true(hear(t, WORK_DONE, 8, 6, ACT_DONE));
	/* it has no result: the newer one has replaced it */
	assert_false(hear(t, WORK_DONE, 7, 3, ACT_LOCKED));
	assert_int_equal(t->file.slots[3].state, EVENT_FREE);
	assert_in_range(pendings_next(&t->p, WORK_CHANGE, &t->job), 1, 250);
	t->p.not_before = 0;
	assert_begins(t, 7, 1, (int[]){ 5 });
}

/* Hooks come before a dump, each once at a time. */
TEST_IN(an_event_has_hooks_and_then_a_dump, table_setup, table_teardown)
{
	struct table *t = *state;
	int first;

	for (int slot = 0; slot < 2; slot++) {
		take(t, slot);
		pendings_add(&t->p, slot, true, !slot);
	}
	take(t, 2);
	pendings_add(&t->p, 2, false, false);
	assert_false(pendings_has(&t->p, 2));
	assert_int_equal(pendings_count(&t->p, WORK_HOOKS, &first), 2);
	assert_int_equal(first, 0);
	assert_int_equal(pendings_next(&t->p, WORK_HOOKS, &t->job), 0);
	assert_int_equal(t->job.n, 1);
	pendings_begin(&t->p, &t->job, 7);
	assert_int_equal(pendings_next(&t->p, WORK_HOOKS, &t->job), -1);
	assert_int_equal(pendings_next(&t->p, WORK_DUMP, &t->job), -1);
	assert_false(hear(t, WORK_DONE, 7, 0, ACT_DONE));
	for (int i = 0; i < ACT_TRIES; i++) {
		assert_int_equal(t->file.slots[0].state, EVENT_TAKEN);
		assert_int_equal(pendings_next(&t->p, WORK_DUMP, &t->job), 0);
		pendings_begin(&t->p, &t->job, 8);
		assert_false(hear(t, WORK_LOST, 8, 0, ACT_AGAIN));
	}
	assert_int_equal(t->file.slots[0].state, EVENT_FREE);
	assert_int_equal(pendings_next(&t->p, WORK_HOOKS, &t->job), 0);
	assert_int_equal(t->job.slots[0], 1);
}

/* Records were lost, so all is configured, before anything else. */
TEST_IN(all_comes_before_requests, table_setup, table_teardown)
{
	struct table *t = *state;

	add(t, 3, 1, 2, 8);
	t->file.lost = 3;
	assert_begins(t, 7, 1, (int[]){ PENDING_ALL });
	assert_null(t->job.request.type);
	t->file.lost += 2;
	assert_int_equal(pendings_next(&t->p, WORK_CHANGE, &t->job), -1);
	assert_false(hear(t, WORK_DONE, 7, PENDING_ALL, ACT_AGAIN));
	assert_in_range(pendings_next(&t->p, WORK_CHANGE, &t->job), 1, 1000);
	t->p.all[PENDING_ALL].not_before = 0;
	assert_begins(t, 7, 1, (int[]){ PENDING_ALL });
	assert_int_equal(t->job.tries, 1);
	t->file.lost++;
	assert_true(hear(t, WORK_DONE, 7, PENDING_ALL, ACT_DONE));
	assert_int_equal(t->file.lost, 1);
	assert_begins(t, 7, 1, (int[]){ PENDING_ALL });
	assert_int_equal(t->job.tries, 0);
	assert_false(hear(t, WORK_HELD, 7, 0, ACT_DONE));
	assert_begins(t, 8, 1, (int[]){ 3 });
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
	char text[REQUEST_TEXT_MAX];

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct host_request request = request_of(
			rows[i].type, rows[i].action, rows[i].identifier, rows[i].value);

		host_request_describe(&request, text);
		assert_string_equal(text, rows[i].text);
	}
}

TEST(unknown_requests_are_refused)
{
	static const uint32_t rows[][3] = {
		{ 6, 1, 2 }, { 0, 1, 2 }, { 255, 1, 2 }, { 5, 0, 2 },
		{ 5, 3, 2 }, { 5, 1, 0 }, { 5, 1, 5 },
	};
	struct host_request request;

	for (size_t i = 0; i < COUNT(rows); i++) {
		const struct rtas_hotplug_scn hp = {
			.type = rows[i][0] & 0xff,
			.action = rows[i][1] & 0xff,
			.identifier = rows[i][2] & 0xff,
		};

		assert_int_equal(host_request_parse(&request, &hp), -ENOTSUP);
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
	struct workers workers;
	struct work_job job = { 0 };
	struct worker *worker;

	if (!geteuid() && setresuid(65534, 65534, 65534))
		return 1;
	if (getrlimit(RLIMIT_NPROC, &limit))
		return 2;
	limit.rlim_cur = 0;
	if (setrlimit(RLIMIT_NPROC, &limit))
		return 3;
	workers_init(&workers, &log, &events);
	for (int i = 0; i < 3; i++) {
		if (workers_get(&workers) || workers_remain(&workers) ||
		    workers_wait_ms(&workers) <= 0)
			return 4;
		workers.start = deadline_in_ms(0);
	}
	limit.rlim_cur = limit.rlim_max;
	if (setrlimit(RLIMIT_NPROC, &limit))
		return 5;
	worker = workers_get(&workers);
	if (!worker || worker != workers_get(&workers) || workers_wait_ms(&workers))
		return 6;
	workers_stop(&workers);
	if (waitpid(worker->pid, NULL, 0) != worker->pid)
		return 7;
	return workers_give(&workers, worker, &job) || workers_get(&workers) ? 8 : 0;
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
