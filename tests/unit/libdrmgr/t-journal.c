// SPDX-License-Identifier: GPL-2.0-or-later
/* The journal as a file: the time of its writes, its parser, and invalid journals. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libdrmgr/tree/apply.h"
#include "libdrmgr/core/leftover.h"
#include "libdrmgr/core/recovery.h"
#include "libdrmgr/core/undo_kinds.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/no_memory.h"

#define HEADER "drmgr-journal 1 this-boot 7 drmgr -c pci\n"
#define C8     "0x40000008 C8 28 0x40000008 /pci@800000020000000"
#define PATH   "run/drmgr/journal"
#define LEFT   "run/drmgr/left-1"

static struct drc_parent bridge = { .path = (char[]){ "/pci@800000020000000" } };
static const struct connector c8 = {
	.drc = { 0x40000008, 0x40000008, "C8", "28" },
	.parent = &bridge,
};

/* Cut off the checksum of each line, as the reader does. */
static void cut_sums(char *text)
{
	char *end, *sum = strstr(text, " #");
	uint32_t wanted;

	for (; sum && (end = strchr(sum, '\n')); sum = strstr(text, " #")) {
		char *line = sum;

		while (line > text && line[-1] != '\n')
			line--;
		assert_int_equal(sscanf(sum, " #%8x", &wanted), 1);
		assert_int_equal(wanted, journal_checksum(line, (size_t)(sum - line)));
		memmove(sum, end, strlen(end) + 1);
	}
}

static char *text_at(const struct fake *f, const char *path)
{
	char *bytes;
	size_t len;

	if (kern_read(&f->root, path, &bytes, &len))
		return NULL;
	cut_sums(bytes);
	return bytes;
}

static char *text(const struct fake *f)
{
	return text_at(f, PATH);
}

/* Return true if a journal remains: a leftover, if its steps could not be undone. */
static bool remains(const struct fake *f, int err)
{
	return err == -EUCLEAN
		       ? !recovery_is_needed(&f->dr) && kern_exists(&f->root, LEFT) > 0
		       : recovery_is_needed(&f->dr);
}

static void assert_text_at(const struct fake *f, const char *path, const char *wanted)
{
	char *found = text_at(f, path), *behind_pid;

	assert_non_null(found);
	assert_memory_equal(found, "drmgr-journal 2 this-boot ", 26);
	strtol(found + 26, &behind_pid, 10);
	assert_string_equal(behind_pid, wanted);
	free(found);
}

static void assert_text(const struct fake *f, const char *wanted)
{
	assert_text_at(f, PATH, wanted);
}

static struct fake *with_journal(struct journal *j)
{
	static char name[] = "drmgr", word[] = "50% a\nb";
	static char *const argv[] = { name, word, NULL };
	struct fake *f = fake_new();

	journal_init(j, &f->root, 2, argv);
	f->dr.journal = j;
	return f;
}

/* A transaction of one successful step. */
static void one_step(struct fake *f)
{
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_int_equal(xact_end(&x, 0), 0);
}

TEST(what_is_written)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;
	struct stat st;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8 "\n");
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/a")),
		0);
	xact_drop(&x);
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "")),
		0);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8
		       "\ndone 1\nbegin 2 add-node /a\nundone 2\nbegin 3 add-node %00\n");
	assert_int_equal(fstatat(f->root.fd, PATH, &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(fstatat(f->root.fd, "run/drmgr", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0700);

	assert_int_equal(xact_end(&x, 0), 0);
	assert_null(text(f));
	journal_close(&j);
	fake_free(f);
}

/* Read what one write has put into a pipe that keeps writes apart. */
static void assert_write(int fd, const char *wanted)
{
	char found[256];
	ssize_t n = read(fd, found, sizeof(found) - 1);

	assert_true(n > 0);
	found[n] = '\0';
	cut_sums(found);
	assert_string_equal(found, wanted);
}

/* The end of a step is recorded with the next step, by one write. */
TEST(one_write_a_step)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;
	int fds[2];

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/a")),
		0);
	assert_int_equal(pipe2(fds, O_DIRECT | O_CLOEXEC | O_NONBLOCK), 0);
	assert_true(dup2(fds[1], j.fd) >= 0);
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/b")),
		0);
	assert_write(fds[0], "done 1\nbegin 2 add-node /b\n");
	xact_drop(&x);
	assert_write(fds[0], "undone 2\n");
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/c")),
		0);
	assert_write(fds[0], "begin 3 add-node /c\n");
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/d")),
		0);
	assert_write(fds[0], "done 3\nbegin 4 add-node /d\n");

	assert_int_equal(xact_end(&x, 0), 0);
	assert_int_equal(read(fds[0], (char[1]){ 0 }, 1), -1);
	assert_null(text(f));
	close(fds[0]);
	close(fds[1]);
	journal_close(&j);
	fake_free(f);
}

