/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * qmp.h - a server of the QEMU machine protocol
 *
 * It reads JSON commands, and sends JSON replies and events, each on its own line. A
 * client must negotiate capabilities first; only then it receives events.
 *
 * Errors:  negative errno.
 * Source:  QMP specification; replies and error texts of QEMU 7.2
 * Layer:   papr-vmm
 */
#pragma once

#include "vmm/server/host.h"
#include "vmm/server/stream.h"

struct qmp;

/* Create a server. Errors are those of stream_new(). */
int qmp_new(struct qmp **out, struct loop *loop, struct host *host,
	    const struct opts_server *place);
void qmp_free(struct qmp *qmp); /* NULL is fine */
struct stream *qmp_stream(const struct qmp *qmp);
