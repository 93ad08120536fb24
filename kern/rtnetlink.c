// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <linux/net_namespace.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "kern/cleanup.h"
#include "kern/rtnetlink.h"

enum {
	ANSWER_BYTES = 32 * 1024, /* the kernel's own limit for one part of a list */
};

/* A message: the header, that of its type, and attributes. */
union request {
	struct nlmsghdr head;
	uint8_t bytes[192]; /* an alternative name has up to 128 */
};

/* Visit one message of an answer. Return 0, or another value to end the list. */
typedef int message_visitor(void *to, struct nlmsghdr *message);

static int rtnetlink_send(const union request *request)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);

	if (fd < 0)
		return -errno;
	if (sendto(fd, request, request->head.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0) {
		int err = -errno;

		close(fd);
		return err;
	}
	return fd;
}

static int rtnetlink_message_error(struct nlmsghdr *message)
{
	struct nlmsgerr *error = NLMSG_DATA(message);

	return message->nlmsg_len < NLMSG_LENGTH(sizeof(*error)) ? -EBADMSG
								 : error->error;
}

/* Check the length here. The header's macros count with signed numbers. They also move
 * past the end of a message whose length is not a multiple of 4. */
static bool rtnetlink_message_fits(struct nlmsghdr *message, size_t len)
{
	return len >= sizeof(*message) && message->nlmsg_len >= sizeof(*message) &&
	       message->nlmsg_len <= len;
}

static size_t rtnetlink_step(size_t aligned, size_t len)
{
	return aligned < len ? aligned : len;
}

/* Visit the messages of one answer. Return 1 if the list continues in the next one, 0 at
 * its end, or an error. */
static int rtnetlink_visit_answer(struct nlmsghdr *message, size_t len,
				  message_visitor *visit, void *to)
{
	while (rtnetlink_message_fits(message, len)) {
		size_t step = rtnetlink_step(NLMSG_ALIGN(message->nlmsg_len), len);
		int err;

		if (message->nlmsg_type == NLMSG_DONE)
			return 0;
		if (message->nlmsg_type == NLMSG_ERROR)
			return rtnetlink_message_error(message);
		err = visit(to, message);
		if (err)
			return err;
		if (!(message->nlmsg_flags & NLM_F_MULTI))
			return 0;
		message = (void *)((char *)message + step);
		len -= step;
	}
	return 1;
}

static int rtnetlink_query(const union request *request, message_visitor *visit, void *to)
{
	_cleanup_close_ int fd = rtnetlink_send(request);
	_cleanup_free_ struct nlmsghdr *answer = malloc(ANSWER_BYTES);
	int more = 1;

	if (fd < 0)
		return fd;
	if (!answer)
		return -ENOMEM;
	while (more > 0) {
		ssize_t n = recv(fd, answer, ANSWER_BYTES, MSG_TRUNC);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n > ANSWER_BYTES)
			return -EMSGSIZE;
		more = n ? rtnetlink_visit_answer(answer, (size_t)n, visit, to)
			 : -EBADMSG;
	}
	return more;
}

/* The lengths of attributes are checked. */
struct attrs {
	struct rtattr *first;
	size_t len;
};

/* Return the attribute of this type with at least size bytes, or NULL. */
static struct rtattr *rtnetlink_find_attr(struct attrs attrs, unsigned short type,
					  size_t size)
{
	struct rtattr *attr = attrs.first;
	size_t len = attrs.len;

	while (len >= sizeof(*attr) && attr->rta_len >= sizeof(*attr) &&
	       attr->rta_len <= len) {
		size_t step = rtnetlink_step(RTA_ALIGN(attr->rta_len), len);

		if (attr->rta_type == type && RTA_PAYLOAD(attr) >= size)
			return attr;
		attr = (void *)((char *)attr + step);
		len -= step;
	}
	return NULL;
}

