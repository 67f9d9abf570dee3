use super::is_broad;

/// Such a text is in the names of half the world's computers: it is suggested last.
#[test]
fn the_end_of_a_domain_says_not_whose_it_is() {
    for (text, broad) in [
        (".com", true),
        (".local", true),
        (".co.uk", true),
        (".contoso.com", false),
        (".corp.contoso.com", false),
        ("pc1", false),
    ] {
        assert_eq!(is_broad(text), broad, "{text}");
    }
}
