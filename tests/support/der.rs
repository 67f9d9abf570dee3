//! A writer of DER: one function an element.

/// One element of any tag.
pub fn tlv(tag: u8, value: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    match value.len() {
        short if short < 0x80 => out.push(short as u8),
        long => {
            let octets: Vec<u8> = long.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
            out.push(0x80 | octets.len() as u8);
            out.extend(octets);
        }
    }
    out.extend_from_slice(value);
    out
}

/// SEQUENCE.
pub fn seq(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x30, &parts.concat())
}

/// SET, in the order given.
pub fn set(parts: &[Vec<u8>]) -> Vec<u8> {
    tlv(0x31, &parts.concat())
}

/// INTEGER.
pub fn int(value: i128) -> Vec<u8> {
    let bytes = value.to_be_bytes();
    let fill = if value < 0 { 0xff } else { 0 };
    let mut skip = 0;
    while skip < bytes.len() - 1 && bytes[skip] == fill && (bytes[skip + 1] & 0x80) == (fill & 0x80) {
        skip += 1;
    }
    tlv(2, &bytes[skip..])
}

/// BOOLEAN.
pub fn boolean(value: bool) -> Vec<u8> {
    tlv(1, &[if value { 0xff } else { 0 }])
}

/// OCTET STRING.
pub fn octets(value: &[u8]) -> Vec<u8> {
    tlv(4, value)
}

/// BIT STRING of whole bytes.
pub fn bit_string(value: &[u8]) -> Vec<u8> {
    tlv(3, &[&[0], value].concat())
}

/// BIT STRING of named bits, bit 0 first, without trailing zeros (X.690 11.2.2).
pub fn named_bits(bits: &[u8]) -> Vec<u8> {
    named_bits_as(3, bits)
}

/// Named bits under an implicit tag.
pub fn named_bits_as(tag: u8, bits: &[u8]) -> Vec<u8> {
    let Some(&highest) = bits.iter().max() else {
        return tlv(tag, &[0]);
    };
    let mut value = vec![0; usize::from(highest) / 8 + 2];
    value[0] = 7 - highest % 8;
    for bit in bits {
        value[1 + usize::from(*bit) / 8] |= 0x80 >> (bit % 8);
    }
    tlv(tag, &value)
}

/// NULL.
pub fn null() -> Vec<u8> {
    tlv(5, &[])
}

/// ENUMERATED.
pub fn enumerated(value: u8) -> Vec<u8> {
    tlv(10, &[value])
}

/// Content bytes of a dotted object identifier.
///
/// # Panics
/// When the text is none: tests write it.
pub fn oid_content(dotted: &str) -> Vec<u8> {
    let arcs: Vec<u128> = dotted.split('.').map(|arc| arc.parse().unwrap_or_else(|_| panic!("{dotted}"))).collect();
    let mut out = Vec::new();
    for (index, arc) in arcs.iter().enumerate().skip(1) {
        let arc = if index == 1 { arcs[0] * 40 + arc } else { *arc };
        let groups = (128 - arc.leading_zeros()).div_ceil(7).max(1);
        for group in (0..groups).rev() {
            let low = ((arc >> (group * 7)) & 0x7f) as u8;
            out.push(if group == 0 { low } else { low | 0x80 });
        }
    }
    out
}

/// OBJECT IDENTIFIER.
pub fn oid(dotted: &str) -> Vec<u8> {
    tlv(6, &oid_content(dotted))
}

/// `[n]` constructed.
pub fn explicit(n: u8, value: &[u8]) -> Vec<u8> {
    tlv(0xa0 | n, value)
}

/// `[n]` primitive.
pub fn implicit(n: u8, value: &[u8]) -> Vec<u8> {
    tlv(0x80 | n, value)
}

/// Seconds since 1970 as UTCTime where RFC 5280 asks for it (1950 to 2049), else as GeneralizedTime.
pub fn time(unix_seconds: i64) -> Vec<u8> {
    let t = time::OffsetDateTime::from_unix_timestamp(unix_seconds).expect("a year that certificates can write");
    let rest = format!("{:02}{:02}{:02}{:02}{:02}Z", u8::from(t.month()), t.day(), t.hour(), t.minute(), t.second());
    if (1950..2050).contains(&t.year()) {
        tlv(0x17, format!("{:02}{rest}", t.year() % 100).as_bytes())
    } else {
        tlv(0x18, format!("{:04}{rest}", t.year()).as_bytes())
    }
}

/// Seconds since 1970 as GeneralizedTime, whatever the year.
pub fn generalized_time(unix_seconds: i64) -> Vec<u8> {
    let t = time::OffsetDateTime::from_unix_timestamp(unix_seconds).expect("a year that certificates can write");
    let (date, clock) = (t.date(), t.time());
    let text = format!(
        "{:04}{:02}{:02}{:02}{:02}{:02}Z",
        date.year(),
        u8::from(date.month()),
        date.day(),
        clock.hour(),
        clock.minute(),
        clock.second()
    );
    tlv(0x18, text.as_bytes())
}