/* A journal that no longer exists is committed. One that cannot be removed is cut off. */
TEST(committed_by_unlink)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;
	int dir;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	dir = j.dir;
	j.dir = j.fd; /* unlinkat(2) fails */
	assert_int_equal(xact_end(&x, 0), 0);
	j.dir = dir;
	assert_text(f, " drmgr 50%25%20a%0ab\n");
	/* It is used again. */
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8 "\n");
	j.dir = j.fd;
	assert_int_equal(xact_end(&x, 0), 0);
	j.dir = dir;
	journal_close(&j);
	assert_null(text(f));
	fake_free(f);
}

/* Steps of a batch stay in the journal until its end, with continuous numbers. */
TEST(batch)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;

	journal_batch_begin(&f->dr);
	one_step(f);
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(
		xact_push(&x, &undo_add_node, (void *)(uintptr_t)mem_copy(f->mem, "/a")),
		0);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8
		       "\nbegin 2 add-node /a\n");
	assert_int_equal(xact_end(&x, -EIO), -EIO);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8
		       "\nbegin 2 add-node /a\nundone 2\n");
	journal_batch_end(&f->dr, false);
	assert_null(text(f));

	one_step(f);
	assert_null(text(f));
	journal_close(&j);
	fake_free(f);
}

/* A recovery also undoes the parts that were complete. */
TEST(batch_not_undone)
{
	struct journal j;
	struct fake *f = with_journal(&j);

	journal_batch_begin(&f->dr);
	one_step(f);
	journal_batch_end(&f->dr, true);
	assert_null(text(f));
	assert_text_at(f, LEFT, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8 "\n");
	journal_close(&j);
	fake_free(f);
}

/* Without a change, nothing is written. */
TEST(no_step_no_journal)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_end(&x, 0), 0);
	f->dr.dry_run = true;
	one_step(f);
	assert_int_equal(faccessat(f->root.fd, "run/drmgr", F_OK, 0), -1);
	fake_free(f);
}

/* A warning, once; then drmgr continues. */
TEST(no_place_for_it)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;

	fake_remove(f, "run");
	fake_text(f, "run", "no folder");
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_int_equal(xact_push_connector(&x, &undo_rest, &c8), 0);
	assert_int_equal(xact_end(&x, 0), 0);
	assert_string_equal(f->warnings,
			    "/run/drmgr/journal: Not a directory: continuing without a "
			    "journal; if drmgr is killed, changes can remain incomplete");
	fake_free(f);
}

static void put(struct fake *f, const char *bytes)
{
	fake_text(f, PATH, bytes);
	assert_int_equal(fchmodat(f->root.fd, "run/drmgr", 0700, 0), 0);
	f->trace[0] = '\0';
	f->first = 0x40000008;
}

static int recover(struct fake *f, const char *bytes)
{
	struct dr_interrupted found;
	int err;

	put(f, bytes);
	err = recovery_run(&f->dr, JOURNAL_FILE, &found, NULL);
	return err;
}

