// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmmsim.la libvmmserver.la libpaprvmm.la libprocess.la */
/* Requests for the files of the simulated kernel, as FUSE passes them on for programs, and
 * plugs of the host between them. Linux itself is trusted: it names only nodes and files
 * that papr-vmm has named before. */
#include <errno.h>
#include <fcntl.h>
#include <linux/fuse.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/host.h"
#include "vmm/server/loop.h"
#include "vmm/sim/fs.h"
#include "vmm/sim/kernel.h"

enum {
	NODES_MAX = 64,
	FILES_MAX = 16,
	DEVICES = 5,
	WAITING_MAX = 16,
	DATA_MAX = 8192,
	REPLY_MAX = 70000,
};

/* The kernel of this computer */
struct client {
	struct host *host;
	struct loop *loop;
	struct kernel kernel;
	struct fs *fs;
	struct host_listener listener;
	int fd; /* the other end of /dev/fuse */
	uint64_t unique;
	struct node {
		uint64_t id, lookups;
	} nodes[NODES_MAX];
	size_t n_nodes;
	struct file {
		uint64_t id, fh;
		bool is_dir;
		unsigned int access; /* Linux itself checks it */
	} files[FILES_MAX];
	size_t n_files;
	uint64_t waiting[WAITING_MAX]; /* reads without an answer */
	size_t n_waiting;
	bool kicked, ended;
	uint8_t reply[REPLY_MAX];
	size_t reply_len;
};

/* Files that change the machine, and directories that change with it */
static const char *const paths[] = {
	"proc/ppc64/ofdt",
	"proc/ppc64/lparcfg",
	"proc/ppc64/rtas/error_log",
	"proc/ppc64/rtas/progress",
	"proc/ppc64/rtas/clock",
	"proc/device-tree-overlay",
	"proc/device-tree/chosen",
	"proc/device-tree",
	"proc/cpuinfo",
	"sys/kernel/dlpar",
	"sys/kernel/mobility/migration",
	"sys/bus/pci/rescan",
	"sys/bus/pci/slots",
	"sys/bus/pci/slots/control/add_slot",
	"sys/bus/pci/slots/control/remove_slot",
	"sys/bus/pci/slots/C1/power",
	"sys/bus/pci/devices",
	"sys/bus/pci/drivers",
	"sys/class/net",
	"sys/devices/system/cpu/cpu1/online",
	"sys/devices/system/cpu/probe",
	"sys/devices/system/cpu/release",
	"sys/devices/system/memory/memory2/state",
	"sys/devices/system/memory/probe",
	"sys/devices/pci0000:00",
	"sys/devices/vio",
};

#define OPTIONS(...)               \
	{                          \
		__VA_ARGS__,       \
		{                  \
			NULL, NULL \
		}                  \
	}
static const struct papr_option devices[DEVICES][4] = {
	OPTIONS({ "driver", "virtio-net-pci" }, { "id", "d0" }, { "addr", "1" }),
	OPTIONS({ "driver", "e1000" }, { "id", "d1" }, { "addr", "2" }),
	OPTIONS({ "driver", "pc-dimm" }, { "id", "d2" }, { "memdev", "m0" }),
	OPTIONS({ "driver", "power11_v2.0-spapr-cpu-core" }, { "id", "d3" },
		{ "core-id", "1" }),
	OPTIONS({ "driver", "spapr-pci-host-bridge" }, { "id", "d4" }, { "index", "1" }),
};

/* ---- the input --------------------------------------------------------------------- */

struct input {
	const uint8_t *at, *end;
};

static unsigned int take(struct input *in)
{
	return in->at < in->end ? *in->at++ : 0;
}

/* Take bytes with their length. */
static size_t take_bytes(struct input *in, char *to, size_t max)
{
	size_t len = take(in) << 8 | take(in);

	len = len < max ? len : max;
	if (len > (size_t)(in->end - in->at))
		len = (size_t)(in->end - in->at);
	memcpy(to, in->at, len);
	in->at += len;
	return len;
}

