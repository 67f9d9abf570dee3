//! Step 4 without a selector: client authentication (P-1 to P-4, P-7), or issued to the computer name (P-5).
//!
//! P-8, the usages of the CAs above, needs the chain and is judged by the caller between the two.

use crate::certificate::{Certificate, ExtensionError, GeneralName, KeyUsage, Thumbprint};
use crate::chain::{ChainEku, allows, is_any_purpose};
use crate::change::{Change, Fact};
use crate::choices::{KeyUsagePolicy, NoEku, PurposeRule, SanValues};
use crate::computer::Machine;
use crate::name::eq_folded;
use crate::oid::{self, Oid};
use crate::proposal::Proposal;
use crate::reason::Row;
use crate::rules::{Rule, Step};
use crate::settings::Settings;
use crate::shown::ShownBy;
use crate::store::StoredCertificate;
use crate::words::{List, Quoted, Usages as UsageList};
use std::fmt;

/// Where the usages of a certificate come from (rules P-2 to P-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum UsageSource {
    /// The extended key usage extension.
    Extension,
    /// Application policies, used in its place (rule P-4).
    ApplicationPolicies,
    /// Only the property of the store (rule P-3).
    Property,
    /// The property of the store and what the certificate says, intersected (rule P-3).
    PropertyAndCertificate,
    /// Nothing: every purpose (rule P-2).
    Nothing,
    /// The extended key usage extension does not decode, so it allows nothing (rule V-5).
    UnreadExtension,
    /// The application policies do not decode, so they allow nothing (rule V-5).
    UnreadApplicationPolicies,
}

impl UsageSource {
    fn rule(self) -> Rule {
        match self {
            UsageSource::Extension | UsageSource::UnreadExtension => Rule::P1,
            UsageSource::Nothing => Rule::P2,
            UsageSource::Property | UsageSource::PropertyAndCertificate => Rule::P3,
            UsageSource::ApplicationPolicies | UsageSource::UnreadApplicationPolicies => Rule::P4,
        }
    }
}

/// Which name made a certificate "issued to the computer" (rule P-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ComputerNameField {
    /// A CN of the Subject.
    CommonName,
    /// A dNSName of the SAN.
    DnsName,
}

/// Why the purpose passes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurposePass {
    /// It is for client authentication (rules P-1 to P-4).
    ClientAuthentication(UsageSource),
    /// It is issued to the computer (rule P-5).
    ComputerName {
        /// The name that matched, as the certificate has it.
        name: String,
        /// Where it stands.
        field: ComputerNameField,
    },
    /// No CA above takes client authentication away (rule P-8).
    ChainUsage,
    /// Key usage allows digitalSignature (rule P-7); `None` when the extension is absent.
    KeyUsage(Option<KeyUsage>),
    /// The key usage is damaged and not critical, so that nothing can be said (rules P-7, V-5).
    KeyUsageUnread(ExtensionError),
}

/// Why the purpose rejects a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PurposeReason {
    /// It is not for client authentication, nor (where that is enough) issued to the computer (rules P-1 to P-5).
    NotClientAuth {
        /// The usages that it has; empty means "no purpose".
        usages: Vec<Oid>,
        /// Where they come from.
        source: UsageSource,
        /// The computer's names that were compared; empty where the name does not count (`cb2107`).
        computer: Vec<String>,
        /// The names of the certificate that they were compared with.
        names: Vec<String>,
        /// The alternative names do not decode, so they were not compared (rule V-5).
        alternatives_unread: bool,
    },
    /// A CA above takes client authentication away (rule P-8).
    ChainEku(Box<ChainEku>),
    /// Key usage does not allow digitalSignature (rule P-7).
    KeyUsage(KeyUsage),
}

/// What was nearly right about the purpose.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum PurposeNearMiss {
    /// A later value of the SAN is the computer's name (rule A-4).
    LaterSanValue {
        /// The value.
        value: String,
    },
    /// The certificate's name is longer or shorter than the computer's by a few characters: PC10 for PC1 (rule P-5).
    SimilarName {
        /// The computer's name.
        computer: String,
        /// The name in the certificate.
        actual: String,
    },
}

