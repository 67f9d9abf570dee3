//! Step 4 without a selector: client authentication (P-1 to P-4, P-7), or issued to the computer name (P-5).
//!
//! P-8, the usages of the CAs above, needs the path and is judged by the caller between the two.

use super::finding::{ComputerNameField, Pass, Rejection, UsageSource};
use super::near_miss::NearMiss;
use crate::certificate::GeneralName;
use crate::name::eq_folded;
use crate::settings::PurposeRule;
use crate::settings::{KeyUsagePolicy, NoEku, SanValues};
use crate::{Certificate, Machine, Oid, Settings, StoredCertificate, oid};

/// What a certificate may be used for, and how that is known.
pub(super) struct Usages {
    /// `None` is every purpose (rule P-2); an empty list is no purpose (rule P-3).
    allowed: Option<Vec<Oid>>,
    source: UsageSource,
}

impl Usages {
    /// P-2 to P-4: application policies in place of the extension; the property of the store intersects with either, and
    /// alone it is the usage.
    pub(super) fn of(stored: &StoredCertificate, settings: &Settings) -> Self {
        let certificate = stored.certificate();
        // A damaged extension allows nothing; that it is damaged is a finding of V-5.
        let policies = certificate.application_policies().unwrap_or_else(|_| Some(Vec::new()));
        let (own, source) = match policies {
            Some(policies) => (Some(policies), UsageSource::ApplicationPolicies),
            None => match certificate.extended_key_usage().unwrap_or_else(|_| Some(Vec::new())) {
                Some(usages) => (Some(usages), UsageSource::Extension),
                None => (None, UsageSource::Nothing),
            },
        };
        match (own, stored.eku_property()) {
            (own, None) => {
                let allowed = match (own, settings.no_eku()) {
                    (None, NoEku::NotClientAuth) => Some(Vec::new()),
                    (own, _) => own,
                };
                Usages { allowed, source }
            }
            (None, Some(property)) => Usages { allowed: Some(property.to_vec()), source: UsageSource::Property },
            (Some(own), Some(property)) => {
                Usages { allowed: Some(intersection(&own, property)), source: UsageSource::PropertyAndCertificate }
            }
        }
    }

    /// P-1, P-2: client authentication, by itself or as any purpose.
    pub(super) fn allow_client_authentication(&self) -> bool {
        self.allowed.as_deref().is_none_or(allow_client_authentication)
    }

    /// P-2: neither the certificate nor the store says what it is for.
    pub(super) fn are_absent(&self) -> bool {
        self.source == UsageSource::Nothing
    }

    pub(super) fn source(&self) -> UsageSource {
        self.source
    }
}

/// P-1, P-2: whether a list of usages holds client authentication or anyExtendedKeyUsage.
pub(crate) fn allow_client_authentication(usages: &[Oid]) -> bool {
    usages.iter().any(|usage| usage.as_bytes() == oid::CLIENT_AUTH || is_any(usage))
}

fn is_any(usage: &Oid) -> bool {
    usage.as_bytes() == oid::ANY_EXTENDED_KEY_USAGE
}

/// P-3: what both lists allow, where anyExtendedKeyUsage on one side allows whatever the other does (P-2).
fn intersection(a: &[Oid], b: &[Oid]) -> Vec<Oid> {
    if a.iter().any(is_any) {
        return b.to_vec();
    }
    if b.iter().any(is_any) {
        return a.to_vec();
    }
    a.iter().filter(|usage| b.contains(usage)).cloned().collect()
}

/// P-7: key usage, when present, allows digitalSignature. `None` where the setting says not to look.
pub(super) fn key_usage(certificate: &Certificate, settings: &Settings) -> Option<Result<Pass, Rejection>> {
    if settings.key_usage() == KeyUsagePolicy::Ignore {
        return None;
    }
    // A damaged extension counts as absent here and is a finding of V-5.
    Some(match certificate.key_usage().ok().flatten() {
        Some(usage) if !usage.digital_signature() => Err(Rejection::KeyUsage(usage)),
        usage => Ok(Pass::KeyUsage(usage)),
    })
}

/// The names of a certificate that rule P-5 compares: every CN, and the dNSNames that rule A-4 lets count.
struct Names {
    common: Vec<String>,
    dns: Vec<String>,
    /// dNSNames that A-4 leaves out.
    later: Vec<String>,
}

impl Names {
    fn of(certificate: &Certificate, settings: &Settings) -> Self {
        let common = certificate.subject().common_names().map(str::to_owned).collect();
        let names = certificate.subject_alternative_names().unwrap_or_default();
        let mut dns: Vec<String> = names.iter().filter_map(GeneralName::as_dns).map(str::to_owned).collect();
        let counted = match settings.san_values() {
            SanValues::FirstOnly => 1.min(dns.len()),
            SanValues::All => dns.len(),
        };
        let later = dns.split_off(counted);
        Names { common, dns, later }
    }
}

fn is_computer(machine: &Machine, name: &str) -> bool {
    eq_folded(name, machine.netbios_name()) || machine.fqdn().is_some_and(|fqdn| eq_folded(name, fqdn))
}

/// P-5: the NetBIOS name or the FQDN equals, without regard to case, a CN of the Subject or a dNSName of the SAN.
pub(super) fn computer_name(certificate: &Certificate, machine: &Machine, settings: &Settings) -> Option<Pass> {
    let names = Names::of(certificate, settings);
    let find = |list: Vec<String>, field| {
        let name = list.into_iter().find(|name| is_computer(machine, name))?;
        Some(Pass::ComputerName { name, field })
    };
    find(names.common, ComputerNameField::CommonName).or_else(|| find(names.dns, ComputerNameField::DnsName))
}

/// The rejection of a certificate that is neither for client authentication nor, where that is enough, issued to the
/// computer; with a near miss where a name nearly matched.
pub(super) fn not_client_auth(
    stored: &StoredCertificate,
    machine: &Machine,
    settings: &Settings,
    usages: Usages,
) -> (Rejection, Option<Box<NearMiss>>) {
    let by_name = settings.ruleset().table().purpose == PurposeRule::ClientAuthenticationOrComputerName;
    let (mut computer, mut compared, mut near_miss) = (Vec::new(), Vec::new(), None);
    if by_name {
        computer.push(machine.netbios_name().to_owned());
        computer.extend(machine.fqdn().map(str::to_owned));
        let names = Names::of(stored.certificate(), settings);
        near_miss = names
            .later
            .iter()
            .find(|name| is_computer(machine, name))
            .map(|name| Box::new(NearMiss::LaterSanValue { value: name.clone() }));
        compared = names.common;
        compared.extend(names.dns);
        near_miss = near_miss.or_else(|| similar(machine, &compared));
    }
    let rejection = Rejection::NotClientAuth {
        usages: usages.allowed.unwrap_or_default(),
        source: usages.source,
        computer,
        names: compared,
    };
    (rejection, near_miss)
}

/// PC10 for PC1, PC1.other.com for PC1: one begins with the other.
fn similar(machine: &Machine, names: &[String]) -> Option<Box<NearMiss>> {
    let computer = machine.netbios_name();
    let folded = crate::name::fold(computer);
    let near = names.iter().find(|name| {
        let name = crate::name::fold(name);
        !folded.is_empty() && !name.is_empty() && (name.starts_with(&folded) || folded.starts_with(&name))
    })?;
    Some(Box::new(NearMiss::SimilarName { computer: computer.to_owned(), actual: near.clone() }))
}
