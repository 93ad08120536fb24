// SPDX-License-Identifier: GPL-2.0-or-later
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/unit/fakes/librtas_root.h"

static const struct {
	const char *name;
	uint16_t token;
} tokens[] = {
	{ "get-sensor-state", T_SENSOR },
	{ "set-indicator", T_INDICATOR },
	{ "set-power-level", T_SET_POWER },
	{ "get-power-level", T_GET_POWER },
	{ "ibm,configure-connector", T_CONFIGURE },
	{ "display-character", T_DISPLAY },
	{ "get-time-of-day", T_GET_TIME },
	{ "set-time-of-day", T_SET_TIME },
	{ "set-time-for-power-on", T_POWERON },
	{ "ibm,read-slot-reset-state", T_SLOT_RESET },
	{ "ibm,get-config-addr-info2", T_ADDR_INFO },
	{ "ibm,set-eeh-option", T_EEH },
	{ "ibm,open-errinjct", T_OPEN },
	{ "ibm,close-errinjct", T_CLOSE },
	{ "ibm,activate-firmware", T_ACTIVATE },
	{ "ibm,suspend-me", T_SUSPEND },
	{ "ibm,update-nodes", T_NODES },
	{ "ibm,update-properties", T_PROPERTIES },
	{ "ibm,display-message", T_MESSAGE },
	{ "ibm,errinjct", T_INJECT },
	{ "ibm,get-dynamic-sensor-state", T_DYNAMIC_SENSOR },
	{ "ibm,get-indices", T_INDICES },
	{ "ibm,get-system-parameter", T_GET_PARM },
	{ "ibm,set-system-parameter", T_SET_PARM },
	{ "ibm,get-vpd", T_VPD },
	{ "ibm,lpar-perftools", T_PERFTOOLS },
	{ "ibm,physical-attestation", T_ATTEST },
	{ "ibm,platform-dump", T_DUMP },
	{ "ibm,scan-log-dump", T_SCAN_LOG },
	{ "ibm,set-dynamic-indicator", T_DYNAMIC_INDICATOR },
};

static char root_dir[] = "/tmp/t-librtas-XXXXXX";
struct kern_root root;
struct mock mock;

void write_file(const char *path, const void *bytes, size_t len)
{
	int fd = openat(root.fd, path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

int make_root(void **state)
{
	static const char *const dirs[] = { "proc", "proc/device-tree",
					    "proc/device-tree/rtas", "proc/ppc64",
					    "proc/ppc64/rtas" };

	(void)state;
	assert_non_null(mkdtemp(root_dir));
	assert_int_equal(kern_root_open(&root, root_dir), 0);
	for (size_t i = 0; i < COUNT(dirs); i++)
		assert_int_equal(mkdirat(root.fd, dirs[i], 0700), 0);
	for (size_t i = 0; i < COUNT(tokens); i++) {
		const uint8_t be[4] = { 0, 0, (uint8_t)(tokens[i].token >> 8),
					(uint8_t)tokens[i].token };
		char path[100];

		snprintf(path, sizeof(path), "proc/device-tree/rtas/%s", tokens[i].name);
		write_file(path, be, 4);
	}
	write_file("proc/ppc64/rtas/rmo_buffer", "000000003ffc0000 10000\n", 23);
	return 0;
}

int remove_root(void **state)
{
	char path[100];

	(void)state;
	for (size_t i = 0; i < COUNT(tokens); i++) {
		snprintf(path, sizeof(path), "proc/device-tree/rtas/%s", tokens[i].name);
		unlinkat(root.fd, path, 0);
	}
	unlinkat(root.fd, "proc/ppc64/rtas/rmo_buffer", 0);
	unlinkat(root.fd, "proc/ppc64/rtas", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/ppc64", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/device-tree/rtas", AT_REMOVEDIR);
	unlinkat(root.fd, "proc/device-tree", AT_REMOVEDIR);
	unlinkat(root.fd, "proc", AT_REMOVEDIR);
	kern_root_close(&root);
	return rmdir(root_dir);
}