static size_t rtnetlink_address_size(unsigned char family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

static const void *rtnetlink_find_address(struct attrs attrs, unsigned short type,
					  unsigned char family)
{
	struct rtattr *attr =
		rtnetlink_find_attr(attrs, type, rtnetlink_address_size(family));

	return attr ? RTA_DATA(attr) : NULL;
}

static bool rtnetlink_find_number(struct attrs attrs, unsigned short type,
				  unsigned int *number)
{
	struct rtattr *attr = rtnetlink_find_attr(attrs, type, sizeof(*number));

	if (attr)
		memcpy(number, RTA_DATA(attr), sizeof(*number));
	return attr != NULL;
}

/* Test the type of a message, whose own header has this size. Return its attributes. */
static bool rtnetlink_is(struct nlmsghdr *message, uint16_t type, size_t size,
			 struct attrs *attrs)
{
	if (message->nlmsg_type != type || message->nlmsg_len < NLMSG_SPACE(size))
		return false;
	*attrs = (struct attrs){ (void *)((char *)message + NLMSG_SPACE(size)),
				 message->nlmsg_len - NLMSG_SPACE(size) };
	return true;
}

/* Return a request of this type, with its fixed header. */
static union request rtnetlink_request(uint16_t type, uint16_t flags, const void *body,
				       size_t size)
{
	union request request;

	memset(&request, 0, sizeof(request));
	request.head.nlmsg_len = (uint32_t)NLMSG_LENGTH(size);
	request.head.nlmsg_type = type;
	request.head.nlmsg_flags = NLM_F_REQUEST | flags;
	memcpy(NLMSG_DATA(&request.head), body, size);
	return request;
}

static void rtnetlink_add_attr(union request *request, unsigned short type,
			       const void *data, size_t size)
{
	struct rtattr attr = { (unsigned short)RTA_LENGTH(size), type };
	uint8_t *at = request->bytes + NLMSG_ALIGN(request->head.nlmsg_len);

	memcpy(at, &attr, sizeof(attr));
	memcpy(at + sizeof(attr), data, size);
	request->head.nlmsg_len = (uint32_t)(at - request->bytes) + attr.rta_len;
}

struct listing {
	net_visitor *visit;
	void *to;
	unsigned int nsid; /* of the namespace that is read */
};

/* Return true for an address that another host can reach. */
static bool rtnetlink_address_is_shown(struct ifaddrmsg *m, const void *bytes)
{
	if (m->ifa_scope == RT_SCOPE_HOST)
		return false;
	return m->ifa_family == AF_INET ||
	       (m->ifa_family == AF_INET6 && !IN6_IS_ADDR_LINKLOCAL(bytes));
}

static int rtnetlink_visit_address(void *to, struct nlmsghdr *message)
{
	const struct listing *list = to;
	struct ifaddrmsg *m = NLMSG_DATA(message);
	char name[IF_NAMESIZE], text[INET6_ADDRSTRLEN], full[INET6_ADDRSTRLEN + 8];
	struct attrs attrs;
	const void *bytes;

	if (!rtnetlink_is(message, RTM_NEWADDR, sizeof(*m), &attrs))
		return 0;
	/* On a point-to-point link IFA_LOCAL is this end, IFA_ADDRESS the other end. */
	bytes = rtnetlink_find_address(attrs, IFA_LOCAL, m->ifa_family);
	if (!bytes)
		bytes = rtnetlink_find_address(attrs, IFA_ADDRESS, m->ifa_family);
	if (!bytes || !rtnetlink_address_is_shown(m, bytes) ||
	    !if_indextoname(m->ifa_index, name) ||
	    !inet_ntop(m->ifa_family, bytes, text, sizeof(text)))
		return 0;
	snprintf(full, sizeof(full), "%s/%u", text, m->ifa_prefixlen);
	return list->visit(list->to, name, full);
}

static int rtnetlink_list_addresses(void *priv, net_visitor *visit, void *to)
{
	const struct ifaddrmsg all = { 0 };
	struct listing list = { .visit = visit, .to = to };
	union request request =
		rtnetlink_request(RTM_GETADDR, NLM_F_DUMP, &all, sizeof(all));

	(void)priv;
	return rtnetlink_query(&request, rtnetlink_visit_address, &list);
}

static int rtnetlink_report_route(const struct listing *list, unsigned char family,
				  unsigned int index, struct attrs attrs)
{
	const void *gateway = rtnetlink_find_address(attrs, RTA_GATEWAY, family);
	char name[IF_NAMESIZE], via[INET6_ADDRSTRLEN],
		text[sizeof("default via ") + INET6_ADDRSTRLEN];

	if (!if_indextoname(index, name))
		return 0;
	if (gateway && inet_ntop(family, gateway, via, sizeof(via)))
		snprintf(text, sizeof(text), "default via %s", via);
	else
		snprintf(text, sizeof(text), "default");
	return list->visit(list->to, name, text);
}

/* Show a route over several interfaces, once for each of them. */
static int rtnetlink_report_hops(const struct listing *list, unsigned char family,
				 struct rtattr *hops)
{
	struct rtnexthop *hop = RTA_DATA(hops);
	size_t len = RTA_PAYLOAD(hops);
	int err = 0;

	while (!err && len >= sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) &&
	       hop->rtnh_len <= len) {
		size_t step = RTNH_ALIGN(hop->rtnh_len);
		struct attrs attrs = { RTNH_DATA(hop), hop->rtnh_len - sizeof(*hop) };

		err = rtnetlink_report_route(list, family,
					     (unsigned int)hop->rtnh_ifindex, attrs);
		if (step >= len)
			break;
		len -= step;
		hop = (void *)((char *)hop + step);
	}
	return err;
}

