// SPDX-License-Identifier: GPL-2.0-or-later
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/peers/diff/machine.h"
#include "tests/peers/diff/text.h"
#include "tests/guest/clock.h"

#define START_MS    20000
#define STDERR_TAIL 600

struct args {
	char *v[64];
	size_t n;
};

static void add(struct args *a, char *text)
{
	if (a->n + 1 >= sizeof(a->v) / sizeof(*a->v))
		errx(1, "command line too long");
	a->v[a->n++] = text;
}

static void add_two(struct args *a, const char *option, char *value)
{
	add(a, text_of("%s", option));
	add(a, value);
}

/* The kernel-visible mitigations are off because TCG has none of them. */
static void command_line(struct args *a, const struct machine *m,
			 const struct machine_setup *setup, json_object *config)
{
	const char *mopts = json_text(config, "mopts", "");
	json_object *extra = json_object_object_get(config, "extra");
	size_t i, n = extra ? json_object_array_length(extra) : 0;

	add(a, text_of("%s", m->program));
	add_two(a, "-M",
		text_of("pseries-%s,cap-cfpc=broken,cap-sbbc=broken,cap-ibs=broken,"
			"cap-ccf-assist=off%s%s",
			setup->version, *mopts ? "," : "", mopts));
	add_two(a, "-accel", text_of("tcg"));
	add_two(a, "-cpu", text_of("%s", json_text(config, "cpu", "power9")));
	add_two(a, "-m", text_of("%s", json_text(config, "mem", "1G,slots=8,maxmem=4G")));
	add_two(a, "-smp",
		text_of("%s", json_text(config, "smp", "1,maxcpus=4,cores=4,threads=1")));
	add(a, text_of("-nodefaults"));
	add_two(a, "-display", text_of("none"));
	add_two(a, "-uuid", text_of("00112233-4455-6677-8899-aabbccddeeff"));
	add_two(a, "-name", text_of("stub"));
	add_two(a, "-qtest", text_of("unix:%s/qtest,server=on,wait=off", m->dir));
	add_two(a, "-qtest-log", text_of("/dev/null"));
	add_two(a, "-qmp", text_of("unix:%s/qmp,server=on,wait=off", m->dir));
	add_two(a, "-rtc", text_of("base=2020-01-02T03:04:05,clock=vm"));
	add_two(a, "-bios", text_of("%s", setup->firmware));
	for (i = 0; i < n; i++)
		add(a, text_of("%s", json_object_get_string(
					     json_object_array_get_idx(extra, i))));
}

static void machine_exec(const struct machine *m, char **argv, pid_t parent)
{
	char *path = text_of("%s/stderr", m->dir);
	int out = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600);
	int in = open("/dev/null", O_RDONLY);

	dup2(in, STDIN_FILENO);
	dup2(out, STDOUT_FILENO);
	dup2(out, STDERR_FILENO);
	close_range(STDERR_FILENO + 1, ~0U, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(127);
	execvp(argv[0], argv);
	warn("%s", argv[0]);
	_exit(127);
}

/* Check once whether it has ended. After that, the process id may be another
 * process's. */
static bool ended(struct machine *m)
{
	if (m->pid > 0 && waitpid(m->pid, NULL, WNOHANG) == m->pid) {
		m->pid = 0;
		m->dead = true;
	}
	return m->pid <= 0;
}

static int connect_to(struct machine *m, const char *name)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };
	int64_t until = clock_ms() + START_MS;
	int fd;

	snprintf(to.sun_path, sizeof(to.sun_path), "%s/%s", m->dir, name);
	for (;;) {
		fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
		if (fd < 0)
			err(1, "socket");
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)) == 0)
			return fd;
		close(fd);
		if (ended(m) || clock_ms() > until)
			errx(1, "%s: no %s socket: %s", m->program, name,
			     machine_death(m));
		usleep(5000);
	}
}

/* Find the driver of cores. The machine lists a place for each. */
static void learn_core_type(struct machine *m)
{
	json_object *places = machine_qmp(m, "query-hotpluggable-cpus", NULL);

	if (!json_object_is_type(places, json_type_array) ||
	    !json_object_array_length(places))
		errx(1, "%s: no places for cores: %s", m->program, json_line(places));
	m->core_type = text_of("%s", json_text(json_at(places, 0), "type", "?"));
	json_object_put(places);
}

void machine_start(struct machine *m, const struct machine_setup *setup,
		   json_object *config)
{
	const char *tmp = getenv("TMPDIR");
	pid_t parent = getpid();
	struct args a = { .n = 0 };
	size_t i;

	/* A machine that ends is a result, too. */
	signal(SIGPIPE, SIG_IGN);
	*m = (struct machine){ .program = setup->program, .ours = setup->ours };
	m->events = json_object_new_array();
	m->gone = json_object_new_object();
	m->dir = text_of("%s/papr-diff-XXXXXX", tmp ? tmp : "/tmp");
	if (!mkdtemp(m->dir))
		err(1, "%s", m->dir);

	command_line(&a, m, setup, config);
	m->pid = fork();
	if (m->pid < 0)
		err(1, "fork");
	if (!m->pid)
		machine_exec(m, a.v, parent);
	for (i = 0; i < a.n; i++)
		free(a.v[i]);

	m->qtest = connect_to(m, "qtest");
	qmp_open(&m->qmp, connect_to(m, "qmp"));
	json_object_put(machine_qmp(m, "query-status", NULL));
	learn_core_type(m);
}

void machine_stop(struct machine *m)
{
	static const char *const files[] = { "qtest", "qmp", "stderr" };
	size_t i;

	if (!ended(m)) {
		kill(m->pid, SIGKILL);
		waitpid(m->pid, NULL, 0);
	}
	qmp_close(&m->qmp);
	close(m->qtest);
	bytes_free(&m->in);
	bytes_free(&m->out);
	json_object_put(m->events);
	json_object_put(m->gone);

	for (i = 0; i < sizeof(files) / sizeof(*files); i++) {
		char *path = text_of("%s/%s", m->dir, files[i]);

		unlink(path);
		free(path);
	}
	rmdir(m->dir);
	free(m->dir);
	free(m->core_type);
}

char *machine_death(const struct machine *m)
{
	char *path = text_of("%s/stderr", m->dir), buf[STDERR_TAIL + 1];
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = 0;
	off_t size;

	free(path);
	if (fd >= 0) {
		size = lseek(fd, 0, SEEK_END);
		n = pread(fd, buf, STDERR_TAIL,
			  size > STDERR_TAIL ? size - STDERR_TAIL : 0);
		close(fd);
	}
	buf[n > 0 ? n : 0] = '\0';
	return text_of("%s", *buf ? buf : "it said nothing");
}