/// What a certificate may be used for, and how that is known.
pub(crate) struct AllowedUsages {
    /// `None` is every purpose (rule P-2); an empty list is no purpose (rule P-3).
    allowed: Option<Vec<Oid>>,
    source: UsageSource,
}

impl AllowedUsages {
    /// P-2 to P-4: application policies in place of the extension; the property of the store intersects with either, and
    /// alone it is the usage.
    pub(crate) fn of(stored: &StoredCertificate, settings: &Settings) -> Self {
        let certificate = stored.certificate();
        // A damaged extension allows nothing, and the rule says so; what is damaged is a finding of V-5.
        let (own, source) = match certificate.application_policies() {
            Err(_) => (Some(Vec::new()), UsageSource::UnreadApplicationPolicies),
            Ok(Some(policies)) => (Some(policies), UsageSource::ApplicationPolicies),
            Ok(None) => match certificate.extended_key_usage() {
                Err(_) => (Some(Vec::new()), UsageSource::UnreadExtension),
                Ok(Some(usages)) => (Some(usages), UsageSource::Extension),
                Ok(None) => (None, UsageSource::Nothing),
            },
        };
        if matches!(source, UsageSource::UnreadApplicationPolicies | UsageSource::UnreadExtension) {
            return AllowedUsages { allowed: own, source };
        }
        match (own, stored.eku_property()) {
            (own, None) => {
                let allowed = match (own, settings.no_eku()) {
                    (None, NoEku::NotClientAuth) => Some(Vec::new()),
                    (own, _) => own,
                };
                AllowedUsages { allowed, source }
            }
            (None, Some(property)) => AllowedUsages { allowed: Some(property.to_vec()), source: UsageSource::Property },
            (Some(own), Some(property)) => AllowedUsages {
                allowed: Some(intersection(&own, property)),
                source: UsageSource::PropertyAndCertificate,
            },
        }
    }

    /// P-1, P-2: client authentication, by itself or as any purpose.
    pub(crate) fn allow_client_authentication(&self) -> bool {
        self.allowed.as_deref().is_none_or(allow_client_authentication)
    }

    /// P-2: neither the certificate nor the store says what it is for.
    pub(crate) fn are_absent(&self) -> bool {
        self.source == UsageSource::Nothing
    }

    pub(crate) fn source(&self) -> UsageSource {
        self.source
    }
}

/// P-1, P-2: whether a list of usages holds client authentication or every purpose.
pub(crate) fn allow_client_authentication(usages: &[Oid]) -> bool {
    allows(usages, oid::CLIENT_AUTH)
}

/// P-3: what both lists allow, where every purpose on one side allows whatever the other does (P-2).
fn intersection(a: &[Oid], b: &[Oid]) -> Vec<Oid> {
    if a.iter().any(is_any_purpose) {
        return b.to_vec();
    }
    if b.iter().any(is_any_purpose) {
        return a.to_vec();
    }
    a.iter().filter(|usage| b.contains(usage)).cloned().collect()
}

