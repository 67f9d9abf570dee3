use super::Property;

#[test]
fn q4_of_a_name_that_was_cut_short_five_letters_are_enough() {
    assert_eq!(Property::nearest("/NoCR"), Some("/NoCRLCheck"));
    assert_eq!(Property::nearest("/NoC"), None);
}
