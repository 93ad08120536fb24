/* SPDX-License-Identifier: LGPL-2.1-or-later */
#include "librtasevent.h"
#ifndef LIBRTASEVENT_V4_H
#define LIBRTASEVENT_V4_H
#define RE_V4_SCN_SZ 28
#define RTAS_EPOW_ACTION_RESET 0
#define RTAS_EPOW_ACTION_WARN_COOLING 1
#define RTAS_EPOW_ACTION_WARN_POWER 2
#define RTAS_EPOW_ACTION_SYSTEM_SHUTDOWN 3
#define RTAS_EPOW_ACTION_SYSTEM_HALT 4
#define RTAS_EPOW_ACTION_MAIN_ENCLOSURE 5
#define RTAS_EPOW_ACTION_POWER_OFF 7
#define RTAS_EPOW_MOD_NA 0
#define RTAS_EPOW_MOD_NORMAL_SHUTDOWN 1
#define RTAS_EPOW_MOD_UTILITY_POWER_LOSS 2
#define RTAS_EPOW_MOD_CRIT_FUNC_LOSS 3
#define RTAS_EPOW_MOD_AMBIENT_TEMP 4
struct rtas_epow_scn { struct scn_header shdr; uint32_t sensor_value : 28; uint32_t action_code : 4; uint32_t sensor : 1; uint32_t power_fault : 1; uint32_t fan : 1; uint32_t temp : 1; uint32_t redundancy : 1; uint32_t CUoD : 1; uint32_t : 2; uint32_t general : 1; uint32_t power_loss : 1; uint32_t power_supply : 1; uint32_t power_switch : 1; uint32_t battery : 1; uint32_t : 3; uint32_t : 16; uint32_t sensor_token; uint32_t sensor_index; uint32_t sensor_value2; uint32_t sensor_status; uint32_t : 32; struct rtas_v6_hdr v6hdr; uint32_t event_modifier; char reason_code[8]; };
#define RTAS_IO_TYPE_DETECTED 1
#define RTAS_IO_TYPE_RECOVERED 2
#define RTAS_IO_TYPE_EVENT 3
#define RTAS_IO_TYPE_RPC_PASS_THRU 4
#define RTAS_IO_SCOPE_NA 0
#define RTAS_IO_SCOPE_RIO_HUB 0x36
#define RTAS_IO_SCOPE_RIO_BRIDGE 0x37
#define RTAS_IO_SCOPE_PHB 0x38
#define RTAS_IO_SCOPE_EADS_GLOBAL 0x39
#define RTAS_IO_SCOPE_EADS_SLOT 0x3A
#define RTAS_IO_SUBTYPE_NA 0
#define RTAS_IO_SUBTYPE_REBALANCE 1
#define RTAS_IO_SUBTYPE_NODE_ONLINE 2
#define RTAS_IO_SUBTYPE_NODE_OFFLINE 4
#define RTAS_IO_SUBTYPE_PLAT_DUMP_SZ 5
struct rtas_io_scn { struct scn_header shdr; uint32_t bus_addr_parity : 1; uint32_t bus_data_parity : 1; uint32_t bus_timeout : 1; uint32_t bridge_internal : 1; uint32_t non_pci : 1; uint32_t mezzanine_addr_parity : 1; uint32_t mezzanine_data_parity : 1; uint32_t mezzanine_timeout : 1; uint32_t bridge_via_sysbus : 1; uint32_t bridge_via_mezzanine : 1; uint32_t bridge_via_expbus : 1; uint32_t detected_by_expbus : 1; uint32_t expbus_data_parity : 1; uint32_t expbus_timeout : 1; uint32_t expbus_connection_failure : 1; uint32_t expbus_not_operating : 1; uint32_t pci_sig_bus_id : 8; uint32_t pci_sig_busno : 8; uint32_t pci_sig_devfn : 8; uint32_t pci_sig_deviceid : 16; uint32_t pci_sig_vendorid : 16; uint32_t pci_sig_revisionid : 8; uint32_t pci_sig_slot : 8; uint32_t pci_send_bus_id : 8; uint32_t pci_send_busno : 8; uint32_t pci_send_devfn : 8; uint32_t pci_send_deviceid : 16; uint32_t pci_send_vendorid : 16; uint32_t pci_send_revisionid : 8; uint32_t pci_send_slot : 8; uint32_t : 32; uint32_t : 32; struct rtas_v6_hdr v6hdr; uint32_t event_type; uint32_t rpc_length; uint32_t scope; uint32_t subtype; uint32_t drc_index; char rpc_data[216]; };
struct rtas_cpu_scn { struct scn_header shdr; uint32_t internal : 1; uint32_t intcache : 1; uint32_t extcache_parity : 1; uint32_t extcache_ecc : 1; uint32_t sysbus_timeout : 1; uint32_t io_timeout : 1; uint32_t sysbus_parity : 1; uint32_t sysbus_protocol : 1; uint32_t id : 8; uint32_t element : 16; uint32_t failing_address_hi; uint32_t failing_address_lo; uint32_t try_reboot : 1; uint32_t : 31; uint32_t : 32; uint32_t : 32; uint32_t : 32; };
struct rtas_ibm_diag_scn { struct scn_header shdr; uint32_t event_id; };
struct rtas_mem_scn { struct scn_header shdr; uint32_t uncorrectable : 1; uint32_t ECC : 1; uint32_t threshold_exceeded : 1; uint32_t control_internal : 1; uint32_t bad_address : 1; uint32_t bad_data : 1; uint32_t bus : 1; uint32_t timeout : 1; uint32_t sysbus_parity : 1; uint32_t sysbus_timeout : 1; uint32_t sysbus_protocol : 1; uint32_t hostbridge_timeout : 1; uint32_t hostbridge_parity : 1; uint32_t : 1; uint32_t support : 1; uint32_t sysbus_internal : 1; uint32_t controller_detected : 8; uint32_t controller_faulted : 8; uint32_t failing_address_hi; uint32_t failing_address_lo; uint32_t ecc_syndrome : 16; uint32_t memory_card : 8; uint32_t : 8; uint32_t sub_elements; uint32_t element : 16; uint32_t : 16; uint32_t : 32; };
struct rtas_post_scn { struct scn_header shdr; uint32_t firmware : 1; uint32_t config : 1; uint32_t cpu : 1; uint32_t memory : 1; uint32_t io : 1; uint32_t keyboard : 1; uint32_t mouse : 1; uint32_t display : 1; uint32_t ipl_floppy : 1; uint32_t ipl_controller : 1; uint32_t ipl_cdrom : 1; uint32_t ipl_disk : 1; uint32_t ipl_net : 1; uint32_t ipl_other : 1; uint32_t : 1; uint32_t firmware_selftest : 1; char devname[13]; uint32_t err_code[5]; uint32_t firmware_rev[3]; uint32_t loc_code[9]; };
struct rtas_ibmsp_scn { struct scn_header shdr; char ibm[4]; uint32_t timeout : 1; uint32_t i2c_bus : 1; uint32_t i2c_secondary_bus : 1; uint32_t memory : 1; uint32_t registers : 1; uint32_t communication : 1; uint32_t firmware : 1; uint32_t hardware : 1; uint32_t vpd_eeprom : 1; uint32_t op_panel : 1; uint32_t power_controller : 1; uint32_t fan_sensor : 1; uint32_t thermal_sensor : 1; uint32_t voltage_sensor : 1; uint32_t : 2; uint32_t serial_port : 1; uint32_t nvram : 1; uint32_t rtc : 1; uint32_t jtag : 1; uint32_t tod_battery : 1; uint32_t : 1; uint32_t heartbeat : 1; uint32_t surveillance : 1; uint32_t pcn_connection : 1; uint32_t pcn_node : 1; uint32_t : 2; uint32_t pcn_access : 1; uint32_t : 3; uint32_t sensor_token; uint32_t sensor_index; uint32_t : 32; uint32_t : 32; uint32_t : 32; };
struct rtas_vend_errlog { struct scn_header shdr; char vendor_id[4]; uint32_t vendor_data_sz; char *vendor_data; };
#endif
