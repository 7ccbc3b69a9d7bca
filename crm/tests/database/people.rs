//! Users, their sessions, tokens and phones.

use chrono::TimeDelta;
use crm::{
    Error,
    bindings::{self, BindingRow},
    devices::{self, NewDevice},
    password, sessions, tokens,
    users::{self, NewUser, Preferences, UserPatch},
    words::{DeviceKind, MediaSecurity, Role, Theme},
};

use crate::support::{keys, on_both, try_tx, tx, user};

#[test]
fn a_user_signs_in_with_the_right_password_only() {
    on_both(|db| async move {
        let password_hash = password::hash("correct horse").await.expect("hashed");
        let new = NewUser {
            email: " Ana@Aurora.example".to_owned(),
            display_name: "Ana Gil".to_owned(),
            password_hash,
            role: Role::Agent,
            locale: Some("es".to_owned()),
        };
        let ana = tx!(db, |tx| users::create(tx, &new));
        let sign_in = async |email: &str, password: &str| {
            users::verify_password(&db, email, password).await.expect("verified")
        };
        assert_eq!(sign_in("ana@aurora.example", "correct horse").await, Some(ana.clone()));
        assert_eq!(sign_in("ANA@aurora.example ", "correct horse").await, Some(ana.clone()));
        assert_eq!(sign_in("ana@aurora.example", "wrong horse").await, None);
        assert_eq!(sign_in("bob@aurora.example", "correct horse").await, None);

        let off = UserPatch { active: Some(false), ..Default::default() };
        let id = ana.id;
        tx!(db, |tx| users::update(tx, id, &off));
        assert_eq!(sign_in("ana@aurora.example", "correct horse").await, None);
    });
}

#[test]
fn an_address_has_one_user() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await;
        let twin = NewUser {
            email: "ANA@aurora.example".to_owned(),
            display_name: "Another".to_owned(),
            password_hash: String::new(),
            role: Role::Admin,
            locale: None,
        };
        let outcome = try_tx!(db, |tx| users::create(tx, &twin));
        assert!(matches!(outcome, Err(Error::Conflict { field: "email", code: "taken" })), "{outcome:?}");
        assert_eq!(users::by_email(&db, "Ana@aurora.example").await.expect("read"), Some(ana.clone()));
        assert_eq!(users::by_id(&db, ana.id).await.expect("read"), ana);
        assert_eq!(users::list(&db).await.expect("read"), [ana]);
        let nobody = users::by_id(&db, uuid::Uuid::nil()).await;
        assert!(matches!(nobody, Err(Error::NotFound { what: "user" })));
    });
}

#[test]
fn preferences_stay_as_they_were_set() {
    on_both(|db| async move {
        let id = user(&db, "Ana", Role::Agent).await.id;
        let wish = Preferences { locale: Some("zh".to_owned()), theme: Some(Theme::Dark), density: None };
        let ana = tx!(db, |tx| users::set_preferences(tx, id, &wish));
        assert_eq!((ana.locale.as_deref(), ana.theme), (Some("zh"), Theme::Dark));
        let follow = Preferences { locale: Some(String::new()), ..Default::default() };
        let ana = tx!(db, |tx| users::set_preferences(tx, id, &follow));
        assert_eq!((ana.locale, ana.theme), (None, Theme::Dark));
        let klingon = Preferences { locale: Some("tlh".to_owned()), ..Default::default() };
        let outcome = try_tx!(db, |tx| users::set_preferences(tx, id, &klingon));
        assert!(matches!(outcome, Err(Error::Invalid { field: "locale", .. })));
    });
}

#[test]
fn only_those_who_handle_calls_are_agents() {
    on_both(|db| async move {
        for (name, role) in [("Ana", Role::Agent), ("Mia", Role::Marketer), ("Sol", Role::Supervisor)] {
            user(&db, name, role).await;
        }
        let names: Vec<_> =
            users::agents(&db).await.expect("read").into_iter().map(|u| u.display_name).collect();
        assert_eq!(names, ["Ana", "Sol"]);
    });
}

