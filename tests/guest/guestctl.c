// SPDX-License-Identifier: GPL-2.0-or-later
/* links: $(JSON_LIBS) */
/* guestctl - boot a guest, and run commands in it and on its machine, for a test */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "client.h"
#include "clock.h"
#include "daemon.h"
#include "oops.h"

/* Far longer than each step takes on a slow and busy machine. */
#define BOOT_MS	 600000
#define RUN_MS	 300000
#define GRACE_MS 15000
#define WAIT_MS	 120000
#define PING_MS	 10000
/* The daemon gives QEMU a few seconds to quit. */
#define STOP_MS 20000

static const char usage_text[] =
	"Usage: guestctl start DIR [-t SECONDS] [--owner PID] [--grace SECONDS]\n"
	"                          [--bare] -- COMMAND [ARG...]\n"
	"       guestctl run DIR [-t SECONDS] [-i] -- COMMAND [ARG...]\n"
	"       guestctl qmp DIR COMMAND [JSON]\n"
	"       guestctl wait DIR [-t SECONDS] EVENT [KEY=VALUE...]\n"
	"       guestctl ping DIR [-t SECONDS]\n"
	"       guestctl oops DIR\n"
	"       guestctl stop DIR\n"
	"\n"
	"  start  boot a guest: COMMAND is QEMU and its options. Return when the guest\n"
	"         can run commands. It ends when the process PID does. --grace: time\n"
	"         over its limit after which a command shows that the guest hangs. With\n"
	"         --bare, COMMAND gets QMP, agent and console as descriptors 3, 4 and 5.\n"
	"  run    run COMMAND in the guest; -i: with stdin. 124: over its limit\n"
	"  qmp    run COMMAND on the machine, and print the reply. 1: refused, with the\n"
	"         reason on stderr\n"
	"  wait   for an event since the start that no earlier wait has returned. 1: none\n"
	"  ping   fail if the agent in the guest does not answer\n"
	"  oops   print errors of the guest's kernel since the last call. 1: none\n"
	"  stop   end the guest; no error if it does not run\n"
	"\n"
	"DIR holds console.log and guestctl.log. Status 125: the guest or this tool failed.\n";

struct options {
	int64_t limit_ms;
	pid_t owner;
	int64_t grace_ms;
	bool bare, input;
	char **argv; /* operands after DIR */
	int argc;
};

static _Noreturn void usage(void)
{
	fputs(usage_text, stderr);
	exit(EXIT_HARNESS);
}

static double number(const char *text, double max)
{
	char *end;
	double value = strtod(text, &end);

	if (end == text || *end || !(value >= 0) || value > max)
		errx(EXIT_HARNESS, "not a number between 0 and %.0f: %s", max, text);
	return value;
}

/* Options are before the first operand: later ones may be those of a command. */
static void parse(int argc, char **argv, int64_t default_ms, struct options *o)
{
	static const struct option long_options[] = {
		{ "timeout", required_argument, NULL, 't' },
		{ "owner", required_argument, NULL, 'o' },
		{ "grace", required_argument, NULL, 'g' },
		{ "bare", no_argument, NULL, 'b' },
		{ 0 },
	};
	int c;

	*o = (struct options){ .limit_ms = default_ms, .grace_ms = GRACE_MS };
	while ((c = getopt_long(argc, argv, "+t:i", long_options, NULL)) != -1) {
		switch (c) {
		case 't':
			o->limit_ms = (int64_t)(1000 * number(optarg, 86400));
			break;
		case 'g':
			o->grace_ms = (int64_t)(1000 * number(optarg, 86400));
			break;
		case 'o':
			o->owner = (pid_t)number(optarg, INT32_MAX);
			break;
		case 'b':
			o->bare = true;
			break;
		case 'i':
			o->input = true;
			break;
		default:
			usage();
		}
	}
	o->argv = argv + optind;
	o->argc = argc - optind;
}

static void put_u32(struct bytes *b, uint32_t value)
{
	uint8_t data[4];

	proto_put_u32(data, value);
	bytes_append(b, data, sizeof(data));
}

static void put_strings(struct bytes *b, char **strings)
{
	for (; *strings; strings++)
		bytes_append(b, *strings, strlen(*strings) + 1);
}

/* Send a request. This function owns the payload. */
static int ask(int dir, enum frame_type type, struct bytes *payload, bool input)
{
	int fd = client_connect(dir), status;

	if (fd < 0)
		errx(EXIT_HARNESS, "no guest is running there");
	status = client_ask(fd, type, payload, input, CLOCK_NEVER);
	bytes_free(payload);
	return status;
}

