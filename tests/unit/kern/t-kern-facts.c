// SPDX-License-Identifier: GPL-2.0-or-later
/* Facts that the running kernel reports: the devices that processes have open, links in other
 * network namespaces. */
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>

#include "kern/open_devices.h"
#include "kern/rtnetlink.h"
#include "tests/unit/fakes/fake_platform.h"

struct seen {
	int pid;
	dev_t number;
	int n, n_memory, n_all;
};

static int see(void *to, int pid, bool is_block, unsigned int major, unsigned int minor)
{
	struct seen *s = to;

	s->n_all++;
	s->n += pid == s->pid && !is_block && makedev(major, minor) == s->number;
	s->n_memory += !is_block && major == 1;
	return 0;
}

static int end_with_7(void *to, int pid, bool is_block, unsigned int major,
		      unsigned int minor)
{
	(void)to;
	(void)pid;
	(void)is_block;
	(void)major;
	(void)minor;
	return 7;
}

static int visit(const struct kern_root *root, open_visitor *visitor, void *to)
{
	return open_proc_facts.visit(open_proc_facts.priv, root, visitor, to);
}

/* Return a character device that is open; it is no memory device. */
static int open_some_device(dev_t *number)
{
	struct stat st;
	int fd = open("/dev/ptmx", O_PATH | O_CLOEXEC);

	if (fd < 0 || fstat(fd, &st) || !S_ISCHR(st.st_mode))
		skip();
	*number = st.st_rdev;
	return fd;
}

TEST(devices_of_this_process)
{
	struct seen seen = { .pid = getpid() };
	int fd = open_some_device(&seen.number), again = dup(fd), err;
	int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	struct kern_root root;

	kern_root_use_system(&root);
	err = visit(&root, see, &seen);
	assert_true(!err || err == -EPERM);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.n_memory, 0);
	assert_int_equal(kern_root_open(&root, NULL), 0);
	assert_int_equal(visit(&root, end_with_7, NULL), 7);
	close(fd);
	close(again);
	close(null);
	seen.n = 0;
	visit(&root, see, &seen);
	assert_int_equal(seen.n, 0);
	kern_root_close(&root);
}

/* Links of a fake /proc. What is no process, no device or closed meanwhile is skipped. */
TEST(devices_of_a_root)
{
	struct seen seen = { .pid = 77 };
	int fd = open_some_device(&seen.number);
	struct fake *f = fake_new();

	fake_remove(f, "proc");
	assert_int_equal(visit(&f->root, see, &seen), -ENOENT);
	fake_link(f, "proc/77/fd/3", "/dev/ptmx");
	fake_link(f, "proc/77/fd/4", "/dev/ptmx");
	fake_link(f, "proc/77/fd/5", "/dev/zero");
	fake_link(f, "proc/77/fd/6", "socket:[6]");
	fake_link(f, "proc/77/fd/7", "/");
	fake_link(f, "proc/acpi/fd/3", "/dev/ptmx");
	fake_text(f, "proc/78/comm", "ends");
	assert_int_equal(visit(&f->root, see, &seen), 0);
	assert_int_equal(seen.n, 1);
	assert_int_equal(seen.n_all, 1);
	fake_link(f, "proc/9/fd/3", "/dev/ptmx");
	assert_int_equal(visit(&f->root, see, &seen), 0);
	assert_int_equal(seen.n_all, 3);
	close(fd);
	fake_free(f);
}

/* Another user may not read the descriptors of root's processes. */
TEST(rights_are_missing)
{
	enum { NOBODY = 65534 };
	struct seen seen = { 0 };
	struct kern_root root;
	int status;
	pid_t pid;

	if (getuid())
		skip();
	assert_int_equal(kern_root_open(&root, NULL), 0);
	pid = fork();
	if (!pid) {
		if (setgroups(0, NULL) || setgid(NOBODY) || setuid(NOBODY))
			_exit(0);
		_exit(-visit(&root, see, &seen));
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), EPERM);
	kern_root_close(&root);
}

/* Mount a file system whose server never answers. Return the server's end, or -1. */
static int mount_without_server(const char *dir, unsigned int user)
{
	int server = open("/dev/fuse", O_RDWR | O_CLOEXEC);
	char options[64];

	snprintf(options, sizeof(options), "fd=%d,rootmode=40000,user_id=%u,group_id=0",
		 server, user);
	if (server < 0 || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) ||
	    mount("none", dir, "fuse", 0, options)) {
		close(server);
		return -1;
	}
	return server;
}

/* The scan has a deadline. A file system of another user is no lack of rights. */
TEST(file_systems_without_server)
{
	static const struct {
		unsigned int user;
		const char *file;
		int err;
	} rows[] = { { 0, "/file", -ETIMEDOUT }, { 65534, "", 0 } };

	for (size_t i = 0; i < COUNT(rows); i++) {
		struct seen seen = { .pid = 77 };
		int fd = open_some_device(&seen.number), server;
		struct fake *f = fake_new();
		char dir[128], path[256];

		snprintf(dir, sizeof(dir), "%s/m", f->dir);
		snprintf(path, sizeof(path), "%s%s", dir, rows[i].file);
		fake_text(f, "m/.keep", "");
		fake_link(f, "proc/77/fd/3", "/dev/ptmx");
		fake_link(f, "proc/77/fd/4", path);
		server = mount_without_server(dir, rows[i].user);
		if (server >= 0) {
			assert_int_equal(visit(&f->root, see, &seen), rows[i].err);
			assert_int_equal(seen.n, 1);
			assert_int_equal(umount2(dir, MNT_DETACH), 0);
		}
		close(server);
		close(fd);
		fake_free(f);
	}
}

