// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <time.h>

#include "vmm/server/qmp_call.h"

enum { NS_PER_US = 1000 };

static json_object *timestamp(void)
{
	json_object *stamp = json_object_new_object();
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	json_object_object_add(stamp, "seconds", json_object_new_int64(now.tv_sec));
	json_object_object_add(stamp, "microseconds",
			       json_object_new_int64(now.tv_nsec / NS_PER_US));
	return stamp;
}

json_object *qmp_event_named(const char *name, json_object *data)
{
	json_object *event = json_object_new_object();

	json_object_object_add(event, "timestamp", timestamp());
	json_object_object_add(event, "event", json_object_new_string(name));
	if (data)
		json_object_object_add(event, "data", data);
	return event;
}

static void add_text(json_object *data, const char *name, const char *text)
{
	if (text)
		json_object_object_add(data, name, json_object_new_string(text));
}

static json_object *device_event(const char *name, const struct papr_event *event)
{
	json_object *data = json_object_new_object();

	add_text(data, "device", event->device);
	add_text(data, "path", event->path);
	return qmp_event_named(name, data);
}

static json_object *memory_event(const struct papr_event *event)
{
	json_object *data = json_object_new_object();

	add_text(data, "device", event->device ? event->device : "");
	add_text(data, "msg", event->text ? event->text : "");
	return qmp_event_named("MEM_UNPLUG_ERROR", data);
}

static json_object *reason_event(const char *name, const struct papr_event *event)
{
	json_object *data = json_object_new_object();

	json_object_object_add(data, "guest", json_object_new_boolean(event->by_guest));
	add_text(data, "reason", event->text ? event->text : "none");
	return qmp_event_named(name, data);
}

static json_object *panic_event(const struct host *host)
{
	static const char *const words[] = { [HOST_PANIC_SHUTDOWN] = "poweroff",
					     [HOST_PANIC_PAUSE] = "pause",
					     [HOST_PANIC_EXIT] = "poweroff",
					     [HOST_PANIC_RUN] = "run" };
	json_object *data = json_object_new_object();

	add_text(data, "action", words[host_panic_action(host)]);
	return qmp_event_named("GUEST_PANICKED", data);
}

static json_object *rtc_event(const struct papr_event *event)
{
	json_object *data = json_object_new_object();

	json_object_object_add(data, "offset", json_object_new_int64(event->offset_s));
	add_text(data, "qom-path", event->path);
	return qmp_event_named("RTC_CHANGE", data);
}

static json_object *words_of(const uint64_t *words, unsigned int n)
{
	json_object *list = json_object_new_array();

	for (unsigned int i = 0; i < n; i++)
		json_object_array_add(list, json_object_new_uint64(words[i]));
	return list;
}

/* Return the call's status. The status of an RTAS call is a signed 32-bit value. */
static int64_t status_of(const struct papr_call *call)
{
	if (!call->n_rets)
		return 0;
	return strchr(call->name, ':') ? (int64_t)call->rets[0] : (int32_t)call->rets[0];
}

static json_object *call_event(const struct host *host, const struct papr_call *call)
{
	json_object *data = json_object_new_object();
	unsigned int more = call->n_rets ? call->n_rets - 1 : 0;

	add_text(data, "name", call->name);
	json_object_object_add(data, "args", words_of(call->args, call->n_args));
	json_object_object_add(data, "status", json_object_new_int64(status_of(call)));
	json_object_object_add(data, "rets", words_of(call->rets + (more > 0), more));
	json_object_object_add(data, "ns", json_object_new_uint64(host_clock(host)));
	json_object_object_add(data, "injected", json_object_new_boolean(call->injected));
	return qmp_event_named("X_PAPR_CALL", data);
}

json_object *qmp_event_of(const struct host *host, const struct papr_event *event)
{
	switch (event->type) {
	case PAPR_EV_DEVICE_DELETED:
		return device_event("DEVICE_DELETED", event);
	case PAPR_EV_DEVICE_UNPLUG_GUEST_ERROR:
		return device_event("DEVICE_UNPLUG_GUEST_ERROR", event);
	case PAPR_EV_MEM_UNPLUG_ERROR:
		return memory_event(event);
	case PAPR_EV_RESET:
		return reason_event("RESET", event);
	case PAPR_EV_SHUTDOWN:
		return reason_event("SHUTDOWN", event);
	case PAPR_EV_POWERDOWN:
		return qmp_event_named("POWERDOWN", NULL);
	case PAPR_EV_SUSPEND:
		return qmp_event_named("SUSPEND", NULL);
	case PAPR_EV_GUEST_PANICKED:
		return panic_event(host);
	case PAPR_EV_MIGRATED:
		return qmp_event_named("X_PAPR_MIGRATED", NULL);
	case PAPR_EV_RTC_CHANGE:
		return rtc_event(event);
	case PAPR_EV_CALL:
		return event->call ? call_event(host, event->call) : NULL;
	default:
		return NULL;
	}
}
