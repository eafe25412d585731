//! OpenAI's API as clients of Azure ask for it: the model is a deployment, whose name stands in the path and need not stand
//! in the body, and the query names the version of the API. Asked for so, it is told as OpenAI's own.

use serde_json::Value;

use crate::error::Result;
use crate::provider::body::Body;

/// The parameter of the query that means nothing elsewhere.
pub const VERSION: &str = "api-version";

/// The deployment and the rest of a path, `/deployments/NAME/chat/completions` and the like; `None` for every other path.
/// A name is taken as it is spelled: those that can be given need no escapes.
pub fn asked_at(path: &str) -> Option<(&str, &str)> {
    let path = path.strip_prefix("/openai").unwrap_or(path).strip_prefix("/deployments/")?;
    let (name, _) = path.split_once('/').filter(|(name, _)| !name.is_empty())?;
    Some((name, &path[name.len()..]))
}

/// The body with its model named at the end, where it names none.
pub fn name_model(body: &[u8], name: &str) -> Result<Option<Vec<u8>>> {
    let members = Body::read(body)?;
    let is_named = members.last("model").is_some();
    Ok((!is_named).then(|| members.spell(&[("model", &Value::from(name).to_string())])))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_deployment_stands_in_the_path() {
        let chat = Some(("gpt-4o", "/chat/completions"));
        assert_eq!(asked_at("/deployments/gpt-4o/chat/completions"), chat);
        assert_eq!(asked_at("/openai/deployments/gpt-4o/chat/completions"), chat);
        for other in ["/v1/chat/completions", "/deployments/", "/deployments/x", "/deployments//embeddings", "/openai"]
        {
            assert_eq!(asked_at(other), None, "{other}");
        }
    }

    #[test]
    fn a_body_names_its_model_once() {
        let named = name_model(br#"{"n":1.0}"#, "a\"b").unwrap().unwrap();

        assert_eq!(String::from_utf8(named).unwrap(), r#"{"n":1.0,"model":"a\"b"}"#);
        assert_eq!(name_model(br#"{"model":"x"}"#, "y").unwrap(), None);
        assert!(name_model(b"[]", "y").is_err());
    }
}
