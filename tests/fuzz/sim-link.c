// SPDX-License-Identifier: GPL-2.0-or-later
/* links: libvmmsim.la libvmmserver.la libpaprvmm.la libprocess.la */
/* Messages for papr-vmm and the agent of its guest: a byte with the number of descriptors,
 * two with the length, then the bytes of the message. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "tests/fuzz/fuzz.h"
#include "vmm/server/loop.h"
#include "vmm/sim/attach.h"
#include "vmm/sim/link.h"

enum { FDS_MAX = LINK_FDS + 2, FDS_SEARCHED = 64 };

struct record {
	int n_fds;
	const uint8_t *bytes;
	size_t len;
};

/* Read the next message. Return false at the end. */
static bool next_record(struct record *r, const uint8_t **data, const uint8_t *end)
{
	if (end - *data < 3)
		return false;
	r->n_fds = **data % (FDS_MAX + 1);
	r->len = (size_t)(*data)[1] << 8 | (*data)[2];
	*data += 3;
	if (r->len > (size_t)(end - *data))
		r->len = (size_t)(end - *data);
	r->bytes = *data;
	*data += r->len;
	return true;
}

/* Count the open descriptors, so that a lost one is noticed. */
static int count_fds(void)
{
	int n = 0;

	for (int fd = 0; fd < FDS_SEARCHED; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static bool give(int to, const struct record *r)
{
	_Alignas(struct cmsghdr) char control[CMSG_SPACE(sizeof(int) * FDS_MAX)] = { 0 };
	struct iovec part = { (void *)(uintptr_t)r->bytes, r->len };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	struct cmsghdr *c;

	if (r->n_fds) {
		msg.msg_control = control;
		msg.msg_controllen = CMSG_SPACE(sizeof(int) * (size_t)r->n_fds);
		c = CMSG_FIRSTHDR(&msg);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(sizeof(int) * (size_t)r->n_fds);
		for (int i = 0; i < r->n_fds; i++)
			memcpy(CMSG_DATA(c) + sizeof(int) * (size_t)i, &to, sizeof(to));
	}
	return sendmsg(to, &msg, MSG_NOSIGNAL | MSG_DONTWAIT) >= 0;
}

static void check_run(struct link_message *m)
{
	struct link_run run;
	char **strings = link_split(m, &run);

	if (!strings)
		return;
	for (size_t i = 0, n = 1 + (size_t)run.n_args + 1 + run.n_env; i <= n; i++) {
		bool is_end = i == 1 + run.n_args || i == n;

		MUST(is_end == !strings[i]);
		MUST(is_end ||
		     (strings[i] >= m->bytes && strings[i] < m->bytes + m->len));
	}
	free(strings);
}

static void check_message(const struct record *r, int fd)
{
	struct link_message m;
	int n = link_receive(fd, &m, MSG_DONTWAIT);

	if (n != 1) {
		MUST(n == -EPIPE && r->len < sizeof(m.head));
		return;
	}
	MUST(r->len >= sizeof(m.head) && m.len == r->len - sizeof(m.head));
	MUST(!m.bytes[m.len]);
	MUST(m.n_fds == (r->n_fds < LINK_FDS ? r->n_fds : LINK_FDS));
	for (int i = 0; i < m.n_fds; i++)
		MUST(fcntl(m.fds[i], F_GETFD) == FD_CLOEXEC);
	check_run(&m);
	link_done(&m);
}

/* The messages arrive at the agent. */
static void give_agent(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct record r;
	int ends[2];

	MUST(!socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends));
	while (next_record(&r, &data, end))
		if (give(ends[1], &r))
			check_message(&r, ends[0]);
	close(ends[0]);
	close(ends[1]);
}

static int connect_to(pid_t pid)
{
	struct sockaddr_un name = { .sun_family = AF_UNIX };
	int len = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "papr-vmm/%d",
			   (int)pid),
	    fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	MUST(!connect(fd, (struct sockaddr *)&name,
		      (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1) +
			      (socklen_t)len));
	return fd;
}

/* The messages come from a client of attach, each as often as the server accepts it. */
static void give_server(const uint8_t *data, size_t size)
{
	const uint8_t *end = data + size;
	struct attach_server *server;
	struct loop *loop;
	struct record r;
	int client;

	MUST(!loop_new(&loop) && !attach_serve(&server, loop));
	client = connect_to(getpid());
	MUST(!loop_run_once(loop));
	while (next_record(&r, &data, end)) {
		if (give(client, &r)) {
			MUST(!loop_run_once(loop));
			continue;
		}
		close(client);
		client = connect_to(getpid());
		MUST(!loop_run_once(loop));
	}
	close(client);
	attach_server_free(server);
	loop_free(loop);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int n = count_fds();

	give_agent(data, size);
	give_server(data, size);
	MUST(count_fds() == n);
	return 0;
}
