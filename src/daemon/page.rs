//! The files of the page: part of the program, the same for everybody, and holding nothing secret.

/// Where the page is.
pub const PATH: &str = "/dashboard";

/// One file of the page.
pub struct File {
    /// Its name below [`PATH`]; empty for the page itself.
    pub name: &'static str,
    /// What a browser is to take it for.
    pub media_type: &'static str,
    /// What it holds.
    pub text: &'static str,
}

const SCRIPT: &str = "text/javascript; charset=utf-8";

const fn script(name: &'static str, text: &'static str) -> File {
    File { name, media_type: SCRIPT, text }
}

static FILES: [File; 8] = [
    File { name: "", media_type: "text/html; charset=utf-8", text: include_str!("page/index.html") },
    File { name: "style.css", media_type: "text/css; charset=utf-8", text: include_str!("page/style.css") },
    script("page.js", include_str!("page/page.js")),
    script("ask.js", include_str!("page/ask.js")),
    script("chart.js", include_str!("page/chart.js")),
    script("events.js", include_str!("page/events.js")),
    script("prompts.js", include_str!("page/prompts.js")),
    script("words.js", include_str!("page/words.js")),
];

/// What a browser may do with the page: run its own scripts, apply its own style, ask whoever served it, and nothing else.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; \
    base-uri 'none'; frame-ancestors 'none'; form-action 'none'";

/// The file of a name.
pub fn file(name: &str) -> Option<&'static File> {
    FILES.iter().find(|file| file.name == name)
}

/// True for the path of a file. Whoever asks for one needs no token: it cannot know any yet.
pub fn is_file(path: &str) -> bool {
    let Some(below) = path.strip_prefix(PATH) else { return false };
    below.is_empty() || below.strip_prefix('/').is_some_and(|name| !name.is_empty() && file(name).is_some())
}

/// True for what the page asks for. A door that is open for the page alone answers nothing else.
pub fn asks(path: &str) -> bool {
    let is_entry = path.strip_prefix("/cache/entries/").is_some_and(|key| !key.contains('/'));
    is_entry || matches!(path, "/dashboard/figures" | "/cache/entries" | "/events")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_files_there_are_need_no_token() {
        for path in ["/dashboard", "/dashboard/style.css", "/dashboard/page.js"] {
            assert!(is_file(path), "{path}");
        }
        for path in ["/dashboard/", "/dashboard/figures", "/dashboardx", "/", "/status", "/dashboard/../status"] {
            assert!(!is_file(path), "{path}");
        }
    }

    #[test]
    fn the_page_names_files_there_are_and_nothing_elsewhere() {
        for file in &FILES {
            for quoted in file.text.split(['"', '\'']).filter(|quoted| quoted.starts_with("/dashboard/")) {
                let path = quoted.split(['?', '`', '$']).next().unwrap_or_default();
                assert!(is_file(path) || path == "/dashboard/figures", "{} names {quoted}", file.name);
            }
            let addresses = file.text.replace("http://www.w3.org/2000/svg", "");
            assert!(!addresses.contains("://"), "{} names an address elsewhere", file.name);
        }
    }

    #[test]
    fn nothing_is_taken_for_markup() {
        for file in &FILES {
            for word in
                ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "style=", "onclick="]
            {
                assert!(!file.text.contains(word), "{} uses {word}", file.name);
            }
        }
    }
}
