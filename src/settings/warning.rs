//! What is worth knowing about where the settings came from.

use super::source::SettingSource;
use crate::reason::Coded;
use crate::rules::Rule;
use std::fmt;

/// Something about the sources of the settings that an administrator should know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SettingsWarning {
    /// Only CCMSetup turned the CRL check off: that serves until the client has the site's settings (V-7).
    NoCrlCheckUntilSite,
    /// CCMSetup turned the CRL check off, and the client has the site's settings by now (V-7).
    NoCrlCheckOver {
        /// The source that counts instead.
        counts: SettingSource,
    },
    /// The client's state is given for a client that is being installed.
    ClientStateUnread,
}

impl Coded for SettingsWarning {
    fn code(&self) -> &'static str {
        match self {
            SettingsWarning::NoCrlCheckUntilSite => "settings.no_crl_check_until_site",
            SettingsWarning::NoCrlCheckOver { .. } => "settings.no_crl_check_over",
            SettingsWarning::ClientStateUnread => "settings.client_state_unread",
        }
    }

    fn rule(&self) -> Rule {
        match self {
            SettingsWarning::NoCrlCheckUntilSite | SettingsWarning::NoCrlCheckOver { .. } => Rule::V7,
            SettingsWarning::ClientStateUnread => Rule::Q5,
        }
    }
}

/// One sentence, without its rule.
impl fmt::Display for SettingsWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SettingsWarning::NoCrlCheckUntilSite => f.write_str(
                "only the command line of CCMSetup turns the CRL check off, which serves until the client has the site's \
                 settings: turn it off in the site, or publish the CRLs",
            ),
            SettingsWarning::NoCrlCheckOver { counts: SettingSource::Default } => f.write_str(
                "`/NoCRLCheck` served until the client had the site's settings, and no source says that the site turns the \
                 check off: CRLs are checked",
            ),
            SettingsWarning::NoCrlCheckOver { counts } => write!(
                f,
                "`/NoCRLCheck` served until the client had the site's settings: by now the CRL check of the {counts} counts"
            ),
            SettingsWarning::ClientStateUnread => f.write_str(
                "the client's state is not read while it is being installed: leave `phase` out, or write \"afterwards\"",
            ),
        }
    }
}
