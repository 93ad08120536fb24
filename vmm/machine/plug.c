// SPDX-License-Identifier: LGPL-2.1-or-later
/* Add devices and objects by the name of their driver, remove them by their id. */
#include <errno.h>
#include <string.h>

#include "vmm/base/machine_types.h"
#include "vmm/base/option.h"
#include "vmm/base/sized.h"
#include "vmm/machine/papr_vmm.h"
#include "vmm/pci/disk.h"
#include "vmm/vio/random.h"
#include "vmm/vio/vdev.h"
#include "vmm/vio/vio.h"

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len > end_len && !strcmp(text + len - end_len, end);
}

static int add(struct papr_vmm *vmm, const char *driver,
	       const struct papr_option *options, size_t n, struct papr_error *error)
{
	const struct pci_model *model;

	if (ends_with(driver, "-spapr-cpu-core"))
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
		model = pci_own_find(vmm, driver);
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
	pci_settle(vmm);
	return err ? papr_fail(error, err, "%s: %s", driver, strerror(-err)) : 0;
}

/* Return true if another driver has this name, or the machine's devices may have it. */
static bool plug_has_driver(const struct papr_vmm *vmm, const char *name)
{
	struct papr_driver_info info = { .size = sizeof(info) };

	for (size_t n = 0;
	     papr_vmm_driver_info(machine_of(vmm)->type->name, n, &info) > 0; n++)
		if (!strcmp(info.name, name) || (info.alias && !strcmp(info.alias, name)))
			return true;
	return !strncmp(name, "spapr-", 6) || ends_with(name, "-spapr-cpu-core") ||
	       vio_is_driver(name) || vdev_is_driver(name) || disk_is_driver(name) ||
	       pci_own_find(vmm, name);
}

int papr_vmm_pci_model_add(struct papr_vmm *vmm, const struct papr_pci_model *model,
			   struct papr_error *error)
{
	MACHINE_GUARD(vmm);
	struct papr_pci_model is;
	int err;

	if (sized_get(&is, sizeof(is), model))
		return papr_fail(error, -EINVAL, "the size of papr_pci_model is wrong");
	if (!is.name || !device_is_id(is.name) || strlen(is.name) > 63)
		return papr_fail(error, -EINVAL, "the model has no valid name");
	if (plug_has_driver(vmm, is.name))
		return papr_fail(error, -EEXIST, "%s: the driver exists already",
				 is.name);
	err = pci_own_add(vmm, &is, error);
	return err ? papr_fail(error, err, "%s: %s", is.name, strerror(-err)) : 0;
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
