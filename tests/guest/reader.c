// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest, sim; links: librtasevent.la */
/*
 * reader - the minimum of an event daemon: run drmgr for the host's hotplug events
 *
 *   reader [FILE]          FILE: /proc/ppc64/rtas/error_log
 *
 * Prints a line for each record: its number, its kind, and the command with its exit
 * status:
 *
 *   3 type 229: drmgr -c pci -a -s 0x40000008 -n -d4 -V = 0
 *   4 type 64
 *   5 malformed
 *
 * drmgr gets the same as from rtas_errd: the options after the connector for PCI only, no
 * terminal, one command after the other. There is no command for events with names of
 * connectors or indexed counts.
 */
#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <librtasevent.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { RECORD_MAX = 4096, ARGS_MAX = 12, WORD_MAX = 16 };

static const char *const types[] = {
	[RTAS_HP_TYPE_CPU] = "cpu",
	[RTAS_HP_TYPE_MEMORY] = "mem",
	[RTAS_HP_TYPE_PHB] = "phb",
	[RTAS_HP_TYPE_PCI] = "pci",
};

static const char *const actions[] = {
	[RTAS_HP_ACTION_ADD] = "-a",
	[RTAS_HP_ACTION_REMOVE] = "-r",
};

struct command {
	char words[ARGS_MAX][WORD_MAX];
	char *argv[ARGS_MAX + 1];
	int argc;
};

static __attribute__((format(printf, 2, 3))) void add(struct command *c,
						      const char *format, ...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(c->words[c->argc], WORD_MAX, format, args);
	va_end(args);
	c->argv[c->argc] = c->words[c->argc];
	c->argc++;
}

static const char *word_of(const char *const *words, size_t count, uint32_t value)
{
	return value < count ? words[value] : NULL;
}

/* Add the connectors: one by its index, or a count. Return false if drmgr has no
 * option. */
static bool add_which(struct command *c, const struct rtas_hotplug_scn *hp)
{
	if (hp->identifier == RTAS_HP_ID_DRC_INDEX) {
		add(c, "-s");
		add(c, "%#" PRIx32, hp->u1.drc_index);
	} else if (hp->identifier == RTAS_HP_ID_DRC_COUNT) {
		add(c, "-q");
		add(c, "%" PRIu32, hp->u1.count);
	} else {
		return false;
	}
	return true;
}

static bool command_for(struct command *c, const struct rtas_hotplug_scn *hp)
{
	const char *type = word_of(types, sizeof(types) / sizeof(*types), hp->type);
	const char *action =
		word_of(actions, sizeof(actions) / sizeof(*actions), hp->action);

	if (!type || !action)
		return false;
	add(c, "drmgr");
	add(c, "-c");
	add(c, "%s", type);
	add(c, "%s", action);
	if (!add_which(c, hp))
		return false;
	if (hp->type == RTAS_HP_TYPE_PCI) {
		add(c, "-n");
		add(c, "-d4");
		add(c, "-V");
	}
	return true;
}

/* Return its exit status, or -1. */
static int run(const struct command *c)
{
	posix_spawn_file_actions_t nothing;
	int status, fd, error;
	pid_t pid;

	posix_spawn_file_actions_init(&nothing);
	posix_spawn_file_actions_addopen(&nothing, 0, "/dev/null", O_RDWR, 0);
	for (fd = 1; fd <= 2; fd++)
		posix_spawn_file_actions_adddup2(&nothing, 0, fd);
	error = posix_spawn(&pid, "/usr/sbin/drmgr", &nothing, NULL, c->argv, environ);
	posix_spawn_file_actions_destroy(&nothing);
	if (error || waitpid(pid, &status, 0) < 0)
		return -1;
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void hotplug(struct rtas_event *event)
{
	const struct rtas_hotplug_scn *hp = rtas_get_hotplug_scn(event);
	struct command c = { 0 };

	if (!hp || !command_for(&c, hp))
		return;
	for (int i = 0; i < c.argc; i++)
		printf("%s%s", i ? " " : ": ", c.argv[i]);
	fflush(stdout);
	printf(" = %d", run(&c));
}

static void handle(char *record, size_t len)
{
	struct rtas_event *event = parse_rtas_event(record, (int)len);
	const struct rtas_event_hdr *header =
		event ? rtas_get_event_hdr_scn(event) : NULL;

	if (header) {
		printf(" type %" PRIu32, header->type);
		if (header->type == RTAS_HDR_TYPE_HOTPLUG)
			hotplug(event);
	} else {
		printf(" malformed");
	}
	cleanup_rtas_event(event);
}

int main(int argc, char **argv)
{
	const char *path = argc > 1 ? argv[1] : "/proc/ppc64/rtas/error_log";
	static char bytes[RECORD_MAX];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int sequence;
	ssize_t n;

	if (fd < 0)
		err(1, "%s", path);
	setvbuf(stdout, NULL, _IOLBF, 0);
	/* The kernel puts its own number before a record. */
	while ((n = read(fd, bytes, sizeof(bytes))) > (ssize_t)sizeof(sequence)) {
		memcpy(&sequence, bytes, sizeof(sequence));
		printf("%d", sequence);
		handle(bytes + sizeof(sequence), (size_t)n - sizeof(sequence));
		putchar('\n');
	}
	err(1, "%s", path);
}