/* ---- requests ---------------------------------------------------------------------- */

static struct client *client_of(struct kernel *k)
{
	return (struct client *)(void *)((char *)k - offsetof(struct client, kernel));
}

static void kick(struct kernel *k)
{
	client_of(k)->kicked = true;
}

static int open_no_file(struct kernel *k, uint32_t id, const char *path)
{
	(void)k;
	(void)id;
	(void)path;
	return -ENODEV;
}

static void interrupt(struct host_listener *self, uint32_t irq)
{
	struct client *c = (struct client *)(void *)((char *)self -
						     offsetof(struct client, listener));

	kernel_interrupt(&c->kernel, irq);
}

static void changed(struct host_listener *self, enum host_change change)
{
	struct client *c = (struct client *)(void *)((char *)self -
						     offsetof(struct client, listener));

	if (change == HOST_WAS_RESET || change == HOST_ENDING)
		c->ended = true;
}

static int no_fault(void *arg, struct pfs_node *node, bool is_write)
{
	(void)is_write;
	MUST(arg && node);
	return 0;
}

static void stop_waiting(struct client *c, uint64_t unique)
{
	for (size_t i = 0; i < c->n_waiting; i++)
		if (c->waiting[i] == unique)
			c->waiting[i] = c->waiting[--c->n_waiting];
}

/* Read all answers. Return the error of this request, or 1 if it has none yet. Its bytes
 * are in reply. */
static int read_answers(struct client *c, uint64_t unique)
{
	static uint8_t buf[REPLY_MAX];
	struct fuse_out_header head;
	ssize_t n;
	int result = 1;

	while ((n = recv(c->fd, buf, sizeof(buf), MSG_DONTWAIT)) > 0) {
		MUST((size_t)n >= sizeof(head));
		memcpy(&head, buf, sizeof(head));
		MUST(head.len == (size_t)n);
		if (!head.unique) { /* a notification */
			MUST(head.error > 0);
			continue;
		}
		MUST(head.error <= 0 && head.error > -4096);
		if (head.unique != unique) {
			stop_waiting(c, head.unique);
			continue;
		}
		MUST(result == 1);
		result = head.error;
		c->reply_len = (size_t)n - sizeof(head);
		memcpy(c->reply, buf + sizeof(head), c->reply_len);
	}
	return result;
}

/* What the loop does after a request */
static void settle(struct client *c)
{
	fs_go_on(c->fs);
	for (int i = 0; i < 4 && c->kicked && !c->ended; i++) {
		c->kicked = false;
		kernel_work(&c->kernel);
		host_settle(c->host);
	}
	host_settle(c->host);
}

static int request(struct client *c, uint32_t opcode, uint64_t node, const void *args,
		   size_t len, const void *more, size_t more_len)
{
	struct fuse_in_header head = { .len = (uint32_t)(sizeof(head) + len + more_len),
				       .opcode = opcode,
				       .unique = c->unique += 2,
				       .nodeid = node,
				       .pid = 1 };
	struct iovec parts[] = { { &head, sizeof(head) },
				 { (void *)(uintptr_t)args, len },
				 { (void *)(uintptr_t)more, more_len } };
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 3 };
	uint64_t unique = c->unique;
	int result;

	MUST(sendmsg(c->fd, &msg, 0) == (ssize_t)head.len);
	fs_catch_up(c->fs);
	result = read_answers(c, unique);
	settle(c);
	if (result == 1)
		result = read_answers(c, unique);
	else
		read_answers(c, 0);
	return result;
}