static int verb_start(int dir, int argc, char **argv)
{
	struct daemon_options start;
	struct options o;
	int fd;

	parse(argc, argv, BOOT_MS, &o);
	if (!o.argc)
		usage();
	fd = client_connect(dir);
	if (fd >= 0)
		errx(EXIT_HARNESS, "a guest is running there already");
	/* A daemon that was killed has left it. */
	unlinkat(dir, "ctl", 0);
	unlinkat(dir, "oops.position", 0);

	start = (struct daemon_options){
		.argv = o.argv,
		.bare = o.bare,
		.owner = o.owner,
		.boot_ms = o.limit_ms,
		.grace_ms = o.grace_ms,
	};
	return daemon_start(dir, &start);
}

static int verb_run(int dir, int argc, char **argv)
{
	struct bytes payload = { 0 };
	struct options o;

	parse(argc, argv, RUN_MS, &o);
	if (!o.argc || o.argc > PROTO_MAX_ARGS)
		usage();
	put_u32(&payload, o.limit_ms);
	put_u32(&payload, o.input ? RUN_STDIN : 0);
	put_strings(&payload, o.argv);
	return ask(dir, FRAME_RUN, &payload, o.input);
}

static int verb_qmp(int dir, int argc, char **argv)
{
	struct bytes payload = { 0 };
	struct options o;

	parse(argc, argv, 0, &o);
	if (o.argc < 1 || o.argc > 2)
		usage();
	put_strings(&payload, o.argv);
	return ask(dir, FRAME_QMP, &payload, false);
}

static int verb_wait(int dir, int argc, char **argv)
{
	struct bytes payload = { 0 };
	struct options o;

	parse(argc, argv, WAIT_MS, &o);
	if (!o.argc)
		usage();
	put_u32(&payload, o.limit_ms);
	put_strings(&payload, o.argv);
	return ask(dir, FRAME_WAIT, &payload, false);
}

static int verb_ping(int dir, int argc, char **argv)
{
	struct bytes payload = { 0 };
	struct options o;

	parse(argc, argv, PING_MS, &o);
	if (o.argc)
		usage();
	put_u32(&payload, o.limit_ms);
	return ask(dir, FRAME_PING, &payload, false);
}

static int verb_oops(int dir, int argc, char **argv)
{
	(void)argv;
	if (argc > 1)
		usage();
	return oops_print(dir);
}

/* The daemon does not even end. Its machine ends with it. */
static void kill_daemon(int fd)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
	    kill(peer.pid, SIGKILL) < 0)
		err(EXIT_HARNESS, "the daemon does not stop");
	errx(EXIT_HARNESS, "the daemon did not stop and was killed");
}

static int verb_stop(int dir, int argc, char **argv)
{
	const struct bytes nothing = { 0 };
	int fd, status;

	(void)argv;
	if (argc > 1)
		usage();

	fd = client_connect(dir);
	if (fd < 0) {
		unlinkat(dir, "ctl", 0);
		return 0;
	}
	status = client_ask(fd, FRAME_STOP, &nothing, false, clock_ms() + STOP_MS);
	if (status == -ETIMEDOUT)
		kill_daemon(fd);
	return status;
}

static const struct verb {
	const char *name;
	int (*run)(int dir, int argc, char **argv);
} verbs[] = {
	{ "start", verb_start }, { "run", verb_run },	{ "qmp", verb_qmp },
	{ "wait", verb_wait },	 { "ping", verb_ping }, { "oops", verb_oops },
	{ "stop", verb_stop },
};

static int guest_dir(const char *path, bool make)
{
	int dir;

	if (make && mkdir(path, 0700) < 0 && errno != EEXIST)
		err(EXIT_HARNESS, "%s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		err(EXIT_HARNESS, "%s", path);
	return dir;
}

int main(int argc, char **argv)
{
	const struct verb *v;
	size_t i;

	signal(SIGPIPE, SIG_IGN);
	if (argc == 2 && !strcmp(argv[1], "--help"))
		return fputs(usage_text, stdout) < 0;
	if (argc < 3)
		usage();

	for (i = 0; i < sizeof(verbs) / sizeof(*verbs); i++) {
		v = &verbs[i];
		if (!strcmp(argv[1], v->name))
			return v->run(guest_dir(argv[2], v->run == verb_start), argc - 2,
				      argv + 2);
	}
	usage();
}
