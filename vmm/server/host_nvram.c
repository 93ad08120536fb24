// SPDX-License-Identifier: GPL-2.0-or-later
/* A file with the content of the NVRAM */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "vmm/server/file.h"
#include "vmm/server/host_parts.h"

int host_nvram_open(struct host *host, struct papr_error *error)
{
	const char *path = host->options.nvram;
	struct stat st;
	int fd = path ? file_open(path, O_RDWR) : -1;

	if (!path)
		return 0;
	if (fd < 0)
		return host_fail_at(error, path, fd);
	host->nvram_fd = fd;
	if (fstat(fd, &st))
		return host_fail_at(error, path, -errno);
	if (st.st_size == PAPR_NVRAM_BYTES)
		return 0;
	if (asprintf(&error->text, "%s: the NVRAM has %d bytes, not %lld", path,
		     PAPR_NVRAM_BYTES, (long long)st.st_size) < 0)
		error->text = NULL;
	return -EINVAL;
}

void host_nvram_close(struct host *host)
{
	if (host->nvram_fd >= 0)
		close(host->nvram_fd);
	host->nvram_fd = -1;
}

int host_nvram_read(void *priv, uint32_t offset, void *buf, size_t len)
{
	const struct host *host = priv;
	uint8_t *to = buf;

	while (len) {
		ssize_t n = pread(host->nvram_fd, to, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO; /* the file shrinks */
		to += n;
		offset += (uint32_t)n;
		len -= (size_t)n;
	}
	return 0;
}

int host_nvram_write(void *priv, uint32_t offset, const void *buf, size_t len)
{
	const struct host *host = priv;
	const uint8_t *from = buf;

	while (len) {
		ssize_t n = pwrite(host->nvram_fd, from, len, offset);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n ? -errno : -EIO;
		from += n;
		offset += (uint32_t)n;
		len -= (size_t)n;
	}
	return 0;
}
