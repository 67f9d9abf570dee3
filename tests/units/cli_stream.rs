use super::*;
use crate::machine::error::InputError;

#[test]
fn order_is_kept() {
    let jobs = (0..1000).map(|n| Job::Broken(InputError::new(n.to_string())));
    let mut seen = Vec::new();
    let number = |job| match job {
        Job::Broken(error) => Ok(error.message.parse::<u32>().unwrap()),
        other => panic!("{other:?}"),
    };
    let done: Result<(), ()> = in_order(jobs, number, |n| {
        seen.extend(n);
        Ok(())
    });
    assert_eq!(done, Ok(()));
    assert_eq!(seen, (0..1000).collect::<Vec<u32>>());
}
#[test]
fn a_fault_with_one_machine_is_its_error_and_the_others_are_answered() {
    let document = |n: u32| {
        let text = format!(r#"{{"schema":1,"name":"PC{n}","stores":{{}}}}"#);
        Job::Inventory(crate::machine::lines::Document { path: "fleet".into(), line: Some(1), text })
    };
    let mut seen = Vec::new();
    let judge = |job| match job {
        Job::Inventory(document) if document.text.contains("PC7\"") => panic!("an odd machine"),
        _ => Ok("judged"),
    };
    let done: Result<(), ()> = in_order((0..20).map(document), judge, |result| {
        seen.push(result.map_err(|error| error.to_string()));
        Ok(())
    });
    assert_eq!(done, Ok(()));
    for (n, result) in seen.iter().enumerate() {
        match (n, result) {
            (7, Err(error)) => {
                assert!(error.starts_with("PC7: a fault of this program, please report it: an odd"), "{error}");
            }
            (7, Ok(_)) | (_, Err(_)) => panic!("machine {n}: {result:?}"),
            (_, Ok(text)) => assert_eq!(*text, "judged"),
        }
    }
    assert_eq!(seen.len(), 20);
}
