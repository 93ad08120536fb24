/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * runs.h - the connector types that a request can change (core/run.h)
 */
#pragma once

#include "libdrmgr/core/run.h"

extern const struct run_ops run_pci, run_phb, run_slot, run_cpu, run_mem;
/* The threads of processors: -p smt_threads. */
extern const struct run_ops run_smt;
/* Shares of processors and memory, which the hypervisor has: -p. */
extern const struct run_ops run_share;
extern const struct run_ops run_acc, run_port, run_migration;
/* The processors and memory of a file. */
extern const struct run_ops run_prrn;