/// P-7: key usage, when present, allows digitalSignature. `None` where the setting says not to look.
pub(crate) fn key_usage(certificate: &Certificate, settings: &Settings) -> Option<Result<PurposePass, PurposeReason>> {
    if settings.key_usage() == KeyUsagePolicy::Ignore {
        return None;
    }
    Some(match certificate.key_usage() {
        Ok(Some(usage)) if !usage.digital_signature() => Err(PurposeReason::KeyUsage(usage)),
        Ok(usage) => Ok(PurposePass::KeyUsage(usage)),
        // A critical one is a rejection of V-5.
        Err(error) => Ok(PurposePass::KeyUsageUnread(error)),
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
pub(crate) fn computer_name(certificate: &Certificate, machine: &Machine, settings: &Settings) -> Option<PurposePass> {
    let names = Names::of(certificate, settings);
    let find = |list: Vec<String>, field| {
        let name = list.into_iter().find(|name| is_computer(machine, name))?;
        Some(PurposePass::ComputerName { name, field })
    };
    find(names.common, ComputerNameField::CommonName).or_else(|| find(names.dns, ComputerNameField::DnsName))
}

/// The rejection of a certificate that is neither for client authentication nor, where that is enough, issued to the
/// computer; with a near miss where a name nearly matched.
pub(crate) fn not_client_auth(
    stored: &StoredCertificate,
    machine: &Machine,
    settings: &Settings,
    usages: AllowedUsages,
) -> (PurposeReason, Option<PurposeNearMiss>) {
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
            .map(|name| PurposeNearMiss::LaterSanValue { value: name.clone() });
        compared = names.common;
        compared.extend(names.dns);
        near_miss = near_miss.or_else(|| similar(machine, &compared));
    }
    let reason = PurposeReason::NotClientAuth {
        usages: usages.allowed.unwrap_or_default(),
        source: usages.source,
        computer,
        names: compared,
        alternatives_unread: by_name && stored.certificate().subject_alternative_names().is_err(),
    };
    (reason, near_miss)
}

/// PC10 for PC1, PC1.other.com for PC1: one begins with the other.
fn similar(machine: &Machine, names: &[String]) -> Option<PurposeNearMiss> {
    let computer = machine.netbios_name();
    let folded = crate::name::fold(computer);
    let near = names.iter().find(|name| {
        let name = crate::name::fold(name);
        !folded.is_empty() && !name.is_empty() && (name.starts_with(&folded) || folded.starts_with(&name))
    })?;
    Some(PurposeNearMiss::SimilarName { computer: computer.to_owned(), actual: near.clone() })
}

impl PurposePass {
    /// Code and rule.
    pub(crate) fn row(&self) -> Row {
        match self {
            PurposePass::ClientAuthentication(source) => Row::new(Step::Purpose, "purpose.client_auth", source.rule()),
            PurposePass::ComputerName { .. } => Row::new(Step::Purpose, "purpose.computer_name", Rule::P5),
            PurposePass::ChainUsage => Row::new(Step::Purpose, "purpose.chain_eku_allows", Rule::P8),
            PurposePass::KeyUsage(_) | PurposePass::KeyUsageUnread(_) => {
                Row::new(Step::Purpose, "purpose.key_usage_allows", Rule::P7)
            }
        }
    }
}

impl PurposeReason {
    /// Code, rule and result codes.
    pub(crate) fn row(&self) -> Row {
        match self {
            PurposeReason::NotClientAuth { source, .. } => {
                Row::new(Step::Purpose, "purpose.not_client_auth", source.rule())
                    .counted("the certificate is not for client authentication")
            }
            PurposeReason::ChainEku(_) => {
                Row::new(Step::Purpose, "purpose.chain_eku", Rule::P8).counted("a CA takes client authentication away")
            }
            PurposeReason::KeyUsage(_) => Row::new(Step::Purpose, "purpose.key_usage", Rule::P7)
                .counted("the key usage does not allow digital signature"),
        }
    }

    /// What may help (rule E-1): each is carried out before it is printed.
    pub(crate) fn proposals(&self, certificate: Thumbprint) -> Vec<Proposal> {
        match self {
            PurposeReason::NotClientAuth { .. } => vec![
                Proposal::MachineName,
                Proposal::Change(Change::AllowPurpose { certificate }),
                Proposal::request([Fact::ClientAuthentication]),
            ],
            PurposeReason::ChainEku(_) => vec![Proposal::request([Fact::OtherAuthority])],
            PurposeReason::KeyUsage(_) => vec![Proposal::request([Fact::ClientAuthentication])],
        }
    }
}

impl PurposeNearMiss {
    /// The stable code.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            PurposeNearMiss::LaterSanValue { .. } => "later_san_value",
            PurposeNearMiss::SimilarName { .. } => "similar_name",
        }
    }
}

