//! The machine whose certificates are judged: its names, and what kind of device it is.
//!
//! ```
//! use ccmcertsel::{DeviceKind, Machine};
//!
//! let machine = Machine::new("PC1").with_fqdn("pc1.contoso.com");
//! assert_eq!((machine.netbios_name(), machine.fqdn()), ("PC1", Some("pc1.contoso.com")));
//! let phone = Machine::new("PHONE").with_device("mac-or-mobile".parse()?);
//! assert_eq!(phone, Machine::new("PHONE").with_device(DeviceKind::MacOrMobile));
//! assert_eq!(Machine::new("WORKSTATION-WITH-A-LONG-NAME").netbios_name(), "WORKSTATION-WIT");
//! # Ok::<(), ccmcertsel::ValueError>(())
//! ```

use crate::value_error::ValueError;
use std::fmt;

/// A NetBIOS name is the first 15 characters of the computer's name (rule P-5).
const NETBIOS_CHARACTERS: usize = 15;

/// Whether the device has the selection method at all (rule R-4).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
#[non_exhaustive]
pub enum DeviceKind {
    /// A Windows client: all steps.
    #[default]
    Windows,
    /// macOS or a mobile device: the first certificate, in store order, that is valid and fits the purpose.
    MacOrMobile,
}

impl DeviceKind {
    /// `windows` or `mac-or-mobile`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            DeviceKind::Windows => "windows",
            DeviceKind::MacOrMobile => "mac-or-mobile",
        }
    }
}

impl fmt::Display for DeviceKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::str::FromStr for DeviceKind {
    type Err = ValueError;

    fn from_str(s: &str) -> Result<Self, Self::Err> {
        match s {
            "windows" => Ok(DeviceKind::Windows),
            "mac-or-mobile" => Ok(DeviceKind::MacOrMobile),
            _ => Err(ValueError::new(s, "a kind of device", "`windows` or `mac-or-mobile`")),
        }
    }
}

/// What is given where a NetBIOS name is due (rule P-5).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Written {
    /// The fully qualified name: `pc1.contoso.com`.
    FullyQualified,
    /// The name of its account in the directory: `PC1$`, `CONTOSO\PC1`.
    Account,
}

/// A computer: the names that certificates are compared with.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Machine {
    name: String,
    netbios: String,
    fqdn: Option<String>,
    device: DeviceKind,
    os: Option<String>,
}

impl Machine {
    /// A Windows machine of this computer name. The NetBIOS name is its first 15 characters.
    pub fn new(name: impl Into<String>) -> Self {
        let name = name.into();
        let netbios = name.chars().take(NETBIOS_CHARACTERS).collect();
        Machine { name, netbios, fqdn: None, device: DeviceKind::Windows, os: None }
    }

    /// Sets the fully qualified domain name.
    #[must_use]
    pub fn with_fqdn(mut self, fqdn: impl Into<String>) -> Self {
        self.fqdn = Some(fqdn.into());
        self
    }

    /// Sets the kind of device.
    #[must_use]
    pub fn with_device(mut self, device: DeviceKind) -> Self {
        self.device = device;
        self
    }

    /// States the operating system, in the words of an inventory. Nothing of the selection depends on it; whether the client
    /// can sign with SHA-256 does.
    #[must_use]
    pub(crate) fn with_os(mut self, os: impl Into<String>) -> Self {
        self.os = Some(os.into());
        self
    }

    /// The operating system, where it is stated.
    pub(crate) fn os(&self) -> Option<&str> {
        self.os.as_deref()
    }

    /// The name as given.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The first 15 characters of the name (rule P-5).
    pub fn netbios_name(&self) -> &str {
        &self.netbios
    }

    /// The fully qualified domain name.
    pub fn fqdn(&self) -> Option<&str> {
        self.fqdn.as_deref()
    }

    /// The machine as it is meant where something else than the NetBIOS name is given as its name, and what that is; `None` where
    /// it is a name, or an address, which says nothing of the name.
    pub(crate) fn meant(&self) -> Option<(Machine, Written)> {
        let computer = self.name.rsplit('\\').next().unwrap_or(&self.name);
        let computer = computer.strip_suffix('$').unwrap_or(computer);
        let given = computer.strip_suffix('.').unwrap_or(computer);
        let qualified = given.split_once('.').filter(|(label, domain)| !label.is_empty() && !domain.is_empty());
        match qualified.filter(|_| !self.is_address()) {
            Some((label, _)) => {
                let fqdn = self.fqdn.as_deref().unwrap_or(given);
                Some((self.renamed(label, Some(fqdn)), Written::FullyQualified))
            }
            None if computer.len() < self.name.len() && !computer.is_empty() => {
                Some((self.renamed(computer, self.fqdn()), Written::Account))
            }
            None => None,
        }
    }

    /// Whether what is given as the name is an address of the Internet protocol.
    pub(crate) fn is_address(&self) -> bool {
        self.name.parse::<std::net::IpAddr>().is_ok()
    }

    /// The same machine under other names.
    pub(crate) fn renamed(&self, name: &str, fqdn: Option<&str>) -> Machine {
        let fqdn = fqdn.map(str::to_owned);
        Machine { fqdn, device: self.device, os: self.os.clone(), ..Machine::new(name) }
    }

    /// The kind of device.
    pub(crate) fn device(&self) -> DeviceKind {
        self.device
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn p5_what_is_no_netbios_name_is_told_by_its_form() {
        let meant = |name: &str| {
            let (machine, written) = Machine::new(name).with_os("Windows 11").meant()?;
            assert_eq!(machine.os(), Some("Windows 11"));
            Some((machine.name().to_owned(), machine.fqdn().map(str::to_owned), written))
        };
        let qualified = ("pc60".to_owned(), Some("pc60.contoso.com".to_owned()), Written::FullyQualified);
        for name in ["pc60.contoso.com", "pc60.contoso.com.", "\\\\pc60.contoso.com", "CONTOSO\\pc60.contoso.com$"] {
            assert_eq!(meant(name), Some(qualified.clone()), "{name}");
        }
        for name in ["PC60$", "CONTOSO\\PC60$", "CONTOSO\\PC60", "\\\\PC60"] {
            assert_eq!(meant(name), Some(("PC60".to_owned(), None, Written::Account)), "{name}");
        }
        for name in ["PC60", "", ".", "PC60.", "$", "10.1.2.3", "fe80::1", ".contoso.com"] {
            assert_eq!(meant(name), None, "{name}");
        }
    }
}
