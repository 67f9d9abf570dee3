//! Precedence of sources (rules Q-1, C-5, L-2).

use ccmcertsel::settings::{
    CriteriaSource, NameCheck, OnMultiple, Phase, Resolved, Revocation, SettingSource, Sources,
};
use ccmcertsel::text::{Property, SslState};
use ccmcertsel::{Properties, Settings};

fn properties(line: &str) -> Properties {
    line.parse().unwrap_or_else(|error| panic!("{line}: {error}"))
}

fn all() -> Sources {
    Sources::new()
        .with_ccm_setup(properties("CCMCERTSEL=Subject:setup CCMCERTSTORE=Setup FSP=setup"))
        .with_client_push(properties("CCMCERTSEL=Subject:push CCMFIRSTCERT=1 FSP=push"))
        .with_active_directory(properties("CCMCERTSEL=Subject:directory CCMCERTISSUERS=CN=a SMSSITECODE=ABC"))
        .with_assigned_site(properties("CCMCERTSEL=Subject:site CCMCERTISSUERS=CN=b"))
}

fn criteria(resolved: &Resolved) -> (String, SettingSource, Vec<(SettingSource, String)>) {
    let criteria = resolved.criteria().expect("criteria");
    let displaced = criteria.displaced().iter().map(|(source, value)| (*source, value.to_string()));
    (criteria.value().to_string(), criteria.source(), displaced.collect())
}

#[test]
fn during_installation_the_command_line_wins() {
    let resolved = Settings::resolve(Phase::Installation, &all());
    let (value, source, displaced) = criteria(&resolved);
    assert_eq!((value.as_str(), source), ("Subject:setup", SettingSource::CcmSetup));
    assert_eq!(displaced, [(SettingSource::ClientPush, "Subject:push".to_owned())]);
    assert!(resolved.active_directory_unread());
    assert!(resolved.issuers().is_none(), "the issuers of the directory are not read");
    assert_eq!(resolved.settings().criteria_source(), CriteriaSource::CcmSetup);
    assert_eq!(resolved.settings().store().as_str(), "Setup");
    assert_eq!(resolved.on_multiple().source(), SettingSource::ClientPush);
}

#[test]
fn afterwards_a_refresh_overwrites_the_selection_settings() {
    let resolved = Settings::resolve(Phase::Afterwards, &all());
    let (value, source, displaced) = criteria(&resolved);
    assert_eq!((value.as_str(), source), ("Subject:site", SettingSource::AssignedSite));
    let sources: Vec<SettingSource> = displaced.iter().map(|(source, _)| *source).collect();
    let expected = [SettingSource::ActiveDirectory, SettingSource::CcmSetup, SettingSource::ClientPush];
    assert_eq!(sources, expected);
    assert_eq!(resolved.issuers().expect("issuers").value().to_string(), "CN=b");
    assert_eq!(resolved.settings().criteria_source(), CriteriaSource::Site);
    // What a refresh does not carry stays as it was installed.
    let row = |property| resolved.rows().into_iter().find(|row| row.property == property).expect("a row");
    assert_eq!(row(Property::CertStore).source, SettingSource::CcmSetup);
    assert_eq!(row(Property::FallbackStatusPoint).value.as_deref(), Some("setup"));
    assert_eq!(row(Property::SiteCode).source, SettingSource::ActiveDirectory);
}

#[test]
fn active_directory_is_read_only_when_ccmsetup_got_nothing() {
    let directory = properties("CCMCERTSEL=SubjectStr:directory");
    let bare = Sources::new().with_active_directory(directory.clone());
    let resolved = Settings::resolve(Phase::Installation, &bare);
    assert_eq!(criteria(&resolved).1, SettingSource::ActiveDirectory);
    assert_eq!(resolved.settings().criteria_source(), CriteriaSource::Site, "C-5");
    assert!(!resolved.active_directory_unread());

    let any = bare.clone().with_ccm_setup(properties("OTHER=1"));
    assert!(Settings::resolve(Phase::Installation, &any).criteria().is_none());

    let push = bare.with_client_push(properties("FSP=x"));
    let resolved = Settings::resolve(Phase::Installation, &push);
    assert!(resolved.criteria().is_none(), "client push does not read the directory");
    assert!(resolved.active_directory_unread());
}

