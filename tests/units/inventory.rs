use super::*;
use std::num::NonZeroUsize;

#[test]
fn lists_as_powershell_writes_them_are_explained() {
    let said = |json: &str| Inventory::from_json(json, 1).expect_err("bad input").message;
    let machine = r#"{"schema":1,"name":"PC1","stores":{"MY":[]}}"#;
    assert!(said(&machine.replace("[]", r#"{"der":"AAAA"}"#)).starts_with("an object where a list is due"));
    assert!(said(&machine.replace("[]", "null")).starts_with("null where a list is due"));
    for list in [format!("[{machine}]"), format!("[\n {machine},\n {machine}\n]")] {
        assert!(said(&list).starts_with("this is a list: write one document a line"), "{list}");
    }
}

#[test]
fn texts_are_borrowed_and_writing_gives_the_document_back() {
    let json = r#"{"schema":1,"name":"PC1","stores":{"MY":[{"der":"AAAA","private_key":"csp"}],"CA":[]},"crls":["BBBB"],"settings":{"ruleset":"cb1706"}}"#;
    let inventory = Inventory::from_json(json, 1).unwrap();
    assert!(matches!(inventory.crls[0].0, Cow::Borrowed(_)));
    assert!(matches!(inventory.stores.0[0].1[0].der.0, Cow::Borrowed(_)));
    assert_eq!(serde_json::to_string(&inventory).unwrap(), json);
}

#[test]
fn an_unknown_key_is_named_with_the_nearest_one_and_its_place() {
    let json = r#"{"schema":1,"name":"PC1","store":{}}"#;
    let error = Inventory::from_json(json, 17).unwrap_err();
    assert_eq!(error.message, "unknown key `store`: did you mean `stores`?");
    assert_eq!(error.line.map(NonZeroUsize::get), Some(17));
    let span = error.span.clone().unwrap();
    assert!(json[..span.end].ends_with("\"store\""), "{error}");
}

#[test]
fn another_schema_and_a_missing_key_are_errors() {
    let error = Inventory::from_json(r#"{"schema":2,"name":"PC1","stores":{}}"#, 1).unwrap_err();
    assert_eq!(error.message, "schema 2 is not known: write \"schema\":1");
    assert_eq!(Inventory::name_of(r#"{"schema":1,"name" : "PC\u0031","stores":{"MY":["#), Some("PC1".to_owned()));
    assert_eq!(Inventory::name_of(r#"{"stores":{"MY":[{"name":"x"}]}}"#), None);
    let error = Inventory::from_json(r#"{"schema":1,"name":"PC1"}"#, 1).unwrap_err();
    assert_eq!(error.message, "missing field `stores`");
}

#[test]
fn a_message_is_one_short_line_whatever_the_document_holds() {
    let long = "x".repeat(100_000);
    for json in [
        format!(r#"{{"schema":"{long}"}}"#),
        format!(r#"{{"{long}":1}}"#),
        r#"{"\u001b[2J":1}"#.to_owned(),
        format!(r#"{{"schema":1,"name":"PC1","stores":{{"{long}":[],"{long}":[]}}}}"#),
        r#"{"schema":1,"name":"PC1","stores":{"a\nb\u0007":[],"a\nb\u0007":[]}}"#.to_owned(),
    ] {
        let message = Inventory::from_json(&json, 1).unwrap_err().message;
        assert!(message.chars().count() <= nearest::MAX_MESSAGE, "{} characters", message.chars().count());
        assert!(!message.contains(char::is_control), "{message:?}");
    }
}

#[test]
fn many_keys_are_read_in_a_moment() {
    // Searching the known keys for each new one would take minutes.
    let stores: Vec<String> = (0..300_000).map(|n| format!(r#""s{n}":[]"#)).collect();
    let json = format!(r#"{{"schema":1,"name":"PC1","stores":{{{}}}}}"#, stores.join(","));
    assert_eq!(Inventory::from_json(&json, 1).unwrap().stores.0.len(), 300_000);
}

#[test]
fn a_store_that_is_there_twice_is_an_error() {
    let error = Inventory::from_json(r#"{"schema":1,"name":"PC1","stores":{"MY":[],"MY":[]}}"#, 1).unwrap_err();
    assert_eq!(error.message, "`MY` is there twice");
}
