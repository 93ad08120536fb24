// SPDX-License-Identifier: GPL-2.0
/*
 * The file /proc/device-tree-overlay. The bytes that an opener writes are one stream. A
 * complete blob is applied at once, and the write that completed it returns the result.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/capability.h>
#include <linux/ctype.h>
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/lockdep.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/proc_fs.h>
#include <linux/sched/task.h>
#include <linux/security.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include <asm/machdep.h>

#include "overlay.h"

static unsigned int max_blob = OVERLAY_BYTES_MAX;
module_param(max_blob, uint, 0444);
MODULE_PARM_DESC(max_blob,
		 "bytes that a blob may have, at most (and by default) 1048576");

/* Result and reason of the newest blob. */
static DEFINE_MUTEX(newest_lock);
static int newest_result;
static struct reason newest_reason;

/*
 * Only one blob at a time is applied. Notifiers and drivers run meanwhile, and an oops in
 * one of them kills the writing process. A mutex would then stay locked forever. With
 * this lock the next writer sees that the holder is dead. The file then accepts no
 * further change (-EIO), because the state of the tree is unknown.
 */
#define DIED "an earlier write died in the kernel; see the kernel's log"
static DEFINE_SPINLOCK(holder_lock);
static DECLARE_WAIT_QUEUE_HEAD(holder_gone);
static struct task_struct *holder;
static struct lockdep_map holder_map __maybe_unused;
static struct lock_class_key holder_key;

/* The bytes that one opener has written so far. */
struct collector {
	struct mutex lock;    /* threads may share an open file */
	struct reason reason; /* of its newest blob */
	int result;	      /* the same */
	bool is_done;	      /* there is one */
	u8 head[OVERLAY_HEAD_BYTES] __aligned(4);
	u8 *blob; /* allocated once the size is known */
	size_t size, have;
};

int refuse(struct reason *reason, int err, const char *format, ...)
{
	va_list args;
	char *c;

	if (reason->text[0] || err == -ENOMEM)
		return err;
	va_start(args, format);
	vscnprintf(reason->text, sizeof(reason->text), format, args);
	va_end(args);
	/* Names in the live tree may have any bytes. */
	for (c = reason->text; *c; c++)
		if (!isascii(*c) || !isprint(*c))
			*c = '?';
	return err;
}

static struct collector *proc_collector(const struct file *file)
{
	const struct seq_file *seq = file->private_data;

	return seq->private;
}

static void proc_drop_blob(struct collector *c)
{
	kvfree(c->blob);
	c->blob = NULL;
	c->size = 0;
	c->have = 0;
}

/* ---- Collecting ---------------------------------------------------------------- */

/* Allocate the blob. The head is complete. */
static int proc_begin_blob(struct collector *c)
{
	int err = blob_size(c->head, max_blob, &c->size, &c->reason);

	if (err)
		return err;
	c->blob = kvmalloc(c->size, GFP_KERNEL);
	if (!c->blob)
		return -ENOMEM;
	memcpy(c->blob, c->head, sizeof(c->head));
	return 0;
}

/* Add bytes to the blob. Return 1 if it is complete. */
static int proc_collect_blob(struct collector *c, const char __user *bytes, size_t len)
{
	size_t part;
	int err;

	if (!c->blob) {
		part = min(len, sizeof(c->head) - c->have);
		if (copy_from_user(c->head + c->have, bytes, part))
			return -EFAULT;
		c->have += part;
		bytes += part;
		len -= part;
		if (c->have < sizeof(c->head))
			return 0;
		err = proc_begin_blob(c);
		if (err)
			return err;
	}
	if (len > c->size - c->have)
		return refuse(&c->reason, -EINVAL, "blob: bytes after its end");
	if (copy_from_user(c->blob + c->have, bytes, len))
		return -EFAULT;
	c->have += len;
	return c->have == c->size;
}

/* ---- Applying ------------------------------------------------------------------ */

/* Try to become the holder. Return 0, 1 if another process is the holder, or -EIO if the
 * holder has died. */
static int proc_try_tree(void)
{
	int result = 0;

	spin_lock(&holder_lock);
	if (!holder)
		holder = get_task_struct(current);
	else
		result = holder->flags & PF_EXITING ? -EIO : 1;
	spin_unlock(&holder_lock);
	return result;
}

/* Become the holder. Return 0, -EIO if the holder has died, or -EINTR if a signal kills
 * this process first. */
static int proc_acquire_tree(void)
{
	int result = 1;

	/* The death of the holder wakes no waiter, so check every second. */
	while (!wait_event_killable_timeout(holder_gone, (result = proc_try_tree()) <= 0,
					    HZ))
		;
	if (result)
		return result > 0 ? -EINTR : result;
	lock_map_acquire(&holder_map);
	return 0;
}

static void proc_release_tree(void)
{
	struct task_struct *me = holder;

	lock_map_release(&holder_map);
	spin_lock(&holder_lock);
	holder = NULL;
	spin_unlock(&holder_lock);
	put_task_struct(me);
	wake_up_all(&holder_gone);
}

static int proc_apply(void *blob, size_t len, struct reason *reason)
{
	struct overlay *o;
	int err = overlay_decode(&o, blob, len, reason);

	if (!err)
		err = o->revert ? records_revert(o) : records_apply(&o);
	overlay_free(o);
	return err;
}

