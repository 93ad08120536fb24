// SPDX-License-Identifier: GPL-2.0-or-later
/* The administrator's hooks: their selection, order, environment and time limit. */
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include "libdrmgr/core/hooks.h"
#include "tests/unit/fakes/fake_platform.h"

#define DIR "etc/drmgr.d/cpu"

/* The sleep of a hook that drmgr does not wait for. */
#define SLEEP_NS (100 * INT64_C(1000000000))

static const struct drc cpu1 = { 0x10000001, 0xffffffff, "CPU 1", "CPU" };

/* A script; %s in it is the folder of the fake system. */
static void script(const struct fake *f, const char *name, const char *body)
{
	char path[128], text[512];
	size_t used = (size_t)snprintf(text, sizeof(text), "#!/bin/sh\nd=%s\n%s\n",
				       f->dir, body);

	assert_true(used < sizeof(text));
	snprintf(path, sizeof(path), DIR "/%s", name);
	fake_text(f, path, text);
	assert_int_equal(fchmodat(f->root.fd, path, 0755, 0), 0);
}

static unsigned int run(const struct fake *f, enum hook_phase phase, unsigned int count,
			const struct drc *drc)
{
	const struct hook_event event = { "cpu", "remove", phase, count, drc };

	return hooks_run(&f->dr, &event);
}

/* Return the hooks' notes. */
static char *noted(const struct fake *f)
{
	char *text;
	size_t len;

	return kern_read(&f->root, "noted", &text, &len) ? strdup("") : text;
}

static void assert_noted(const struct fake *f, const char *wanted)
{
	char *text = noted(f);

	assert_string_equal(text, wanted);
	free(text);
}

/* Behaviours: io-hook-none, log-2-none */
static void no_folder_no_hooks(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	assert_false(hooks_exist(&f->dr));
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 0);
	assert_string_equal(f->warnings, "");
	script(f, "other", "echo");
	assert_true(hooks_exist(&f->dr));
	f->dr.dry_run = true;
	assert_false(hooks_exist(&f->dr));
	fake_free(f);
}

/* Behaviours: io-hook-order, log-2-order */
static void order_is_that_of_versions(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	script(f, "10two", "echo 10two $PHASE $DRC_COUNT >>$d/noted; exit 3");
	script(f, "9nine", "echo 9nine $PHASE $DRC_COUNT >>$d/noted");
	script(f, "00pre", "echo 00pre $PHASE $DRC_COUNT >>$d/noted");
	script(f, "README", "echo not to be run >>$d/noted");
	assert_int_equal(fchmodat(f->root.fd, DIR "/README", 0644, 0), 0);
	fake_text(f, DIR "/folder/x", "");
	assert_int_equal(run(f, HOOK_PRE, 2, NULL), 1);
	assert_int_equal(run(f, HOOK_POST, 1, NULL), 1);
	assert_noted(f, "00pre pre 2\n9nine pre 2\n10two pre 2\n"
			"00pre post 1\n9nine post 1\n10two post 1\n");
	assert_non_null(
		strstr(f->warnings, "hook '10two' exited with status 3 in phase pre"));
	assert_non_null(
		strstr(f->warnings, "hook '10two' exited with status 3 in phase post"));
	assert_null(strstr(f->warnings, "9nine"));
	fake_free(f);
}

/* Behaviours: io-hook-env, log-2-environment */
static void environment_is_that_and_no_more(void **state)
{
	struct fake *f = fake_new();
	const struct hook_event event = { "cpu", "add", HOOK_CHECK, 0, NULL };

	(void)state;
	script(f, "env",
	       "/usr/bin/env | /bin/grep -vE '^(PWD|_|SHLVL|OLDPWD)=' |"
	       "/usr/bin/sort >>$d/noted");
	setenv("SECRET", "yes", 1);
	assert_int_equal(hooks_run(&f->dr, &event), 0);
	assert_noted(f, "ACTION=add\nDRC_COUNT=0\nDRC_TYPE=cpu\nPHASE=check\n");
	assert_int_equal(unlinkat(f->root.fd, "noted", 0), 0);
	assert_int_equal(run(f, HOOK_UNDOCHECK, 1, &cpu1), 0);
	assert_noted(f,
		     "ACTION=remove\nDRC_COUNT=1\nDRC_INDEX=0x10000001\nDRC_NAME=CPU 1\n"
		     "DRC_TYPE=cpu\nPHASE=undocheck\n");
	fake_free(f);
}