static void begin(struct client *c)
{
	const struct fuse_init_in init = {
		.major = FUSE_KERNEL_VERSION,
		.minor = 31,
		.max_readahead = 4096,
		.flags = FUSE_ASYNC_READ | FUSE_ATOMIC_O_TRUNC | FUSE_BIG_WRITES,
	};

	MUST(!request(c, FUSE_INIT, 0, &init, sizeof(init), NULL, 0));
	c->nodes[0] = (struct node){ FUSE_ROOT_ID, 0 };
	c->n_nodes = 1;
}

static const struct pfs_node *pfs_of(const struct client *c, uint64_t id)
{
	return id == FUSE_ROOT_ID ? c->kernel.root
				  : (const struct pfs_node *)(uintptr_t)id;
}

/* Request the node with a name. Return its id, or 0. */
static uint64_t look_up(struct client *c, uint64_t dir, const char *name)
{
	struct fuse_entry_out entry;
	size_t i = 0;

	if (!S_ISDIR(pfs_of(c, dir)->mode))
		return 0;
	if (request(c, FUSE_LOOKUP, dir, name, strlen(name) + 1, NULL, 0))
		return 0;
	MUST(c->reply_len >= sizeof(entry));
	memcpy(&entry, c->reply, sizeof(entry));
	MUST(entry.nodeid > FUSE_ROOT_ID);
	while (i < c->n_nodes && c->nodes[i].id != entry.nodeid)
		i++;
	if (i == NODES_MAX) { /* no room: forget it at once */
		const struct fuse_forget_in forget = { .nlookup = 1 };

		request(c, FUSE_FORGET, entry.nodeid, &forget, sizeof(forget), NULL, 0);
		return 0;
	}
	if (i == c->n_nodes)
		c->nodes[c->n_nodes++] = (struct node){ entry.nodeid, 0 };
	c->nodes[i].lookups++;
	return entry.nodeid;
}

static void walk(struct client *c, const char *path)
{
	uint64_t at = FUSE_ROOT_ID;
	char copy[128], *word, *rest = NULL;

	snprintf(copy, sizeof(copy), "%s", path);
	for (word = strtok_r(copy, "/", &rest); word && at;
	     word = strtok_r(NULL, "/", &rest))
		at = look_up(c, at, word);
}

/* Request the node of an entry of a directory, by its place. */
static void look_up_child(struct client *c, uint64_t dir, unsigned int place)
{
	const struct pfs_node *child = pfs_of(c, dir)->children;
	char name[256];

	if (pfs_of(c, dir)->removed)
		return;
	while (child && place--)
		child = child->next;
	if (!child)
		return;
	snprintf(name, sizeof(name), "%s", child->name);
	look_up(c, dir, name);
}

static void look_up_name(struct client *c, struct input *in, uint64_t dir)
{
	char name[256];
	size_t len = take_bytes(in, name, sizeof(name) - 1);

	name[len] = '\0';
	if (*name && !strchr(name, '/'))
		look_up(c, dir, name);
}

static void open_node(struct client *c, uint64_t id, unsigned int flags)
{
	bool is_dir = S_ISDIR(pfs_of(c, id)->mode);
	const struct fuse_open_in open = { .flags = is_dir ? O_DIRECTORY : flags };
	struct fuse_open_out out;

	if (c->n_files == FILES_MAX || S_ISLNK(pfs_of(c, id)->mode) ||
	    request(c, is_dir ? FUSE_OPENDIR : FUSE_OPEN, id, &open, sizeof(open), NULL,
		    0))
		return;
	memcpy(&out, c->reply, sizeof(out));
	c->files[c->n_files++] = (struct file){ id, out.fh, is_dir, flags & O_ACCMODE };
}

static void release(struct client *c, size_t i)
{
	const struct file file = c->files[i];
	const struct fuse_release_in release = { .fh = file.fh };

	c->files[i] = c->files[--c->n_files];
	MUST(!request(c, file.is_dir ? FUSE_RELEASEDIR : FUSE_RELEASE, file.id, &release,
		      sizeof(release), NULL, 0));
}

