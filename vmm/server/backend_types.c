// SPDX-License-Identifier: GPL-2.0-or-later
/* Types of objects (-object), as QEMU 7.2 has them */
#include "vmm/server/backends.h"

#define MEMORY                                                                     \
	"share:bool size:int dump:bool prealloc-threads:int policy:HostMemPolicy " \
	"prealloc:bool reserve:bool host-nodes:int merge:bool "                    \
	"x-use-canonical-path-for-ramblock-id:bool"

const struct backend_type backend_types[] = {
	{ "iothread", "event-loop-base",
	  "thread-pool-min:int thread-pool-max:int aio-max-batch:int poll-max-ns:int "
	  "poll-grow:int poll-shrink:int" },
	{ "memory-backend-file", "memory-backend",
	  MEMORY " readonly:bool align:int pmem:bool mem-path:string discard-data:bool" },
	{ "memory-backend-memfd", "memory-backend",
	  MEMORY " hugetlb:bool seal:bool hugetlbsize:int" },
	{ "memory-backend-ram", "memory-backend", MEMORY },
	{ "rng-builtin", "rng-backend", "opened:bool" },
	{ "rng-random", "rng-backend", "opened:bool filename:string" },
	{ "secret", "secret_common",
	  "iv:string keyid:string loaded:bool format:QCryptoSecretFormat file:string "
	  "data:string" },
	{ .name = NULL },
};
