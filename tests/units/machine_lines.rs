use super::*;
use std::io::BufReader;

fn texts(bytes: &[u8], mode: LineMode) -> Vec<(Option<usize>, String)> {
    // One byte at a time, as a pipe may give them.
    let reader = Box::new(BufReader::with_capacity(1, bytes));
    match open(Path::new("fleet"), reader, mode).unwrap() {
        FileContent::Lines(lines) => lines.flatten().map(|document| (document.line, document.text)).collect(),
        FileContent::Whole(document) => vec![(document.line, document.text)],
        FileContent::Other(_) => Vec::new(),
    }
}

#[test]
fn what_a_pipe_gives_first_does_not_decide() {
    let utf16: Vec<u8> = "\u{feff}{}".encode_utf16().flat_map(u16::to_le_bytes).collect();
    for bytes in [&b"{}"[..], b" \r\n \n{}", b"\xEF\xBB\xBF  {}", &utf16] {
        assert_eq!(texts(bytes, LineMode::Unknown).len(), 1, "{bytes:?}");
    }
}

#[test]
fn blank_lines_at_the_beginning_are_no_documents() {
    let lines = [(Some(3), "{\"a\":1}"), (Some(4), "{}")];
    for mode in [LineMode::Sure, LineMode::Likely, LineMode::Unknown] {
        let found = texts(b"\n \n{\"a\":1}\n{}", mode);
        let found: Vec<_> = found.iter().map(|(line, text)| (*line, text.trim_end())).collect();
        assert_eq!(found, lines, "{mode:?}");
    }
    assert_eq!(texts(b"\n{\n}", LineMode::Likely), [(None, "\n{\n}".to_owned())]);
}