static bool has_open(const struct client *c, uint64_t id)
{
	for (size_t i = 0; i < c->n_files; i++)
		if (c->files[i].id == id)
			return true;
	return false;
}

/* Linux keeps the nodes of open files. */
static void forget(struct client *c, size_t i)
{
	const struct fuse_forget_in forget = { .nlookup = c->nodes[i].lookups };

	if (!i || has_open(c, c->nodes[i].id))
		return;
	request(c, FUSE_FORGET, c->nodes[i].id, &forget, sizeof(forget), NULL, 0);
	c->nodes[i] = c->nodes[--c->n_nodes];
}

static void read_file(struct client *c, const struct file *file, struct input *in)
{
	unsigned int how = take(in);
	const struct fuse_read_in args = {
		.fh = file->fh,
		.size = 1 + take(in) * 16,
		.offset = how & 2 ? take(in) : 0,
		.read_flags = how & 1 ? 0 : FUSE_READ_LOCKOWNER,
		.lock_owner = how & 1 ? 0 : 1,
		.flags = how & 4 ? O_NONBLOCK : 0,
	};

	if (c->n_waiting < WAITING_MAX && (file->is_dir || file->access != O_WRONLY) &&
	    request(c, file->is_dir ? FUSE_READDIR : FUSE_READ, file->id, &args,
		    sizeof(args), NULL, 0) == 1)
		c->waiting[c->n_waiting++] = c->unique;
}

static void write_file(struct client *c, const struct file *file, struct input *in)
{
	static char bytes[DATA_MAX];
	struct fuse_write_in args = { .fh = file->fh };
	struct fuse_write_out out;

	args.size = (uint32_t)take_bytes(in, bytes, sizeof(bytes));
	if (file->is_dir || file->access == O_RDONLY || !args.size ||
	    request(c, FUSE_WRITE, file->id, &args, sizeof(args), bytes, args.size))
		return;
	memcpy(&out, c->reply, sizeof(out));
	MUST(out.size <= args.size);
}

static void poll_file(struct client *c, const struct file *file)
{
	const struct fuse_poll_in args = { .fh = file->fh,
					   .kh = file->fh,
					   .flags = FUSE_POLL_SCHEDULE_NOTIFY };

	if (!file->is_dir)
		MUST(!request(c, FUSE_POLL, file->id, &args, sizeof(args), NULL, 0));
}

static void stop_reading(struct client *c, size_t i)
{
	const struct fuse_interrupt_in args = { .unique = c->waiting[i] };
	size_t n = c->n_waiting;

	request(c, FUSE_INTERRUPT, 0, &args, sizeof(args), NULL, 0);
	MUST(c->n_waiting < n);
}

static void set_attributes(struct client *c, uint64_t id, struct input *in)
{
	const struct fuse_setattr_in args = { .valid = take(in), .mode = take(in) };

	request(c, FUSE_SETATTR, id, &args, sizeof(args), NULL, 0);
}

/* The host plugs a device, or unplugs it. */
static void change_machine(struct client *c, unsigned int what)
{
	const struct papr_option *options = devices[what / 2 % DEVICES];
	struct papr_error error = { 0 };
	size_t n = 0;

	while (options[n].name)
		n++;
	if (what & 1)
		papr_vmm_device_del(c->host->vmm, options[1].value, &error);
	else
		papr_vmm_device_add(c->host->vmm, options, n, &error);
	papr_error_clear(&error);
	settle(c);
	read_answers(c, 0);
}