static int proc_complete_blob(struct collector *c)
{
	void *blob = c->blob;
	int err;

	/* The kernel may have been locked down after the file was opened. */
	err = security_locked_down(LOCKDOWN_DEVICE_TREE);
	if (err)
		return refuse(&c->reason, err, "blob: the kernel is locked down");
	err = proc_acquire_tree();
	if (err == -EIO)
		refuse(&c->reason, err, "%s", DIED);
	if (err)
		return err;
	c->blob = NULL;
	/* If this process dies in the kernel, its use of the proc file never ends: the module
	 * must stay loaded. */
	__module_get(THIS_MODULE);
	err = proc_apply(blob, c->size, &c->reason);
	proc_release_tree();
	module_put(THIS_MODULE);
	return err;
}

/* ---- The file ------------------------------------------------------------------ */

/* Print the first line, the reason and the records. c NULL: of the newest blob of the file.
 * Records that a dead writer left are not safe to read. */
static int proc_show_all(struct seq_file *out, const struct collector *c)
{
	bool is_own = c && c->is_done;
	const char *reason = is_own ? c->reason.text : newest_reason.text;
	int err = proc_acquire_tree();

	if (err && err != -EIO)
		return err;
	mutex_lock(&newest_lock);
	seq_printf(out, "papr-dt-overlay 1 backend=changeset max=%u seq=%u last=%d\n",
		   max_blob, records_completed(), is_own ? c->result : newest_result);
	if (err || *reason)
		seq_printf(out, "reason: %s\n", err ? DIED : reason);
	mutex_unlock(&newest_lock);
	if (err)
		return 0;
	records_show(out);
	proc_release_tree();
	return 0;
}

static int proc_file_show(struct seq_file *out, void *unused)
{
	struct collector *c = out->private;
	int err;

	if (!c)
		return proc_show_all(out, NULL);
	if (mutex_lock_killable(&c->lock))
		return -EINTR;
	err = proc_show_all(out, c);
	mutex_unlock(&c->lock);
	return err;
}

static int proc_file_open(struct inode *inode, struct file *file)
{
	struct collector *c = NULL;
	int err;

	if (!(file->f_mode & FMODE_WRITE))
		return single_open(file, proc_file_show, NULL);
	err = capable(CAP_SYS_ADMIN) ? security_locked_down(LOCKDOWN_DEVICE_TREE)
				     : -EPERM;
	if (err)
		return err;
	/* A write may leave a record, which takes a reference to the module. So each
	 * opener for writing must hold one. */
	if (!try_module_get(THIS_MODULE))
		return -ENODEV;
	c = kzalloc(sizeof(*c), GFP_KERNEL);
	err = c ? single_open(file, proc_file_show, c) : -ENOMEM;
	if (!err) {
		mutex_init(&c->lock);
		return 0;
	}
	kfree(c);
	module_put(THIS_MODULE);
	return err;
}

/* Store the result of this opener's blob as the newest result of the file. */
static void proc_note_result(struct collector *c, int err)
{
	if (err)
		refuse(&c->reason, err, "blob: error %d", -err);
	c->result = err;
	c->is_done = true;
	mutex_lock(&newest_lock);
	newest_result = err;
	newest_reason = c->reason;
	mutex_unlock(&newest_lock);
}

static ssize_t proc_file_write(struct file *file, const char __user *bytes, size_t len,
			       loff_t *at)
{
	struct collector *c = proc_collector(file);
	int err;

	if (mutex_lock_killable(&c->lock))
		return -EINTR;
	if (!c->have) {
		c->reason.text[0] = '\0';
		c->is_done = false;
	}
	err = proc_collect_blob(c, bytes, len);
	if (err) {
		if (err > 0)
			err = proc_complete_blob(c);
		proc_drop_blob(c);
		proc_note_result(c, err);
	}
	mutex_unlock(&c->lock);
	return err ? err : len;
}

static int proc_file_release(struct inode *inode, struct file *file)
{
	struct collector *c = proc_collector(file);

	if (c) {
		/* A complete blob is here if its write died in the kernel. */
		if (c->have && c->have != c->size) {
			pr_warn("an incomplete blob is dropped\n");
			refuse(&c->reason, -EPIPE,
			       "blob: incomplete when the file was closed");
			proc_note_result(c, -EPIPE);
		}
		proc_drop_blob(c);
		kfree(c);
		module_put(THIS_MODULE);
	}
	return single_release(inode, file);
}

static const struct proc_ops file_ops = {
	.proc_open = proc_file_open,
	.proc_read = seq_read,
	.proc_lseek = seq_lseek,
	.proc_write = proc_file_write,
	.proc_release = proc_file_release,
};

static int __init proc_module_init(void)
{
	int err;

	if (!machine_is(pseries))
		return -ENODEV;
	max_blob = min(max_blob, OVERLAY_BYTES_MAX);
	lockdep_init_map(&holder_map, "papr_dt_overlay", &holder_key, 0);
	err = steps_init();
	if (err)
		return err;
	if (proc_create("device-tree-overlay", 0600, NULL, &file_ops))
		return 0;
	steps_exit();
	return -ENOMEM;
}

static void __exit proc_module_exit(void)
{
	remove_proc_entry("device-tree-overlay", NULL);
	steps_exit();
}

module_init(proc_module_init);
module_exit(proc_module_exit);

MODULE_AUTHOR("papr-toolkit maintainers");
MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Changes of the live device tree, whole or not at all");
MODULE_VERSION("0.1.0");
