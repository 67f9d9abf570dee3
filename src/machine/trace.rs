//! Who set what: each effective setting, its source, and what it displaced (`--explain-settings`, rule Q-1).

use crate::rules::Rule;
use crate::settings::{CrlGrace, Resolved, SettingSource, Settings};
use crate::text::{Properties, Property};
use std::borrow::Cow;
use std::fmt::Write;

/// Values in the order in which they were set; the last one of a name counts.
#[derive(Debug, Default)]
pub(crate) struct Trace(pub Vec<Stated>);

/// That a source sets a setting.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Stated {
    /// The setting, by its name in [`Settings::set`], or `store`, `criteria` or `issuers`.
    pub name: &'static str,
    /// What it is set to.
    pub value: String,
    /// Who says so, such as `ccmsetup` or `machine's settings`.
    pub source: Cow<'static, str>,
}

/// Settings that are not a choice between a few words.
const TEXTS: [&str; 4] = ["store", "criteria", "issuers", CrlGrace::SETTING];

/// The setting that a property states.
fn setting_of(property: Property) -> Option<&'static str> {
    Some(match property {
        Property::CertStore => "store",
        Property::CertSel => "criteria",
        Property::CertIssuers => "issuers",
        Property::FirstCert => "on_multiple",
        Property::CertNameCheck => "name_check",
        Property::LogLevel => "log_level",
        Property::NoCrlCheck => "revocation",
        Property::PkiCertOptions => "cng_keys",
        // What they state is not a setting of the selection.
        Property::UsePkiCert
        | Property::HttpsState
        | Property::FallbackStatusPoint
        | Property::SiteCode
        | Property::RootKeyPath
        | Property::PublicRootKey
        | Property::ResetKeyInformation
        | Property::SignCert => return None,
    })
}

impl Trace {
    /// Notes that a source sets a value.
    pub(crate) fn set(&mut self, name: &str, value: impl Into<String>, source: impl Into<Cow<'static, str>>) {
        let name = name.replace('-', "_");
        let known = Settings::CHOICES.iter().copied().chain(TEXTS).find(|known| *known == name);
        if let Some(name) = known {
            self.0.push(Stated { name, value: value.into(), source: source.into() });
        }
    }

    /// Notes what the sources of the machine's file say, the weakest first.
    pub(crate) fn resolved(&mut self, resolved: &Resolved) {
        for row in resolved.rows() {
            let Some(name) = setting_of(row.property) else { continue };
            let displaced = row.displaced;
            for (source, value) in displaced.iter().rev() {
                self.set(name, value.as_str(), source.name());
            }
            if row.source != SettingSource::Default {
                self.set(name, row.value.unwrap_or_else(|| "none".to_owned()), row.source.name());
            } else if let Some(value) = row.value.filter(|_| !displaced.is_empty()) {
                // The default displaces what no longer serves (V-7).
                self.set(name, value, row.source.name());
            }
        }
    }

    /// Notes what a command line of properties says.
    pub(crate) fn properties(&mut self, properties: &Properties, source: &'static str) {
        for property in Property::ALL {
            let Some(name) = setting_of(*property) else { continue };
            if let Some(value) = properties.value_text(*property) {
                self.set(name, value, source);
            } else if properties.clears(*property) {
                self.set(name, "none", source);
            } else if let (Property::NoCrlCheck, Some(revocation)) = (property, properties.revocation()) {
                // The SSL state says it too.
                self.set(name, revocation.name(), source);
            }
        }
    }

    /// One line a setting: `store = MY (default; T-1)`.
    pub(crate) fn explain(&self, settings: &Settings) -> String {
        let mut text = String::from("settings:\n");
        let list = settings.issuers().map(ToString::to_string);
        let criteria = settings.criteria().map(ToString::to_string);
        self.line(&mut text, "store", settings.store().as_str(), "T-1");
        self.line(&mut text, "criteria", criteria.as_deref().unwrap_or("not set"), "C-1");
        self.line(&mut text, "issuers", list.as_deref().unwrap_or("not set"), "I-1");
        for choice in settings.choices() {
            self.line(&mut text, choice.setting, choice.value, choice.rule.id());
        }
        self.line(&mut text, CrlGrace::SETTING, &settings.crl_grace().to_string(), Rule::V9.id());
        text
    }

    fn line(&self, text: &mut String, name: &str, value: &str, rule: &str) {
        let mut stated = self.0.iter().rev().filter(|stated| stated.name == name);
        let source = stated.next().map_or("default", |stated| stated.source.as_ref());
        // Writing to a string cannot fail.
        let _ = write!(text, "  {name} = {value} ({source}; {rule}");
        for (index, displaced) in stated.enumerate() {
            let lead = if index == 0 { "; displaced " } else { ", " };
            let _ = write!(text, "{lead}{}: {}", displaced.source, displaced.value);
        }
        text.push_str(")\n");
    }
}
