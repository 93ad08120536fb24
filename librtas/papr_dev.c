// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "librtas/papr_dev.h"

static int papr_dev_system_open(void *priv, const char *path, int flags)
{
	int fd = kern_open(priv, path, flags);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) || !S_ISCHR(st.st_mode)) {
		close(fd);
		return -ENODEV;
	}
	return fd;
}

static int papr_dev_system_ioctl(void *priv, int fd, uint32_t request, void *block)
{
	int result;

	(void)priv;
	do
		result = ioctl(fd, (unsigned long)request, block);
	while (transport_was_interrupted(result));
	return result < 0 ? -errno : result;
}

static ssize_t papr_dev_system_read(void *priv, int fd, void *buf, size_t len)
{
	ssize_t n;

	(void)priv;
	do
		n = read(fd, buf, len);
	while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : n;
}

static void papr_dev_system_close(void *priv, int fd)
{
	(void)priv;
	close(fd);
}

static int papr_dev_system_identify(void *priv, int fd, struct papr_handle *handle)
{
	char path[32];
	struct stat st;

	*handle = (struct papr_handle){ 0 };
	snprintf(path, sizeof(path), "proc/self/fd/%d", fd);
	if (!kern_readlink(priv, path, handle->link, sizeof(handle->link)))
		return 0;
	*handle->link = '\0';
	if (fstat(fd, &st))
		return -errno;
	handle->dev = st.st_dev;
	handle->ino = st.st_ino;
	return 0;
}

struct papr_dev_ops papr_dev_system(struct kern_root *root)
{
	return (struct papr_dev_ops){
		.open = papr_dev_system_open,
		.ioctl = papr_dev_system_ioctl,
		.read = papr_dev_system_read,
		.close = papr_dev_system_close,
		.identify = papr_dev_system_identify,
		.priv = root,
	};
}

/* Return the firmware status that corresponds to the errno. */
static int32_t papr_dev_status(enum rtas_call call, int err)
{
	switch (err) {
	case 0:
		return RTAS_SUCCESS;
	case -EINVAL:
		return rtas_desc(call)->device.einval;
	case -EPERM:
		return RTAS_NOT_AUTHORIZED;
	case -EOPNOTSUPP:
		return RTAS_PARAMETER_ERROR;
	default:
		return RTAS_HARDWARE_ERROR;
	}
}

static void papr_dev_trace(const struct papr_dev *d, enum rtas_call call,
			   struct rtas_trace *trace, int64_t begin, const char *text)
{
	trace->call = call;
	trace->text = text;
	trace->ns = deadline_now_ns() - begin;
	engine_trace(d->engine, trace);
}

/* Send a request to an open device. Return as papr_dev_query(). */
static bool papr_dev_send(const struct papr_dev *d, enum rtas_call call, int fd,
			  const struct rtas_request *request, const char *subject,
			  void *block, struct papr_answer *answer)
{
	int64_t begin = deadline_now_ns();
	int result = d->ops.ioctl(d->ops.priv, fd, request->number, block);
	struct rtas_trace t = { .kind = TRACE_DEVICE };
	char text[200];

	*answer = (struct papr_answer){ .err = result < 0 ? result : 0, .fd = result };
	answer->status = papr_dev_status(call, answer->err);
	t.err = answer->err;
	t.status = answer->status;
	snprintf(text, sizeof(text), "ioctl /%s %s(%s)", rtas_desc(call)->device.path,
		 request->verb, subject);
	papr_dev_trace(d, call, &t, begin, text);
	return answer->err != -ENOTTY && answer->err != -ENODEV && answer->err != -ENOSYS;
}

void papr_dev_end(const struct papr_dev *d, enum rtas_call call, int fd,
		  const char *subject, void *block, struct papr_answer *answer)
{
	papr_dev_send(d, call, fd, &rtas_desc(call)->device.last_request, subject, block,
		      answer);
}

bool papr_dev_is_missing(const struct papr_dev *d, enum rtas_call call)
{
	_Static_assert(RTAS_CALLS <= 64, "a bit for each call");

	return d->missing && *d->missing >> call & 1;
}

/* Open the device. Do not trace a missing device, only one that cannot be opened. */
static int papr_dev_open(const struct papr_dev *d, enum rtas_call call)
{
	const struct rtas_desc *desc = rtas_desc(call);
	struct rtas_trace t = { .kind = TRACE_TRANSFER };
	int64_t begin = deadline_now_ns();
	char text[80];
	int fd;

	if (!d || !d->ops.open || papr_dev_is_missing(d, call))
		return -ENODEV;

	fd = d->ops.open(d->ops.priv, desc->device.path,
			 desc->device.for_writing ? O_RDWR : O_RDONLY);
	if (fd == -ENOENT)
		*d->missing |= UINT64_C(1) << call;
	else if (fd < 0) {
		t.err = fd;
		snprintf(text, sizeof(text), "open /%s", desc->device.path);
		papr_dev_trace(d, call, &t, begin, text);
	}
	return fd;
}

bool papr_dev_query(const struct papr_dev *d, enum rtas_call call, const char *subject,
		    void *block, struct papr_answer *answer)
{
	int fd = papr_dev_open(d, call);
	bool is_made;

	if (fd < 0)
		return false;

	is_made = papr_dev_send(d, call, fd, &rtas_desc(call)->device.request, subject,
				block, answer);
	d->ops.close(d->ops.priv, fd);
	return is_made;
}

bool papr_dev_can_open(const struct papr_dev *d, enum rtas_call call)
{
	int fd = papr_dev_open(d, call);

	if (fd >= 0)
		d->ops.close(d->ops.priv, fd);
	return fd >= 0;
}

void papr_dev_read(const struct papr_dev *d, enum rtas_call call, int fd, void *buf,
		   size_t *len, struct papr_answer *answer)
{
	struct rtas_trace t = { .kind = TRACE_TRANSFER };
	int64_t begin = deadline_now_ns();
	ssize_t n = d->ops.read(d->ops.priv, fd, buf, *len);
	char text[80];

	/* The device reports more bytes than were requested: do not trust it. */
	if (n > 0 && (size_t)n > *len)
		n = -EIO;
	snprintf(text, sizeof(text), "read /%s %zu bytes", rtas_desc(call)->device.path,
		 *len);
	*answer = (struct papr_answer){ .err = n < 0 ? (int)n : 0 };
	answer->status = papr_dev_status(call, answer->err);
	t.err = answer->err;
	t.status = n < 0 ? 0 : (int32_t)n;
	papr_dev_trace(d, call, &t, begin, text);
	*len = n < 0 ? 0 : (size_t)n;
}

int papr_dev_result(const struct papr_answer *answer)
{
	if (answer->err)
		errno = -answer->err;
	return answer->status;
}
