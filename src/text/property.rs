//! The properties and switches that this crate reads, by name (rules ).

use crate::attribute;
use std::fmt;

/// A client.msi property or CCMSetup switch that bears on the selection: what
/// [`Properties::value_text`](super::Properties::value_text) and [`Resolved::row`](crate::settings::Resolved::row) are asked for.
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
    /// `CCMHTTPSSTATE`: the site's SSL state.
    HttpsState,
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
        Property::HttpsState,
        Property::LogLevel,
        Property::FallbackStatusPoint,
        Property::SiteCode,
        Property::RootKeyPath,
        Property::PublicRootKey,
        Property::ResetKeyInformation,
        Property::SignCert,
    ];

    /// The name as it is documented; a switch has its `/`.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Property::UsePkiCert => "/UsePKICert",
            Property::NoCrlCheck => "/NoCRLCheck",
            Property::PkiCertOptions => "/CCMPKICERTOPTIONS",
            Property::CertSel => "CCMCERTSEL",
            Property::CertIssuers => "CCMCERTISSUERS",
            Property::CertStore => "CCMCERTSTORE",
            Property::FirstCert => "CCMFIRSTCERT",
            Property::CertNameCheck => "CCMCERTNAMECHECK",
            Property::HttpsState => "CCMHTTPSSTATE",
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
    pub(crate) const fn tool_option(self) -> Option<&'static str> {
        Some(match self {
            Property::CertStore => "/Store",
            Property::CertIssuers => "/Issuers",
            Property::CertSel => "/Criteria",
            Property::FirstCert => "/SelectFirstCert",
            Property::UsePkiCert
            | Property::NoCrlCheck
            | Property::PkiCertOptions
            | Property::CertNameCheck
            | Property::HttpsState
            | Property::LogLevel
            | Property::FallbackStatusPoint
            | Property::SiteCode
            | Property::RootKeyPath
            | Property::PublicRootKey
            | Property::ResetKeyInformation
            | Property::SignCert => return None,
        })
    }

    /// Whether its value is a text for other parts of the client: where it reports to, and by which keys it knows its site. It
    /// bears on the selection only through them.
    pub(crate) const fn is_for_others(self) -> bool {
        match self {
            Property::FallbackStatusPoint
            | Property::SiteCode
            | Property::RootKeyPath
            | Property::PublicRootKey
            | Property::ResetKeyInformation
            | Property::SignCert => true,
            Property::UsePkiCert
            | Property::NoCrlCheck
            | Property::PkiCertOptions
            | Property::CertSel
            | Property::CertIssuers
            | Property::CertStore
            | Property::FirstCert
            | Property::CertNameCheck
            | Property::HttpsState
            | Property::LogLevel => false,
        }
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

    /// Whether a name, with its `/` where it has one, is one of the documented parameters that do not bear on the selection.
    pub(super) fn is_other(name: &str) -> bool {
        let is =
            |other: &&str| other.eq_ignore_ascii_case(name.strip_prefix('-').unwrap_or(name).trim_start_matches('/'));
        OTHERS.iter().any(is)
    }

    /// Whether it stands alone, without a value.
    pub(super) const fn is_switch(self) -> bool {
        matches!(self, Property::UsePkiCert | Property::NoCrlCheck)
    }

    /// The first of our names that a text holds as an item would begin: `NAME=`, `NAME:` or a switch, wherever it stands.
    pub(super) fn held_by(text: &str) -> Option<&'static str> {
        let lower = text.to_ascii_lowercase();
        let names = Property::ALL.iter().map(|property| property.name());
        let options = Property::ALL.iter().filter_map(|property| property.tool_option());
        names.chain(options).find(|name| holds(&lower, &name.to_ascii_lowercase()))
    }

    /// The name, of property, switch or option, that a mistyped one most likely means.
    pub(super) fn nearest(text: &str) -> Option<&'static str> {
        let names = Property::ALL.iter().map(|property| property.name());
        let options = Property::ALL.iter().filter_map(|property| property.tool_option());
        // Three letters of `FSP` are one edit away from too much.
        let long = names.chain(options).filter(|name| name.len() > 4);
        // `/NoCRL`, `/UsePKI`: a name that was cut short is further away than any typing error.
        let begins = |name: &&'static str| {
            text.len() > 4 && name.get(..text.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(text))
        };
        attribute::nearest(text, long.clone()).or_else(|| long.clone().find(begins))
    }
}

