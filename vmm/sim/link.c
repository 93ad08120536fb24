// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vmm/sim/link.h"

int link_send(int fd, const struct link_head *head, const void *bytes, size_t len,
	      const int *fds, int n_fds)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * LINK_FDS)] = { 0 };
	struct link_head copy = *head;
	struct iovec parts[] = {
		{ &copy, sizeof(copy) },
		{ (void *)(uintptr_t)bytes, len },
	};
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = len ? 2 : 1 };
	struct cmsghdr *c;

	if (n_fds > LINK_FDS || len > LINK_BYTES)
		return -E2BIG;
	if (n_fds) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)n_fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)n_fds);
		memcpy(CMSG_DATA(c), fds, sizeof(int) * (size_t)n_fds);
	}
	return sendmsg(fd, &msg, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static void take_fds(struct link_message *m, struct msghdr *msg)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(msg); c; c = CMSG_NXTHDR(msg, c)) {
		if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
			continue;
		m->n_fds = (int)((c->cmsg_len - CMSG_LEN(0)) / sizeof(int));
		memcpy(m->fds, CMSG_DATA(c), sizeof(int) * (size_t)m->n_fds);
	}
}

int link_receive(int fd, struct link_message *m, int flags)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * LINK_FDS)];
	struct iovec parts[2] = { { &m->head, sizeof(m->head) }, { NULL, LINK_BYTES } };
	struct msghdr msg = {
		.msg_iov = parts,
		.msg_iovlen = 2,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t n;

	*m = (struct link_message){ .bytes = malloc(LINK_BYTES + 1) };
	if (!m->bytes)
		return -ENOMEM;
	parts[1].iov_base = m->bytes;

	do {
		n = recvmsg(fd, &msg, flags | MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		take_fds(m, &msg);
	if (n >= (ssize_t)sizeof(m->head)) {
		m->len = (size_t)n - sizeof(m->head);
		m->bytes[m->len] = '\0';
		return 1;
	}

	n = n < 0 ? -errno : -EPIPE;
	link_done(m); /* even an incomplete message may have descriptors */
	return n == -EAGAIN ? 0 : (int)n;
}

void link_done(struct link_message *m)
{
	while (m->n_fds)
		if (m->fds[--m->n_fds] >= 0)
			close(m->fds[m->n_fds]);
	free(m->bytes);
	m->bytes = NULL;
}

char **link_split(struct link_message *m, struct link_run *run)
{
	size_t at = sizeof(*run), n = 0, want;
	char **strings;

	if (m->len < sizeof(*run))
		return NULL;
	memcpy(run, m->bytes, sizeof(*run));
	if (!run->n_args || run->n_args > LINK_BYTES || run->n_env > LINK_BYTES)
		return NULL;
	want = 1 + run->n_args + run->n_env;
	strings = calloc(want + 2, sizeof(*strings));
	while (strings && n < want && at < m->len) {
		strings[n < 1 + run->n_args ? n : n + 1] = m->bytes + at;
		at += strlen(m->bytes + at) + 1;
		n++;
	}
	if (n < want) {
		free(strings);
		return NULL;
	}
	return strings;
}
