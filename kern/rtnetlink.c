// SPDX-License-Identifier: LGPL-2.1-or-later
#include <arpa/inet.h>
#include <errno.h>
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
	ADDRESS_BYTES = 16,
};

struct request {
	struct nlmsghdr head;
	union {
		struct ifaddrmsg address;
		struct rtmsg route;
	};
	/* For a route: the attribute with the address. */
	struct rtattr attr;
	uint8_t bytes[ADDRESS_BYTES];
};

/* Visit one message of an answer. Return 0, or another value to end the list. */
typedef int message_visitor(void *to, struct nlmsghdr *message);

static int rtnetlink_send(const struct request *request)
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

static int rtnetlink_query(const struct request *request, message_visitor *visit,
			   void *to)
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

/* Return the attribute of this type with at least size bytes, or NULL. */
static struct rtattr *rtnetlink_find_attr(void *first, size_t len, unsigned short type,
					  size_t size)
{
	struct rtattr *attr = first;

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

static const void *rtnetlink_attr_data(void *first, size_t len, unsigned short type,
				       size_t size)
{
	struct rtattr *attr = rtnetlink_find_attr(first, len, type, size);

	return attr ? RTA_DATA(attr) : NULL;
}

static size_t rtnetlink_address_size(unsigned char family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

struct listing {
	net_visitor *visit;
	void *to;
	int32_t nsid; /* of the namespace that is read */
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
	size_t len = message->nlmsg_len - NLMSG_LENGTH(sizeof(*m));
	const void *bytes;

	if (message->nlmsg_type != RTM_NEWADDR ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return 0;
	/* On a point-to-point link IFA_LOCAL is this end, IFA_ADDRESS the other end. */
	bytes = rtnetlink_attr_data(IFA_RTA(m), len, IFA_LOCAL,
				    rtnetlink_address_size(m->ifa_family));
	if (!bytes)
		bytes = rtnetlink_attr_data(IFA_RTA(m), len, IFA_ADDRESS,
					    rtnetlink_address_size(m->ifa_family));
	if (!bytes || !rtnetlink_address_is_shown(m, bytes) ||
	    !if_indextoname(m->ifa_index, name) ||
	    !inet_ntop(m->ifa_family, bytes, text, sizeof(text)))
		return 0;
	snprintf(full, sizeof(full), "%s/%u", text, m->ifa_prefixlen);
	return list->visit(list->to, name, full);
}

static int rtnetlink_list_addresses(void *priv, net_visitor *visit, void *to)
{
	struct listing list = { .visit = visit, .to = to };
	const struct request request = {
		.head = { .nlmsg_len = NLMSG_LENGTH(sizeof(request.address)),
			  .nlmsg_type = RTM_GETADDR,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	(void)priv;
	return rtnetlink_query(&request, rtnetlink_visit_address, &list);
}

static int rtnetlink_report_route(const struct listing *list, unsigned char family,
				  unsigned int index, const void *gateway)
{
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
				 void *data, size_t len)
{
	struct rtnexthop *hop = data;
	int err = 0;

	while (!err && len >= sizeof(*hop) && hop->rtnh_len >= sizeof(*hop) &&
	       hop->rtnh_len <= len) {
		size_t step = RTNH_ALIGN(hop->rtnh_len);

		err = rtnetlink_report_route(
			list, family, (unsigned int)hop->rtnh_ifindex,
			rtnetlink_attr_data(RTNH_DATA(hop), hop->rtnh_len - sizeof(*hop),
					    RTA_GATEWAY, rtnetlink_address_size(family)));
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
	size_t len = message->nlmsg_len - NLMSG_LENGTH(sizeof(*m));
	struct rtattr *hops;
	const void *out;
	unsigned int index;

	if (message->nlmsg_type != RTM_NEWROUTE ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)) || m->rtm_dst_len ||
	    m->rtm_type != RTN_UNICAST)
		return 0;
	hops = rtnetlink_find_attr(RTM_RTA(m), len, RTA_MULTIPATH, 0);
	if (hops)
		return rtnetlink_report_hops(to, m->rtm_family, RTA_DATA(hops),
					     RTA_PAYLOAD(hops));
	out = rtnetlink_attr_data(RTM_RTA(m), len, RTA_OIF, sizeof(index));
	if (!out)
		return 0;
	memcpy(&index, out, sizeof(index));
	return rtnetlink_report_route(
		to, m->rtm_family, index,
		rtnetlink_attr_data(RTM_RTA(m), len, RTA_GATEWAY,
				    rtnetlink_address_size(m->rtm_family)));
}

static int rtnetlink_list_default_routes(void *priv, net_visitor *visit, void *to)
{
	struct listing list = { .visit = visit, .to = to };
	const struct request request = {
		.head = { .nlmsg_len = NLMSG_LENGTH(sizeof(request.route)),
			  .nlmsg_type = RTM_GETROUTE,
			  .nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP },
	};

	(void)priv;
	return rtnetlink_query(&request, rtnetlink_visit_route, &list);
}

static int rtnetlink_visit_lookup(void *to, struct nlmsghdr *message)
{
	struct rtmsg *m = NLMSG_DATA(message);
	const void *out;

	if (message->nlmsg_type != RTM_NEWROUTE ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return -EBADMSG;
	out = rtnetlink_attr_data(RTM_RTA(m),
				  message->nlmsg_len - NLMSG_LENGTH(sizeof(*m)), RTA_OIF,
				  sizeof(unsigned int));
	if (out)
		memcpy(to, out, sizeof(unsigned int));
	return out ? 0 : -ENOENT;
}

static bool rtnetlink_parse_address(const char *address, struct request *request)
{
	request->route.rtm_family = strchr(address, ':') ? AF_INET6 : AF_INET;
	return inet_pton(request->route.rtm_family, address, request->bytes) == 1;
}

static int rtnetlink_query_route(void *priv, const char *address, char *interface,
				 size_t size)
{
	struct request request = { .head = { .nlmsg_type = RTM_GETROUTE,
					     .nlmsg_flags = NLM_F_REQUEST } };
	char name[IF_NAMESIZE];
	unsigned int index = 0;
	size_t bytes;
	int err;

	(void)priv;
	if (!rtnetlink_parse_address(address, &request))
		return -EINVAL;
	bytes = rtnetlink_address_size(request.route.rtm_family);
	request.route.rtm_dst_len = (unsigned char)(8 * bytes);
	request.attr = (struct rtattr){ (unsigned short)RTA_LENGTH(bytes), RTA_DST };
	request.head.nlmsg_len = (uint32_t)(offsetof(struct request, bytes) + bytes);
	err = rtnetlink_query(&request, rtnetlink_visit_lookup, &index);
	if (err)
		return err;
	if (!if_indextoname(index, name))
		return -errno;
	return (size_t)snprintf(interface, size, "%s", name) < size ? 0 : -ENAMETOOLONG;
}

struct kind {
	char *text;
	size_t size;
};

static int rtnetlink_visit_kind(void *to, struct nlmsghdr *message)
{
	struct ifinfomsg *m = NLMSG_DATA(message);
	const struct kind *kind = to;
	struct rtattr *info, *attr;

	if (message->nlmsg_type != RTM_NEWLINK ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return -EBADMSG;
	info = rtnetlink_find_attr(IFLA_RTA(m),
				   message->nlmsg_len - NLMSG_LENGTH(sizeof(*m)),
				   IFLA_LINKINFO, 0);
	attr = info ? rtnetlink_find_attr(RTA_DATA(info), RTA_PAYLOAD(info),
					  IFLA_INFO_KIND, 1)
		    : NULL;
	if (!attr)
		return -ENODATA;
	snprintf(kind->text, kind->size, "%.*s", (int)RTA_PAYLOAD(attr),
		 (const char *)RTA_DATA(attr));
	return 0;
}

static int rtnetlink_query_kind(void *priv, const char *interface, char *text,
				size_t size)
{
	struct ifinfomsg link = { .ifi_index = (int)if_nametoindex(interface) };
	struct request request = { .head = { .nlmsg_len = NLMSG_LENGTH(sizeof(link)),
					     .nlmsg_type = RTM_GETLINK,
					     .nlmsg_flags = NLM_F_REQUEST } };
	struct kind kind = { text, size };

	(void)priv;
	if (!link.ifi_index)
		return -errno;
	memcpy((char *)&request + NLMSG_HDRLEN, &link, sizeof(link));
	return rtnetlink_query(&request, rtnetlink_visit_kind, &kind);
}

/* Query with a header of zeros and one number, which begins at this byte. */
static int rtnetlink_query_number(uint16_t type, uint16_t flags, size_t at,
				  unsigned short attr, int32_t value,
				  message_visitor *visit, void *to)
{
	struct rtattr number = { RTA_LENGTH(sizeof(value)), attr };
	struct request request = { .head = { (uint32_t)at + number.rta_len, type,
					     NLM_F_REQUEST | flags, 0, 0 } };

	memcpy((char *)&request + at, &number, sizeof(number));
	memcpy((char *)&request + at + sizeof(number), &value, sizeof(value));
	return rtnetlink_query(&request, visit, to);
}

enum {
	NSID_AT = NLMSG_SPACE(sizeof(struct rtgenmsg)),
	NSIDS_LISTED = 128,
	NSIDS_MAX = 1024,
};

static int rtnetlink_visit_nsid(void *to, struct nlmsghdr *message)
{
	const void *nsid = NULL;

	if (message->nlmsg_type == RTM_NEWNSID && message->nlmsg_len >= NSID_AT)
		nsid = rtnetlink_attr_data((char *)message + NSID_AT,
					   message->nlmsg_len - NSID_AT, NETNSA_NSID,
					   sizeof(int32_t));
	if (nsid)
		memcpy(to, nsid, sizeof(int32_t));
	return nsid ? 0 : -EBADMSG;
}

/* In the answer, IFLA_LINK_NETNSID is a number of this namespace, also for itself. The
 * kernel numbers it at the first such answer (rtnl_fill_link_netnsid()). */
static int rtnetlink_visit_link(void *to, struct nlmsghdr *message)
{
	const struct listing *list = to;
	struct ifinfomsg *m = NLMSG_DATA(message);
	size_t len = message->nlmsg_len - NLMSG_LENGTH(sizeof(*m));
	const void *lower, *nsid;
	char name[IF_NAMESIZE], text[16];
	unsigned int index;
	int32_t own;

	if (message->nlmsg_type != RTM_NEWLINK ||
	    message->nlmsg_len < NLMSG_LENGTH(sizeof(*m)))
		return 0;
	lower = rtnetlink_attr_data(IFLA_RTA(m), len, IFLA_LINK, sizeof(index));
	nsid = rtnetlink_attr_data(IFLA_RTA(m), len, IFLA_LINK_NETNSID, sizeof(own));
	if (!lower || !nsid ||
	    rtnetlink_query_number(RTM_GETNSID, 0, NSID_AT, NETNSA_PID, getpid(),
				   rtnetlink_visit_nsid, &own) ||
	    memcmp(nsid, &own, sizeof(own)) != 0)
		return 0;
	memcpy(&index, lower, sizeof(index));
	if (!if_indextoname(index, name))
		return 0;
	snprintf(text, sizeof(text), "%d", list->nsid);
	return list->visit(list->to, name, text);
}

/* Try each number up to the last one: the kernel gives the lowest unused one. Linux 6.18 ends
 * the list after the first message, which has at least 128. Without the right to read a
 * namespace, its list is empty: NLMSG_DONE has the error. */
static int rtnetlink_list_links_elsewhere(void *priv, net_visitor *visit, void *to)
{
	struct listing list = { .visit = visit, .to = to };
	int32_t last = -1;
	int err = rtnetlink_query_number(RTM_GETNSID, NLM_F_DUMP, NSID_AT, NETNSA_PID, 0,
					 rtnetlink_visit_nsid, &last);

	(void)priv;
	if (last >= NSIDS_LISTED)
		last = NSIDS_MAX;
	for (; !err && list.nsid <= last; list.nsid++)
		err = rtnetlink_query_number(
			RTM_GETLINK, NLM_F_DUMP, NLMSG_SPACE(sizeof(struct ifinfomsg)),
			IFLA_TARGET_NETNSID, list.nsid, rtnetlink_visit_link, &list);
	return err;
}

const struct net_facts rtnetlink_facts = {
	.addresses = rtnetlink_list_addresses,
	.default_routes = rtnetlink_list_default_routes,
	.route_to = rtnetlink_query_route,
	.kind_of = rtnetlink_query_kind,
	.links_elsewhere = rtnetlink_list_links_elsewhere,
};
