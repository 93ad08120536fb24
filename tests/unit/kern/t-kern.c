// SPDX-License-Identifier: GPL-2.0-or-later
/* Rooted files, the log, the text interface of the device tree. */
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "cli/log.h"
#include "kern/child.h"
#include "kern/ofdt.h"
#include "kern/pci.h"
#include "kern/prop.h"
#include "kern/slots.h"
#include "kern/spawn.h"
#include "kern/sysfs.h"
#include "kern/writer.h"
#include "kern/uevent.h"
#include "tests/unit/fakes/fake_platform.h"
#include "tests/unit/fakes/no_memory.h"

TEST(links_stay_inside_a_capture)
{
	struct fake *f = fake_new();
	char *text;
	size_t len;

	fake_text(f, "sys/firmware/devicetree/base/model", "captured");
	fake_link(f, "proc/tree", "/sys/firmware/devicetree/base");
	fake_link(f, "proc/out", "../../../../../../etc/passwd");
	fake_link(f, "proc/loop", "loop");
	assert_int_equal(kern_read(&f->root, "proc/tree/model", &text, &len), 0);
	assert_string_equal(text, "captured");
	free(text);
	assert_int_equal(kern_read(&f->root, "proc/./tree//../../devicetree/base/model",
				   &text, &len),
			 0);
	free(text);
	assert_int_equal(kern_read(&f->root, "proc/out", &text, &len), -ENOENT);
	assert_int_equal(kern_read(&f->root, "proc/loop", &text, &len), -ELOOP);
	assert_false(kern_exists(&f->root, "proc/out"));
	fake_free(f);
}

/* A file that cannot be read is not absent. The record has its name. */
TEST(three_answers)
{
	const struct kern_writer unknown = { .pid = 7 };
	struct fake *f = fake_new();
	int fd = f->root.fd;
	char name[16];

	fake_text(f, "proc/there", "");
	fake_link(f, "proc/loop", "loop");
	assert_int_equal(kern_exists(&f->root, "proc/there"), 1);
	assert_int_equal(kern_exists(&f->root, "proc/there/below"), 0);
	assert_int_equal(kern_exists(&f->root, "proc/nowhere"), 0);
	assert_int_equal(f->unread.err, 0);
	assert_int_equal(kern_exists(&f->root, "proc/loop"), -ELOOP);
	assert_int_equal(f->unread.err, -ELOOP);
	assert_string_equal(f->unread.path, "/proc/loop");
	assert_int_equal(kern_read_failure(-ENODEV), 0);
	assert_int_equal(kern_read_failure(-EIO), -EIO);
	/* an unknown process could still write */
	assert_false(writer_is_alive(&f->root, &unknown));
	fake_text(f, "proc/7/stat", "nothing");
	assert_true(writer_is_alive(&f->root, &unknown));
	f->root.fd = 1023; /* not open */
	assert_int_equal(kern_exists(&f->root, "proc/there"), -EBADF);
	assert_int_equal(node_exists(&f->root, "/cpus"), -EBADF);
	assert_int_equal(
		sysfs_find_of_node(&f->root, "sys/bus", "/n", name, sizeof(name)),
		-EBADF);
	assert_int_equal(slot_control_exists(&f->root), -EBADF);
	f->root.fd = fd;
	fake_free(f);
}

/* A device tree that is kept open is read like any other file, and no path leaves it. */
TEST(a_tree_that_is_kept_open)
{
	struct fake *f = fake_new();
	struct prop prop;

	fake_text(f, "proc/device-tree/n/name", "n");
	fake_text(f, "proc/device-tree-overlay", "no tree");
	kern_root_keep_tree(&f->root);
	assert_false(f->root.has_tree); /* a capture */
	f->root.is_system = true;
	kern_root_keep_tree(&f->root);
	assert_true(f->root.has_tree);
	assert_int_equal(prop_read(&f->root, "/n", "name", &prop), 0);
	assert_string_equal(prop.data, "n");
	prop_free(&prop);
	assert_int_equal(prop_read(&f->root, "/n", "none", &prop), -ENOENT);
	assert_true(node_exists(&f->root, "/"));
	assert_true(node_exists(&f->root, "/n"));
	assert_false(node_exists(&f->root, "/m"));
	assert_true(kern_exists(&f->root, DT_BASE "/"));
	assert_true(kern_exists(&f->root, DT_BASE "-overlay"));
	assert_true(kern_exists(&f->root, DT_BASE "//n"));
	assert_false(kern_exists(&f->root, DT_BASE "//proc"));
	/* the same folder, also without its name */
	fake_remove(f, "proc/device-tree/n/name");
	assert_int_equal(prop_read(&f->root, "/n", "name", &prop), -ENOENT);
	kern_root_close(&f->root);
	assert_false(f->root.has_tree);
	assert_int_equal(kern_root_open(&f->root, f->dir), 0);
	fake_free(f);
}

