//! Any text is a criterion, a list, a line, or an error inside it; what prints reads back the same.

use ccmcertsel::settings::IssuerSyntax;
use ccmcertsel::text::{MobileClientFile, SslState};
use ccmcertsel::{Criteria, Hresult, IssuersList, ParseError, Properties};

/// What holds for every error: its place is in its input on character boundaries, and the caret view is three lines.
///
/// # Panics
/// When the crate breaks a promise.
pub fn check_error(error: &ParseError, input: &str) {
    assert_eq!(error.input(), input);
    let span = error.span();
    assert!(input.get(span.clone()).is_some(), "{span:?} of {input:?}");
    let annotated = error.annotated();
    let lines: Vec<&str> = annotated.split('\n').collect();
    assert_eq!(lines.len(), 3, "{annotated}");
    let carets = lines[1].trim_start_matches(' ');
    assert!(!carets.is_empty() && carets.bytes().all(|byte| byte == b'^'), "{annotated}");
    assert_eq!(lines[2], error.to_string());
    assert!(lines[0].chars().count() < 250, "{annotated}");
}

/// What the fuzz target `criteria` and its replay run.
///
/// # Panics
/// When the crate breaks a promise.
pub fn criteria(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<Criteria>() {
        Ok(criteria) => {
            let printed = criteria.to_string();
            let again: Criteria = printed.parse().unwrap_or_else(|error| panic!("{printed:?} of {text:?}: {error}"));
            assert_eq!(again, criteria, "{printed:?} of {text:?}");
        }
        Err(error) => {
            check_error(&error, &text);
            assert!(matches!(error.hresult(), Some(Hresult::SUBJECT_MISSING | Hresult::VERB_INVALID)));
        }
    }
}

/// What the fuzz target `issuers` and its replay run.
///
/// # Panics
/// When the crate breaks a promise.
pub fn issuers(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    for syntax in IssuerSyntax::ALL {
        match IssuersList::parse(&text, *syntax) {
            Ok(list) => {
                assert!(!list.is_empty());
                let printed = list.to_string();
                for reading in IssuerSyntax::ALL {
                    let again = IssuersList::parse(&printed, *reading)
                        .unwrap_or_else(|error| panic!("{printed:?} of {text:?}: {error}"));
                    assert_eq!(again, list, "{printed:?} of {text:?}");
                    assert!(again.comma_separated().is_empty());
                }
            }
            Err(error) => check_error(&error, &text),
        }
    }
}

/// What the fuzz target `properties` and its replay run.
///
/// # Panics
/// When the crate breaks a promise.
pub fn properties(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    match text.parse::<Properties>() {
        Ok(properties) => {
            let printed = properties.to_string();
            let again: Properties = printed.parse().unwrap_or_else(|error| panic!("{printed:?} of {text:?}: {error}"));
            assert_eq!(again, properties, "{printed:?} of {text:?}");
            for unknown in properties.unknown_items() {
                assert!(text.get(unknown.span()).is_some());
            }
        }
        Err(error) => check_error(&error, &text),
    }
    let file = MobileClientFile::parse(data);
    for entry in file.entries() {
        let _ = (file.value(entry), entry.key(), entry.section());
    }
    if let Err(error) = file.properties() {
        check_error(&error, file.text());
    }
    if let Ok(state) = text.parse::<SslState>() {
        assert!(!state.to_string().is_empty());
    }
}
