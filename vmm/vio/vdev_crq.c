// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The queues of SCSI adapters (CRQ). A queue is registered and freed; what the guest sends
 * has no reply.
 *
 * Source:  PAPR+ 17.2.3; QEMU 7.2's replies
 */
#include "vmm/base/machine.h"
#include "vmm/vio/vdev.h"

/* What a queue's address and size are multiples of, and its largest size */
enum { CRQ_PAGE = 0x1000, CRQ_MAX = 0x10000000 };

/* Return true if a driver can use the device's interrupt. */
static bool has_signal(const struct vdev *vdev)
{
	return vdev_is(vdev, VDEV_SCSI) || vdev_is(vdev, VDEV_LAN);
}

void vdev_free_crq(struct vdev *vdev)
{
	vdev->crq_address = 0;
	vdev->crq_bytes = 0;
}

/* Arguments: unit address, address and size of the queue. */
int64_t hcall_reg_crq(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct vdev *vdev = vdev_at(vmm, args[0]);

	if (!vdev || args[2] < CRQ_PAGE || args[2] > CRQ_MAX || args[1] % CRQ_PAGE)
		return H_PARAMETER;
	if (!vdev_is(vdev, VDEV_SCSI))
		return H_NOT_FOUND;
	if (vdev->crq_bytes)
		return H_RESOURCE;
	vdev->crq_address = args[1];
	vdev->crq_bytes = (uint32_t)args[2];
	return H_SUCCESS;
}

int64_t hcall_free_crq(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct vdev *vdev = vdev_at(vmm, args[0]);

	if (!vdev)
		return H_PARAMETER;
	vdev_free_crq(vdev);
	return H_SUCCESS;
}

/* Arguments: unit address, two registers with the message, which is lost. */
int64_t hcall_send_crq(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	const struct vdev *vdev = vdev_at(vmm, args[0]);

	if (!vdev)
		return H_PARAMETER;
	return vdev_is(vdev, VDEV_SCSI) ? H_SUCCESS : H_HARDWARE;
}

int64_t hcall_enable_crq(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	return vdev_at(vmm, args[0]) ? H_SUCCESS : H_PARAMETER;
}

/* Arguments: unit address, 1 to enable the interrupt, 0 to disable it. */
int64_t hcall_vio_signal(struct papr_vmm *vmm, uint64_t args[PAPR_HCALL_ARGS])
{
	struct vdev *vdev = vdev_at(vmm, args[0]);

	if (!vdev || args[1] > has_signal(vdev))
		return H_PARAMETER;
	vdev->signals = args[1];
	return H_SUCCESS;
}
