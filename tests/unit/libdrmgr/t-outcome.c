// SPDX-License-Identifier: GPL-2.0-or-later
/* The effect of a kernel write that returns an error decides its result. A write that
 * does not return has no result. */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/journal.h"
#include "libdrmgr/core/recovery.h"
#include "kern/writer.h"
#include "tests/unit/fakes/pci_run.h"

static const struct pci_request quietly = { 0 };

static struct outcome card_add(struct fake *f)
{
	return pci_run(f, pci_add, "C8", &quietly);
}

static struct outcome card_remove(struct fake *f)
{
	return pci_run(f, pci_remove_card, "C8", &quietly);
}

static struct outcome bus_add(struct fake *f)
{
	return phb_run(f, logical_add, "PHB 1");
}

static struct outcome bus_remove(struct fake *f)
{
	return phb_run(f, logical_remove, "PHB 1");
}

struct row {
	const char *name;
	struct outcome (*prepare)(struct fake *f), (*run)(struct fake *f);
	const struct apply_backend *backend;
	const char *writes[8];
};

static const struct row rows[] = {
	{ "add, ofdt", NULL, card_add, &apply_ofdt, { "add_node", "rescan" } },
	{ "add, overlay", NULL, card_add, &apply_overlay, { "overlay-add", "rescan" } },
	{ "add, dlpar", NULL, card_add, &apply_dlpar, { "dt-add", "rescan" } },
	{ "remove, ofdt",
	  card_add,
	  card_remove,
	  &apply_ofdt,
	  { "remove", "remove_node" } },
	{ "remove, overlay",
	  card_add,
	  card_remove,
	  &apply_overlay,
	  { "remove", "overlay-remove" } },
	{ "remove, dlpar",
	  card_add,
	  card_remove,
	  &apply_dlpar,
	  { "remove", "dt-remove" } },
	{ "bus added", NULL, bus_add, &apply_ofdt, { "add_node", "add_slot" } },
	{ "bus removed",
	  bus_add,
	  bus_remove,
	  &apply_ofdt,
	  { "remove_slot", "remove_node" } },
};

static struct fake *machine_for(const struct row *row)
{
	struct fake *f = fake_new();

	if (strstr(row->name, "bus")) {
		fake_plug_phb(f, false);
		fake_drc(f, "C65544")->is_present = false;
	} else {
		fake_plug(f, "C8", "ethernet@1", (const char *const[]){ "a:1", NULL });
	}
	if (row->backend == &apply_overlay)
		fake_serve_overlay(f);
	f->dr.backend = row->backend;
	f->dr.is_backend_forced = true;
	f->dr.limit = deadline_in_ms(5000);
	if (row->prepare)
		assert_int_equal(row->prepare(f).err, 0);
	return f;
}

static char *state_when_done(const struct row *row)
{
	struct fake *f = machine_for(row);
	char *state;

	assert_int_equal(row->run(f).err, 0);
	state = fake_snapshot(f);
	fake_free(f);
	return state;
}

/* Behaviours: io-late-done */
TEST(done_is_done_whatever_the_write_says)
{
	static const int errors[] = { -EIO, -EINTR, -ETIMEDOUT, -ECHILD };

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (const char *const *write = rows[i].writes; *write; write++) {
			for (size_t e = 0; e < COUNT(errors); e++) {
				struct fake *f = machine_for(&rows[i]);
				struct outcome o;

				f->fail_word = *write;
				f->fail_with = errors[e];
				f->fail_late = true;
				o = rows[i].run(f);
				if (o.err || f->fail_nth >= 0)
					fail_msg("%s: %s: %d: %d", rows[i].name, *write,
						 errors[e], o.err);
				assert_int_equal(o.error.fault, DR_OK);
				fake_assert_unchanged(f, state_when_done(&rows[i]));
				fake_free(f);
			}
		}
	}
}

/* Behaviours: io-late-undone */
TEST(not_done_is_undone)
{
	static const int errors[] = { -EIO, -EINTR, -ECHILD };

	for (size_t i = 0; i < COUNT(rows); i++) {
		for (const char *const *write = rows[i].writes; *write; write++) {
			for (size_t e = 0; e < COUNT(errors); e++) {
				struct fake *f = machine_for(&rows[i]);
				char *before = fake_snapshot(f);
				struct outcome o;

				f->fail_word = *write;
				f->fail_with = errors[e];
				o = rows[i].run(f);
				if (!o.err || o.is_undo_incomplete)
					fail_msg("%s: %s: %d: %d", rows[i].name, *write,
						 errors[e], o.err);
				assert_int_not_equal(o.error.fault, DR_OK);
				fake_assert_unchanged(f, before);
				fake_free(f);
			}
		}
	}
}

