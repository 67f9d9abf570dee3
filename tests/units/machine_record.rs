use super::*;

#[test]
fn a_folder_and_its_inventory_are_the_same_machine() {
    let reader = Reader::new();
    for folder in std::fs::read_dir("testdata/machines").unwrap() {
        let path = folder.unwrap().path();
        if !path.join("machine.toml").is_file() {
            continue;
        }
        let read = reader.read_folder(&path).unwrap_or_else(|error| panic!("{error}"));
        let input = folder::read(&path, &Loader::default()).unwrap();
        let json = serde_json::to_string(&input.into_inventory(None)).unwrap();
        let again = reader.read_inventory(&json).unwrap_or_else(|error| panic!("{error}"));
        let now = read.now.unwrap_or(Timestamp::from_unix_seconds(1_768_467_600));
        let select = |record: &MachineRecord| record.selector().select(now);
        assert_eq!(select(&read).outcome(), select(&again).outcome(), "{}", path.display());
        assert_eq!(read.settings, again.settings, "{}", path.display());
        assert_eq!((read.machine, read.now), (again.machine, again.now));
    }
}

#[test]
fn a_bad_line_is_an_error_with_its_number_and_the_next_is_read() {
    let machine = |name: &str| format!(r#"{{"schema":1,"name":"{name}","stores":{{"MY":[{{"der":"AAAA"}}]}}}}"#);
    let wrong = machine("PC2").replace("stores", "store");
    let lines = format!("{}\n\n{wrong}\n{}\n", machine("PC1"), machine("PC3"));
    let reader = Reader::new();
    let read: Vec<_> = reader.read_inventories(lines.as_bytes()).collect();
    let names: Vec<_> = read.iter().flatten().map(|record| record.machine.name()).collect();
    assert_eq!(names, ["PC1", "PC3"]);
    let errors: Vec<_> = read.iter().filter_map(|record| record.as_ref().err()).map(ToString::to_string).collect();
    assert_eq!(errors.len(), 1);
    assert!(errors[0].starts_with("line 3: unknown key `store`: did you mean `stores`?"), "{}", errors[0]);
    let pc1 = read[0].as_ref().unwrap();
    assert_eq!(pc1.stores.entries().count(), 1, "what is no certificate is an entry");
    let none: Vec<_> = reader.read_inventories(&b"Windows Registry Editor Version 5.00"[..]).collect();
    assert!(matches!(&none[..], [Err(error)] if error.message.starts_with("this is no inventory")), "{none:?}");
}

#[test]
fn settings_have_their_sources_and_errors_the_clients_code() {
    let of = |settings: &str| {
        let json = format!(r#"{{"schema":1,"name":"PC1","stores":{{}},"settings":{{{settings}}}}}"#);
        Reader::new().read_inventory(&json)
    };
    let record = of(r#""properties":"CCMFIRSTCERT=1","on_multiple":"fail""#).unwrap();
    let stated: Vec<_> = record.stated.iter().map(|one| (one.name, one.value.as_str(), &*one.source)).collect();
    assert_eq!(stated.last(), Some(&("on_multiple", "fail", "machine's settings")), "{stated:?}");
    assert!(stated.iter().filter(|(name, ..)| *name == "on_multiple").count() == 2, "{stated:?}");
    let error = of(r#""properties":"CCMCERTSEL=\"Phone:x\"""#).unwrap_err();
    assert_eq!(error.hresult, Some(crate::Hresult::VERB_INVALID), "{error}");
}

#[test]
fn a_file_over_the_bound_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("machine.toml"), "name = \"PC1\"\n").unwrap();
    std::fs::create_dir(folder.path().join("MY")).unwrap();
    std::fs::write(folder.path().join("MY/a.cer"), [0x30; 100]).unwrap();
    let read = |limit| Reader::new().with_limits(limit, limit).read_folder(folder.path());
    assert_eq!(read(100).unwrap().stores.entries().count(), 1);
    assert!(read(99).unwrap_err().path.is_some_and(|path| path.ends_with("a.cer")));
}
