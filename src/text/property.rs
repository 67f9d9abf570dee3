//! The properties and switches that this crate reads, by name (rules ).

use crate::attribute;
use std::fmt;

/// A client.msi property or CCMSetup switch that bears on the selection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Property {
    /// `/UsePKICert`: use a PKI certificate when there is one.
    UsePkiCert,
    /// `/NoCRLCheck`: no revocation check (V-7).
    NoCrlCheck,
    /// `/CCMPKICERTOPTIONS`: `0` turns CNG support off (V-4).
    PkiCertOptions,
    /// `CCMCERTSEL`: the selection criteria (C-1).
    CertSel,
    /// `CCMCERTISSUERS`: the certificate issuers list (I-1).
    CertIssuers,
    /// `CCMCERTSTORE`: the store (T-1).
    CertStore,
    /// `CCMFIRSTCERT`: select the longest of several (L-2).
    FirstCert,
    /// `CCMCERTNAMECHECK`: `0` waives the computer name.
    CertNameCheck,
    /// `CCMLOGLEVEL`: how much a log has (section 11).
    LogLevel,
    /// `FSP`: the fallback status point (L-3).
    FallbackStatusPoint,
    /// `SMSSITECODE`: the site.
    SiteCode,
    /// `SMSROOTKEYPATH`: a file that holds the trusted root key (K-1).
    RootKeyPath,
    /// `SMSPublicRootKey`: the trusted root key itself (K-1).
    PublicRootKey,
    /// `RESETKEYINFORMATION`: removes the trusted root key (K-2).
    ResetKeyInformation,
    /// `SMSSIGNCERT`: a file that holds the site server signing certificate (K-3).
    SignCert,
}

impl Property {
    /// Every property, in the order in which they print.
    pub const ALL: &'static [Property] = &[
        Property::UsePkiCert,
        Property::NoCrlCheck,
        Property::PkiCertOptions,
        Property::CertSel,
        Property::CertIssuers,
        Property::CertStore,
        Property::FirstCert,
        Property::CertNameCheck,
        Property::LogLevel,
        Property::FallbackStatusPoint,
        Property::SiteCode,
        Property::RootKeyPath,
        Property::PublicRootKey,
        Property::ResetKeyInformation,
        Property::SignCert,
    ];

    /// The name as it is documented; a switch has its `/`.
    pub const fn name(self) -> &'static str {
        match self {
            Property::UsePkiCert => "/UsePKICert",
            Property::NoCrlCheck => "/NoCRLCheck",
            Property::PkiCertOptions => "/CCMPKICERTOPTIONS",
            Property::CertSel => "CCMCERTSEL",
            Property::CertIssuers => "CCMCERTISSUERS",
            Property::CertStore => "CCMCERTSTORE",
            Property::FirstCert => "CCMFIRSTCERT",
            Property::CertNameCheck => "CCMCERTNAMECHECK",
            Property::LogLevel => "CCMLOGLEVEL",
            Property::FallbackStatusPoint => "FSP",
            Property::SiteCode => "SMSSITECODE",
            Property::RootKeyPath => "SMSROOTKEYPATH",
            Property::PublicRootKey => "SMSPublicRootKey",
            Property::ResetKeyInformation => "RESETKEYINFORMATION",
            Property::SignCert => "SMSSIGNCERT",
        }
    }

    /// The readiness tool's option for the same value.
    pub const fn tool_option(self) -> Option<&'static str> {
        Some(match self {
            Property::CertStore => "/Store",
            Property::CertIssuers => "/Issuers",
            Property::CertSel => "/Criteria",
            Property::FirstCert => "/SelectFirstCert",
            _ => return None,
        })
    }

    /// A client.msi property, by its name without regard to case. `CCMPKICERTOPTIONS` is read as one too.
    pub(super) fn by_name(name: &str) -> Option<Property> {
        let plain = |property: &Property| property.name().trim_start_matches('/').eq_ignore_ascii_case(name);
        let found = Property::ALL.iter().copied().find(plain)?;
        (!found.is_switch()).then_some(found)
    }

    /// A switch or an option of the readiness tool, by its name without `/` or `-` and without regard to case.
    pub(super) fn by_switch(name: &str) -> Option<Property> {
        let is = |text: &str| text.strip_prefix('/').is_some_and(|text| text.eq_ignore_ascii_case(name));
        Property::ALL.iter().copied().find(|property| is(property.name()) || property.tool_option().is_some_and(is))
    }

    /// Whether it stands alone, without a value.
    pub(super) const fn is_switch(self) -> bool {
        matches!(self, Property::UsePkiCert | Property::NoCrlCheck)
    }

    /// The name, of property, switch or option, that a mistyped one most likely means.
    pub(super) fn nearest(text: &str) -> Option<&'static str> {
        let names = Property::ALL.iter().map(|property| property.name());
        let options = Property::ALL.iter().filter_map(|property| property.tool_option());
        // Three letters of `FSP` are one edit away from too much.
        let long = names.chain(options).filter(|name| name.len() > 4);
        attribute::nearest(text, long)
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