TEST(what_is_read)
{
	static const struct {
		const char *text, *trace;
		int err;
	} rows[] = {
		{ HEADER, "", 0 },
		{ HEADER "begin 1 led-off " C8 "\n", "I9002=0", 0 },
		{ HEADER "begin 1 led-off " C8 "\ndone 1\nbegin 2 rest " C8 "\n",
		  "I9001=0 P0 I9002=0", 0 },
		{ HEADER "begin 1 led-off " C8 "\nundone 1\nbegin 2 rest " C8 "\n",
		  "I9001=0 P0", 0 },
		/* a line without an end was never written */
		{ HEADER "begin 1 led-off " C8 "\nbegin 2 rest " C8, "I9002=0", 0 },
		{ HEADER "begin 1 led-off " C8 "\ncommi", "I9002=0", 0 },
		{ HEADER "begin 1 led-off " C8 "\ncommit\n", "", 0 },
		/* a step after the committed one is undone */
		{ HEADER "begin 1 rest " C8 "\nbegin 2 led-off " C8 "\ncommit 1\n",
		  "I9002=0", 0 },
		{ HEADER "begin 1 rest " C8 "\nbegin 2 led-off " C8 "\ncommit 2\n", "",
		  0 },
		{ HEADER "begin 1 rest " C8 "\ncommit 2\n", "", -EBADMSG },
		{ "drmgr-journal 1 this-boot 7 drm", "", 0 },
		{ "", "", 0 },
		/* of another boot */
		{ "drmgr-journal 1 other-boot 7 drmgr\nbegin 1 led-off " C8 "\n", "", 0 },
		/* no journal, or a later version */
		{ "drmgr-journal 2 this-boot 7 drmgr\nbegin 1 led-off " C8 "\n", "",
		  -EBADMSG },
		{ "something else\n", "", -EBADMSG },
		{ HEADER "begin 2 led-off " C8 "\n", "", -EBADMSG },
		{ HEADER "begin 1 led-off " C8 "\nundone 2\n", "", -EBADMSG },
		{ HEADER "perhaps 1\n", "", -EBADMSG },
		{ HEADER "begin 1 led-off %4\n", "", -EUCLEAN },
		{ HEADER "begin 1 unheard-of " C8 "\n", "", -EUCLEAN },
		{ HEADER "begin 1 rest 0x40000008 C8\n", "", -EUCLEAN },
		/* an older version saved nodes in files */
		{ HEADER "save 1 removed-1\nbegin 1 detach " C8 " /\n", "", -EPROTO },
		{ HEADER "begin 1 detach " C8 " /\n", "", -EUCLEAN },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();

		assert_int_equal(recover(f, rows[i].text), rows[i].err);
		assert_string_equal(f->trace, rows[i].trace);
		assert_int_equal(remains(f, rows[i].err), rows[i].err != 0);
		fake_free(f);
	}
}

/* A node that was attached again has another inode number: it and the other steps of its
 * connector are left. A node of which Linux has a device is left without a number, too. */
TEST(a_node_of_another_process)
{
	static const struct {
		const char *done; /* before the number of the node; NULL: no line */
		const char *end;  /* after it */
		const char *trace;
		int others;
	} rows[] = {
		{ "done 2 ", "\n", "remove_node I9001=0 P0", 0 },
		{ "done 2 ", "1\n", "", 1 },
		{ "done 2 ", " x\n", "remove_node I9001=0 P0", 0 },
		{ NULL, "done 2\n", "remove_node I9001=0 P0", 0 },
		{ NULL, "", "remove_node I9001=0 P0", 0 },
		{ "done 2 ", "1\nbegin 3 led-off " C8 "\n", "", 1 },
		{ "done 2 ", "1\nbegin 3 rest 0x40000009 C9 28 0x40000009 /pci@8\n",
		  "I9001=0@40000009 P0@40000009", 1 },
	};

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();
		char *bytes, number[24] = "";
		struct stat st;

		fake_text(f, DT_BASE "/pci@800000020000000/x@1/name", "x");
		assert_int_equal(
			fstatat(f->root.fd, DT_BASE "/pci@800000020000000/x@1", &st, 0),
			0);
		if (rows[i].done)
			snprintf(number, sizeof(number), "%ju", (uintmax_t)st.st_ino);
		assert_true(asprintf(&bytes,
				     HEADER "begin 1 rest " C8 "\ndone 1\n"
					    "begin 2 add-node /pci@800000020000000/x@1\n"
					    "%s%s%s",
				     rows[i].done ? rows[i].done : "", number,
				     rows[i].end) > 0);
		assert_int_equal(recover(f, bytes), 0);
		assert_int_equal(node_exists(&f->root, "/pci@800000020000000/x@1"),
				 rows[i].others);
		assert_string_equal(f->trace, rows[i].trace);
		assert_int_equal(!!strstr(f->warnings, "another process has configured"),
				 rows[i].others);
		free(bytes);
		fake_free(f);
	}
}

