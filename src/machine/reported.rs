//! What is known about a machine beside its certificates: the client's version, its own state, and the site's file.

use super::client_state;
use super::error::InputError;
use crate::choices::Ruleset;
use crate::settings::ClientState;
use crate::text::MobileClientFile;

/// What a machine's folder or inventory says of its client.
#[derive(Debug, Default)]
pub(crate) struct Reported {
    /// The client's version as written, and the ruleset that it has.
    pub client_version: Option<(String, Ruleset)>,
    /// The client's own state, and as which JSON value it was given.
    pub client_state: Option<(ClientState, Option<serde_json::Value>)>,
    /// The site's file.
    pub tcf: Option<MobileClientFile>,
}

impl Reported {
    /// Takes in the client's version.
    ///
    /// # Errors
    /// A text that is not one.
    pub(crate) fn set_version(&mut self, version: Option<String>) -> Result<(), InputError> {
        let Some(version) = version else { return Ok(()) };
        let ruleset = Ruleset::of_client_version(&version)
            .map_err(|error| InputError::new(error.to_string()).at(version.as_str(), 0..version.len()))?;
        self.client_version = Some((version, ruleset));
        Ok(())
    }

    /// Takes in the client's state as an inventory has it.
    ///
    /// # Errors
    /// A value that is not one.
    pub(crate) fn set_state(&mut self, value: Option<serde_json::Value>) -> Result<(), InputError> {
        let Some(value) = value else { return Ok(()) };
        let state = client_state::from_json(&value)
            .map_err(|error| InputError::new(format!("client_state: {}", error.message)))?;
        self.client_state = Some((state, Some(value)));
        Ok(())
    }
}
