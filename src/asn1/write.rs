//! The one writer of DER elements: what is read in another form, a key from its numbers, the certificates of a plan's model.

/// An element of these parts, one after another, with the shortest length (X.690 10.1).
pub(crate) fn element(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|part| part.len()).sum();
    let mut element = Vec::with_capacity(length + 6);
    element.push(tag);
    if length < 0x80 {
        element.push(length as u8);
    } else {
        let octets = length.to_be_bytes();
        let zeros = octets.iter().take_while(|octet| **octet == 0).count();
        let octets = octets.get(zeros..).unwrap_or_default();
        element.push(0x80 | octets.len() as u8);
        element.extend_from_slice(octets);
    }
    for part in parts {
        element.extend_from_slice(part);
    }
    element
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_the_shortest() {
        for (length, header) in
            [(0, vec![4, 0]), (127, vec![4, 127]), (128, vec![4, 0x81, 128]), (256, vec![4, 0x82, 1, 0])]
        {
            let content = vec![0; length];
            let (first, rest) = content.split_at(length / 2);
            let element = element(4, &[first, rest]);
            assert_eq!(element.len(), header.len() + length);
            assert!(element.starts_with(&header), "{length}");
        }
    }
}
