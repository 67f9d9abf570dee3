use super::dollar;

#[test]
fn q4_a_variable_of_powershell_is_told_whole() {
    for (text, variable) in [
        ("$env:SEL;O=b", Some("$env:SEL")),
        ("$SEL", Some("$SEL")),
        ("$_.Name", Some("$_")),
        ("$(hostname)", Some("$(")),
        ("$5", None),
        ("SEL", None),
    ] {
        assert_eq!(dollar(text), variable, "{text}");
    }
}