/* Cut at any byte, the steps before it are undone, and no line is refused. */
TEST(cut_anywhere)
{
	static const char whole[] =
		HEADER "begin 1 led-off " C8 "\ndone 1\nbegin 2 rest " C8
		       "\ndone 2\nbegin 3 add-node /pci@8/x@1\n"
		       "undone 3\nundone 2\nundone 1\ncommit\n";

	for (size_t len = 0; len < sizeof(whole); len++) {
		struct fake *f = fake_new();
		char *cut = strndup(whole, len);

		assert_int_equal(recover(f, cut), 0);
		assert_false(recovery_is_needed(&f->dr));
		free(cut);
		fake_free(f);
	}
}

/* Change any byte: the reader checks each line, and an unknown line has no effect. */
TEST(damaged_anywhere)
{
	static const char whole[] =
		HEADER "begin 1 led-off " C8 "\ndone 1\n"
		       "begin 2 detach " C8 " /pci@800000020000000 d00dfeed00000048\n";
	static const char bytes[] = {
		'\n', ' ', '%', '0', '9', 'x', '/', '\x7f', '\xff'
	};

	struct fake *f = fake_new();

	for (size_t n = 0; n < (sizeof(whole) - 1) * sizeof(bytes); n++) {
		char text[sizeof(whole)], *byte = &text[n / sizeof(bytes)];
		bool is_other;
		int err;

		memcpy(text, whole, sizeof(text));
		is_other = *byte != bytes[n % sizeof(bytes)];
		*byte = bytes[n % sizeof(bytes)];
		err = recover(f, text);
		assert_true(!err || err == -EBADMSG || err == -EUCLEAN);
		assert_int_equal(remains(f, err), err != 0);
		if (err == -EUCLEAN)
			fake_remove(f, LEFT);
		if (is_other && byte - text < (ptrdiff_t)strlen("drmgr-journal 1"))
			assert_string_equal(f->trace, "");
	}
	fake_free(f);
}

/* Any bit of a journal is flipped, or it is cut off: a line that is not as it was written is not
 * undone, nor any other step. */
TEST(bits_are_flipped)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;
	char *whole;
	size_t len;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_int_equal(xact_push_connector(&x, &undo_rest, &c8), 0);
	assert_int_equal(kern_read(&f->root, PATH, &whole, &len), 0);
	for (size_t bit = 0; bit < 8 * len; bit++) {
		int err;

		whole[bit / 8] ^= (char)(1 << bit % 8);
		fake_file(f, PATH, whole, len);
		f->trace[0] = '\0';
		err = recovery_run(&f->dr, JOURNAL_FILE, &(struct dr_interrupted){ 0 },
				   NULL);
		whole[bit / 8] ^= (char)(1 << bit % 8);
		if (bit / 8 == len - 1) { /* the last LF: the step was never written */
			assert_int_equal(err, 0);
			assert_string_equal(f->trace, "I9002=0");
			continue;
		}
		assert_int_equal(err, -EBADMSG);
		assert_string_equal(f->trace, "");
	}
	for (size_t n = 0; n < len; n++) {
		fake_file(f, PATH, whole, n);
		assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE,
					      &(struct dr_interrupted){ 0 }, NULL),
				 0);
	}
	free(whole);
	xact_end(&x, 0);
	journal_close(&j);
	fake_free(f);
}

/* No run writes so much: the file is not read. */
TEST(more_than_a_journal)
{
	struct dr_interrupted found;
	struct fake *f = fake_new();
	int fd;

	put(f, HEADER "begin 1 led-off " C8 "\n");
	fd = openat(f->root.fd, PATH, O_WRONLY);
	assert_true(fd >= 0);
	assert_int_equal(ftruncate(fd, (off_t)1 << 40), 0);
	close(fd);
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -E2BIG);
	assert_string_equal(f->trace, "");
	assert_true(recovery_is_needed(&f->dr));

	fake_file(f, PATH, "\0\0\0\n", 4); /* nor does it have such bytes */
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EBADMSG);
	assert_true(recovery_is_needed(&f->dr));
	fake_free(f);
}