/* Working directory "/", no input, no descriptors, no signal blocked or ignored.
 * Behaviours: io-hook-clean, log-bug-18, log-2-stdio */
static void it_starts_clean(void **state)
{
	struct fake *f = fake_new();
	sigset_t term, before;
	int left_open = dup(0);

	(void)state;
	sigemptyset(&term);
	sigaddset(&term, SIGTERM);
	sigprocmask(SIG_BLOCK, &term, &before);
	signal(SIGPIPE, SIG_IGN);
	script(f, "state",
	       "{ pwd; readlink /proc/$$/fd/0; cat;"
	       /* a shell that waits for a program's start blocks signals itself */
	       "while read -r name value; do"
	       " case $name in SigBlk:) echo $name $value ;; esac; done </proc/$$/status;"
	       "for i in 3 4 5 6 7 8 9; do [ ! -e /proc/$$/fd/$i ] || echo fd $i; done;"
	       "echo $#; kill -PIPE $$; } >$d/noted");
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 1); /* killed by SIGPIPE */
	assert_noted(f, "/\n/dev/null\nSigBlk: 0000000000000000\n0\n");
	sigprocmask(SIG_SETMASK, &before, NULL);
	signal(SIGPIPE, SIG_DFL);
	close(left_open);
	fake_free(f);
}

static void on_log(void *priv, enum dr_level level, const char *text)
{
	static const char *const words[] = { "trace", "error", "warning", "info",
					     "debug" };

	fprintf(priv, "%s %s\n", words[level], text);
}

/* Behaviours: log-2-output */
static void output_is_logged(void **state)
{
	struct fake *f = fake_new();
	char *text;
	size_t len;

	(void)state;
	script(f, "a", "echo to stdout; echo to stderr >&2");
	f->log.print = on_log;
	f->log.priv = open_memstream(&text, &len);
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 0);
	fclose(f->log.priv);
	assert_non_null(strstr(text, "Running hook 'a' for phase pre (PID="));
	assert_non_null(strstr(text, "debug to stdout\n"));
	assert_non_null(strstr(text, "debug to stderr\n"));
	assert_non_null(
		strstr(text, "info hook 'a' exited with status 0 in phase pre\n"));
	free(text);
	fake_free(f);
}

/* Users other than root could change the hook, or a folder of its path.
 * Behaviours: log-2-trust */
static void what_others_can_change_is_not_run(void **state)
{
	static const struct {
		const char *path;
		mode_t mode;
	} rows[] = {
		{ DIR "/a", 0775 },	    { DIR "/a", 0757 }, { DIR, 0775 },
		{ "etc/drmgr.d", 0777 },    { "etc", 0757 },	{ "elsewhere", 0775 },
		{ "elsewhere/link", 0757 },
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct fake *f = fake_new();

		script(f, "a", "echo a >>$d/noted");
		script(f, "../../../elsewhere/link", "echo link >>$d/noted");
		fake_link(f, DIR "/link", "../../../elsewhere/link");
		assert_int_equal(fchmodat(f->root.fd, rows[i].path, rows[i].mode, 0), 0);
		assert_int_equal(run(f, HOOK_PRE, 1, NULL), 0);
		if (strstr(rows[i].path, "/a"))
			assert_noted(f, "link\n");
		else if (strstr(rows[i].path, "elsewhere"))
			assert_noted(f, "a\n");
		else
			assert_noted(f, "");
		assert_non_null(strstr(f->warnings, "others than root can change"));
		fake_free(f);
	}
}

/* All users can write to a sticky folder, but not replace files of others. */
static void a_sticky_folder_is_safe(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	script(f, "a", "echo a >>$d/noted");
	assert_int_equal(fchmodat(f->root.fd, "etc", 01777, 0), 0);
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 0);
	assert_noted(f, "a\n");
	fake_free(f);
}

