//! A property as it is pasted into a command line (rule Q-4).

use super::Property;
use super::command_line::quoted;
use super::pairs::is_typographic_single_quote;

/// A property with its value as cmd, a batch file or the properties of client push take it: quotes round the value, and
/// quotes inside it doubled, as Windows Installer has it. A switch has no value.
pub(crate) fn quote_for_cmd(property: Property, value: &str) -> String {
    if property.is_switch() { property.name().to_owned() } else { format!("{}={}", property.name(), quoted(value)) }
}

/// The same as an argument of `Start-Process -ArgumentList`, in the single quotes in which PowerShell expands nothing.
pub(crate) fn quote_for_powershell(property: Property, value: &str) -> String {
    let mut pasted = String::from("'");
    for c in quote_for_cmd(property, value).chars() {
        pasted.push(c);
        // PowerShell takes the typographic ones for `'` as well.
        if c == '\'' || is_typographic_single_quote(c) {
            pasted.push(c);
        }
    }
    pasted.push('\'');
    pasted
}