/* The nodes of a step are missing or damaged: the other steps are still undone. */
TEST(saved_nodes_are_damaged)
{
	static const char *const ends[] = {
		"\n", " x\n", " d00dfeed\n", " d00dfee\n", " d00dfeed0000zz\n", " %00\n"
	};

	for (size_t i = 0; i < COUNT(ends); i++) {
		struct fake *f = fake_new();
		struct dr_interrupted found;
		char *bytes;

		assert_true(asprintf(&bytes,
				     HEADER "begin 1 led-off " C8 "\nbegin 2 detach " C8
					    " /pci@800000020000000%s",
				     ends[i]) > 0);
		put(f, bytes);
		free(bytes);
		assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL),
				 -EUCLEAN);
		assert_string_equal(found.step, "detach");
		assert_string_equal(f->trace, "I9002=0");
		assert_true(remains(f, -EUCLEAN));
		fake_free(f);
	}
}

/* Files of other users, or writable for them, are refused. */
TEST(not_our_own)
{
	static const char whole[] = HEADER "begin 1 led-off " C8 "\n";
	struct dr_interrupted found;
	struct fake *f = fake_new();

	put(f, whole);
	assert_int_equal(fchmodat(f->root.fd, "run/drmgr", 0755, 0), 0);
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EPERM);
	put(f, whole);
	assert_int_equal(linkat(f->root.fd, PATH, f->root.fd, "run/second-name", 0), 0);
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EPERM);
	fake_remove(f, PATH);
	assert_int_equal(symlinkat("../second-name", f->root.fd, PATH), 0);
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), -EPERM);
	assert_string_equal(f->trace, "");
	fake_free(f);
}

/* A recovery does not append to an incomplete line.
 * Behaviours: io-journal-line */
TEST(cut_line_is_not_continued)
{
	struct fake *f = fake_new();
	char *found;

	assert_int_equal(recover(f, HEADER "begin 1 unheard-of x\nbegin 2 led-off " C8
					   "\nbegin 3 rest 0x400"),
			 -EUCLEAN);
	found = text_at(f, LEFT);
	assert_string_equal(found, HEADER "begin 1 unheard-of x\nbegin 2 led-off " C8
					  "\nundone 2\n");
	free(found);
	fake_free(f);
}

/* ---- Limits ---- */

static int push_path(struct xact *x, size_t len)
{
	char *path = mem_array(x->mem, len + 1, 1);

	memset(path, 'a', len);
	path[0] = '/';
	path[len] = '\0';
	return xact_push(x, &undo_add_node, path);
}

static int begun(const struct fake *f)
{
	char *found = text(f), *at = found;
	int n = 0;

	for (; at && (at = strstr(at, "\nbegin ")); at++)
		n++;
	free(found);
	return n;
}

static void assert_not_begun(struct fake *f, struct xact *x, size_t len)
{
	int before = begun(f);

	assert_int_equal(push_path(x, len), -E2BIG);
	assert_int_equal(x->error.fault, DR_FAULT_JOURNAL);
	assert_string_equal(x->error.what, "/" PATH);
	assert_int_equal(begun(f), before);
	x->error.fault = DR_OK;
}

/* A line that the reader would reject is not written, and its step is not made.
 * Behaviours: io-journal-limits */
TEST(more_than_fits)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct dr_interrupted found;
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	assert_not_begun(f, &x, JOURNAL_WORDS_MAX);
	assert_int_equal(push_path(&x, JOURNAL_WORDS_MAX / 2), 0);
	assert_not_begun(f, &x, JOURNAL_WORDS_MAX);
	j.last = JOURNAL_STEPS_MAX;
	assert_not_begun(f, &x, 10);
	j.last = 1;
	j.size += JOURNAL_BEGIN_MAX;
	assert_not_begun(f, &x, 10);
	j.size -= JOURNAL_BEGIN_MAX;
	assert_int_equal(push_path(&x, 10), 0);
	assert_string_equal(f->warnings, "");

	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), 0);
	assert_int_equal(found.undone, 2);
	xact_end(&x, 0);
	journal_close(&j);
	fake_free(f);
}

/* Long command lines are truncated: they are for users only.
 * Behaviours: io-journal-words */
