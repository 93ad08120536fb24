/* SPDX-License-Identifier: GPL-2.0-or-later */
/* pci_run.h - one operation on one slot, or host bridge, of the fake platform */
#pragma once

#include "libdrmgr/types/pci/pci_ops.h"
#include "libdrmgr/types/logical/logical_ops.h"
#include "tests/unit/fakes/fake_platform.h"

typedef int pci_operation(struct dr_ctx *dr, const struct connectors *cs,
			  const struct connector *c, const struct pci_request *request,
			  struct dr_result *result);

struct outcome {
	int err;
	struct dr_error error;
	bool is_undo_incomplete;
	bool is_removed;
	/* Each other connector, its node and its devices: "C16 /pci@1/ethernet@1 0000:00:01.0" */
	char others[256];
	char left[128]; /* each word, followed by a blank */
};

/* Find the connector as a command does, and run with an empty trace. */
struct outcome pci_run(struct fake *f, pci_operation *op, const char *name,
		       const struct pci_request *request);

typedef int logical_operation(struct dr_ctx *dr, const struct connectors *cs,
			      const struct connector *c,
			      const struct logical_request *request,
			      struct dr_result *result);

/* The same for a host bridge, or a logical slot, whose name begins with a V. */
struct outcome phb_run(struct fake *f, logical_operation *op, const char *name);