impl fmt::Display for PurposePass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PurposePass::ClientAuthentication(source) => f.write_str(match source {
                // What does not read allows nothing, so it never passes.
                UsageSource::Extension | UsageSource::UnreadExtension => {
                    "for client authentication, by its extended key usage"
                }
                UsageSource::ApplicationPolicies | UsageSource::UnreadApplicationPolicies => {
                    "for client authentication, by its application policies"
                }
                UsageSource::Property => "for client authentication, by the usages set in the store",
                UsageSource::PropertyAndCertificate => {
                    "for client authentication, by the certificate and the usages set in the store"
                }
                UsageSource::Nothing => "for every purpose: it names no usage (assumed to include this client)",
            }),
            PurposePass::ComputerName { name, field } => {
                let field = match field {
                    ComputerNameField::CommonName => "CN",
                    ComputerNameField::DnsName => "DNS name",
                };
                write!(f, "issued to the computer: {field} {}", Quoted(name))
            }
            PurposePass::ChainUsage => f.write_str("every CA above it allows client authentication"),
            PurposePass::KeyUsage(Some(_)) => f.write_str("key usage allows digitalSignature"),
            PurposePass::KeyUsageUnread(error) => write!(f, "the key usage could not be read: {}", ShownBy(error)),
            PurposePass::KeyUsage(None) => f.write_str("no key usage extension, so every use is allowed"),
        }
    }
}

fn usages_named(source: UsageSource) -> &'static str {
    match source {
        UsageSource::Extension | UsageSource::UnreadExtension => "extended key usages",
        UsageSource::ApplicationPolicies | UsageSource::UnreadApplicationPolicies => "application policies",
        UsageSource::Property => "usages set in the store",
        UsageSource::PropertyAndCertificate => "usages, narrowed by those set in the store,",
        UsageSource::Nothing => "no extended key usage at all",
    }
}

impl fmt::Display for PurposeReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PurposeReason::NotClientAuth { usages, source, computer, names, alternatives_unread } => {
                match source {
                    UsageSource::Nothing => f.write_str("not for client authentication: it names no usage at all")?,
                    UsageSource::Property | UsageSource::PropertyAndCertificate if usages.is_empty() => {
                        f.write_str("Client Authentication was unticked in the store, and nothing is left")?;
                    }
                    UsageSource::UnreadExtension | UsageSource::UnreadApplicationPolicies => {
                        write!(f, "not for client authentication: its {} could not be read", usages_named(*source))?;
                    }
                    UsageSource::Extension
                    | UsageSource::ApplicationPolicies
                    | UsageSource::Property
                    | UsageSource::PropertyAndCertificate => {
                        let only = if usages.is_empty() { "" } else { " only" };
                        let named = usages_named(*source);
                        write!(f, "not for client authentication: its {named} allow {}{only}", UsageList(usages))?;
                    }
                }
                match (computer.is_empty(), names.is_empty()) {
                    (true, _) => {}
                    (false, true) if *alternatives_unread => write!(f, "; nor issued to {}", List(computer))?,
                    (false, true) => write!(f, "; nor issued to {}: it has no name", List(computer))?,
                    (false, false) => write!(f, "; nor issued to {}: it is for {}", List(computer), List(names))?,
                }
                f.write_str(if *alternatives_unread { "; its alternative names could not be read" } else { "" })
            }
            PurposeReason::ChainEku(taken) => taken.fmt(f),
            PurposeReason::KeyUsage(usage) => {
                f.write_str("key usage is ")?;
                let mut names = usage.names();
                match names.next() {
                    None => f.write_str("empty")?,
                    Some(first) => f.write_str(first)?,
                }
                names.try_for_each(|name| write!(f, ", {name}"))?;
                f.write_str("; client authentication needs digitalSignature (assumed)")
            }
        }
    }
}

impl fmt::Display for PurposeNearMiss {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PurposeNearMiss::LaterSanValue { value } => write!(
                f,
                "a later value of the subject alternative name matches, {}, but only the first is used",
                Quoted(value)
            ),
            PurposeNearMiss::SimilarName { computer, actual } => {
                write!(f, "the name {} resembles {}, but is another", Quoted(actual), Quoted(computer))
            }
        }
    }
}
