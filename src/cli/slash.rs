//! The readiness tool's own options (rule Q-2): `/Store:NAME /Issuers:LIST /Criteria:CRITERIA /SelectFirstCert`, in any case.

use std::ffi::OsString;

/// The options that take a value, and their names in the Unix habit.
const WITH_VALUE: [(&str, &str); 3] =
    [("/store:", "--store="), ("/issuers:", "--issuers="), ("/criteria:", "--criteria=")];
const SELECT_FIRST: (&str, &str) = ("/selectfirstcert", "--select-first-cert");

/// Rewrites the product's options; any other argument that begins with `/` is a path, and everything behind `--` is one.
pub fn rewrite(args: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    let mut only_paths = false;
    args.map(move |arg| {
        only_paths |= arg == "--";
        if only_paths { arg } else { rewrite_one(arg) }
    })
}

fn rewrite_one(arg: OsString) -> OsString {
    // An argument that is not UTF-8 can be a path, but no option of the tool.
    let Some(text) = arg.to_str() else { return arg };
    if text.eq_ignore_ascii_case(SELECT_FIRST.0) {
        return SELECT_FIRST.1.into();
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
pub fn hint(path: &str) -> Option<String> {
    let name = path.strip_prefix('/')?;
    let name = name.split([':', '=']).next().unwrap_or(name);
    let advice = match name.to_ascii_lowercase().as_str() {
        "store" | "issuers" | "criteria" => format!("`/{name}` takes a value behind a colon: `/{name}:VALUE`"),
        "nocrlcheck" => "write --no-crl-check, or --properties '/NoCRLCheck'".to_owned(),
        "usepkicert" | "ccmpkicertoptions" => format!("this is a switch of CCMSetup: write --properties '{path}'"),
        "?" | "h" | "help" => "write --help".to_owned(),
        _ => return None,
    };
    Some(advice)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(args: &[&str]) -> Vec<String> {
        let args = args.iter().map(OsString::from);
        rewrite(args).map(|arg| arg.into_string().unwrap()).collect()
    }

    #[test]
    fn any_case_is_taken_and_other_slashes_are_paths() {
        assert_eq!(
            rewritten(&["/STORE:My", "/selectFirstCert", "/Criteria:Subject:/x", "/Issuers:CN=A; O=B", "/stores/pc1"]),
            ["--store=My", "--select-first-cert", "--criteria=Subject:/x", "--issuers=CN=A; O=B", "/stores/pc1"]
        );
        assert_eq!(rewritten(&["/Store", "--", "/Store:x"]), ["/Store", "--", "/Store:x"]);
        assert_eq!(rewritten(&["/störe:x", "/"]), ["/störe:x", "/"]);
    }
}
