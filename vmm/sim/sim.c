// SPDX-License-Identifier: GPL-2.0-or-later
/* A simulated guest's life: the kernel boots, its files are served, the command runs.
 * After a reset all of this is repeated. */
#include <errno.h>
#include <fcntl.h>
#include <linux/ioctl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "vmm/server/ctl_server.h"
#include "vmm/sim/attach.h"
#include "vmm/sim/fs.h"
#include "vmm/sim/guest.h"
#include "vmm/sim/kernel.h"
#include "vmm/sim/needs.h"
#include "vmm/sim/sim.h"
#include "vmm/sim/sim_options.h"
#include "vmm/sim/trap.h"
#include "wire/papr_sys_rtas.h"

enum {
	EXIT_SIGNALLED = 128,
	PATIENCE_S = 4, /* for a command that receives SIGTERM */
};

struct sim {
	struct loop *loop;
	struct host *host;
	struct host_listener listener;
	struct sim_options *options;
	int kick_fd;
	int patience_fd; /* -1: no SIGTERM was received */
	bool restart;

	bool up;
	struct kernel kernel;
	struct guest *guest;
	struct fs *fs;
	struct trap *trap;
	struct ctl_server *ctl; /* of the guest's programs; NULL: none */

	char folder[4096]; /* where the command runs */
	struct attach_server *server;
	struct attach_client *client;
};

static struct sim *sim_of_kernel(struct kernel *k)
{
	return (struct sim *)(void *)((char *)k - offsetof(struct sim, kernel));
}

static void kick(struct kernel *k)
{
	const uint64_t one = 1;

	if (write(sim_of_kernel(k)->kick_fd, &one, sizeof(one)) < 0)
		return; /* a kick is pending already */
}

static int open_file(struct kernel *k, uint32_t id, const char *path)
{
	struct sim *sim = sim_of_kernel(k);

	return sim->guest ? guest_open(sim->guest, id, path) : -ENODEV;
}

static void interrupt(struct host_listener *self, uint32_t irq)
{
	struct sim *sim =
		(struct sim *)(void *)((char *)self - offsetof(struct sim, listener));

	if (sim->up)
		kernel_interrupt(&sim->kernel, irq);
}

/* Record the change. It is reported during another action, so the loop processes it. */
static void changed(struct host_listener *self, enum host_change change)
{
	struct sim *sim =
		(struct sim *)(void *)((char *)self - offsetof(struct sim, listener));

	if (change == HOST_WAS_RESET)
		sim->restart = true;
	kick(&sim->kernel);
}

/* Release held writes. A write changes the machine, so it continues in the loop, not
 * during a QMP command. */
static unsigned int release(struct host_listener *self, int id, int err)
{
	struct sim *sim =
		(struct sim *)(void *)((char *)self - offsetof(struct sim, listener));
	unsigned int n = sim->fs ? fs_release(sim->fs, id, err) : 0;

	if (n)
		kick(&sim->kernel);
	return n;
}

/* ---- messages from the guest ------------------------------------------------------- */

static long system_call(void *arg, struct trap_call *call)
{
	struct sim *sim = arg;

	if (call->nr == PAPR_SYS_RTAS)
		return kernel_sys_rtas(&sim->kernel, call);
	if (call->nr == SYS_reboot)
		return kernel_sys_reboot(&sim->kernel, call);
	if (call->nr == SYS_ioctl)
		return kernel_sys_ioctl(&sim->kernel, call);
	return -ENOTTY;
}

static void ended(void *arg, uint32_t id, int status)
{
	struct sim *sim = arg;

	if (id)
		attach_ended(sim->server, id, status);
	else if (!sim->restart)
		loop_end(sim->loop, WIFSIGNALED(status)
					    ? EXIT_SIGNALLED + WTERMSIG(status)
					    : WEXITSTATUS(status));
}

static void opened(void *arg, uint32_t id, int fd, int err)
{
	struct sim *sim = arg;

	kpapr_opened(&sim->kernel, id, fd, err);
	if (fd >= 0)
		close(fd);
}