/* ---- A write that does not return ---- */

/* The child that makes this write; it removes the device, if requested, and ends. */
static pid_t begin_writer(struct fake *f, const char *gone, unsigned int ms)
{
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid)
		return pid;
	poll(NULL, 0, gone ? (int)ms : -1);
	fake_remove(f, gone);
	_exit(0);
}

static const struct row removal = {
	"remove", card_add, card_remove, &apply_ofdt, { NULL }
};

TEST(late_but_done)
{
	struct fake *f = machine_for(&removal);
	struct kern_writers writers = { 0 };

	f->root.writers = &writers;
	f->fail_word = "remove";
	f->fail_with = -ETIMEDOUT;
	writers.late.pid = begin_writer(f, "sys/bus/pci/devices/0000:00:01.0", 200);
	assert_int_equal(card_remove(f).err, 0);
	fake_assert_unchanged(f, state_when_done(&removal));
	fake_free(f);
}

/* Behaviours: io-late-kept */
TEST(nothing_is_undone_while_a_child_writes)
{
	struct fake *f = machine_for(&removal);
	struct kern_writers writers = { 0 };
	struct outcome o;

	f->root.writers = &writers;
	f->fail_word = "remove";
	f->fail_with = -ETIMEDOUT;
	writers.late.pid = begin_writer(f, NULL, 0);
	o = card_remove(f);
	assert_int_equal(o.err, -ETIMEDOUT);
	assert_int_equal(o.error.fault, DR_FAULT_STILL_IN_USE);
	assert_true(o.is_undo_incomplete);
	assert_string_equal(o.left, "device adapter indicator ");
	assert_string_equal(f->trace, "I9002=1 remove");
	assert_int_equal(kill(writers.late.pid, SIGKILL), 0);
	waitpid(writers.late.pid, NULL, 0);
	fake_free(f);
}

static void append_writer(struct fake *f, pid_t pid)
{
	char line[64];
	int fd = openat(f->root.fd, JOURNAL_DIR "/" JOURNAL_LEFT_PREFIX "1",
			O_WRONLY | O_APPEND);
	int len = snprintf(line, sizeof(line), "writer %d 0 sys/some/file", (int)pid);

	len += snprintf(line + len, sizeof(line) - (size_t)len, " #%08x\n",
			journal_checksum(line, (size_t)len));
	assert_true(fd >= 0);
	assert_int_equal(write(fd, line, (size_t)len), len);
	close(fd);
}

static void fake_stat(struct fake *f, pid_t pid, char state)
{
	char path[64], text[128];

	snprintf(path, sizeof(path), "proc/%d/stat", (int)pid);
	snprintf(text, sizeof(text),
		 "%d (a ) b) %c 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 777 0 0\n",
		 (int)pid, state);
	fake_text(f, path, text);
}

/* The device is removed after drmgr's end: a recovery waits for that, and restores it.
 * Behaviours: io-late-recovered */
TEST(recovered_once_the_child_has_ended)
{
	char *const argv[] = { (char *)(uintptr_t) "drmgr" };
	struct fake *f = machine_for(&removal);
	struct kern_writers writers = { 0 };
	char *before = fake_snapshot(f);
	struct dr_interrupted found;
	struct journal journal;
	struct outcome o;

	journal_init(&journal, &f->root, 1, argv);
	f->dr.journal = &journal;
	f->root.writers = &writers;
	f->fail_word = "remove";
	f->fail_with = -ETIMEDOUT;
	writers.late.pid = begin_writer(f, NULL, 0);
	o = card_remove(f);
	assert_true(o.is_undo_incomplete);
	journal_close(&journal);
	f->dr.journal = NULL;
	append_writer(f, writers.late.pid);

	f->trace[0] = '\0';
	fake_stat(f, writers.late.pid, 'D');
	assert_int_equal(recovery_run(&f->dr, JOURNAL_LEFT_PREFIX "1", &found, NULL),
			 -EINPROGRESS);
	assert_int_equal(found.writer, writers.late.pid);
	assert_string_equal(found.writer_path, "sys/some/file");
	assert_string_equal(f->trace, "");

	assert_int_equal(kill(writers.late.pid, SIGKILL), 0);
	waitpid(writers.late.pid, NULL, 0);
	fake_stat(f, writers.late.pid, 'Z');
	fake_remove(f, "sys/bus/pci/devices/0000:00:01.0");
	assert_int_equal(recovery_run(&f->dr, JOURNAL_LEFT_PREFIX "1", &found, NULL), 0);
	fake_assert_unchanged(f, before);
	fake_free(f);
}