#[test]
fn a_session_lives_until_it_ends() {
    on_both(|db| async move {
        let id = user(&db, "Ana", Role::Agent).await.id;
        let new = tx!(db, |tx| sessions::create(tx, id, Some("127.0.0.1")));
        let open = sessions::by_token(&db, &new.token).await.expect("read").expect("open");
        assert_eq!((open.user.id, &open.csrf), (id, &new.csrf));
        assert_ne!(new.token, new.csrf);
        assert!(sessions::by_token(&db, &new.csrf).await.expect("read").is_none());
        assert!(!open.wants_touch(open.last_seen_at));
        assert!(open.wants_touch(open.last_seen_at + TimeDelta::seconds(61)));
        let session = new.id;
        tx!(db, |tx| sessions::touch(tx, session));
        assert_eq!(tx!(db, |tx| sessions::delete_expired(tx)), 0);
        tx!(db, |tx| sessions::delete(tx, session));
        assert!(sessions::by_token(&db, &new.token).await.expect("read").is_none());
    });
}

#[test]
fn a_new_password_and_a_lost_job_end_sessions() {
    on_both(|db| async move {
        let id = user(&db, "Ana", Role::Agent).await.id;
        let here = tx!(db, |tx| sessions::create(tx, id, None));
        let elsewhere = tx!(db, |tx| sessions::create(tx, id, None));
        let keep = here.id;
        tx!(db, |tx| users::set_password(tx, id, "hash", Some(keep)));
        assert!(sessions::by_token(&db, &here.token).await.expect("read").is_some());
        assert!(sessions::by_token(&db, &elsewhere.token).await.expect("read").is_none());
        let off = UserPatch { active: Some(false), ..Default::default() };
        tx!(db, |tx| users::update(tx, id, &off));
        assert!(sessions::by_token(&db, &here.token).await.expect("read").is_none());
    });
}

#[test]
fn a_program_has_a_token() {
    on_both(|db| async move {
        let id = user(&db, "Ana", Role::Admin).await.id;
        let token = tx!(db, |tx| tokens::create(tx, id, "reports"));
        let (token_id, ana) = tokens::by_token(&db, &token).await.expect("read").expect("known");
        assert_eq!(ana.id, id);
        assert!(tokens::by_token(&db, "ctl_0000").await.expect("read").is_none());
        tx!(db, |tx| tokens::touch(tx, token_id));
        let listed = tokens::list_of(&db, id).await.expect("read");
        assert_eq!(listed.len(), 1);
        assert!(listed[0].last_used_at.is_some());
        tx!(db, |tx| tokens::delete(tx, token_id));
        assert!(tokens::by_token(&db, &token).await.expect("read").is_none());
    });
}

#[test]
fn device_secrets_are_kept_as_sealed_digests() {
    on_both(|db| async move {
        let new = NewDevice {
            user_id: user(&db, "Ana", Role::Agent).await.id,
            username: "ana-desk".to_owned(),
            password: "s3cret".to_owned(),
            realm: "aurora.example".to_owned(),
            kind: DeviceKind::Desk,
            label: "Desk phone".to_owned(),
            media_security: MediaSecurity::Optional,
        };
        let twin = new.clone();
        let device = tx!(db, |tx| devices::create(tx, &keys(), &new));
        let known = devices::by_username(&db, &keys(), "ana-desk").await.expect("read").expect("there");
        assert_eq!(known.device, device);
        // printf %s ana-desk:aurora.example:s3cret | md5sum, and sha256sum
        assert_eq!(known.ha1_md5, MD5);
        assert_eq!(known.ha1_sha256, SHA256);
        assert!(!format!("{known:?}").contains(MD5));
        let stranger = crm::Keys::from_bytes(&[1; 32]).expect("32 bytes");
        assert!(matches!(devices::by_username(&db, &stranger, "ana-desk").await, Err(Error::Key(_))));
        assert!(devices::by_username(&db, &keys(), "nobody").await.expect("read").is_none());

        let twin = try_tx!(db, |tx| devices::create(tx, &keys(), &twin));
        assert!(matches!(twin, Err(Error::Conflict { field: "username", code: "taken" })), "{twin:?}");
        tx!(db, |tx| devices::replace_secret(tx, &keys(), "ana-desk", "other", "aurora.example"));
        let changed = devices::by_username(&db, &keys(), "ana-desk").await.expect("read").expect("there");
        assert_ne!(changed.ha1_md5, MD5);
        assert_eq!(devices::list_for_user(&db, device.user_id).await.expect("read"), [device]);
    });
}

const MD5: &str = "77b9128d683084b33b6cff3c779f54b6";
const SHA256: &str = "a6193e94bef9122ca999c932fe89dafdea584c31464f3eaadc563a6fca840a61";