#[test]
fn criteria_by_client_push_are_the_sites() {
    let sources = Sources::new().with_client_push(properties("CCMCERTSEL=SubjectStr:push"));
    let settings = Settings::resolve(Phase::Installation, &sources).settings();
    assert_eq!(settings.criteria_source(), CriteriaSource::Site, "C-5");
}

#[test]
fn the_two_defaults_for_several_certificates() {
    let bare = Settings::resolve(Phase::Installation, &Sources::new());
    assert_eq!(*bare.on_multiple().value(), OnMultiple::Fail);
    assert_eq!(bare.on_multiple().source(), SettingSource::Default);
    let managed = Sources::new().with_assigned_site(Properties::new());
    let during = Settings::resolve(Phase::Installation, &managed);
    assert_eq!(*during.on_multiple().value(), OnMultiple::Fail);
    let after = Settings::resolve(Phase::Afterwards, &managed);
    assert_eq!(*after.on_multiple().value(), OnMultiple::SelectLongest);
    let stated = managed.with_ccm_setup(properties("CCMFIRSTCERT=0"));
    assert_eq!(*Settings::resolve(Phase::Afterwards, &stated).on_multiple().value(), OnMultiple::Fail);
}

#[test]
fn switches_become_settings() {
    let sources = Sources::new().with_ccm_setup(properties("/NoCRLCheck CCMCERTNAMECHECK=0 /CCMPKICERTOPTIONS=0"));
    let settings = Settings::resolve(Phase::Installation, &sources).settings();
    assert_eq!(settings.revocation(), Revocation::Off);
    assert_eq!(settings.name_check(), NameCheck::Waived);
    assert_eq!(settings.cng_keys().name(), "off");
}

#[test]
fn the_sites_state_overwrites_the_crl_check() {
    let site = Properties::new().with_ssl_state(SslState::new(63));
    let sources = Sources::new().with_ccm_setup(properties("/NoCRLCheck")).with_assigned_site(site);
    let resolved = Settings::resolve(Phase::Afterwards, &sources);
    assert_eq!(resolved.settings().revocation(), Revocation::Check);
    let row = resolved.rows().into_iter().find(|row| row.property == Property::NoCrlCheck).expect("a row");
    assert_eq!(row.to_string(), "/NoCRLCheck = check (assigned site; displaced ccmsetup: off)");
}

#[test]
fn a_row_says_who_won_and_what_was_displaced() {
    let rows = Settings::resolve(Phase::Afterwards, &all()).rows();
    let text: Vec<String> = rows.iter().map(ToString::to_string).collect();
    let expected = [
        "/UsePKICert = not set (default)",
        "/NoCRLCheck = check (default)",
        "/CCMPKICERTOPTIONS = by-ruleset (default)",
        "CCMCERTSEL = Subject:site (assigned site; displaced active directory: Subject:directory, ccmsetup: \
         Subject:setup, client push: Subject:push)",
        "CCMCERTISSUERS = CN=b (assigned site; displaced active directory: CN=a)",
        "CCMCERTSTORE = Setup (ccmsetup)",
        "CCMFIRSTCERT = select-longest (client push)",
        "CCMCERTNAMECHECK = on (default)",
        "CCMLOGLEVEL = verbose (default)",
        "FSP = setup (ccmsetup; displaced client push: push)",
        "SMSSITECODE = ABC (active directory)",
        "SMSROOTKEYPATH = not set (default)",
        "SMSPublicRootKey = not set (default)",
        "RESETKEYINFORMATION = not set (default)",
        "SMSSIGNCERT = not set (default)",
    ];
    assert_eq!(text, expected);
}