static int rtnetlink_visit_route(void *to, struct nlmsghdr *message)
{
	struct rtmsg *m = NLMSG_DATA(message);
	struct attrs attrs;
	struct rtattr *hops;
	unsigned int index;

	if (!rtnetlink_is(message, RTM_NEWROUTE, sizeof(*m), &attrs) || m->rtm_dst_len ||
	    m->rtm_type != RTN_UNICAST)
		return 0;
	hops = rtnetlink_find_attr(attrs, RTA_MULTIPATH, 0);
	if (hops)
		return rtnetlink_report_hops(to, m->rtm_family, hops);
	return rtnetlink_find_number(attrs, RTA_OIF, &index)
		       ? rtnetlink_report_route(to, m->rtm_family, index, attrs)
		       : 0;
}

static int rtnetlink_list_default_routes(void *priv, net_visitor *visit, void *to)
{
	const struct rtmsg all = { 0 };
	struct listing list = { .visit = visit, .to = to };
	union request request =
		rtnetlink_request(RTM_GETROUTE, NLM_F_DUMP, &all, sizeof(all));

	(void)priv;
	return rtnetlink_query(&request, rtnetlink_visit_route, &list);
}

static int rtnetlink_visit_lookup(void *to, struct nlmsghdr *message)
{
	struct attrs attrs;

	if (!rtnetlink_is(message, RTM_NEWROUTE, sizeof(struct rtmsg), &attrs))
		return -EBADMSG;
	return rtnetlink_find_number(attrs, RTA_OIF, to) ? 0 : -ENOENT;
}

static int rtnetlink_query_route(void *priv, const char *address, const char *source,
				 char *interface, size_t size)
{
	struct rtmsg m = { .rtm_family = strchr(address, ':') ? AF_INET6 : AF_INET };
	unsigned char bytes[sizeof(struct in6_addr)], from[sizeof(struct in6_addr)];
	size_t len = rtnetlink_address_size(m.rtm_family);
	unsigned int index = 0;
	char name[IF_NAMESIZE];
	union request request;
	int err;

	(void)priv;
	if (inet_pton(m.rtm_family, address, bytes) != 1 ||
	    (source && inet_pton(m.rtm_family, source, from) != 1))
		return -EINVAL;
	m.rtm_dst_len = (unsigned char)(8 * len);
	m.rtm_src_len = source ? m.rtm_dst_len : 0;
	request = rtnetlink_request(RTM_GETROUTE, 0, &m, sizeof(m));
	rtnetlink_add_attr(&request, RTA_DST, bytes, len);
	if (source)
		rtnetlink_add_attr(&request, RTA_SRC, from, len);
	err = rtnetlink_query(&request, rtnetlink_visit_lookup, &index);
	if (err)
		return err;
	if (!if_indextoname(index, name))
		return -errno;
	return (size_t)snprintf(interface, size, "%s", name) < size ? 0 : -ENAMETOOLONG;
}

static int rtnetlink_visit_kind(void *to, struct nlmsghdr *message)
{
	struct rtattr *info, *attr;
	struct attrs attrs;

	if (!rtnetlink_is(message, RTM_NEWLINK, sizeof(struct ifinfomsg), &attrs))
		return -EBADMSG;
	info = rtnetlink_find_attr(attrs, IFLA_LINKINFO, 0);
	attrs = info ? (struct attrs){ RTA_DATA(info), RTA_PAYLOAD(info) }
		     : (struct attrs){ NULL, 0 };
	attr = rtnetlink_find_attr(attrs, IFLA_INFO_KIND, 1);
	if (!attr)
		return -ENODATA;
	snprintf(to, NET_KIND_BYTES, "%.*s", (int)RTA_PAYLOAD(attr),
		 (const char *)RTA_DATA(attr));
	return 0;
}

static int rtnetlink_query_kind(void *priv, const char *interface,
				char kind[NET_KIND_BYTES])
{
	const struct ifinfomsg link = { .ifi_index = (int)if_nametoindex(interface) };
	union request request = rtnetlink_request(RTM_GETLINK, 0, &link, sizeof(link));

	(void)priv;
	return link.ifi_index ? rtnetlink_query(&request, rtnetlink_visit_kind, kind)
			      : -errno;
}

enum { NSIDS_LISTED = 128, NSIDS_MAX = 1024 };

static int rtnetlink_visit_nsid(void *to, struct nlmsghdr *message)
{
	struct attrs attrs;

	return rtnetlink_is(message, RTM_NEWNSID, sizeof(struct rtgenmsg), &attrs) &&
			       rtnetlink_find_number(attrs, NETNSA_NSID, to)
		       ? 0
		       : -EBADMSG;
}

