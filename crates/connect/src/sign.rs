//! Signatures of Standard Webhooks: HMAC-SHA256 over id, time and body, in base64.
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use kernel::{Error, Result};
use sha2::Sha256;

const PREFIX: &str = "whsec_";

/// A secret as it is handed to the receiver.
#[must_use]
pub fn secret(random: &[u8; 32]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(random))
}

/// The value of `webhook-signature`: one signature for each secret. Error: `bug.webhook_secret`.
pub fn signature(secrets: &[String], id: &str, seconds: i64, body: &str) -> Result<String> {
    let one = |secret: &String| {
        let broken = || Error::bug("bug.webhook_secret", id);
        let key = secret.strip_prefix(PREFIX).ok_or_else(broken)?;
        let key = STANDARD.decode(key).map_err(|_| broken())?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).map_err(|_| broken())?;
        mac.update(format!("{id}.{seconds}.{body}").as_bytes());
        Ok(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    };
    let all: Vec<String> = secrets.iter().map(one).collect::<Result<_>>()?;
    Ok(all.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_is_the_one_that_the_standards_own_example_has() -> Result<()> {
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw".to_owned();
        let (id, time, body) =
            ("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        let expected = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
        assert_eq!(signature(&[secret], id, time, body)?, expected);
        Ok(())
    }

    #[test]
    fn while_a_secret_changes_both_sign() -> Result<()> {
        let (old, new) = (secret(&[1; 32]), secret(&[2; 32]));
        let both = signature(&[new.clone(), old.clone()], "msg_1", 1, "{}")?;
        let each: Vec<String> = [new, old]
            .iter()
            .map(|s| signature(std::slice::from_ref(s), "msg_1", 1, "{}"))
            .collect::<Result<_>>()?;
        assert_eq!(both, each.join(" "));
        assert_ne!(each[0], each[1]);
        Ok(())
    }
}
