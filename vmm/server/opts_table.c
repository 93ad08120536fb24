// SPDX-License-Identifier: GPL-2.0-or-later
/* All options: those of QEMU that have an effect here, and those that tests pass to both */
#include <string.h>

#include "vmm/server/opts_parts.h"

static int set_qtest_log(struct opts *opts, const char *text)
{
	opts->qtest_log = strcmp(text, "none") ? text : NULL;
	return 0;
}

// clang-format off
#define TEXT(member) .text = offsetof(struct opts, member)
#define FLAG(member) .flag = offsetof(struct opts, member)
const struct opts_row opts_rows[] = {
	{ "M",                   .take = opts_machine },
	{ "S",                   FLAG(stopped) },
	{ "accel",               .take = opts_accel },
	{ "action",              .take = opts_action },
	{ "append",              TEXT(host.config.bootargs) },
	{ "bios",                TEXT(bios) },
	{ "blockdev",            .take = opts_blockdev },
	{ "chardev",             .take = opts_chardev },
	{ "cpu",                 .take = opts_cpu },
	{ "device",              .take = opts_device },
	{ "display",             .take = opts_display },
	{ "drive",               .take = opts_drive },
	{ "enable-kvm",          FLAG(enable_kvm) },
	{ "h",                   FLAG(help) },
	{ "help",                FLAG(help) },
	{ "initrd",              TEXT(initrd) },
	{ "kernel",              TEXT(kernel) },
	{ "m",                   .take = opts_memory },
	{ "machine",             .take = opts_machine },
	{ "mon",                 .take = opts_mon },
	{ "name",                .take = opts_name },
	{ "netdev",              .take = opts_netdev },
	{ "no-reboot",           FLAG(host.no_reboot) },
	{ "no-shutdown",         FLAG(host.no_shutdown) },
	{ "nodefaults",          FLAG(no_defaults) },
	{ "nographic",           FLAG(nographic) },
	{ "numa",                .take = opts_numa },
	{ "object",              .take = opts_object },
	{ "qmp",                 .take = opts_qmp },
	{ "qtest",               .take = opts_qtest },
	{ "qtest-log",           .take = set_qtest_log },
	{ "rtc",                 .take = opts_rtc },
	{ "serial",              .take = opts_serial },
	{ "smp",                 .take = opts_smp },
	{ "uuid",                .take = opts_uuid },
	{ "version",             FLAG(version) },
	{ .name = NULL },
};
// clang-format on
