// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/unit/fakes/mock_dev.h"

static const struct mock_dev_step *step(struct mock_dev *m, enum mock_dev_kind kind,
					int fd)
{
	const struct mock_dev_step *s = &m->steps[m->next];

	if (m->next++ == m->n)
		fail_msg("step %zu is one too many", m->next);
	assert_int_equal(kind, s->kind);
	assert_int_equal(fd, s->fd);
	return s;
}

static int opened(struct mock_dev *m, int fd)
{
	if (fd > 0) {
		assert_true((size_t)fd < COUNT(m->is_open));
		assert_false(m->is_open[fd]);
		m->is_open[fd] = true;
	}
	return fd;
}

static int mock_open(void *priv, const char *path, int flags)
{
	struct mock_dev *m = priv;
	const struct mock_dev_step *s = step(m, MOCK_OPEN, 0);

	assert_string_equal(path, s->path);
	assert_int_equal(flags, s->number);
	return opened(m, s->result);
}

static int mock_ioctl(void *priv, int fd, uint32_t request, void *block)
{
	struct mock_dev *m = priv;
	const struct mock_dev_step *s = step(m, MOCK_IOCTL, fd);

	assert_true(m->is_open[fd]);
	assert_int_equal(request, s->number);
	if (s->want)
		assert_memory_equal(block, s->want, s->want_len);
	if (s->give)
		memcpy(block, s->give, s->give_len);
	return opened(m, s->result);
}

static ssize_t mock_read(void *priv, int fd, void *buf, size_t len)
{
	struct mock_dev *m = priv;
	const struct mock_dev_step *s = step(m, MOCK_READ, fd);

	assert_true(m->is_open[fd]);
	assert_int_equal(len, s->number);
	if (s->give)
		memcpy(buf, s->give, s->give_len < len ? s->give_len : len);
	return s->result;
}

static void mock_close(void *priv, int fd)
{
	struct mock_dev *m = priv;

	step(m, MOCK_CLOSE, fd);
	assert_true(m->is_open[fd]);
	m->is_open[fd] = false;
}

static int mock_identify(void *priv, int fd, struct papr_handle *handle)
{
	const struct mock_dev *m = priv;

	*handle = (struct papr_handle){ .ino = (ino_t)fd };
	snprintf(handle->link, sizeof(handle->link), m->is_reused ? "/dev/null" : "mock");
	return m->is_closed ? -EBADF : 0;
}

void mock_dev_init(struct mock_dev *m, const struct mock_dev_step *steps, size_t n)
{
	*m = (struct mock_dev){ .steps = steps, .n = n };
	m->ops = (struct papr_dev_ops){ mock_open,  mock_ioctl,	   mock_read,
					mock_close, mock_identify, m };
}

void mock_dev_done(const struct mock_dev *m, size_t open)
{
	assert_int_equal(m->next, m->n);
	for (size_t i = 0; i < COUNT(m->is_open); i++)
		open -= m->is_open[i];
	assert_int_equal(open, 0);
}