TEST(reading_has_a_cap)
{
	struct fake *f = fake_new();
	char *big = calloc(1, KERN_READ_MAX + 1), *text;
	size_t len;

	fake_file(f, "big", big, KERN_READ_MAX + 1);
	assert_int_equal(kern_read(&f->root, "big", &text, &len), -E2BIG);
	fake_file(f, "big", big, 5000);
	assert_int_equal(kern_read(&f->root, "big", &text, &len), 0);
	assert_int_equal(len, 5000);
	free(text);
	free(big);
	fake_free(f);
}

TEST(a_status_instead_of_a_count)
{
	assert_int_equal(kern_written(3, 3), 3);
	assert_int_equal(kern_written(2, 3), 2);
	errno = EBUSY;
	assert_int_equal(kern_written(-1, 3), -EBUSY);
	assert_int_equal(kern_written(0xfffffffe, 31), -EOPNOTSUPP);
	assert_int_equal(kern_written(0xfffffffc, 31), -EPROTO);
	assert_int_equal(kern_written(4, 3), -EPROTO);
}

TEST(a_command_is_one_write)
{
	struct fake *f = fake_new();
	struct deadline dl = deadline_in_ms(5000);
	struct kern_root root;

	assert_int_equal(kern_root_open(&root, f->dir), 0);
	fake_text(f, "file", "old text");
	assert_int_equal(kern_write(&root, "file", "new", 3), 0);
	assert_int_equal(kern_write_until(&root, "file", "NEW", 3, &dl), 0);
	assert_int_equal(kern_write(&root, "absent", "new", 3), -ENOENT);
	assert_int_equal(kern_write_until(&root, "absent", "new", 3, &dl), -ENOENT);
	fake_link(f, "link", "file");
	assert_int_equal(kern_write(&root, "link", "new", 3), -ELOOP);
	kern_root_close(&root);
	fake_free(f);
}

static void note_begun(void *priv, const struct kern_writer *writer)
{
	*(struct kern_writer *)priv = *writer;
}

/* /dev/null, and the socket of its orders as the input. */
static bool has_only_null(pid_t pid)
{
	char path[64], target[64];

	for (int fd = 0; fd < 64; fd++) {
		ssize_t n;

		snprintf(path, sizeof(path), "/proc/%d/fd/%d", (int)pid, fd);
		n = readlink(path, target, sizeof(target) - 1);
		if (fd == STDIN_FILENO) {
			if (n < 8 || memcmp(target, "socket:[", 8) != 0)
				return false;
		} else if (fd <= STDERR_FILENO) {
			if (n != (ssize_t)strlen("/dev/null") ||
			    memcmp(target, "/dev/null", (size_t)n) != 0)
				return false;
		} else if (fd > STDERR_FILENO + 1 && n != -1) { /* except the root */
			return false;
		}
	}
	return true;
}

/* The child closes the caller's pipes, locks and logs. On a busy machine it may not have
 * run yet. */
static void assert_only_null(pid_t pid)
{
	struct deadline dl = deadline_in_ms(5000);

	while (!has_only_null(pid) && deadline_wait_ms(&dl, 5))
		;
	assert_true(has_only_null(pid));
}

TEST(a_process_is_known_by_its_start)
{
	struct kern_writer self = { .pid = getpid() };
	struct kern_root root;

	assert_int_equal(kern_root_open(&root, NULL), 0);
	if (kern_exists(&root, "proc/self/stat")) /* not in qemu-user's sysroot */
		assert_true(writer_is_alive(&root, &self));
	self.start = 1;
	assert_false(writer_is_alive(&root, &self));
	self.pid = 0;
	assert_false(writer_is_alive(&root, &self));
	kern_root_close(&root);
}

