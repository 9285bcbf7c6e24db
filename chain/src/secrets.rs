//! What the address of a node holds and no error may say: keys of providers.

use reqwest::Url;

/// The shortest part of a path or a query that may be a key; `v3` and `mainnet` say nothing.
const KEY: usize = 8;
/// The same for a user and a password.
const PASSWORD: usize = 4;

/// A text without a node's address and without every part of it that may be a key, in whichever form it
/// stands there.
pub(crate) fn without_secrets(text: &str, url: &str) -> String {
    let Ok(parsed) = url.parse::<Url>() else { return text.replace(url, "its address") };
    let mut text = text.replace(url, "its address");
    // Clients show an address without its user and password, and so with whatever key is in its path.
    let mut plain = parsed.clone();
    if plain.set_username("").and_then(|()| plain.set_password(None)).is_ok() {
        text = text.replace(plain.as_str(), "its address");
    }
    let login = [Some(parsed.username()), parsed.password()].into_iter().flatten();
    let login = login.filter(|part| part.len() >= PASSWORD).map(str::to_owned);
    let path = parsed.path_segments().into_iter().flatten().map(str::to_owned);
    let raw =
        parsed.query().into_iter().flat_map(|query| query.split(['&', '='])).map(str::to_owned);
    let pairs =
        parsed.query_pairs().flat_map(|(key, value)| [key.into_owned(), value.into_owned()]);
    let fragment = parsed.fragment().map(str::to_owned);
    let parts = path.chain(raw).chain(pairs).chain(fragment).filter(|part| part.len() >= KEY);
    let mut secrets: Vec<String> =
        login.chain(parts).flat_map(|part| [decoded(&part), Some(part)]).flatten().collect();
    // The longest first: one may be a part of another.
    secrets.sort_by_key(|secret| std::cmp::Reverse(secret.len()));
    for secret in &secrets {
        text = text.replace(secret.as_str(), "...");
    }
    text
}

/// A part of an address without its escapes, where it has some.
fn decoded(part: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(part.len());
    let mut rest = part.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = tail.get(..2).filter(|_| *first == b'%');
        let byte = escaped
            .and_then(|digits| u8::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok());
        bytes.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8(bytes).ok().filter(|text| text != part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_key_of_an_address_is_said_in_any_form() {
        let url = "https://user:pass%21word@node.example/v3/0123456789abcdef?apikey=sesame-open";
        for text in [
            url,
            "https://node.example/v3/0123456789abcdef?apikey=sesame-open",
            "HTTP 401: unknown key 0123456789abcdef",
            "the key sesame-open is spent",
            "no user with pass!word",
            "no user with pass%21word",
            "POST /v3/0123456789abcdef",
        ] {
            let said = without_secrets(text, url);
            for secret in ["0123456789abcdef", "sesame", "pass!word", "pass%21word"] {
                assert!(!said.contains(secret), "{said}");
            }
        }
        assert_eq!(without_secrets("v3 is no method", url), "v3 is no method");
        assert_eq!(without_secrets("100% %zz", "http://a/100%25%20%zz%"), "100% %zz");
    }
}
