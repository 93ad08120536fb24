// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A part of the kernel that refuses a change of the device tree, meddles with it, or dies.
 *
 *   refuse_at=N   refuse the Nth change from now on with EREMOTEIO; 0: none
 *   die_at=N      BUG() at the Nth change from now on; 0: never
 *   reject_at=N   sysfs rejects the Nth node from now on with ENOMEM; 0: none
 *   searched="HANDLE PATH"
 *                 at the second search for the handle from now on, another task removes
 *                 the node as soon as it can run
 *   watch=PATH    count the changes that find this node (present) or not (absent)
 *   meddle="VERB PATH [NAME]"
 *                 at the next attached node make this change, once, and refuse:
 *                 remove PATH        the node
 *                 unset PATH NAME    the property
 *                 put PATH NAME      the same, and put a new one in its place
 *   sums          for each change except removals of nodes, compare the sum of /ovm and
 *                 /__symbols__ with that at the previous change: "DIFFERENT LAST NOW".
 *                 Written: begin again
 *
 * A write to /sys/module/papr_test_notifier/parameters sets them again.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/jhash.h>
#include <linux/kprobes.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

static int refuse_at;
module_param(refuse_at, int, 0600);
MODULE_PARM_DESC(refuse_at, "refuse the change with this number; 0: none");

static int die_at;
module_param(die_at, int, 0600);
MODULE_PARM_DESC(die_at, "die at the change with this number; 0: never");

static char *watch;
module_param(watch, charp, 0600);
MODULE_PARM_DESC(watch, "path of a node");

static uint present;
module_param(present, uint, 0600);
MODULE_PARM_DESC(present, "changes that found the watched node");

static uint absent;
module_param(absent, uint, 0600);
MODULE_PARM_DESC(absent, "changes that did not find the watched node");

static int reject_at;
module_param(reject_at, int, 0600);
MODULE_PARM_DESC(reject_at, "sysfs rejects the node with this number; 0: none");

static char *meddle;
module_param(meddle, charp, 0600);
MODULE_PARM_DESC(meddle, "a change to make and refuse");

static void look(void)
{
	struct device_node *np = of_find_node_by_path(watch);

	if (np)
		present++;
	else
		absent++;
	of_node_put(np);
}

/* ---- Sums of the tree ---------------------------------------------------------- */

static uint different;
static u32 last_sum;

/* The order of children and properties does not count. */
static u32 sum_of(struct device_node *np)
{
	u32 sum = jhash(np->full_name, strlen(np->full_name), 0), part;
	struct device_node *child;
	struct property *prop;

	for_each_property_of_node(np, prop)
	{
		part = jhash(prop->name, strlen(prop->name), 1);
		sum += jhash(prop->value, prop->length, part);
	}
	for_each_child_of_node(np, child)
	{
		part = sum_of(child);
		sum += jhash(&part, sizeof(part), 2);
	}
	return sum;
}

static u32 sum_now(void)
{
	static const char *const paths[] = { "/ovm", "/__symbols__" };
	struct device_node *np;
	u32 sum = 0;
	int i;

	for (i = 0; i < ARRAY_SIZE(paths); i++) {
		np = of_find_node_by_path(paths[i]);
		if (np)
			sum += sum_of(np);
		of_node_put(np);
	}
	return sum;
}

static int sums_set(const char *text, const struct kernel_param *param)
{
	different = 0;
	last_sum = 0;
	return 0;
}

static int sums_get(char *text, const struct kernel_param *param)
{
	return sprintf(text, "%u %x %x\n", different, last_sum, sum_now());
}

static const struct kernel_param_ops sums_ops = { .set = sums_set, .get = sums_get };
module_param_cb(sums, &sums_ops, NULL, 0600);
MODULE_PARM_DESC(sums, "different sums of the tree, the last one, the present one");

static void sums_see(unsigned long action)
{
	u32 sum = action == OF_RECONFIG_DETACH_NODE ? 0 : sum_now();

	different += sum && last_sum && sum != last_sum;
	last_sum = sum;
}

