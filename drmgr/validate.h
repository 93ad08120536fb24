/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * validate.h - check the requests of each connector type
 *
 * Errors:  -EINVAL, and the message (DR_MESSAGE_MAX bytes) says why.
 */
#pragma once

#include "drmgr/options.h"

#define CPU_SMT "smt_threads" /* -p */

/* Check a request of a type that can only be queried. */
int validate_query(const struct dr_req *req, char *message);
int validate_acc(const struct dr_req *req, char *message);
int validate_phb(const struct dr_req *req, char *message);
int validate_cpu(const struct dr_req *req, char *message);
int validate_mem(const struct dr_req *req, char *message);
int validate_pci(const struct dr_req *req, char *message);
int validate_phib(const struct dr_req *req, char *message);
int validate_pmig(const struct dr_req *req, char *message);
int validate_port(const struct dr_req *req, char *message);
int validate_slot(const struct dr_req *req, char *message);
