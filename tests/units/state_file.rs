use super::*;

fn line(bytes: Vec<u8>, machine: &str) -> Result<String, String> {
    from_bytes(bytes, machine).map(|state| state.properties().to_string()).map_err(|error| error.message)
}

const OBJECT: &str = r#"{"InstanceKey":"1","CertificateSelectionCriteria":"SubjectStr:contoso","CertificateStore":null,
    "ClientAlwaysOnInternet":0,"HttpsStateFlags":480,"InternetMPHostName":"","SelectFirstCertificate":1,
    "PSComputerName":null,"CimClass":{"CimSuperClassName":null},"CimInstanceProperties":["x"]}"#;
const EXPECTED: &str = "CCMCERTSEL=SubjectStr:contoso CCMFIRSTCERT=1 CCMHTTPSSTATE=480";

#[test]
fn q5_an_object_or_an_array_of_one_in_every_encoding() {
    let utf16 = |text: &str| [vec![0xFF, 0xFE], text.encode_utf16().flat_map(u16::to_le_bytes).collect()].concat();
    assert_eq!(line(OBJECT.into(), "").as_deref(), Ok(EXPECTED));
    assert_eq!(line(format!("[{OBJECT}]").into(), "").as_deref(), Ok(EXPECTED));
    assert_eq!(line(utf16(OBJECT), "").as_deref(), Ok(EXPECTED));
    assert_eq!(line(format!("{{\"value\":[{OBJECT}],\"Count\":1}}").into(), "").as_deref(), Ok(EXPECTED));
    for none in ["[]", "null", " \r\n", "{\"value\":[],\"Count\":0}"] {
        assert!(line(none.into(), "").unwrap_err().contains("no instance"), "{none}");
    }
    assert!(line("<Objs Version=\"1.1.0.1\"/>".into(), "").unwrap_err().contains("ConvertTo-Json"));
    assert!(line(format!("[{OBJECT},{OBJECT}]").into(), "").unwrap_err().contains("one object"));
    assert!(line("{\"a\":1}".into(), "").unwrap_err().contains("not the state of a client"));
    assert!(line("{\"HttpsStateFlags\":\"x\"}".into(), "").unwrap_err().starts_with("HttpsStateFlags: `x`"));
    assert!(line("{".into(), "").unwrap_err().starts_with("not JSON"));
}

#[test]
fn q5_the_object_as_a_list() {
    let list = "\r\n\r\nCertificateSelectionCriteria : SubjectStr:\r\n                               contoso\r\n\
                CertificateStore             : \r\nHttpsStateFlags              : 480\r\n\
                SelectFirstCertificate       : 1\r\nPSComputerName               : \r\n\r\n";
    assert_eq!(line(list.into(), "").as_deref(), Ok(EXPECTED));
    assert!(line(list.repeat(2).into(), "").unwrap_err().contains("one object"));
}

#[test]
fn q5_a_row_of_the_inventory_by_its_machine() {
    let table = "Name0,CertificateSelectionCriteria0,HttpsStateFlags0,SelectFirstCertificate0\r\n\
                 PC1,SubjectStr:contoso,480,1\r\nPC2,,31,0\r\n";
    assert_eq!(line(table.into(), "pc1").as_deref(), Ok(EXPECTED));
    assert_eq!(line(table.into(), "PC2").as_deref(), Ok("CCMFIRSTCERT=0 CCMHTTPSSTATE=31"));
    assert!(line(table.into(), "PC3").unwrap_err().contains("none is of `PC3`"));
    let export = "#TYPE Microsoft.Management.Infrastructure.CimInstance\r\n\"HttpsStateFlags\";\"CertificateStore\"\r\n\
                  \"63\";\"MY\"\r\n";
    assert_eq!(line(export.into(), "any").as_deref(), Ok("CCMCERTSTORE=MY CCMHTTPSSTATE=63"));
    let report = "Machine Name,Certificate Store,Https State Flags\r\nPC1,MY,63\r\n";
    assert_eq!(line(report.into(), "PC1").as_deref(), Ok("CCMCERTSTORE=MY CCMHTTPSSTATE=63"));
    assert!(line("HttpsStateFlags\r\n".into(), "").unwrap_err().contains("no row"));
}
