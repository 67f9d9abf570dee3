use super::*;

fn read(text: &str) -> Vec<Result<(String, Vec<u8>), String>> {
    let blocks = armoured(text.as_bytes());
    blocks.into_iter().map(|block| block.bytes.map(|bytes| (block.label, bytes))).collect()
}

fn abc(label: &str) -> Result<(String, Vec<u8>), String> {
    Ok((label.to_owned(), b"ABC".to_vec()))
}

#[test]
fn text_round_the_blocks_and_headers_inside_are_no_part_of_them() {
    for text in [
        "-----BEGIN X-----\nQUJD\n-----END X-----",
        "subject=CN = a\n-----BEGIN X-----\r\nQUJD\r\n-----END X-----\r\nbehind",
        "-----BEGIN X-----  \nQU\n\n  JD \t\n-----END X-----",
        "-----BEGIN X-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES,\n 00FF\n\nQUJD\n-----END X-----",
        "-----BEGIN X-----\nfriendlyName: x\nQUJD\n-----END X-----",
        "  -----BEGIN X-----\n  QUJD\n  -----END X-----",
        "-----BEGIN X-----QUJD-----END X-----",
        "between -----BEGIN X----- and -----END X-----\n-----BEGIN X-----\nQUJD\n-----END X-----",
        "\u{feff}-----BEGIN X-----\rQUJD\r-----END X-----\r",
        "-----BEGIN is how it begins\n-----BEGIN X-----\nQUJD\n-----END X-----",
        "[text]\n{more}\n-----BEGIN X-----\nQUJD\0\n-----END X-----\u{1a}",
    ] {
        assert_eq!(read(text), [abc("X")], "{text:?}");
    }
    assert_eq!(read("-----BEGIN A-----QUJD-----END A----------BEGIN B-----QUJD-----END B-----").len(), 2);
}

#[test]
fn damage_costs_one_block() {
    let good = "-----BEGIN B-----\nQUJD\n-----END B-----\n";
    for (damaged, problem) in [
        ("-----BEGIN A----\nQUJD\n-----END A-----", "the BEGIN line is damaged: it reads `-----BEGIN LABEL-----`"),
        ("-----BEGIN A-----\nQUJD\n", "the END line is missing"),
        ("-----BEGIN A-----\nQUJD\n-----END C-----\n", "the END line does not say `A`"),
        (
            "-----BEGIN A-----\nQU*D\n-----END A-----\n",
            "line 2 of it has `*`: the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)",
        ),
        ("-----BEGIN A-----\nQUJDQ\n-----END A-----\n", "the text is not base64 (A-Z, a-z, 0-9, +, /, padded with =)"),
    ] {
        let text = format!("{good}{damaged}\n{good}");
        assert_eq!(read(&text), [abc("B"), Err(problem.to_owned()), abc("B")], "{damaged:?}");
    }
}

#[test]
fn utf_16_has_offsets_of_the_file() {
    let text = "é\n-----BEGIN X-----\nQUJD\n-----END X-----\n";
    let file: Vec<u8> = "\u{feff}".encode_utf16().chain(text.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    let blocks = pem_blocks(&file);
    assert_eq!(blocks, [Ok(PemBlock { label: "X".to_owned(), der: b"ABC".to_vec(), offset: 6 })]);
}
