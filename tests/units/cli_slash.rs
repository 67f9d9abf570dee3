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
    // A command line is taken as it is.
    for option in ["--properties", "--with"] {
        assert_eq!(rewritten(&[option, "/Store:x", "/Store:y"]), [option, "/Store:x", "--store=y"]);
    }
}

#[test]
fn what_windows_users_type() {
    assert_eq!(rewritten(&["/?", "/HELP", "/h", "-?"]), ["--help"; 4]);
    assert_eq!(
        rewritten(&["/SelectFirstCert:1", "/selectfirstcert:TRUE", "/SelectFirstCert:0", "/SelectFirstCert:2"]),
        ["--select-first-cert", "--select-first-cert", "--setting=on-multiple=fail", "/SelectFirstCert:2"]
    );
    assert_eq!(hint("/Foo").unwrap(), "`/Foo` is not an option; a path is written `./Foo`");
    assert_eq!(hint("/Foo:bar").unwrap(), "`/Foo` is not an option; a path is written `./Foo`");
    assert_eq!(
        hint("/Stroe:MY").unwrap(),
        "`/Stroe` is not an option (did you mean `/store`?); a path is written `./Stroe`"
    );
    assert!(hint("/SelectFirstCert:2").unwrap().contains("0 or 1"));
    for path in ["/pc1.json", "/srv/pc1", "/", "pc1"] {
        assert_eq!(hint(path), None, "{path}");
    }
}