/* Run ip(8), or skip the test. */
static void __attribute__((format(printf, 1, 2))) ip(const char *fmt, ...)
{
	char args[224], command[256];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(args, sizeof(args), fmt, ap);
	va_end(ap);
	snprintf(command, sizeof(command), "ip link %s 2>/dev/null", args);
	if (system(command))
		skip();
}

static void enter_own_namespace(void)
{
	if (unshare(CLONE_NEWNET))
		skip();
}

/* Start a process in a network namespace of its own. It ends with this one at the latest. */
static pid_t start_pod(void)
{
	int ready[2];
	pid_t pid;
	char byte;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (!pid) {
		if (!prctl(PR_SET_PDEATHSIG, SIGKILL) && !unshare(CLONE_NEWNET) &&
		    write(ready[1], "", 1) == 1)
			pause();
		_exit(1);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], &byte, 1), 1);
	close(ready[0]);
	return pid;
}

static void end_pod(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static int add_interface(void *to, const char *interface, const char *text)
{
	char *names = to;
	size_t len = strlen(names);

	assert_int_equal(strspn(text, "0123456789"), strlen(text));
	snprintf(names + len, 64 - len, "%s ", interface);
	return 0;
}

static void assert_elsewhere(const char *wanted)
{
	char names[64] = "";

	assert_int_equal(rtnetlink_facts.links_elsewhere(rtnetlink_facts.priv,
							 add_interface, names),
			 0);
	assert_string_equal(names, wanted);
}

static int end_list(void *to, const char *interface, const char *text)
{
	(void)to;
	(void)interface;
	(void)text;
	return -ENOMEM;
}

TEST(links_in_other_namespaces)
{
	pid_t pod;

	enter_own_namespace();
	pod = start_pod();
	assert_elsewhere("");
	ip("add eth0 type veth peer name eth1");
	ip("add link eth0 name here type macvlan");
	assert_elsewhere("");
	ip("add link eth0 name there type macvlan");
	ip("set there netns %d", (int)pod);
	assert_elsewhere("eth0 ");
	/* the first answer has numbered this namespace itself */
	assert_elsewhere("eth0 ");
	ip("add link eth0 name direct netns %d type macvlan", (int)pod);
	assert_elsewhere("eth0 eth0 ");
	assert_int_equal(
		rtnetlink_facts.links_elsewhere(rtnetlink_facts.priv, end_list, NULL),
		-ENOMEM);
	end_pod(pod);
}

/* Without a number, the kernel does not list the namespace. */
TEST(namespaces_without_a_number)
{
	pid_t pod;

	enter_own_namespace();
	pod = start_pod();
	ip("add eth0 type veth peer name eth1");
	ip("add link eth0 name direct netns %d type macvlan", (int)pod);
	assert_elsewhere("");
	ip("set eth1 netns %d", (int)pod);
	assert_elsewhere("eth0 eth0 ");
	end_pod(pod);
}

static int count_link(void *to, const char *interface, const char *text)
{
	(void)text;
	assert_string_equal(interface, "eth0");
	++*(int *)to;
	return 0;
}

/* More than one message of the kernel has. */
TEST(many_namespaces)
{
	pid_t pods[150];
	int n = 0;

	enter_own_namespace();
	ip("add eth0 type veth peer name eth1");
	for (size_t i = 0; i < COUNT(pods); i++) {
		pods[i] = start_pod();
		ip("add link eth0 name m%zu type macvlan", i);
		ip("set m%zu netns %d", i, (int)pods[i]);
	}
	assert_int_equal(
		rtnetlink_facts.links_elsewhere(rtnetlink_facts.priv, count_link, &n), 0);
	assert_int_equal(n, COUNT(pods));
	for (size_t i = 0; i < COUNT(pods); i++)
		end_pod(pods[i]);
}

static void assert_name_of(const char *alternative, const char *wanted)
{
	char name[NET_NAME_BYTES] = "";

	assert_int_equal(rtnetlink_facts.name_of(rtnetlink_facts.priv, alternative, name),
			 *wanted ? 0 : -ENODEV);
	assert_string_equal(name, wanted);
}

TEST(alternative_names)
{
	char longest[129];

	memset(longest, 'x', 128);
	longest[127] = '\0';
	enter_own_namespace();
	ip("add eth0 type veth peer name eth1");
	ip("property add dev eth1 altname short altname %s", longest);
	assert_name_of("short", "eth1");
	assert_name_of(longest, "eth1");
	assert_name_of("eth0", "eth0");
	assert_name_of("shor", "");
	assert_name_of("", "");
	longest[126] = '\0';
	assert_name_of(longest, "");
	memset(longest, 'x', 128);
	longest[128] = '\0';
	assert_name_of(longest, "");
}
