// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A part of the kernel that refuses a change of the device tree, or dies during it.
 *
 *   refuse_at=N   refuse the Nth change from now on with EREMOTEIO; 0: none
 *   die_at=N      BUG() at the Nth change from now on; 0: never
 *   watch=PATH    count the changes that find this node (present) or not (absent)
 *
 * A write to /sys/module/papr_test_notifier/parameters sets them again.
 */
#include <linux/bug.h>
#include <linux/errno.h>
#include <linux/limits.h>
#include <linux/module.h>
#include <linux/notifier.h>
#include <linux/of.h>

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

static void look(void)
{
	struct device_node *np = of_find_node_by_path(watch);

	if (np)
		present++;
	else
		absent++;
	of_node_put(np);
}

static int notify(struct notifier_block *nb, unsigned long action, void *change)
{
	if (watch)
		look();
	if (die_at && !--die_at)
		BUG();
	if (refuse_at && !--refuse_at)
		return notifier_from_errno(-EREMOTEIO);
	return NOTIFY_OK;
}

/* The last one. */
static struct notifier_block block = { .notifier_call = notify, .priority = INT_MIN };

static int __init notifier_init(void)
{
	return of_reconfig_notifier_register(&block);
}

static void __exit notifier_exit(void)
{
	of_reconfig_notifier_unregister(&block);
}

module_init(notifier_init);
module_exit(notifier_exit);

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("Refuses changes of the device tree, for tests");