static void failed(void *arg, const char *text)
{
	struct sim *sim = arg;

	fprintf(stderr, "papr-vmm: %s", text);
	if (sim->trap)
		fprintf(stderr, "\n");
	else
		needs_advise();
	loop_end(sim->loop, HOST_EXIT_FAILURE);
}

static void ready(void *arg, const struct guest_ready *parts)
{
	struct sim *sim = arg;
	char text[128];
	int err;

	sim->kernel.dev_fd = parts->dev;
	sim->kernel.uevent_fd = parts->uevent;
	sim->kernel.user_ns = parts->user_ns;
	kdrivers_device_files(&sim->kernel);
	kpapr_found(&sim->kernel);
	err = trap_new(&sim->trap, sim->loop, parts->trap_fd, parts->user_ns, system_call,
		       sim);
	if (err) {
		snprintf(text, sizeof(text), "cannot start a thread: %s", strerror(-err));
		failed(sim, text);
		return;
	}
	if (parts->ctl >= 0)
		err = ctl_server_new(&sim->ctl, sim->loop, sim->host, parts->ctl, true);
	if (!err)
		err = guest_run(sim->guest, 0, sim->folder, sim->options->command,
				environ, NULL);
	if (!err)
		err = plan_start(&sim->options->plan, sim->loop, sim->host);
	if (err)
		failed(sim, strerror(-err));
	else
		attach_set_guest(sim->server, sim->guest);
}

/* ---- start and stop ---------------------------------------------------------------- */

static void go_down(struct sim *sim)
{
	if (sim->server)
		attach_set_guest(sim->server, NULL);
	if (sim->guest)
		guest_kill(sim->guest);
	ctl_server_free(sim->ctl);
	sim->ctl = NULL;
	/* Before guest_free(): the processes that it waits for may be waiting for a
	 * file. */
	klog_free(&sim->kernel);
	fs_free(sim->fs);
	guest_free(sim->guest);
	sim->kernel.dev_fd = sim->kernel.proc_fd = sim->kernel.uevent_fd = -1;
	/* After guest_free(): a process that waits in a call must be killed, not receive
	 * ENOSYS. */
	trap_free(sim->trap);
	host_memory_share(sim->host, -1, 0, 0);
	if (sim->up)
		kernel_free(&sim->kernel);
	sim->fs = NULL;
	sim->trap = NULL;
	sim->guest = NULL;
	sim->up = false;
}

static int before_access(void *arg, struct pfs_node *node, bool is_write)
{
	struct sim *sim = arg;

	return kernel_file_fault(&sim->kernel, node, is_write);
}

static int make_guest(struct sim *sim)
{
	const char *devices[KPAPR_DEVICES + 1];
	const struct guest_config config = {
		.memory_bytes = sim->kernel.rmo_base + RMO_BYTES,
		.papr_devices = devices,
		.ctl = sim->options->ctl,
		.ended = ended,
		.ready = ready,
		.opened = opened,
		.failed = failed,
		.arg = sim,
	};
	struct guest_files files;
	char error[256] = "";
	int err;

	kpapr_names(&sim->kernel, devices);
	err = guest_new(&sim->guest, sim->loop, &config, &files, error);

	if (err) {
		fprintf(stderr, "papr-vmm: the simulated guest cannot start: %s", error);
		needs_advise();
		return err;
	}
	sim->kernel.proc_fd = files.proc;
	host_memory_share(sim->host, files.memory, sim->kernel.rmo_base, RMO_BYTES);
	err = fs_new(&sim->fs, sim->loop, files.fuse, sim->kernel.root, before_access,
		     sim);
	sim->kernel.fs = sim->fs;
	return err ? err : guest_served(sim->guest);
}

static int go_up(struct sim *sim)
{
	int err;

	sim->kernel = (struct kernel){
		.host = sim->host,
		.profile = sim->options->profile,
		.lockdown = sim->options->lockdown,
		.has_overlay = !sim->options->no_overlay,
		.no_qemu = sim->options->no_qemu,
		.lparcfg = sim->options->lparcfg,
		.no_mobility = sim->options->no_mobility,
		.early_dlpar = sim->options->early_dlpar,
		.kick = kick,
		.open_file = open_file,
	};
	sim->up = true;
	err = kernel_boot(&sim->kernel);
	if (err)
		fprintf(stderr, "papr-vmm: the simulated kernel does not boot: %s\n",
			strerror(-err));
	return err ? err : make_guest(sim);
}

