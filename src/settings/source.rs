//! Where settings come from, and when (rule Q-1).

use std::fmt;

/// Which of the two precedences applies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Phase {
    /// While the client is installed.
    #[default]
    Installation,
    /// Afterwards, when Active Directory and the assigned site refresh the selection settings.
    Afterwards,
}

/// Where a value comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SettingSource {
    /// Nobody states it.
    Default,
    /// The command line of CCMSetup: client.msi properties and switches.
    CcmSetup,
    /// Client push.
    ClientPush,
    /// `mobileclient.tcf`, which the site writes for its clients' installation.
    MobileClientFile,
    /// Site information published to Active Directory.
    ActiveDirectory,
    /// The assigned site.
    AssignedSite,
    /// What the client itself reports as its effective settings.
    ClientState,
}

impl SettingSource {
    /// The source as a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            SettingSource::Default => "default",
            SettingSource::CcmSetup => "ccmsetup",
            SettingSource::ClientPush => "client push",
            SettingSource::ActiveDirectory => "active directory",
            SettingSource::AssignedSite => "assigned site",
            SettingSource::MobileClientFile => "mobileclient.tcf",
            SettingSource::ClientState => "client state",
        }
    }
}

impl fmt::Display for SettingSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
