// SPDX-License-Identifier: GPL-2.0-or-later
/* A pseries machine for clients of QMP and qtest. It has no processors, unless KVM runs
 * them or, if built with it, a simulated guest does. */
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli/process.h"
#include "vmm/kvm/kvm.h"
#include "vmm/server/backends.h"
#include "vmm/server/ctl.h"
#include "vmm/server/ctl_server.h"
#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/server/opts.h"
#include "vmm/server/runs.h"
#include "vmm/server/servers.h"
#include "vmm/server/verb.h"
#include "vmm/sim/doctor.h"
#include "vmm/sim/sim.h"

struct program {
	char **argv;
	struct opts opts;
	struct loop *loop;
	struct host *host;
	struct servers *servers;
	struct host_listener listener;
	struct sim *sim;
	struct kvm *kvm;
	struct sim_options guest; /* what follows "run" or "attach" */
	struct runs_entry entry;
	struct ctl_server *ctl;
	int signal_fd;
};

static int fail(const char *text)
{
	fprintf(stderr, "papr-vmm: %s\n", text);
	return HOST_EXIT_FAILURE;
}

static int fail_at(const char *what, int err)
{
	fprintf(stderr, "papr-vmm: %s: %s\n", what, strerror(-err));
	return HOST_EXIT_FAILURE;
}

/* ---- Signals, and exit ------------------------------------------------------------- */

