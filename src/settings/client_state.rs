//! The settings that a client reports of itself (rule Q-5): `Win32Reg_SMSAdvancedClientSSLConfiguration`.

use crate::choices::OnMultiple;
use crate::text::{ParseError, Properties, Property, SslState};
use crate::value_error::ValueError;

/// A client's effective settings, by the properties of the documented class (Q-5).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct ClientState {
    properties: Properties,
    always_on_internet: Option<bool>,
    internet_management_point: Option<String>,
}

/// Why values are not a client's state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ClientStateError {
    /// None of the class's properties is there.
    #[error(
        "this is not the state of a client: it has none of CertificateSelectionCriteria, CertificateStore, \
         SelectFirstCertificate, HttpsStateFlags (Q-5)"
    )]
    NoProperty,
    /// Criteria that do not parse.
    #[error("CertificateSelectionCriteria: {0}")]
    Criteria(ParseError),
    /// A state that is not a number.
    #[error("HttpsStateFlags: {0}")]
    State(ValueError),
    /// A flag that is neither on nor off.
    #[error("{property}: {} is not a flag: 0 or 1 is expected (Q-5)", crate::shown::Quoted(value))]
    Flag {
        /// The property of the class.
        property: &'static str,
        /// Its value.
        value: String,
    },
}

/// The properties of the class that are read, as the documentation writes them.
const NAMES: [&str; 6] = [
    "CertificateSelectionCriteria",
    "CertificateStore",
    "SelectFirstCertificate",
    "HttpsStateFlags",
    "ClientAlwaysOnInternet",
    "InternetMPHostName",
];

impl ClientState {
    /// As [`Properties::from_client_state`].
    ///
    /// # Errors
    ///
    /// [`ClientStateError`]: none of the class's properties, or a value that does not read.
    pub(crate) fn from_values<'v>(
        values: impl IntoIterator<Item = (&'v str, Option<&'v str>)>,
    ) -> Result<Self, ClientStateError> {
        let mut state = ClientState::default();
        let mut known = false;
        for (name, value) in values {
            let name = name.strip_suffix('0').unwrap_or(name);
            let Some(name) = NAMES.into_iter().find(|known| known.eq_ignore_ascii_case(name)) else { continue };
            let value = value.map(str::trim).filter(|value| !value.is_empty());
            state.set(name, value)?;
            known = true;
        }
        if known { Ok(state) } else { Err(ClientStateError::NoProperty) }
    }

    fn set(&mut self, name: &'static str, value: Option<&str>) -> Result<(), ClientStateError> {
        let properties = std::mem::take(&mut self.properties);
        self.properties = match (name, value) {
            ("CertificateSelectionCriteria", None) => properties.without(Property::CertSel),
            ("CertificateSelectionCriteria", Some(text)) => {
                properties.with_criteria(text.parse().map_err(ClientStateError::Criteria)?)
            }
            ("CertificateStore", None) => properties.without(Property::CertStore),
            ("CertificateStore", Some(store)) => properties.with_store(store),
            ("HttpsStateFlags", Some(text)) => {
                let flags: SslState = text.parse().map_err(ClientStateError::State)?;
                properties.with_ssl_state(flags)
            }
            ("SelectFirstCertificate", Some(text)) => properties.with_on_multiple(if flag(name, text)? {
                OnMultiple::SelectLongest
            } else {
                OnMultiple::Fail
            }),
            ("ClientAlwaysOnInternet", Some(text)) => {
                self.always_on_internet = Some(flag(name, text)?);
                properties
            }
            ("InternetMPHostName", host) => {
                self.internet_management_point = host.map(str::to_owned);
                properties
            }
            _ => properties,
        };
        Ok(())
    }

    /// What the state says, as properties.
    pub(crate) fn properties(&self) -> &Properties {
        &self.properties
    }

    /// Whether the client is always on the Internet.
    pub(crate) fn always_on_internet(&self) -> Option<bool> {
        self.always_on_internet
    }

    /// The host name of the management point for the Internet.
    pub(crate) fn internet_management_point(&self) -> Option<&str> {
        self.internet_management_point.as_deref()
    }
}

impl Properties {
    /// What a client reports of itself (Q-5), from the names and values of the WMI class
    /// `Win32Reg_SMSAdvancedClientSSLConfiguration`, as text; `None` is null, which is the same as empty. Names compare without
    /// regard to case and may have the `0` that the inventory's views put behind them. Other names are passed over.
    ///
    /// An empty criterion or store states that the client has none, which displaces a command line's (Q-5).
    ///
    /// ```
    /// use ccmcertsel::Properties;
    ///
    /// let state = Properties::from_client_state([
    ///     ("CertificateSelectionCriteria", Some("SubjectStr:contoso.com")),
    ///     ("CertificateStore", None),
    ///     ("HttpsStateFlags", Some("31")),
    ///     ("SelectFirstCertificate", Some("1")),
    /// ])?;
    /// assert_eq!(state.to_string(), "CCMCERTSEL=SubjectStr:contoso.com CCMFIRSTCERT=1 CCMHTTPSSTATE=31");
    /// # Ok::<(), ccmcertsel::settings::ClientStateError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ClientStateError`]: none of the class's properties, or a value that does not read.
    pub fn from_client_state<'v>(
        values: impl IntoIterator<Item = (&'v str, Option<&'v str>)>,
    ) -> Result<Self, ClientStateError> {
        ClientState::from_values(values).map(|state| state.properties)
    }
}

fn flag(property: &'static str, value: &str) -> Result<bool, ClientStateError> {
    match value.to_ascii_lowercase().as_str() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(ClientStateError::Flag { property, value: value.chars().take(60).collect() }),
    }
}