/* Query the number of this namespace, or the last one of a list. */
static int rtnetlink_query_nsid(uint16_t flags, unsigned int *nsid)
{
	const struct rtgenmsg any = { 0 };
	union request request = rtnetlink_request(RTM_GETNSID, flags, &any, sizeof(any));
	int32_t pid = flags ? 0 : getpid();

	rtnetlink_add_attr(&request, NETNSA_PID, &pid, sizeof(pid));
	return rtnetlink_query(&request, rtnetlink_visit_nsid, nsid);
}

/* In the answer, IFLA_LINK_NETNSID is a number of this namespace, also for itself. The
 * kernel numbers it at the first such answer (rtnl_fill_link_netnsid()). */
static int rtnetlink_visit_link(void *to, struct nlmsghdr *message)
{
	const struct listing *list = to;
	char name[IF_NAMESIZE], text[16];
	unsigned int index, nsid, own;
	struct rtattr *device;
	struct attrs attrs;
	int err = 0;

	if (!rtnetlink_is(message, RTM_NEWLINK, sizeof(struct ifinfomsg), &attrs))
		return 0;
	snprintf(text, sizeof(text), "%u", list->nsid);
	/* the kernel ends the name with a 0 */
	device = rtnetlink_find_attr(attrs, IFLA_PARENT_DEV_NAME, 1);
	if (device && !((char *)RTA_DATA(device))[RTA_PAYLOAD(device) - 1])
		err = list->visit(list->to, RTA_DATA(device), text);
	return err || !rtnetlink_find_number(attrs, IFLA_LINK, &index) ||
			       !rtnetlink_find_number(attrs, IFLA_LINK_NETNSID, &nsid) ||
			       rtnetlink_query_nsid(0, &own) || nsid != own ||
			       !if_indextoname(index, name)
		       ? err
		       : list->visit(list->to, name, text);
}

/* Try each number up to the last one: the kernel gives the lowest unused one. Linux 6.18 ends
 * the list after the first message, which has at least 128. Without the right to read a
 * namespace, its list is empty: NLMSG_DONE has the error. */
static int rtnetlink_list_links_elsewhere(void *priv, net_visitor *visit, void *to)
{
	const struct ifinfomsg all = { 0 };
	struct listing list = { .visit = visit, .to = to };
	unsigned int last = UINT_MAX, own;
	int err = rtnetlink_query_nsid(NLM_F_DUMP, &last);

	(void)priv;
	if (last != UINT_MAX && last >= NSIDS_LISTED)
		last = NSIDS_MAX;
	for (; !err && last != UINT_MAX && list.nsid <= last; list.nsid++) {
		union request request =
			rtnetlink_request(RTM_GETLINK, NLM_F_DUMP, &all, sizeof(all));

		/* Listing another namespace can make the kernel number this one. */
		if (!rtnetlink_query_nsid(0, &own) && list.nsid == own)
			continue;
		rtnetlink_add_attr(&request, IFLA_TARGET_NETNSID, &list.nsid,
				   sizeof(list.nsid));
		err = rtnetlink_query(&request, rtnetlink_visit_link, &list);
	}
	return err;
}

enum { ALT_NAME_BYTES = 128 }; /* ALTIFNAMSIZ of linux/if.h, which net/if.h excludes */

static int rtnetlink_visit_index(void *to, struct nlmsghdr *message)
{
	const struct ifinfomsg *m = NLMSG_DATA(message);
	struct attrs attrs;

	if (!rtnetlink_is(message, RTM_NEWLINK, sizeof(*m), &attrs))
		return -EBADMSG;
	*(int *)to = m->ifi_index;
	return 0;
}

static int rtnetlink_query_name(void *priv, const char *alternative,
				char name[NET_NAME_BYTES])
{
	const struct ifinfomsg any = { 0 };
	union request request = rtnetlink_request(RTM_GETLINK, 0, &any, sizeof(any));
	size_t len = strlen(alternative) + 1;
	int index, err;

	(void)priv;
	if (len > ALT_NAME_BYTES)
		return -ENODEV;
	rtnetlink_add_attr(&request, IFLA_ALT_IFNAME, alternative, len);
	err = rtnetlink_query(&request, rtnetlink_visit_index, &index);
	if (err)
		return err;
	return if_indextoname((unsigned int)index, name) ? 0 : -errno;
}

_Static_assert(NET_NAME_BYTES == IF_NAMESIZE, "if_indextoname() writes as many");

const struct net_facts rtnetlink_facts = {
	.addresses = rtnetlink_list_addresses,
	.default_routes = rtnetlink_list_default_routes,
	.route_to = rtnetlink_query_route,
	.kind_of = rtnetlink_query_kind,
	.links_elsewhere = rtnetlink_list_links_elsewhere,
	.name_of = rtnetlink_query_name,
};