static void kicked(void *arg, uint32_t events)
{
	struct sim *sim = arg;
	uint64_t n;

	(void)events;
	if (read(sim->kick_fd, &n, sizeof(n)) < 0)
		return;
	if (sim->up && !sim->restart && sim->fs)
		fs_go_on(sim->fs);
	if (sim->up && !sim->restart)
		kernel_work(&sim->kernel);
	if (host_settle(sim->host)) {
		loop_end(sim->loop, sim->host->exit_status);
		return;
	}
	if (sim->restart || sim->host->state == HOST_SHUTDOWN)
		go_down(sim);
	if (!sim->restart)
		return;
	sim->restart = false;
	if (go_up(sim))
		loop_end(sim->loop, HOST_EXIT_FAILURE);
}

static int start_guest(struct sim *sim)
{
	int err = attach_folder(sim->folder, sizeof(sim->folder));

	if (err)
		return err;
	sim->kick_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	err = sim->kick_fd < 0 ? -errno
			       : loop_add(sim->loop, sim->kick_fd, EPOLLIN, kicked, sim);
	if (!err)
		err = attach_serve(&sim->server, sim->loop);
	if (err) {
		fprintf(stderr, "papr-vmm: the simulated guest cannot start: %s",
			strerror(-err));
		needs_advise();
		return err;
	}
	sim->listener = (struct host_listener){ .interrupt = interrupt,
						.changed = changed,
						.fault_cleared = release };
	host_listen(sim->host, &sim->listener);
	return go_up(sim);
}

int sim_start(struct sim **out, struct loop *loop, struct host *host,
	      struct sim_options *options)
{
	struct sim *sim = calloc(1, sizeof(*sim));
	int err;

	if (!sim)
		return -ENOMEM;
	*sim = (struct sim){ .loop = loop,
			     .host = host,
			     .kick_fd = -1,
			     .patience_fd = -1,
			     .options = options };
	if (options->attach)
		err = attach_run(&sim->client, loop, options->pid, options->command);
	else
		err = start_guest(sim);
	if (err) {
		sim_free(sim);
		return err;
	}
	*out = sim;
	return 0;
}

/* The command did not end. End it with the guest. */
static void lose_patience(void *arg, uint32_t events)
{
	struct sim *sim = arg;

	(void)events;
	loop_end(sim->loop, EXIT_SIGNALLED + SIGKILL);
}

/* Limit the time for which the command may continue. */
static void be_patient(struct sim *sim)
{
	const struct itimerspec when = { .it_value.tv_sec = PATIENCE_S };

	if (sim->patience_fd >= 0)
		return;
	sim->patience_fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (sim->patience_fd < 0 || timerfd_settime(sim->patience_fd, 0, &when, NULL) ||
	    loop_add(sim->loop, sim->patience_fd, EPOLLIN, lose_patience, sim))
		lose_patience(sim, 0);
}

bool sim_signal(struct sim *sim, int signal, bool by_terminal)
{
	if (!sim || !sim->guest)
		return false;
	if (!by_terminal)
		guest_signal(sim->guest, 0, signal);
	if (signal == SIGTERM)
		be_patient(sim);
	return true;
}

void sim_free(struct sim *sim)
{
	if (!sim)
		return;
	if (sim->listener.changed)
		host_unlisten(sim->host, &sim->listener);
	go_down(sim);
	attach_server_free(sim->server);
	attach_client_free(sim->client);
	if (sim->kick_fd >= 0) {
		loop_remove(sim->loop, sim->kick_fd);
		close(sim->kick_fd);
	}
	if (sim->patience_fd >= 0) {
		loop_remove(sim->loop, sim->patience_fd);
		close(sim->patience_fd);
	}
	free(sim);
}
