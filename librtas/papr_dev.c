// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include "librtas/papr_dev.h"

/* Only requests that change something need a descriptor for writing. */
static const struct request {
	const char *path;
	const char *verb;
	uint32_t number;
	int flags;
	enum rtas_call call;
	int32_t einval; /* the status that EINVAL corresponds to */
} requests[PAPR_REQUESTS] = {
	[PAPR_GET_VPD] = { "dev/papr-vpd", "create", PAPR_VPD_CREATE, O_RDONLY,
			   RTAS_GET_VPD, RTAS_PARAMETER_ERROR },
	[PAPR_GET_SYSPARM] = { "dev/papr-sysparm", "get", PAPR_SYSPARM_GET, O_RDONLY,
			       RTAS_GET_SYSTEM_PARAMETER, RTAS_BAD_LENGTH },
	[PAPR_SET_SYSPARM] = { "dev/papr-sysparm", "set", PAPR_SYSPARM_SET, O_RDWR,
			       RTAS_SET_SYSTEM_PARAMETER, RTAS_BAD_LENGTH },
	[PAPR_GET_INDICES] = { "dev/papr-indices", "create", PAPR_INDICES_CREATE,
			       O_RDONLY, RTAS_GET_INDICES, RTAS_PARAMETER_ERROR },
	[PAPR_GET_DYNAMIC_SENSOR] = { "dev/papr-indices", "get", PAPR_DYNAMIC_SENSOR_GET,
				      O_RDONLY, RTAS_GET_DYNAMIC_SENSOR_STATE,
				      RTAS_PARAMETER_ERROR },
	[PAPR_SET_DYNAMIC_INDICATOR] = { "dev/papr-indices", "set",
					 PAPR_DYNAMIC_INDICATOR_SET, O_RDWR,
					 RTAS_SET_DYNAMIC_INDICATOR,
					 RTAS_PARAMETER_ERROR },
	[PAPR_GET_DUMP] = { "dev/papr-platform-dump", "create", PAPR_PLATFORM_DUMP_CREATE,
			    O_RDONLY, RTAS_PLATFORM_DUMP, RTAS_PARAMETER_ERROR },
	[PAPR_DROP_DUMP] = { "dev/papr-platform-dump", "invalidate",
			     PAPR_PLATFORM_DUMP_INVALIDATE, O_RDONLY, RTAS_PLATFORM_DUMP,
			     RTAS_PARAMETER_ERROR },
	[PAPR_GET_ATTESTATION] = { "dev/papr-physical-attestation", "create",
				   PAPR_ATTESTATION_CREATE, O_RDONLY,
				   RTAS_PHYSICAL_ATTESTATION, RTAS_PARAMETER_ERROR },
};

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
	int result = ioctl(fd, (unsigned long)request, block);

	(void)priv;
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

struct papr_dev_ops papr_dev_system(struct kern_root *root)
{
	return (struct papr_dev_ops){
		.open = papr_dev_system_open,
		.ioctl = papr_dev_system_ioctl,
		.read = papr_dev_system_read,
		.close = papr_dev_system_close,
		.priv = root,
	};
}

/* Return the firmware status that corresponds to the errno. */
static int32_t papr_dev_status(enum papr_request what, int err)
{
	switch (err) {
	case 0:
		return RTAS_SUCCESS;
	case -EINVAL:
		return requests[what].einval;
	case -EPERM:
		return RTAS_NOT_AUTHORIZED;
	case -EOPNOTSUPP:
		return RTAS_PARAMETER_ERROR;
	default:
		return RTAS_HARDWARE_ERROR;
	}
}

static bool papr_dev_is_unsupported(int err)
{
	return err == -ENOTTY || err == -ENODEV || err == -ENOSYS;
}

static void papr_dev_trace(const struct papr_dev *d, enum papr_request what,
			   struct rtas_trace *trace, int64_t begin, const char *text)
{
	trace->call = requests[what].call;
	trace->text = text;
	trace->ns = deadline_now_ns() - begin;
	engine_trace(d->engine, trace);
}

bool papr_dev_query_fd(const struct papr_dev *d, enum papr_request what, int fd,
		       const char *subject, void *block, struct papr_answer *answer)
{
	const struct request *r = &requests[what];
	int64_t begin = deadline_now_ns();
	int result = d->ops.ioctl(d->ops.priv, fd, r->number, block);
	struct rtas_trace t = { .kind = TRACE_DEVICE };
	char text[200];

	*answer = (struct papr_answer){ .err = result < 0 ? result : 0, .fd = result };
	answer->status = papr_dev_status(what, answer->err);
	t.err = answer->err;
	t.status = answer->status;
	snprintf(text, sizeof(text), "ioctl /%s %s(%s)", r->path, r->verb, subject);
	papr_dev_trace(d, what, &t, begin, text);
	return !papr_dev_is_unsupported(answer->err);
}

/* Open the device. Do not trace a missing device, only one that cannot be opened. */
static int papr_dev_open(const struct papr_dev *d, enum papr_request what)
{
	const struct request *r = &requests[what];
	struct rtas_trace t = { .kind = TRACE_TRANSFER };
	int64_t begin = deadline_now_ns();
	char text[80];
	int fd;

	if (!d || !d->ops.open)
		return -ENODEV;

	fd = d->ops.open(d->ops.priv, r->path, r->flags);
	if (fd < 0 && fd != -ENOENT) {
		t.err = fd;
		snprintf(text, sizeof(text), "open /%s", r->path);
		papr_dev_trace(d, what, &t, begin, text);
	}
	return fd;
}

bool papr_dev_query(const struct papr_dev *d, enum papr_request what, const char *subject,
		    void *block, struct papr_answer *answer)
{
	int fd = papr_dev_open(d, what);
	bool is_made;

	if (fd < 0)
		return false;

	is_made = papr_dev_query_fd(d, what, fd, subject, block, answer);
	d->ops.close(d->ops.priv, fd);
	return is_made;
}

bool papr_dev_can_open(const struct papr_dev *d, enum papr_request what)
{
	int fd = papr_dev_open(d, what);

	if (fd >= 0)
		d->ops.close(d->ops.priv, fd);
	return fd >= 0;
}

void papr_dev_read(const struct papr_dev *d, enum papr_request what, int fd, void *buf,
		   size_t *len, struct papr_answer *answer)
{
	struct rtas_trace t = { .kind = TRACE_TRANSFER };
	int64_t begin = deadline_now_ns();
	ssize_t n = d->ops.read(d->ops.priv, fd, buf, *len);
	char text[80];

	/* The device reports more bytes than were requested: do not trust it. */
	if (n > 0 && (size_t)n > *len)
		n = -EIO;
	snprintf(text, sizeof(text), "read /%s %zu bytes", requests[what].path, *len);
	*answer = (struct papr_answer){ .err = n < 0 ? (int)n : 0 };
	answer->status = papr_dev_status(what, answer->err);
	t.err = answer->err;
	t.status = n < 0 ? 0 : (int32_t)n;
	papr_dev_trace(d, what, &t, begin, text);
	*len = n < 0 ? 0 : (size_t)n;
}

int papr_dev_result(const struct papr_answer *answer)
{
	if (answer->err)
		errno = -answer->err;
	return answer->status;
}