#[test]
fn usernames_fit_into_a_sip_uri() {
    on_both(|db| async move {
        let user_id = user(&db, "Ana", Role::Agent).await.id;
        for username in ["", "a b", "a@b", "ñ", "a:b", "%41"] {
            let new = NewDevice {
                user_id,
                username: username.to_owned(),
                password: "x".to_owned(),
                realm: "r".to_owned(),
                kind: DeviceKind::Demo,
                label: "l".to_owned(),
                media_security: MediaSecurity::Optional,
            };
            let outcome = try_tx!(db, |tx| devices::create(tx, &keys(), &new));
            assert!(matches!(outcome, Err(Error::Invalid { field: "username", .. })), "{username}");
        }
    });
}

#[test]
fn bindings_outlive_a_restart_unless_they_expired() {
    on_both(|db| async move {
        let binding = |contact: &str, seconds: i64| BindingRow {
            contact_uri: contact.to_owned(),
            expires_at: crm::now() + TimeDelta::seconds(seconds),
            detail: serde_json::json!({ "cseq": 7, "transport": "udp" }),
        };
        let both = [binding("sip:a@127.0.0.1:5080", 600), binding("sip:a@127.0.0.1:5081", 600)];
        let saved = both.clone();
        tx!(db, |tx| bindings::save(tx, "ana", &saved));
        let old = [binding("sip:b@127.0.0.1:5082", -1)];
        tx!(db, |tx| bindings::save(tx, "bob", &old));
        let fresh = bindings::all_fresh(&db).await.expect("read");
        assert_eq!(fresh, [("ana".to_owned(), both.to_vec())]);
        assert_eq!(tx!(db, |tx| bindings::delete_expired(tx)), 1);
        tx!(db, |tx| bindings::save(tx, "ana", &[]));
        assert_eq!(bindings::all_fresh(&db).await.expect("read"), []);
    });
}

#[test]
fn a_desk_phones_encryption_can_be_changed_and_a_browsers_not() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let new = NewDevice {
            user_id: ana,
            username: "ana-desk".to_owned(),
            password: "secret".to_owned(),
            realm: "aurora.example".to_owned(),
            kind: DeviceKind::Desk,
            label: "Desk".to_owned(),
            media_security: MediaSecurity::Optional,
        };
        let desk = tx!(db, |tx| devices::create(tx, &keys(), &new));
        assert_eq!(desk.media_security, MediaSecurity::Optional);
        let twin = desk.clone();
        tx!(db, |tx| devices::secure_media(tx, &twin, MediaSecurity::Sdes));
        let known = devices::of_user(&db, ana, desk.id).await.expect("read");
        assert_eq!(known.media_security, MediaSecurity::Sdes);
        let (browser, _) = tx!(db, |tx| devices::issue_browser(tx, &keys(), ana, "r", crm::now()));
        let refused = try_tx!(db, |tx| devices::secure_media(tx, &browser, MediaSecurity::None));
        assert!(matches!(refused, Err(Error::Invalid { field: "media_security", .. })), "{refused:?}");
    });
}

#[test]
fn the_chosen_phone_is_kept_until_it_is_removed() {
    on_both(|db| async move {
        let ana = user(&db, "Ana", Role::Agent).await.id;
        let bob = user(&db, "Bob", Role::Agent).await.id;
        let new = NewDevice {
            user_id: ana,
            username: "ana-desk".to_owned(),
            password: "secret".to_owned(),
            realm: "aurora.example".to_owned(),
            kind: DeviceKind::Desk,
            label: "Desk".to_owned(),
            media_security: MediaSecurity::Sdes,
        };
        let phone = tx!(db, |tx| devices::create(tx, &keys(), &new)).id;
        assert_eq!(devices::chosen(&db).await.expect("read"), []);
        tx!(db, |tx| devices::choose(tx, ana, phone));
        assert_eq!(devices::chosen(&db).await.expect("read"), [(ana, phone)]);
        let others = try_tx!(db, |tx| devices::choose(tx, bob, phone));
        assert!(matches!(others, Err(Error::NotFound { what: "device" })), "{others:?}");
        tx!(db, |tx| devices::delete(tx, phone));
        assert_eq!(devices::chosen(&db).await.expect("read"), []);
    });
}