/* A FIFO without a reader blocks the write like a hanging kernel. */
TEST(a_write_that_hangs_has_a_deadline)
{
	struct fake *f = fake_new();
	struct deadline dl = deadline_in_ms(50), soon;
	struct kern_writers writers = { .begun = note_begun };
	struct kern_writer begun = { 0 };
	struct kern_root root;
	int fd;

	assert_int_equal(kern_root_open(&root, f->dir), 0);
	root.writers = &writers;
	writers.priv = &begun;
	assert_int_equal(mkfifoat(f->root.fd, "fifo", 0600), 0);
	assert_int_equal(kern_write_until(&root, "fifo", "1", 1, &dl), -ETIMEDOUT);
	assert_true(writers.late.pid > 0);
	assert_int_equal(begun.pid, writers.late.pid);
	assert_string_equal(begun.path, "fifo");
	assert_only_null(writers.late.pid);
	soon = deadline_in_ms(0);
	assert_true(writers_are_busy(&writers, &soon));
	assert_int_equal(kern_write_until(&root, "fifo", "1", 1, &dl), -EBUSY);

	/* end the child */
	fd = openat(f->root.fd, "fifo", O_RDONLY | O_NONBLOCK);
	soon = deadline_in_ms(5000);
	assert_false(writers_are_busy(&writers, &soon));
	assert_int_equal(writers.late.pid, 0);
	close(fd);
	kern_root_close(&root);
	fake_free(f);
}

/* Write, and return the child that did. */
static pid_t write_in_child(const struct kern_root *root, const char *text, size_t len)
{
	const struct deadline dl = deadline_in_ms(60 * 1000);
	const struct kern_writer *begun = root->writers->priv;
	char *got;
	size_t n;

	assert_int_equal(kern_write_until(root, "file", text, len, &dl), 0);
	assert_int_equal(root->writers->late.pid, 0);
	assert_int_equal(kern_read(root, "file", &got, &n), 0);
	assert_int_equal(n, len);
	assert_memory_equal(got, text, len);
	free(got);
	return begun->pid;
}

TEST(a_child_stays_for_the_next_write)
{
	static char large[200 * 1024];
	struct fake *f = fake_new();
	struct kern_writer begun = { 0 };
	struct kern_writers writers = { .begun = note_begun, .priv = &begun };
	struct deadline dl = deadline_in_ms(60 * 1000);
	struct kern_root root;
	pid_t first, other;

	memset(large, 'x', sizeof(large));
	assert_int_equal(kern_root_open(&root, f->dir), 0);
	root.writers = &writers;
	fake_text(f, "file", "");
	first = write_in_child(&root, "1", 1);
	assert_int_equal(kern_write_until(&root, "absent", "1", 1, &dl), -ENOENT);
	assert_int_equal(write_in_child(&root, "2", 1), first);
	/* more than it has room for */
	other = write_in_child(&root, large, sizeof(large));
	assert_int_not_equal(other, first);
	assert_int_equal(kill(first, 0), -1);
	assert_int_equal(write_in_child(&root, large, sizeof(large)), other);
	/* it was killed */
	assert_int_equal(kill(other, SIGKILL), 0);
	assert_true(child_wait(writers.end, &dl));
	first = write_in_child(&root, large, sizeof(large));
	assert_int_not_equal(other, first);
	/* the end does not wait for one that was stopped */
	assert_int_equal(kill(first, SIGSTOP), 0);
	writers_close(&writers);
	assert_int_equal(kill(first, 0), -1);
	writers_close(&writers);
	kern_root_close(&root);
	fake_free(f);
}

static void kill_self(void *priv, const struct kern_writer *writer)
{
	*(pid_t *)priv = writer->pid;
	kill(getpid(), SIGKILL);
}

