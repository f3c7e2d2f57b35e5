//! How mail goes out: who may see and try it, what is never shown, what is told.
use crate::house::House;
use serde_json::json;

const TEST: &str = "/api/v1/mail/test";

#[test]
fn whoever_sets_the_company_up_sends_themselves_a_message() {
    let house = House::new();
    let shown = house.ask("boss", "GET", "/api/v1/mail", None).json();
    assert_eq!(shown["way"], "folder");
    assert_eq!((&shown["host"], &shown["from"]), (&"".into(), &"huiliu@example.com".into()));
    // Without an address of one's own there is nobody to send to.
    let refused = house.ask("boss", "POST", TEST, Some(&json!({})));
    assert_eq!((refused.status, refused.code()), (422, "notice.no_mail".to_owned()));
    let wish = json!({ "mail": "boss@example.com", "by_mail": false, "lang": "en" });
    assert_eq!(house.ask("boss", "POST", "/api/v1/me/notices", Some(&wish)).status, 200);
    // An address in the request is not listened to.
    let to = json!({ "mail": "other@example.com" });
    let sent = house.ask("boss", "POST", TEST, Some(&to));
    assert_eq!((sent.status, &sent.json()["to"]), (200, &"boss@example.com".into()));
    let letters: Vec<_> = std::fs::read_dir(house.dir.join("mail")).unwrap().collect();
    let letter = std::fs::read_to_string(letters[0].as_ref().unwrap().path()).unwrap();
    assert_eq!(letters.len(), 1);
    assert!(
        letter.contains("To: boss@example.com") && letter.contains("a test message"),
        "{letter}"
    );
    let told = house.ask("boss", "GET", "/api/v1/trail?kind=user", None).text;
    assert!(told.contains("mail.tested"), "{told}");
    assert!(!told.contains("boss@example.com"), "facts name no address");
}

#[test]
fn nobody_else_sees_or_tries_how_mail_goes() {
    let house = House::new();
    for login in ["li.lei", "jim", "nobody"] {
        assert_eq!(house.ask(login, "GET", "/api/v1/mail", None).code(), "access.forbidden");
        let tried = house.ask(login, "POST", TEST, Some(&json!({})));
        assert_eq!((tried.status, tried.code()), (403, "access.forbidden".to_owned()));
    }
    assert!(!house.dir.join("mail").exists());
}
