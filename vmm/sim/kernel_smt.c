// SPDX-License-Identifier: GPL-2.0-or-later
/* The kernel's policy for threads: /sys/devices/system/cpu/smt (Linux 6.6 and later). */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "vmm/sim/kernel.h"

static const char *smt_word(const struct ksmt *smt)
{
	if (smt->max == 1)
		return "notsupported";
	if (smt->is_forced_off)
		return "forceoff";
	return smt->threads == 1 ? "off" : "on";
}

static int control_show(struct pfs_node *file, struct text *out)
{
	const struct ksmt *smt = &((const struct kernel *)file->priv)->smt;

	if (smt->threads > 1 && smt->threads < smt->max)
		text_add(out, "%u\n", smt->threads);
	else
		text_add(out, "%s\n", smt_word(smt));
	return 0;
}

static int active_show(struct pfs_node *file, struct text *out)
{
	text_add(out, "%d\n", kcpu_has_active_siblings(file->priv));
	return 0;
}

/* Return the number of threads that a word stands for; 0: none. */
static unsigned int smt_threads_of(const struct ksmt *smt, const char *word)
{
	char *end;
	unsigned long n;

	if (!strcmp(word, "on"))
		return smt->max;
	if (!strcmp(word, "off") || !strcmp(word, "forceoff"))
		return 1;
	n = strtoul(word, &end, 10);
	return *word && !*end && n <= smt->max ? (unsigned int)n : 0;
}

static ssize_t control_store(struct pfs_node *file, const char *bytes, size_t len)
{
	struct kernel *k = file->priv;
	struct ksmt *smt = &k->smt;
	char word[16] = "";
	unsigned int threads;

	if (smt->is_forced_off)
		return -EPERM;
	if (smt->max == 1)
		return -ENODEV;
	if (len < sizeof(word))
		memcpy(word, bytes, len);
	word[strcspn(word, "\n")] = '\0';
	threads = smt_threads_of(smt, word);
	if (!threads)
		return -EINVAL;
	smt->is_forced_off = !strcmp(word, "forceoff");
	kcpu_set_smt(k, threads);
	return (ssize_t)len;
}

void ksmt_boot(struct kernel *k, struct pfs_node *dir, unsigned int threads)
{
	static const struct pfs_ops control = { .show = control_show,
						.store = control_store,
						.locks = LOCK_HOTPLUG },
				    active = { .show = active_show };
	struct pfs_node *smt = k->profile == KERNEL_6_1 ? NULL : pfs_dir(dir, "smt");

	k->smt = (struct ksmt){ .max = threads, .threads = threads };
	if (!smt)
		return;
	kernel_attr(k, smt, "control", 0644, &control, k);
	kernel_attr(k, smt, "active", 0444, &active, k);
}
