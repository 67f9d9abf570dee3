//! Rule V-5: the five forms of RFC 5280 4.2.1.10, and the UPN.

use super::*;

#[test]
fn v5_a_dns_subtree_holds_the_name_and_everything_left_of_it() {
    for (name, base, inside) in [
        ("host.contoso.com", "contoso.com", true),
        ("CONTOSO.com", "contoso.COM", true),
        ("notcontoso.com", "contoso.com", false),
        ("contoso.com", ".contoso.com", false),
        ("a.contoso.com", ".contoso.com", true),
        ("contoso.com", "", true),
        ("com", "contoso.com", false),
    ] {
        assert_eq!(dns(name.as_bytes(), base.as_bytes()), inside, "{name} in {base}");
    }
}

#[test]
fn v5_a_mail_subtree_is_a_mailbox_a_host_or_a_domain() {
    for (name, base, inside) in [
        ("root@example.com", "root@example.com", Some(true)),
        ("Root@example.com", "root@example.com", Some(false)),
        ("root@EXAMPLE.com", "example.com", Some(true)),
        ("root@mail.example.com", "example.com", Some(false)),
        ("root@mail.example.com", ".example.com", Some(true)),
        ("root@example.com", ".example.com", Some(false)),
        ("root@.example.com", ".example.com", Some(false)),
        ("root@example.com", "@example.com", Some(true)),
        ("no address", "example.com", None),
        ("root@example.com", "", Some(true)),
    ] {
        assert_eq!(mailbox(name.as_bytes(), base.as_bytes()), inside, "{name} in {base}");
    }
}

#[test]
fn v5_a_uri_is_compared_by_its_host() {
    for (uri, host) in [
        ("http://host.example.com:80/a@b", Some("host.example.com")),
        ("ldap://user@host.example.com", Some("host.example.com")),
        ("http://192.0.2.1/", None),
        ("http://[2001:db8::1]/", None),
        ("urn:uuid:0", None),
        ("ldap:///CN=x", None),
    ] {
        assert_eq!(uri_host(uri.as_bytes()), host.map(str::as_bytes), "{uri}");
    }
}

#[test]
fn v5_an_address_is_compared_under_the_mask() {
    let base = [192, 0, 2, 0, 255, 255, 255, 0];
    assert!(ip(&[192, 0, 2, 7], &base));
    assert!(!ip(&[192, 0, 3, 7], &base));
    assert!(!ip(&[0; 16], &base));
}

#[test]
fn lengths_are_written_in_the_shortest_form() {
    let cases: [(usize, &[u8]); 4] = [(0, &[0]), (0x7f, &[0x7f]), (0x80, &[0x81, 0x80]), (0x1234, &[0x82, 0x12, 0x34])];
    for (length, der) in cases {
        let mut out = Vec::new();
        push_length(&mut out, length);
        assert_eq!(out, der);
    }
}
