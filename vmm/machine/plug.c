// SPDX-License-Identifier: LGPL-2.1-or-later
/* Add devices and objects by the name of their driver, remove them by their id. */
#include <errno.h>
#include <string.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/option.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/pci/disk.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

static int add(struct papr_vmm *vmm, const char *driver,
	       const struct papr_option *options, size_t n, struct papr_error *error)
{
	const char *core = strstr(driver, "-spapr-cpu-core");
	const struct pci_model *model;

	if (core && core > driver && !strcmp(core, "-spapr-cpu-core"))
		return core_add(vmm, options, n, error);
	if (!strcmp(driver, "pc-dimm") || !strcmp(driver, "nvdimm"))
		return dimm_add(vmm, !strcmp(driver, "nvdimm"), options, n, error);
	if (!strcmp(driver, "spapr-pci-host-bridge"))
		return phb_add(vmm, options, n, error);
	if (vio_is_driver(driver) && machine_is_powervm(vmm))
		return vio_add(vmm, driver, options, n, error);
	if (vdev_is_driver(driver))
		return vdev_add(vmm, driver, options, n, error);
	if (!strcmp(driver, "spapr-rng"))
		return random_add(vmm, options, n, error);
	if (disk_is_driver(driver))
		return disk_add(vmm, driver, options, n, error);

	model = pci_model_find(machine_of(vmm)->type->cards, driver);
	if (!model)
		return papr_fail(error, -EINVAL, "'%s' is not a valid device model name",
				 driver);
	return pci_function_add(vmm, model, options, n, error);
}

int papr_vmm_device_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	const char *driver = option_get(options, n, "driver");
	int err;

	if (!driver)
		return papr_fail(error, -EINVAL, "Parameter 'driver' is missing");

	err = add(vmm, driver, options, n, error);
	return err ? papr_fail(error, err, "%s: %s", driver, strerror(-err)) : 0;
}

int papr_vmm_device_del(struct papr_vmm *vmm, const char *id, struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	struct device *dev = device_find(vmm, id);
	const struct device_class *class = dev ? dev->class : NULL;
	int err;

	if (!dev)
		return papr_fail_class(error, PAPR_ERROR_DEVICE_NOT_FOUND, -ENOENT,
				       "Device '%s' not found", id);
	if (!class->request_unplug)
		return papr_fail(error, -EINVAL,
				 "Device '%s' does not support hotplugging", dev->driver);
	if (class->unplug_noun && connectors_unplugging(connectors_of(vmm), dev))
		return papr_fail(error, -EBUSY,
				 "%s unplug already in progress for device %s",
				 class->unplug_noun, id);

	err = class->request_unplug(vmm, dev, error);
	return err ? papr_fail(error, err, "%s: %s", id, strerror(-err)) : 0;
}

int papr_vmm_object_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
			struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	const char *type = option_get(options, n, "qom-type");
	const char *id = option_get(options, n, "id");
	int err;

	if (!type)
		return papr_fail(error, -EINVAL, "Parameter 'qom-type' is missing");
	if (!id)
		return papr_fail(error, -EINVAL, "Parameter 'id' is missing");
	if (strcmp(type, "memory-backend-ram"))
		return papr_fail(error, -EINVAL, "invalid object type: %s", type);

	err = backend_add(vmm, options, n, error);
	return err ? papr_fail(error, err, "%s: %s", id, strerror(-err)) : 0;
}

int papr_vmm_object_del(struct papr_vmm *vmm, const char *id, struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	int err = backend_del(vmm, id, error);

	return err ? papr_fail(error, err, "%s: %s", id, strerror(-err)) : 0;
}