/* Behaviours: log-2-time */
static void one_that_takes_too_long_is_ended(void **state)
{
	struct fake *f = fake_new();
	int64_t begin = deadline_now_ns();

	(void)state;
	script(f, "1", "trap 'echo told >>$d/noted; exit 7' TERM; sleep 100 & wait");
	script(f, "2", "sleep 100");
	f->dr.limit = deadline_in_ms(300);
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 2);
	assert_non_null(strstr(f->warnings,
			       "hook '1' was terminated in phase pre: it timed out"));
	assert_non_null(strstr(f->warnings,
			       "hook '2' was terminated in phase pre: it timed out"));
	assert_null(strstr(f->warnings, "exited"));
	assert_true(deadline_now_ns() - begin < SLEEP_NS);
	fake_free(f);

	/* hooks after a change have no deadline, and drmgr does not wait for their
	 * children */
	f = fake_new();
	script(f, "3", "echo third >>$d/noted; sleep 100 & ");
	f->dr.limit = deadline_in_ms(0);
	begin = deadline_now_ns();
	assert_int_equal(run(f, HOOK_POST, 1, NULL), 0);
	assert_true(deadline_now_ns() - begin < SLEEP_NS);
	assert_noted(f, "third\n");
	fake_free(f);
}

/* Behaviours: log-2-kill */
static void one_that_does_not_listen_is_killed(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	script(f, "1", "trap '' TERM; while :; do sleep 1; done");
	f->dr.limit = deadline_in_ms(50);
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 1);
	assert_non_null(strstr(f->warnings, "hook '1' was terminated in phase pre"));
	fake_free(f);
}

/* Behaviours: log-1.2-signals */
static void a_signal_ends_what_comes_before(void **state)
{
	struct fake *f = fake_new();
	int stop[2];

	(void)state;
	script(f, "1", "sleep 100");
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	f->dr.stop_fd = stop[0];
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 1);
	assert_non_null(strstr(f->warnings, "a signal arrived"));
	script(f, "1", "echo after >>$d/noted");
	assert_int_equal(run(f, HOOK_POST, 1, NULL), 0);
	assert_noted(f, "after\n");
	close(stop[0]);
	close(stop[1]);
	f->dr.stop_fd = -1;
	fake_free(f);
}

/* Behaviours: log-2-exec */
static void one_that_cannot_be_started(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	fake_text(f, DIR "/1", "#!/nonexistent/interpreter\n");
	assert_int_equal(fchmodat(f->root.fd, DIR "/1", 0755, 0), 0);
	script(f, "2", "head -c 200000 /dev/zero; exit 1"); /* a long output */
	fake_link(f, DIR "/3", "nowhere");
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 2);
	assert_non_null(strstr(f->warnings, "hook '1' could not be started"));
	fake_free(f);
}

/* Behaviours: log-2-plan */
static void a_plan_runs_none(void **state)
{
	struct fake *f = fake_new();

	(void)state;
	script(f, "a", "echo a >>$d/noted");
	f->dr.dry_run = true;
	assert_int_equal(run(f, HOOK_PRE, 1, NULL), 0);
	assert_noted(f, "");
	fake_free(f);
}

static const struct CMUnitTest tests[] = {
	cmocka_unit_test(no_folder_no_hooks),
	cmocka_unit_test(order_is_that_of_versions),
	cmocka_unit_test(environment_is_that_and_no_more),
	cmocka_unit_test(it_starts_clean),
	cmocka_unit_test(output_is_logged),
	cmocka_unit_test(what_others_can_change_is_not_run),
	cmocka_unit_test(a_sticky_folder_is_safe),
	cmocka_unit_test(one_that_takes_too_long_is_ended),
	cmocka_unit_test(one_that_does_not_listen_is_killed),
	cmocka_unit_test(a_signal_ends_what_comes_before),
	cmocka_unit_test(one_that_cannot_be_started),
	cmocka_unit_test(a_plan_runs_none),
};

int main(void)
{
	umask(022);
	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