/* ---- Another writer ------------------------------------------------------------ */

static void meddle_now(void)
{
	char verb[8] = "", path[64] = "", name[32] = "";
	struct device_node *np;
	struct property *prop;

	sscanf(meddle, "%7s %63s %31s", verb, path, name);
	meddle = NULL;
	np = of_find_node_by_path(path);
	if (!np)
		return;
	prop = *name ? of_find_property(np, name, NULL) : NULL;
	if (!strcmp(verb, "remove")) {
		of_detach_node(np);
		of_node_put(np);
	}
	if (prop)
		of_remove_property(np, prop);
	if (!strcmp(verb, "put")) {
		prop = kzalloc(sizeof(*prop), GFP_KERNEL);
		prop->name = kstrdup(name, GFP_KERNEL);
		prop->value = kstrdup("meddled", GFP_KERNEL);
		prop->length = sizeof("meddled");
		of_property_set_flag(prop, OF_DYNAMIC);
		of_add_property(np, prop);
	}
	of_node_put(np);
}

static int notify(struct notifier_block *nb, unsigned long action, void *change)
{
	if (watch)
		look();
	sums_see(action);
	if (meddle && action == OF_RECONFIG_ATTACH_NODE) {
		meddle_now();
		return notifier_from_errno(-EREMOTEIO);
	}
	if (die_at && !--die_at)
		BUG();
	if (refuse_at && !--refuse_at)
		return notifier_from_errno(-EREMOTEIO);
	return NOTIFY_OK;
}

/* The last one. */
static struct notifier_block block = { .notifier_call = notify, .priority = INT_MIN };

/* ---- Another task -------------------------------------------------------------- */

static u32 searched_handle;
static char searched_path[64];
static int searches;

static int searched_set(const char *text, const struct kernel_param *param)
{
	searches = 0;
	return sscanf(text, "%x %63s", &searched_handle, searched_path) == 2 ? 0
									     : -EINVAL;
}

static const struct kernel_param_ops searched_ops = { .set = searched_set };
module_param_cb(searched, &searched_ops, NULL, 0200);
MODULE_PARM_DESC(searched,
		 "a handle, and the node to remove at the second search for it");

static void remove_searched(struct work_struct *work)
{
	struct device_node *np = of_find_node_by_path(searched_path);

	if (np && !np->child) {
		of_detach_node(np);
		of_node_put(np);
	}
	of_node_put(np);
}

static DECLARE_WORK(removal, remove_searched);

static int search(struct kprobe *probe, struct pt_regs *regs)
{
	if (searched_handle && regs->gpr[3] == searched_handle && ++searches == 2)
		schedule_work(&removal);
	return 0;
}

static struct kprobe search_probe = { .symbol_name = "of_find_node_by_phandle",
				      .pre_handler = search };

/* ---- sysfs --------------------------------------------------------------------- */

/* Return from kobject_add() with an error, as if memory were short. */
static int reject(struct kprobe *probe, struct pt_regs *regs)
{
	const struct kobject *kobj = (const void *)regs->gpr[3];

	if (!reject_at || !of_root || kobj->kset != of_root->kobj.kset || --reject_at)
		return 0;
	regs->gpr[3] = -ENOMEM;
	regs->nip = regs->link;
	return 1;
}

static struct kprobe probe = { .symbol_name = "kobject_add", .pre_handler = reject };

static struct kprobe *probes[] = { &probe, &search_probe };

static int __init notifier_init(void)
{
	int err = register_kprobes(probes, ARRAY_SIZE(probes));

	if (err)
		return err;
	err = of_reconfig_notifier_register(&block);
	if (err)
		unregister_kprobes(probes, ARRAY_SIZE(probes));
	return err;
}

static void __exit notifier_exit(void)
{
	of_reconfig_notifier_unregister(&block);
	unregister_kprobes(probes, ARRAY_SIZE(probes));
	cancel_work_sync(&removal);
}

module_init(notifier_init);
module_exit(notifier_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Refuses changes of the device tree, for tests");