static void signal_came(void *arg, uint32_t events)
{
	struct program *p = arg;
	struct signalfd_siginfo info;

	(void)events;
	if (read(p->signal_fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
		return;
#ifdef HAVE_SIM
	if (sim_signal(p->sim, (int)info.ssi_signo, info.ssi_code == SI_KERNEL))
		return;
#endif
	host_quit(p->host, "host-signal");
	host_settle(p->host);
}

static void machine_changed(struct host_listener *self, enum host_change change)
{
	struct program *p =
		(struct program *)((char *)self - offsetof(struct program, listener));

	if (change != HOST_ENDING)
		return;
	if (p->host->exit_status == HOST_EXIT_NO_END)
		fail("the machine was shut down before the command ended");
	loop_end(p->loop, p->host->exit_status);
}

static int catch_signals(struct program *p)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigprocmask(SIG_BLOCK, &set, NULL);
	p->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (p->signal_fd < 0)
		return -errno;
	return loop_add(p->loop, p->signal_fd, EPOLLIN, signal_came, p);
}

/* ---- The machine --------------------------------------------------------------------------- */

static int fail_device(const char *option, const struct keyval *kv, int err,
		       struct papr_error *error)
{
	fprintf(stderr, "papr-vmm: %s %s: %s\n", option,
		kv->n ? kv->options[0].value : "",
		error->text ? error->text : strerror(-err));
	papr_error_clear(error);
	return HOST_EXIT_FAILURE;
}

static int fail_machine(struct papr_error *error, int err)
{
	int status = error->text ? fail(error->text) : fail_at("the machine", err);

	papr_error_clear(error);
	return status;
}

#ifdef HAVE_KVM
static int open_kvm(struct program *p)
{
	return p->opts.kvm ? kvm_open(&p->kvm, &p->opts.host) : 0;
}

static int start_kvm(struct program *p)
{
	return p->opts.kvm ? kvm_start(p->kvm, p->loop, p->host) : 0;
}
#else
static int open_kvm(struct program *p)
{
	(void)p;
	return 0;
}

static int start_kvm(struct program *p)
{
	(void)p;
	return 0;
}
#endif

static int add_backends(struct host *host, const struct opts *opts)
{
	const struct {
		const char *option;
		enum backend_kind kind;
		const struct opts_list *list;
	} rows[] = { { "-object", BACKEND_OBJECT, &opts->objects },
		     { "-blockdev", BACKEND_NODE, &opts->blockdevs },
		     { "-drive", BACKEND_DRIVE, &opts->drives },
		     { "-netdev", BACKEND_NETDEV, &opts->netdevs } };
	struct papr_error error = { 0 };
	int err;

	for (size_t r = 0; r < sizeof(rows) / sizeof(*rows); r++) {
		for (size_t i = 0; i < rows[r].list->n; i++) {
			const struct keyval *kv = &rows[r].list->items[i];

			err = backends_add(host, rows[r].kind, kv, &error);
			if (err)
				return fail_device(rows[r].option, kv, err, &error);
		}
	}
	return 0;
}

static int add_devices(struct host *host, const struct opts *opts)
{
	struct papr_error error = { 0 };
	int status = add_backends(host, opts), err;

	for (size_t i = 0; !status && i < opts->devices.n; i++) {
		const struct keyval *kv = &opts->devices.items[i];

		err = backends_device_add(host, kv, &error);
		if (err)
			status = fail_device("-device", kv, err, &error);
	}
	return status;
}

static int start_machine(struct program *p)
{
	struct papr_error error = { 0 };
	int status = open_kvm(p), err;

	if (status)
		return status;
	err = host_new(&p->host, &p->opts.host, &error);
	if (err)
		return fail_machine(&error, err);
	p->listener.changed = machine_changed;
	host_listen(p->host, &p->listener);
	status = add_devices(p->host, &p->opts);
	if (status)
		return status;
	err = host_start(p->host, false, &error);
	return err ? fail_machine(&error, err) : start_kvm(p);
}

/* Try the host's actions during the command on a second machine. */
static int try_plan(struct program *p)
{
	struct papr_error error = { 0 };
	struct host *trial = NULL;
	int err, status;

	if (plan_is_empty(&p->guest.plan))
		return 0;
	err = host_new(&trial, &p->opts.host, &error);
	status = err ? fail_machine(&error, err) : add_devices(trial, &p->opts);
	if (!status) {
		err = host_start(trial, false, &error);
		status = err ? fail_machine(&error, err) : 0;
	}
	if (!status && plan_try(&p->guest.plan, trial))
		status = HOST_EXIT_FAILURE; /* the error is already reported */
	host_free(trial);
	return status;
}

#ifdef HAVE_SIM
/* Serve "papr-vmm ctl". If there is no place for its socket, the guest runs without, unless
 * it has a name. */
static int serve_ctl(struct program *p)
{
	const char *name = p->guest.name;
	char where[RUNS_WHERE_BYTES], text[RUNS_WHERE_BYTES + 128];
	int err =
		runs_add(&p->entry, name, p->host->machine.name, p->guest.command, where);

	if (!err)
		err = ctl_server_new(&p->ctl, p->loop, p->host, p->entry.socket.fd,
				     false);
	if (!err || !name)
		return 0;
	snprintf(text, sizeof(text), "%s: %s", where,
		 err != -EPERM
			 ? strerror(-err)
			 : "it is another user's, or others may use it; remove it, or "
			   "set XDG_RUNTIME_DIR to a folder of yours");
	verb_refuse("--name", name,
		    err == -EEXIST ? "a running guest has this name" : text);
	return HOST_EXIT_FAILURE;
}
#endif

static int start_guest(struct program *p)
{
#ifdef HAVE_SIM
	if (p->guest.command && !p->guest.attach && serve_ctl(p))
		return HOST_EXIT_FAILURE;
	if (p->guest.command)
		return sim_start(&p->sim, p->loop, p->host, &p->guest) ? HOST_EXIT_FAILURE
								       : 0;
#else
	(void)p;
#endif
	return 0;
}

static int serve(struct program *p)
{
	int err, status;

	/* If the machine ends first, the command's own status is unknown. */
	if (p->opts.command)
		p->host->exit_status = HOST_EXIT_NO_END;
	err = servers_open(&p->servers, p->loop, p->host, &p->opts);
	if (err == -ECANCELED)
		return p->host->exit_status; /* ended before a client connected */
	if (err)
		return HOST_EXIT_FAILURE; /* the error is already reported */
	p->host->options.starts_stopped = p->opts.stopped;
	if (!p->opts.stopped)
		host_continue(p->host);
	status = start_guest(p);
	if (status)
		return status;
	err = loop_run(p->loop);
	return err < 0 ? fail_at("cannot wait", err) : err;
}

static int run(struct program *p)
{
	int err, status;

	err = loop_new(&p->loop);
	if (!err)
		err = catch_signals(p);
	if (err)
		return fail_at("cannot start", err);
	status = start_machine(p);
	if (!status)
		status = try_plan(p);
	if (!status)
		status = serve(p);
	return !status && p->guest.strict && !plan_was_executed(&p->guest.plan)
		       ? HOST_EXIT_UNTESTED
		       : status;
}

/* ---- Commands ---------------------------------------------------------------------- */

#ifdef HAVE_SIM
/* Libraries of LD_PRELOAD can change what the kernel answers. They are for the command alone:
 * start again without them, and return them to it, except that of fakeroot. It would wait
 * forever for its daemon, which is outside of the guest. */
static void leave_preloaded(char **argv)
{
	static const char name[] = "LD_PRELOAD", variable[] = "PAPR_VMM_PRELOAD";
	char left[4096] = "", *word, *preload = getenv(name), *kept = getenv(variable);

	if (!kept && preload && !setenv(variable, preload, 1) && !unsetenv(name)) {
		execv("/proc/self/exe", argv);
		kept = preload;
	}
	while ((word = strsep(&kept, " :")))
		if (!strstr(word, "libfakeroot"))
			snprintf(left + strlen(left), sizeof(left) - strlen(left), "%s%s",
				 *left ? ":" : "", word);
	if (*left)
		setenv(name, left, 1);
	unsetenv(variable);
}

static int run_guest(struct program *p)
{
	leave_preloaded(p->argv);
	return sim_options_parse(&p->guest, p->opts.command) ? HOST_EXIT_FAILURE : run(p);
}

static int run_doctor(struct program *p)
{
	leave_preloaded(p->argv);
	return doctor_main(p->opts.command + 1);
}
#endif

static int run_ctl(struct program *p)
{
	return ctl_main(p->opts.command + 1);
}

static int run_ps(struct program *p)
{
	return ps_main(p->opts.command + 1);
}

/* The words that can follow the options */
static const struct command {
	const struct verb *verb;
	int (*run)(struct program *p); /* returns the exit status */
} commands[] = {
#ifdef HAVE_SIM
	{ &sim_attach, run_guest },
#endif
	{ &ctl_verb, run_ctl },
#ifdef HAVE_SIM
	{ &doctor_verb, run_doctor },
#endif
	{ &ps_verb, run_ps },
#ifdef HAVE_SIM
	{ &sim_run, run_guest },
#endif
	{ NULL, NULL },
};

static int refuse_command(const char *name)
{
	fprintf(stderr, "papr-vmm: %s: ", name);
#ifndef HAVE_SIM
	if (!strcmp(name, "run") || !strcmp(name, "attach") || !strcmp(name, "doctor")) {
		fputs("not available, because papr-vmm was built without fuse3 or "
		      "libseccomp\n",
		      stderr);
		return HOST_EXIT_FAILURE;
	}
#endif
	fputs("unknown command; use", stderr);
	for (const struct command *c = commands; c->verb; c++)
		fprintf(stderr, "%s %s",
			c == commands ? ""
			: c[1].verb   ? ","
				      : " or",
			c->verb->name);
	fputc('\n', stderr);
	return HOST_EXIT_FAILURE;
}

static int run_command(struct program *p)
{
	const struct command *c = commands;

	while (c->verb && strcmp(c->verb->name, *p->opts.command))
		c++;
	if (!c->verb)
		return refuse_command(*p->opts.command);
	if (!verb_wants_help(c->verb, p->opts.command + 1))
		return c->run(p);
	verb_print_help(c->verb);
	return 0;
}

static void clean_up(struct program *p)
{
#ifdef HAVE_KVM
	kvm_free(p->kvm);
#endif
#ifdef HAVE_SIM
	sim_free(p->sim);
	sim_options_free(&p->guest);
#endif
	ctl_server_free(p->ctl);
	runs_remove(&p->entry);
	servers_close(p->servers);
	host_free(p->host);
	if (p->signal_fd >= 0)
		close(p->signal_fd);
	loop_free(p->loop);
	opts_free(&p->opts);
}

/* Flush standard output. Return an error if the output is lost. */
static int end_output(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	return errno == EPIPE ? HOST_EXIT_FAILURE /* "papr-vmm --help | head" */
			      : fail_at("standard output", -errno);
}

int main(int argc, char *argv[])
{
	struct program p = { .argv = argv, .signal_fd = -1 };
	int err, status = 0;

	(void)argc;
	if (process_begin_runner())
		return HOST_EXIT_FAILURE;
	err = opts_parse(&p.opts, argv);
	if (!err && !p.opts.help && !p.opts.version && !p.opts.topic)
		err = opts_load_files(&p.opts);
	if (err)
		status = p.opts.error ? fail(p.opts.error) : fail_at("options", err);
	else if (p.opts.topic)
		opts_print_topic(&p.opts);
	else if (p.opts.version)
		printf("papr-vmm (papr-toolkit) %s\n", PACKAGE_VERSION);
	else if (p.opts.help)
		opts_print_help();
	else
		status = p.opts.command ? run_command(&p) : run(&p);
	clean_up(&p);
	return end_output(status);
}