/// Documented parameters of ccmsetup.exe, ccmsetup.msi and client.msi that do not bear on the selection.
const OTHERS: [&str; 62] = [
    "AADCLIENTAPPID",
    "AADRESOURCEURI",
    "AADTENANTID",
    "AllowMetered",
    "AlwaysExcludeUpgrade",
    "BITSPriority",
    "CCMADMINS",
    "CCMALLOWSILENTREBOOT",
    "CCMALWAYSINF",
    "CCMAPPLICATIONCATALOGURL",
    "CCMDEBUGLOGGING",
    "CCMENABLELOGGING",
    "CCMEVALHOUR",
    "CCMEVALINTERVAL",
    "CCMHOSTNAME",
    "CCMHTTPPORT",
    "CCMHTTPSCERTNAME",
    "CCMHTTPSPORT",
    "CCMINSTALLDIR",
    "CCMLOGMAXHISTORY",
    "CCMLOGMAXSIZE",
    "CCMSETUPCMD",
    "config",
    "DISABLECACHEOPT",
    "DISABLESITEOPT",
    "DNSSUFFIX",
    "downloadtimeout",
    "ExcludeFeatures",
    "forceinstall",
    "forcereboot",
    "IGNOREAPPVVERSIONCHECK",
    "INSTALL",
    "logon",
    "MANAGEDINSTALLER",
    "mp",
    "noservice",
    "NOTIFYONLY",
    "PATCH",
    "PROVISIONTS",
    "regtoken",
    "REINSTALL",
    "REINSTALLMODE",
    "REBOOT",
    "retry",
    "runservice",
    "service",
    "SITEREASSIGN",
    "skipprereq",
    "SMSCACHEDIR",
    "SMSCACHEFLAGS",
    "SMSCACHESIZE",
    "SMSCONFIGSOURCE",
    "SMSDIRECTORYLOOKUP",
    "SMSMP",
    "SMSMPLIST",
    "SMSPROVISIONTS",
    "source",
    "uninstall",
    "UPGRADETOLATEST",
    "UPLOADACTION",
    "qn",
    "i",
];

/// Whether a text in lower case holds a name as an item would begin.
fn holds(text: &str, name: &str) -> bool {
    let switch = name.starts_with('/');
    let word = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '-');
    text.match_indices(name).any(|(at, _)| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let behind = text.get(at + name.len()..).unwrap_or_default();
        let first = behind.chars().next();
        let assigned = behind.chars().take(MAX_BLANKS).find(|c| !c.is_whitespace());
        let begins = before.is_none_or(|c| !(word(c) || (switch && matches!(c, '/' | '\\'))));
        begins && if switch { first.is_none_or(|c| !word(c)) } else { matches!(assigned, Some('=' | ':')) }
    })
}

/// More blanks before an equals sign are not a slip of the keyboard.
const MAX_BLANKS: usize = 8;

/// Whether a text begins as an item of ours does: a property with `=`, a switch or option, or a wrapping of them.
pub(super) fn is_ours(text: &str) -> bool {
    // Longer than any name; a line is looked at from many places, so each look must be short.
    let text = text.get(..LONGEST_NAME).unwrap_or(text);
    let dashed = text.strip_prefix(['/', '-']);
    match (dashed, text.split_once('=')) {
        (Some(switch), _) => {
            let name = switch.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            Property::by_switch(name).is_some()
        }
        (None, Some((name, _))) => Property::by_name(name.trim_end()).is_some() || is_wrapper(name.trim_end()),
        (None, None) => false,
    }
}

const LONGEST_NAME: usize = 64;

/// What has a whole command line as its value: ccmsetup.msi's property, and the task sequence's variable.
pub(super) fn is_wrapper(name: &str) -> bool {
    const WRAPPERS: [&str; 2] = ["CCMSETUPCMD", "SMSClientInstallProperties"];
    let name = name.trim_start_matches(['/', '-']);
    WRAPPERS.iter().any(|wrapper| wrapper.eq_ignore_ascii_case(name))
}

/// A key of the site's file, or of the client's state, that says what a property says.
#[derive(Debug, Clone, Copy)]
pub(super) struct FileKey {
    pub(super) key: &'static str,
    pub(super) property: Property,
    /// What it is a key of.
    pub(super) file: &'static str,
}

const FILE_KEYS: [FileKey; 7] = {
    const fn of(file: &'static str, key: &'static str, property: Property) -> FileKey {
        FileKey { key, property, file }
    }
    const SITE: &str = "mobileclient.tcf";
    const CLIENT: &str = "the client's state";
    [
        of(SITE, "CertificateIssuers", Property::CertIssuers),
        of(SITE, "CertificateSelectionCriteria", Property::CertSel),
        of(SITE, "CertificateStoreName", Property::CertStore),
        of(SITE, "SelectFirstCertificate", Property::FirstCert),
        of(SITE, "SSLState", Property::HttpsState),
        of(CLIENT, "CertificateStore", Property::CertStore),
        of(CLIENT, "HttpsStateFlags", Property::HttpsState),
    ]
};

/// A key, without regard to case.
pub(super) fn file_key(name: &str) -> Option<FileKey> {
    FILE_KEYS.into_iter().find(|known| known.key.eq_ignore_ascii_case(name))
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/text_property.rs"]
mod tests;