TEST(long_command_line)
{
	static char word[] = "-n";
	char *argv[4096], *large = calloc(1, 1 << 20);
	struct dr_interrupted found;

	assert_non_null(large);
	memset(large, '%', (1 << 20) - 1);
	for (size_t i = 0; i < COUNT(argv); i++)
		argv[i] = word;
	for (int is_large = 0; is_large < 2; is_large++) {
		struct fake *f = fake_new();
		struct journal j;
		struct xact x;

		argv[1] = is_large ? large : word;
		journal_init(&j, &f->root, (int)COUNT(argv), argv);
		f->dr.journal = &j;
		xact_begin(&x, &f->dr, f->mem);
		assert_int_equal(push_path(&x, 10), 0);
		assert_string_equal(f->warnings, "");
		assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), 0);
		assert_int_equal(found.undone, 1);
		assert_string_equal(is_large ? found.command : "-n ...", "-n ...");
		xact_end(&x, 0);
		journal_close(&j);
		fake_free(f);
	}
	free(large);
}

/* As many as on the largest machine, written, read and undone in linear time.
 * Behaviours: io-journal-large */
TEST(sixty_thousand_steps)
{
	enum { STEPS = 60000 };
	struct journal j;
	struct fake *f = with_journal(&j);
	struct dr_interrupted found;
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	for (int i = 0; i < STEPS; i++)
		assert_int_equal(push_path(&x, 100), 0);
	assert_true(j.size > 4 << 20);
	assert_int_equal(recovery_run(&f->dr, JOURNAL_FILE, &found, NULL), 0);
	assert_int_equal(found.undone, STEPS);
	assert_null(text(f));
	assert_string_equal(f->warnings, "");
	xact_end(&x, 0);
	journal_close(&j);
	fake_free(f);
}

/* Finished steps are removed from the journal during a long command.
 * Behaviours: io-journal-compact */
TEST(compacted)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	for (int i = 0; i < 3; i++) {
		assert_int_equal(push_path(&x, 2), 0);
		assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 add-node /a\n");
		assert_int_equal(push_path(&x, 3), 0);
		xact_keep(&x, 2);
		assert_text(f, " drmgr 50%25%20a%0ab\n");
	}
	/* the journal keeps all steps that may need an undo */
	assert_int_equal(push_path(&x, 2), 0);
	assert_int_equal(push_path(&x, 3), 0);
	xact_keep(&x, 1);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 add-node /a\ndone 1\n"
		       "begin 2 add-node /aa\ncommit 1\n");
	assert_int_equal(xact_end(&x, 0), 0);
	assert_null(text(f));
	journal_close(&j);
	fake_free(f);
}

/* A context makes several requests. The journal of one that was kept is not that of the next. */
TEST(another_request)
{
	struct journal j;
	struct fake *f = with_journal(&j);
	struct xact x;

	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	journal_keep(&f->dr);
	assert_true(journal_is_kept(&f->dr));
	xact_end(&x, 0);
	one_step(f);
	assert_null(text(f));

	journal_renew(&j);
	assert_false(journal_is_kept(&f->dr));
	xact_begin(&x, &f->dr, f->mem);
	assert_int_equal(xact_push_connector(&x, &undo_led_off, &c8), 0);
	assert_text(f, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8 "\n");
	assert_int_equal(xact_end(&x, 0), 0);
	assert_null(text(f));
	assert_text_at(f, LEFT, " drmgr 50%25%20a%0ab\nbegin 1 led-off " C8 "\n");
	journal_close(&j);
	fake_free(f);
}

/* Each allocation fails in turn: a recovery can read each step that begins. */
TEST(short_of_memory)
{
	bool failed = true;

	for (unsigned long n = 1; failed; n++) {
		struct journal j;
		struct fake *f = with_journal(&j);
		struct leftover left;
		struct xact x;
		int err;

		memory_now = (struct no_memory){ .fail_at = n };
		xact_begin(&x, &f->dr, f->mem);
		err = xact_push_connector(&x, &undo_led_off, &c8);
		failed = memory_now.failed;
		memory_now = (struct no_memory){ 0 };
		if (kern_exists(&f->root, PATH)) {
			assert_int_equal(
				leftover_read(&left, f->mem, &f->root, JOURNAL_FILE), 0);
		}
		xact_end(&x, err);
		journal_close(&j);
		fake_free(f);
	}
}
