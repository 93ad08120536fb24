// SPDX-License-Identifier: GPL-2.0-or-later
/* runs in: guest; links: */
/*
 * ovs - make a bridge of Open vSwitch without its daemon
 *
 *   ovs BRIDGE INTERFACE
 *
 * Makes the datapath ovs-system with two ports, BRIDGE (internal) and INTERFACE, and a flow
 * from each port to the other for all IPv6 packets.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <linux/genetlink.h>
#include <linux/if_ether.h>
#include <linux/netlink.h>
#include <linux/openvswitch.h>
#include <net/if.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { PORT_BRIDGE = 1, PORT_INTERFACE = 2 };

struct request {
	union {
		struct nlmsghdr head;
		uint8_t bytes[2048];
	};
};

static int nl;

/* Append bytes, or zeroes, and padding. */
static void *put(struct request *r, const void *data, size_t len)
{
	uint8_t *at = r->bytes + r->head.nlmsg_len;

	if (r->head.nlmsg_len + NLMSG_ALIGN(len) > sizeof(r->bytes))
		errx(EXIT_FAILURE, "the request is too long");
	if (data)
		memcpy(at, data, len);
	r->head.nlmsg_len += (uint32_t)NLMSG_ALIGN(len);
	return at;
}

static struct nlattr *put_attr(struct request *r, uint16_t type, const void *data,
			       size_t len)
{
	struct nlattr *a = put(r, NULL, sizeof(*a));

	a->nla_type = type;
	a->nla_len = (uint16_t)(sizeof(*a) + len);
	put(r, data, len);
	return a;
}

static void put_u32(struct request *r, uint16_t type, uint32_t value)
{
	put_attr(r, type, &value, sizeof(value));
}

static void put_text(struct request *r, uint16_t type, const char *text)
{
	put_attr(r, type, text, strlen(text) + 1);
}

/* End an attribute that has other attributes. */
static void end_attr(struct request *r, struct nlattr *a)
{
	a->nla_len = (uint16_t)(r->bytes + r->head.nlmsg_len - (uint8_t *)a);
}

static struct request request_of(uint16_t family, uint8_t command, uint8_t version)
{
	struct request r = { 0 };

	r.head.nlmsg_len = NLMSG_HDRLEN;
	r.head.nlmsg_type = family;
	r.head.nlmsg_flags = NLM_F_REQUEST;
	put(&r, &(struct genlmsghdr){ .cmd = command, .version = version }, GENL_HDRLEN);
	return r;
}

/* A request that makes something in a datapath. */
static struct request request_to(uint16_t family, uint8_t command, uint8_t version,
				 const char *datapath)
{
	struct request r = request_of(family, command, version);
	struct ovs_header head = { .dp_ifindex = (int)if_nametoindex(datapath) };

	r.head.nlmsg_flags |= NLM_F_CREATE | NLM_F_ACK;
	put(&r, &head, sizeof(head));
	return r;
}

/* Send a request, and replace it with the reply. */
static void talk(struct request *r, const char *what)
{
	const struct nlmsgerr *reply;
	ssize_t len;

	if (send(nl, r->bytes, r->head.nlmsg_len, 0) < 0)
		err(EXIT_FAILURE, "%s", what);
	len = recv(nl, r->bytes, sizeof(r->bytes), 0);
	if (len < NLMSG_HDRLEN)
		err(EXIT_FAILURE, "%s", what);
	reply = NLMSG_DATA(&r->head);
	if (r->head.nlmsg_type == NLMSG_ERROR && reply->error) {
		errno = -reply->error;
		err(EXIT_FAILURE, "%s", what);
	}
}

static uint16_t family_of(const char *name)
{
	struct request r = request_of(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
	const struct nlattr *a;
	uint16_t id;

	put_text(&r, CTRL_ATTR_FAMILY_NAME, name);
	talk(&r, name);
	for (uint32_t at = NLMSG_LENGTH(GENL_HDRLEN); at < r.head.nlmsg_len;
	     at += (uint32_t)NLA_ALIGN(a->nla_len)) {
		a = (const struct nlattr *)(const void *)(r.bytes + at);
		if (a->nla_type == CTRL_ATTR_FAMILY_ID) {
			memcpy(&id, a + 1, sizeof(id));
			return id;
		}
	}
	errx(EXIT_FAILURE, "%s: no number", name);
}

static void add_datapath(const char *name)
{
	struct request r = request_to(family_of(OVS_DATAPATH_FAMILY), OVS_DP_CMD_NEW,
				      OVS_DATAPATH_VERSION, "");

	put_text(&r, OVS_DP_ATTR_NAME, name);
	put_u32(&r, OVS_DP_ATTR_UPCALL_PID, 0);
	talk(&r, name);
}

static void add_port(const char *datapath, const char *name, uint32_t number,
		     uint32_t type)
{
	struct request r = request_to(family_of(OVS_VPORT_FAMILY), OVS_VPORT_CMD_NEW,
				      OVS_VPORT_VERSION, datapath);

	put_u32(&r, OVS_VPORT_ATTR_PORT_NO, number);
	put_u32(&r, OVS_VPORT_ATTR_TYPE, type);
	put_text(&r, OVS_VPORT_ATTR_NAME, name);
	put_u32(&r, OVS_VPORT_ATTR_UPCALL_PID, 0);
	talk(&r, name);
}

/* Put what a packet must have. Of the mask, only the bits of the port and of the type are
 * set. */
static void put_key(struct request *r, uint16_t attr, uint32_t port, uint16_t type)
{
	struct nlattr *key = put_attr(r, attr, NULL, 0);

	put_u32(r, OVS_KEY_ATTR_IN_PORT, port);
	put_attr(r, OVS_KEY_ATTR_ETHERNET, NULL, sizeof(struct ovs_key_ethernet));
	put_attr(r, OVS_KEY_ATTR_ETHERTYPE, &type, sizeof(type));
	put_attr(r, OVS_KEY_ATTR_IPV6, NULL, sizeof(struct ovs_key_ipv6));
	end_attr(r, key);
}

static void add_flow(const char *datapath, uint32_t from, uint32_t to)
{
	struct request r = request_to(family_of(OVS_FLOW_FAMILY), OVS_FLOW_CMD_NEW,
				      OVS_FLOW_VERSION, datapath);
	struct nlattr *actions;

	put_key(&r, OVS_FLOW_ATTR_KEY, from, htons(ETH_P_IPV6));
	put_key(&r, OVS_FLOW_ATTR_MASK, UINT32_MAX, UINT16_MAX);
	actions = put_attr(&r, OVS_FLOW_ATTR_ACTIONS, NULL, 0);
	put_u32(&r, OVS_ACTION_ATTR_OUTPUT, to);
	end_attr(&r, actions);
	talk(&r, "flow");
}

int main(int argc, char **argv)
{
	static const char datapath[] = "ovs-system";
	const struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (argc != 3)
		errx(EXIT_FAILURE, "usage: ovs BRIDGE INTERFACE");
	nl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	if (nl < 0 || connect(nl, (const struct sockaddr *)&kernel, sizeof(kernel)) < 0)
		err(EXIT_FAILURE, "netlink");
	add_datapath(datapath);
	add_port(datapath, argv[1], PORT_BRIDGE, OVS_VPORT_TYPE_INTERNAL);
	add_port(datapath, argv[2], PORT_INTERFACE, OVS_VPORT_TYPE_NETDEV);
	add_flow(datapath, PORT_BRIDGE, PORT_INTERFACE);
	add_flow(datapath, PORT_INTERFACE, PORT_BRIDGE);
	return 0;
}
