// SPDX-License-Identifier: LGPL-2.1-or-later
/* spapr-rng: random numbers for the guest, by H_RANDOM. The backend is the embedder's. */
#include <errno.h>
#include <stdlib.h>

#include "vmm/base/machine.h"
#include "vmm/base/option.h"
#include "vmm/tree/fdt_out.h"
#include "vmm/vio/random.h"
#include "wire/hcall.h"

static const char *const random_names[] = { "rng", "use-kvm", NULL };

static const struct device_class random_class = { .unplug_noun = NULL };

int random_add(struct papr_vmm *vmm, const struct papr_option *options, size_t n,
	       struct papr_error *error)
{
	struct device *dev;
	bool kvm = false;
	int err = option_check_names(options, n, "spapr-rng", random_names, error);

	if (!err)
		err = option_bool(options, n, "use-kvm", &kvm, error);
	if (err)
		return err;
	if (machine_of(vmm)->started)
		return papr_fail(error, -EINVAL,
				 "Parameter 'driver' expects a pluggable device type");
	if (machine_of(vmm)->rng)
		return papr_fail(error, -EEXIST,
				 "spapr-rng can not be instantiated twice!");
	if (kvm)
		return papr_fail(error, -ENOTSUP,
				 "Could not initialize in-kernel H_RANDOM call!");
	if (!option_get(options, n, "rng") || !machine_of(vmm)->env.random)
		return papr_fail(error, -EINVAL, "spapr-rng needs an RNG backend!");
	dev = calloc(1, sizeof(*dev));
	if (!dev)
		return papr_fail(error, -ENOMEM, "out of memory");
	*dev = (struct device){ .class = &random_class, .driver = "spapr-rng" };
	err = device_register(vmm, dev, option_get(options, n, "id"), error);
	if (err)
		free(dev);
	else
		machine_of(vmm)->rng = dev;
	return err;
}

void random_free(struct papr_vmm *vmm)
{
	if (machine_of(vmm)->rng)
		device_unregister(vmm, machine_of(vmm)->rng);
	free(machine_of(vmm)->rng);
	machine_of(vmm)->rng = NULL;
}

bool random_exists(const struct papr_vmm *vmm)
{
	return machine_of(vmm)->rng;
}

void random_put_node(const struct papr_vmm *vmm, struct fdt_out *out)
{
	if (!random_exists(vmm))
		return;
	fdt_out_node(out, "ibm,platform-facilities");
	fdt_out_u32(out, "#size-cells", 0);
	fdt_out_u32(out, "#address-cells", 1);
	fdt_out_str(out, "device_type", "ibm,platform-facilities");
	fdt_out_node(out, "ibm,random-v1");
	fdt_out_str(out, "compatible", "ibm,random");
	fdt_out_node_end(out);
	fdt_out_node_end(out);
}

/* R4 receives 64 random bits. */
int64_t hcall_random(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	machine_of(vmm)->env.random(machine_of(vmm)->env.priv, &args[0], sizeof(args[0]));
	return H_SUCCESS;
}
