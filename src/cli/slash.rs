//! The readiness tool's own options (rule Q-2): `/Store:NAME /Issuers:LIST /Criteria:CRITERIA /SelectFirstCert`, in any case.

use crate::attribute::nearest;
use std::ffi::OsString;

/// The options that take a value, and their names in the Unix habit.
const WITH_VALUE: [(&str, &str); 3] =
    [("/store:", "--store="), ("/issuers:", "--issuers="), ("/criteria:", "--criteria=")];
/// Those without a value, in the spellings that Windows knows for yes and no.
const SWITCHES: [(&str, &str); 11] = [
    ("/selectfirstcert", "--select-first-cert"),
    ("/selectfirstcert:1", "--select-first-cert"),
    ("/selectfirstcert:true", "--select-first-cert"),
    ("/selectfirstcert:yes", "--select-first-cert"),
    ("/selectfirstcert:0", "--setting=on-multiple=fail"),
    ("/selectfirstcert:false", "--setting=on-multiple=fail"),
    ("/selectfirstcert:no", "--setting=on-multiple=fail"),
    ("/?", "--help"),
    ("-?", "--help"),
    ("/h", "--help"),
    ("/help", "--help"),
];

/// The options whose value is a command line, which may begin with such an option itself.
const COMMAND_LINES: [&str; 2] = ["--properties", "--with"];

/// Rewrites the product's options; any other argument that begins with `/` is a path, and everything behind `--` is one.
pub(crate) fn rewrite(args: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let (mut only_paths, mut is_value) = (false, false);
    args.map(move |arg| {
        only_paths |= arg == "--" && !is_value;
        let rewritten = if only_paths || is_value { arg } else { rewrite_one(arg) };
        is_value = !is_value && COMMAND_LINES.iter().any(|option| rewritten == *option);
        rewritten
    })
}

fn rewrite_one(arg: OsString) -> OsString {
    // An argument that is not UTF-8 can be a path, but no option of the tool.
    let Some(text) = arg.to_str() else { return arg };
    if let Some((_, dashes)) = SWITCHES.iter().find(|(slash, _)| text.eq_ignore_ascii_case(slash)) {
        return (*dashes).into();
    }
    for (slash, dashes) in WITH_VALUE {
        let head = text.get(..slash.len());
        if let (true, Some(value)) =
            (head.is_some_and(|head| head.eq_ignore_ascii_case(slash)), text.get(slash.len()..))
        {
            return format!("{dashes}{value}").into();
        }
    }
    arg
}

/// What to say when a path that does not exist looks like one of the product's switches.
pub(crate) fn hint(path: &str) -> Option<String> {
    let name = path.strip_prefix('/')?;
    let name = name.split([':', '=']).next().unwrap_or(name);
    let advice = match name.to_ascii_lowercase().as_str() {
        "store" | "issuers" | "criteria" => format!("`/{name}` takes a value behind a colon: `/{name}:VALUE`"),
        "nocrlcheck" => "write --no-crl-check, or --properties '/NoCRLCheck'".to_owned(),
        "usepkicert" | "ccmpkicertoptions" => format!("this is a switch of CCMSetup: write --properties '{path}'"),
        "selectfirstcert" => "`/SelectFirstCert` takes no value, or 0 or 1 behind a colon".to_owned(),
        // A path has a further slash, or the point of an ending.
        _ if path.get(1..).is_none_or(|rest| rest.is_empty() || rest.contains(['/', '\\', '.'])) => return None,
        _ => {
            let known = WITH_VALUE.iter().map(|(slash, _)| slash.trim_matches(['/', ':'])).chain(["selectfirstcert"]);
            let near = nearest(name, known).map(|near| format!(" (did you mean `/{near}`?)"));
            format!("`/{name}` is not an option{}; a path is written `./{name}`", near.unwrap_or_default())
        }
    };
    Some(advice)
}

#[cfg(all(test, repository))]
#[path = "../../tests/units/cli_slash.rs"]
mod tests;
