//! A client's own state (rule Q-5): what PowerShell prints of `Win32Reg_SMSAdvancedClientSSLConfiguration` as JSON.

use super::error::InputError;
use crate::settings::ClientState;
use serde_json::Value;

/// From the object that PowerShell prints, alone or in an array of one, which PowerShell 5 may print as an object of `value`
/// and `Count`.
///
/// # Errors
/// No object, several, or one that is not a client's state.
pub(crate) fn from_json(value: &Value) -> Result<ClientState, InputError> {
    let counted = value.as_object().filter(|object| object.len() == 2 && object.contains_key("Count"));
    let value = counted.and_then(|object| object.get("value")).filter(|values| values.is_array()).unwrap_or(value);
    let object = match value {
        Value::Object(object) => object,
        Value::Array(values) => match values.as_slice() {
            [Value::Object(object)] => object,
            [] => return Err(InputError::new("the array is empty: the class has no instance on this computer (Q-5)")),
            _ => return Err(InputError::new("one object is expected: write one file a computer (Q-5)")),
        },
        Value::Null => return Err(InputError::new("it is null: the class has no instance on this computer (Q-5)")),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            return Err(InputError::new("an object is expected, as ConvertTo-Json prints one (Q-5)"));
        }
    };
    let values: Vec<(&str, Option<String>)> =
        object.iter().filter_map(|(name, value)| Some((name.as_str(), scalar(value)?))).collect();
    state(values.iter().map(|(name, value)| (*name, value.as_deref())))
}

/// A value that is not an object or list: those are PowerShell's own.
fn scalar(value: &Value) -> Option<Option<String>> {
    match value {
        Value::Null => Some(None),
        Value::Bool(value) => Some(Some(value.to_string())),
        Value::Number(value) => Some(Some(value.to_string())),
        Value::String(value) => Some(Some(value.clone())),
        Value::Array(_) | Value::Object(_) => None,
    }
}

/// The state that these names and values are.
///
/// # Errors
/// They are not a client state.
pub(crate) fn state<'v>(
    values: impl IntoIterator<Item = (&'v str, Option<&'v str>)>,
) -> Result<ClientState, InputError> {
    ClientState::from_values(values).map_err(|error| InputError::new(error.to_string()))
}
