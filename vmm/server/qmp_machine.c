// SPDX-License-Identifier: GPL-2.0-or-later
/* Commands that change the machine. */
#include <errno.h>
#include <string.h>

#include "vmm/server/backends.h"
#include "vmm/server/json_options.h"
#include "vmm/server/qmp_call.h"

typedef int add_fn(struct host *host, const struct keyval *kv, struct papr_error *error);

static int add(struct qmp_call *call, const char *first, add_fn *fn)
{
	struct papr_error error = { 0 };
	struct keyval kv;
	int err;

	if (!qmp_has(call, first))
		return qmp_fail(call, -EINVAL, "Parameter '%s' is missing", first);
	err = json_options(&kv, call->arguments);
	if (err == -EINVAL)
		return qmp_fail(call, err, "a parameter has a NUL in it");
	if (!err) {
		keyval_put_first(&kv, first);
		err = fn(call->host, &kv, &error);
	}
	keyval_free(&kv);
	return qmp_fail_machine(call, &error, err);
}

static int add_device(struct host *host, const struct keyval *kv,
		      struct papr_error *error)
{
	return backends_device_add(host, kv, error);
}

static int add_object(struct host *host, const struct keyval *kv,
		      struct papr_error *error)
{
	return backends_add(host, BACKEND_OBJECT, kv, error);
}

static int add_netdev(struct host *host, const struct keyval *kv,
		      struct papr_error *error)
{
	return backends_add(host, BACKEND_NETDEV, kv, error);
}

static int add_node(struct host *host, const struct keyval *kv, struct papr_error *error)
{
	return backends_add(host, BACKEND_NODE, kv, error);
}

int qmp_netdev_add(struct qmp_call *call)
{
	return add(call, "type", add_netdev);
}

int qmp_blockdev_add(struct qmp_call *call)
{
	return add(call, "driver", add_node);
}

static int del(struct qmp_call *call, enum backend_kind kind, const char *parameter)
{
	struct papr_error error = { 0 };
	int err = backends_del(call->host, kind, qmp_string(call, parameter), &error);

	return qmp_fail_machine(call, &error, err);
}

int qmp_netdev_del(struct qmp_call *call)
{
	return del(call, BACKEND_NETDEV, "id");
}

int qmp_blockdev_del(struct qmp_call *call)
{
	return del(call, BACKEND_NODE, "node-name");
}

int qmp_device_add(struct qmp_call *call)
{
	json_object *driver;

	if (call->host->machine.driver_is_text &&
	    json_object_object_get_ex(call->arguments, "driver", &driver) &&
	    !json_object_is_type(driver, json_type_string))
		return qmp_fail(call, -EINVAL, "Parameter 'driver' is missing");
	return add(call, "driver", add_device);
}

/* Check the types of an object's properties. The properties of a device have no types. */
static int check_object(struct qmp_call *call)
{
	json_object *value = NULL;

	if (json_object_object_get_ex(call->arguments, "qom-type", &value) &&
	    !json_object_is_type(value, json_type_string))
		return qmp_fail(
			call, -EINVAL,
			"Invalid parameter type for 'qom-type', expected: string");
	if (json_object_object_get_ex(call->arguments, "id", &value) &&
	    !json_object_is_type(value, json_type_string))
		return qmp_fail(call, -EINVAL,
				"Invalid parameter type for 'id', expected: string");
	if (json_object_object_get_ex(call->arguments, "size", &value) &&
	    !json_object_is_type(value, json_type_int))
		return qmp_fail(call, -EINVAL, "Parameter 'size' expects uint64");
	return 0;
}

int qmp_object_add(struct qmp_call *call)
{
	int err = check_object(call);

	return err ? err : add(call, "qom-type", add_object);
}

int qmp_device_del(struct qmp_call *call)
{
	struct papr_error error = { 0 };
	int err = papr_vmm_device_del(call->host->vmm, qmp_string(call, "id"), &error);

	return qmp_fail_machine(call, &error, err);
}

int qmp_object_del(struct qmp_call *call)
{
	return del(call, BACKEND_OBJECT, "id");
}

int qmp_system_reset(struct qmp_call *call)
{
	host_reset(call->host);
	return 0;
}

int qmp_system_powerdown(struct qmp_call *call)
{
	host_powerdown(call->host);
	return 0;
}

int qmp_inject_nmi(struct qmp_call *call)
{
	int err = host_inject_nmi(call->host);

	return err ? qmp_fail(call, err, "machine does not provide NMIs") : 0;
}

int qmp_stop(struct qmp_call *call)
{
	host_stop(call->host);
	return 0;
}

int qmp_cont(struct qmp_call *call)
{
	int err = host_continue(call->host);

	return err ? qmp_fail(call, err, "Resetting the Virtual Machine is required") : 0;
}

int qmp_quit(struct qmp_call *call)
{
	host_quit(call->host, "host-qmp-quit");
	return 0;
}