/* A recovery must find every writer: one that is not in the journal writes nothing. */
TEST(a_killed_parent_leaves_no_writer)
{
	struct fake *f = fake_new();
	pid_t *writer = mmap(NULL, sizeof(*writer), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	struct kern_writers writers = { .begun = kill_self, .priv = writer };
	struct deadline dl = deadline_in_ms(5000);
	struct kern_root root;
	char *text;
	size_t len;
	pid_t pid;

	assert_ptr_not_equal(writer, MAP_FAILED);
	prctl(PR_SET_CHILD_SUBREAPER, 1);
	assert_int_equal(kern_root_open(&root, f->dir), 0);
	fake_text(f, "file", "before");
	pid = fork();
	if (!pid) {
		root.writers = &writers;
		kern_write_until(&root, "file", "AFTER!", 6, &dl);
		_exit(0);
	}
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_true(*writer > 0);
	/* An emulator may lack the call that makes it our child: then init collects
	 * it. */
	if (waitpid(*writer, NULL, 0) != *writer)
		while (!kill(*writer, 0) && deadline_wait_ms(&dl, 10))
			;
	assert_int_equal(kern_read(&root, "file", &text, &len), 0);
	assert_string_equal(text, "before");
	free(text);
	munmap(writer, sizeof(*writer));
	kern_root_close(&root);
	fake_free(f);
}

TEST(properties)
{
	struct fake *f = fake_new();
	uint32_t v;
	char *s, cut[3];

	fake_file(f, "proc/device-tree/n/cell", "\x01\x02\x03\x04", 4);
	fake_file(f, "proc/device-tree/n/short", "\x01\x02\x03", 3);
	fake_file(f, "proc/device-tree/n/long", "\x01\x02\x03\x04\x05", 5);
	fake_file(f, "proc/device-tree/n/text", "abc", 4);
	fake_file(f, "proc/device-tree/n/open", "abc", 3);
	fake_file(f, "proc/device-tree/n/list", "abc\0def", 8);
	assert_int_equal(prop_u32(&f->root, "/n", "cell", &v), 0);
	assert_int_equal(v, 0x01020304);
	assert_int_equal(prop_u32(&f->root, "/n", "short", &v), -EBADMSG);
	assert_int_equal(prop_u32(&f->root, "/n", "long", &v), -EBADMSG);
	assert_int_equal(prop_u32(&f->root, "/n", "none", &v), -ENOENT);
	assert_int_equal(prop_str(&f->root, "/n", "text", &s), 0);
	assert_string_equal(s, "abc");
	free(s);
	assert_int_equal(prop_str(&f->root, "/n", "open", &s), 0);
	free(s);
	assert_int_equal(prop_str(&f->root, "/n", "list", &s), -EBADMSG);
	assert_int_equal(kern_read_short(&f->root, DT_BASE "/n/text", cut, sizeof(cut)),
			 2);
	assert_string_equal(cut, "ab");
	assert_int_equal(kern_read_short(&f->root, DT_BASE "/n/none", cut, sizeof(cut)),
			 -ENOENT);
	fake_free(f);
}

/* Texts that must not reach the kernel's parser, which crashes on some of them.
 * Behaviours: io-ofdt */
TEST(ofdt_refuses_before_writing)
{
	const struct ofdt_value name = { "name", "n", 2 }, huge = { "x", "", 3 << 20 },
				blank = { "a b", "n", 2 };
	struct fake *f = fake_new();

	fake_text(f, "proc/device-tree/pci@800000020000000/n@1/name", "n");
	assert_int_equal(ofdt_add_node(&f->root, "/pci@800000020000000/n@2", &name, 1),
			 0);
	assert_string_equal(f->trace, "add_node");
	assert_int_equal(ofdt_add_node(&f->root, "/nope/n", &name, 1), -ENOENT);
	assert_string_equal(f->trace, "add_node");
	/* the kernel refuses an existing node */
	assert_int_equal(ofdt_add_node(&f->root, "/pci@800000020000000/n@1", &name, 1),
			 -EEXIST);
	assert_string_equal(f->trace, "add_node add_node");
	assert_int_equal(ofdt_add_node(&f->root, "/pci@800000020000000/n@3", &name, 0),
			 -EINVAL);
	assert_int_equal(ofdt_add_node(&f->root, "/pci@800000020000000/n 3", &name, 1),
			 -EINVAL);
	assert_int_equal(ofdt_add_node(&f->root, "pci@800000020000000/n@3", &name, 1),
			 -EINVAL);
	assert_int_equal(ofdt_add_node(&f->root, "/../n@3", &name, 1), -EINVAL);
	assert_int_equal(ofdt_add_node(&f->root, "/", &name, 1), -EEXIST);
	assert_int_equal(ofdt_add_node(&f->root, "/n@3", &huge, 1), -EINVAL);
	assert_int_equal(ofdt_add_node(&f->root, "/n@3", &blank, 1), -EINVAL);
	assert_int_equal(ofdt_remove_node(&f->root, "/"), -EINVAL);
	assert_string_equal(f->trace, "add_node add_node");
	/* the kernel refuses a missing node, and one with children */
	assert_int_equal(ofdt_remove_node(&f->root, "/nope"), -ENODEV);
	assert_int_equal(ofdt_remove_node(&f->root, "/pci@800000020000000"), -EBUSY);
	fake_free(f);
}

static char sent[128];
static size_t sent_len;

static ssize_t note_write(const struct kern_root *root, const char *path, const void *buf,
			  size_t len, const struct deadline *dl)
{
	(void)root;
	(void)dl;
	assert_string_equal(path, "proc/ppc64/ofdt");
	memcpy(sent, buf, len);
	sent_len = len;
	return (ssize_t)len;
}

TEST(properties_through_ofdt)
{
	const struct ofdt_value value = { "local-mac-address", "\x52\x54", 2 },
				empty = { "e", "", 0 };
	struct fake *f = fake_new();

	f->root.write = note_write;
	fake_file(f, "proc/device-tree/n/ibm,phandle", "\0\0\xab\xcd", 4);
	fake_file(f, "proc/device-tree/n/phandle", "\0\0\0\x01",
		  4); /* the other value is used */
	fake_text(f, "proc/device-tree/n/old", "x");
	fake_text(f, "proc/device-tree/m/old", "x");
	assert_int_equal(ofdt_update_property(&f->root, "/n", &value), 0);
	assert_int_equal(sent_len, 45);
	assert_memory_equal(sent, "update_property 43981 local-mac-address 2 \x52\x54",
			    44);
	assert_int_equal(ofdt_update_property(&f->root, "/n", &empty), 0);
	assert_memory_equal(sent, "update_property 43981 e 0 ", sent_len);
	assert_int_equal(ofdt_remove_property(&f->root, "/n", "old"), 0);
	assert_memory_equal(sent, "remove_property 43981 old", sent_len);
	assert_int_equal(ofdt_remove_property(&f->root, "/n", "new"), -ENOENT);
	assert_int_equal(ofdt_update_property(&f->root, "/m", &value),
			 -ENOENT); /* no handle */
	assert_int_equal(ofdt_remove_property(&f->root, "/n", "a b"), -EINVAL);
	fake_free(f);
}

TEST(slots)
{
	struct fake *f = fake_new();
	struct slot_ref slot;
	int adapter;

	fake_add_slot(f, "C8");
	assert_int_equal(slot_find(&f->root, "C8", "0000:00", &slot), 0);
	assert_int_equal(slot_adapter(&f->root, &slot, &adapter), 0);
	assert_int_equal(adapter, SLOT_EMPTY);
	assert_int_equal(slot_find(&f->root, "C8", "0001:00", &slot), -ESTALE);
	assert_int_equal(slot_find(&f->root, "C9", "0000:00", &slot), -ENOENT);
	assert_int_equal(slot_find(&f->root, "../..", "0000:00", &slot), -ENOENT);
	assert_int_equal(slot_find(&f->root, "..", "0000:00", &slot), -ENOENT);
	assert_int_equal(slot_find(&f->root, "control", "0000:00", &slot), -ENOENT);
	/* a directory with another name, as on some platforms */
	fake_text(f, "sys/bus/pci/slots/0007/phy_location", "U78-P1-C2\n");
	fake_text(f, "sys/bus/pci/slots/0007/address", "0000:00:07\n");
	assert_int_equal(slot_find(&f->root, "U78-P1-C2", "0000:00", &slot), 0);
	assert_string_equal(slot.dir, "sys/bus/pci/slots/0007");
	fake_free(f);
}

/* bug-21: devices are found by links, not by a walk.
 * Behaviours: io-bug-21 */
TEST(functions_and_nodes)
{
	struct fake *f = fake_new();
	struct pci_functions list;
	struct kern_names names = { 0 };
	char bus[PCI_NAME_MAX];

	fake_plug(f, "C8", "ethernet@1", NULL);
	fake_configure(f, "C8");
	fake_text(f, "sys/bus/pci/devices/..evil/x", "");
	fake_text(f, "sys/bus/pci/devices/0000:00:02.0/x", ""); /* without a node */
	fake_link(f, "sys/class/net/eth0",
		  "../../devices/pci0000:00/0000:00:01.0/virtio0/net/eth0");
	fake_link(f, "sys/class/net/eth1",
		  "../../devices/pci0000:00/0000:00:02.0/virtio0/net/eth1");
	fake_link(f, "sys/class/block/vda",
		  "../../devices/pci0000:00/0000:00:01.0/block/vda");
	fake_link(f, "sys/class/net/eth2",
		  "../../devices/pci0000:00/0000:00:01.0/0000:01:02.0/virtio1/net/eth2");
	fake_link(
		f, "sys/class/block/sda",
		"../../devices/pci0000:00/0000:00:01.0/host0/target0:0:0/0:0:0:0/block/sda");
	assert_int_equal(pci_list(&f->root, &list), 0);
	assert_int_equal(list.n, 2);
	assert_string_equal(list.fn[0].node, "/pci@800000020000000/ethernet@1");
	assert_null(list.fn[1].node);
	pci_functions_free(&list);
	assert_int_equal(pci_bus_of_node(&f->root, "/pci@800000020000000", bus), 0);
	assert_string_equal(bus, "0000:00");
	assert_int_equal(pci_bus_of_node(&f->root, "/pci@8", bus), -ENOENT);
	assert_true(pci_node_is_under("/a/b", "/a"));
	assert_true(pci_node_is_under("/a", "/a"));
	assert_false(pci_node_is_under("/ab", "/a"));
	assert_true(pci_is_on_bus("0000:00:01.0", "0000:00"));
	assert_false(pci_is_on_bus("0000:01:01.0", "0000:00"));
	assert_int_equal(pci_interfaces(&f->root, "0000:00:01.0", &names), 0);
	assert_int_equal(names.n, 3);
	assert_string_equal(names.name[0], "eth0");
	assert_string_equal(names.name[1], "sda");
	assert_string_equal(names.name[2], "vda");
	kern_names_free(&names);
	fake_free(f);
}

TEST(log_file)
{
	struct fake *f = fake_new();
	struct log log;
	char *text, *big, *line, *end;
	struct tm tm;
	time_t age;
	size_t len;

	fake_text(f, "var/log/.keep", "");
	log_init(&log, "drmgr", LEVEL_ALWAYS);
	assert_int_equal(log_open(&log, f->dir, "var/log/drmgr"), 0);
	log_err(&log, "C0: %s", "two\nlines \x1b[31m and a bell \a");
	log_debug(&log, "long %0300d", 7);
	log_close(&log);
	assert_int_equal(kern_read(&f->root, "var/log/drmgr", &text, &len), 0);
	assert_memory_equal(text, "\n########## ", 12);
	assert_non_null(
		strstr(text, " error C0: two\\nlines \\x1b[31m and a bell \\x07\n"));
	assert_non_null(strstr(text, " drmgr["));
	line = strstr(text, "##\n20");
	assert_non_null(line);
	memset(&tm, 0, sizeof(tm));
	end = strptime(line + 3, "%Y-%m-%dT%H:%M:%S.", &tm);
	assert_ptr_equal(end, line + 3 + strlen("2026-11-20T06:14:21."));
	assert_int_equal(strspn(end, "0123456789"), 3);
	tm.tm_isdst = -1;
	age = time(NULL) - mktime(&tm);
	assert_uint_in_range(age, 0, 600);
	assert_non_null(strstr(text, "0007\n")); /* complete */
	assert_null(strchr(text, '\x1b'));
	free(text);

	/* grown to 1 MiB: renamed at the end */
	big = calloc(1, 1 << 20);
	memset(big, 'x', 1 << 20);
	fake_file(f, "var/log/drmgr", big, 1 << 20);
	fake_text(f, "var/log/drmgr.0", "older");
	assert_int_equal(log_open(&log, f->dir, "var/log/drmgr"), 0);
	log_close(&log);
	assert_false(kern_exists(&f->root, "var/log/drmgr"));
	assert_int_equal(kern_read(&f->root, "var/log/drmgr.0", &text, &len), 0);
	assert_true(len > 1 << 20);
	free(text);
	free(big);

	fake_link(f, "var/log/drmgr", "/tmp/elsewhere");
	assert_int_equal(log_open(&log, f->dir, "var/log/drmgr"), -ELOOP);
	log_err(&log, "not lost without a log file");
	log_close(&log);
	fake_free(f);
}

/* Behaviours: io-signals-children */
TEST(children_start_clean)
{
	static const char *const env[] = { "/usr/bin/env", NULL };
	static const char *const fail[] = { "/bin/false", NULL };
	static const char *const none[] = { "/nonexistent", NULL };

	assert_int_equal(spawn_wait(env), 0); /* prints nothing: no environment */
	assert_int_equal(spawn_wait(fail), 1);
	assert_int_equal(spawn_wait(none), -ENOENT);
}

TEST(waiting_for_events_ends)
{
	struct deadline dl = deadline_in_ms(20);
	int events = uevents_open(), stop[2], more;

	assert_true(events >= 0);
	/* Other programs on this machine can cause events. */
	while ((more = uevents_wait(events, &dl, -1)) > 0)
		;
	assert_int_equal(more, 0);
	assert_int_equal(pipe(stop), 0);
	assert_int_equal(write(stop[1], "x", 1), 1);
	dl = deadline_never();
	assert_int_equal(uevents_wait(events, &dl, stop[0]), -EINTR);
	close(events);
}

/* The longest time is forever, not a time in the past. */
TEST(far_deadlines)
{
	struct deadline never = deadline_in_ms(INT64_MAX),
			far = deadline_in_ms(1LL << 42);

	assert_false(deadline_has_passed(&never));
	assert_int_equal(deadline_left_ms(&never), -1);
	assert_false(deadline_has_passed(&far));
	assert_int_equal(deadline_left_ms(&far), INT32_MAX);
}

/* By each path that leads to a file, and no others. */
TEST(locks_of_writes)
{
	static const struct {
		const char *path;
		unsigned int locks;
	} rows[] = {
		{ "sys/bus/pci/devices/0000:00:02.0/remove", WRITER_PCI },
		{ "sys/devices/pci0000:00/0000:00:02.0/remove", WRITER_PCI },
		{ "sys/class/pci_bus/0000:00/rescan", WRITER_PCI },
		{ "sys/bus/pci/rescan", WRITER_PCI },
		{ "sys/bus/pci/slots/C16/power", WRITER_PCI },
		{ "sys/bus/pci/slots/control/add_slot", WRITER_PCI | WRITER_SLOTS },
		{ "sys/bus/pci/slots/control/remove_slot", WRITER_PCI | WRITER_SLOTS },
		{ "sys/devices/system/cpu/cpu1/online", WRITER_CORES },
		{ "sys/devices/system/cpu/smt/control", WRITER_CORES },
		{ "sys/devices/system/memory/memory7/state", WRITER_CORES },
		{ "sys/devices/system/power/hibernate", WRITER_CORES | WRITER_TREE },
		{ "sys/kernel/dlpar", WRITER_TREE },
		{ "sys/kernel/mobility/migration", WRITER_TREE },
		{ "proc/ppc64/ofdt", WRITER_TREE },
		{ "proc/device-tree-overlay", WRITER_TREE },
		{ "proc/ppc64/lparcfg", 0 },
		{ "sys/devices/pci0000:00/power/control", 0 },
		{ "home/online", 0 },
		{ "socket:[7]", 0 },
		{ "", 0 },
	};

	for (size_t i = 0; i < COUNT(rows); i++)
		assert_int_equal(writer_locks(rows[i].path), rows[i].locks);
}

/* A list that is not complete has the error, and no name that does not exist. */
TEST(list_short_of_memory)
{
	struct fake *f = fake_new();
	struct kern_names names;
	bool failed = true;
	int err;

	for (const char *name = "abcde"; *name; name++)
		fake_text(f, (char[]){ 'l', '/', *name, '\0' }, "");
	for (unsigned long n = 1; failed; n++) {
		memory_now = (struct no_memory){ .fail_at = n };
		err = kern_list(&f->root, "l", KERN_LIST_ALL, &names);
		failed = memory_now.failed;
		memory_now = (struct no_memory){ 0 };
		assert_int_equal(err, failed ? -ENOMEM : 0);
		for (size_t i = 0; i < names.n; i++)
			assert_non_null(names.name[i]);
		assert_true(failed || names.n == 5);
		kern_names_free(&names);
	}
	fake_free(f);
}
