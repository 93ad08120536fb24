/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * fake_updates.h - a fake platform whose firmware reports changes of the device tree
 *
 * The test defines its answers, byte by byte. The trace has:
 *   AF          ibm,activate-firmware
 *   UN          ibm,update-nodes        UN!  with a state that is not the last answer's
 *   UP=20       ibm,update-properties of phandle 0x20, UP! likewise
 *   set:name unset:name                 properties, as the kernel gets them
 */
#pragma once

#include "tests/unit/fakes/fake_platform.h"

/* An answer: a status, and the area in hexadecimal, followed by zeros. */
struct fake_answer {
	int32_t status;
	const char *area;
};

enum { FAKE_ANSWERS = 8 };

/* The answers in order. After the last one, no change is reported. */
struct fake_updates {
	struct fake_answer nodes[FAKE_ANSWERS], props[FAKE_ANSWERS];
};

/* Nodes: "/" 0x7, "/cpus" 0x30, "/vdevice" 0x20, "/vdevice/old@1" 0x11 with the child
 * "/vdevice/old@1/part" 0x13, "/vdevice/old@2" 0x12. The answers must outlive it. */
struct fake *fake_updates_new(const struct fake_updates *told);

/* From now on these are the answers. */
void fake_updates_tell(const struct fake_updates *told);

/* Return a property in hexadecimal, "none" if it is missing; malloc'ed. */
char *fake_property(const struct fake *f, const char *path);
