//! The inventory: one JSON document a machine, schema 1. Read for judging, written by `convert`.

use super::error::InputError;
use super::nearest;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser::SerializeMap};
use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::marker::PhantomData;

/// The only schema there is.
pub(crate) const SCHEMA: u32 = 1;

/// One machine. Base64 texts are borrowed from the document: a fleet repeats its CA certificates and CRLs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `schema`, `name` and `stores`")]
pub(crate) struct Inventory<'a> {
    pub schema: u32,
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fqdn: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    #[serde(borrow)]
    pub stores: Ordered<Vec<InventoryEntry<'a>>>,
    #[serde(default, borrow, skip_serializing_if = "Vec::is_empty")]
    pub crls: Vec<Text<'a>>,
    #[serde(default, borrow, skip_serializing_if = "Option::is_none")]
    pub issuers_der: Option<Vec<Text<'a>>>,
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub templates: Ordered<u32>,
    #[serde(default, skip_serializing_if = "Ordered::is_empty")]
    pub settings: Ordered<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_state: Option<serde_json::Value>,
}

/// One entry of a store.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `der`, such as {\"der\": \"MII...\"}")]
pub(crate) struct InventoryEntry<'a> {
    #[serde(borrow)]
    pub der: Text<'a>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub private_key: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub template_schema: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub eku: Option<Vec<String>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub friendly_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub archived: Option<bool>,
    /// The name of its registry key, where that is the thumbprint of another certificate (rule W-3).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_name: Option<String>,
}

/// What is known about the certificates of one file: the sidecar `a.cer.toml`.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Sidecar {
    pub private_key: Option<String>,
    pub template_schema: Option<u32>,
    pub eku: Option<Vec<String>>,
    pub friendly_name: Option<String>,
    pub archived: Option<bool>,
}

impl InventoryEntry<'_> {
    /// What is known about the certificate beside its bytes.
    pub(crate) fn sidecar(&mut self) -> Sidecar {
        Sidecar {
            private_key: self.private_key.take(),
            template_schema: self.template_schema,
            eku: self.eku.take(),
            friendly_name: self.friendly_name.take(),
            archived: self.archived,
        }
    }
}

impl<'a> Inventory<'a> {
    /// Reads one document.
    ///
    /// # Errors
    /// What is wrong, with an excerpt of the line and the place in it. `first_line` is the number of the text's first line.
    pub(crate) fn from_json(text: &'a str, first_line: usize) -> Result<Self, InputError> {
        let inventory: Inventory = serde_json::from_str(text).map_err(|error| json_error(text, first_line, &error))?;
        if inventory.schema == SCHEMA {
            Ok(inventory)
        } else {
            let message = format!("schema {} is not known: write \"schema\":{SCHEMA}", inventory.schema);
            Err(InputError::new(message).on_line(first_line))
        }
    }

    /// The name that a document gives itself, as far as it can be read: an error should say which machine it is about.
    pub(crate) fn name_of(text: &str) -> Option<String> {
        // The document may be cut anywhere, so this is a search and not a parse: the key, before any store.
        let head = text.split("\"stores\"").next()?;
        let (_, behind) = head.split_once("\"name\"")?;
        let value = behind.trim_start().strip_prefix(':')?.trim_start();
        let mut values = serde_json::Deserializer::from_str(value).into_iter::<String>();
        values.next()?.ok()
    }
}

fn json_error(text: &str, first_line: usize, error: &serde_json::Error) -> InputError {
    // serde_json puts the place behind its sentence; we say it once, in our own way.
    let message = error.to_string();
    let message = message.rsplit_once(" at line ").map_or(message.as_str(), |(sentence, _)| sentence);
    let message = match message {
        "EOF while parsing an object"
        | "EOF while parsing a string"
        | "EOF while parsing a list"
        | "EOF while parsing a value" => {
            format!("the document ends too early ({message})")
        }
        // PowerShell writes a list of one as the one, and an empty list as null.
        "invalid type: map, expected a sequence" => "an object where a list is due: put it into `[` and `]`".to_owned(),
        "invalid type: null, expected a sequence" => "null where a list is due: write `[]`".to_owned(),
        _ if text.trim_start().starts_with('[') => {
            "this is a list: write one document a line, without `[` before them and `,` between them".to_owned()
        }
        _ => nearest::rephrase(message),
    };
    let (line, column) = (error.line().max(1), error.column());
    // The column is where reading stopped, which is behind the closing quote of an unknown key.
    InputError::at_line_column(message, text, line, column).on_line(first_line + line - 1)
}

/// A text that is borrowed from the document where its JSON form has no escapes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Text<'a>(pub Cow<'a, str>);

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct AnyText;
        impl<'de> de::Visitor<'de> for AnyText {
            type Value = Text<'de>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("base64 text")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Borrowed(text)))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyText)
    }
}

/// A map in the order in which it was written: the order of stores is the order of the answer.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Ordered<V>(pub Vec<(String, V)>);

impl<V> Ordered<V> {
    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<V> Default for Ordered<V> {
    fn default() -> Self {
        Ordered(Vec::new())
    }
}

impl<V: Serialize> Serialize for Ordered<V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, V: Deserialize<'de>> Deserialize<'de> for Ordered<V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs<V>(PhantomData<V>);
        impl<'de, V: Deserialize<'de>> de::Visitor<'de> for Pairs<V> {
            type Value = Ordered<V>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut pairs: Vec<(String, V)> = Vec::new();
                // A hostile document has a million keys, so what was there is looked up and not searched.
                let mut seen = HashSet::new();
                while let Some(key) = map.next_key::<String>()? {
                    if !seen.insert(key.clone()) {
                        return Err(de::Error::custom(format!("`{key}` is there twice")));
                    }
                    pairs.push((key, map.next_value()?));
                }
                Ok(Ordered(pairs))
            }
        }
        deserializer.deserialize_map(Pairs(PhantomData))
    }
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/inventory.rs"]
mod tests;