static void act(struct client *c, struct input *in)
{
	unsigned int action = take(in) % 14, which = take(in);
	size_t node = which % c->n_nodes, file = c->n_files ? which % c->n_files : 0;
	uint64_t id = c->nodes[node].id;

	if (action >= 8 && action < 12 && !c->n_files)
		action = 0;
	switch (action) {
	case 0:
		walk(c, paths[which % (sizeof(paths) / sizeof(*paths))]);
		break;
	case 1:
		look_up_child(c, id, take(in));
		break;
	case 2:
		if (S_ISDIR(pfs_of(c, id)->mode))
			look_up_name(c, in, id);
		break;
	case 3:
	case 4:
		open_node(c, id, take(in) & (O_ACCMODE | O_NONBLOCK));
		break;
	case 5:
		forget(c, node);
		break;
	case 6:
		request(c, FUSE_GETATTR, id, &(struct fuse_getattr_in){ 0 },
			sizeof(struct fuse_getattr_in), NULL, 0);
		if (S_ISLNK(pfs_of(c, id)->mode))
			request(c, FUSE_READLINK, id, NULL, 0, NULL, 0);
		break;
	case 7:
		set_attributes(c, id, in);
		break;
	case 8:
		read_file(c, &c->files[file], in);
		break;
	case 9:
		write_file(c, &c->files[file], in);
		break;
	case 10:
		poll_file(c, &c->files[file]);
		break;
	case 11:
		if (!c->n_waiting)
			release(c, file);
		else
			stop_reading(c, which % c->n_waiting);
		break;
	default:
		change_machine(c, which);
		break;
	}
}

/* Give everything back. Then no removed node remains. */
static void give_back(struct client *c)
{
	while (c->n_waiting)
		stop_reading(c, 0);
	while (c->n_files)
		release(c, 0);
	while (c->n_nodes > 1)
		forget(c, 1);
	MUST(!c->kernel.root->next);
}

static void run(struct client *c, struct input *in)
{
	int ends[2], bytes = 1 << 20;

	c->kernel = (struct kernel){
		.host = c->host,
		.profile = (enum kernel_profile)(take(in) % (KERNEL_CURRENT + 1)),
		.lockdown = "none",
		.has_overlay = true,
		.dev_fd = -1,
		.proc_fd = -1,
		.uevent_fd = -1,
		.kick = kick,
		.open_file = open_no_file,
	};
	MUST(!kernel_boot(&c->kernel));
	c->kernel.dev_fd = c->kernel.proc_fd = c->kernel.uevent_fd = -1;
	MUST(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
	for (int i = 0; i < 2; i++)
		setsockopt(ends[i], SOL_SOCKET, SO_SNDBUF, &bytes, sizeof(bytes));
	c->fd = ends[1];
	MUST(!fs_new(&c->fs, c->loop, ends[0], c->kernel.root, no_fault, c));
	c->kernel.fs = c->fs;
	begin(c);
	while (in->at < in->end && !c->ended)
		act(c, in);
	if (!c->ended)
		give_back(c);
	klog_free(&c->kernel);
	fs_free(c->fs);
	c->kernel.fs = NULL;
	kernel_free(&c->kernel);
	close(c->fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct papr_option object[] = { { "qom-type", "memory-backend-ram" },
						     { "id", "m0" },
						     { "size", "256M" } };
	struct host_options options = { .config = { .ram_bytes = UINT64_C(1) << 30,
						    .max_ram_bytes = UINT64_C(2) << 30,
						    .mem_slots = 2,
						    .max_cpus = 2,
						    .cpus = 1 } };
	struct input in = { data, data + size };
	struct papr_error error = { 0 };
	static struct client c;

	memset(&c, 0, offsetof(struct client, reply));
	options.config.powervm = take(&in) & 1;
	MUST(!host_new(&c.host, &options, &error));
	MUST(!papr_vmm_object_add(c.host->vmm, object, 3, &error));
	MUST(!host_start(c.host, true, &error));
	MUST(!loop_new(&c.loop));
	c.listener = (struct host_listener){ .interrupt = interrupt, .changed = changed };
	host_listen(c.host, &c.listener);
	run(&c, &in);
	host_unlisten(c.host, &c.listener);
	loop_free(c.loop);
	host_free(c.host);
	return 0;
}
