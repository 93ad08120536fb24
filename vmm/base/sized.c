// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <string.h>

#include "vmm/base/sized.h"

int sized_get(void *to, size_t known, const void *from)
{
	const unsigned char *bytes = from;
	size_t size;

	memcpy(&size, from, sizeof(size));
	if (size < sizeof(size))
		return -EINVAL;
	for (size_t i = known; i < size; i++)
		if (bytes[i])
			return -EINVAL;
	memset(to, 0, known);
	memcpy(to, from, size < known ? size : known);
	memcpy(to, &known, sizeof(known));
	return 0;
}

int sized_put(void *to, const void *from, size_t known)
{
	unsigned char *bytes = to;
	size_t size;

	memcpy(&size, to, sizeof(size));
	if (size < sizeof(size))
		return -EINVAL;
	memcpy(to, from, size < known ? size : known);
	memcpy(to, &size, sizeof(size));
	if (size > known)
		memset(bytes + known, 0, size - known);
	return 1;
}
