//! Certificates for which there is never a plan: another product made them for itself (rules E-1, T-4).

use super::NoPlan;
use crate::check::store::is_of_configuration_manager;
use crate::store::{CertId, StoreName, Stores};

/// The CNs with which Microsoft's services sign what they put on a device.
const SERVICES: [&str; 4] =
    ["MS-Organization-Access", "MS-Organization-P2P-Access", "Microsoft Intune MDM Device CA", "Microsoft Intune Root"];

/// Why a certificate stays what it is.
pub(crate) fn belongs_to_another(stores: &Stores, chosen: &StoreName, id: CertId) -> Option<NoPlan> {
    if is_of_configuration_manager(stores.store_of(id)?, chosen) {
        return Some(NoPlan::ConfigurationManager);
    }
    let issuer = stores.get(id)?.certificate().issuer();
    let of_service = issuer.common_names().any(|name| SERVICES.iter().any(|service| name.starts_with(service)));
    of_service.then_some(NoPlan::DeviceManagement)
}
