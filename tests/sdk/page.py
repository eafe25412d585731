"""The page of `llmc dashboard` in a real browser: empty, with a few hostile names, and with a hundred thousand entries."""

import hashlib
import json
import pathlib
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

from daemon import DEADLINE, Daemon
from provider import Provider
from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

MANY = 100_000
READY_WITHIN = 2.0
HOUR = 3_600_000

HOSTILE = "<img src=x onerror=\"document.title='ran'\">"
PROMPT = "<script>document.title='ran'</script> What is a river?"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)

# Every text with its colour and that of its ground, and how far apart the two are by WCAG's measure.
CONTRASTS = """
const parts = (colour) => colour.match(/[\\d.]+/g).map(Number);
const light = (rgb) => {
  const [r, g, b] = rgb.slice(0, 3).map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (node) => {
  for (let at = node; at; at = at.parentElement) {
    const rgba = parts(getComputedStyle(at).backgroundColor);
    if (rgba.length === 3 || rgba[3] === 1) return rgba;
  }
  return [255, 255, 255];
};
const told = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const holder = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !holder.checkVisibility() || holder.closest("noscript")) continue;
  const style = getComputedStyle(holder);
  const [one, other] = [light(parts(holder.namespaceURI.endsWith("svg") ? style.fill : style.color)), light(ground(holder))];
  told.push([(Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05), walker.currentNode.data.trim()]);
}
return told;
"""

# All that a keyboard should reach, in the order of the page.
FOCUSABLE = """
return [...document.querySelectorAll("a[href], button, select, input, summary, [tabindex='0']")]
  .filter((one) => one.checkVisibility() && !(one.type === "radio" && !one.checked))
  .map((one) => one.id || one.textContent.trim().slice(0, 30) || one.getAttribute("aria-labelledby"));
"""
FOCUSED = """
const one = document.activeElement;
if (one === document.body) return null;
const style = getComputedStyle(one);
return [one.id || one.textContent.trim().slice(0, 30) || one.getAttribute("aria-labelledby"),
        style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2];
"""


class Browser:
    """A headless browser that remembers what it was told to fetch."""

    def __init__(self, program, driver, pictures):
        options = webdriver.ChromeOptions()
        options.binary_location = program
        for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--no-proxy-server"):
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
        self.pictures = pictures and pathlib.Path(pictures)
        self.origin = None

    def emulate(self, width=1100, height=900, scheme="light"):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500},
        )
        feature = {"name": "prefers-color-scheme", "value": scheme}
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})

    def visit(self, url):
        """Opens the page in place of the one before; returns the seconds until it showed its figures."""
        self.anew()
        self.origin = url.split("/dashboard")[0]
        began = time.monotonic()
        self.driver.get(url)
        self.wait(lambda: self.run("return document.body.dataset.ready") == "true", "the page shows its figures")
        return time.monotonic() - began

    def anew(self):
        """A tab that holds no token, in place of the one before, whose traffic is forgotten."""
        before = self.driver.current_window_handle
        self.driver.switch_to.new_window("tab")
        now = self.driver.current_window_handle
        self.driver.switch_to.window(before)
        self.driver.close()
        self.driver.switch_to.window(now)
        self.emulate()
        for kind in ("browser", "performance"):
            self.driver.get_log(kind)

    def run(self, script):
        return self.driver.execute_script(script)

    def text(self, selector):
        # In one step: an element that is found may be another one by the time it is read.
        return self.run(f"return document.querySelector({json.dumps(selector)}).innerText")

    def value(self, total):
        return float(self.run(f"return document.querySelector('#total-{total} data').value"))

    def wait(self, until, what):
        try:
            WebDriverWait(self.driver, DEADLINE, 0.02).until(lambda _: until())
        except TimeoutException:
            logged = [entry["message"] for entry in self.driver.get_log("browser")]
            raise AssertionError(f"never came true: {what}; {logged}; {self.text('body')[:600]}") from None

    def picture(self, name):
        if self.pictures:
            height = self.run("return document.documentElement.scrollHeight")
            width = self.run("return document.documentElement.clientWidth")
            shown = self.run("return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'")
            self.emulate(width, height, shown)
            self.driver.save_screenshot(str(self.pictures / f"{name}.png"))

    def expect_quiet(self, allowed=()):
        """No errors on the console, and nothing fetched from anywhere else, since this was asked last."""
        told = [entry for entry in self.driver.get_log("browser") if not any(word in entry["message"] for word in allowed)]
        assert not told, told
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                url = message["params"]["request"]["url"]
                assert url.startswith((self.origin + "/", "data:", "chrome:", "about:")), f"{url} was fetched"
                assert "token=" not in url, f"{url} holds the token"

    def expect_usable(self, name):
        """Texts stand out, nothing scrolls sideways on a small screen, and the keyboard reaches everything."""
        for scheme in ("light", "dark"):
            for width in (1100, 360):
                self.emulate(width, scheme=scheme)
                self.wait(lambda width=width: self.run("return innerWidth") == width, "the window is resized")
                pale = [told for told in self.run(CONTRASTS) if told[0] < 4.5]
                assert not pale, f"{scheme}: {pale}"
                wide = self.run("return document.documentElement.scrollWidth")
                assert wide <= width, f"{wide} pixels are wider than {width}"
                self.picture(f"{name}-{scheme}-{width}")
        self.emulate()
        self.run("document.querySelector('.skip').focus()")
        wanted = self.run(FOCUSABLE)
        reached = wanted[:1]
        for _ in wanted[1:]:
            self.driver.switch_to.active_element.send_keys(Keys.TAB)
            focused = self.run(FOCUSED)
            assert focused is not None and focused[1], f"the focus cannot be seen: {focused}"
            reached.append(focused[0])
        assert reached == wanted, f"the keyboard reaches {reached}, not {wanted}"

    def expect_described(self):
        """Landmarks, one first heading, headed tables with captions, and charts that say what they show."""
        counted = self.run("""
            const count = (selector) => document.querySelectorAll(selector).length;
            return [count("header"), count("main"), count("footer"), count("h1"), count("table:not(:has(caption))"),
                    count("table:not(:has(thead th[scope=col]))"), count("svg:not([role=img][aria-label])"),
                    count("section:not([aria-labelledby])"), count("[role=status][aria-live=polite]"),
                    count("[style], [onclick], main script")];
        """)
        assert counted == [1, 1, 1, 1, 0, 0, 0, 0, 1, 0], counted


def expect_figures(browser, llmc):
    """What is shown is what `llmc stats` tells."""
    stats = json.loads(llmc.run("stats", "--json"))
    for field in ("hits", "misses", "savedUsd", "spentUsd", "savedTokens", "entries"):
        browser.wait(lambda field=field: abs(browser.value(field) - stats[field]) < 1e-9, f"{field} is {stats[field]}")
    rate = "No rate yet" if stats["hitRate"] is None else f"{stats['hitRate']:.1f} % hits"
    assert browser.text("#rate") == rate, browser.text("#rate")
    return stats


class Shown:
    """`llmc dashboard` while it runs, for a daemon without a door."""

    def __init__(self, llmc, folder):
        (folder / "config.toml").write_text("")
        self.environment = {
            "PATH": "/usr/bin:/bin", "HOME": str(folder), "LLMC_CONFIG": str(folder / "config.toml"),
            "LLMC_DATA_DIR": str(folder / "data"), "LLMC_STATE_DIR": str(folder / "state"),
            "LLMC_SOCKET": str(folder / "run" / "llmc.sock"),
        }  # fmt: skip
        self.llmc = llmc
        self.shown = subprocess.Popen(
            [llmc, "dashboard"], env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        self.url = self.shown.stdout.readline().strip()

    def run(self, *arguments):
        ran = subprocess.run([self.llmc, *arguments], env=self.environment, capture_output=True, text=True, check=True)
        return ran.stdout

    def end(self):
        self.shown.send_signal(signal.SIGINT)
        assert self.shown.wait(DEADLINE) == 130
        self.run("daemon", "stop")


def an_empty_cache(browser, llmc, folder):
    shown = Shown(llmc, folder)
    ended = False
    try:
        browser.visit(shown.url)
        assert "#" not in browser.driver.current_url, "the token stays in the address"
        policy = browser.run(
            "const sent = new XMLHttpRequest(); sent.open('GET', '/dashboard', false); sent.send();"
            "return sent.getResponseHeader('content-security-policy');"
        )
        assert policy == POLICY, policy
        expect_figures(browser, shown)
        assert "Nothing was asked" in browser.text("#advice")
        browser.wait(lambda: "Nothing is kept yet" in browser.text("#prompts-note"), "no prompts are there")
        browser.expect_described()
        browser.expect_usable("empty")
        browser.expect_quiet(allowed=["/events"])

        shown.run("generate", "-m", "echo/echo", "hello")
        shown.run("generate", "-m", "echo/echo", "hello")
        assert expect_figures(browser, shown)["hits"] == 1

        shown.end()
        ended = True
        browser.wait(lambda: "does not answer" in browser.text("#news"), "the page tells that the door is closed")
    finally:
        if not ended:
            shown.end()


def ten_entries_with_hostile_names(browser, llmc, folder):
    provider = Provider()
    settings = f"""
[providers.work]
kind = "openai"
base_url = "{provider.address}/v1"
api_key_env = "WORK_KEY"
[prices]
"work/river-1" = {{ input = 25.0, output = 100.0 }}
{json.dumps("work/" + HOSTILE)} = {{ input = 100.0, output = 100.0 }}
[budget]
daily_usd = 5.0
"""
    daemon = Daemon(llmc, folder, settings, {"WORK_KEY": "sk-test"})
    try:
        for number in range(9):
            for _ in range(1 + number % 4):
                daemon.run("generate", "-m", "work/river-1", f"Name river {number}")
        for _ in range(12):
            daemon.run("generate", "-m", f"work/{HOSTILE}", "--namespace", "team:b", PROMPT)
        url = json.loads(daemon.run("dashboard", "--json"))["url"]
        browser.visit(url)
        stats = expect_figures(browser, daemon)
        assert stats["entries"] == 10 and stats["savedUsd"] > 0, stats
        assert HOSTILE in browser.text("#model-rows") and "team:b" in browser.text("#namespace-rows")

        browser.wait(lambda: browser.run("return document.querySelectorAll('#prompts tr').length") > 3, "prompts are listed")
        assert "<script>" not in browser.text("#prompts"), "a prompt is shown before anybody asked for it"
        of_hostile = browser.driver.find_element(By.XPATH, "//tr[contains(., '<img')]//button")
        of_hostile.click()
        browser.wait(lambda: PROMPT in browser.text("#prompts"), "the prompt is shown")
        assert of_hostile.get_attribute("aria-expanded") == "true"
        browser.expect_usable("ten")
        browser.expect_described()
        browser.driver.find_element(By.CSS_SELECTOR, "input[value=hour]").click()
        browser.driver.find_element(By.CSS_SELECTOR, "summary").click()
        assert browser.run("return document.querySelectorAll('#time-rows tr').length") >= 1
        assert "$5.00" in browser.text("#budgets")
        assert browser.driver.title == "llmc" and not browser.run("return document.querySelector('main img, main script')")

        browser.driver.find_element(By.ID, "pause").click()
        before = browser.text("#updated")
        daemon.run("generate", "-m", "work/river-1", "Name river 1")
        browser.driver.find_element(By.ID, "pause").click()
        browser.wait(lambda: browser.text("#updated") != before, "the page goes on after a pause")
        assert expect_figures(browser, daemon)["hits"] == stats["hits"] + 1
        browser.expect_quiet(allowed=["/events"])

        browser.anew()
        browser.driver.get(url.split("#")[0])
        browser.wait(lambda: "llmc dashboard" in browser.text("#news"), "a page without a token says what to do")
    finally:
        daemon.end()
        provider.shutdown()


def line_of(number, now):
    """An entry of `echo` as `llmc cache import` takes it."""
    prompt = f"What is known of number {number}?"
    material = {
        "base_url": "echo:", "body": {"messages": [{"content": prompt, "role": "user"}], "model": "echo"},
        "kind": "echo", "namespace": "default", "operation": "chat.completions", "sample": 0, "version": 1,
    }  # fmt: skip
    key = hashlib.sha256(json.dumps(material, separators=(",", ":")).encode()).hexdigest()
    message = {"role": "assistant", "content": f"Of number {number} little is known."}
    answer = {
        "id": f"a{number}", "object": "chat.completion", "created": 0, "model": "echo",
        "choices": [{"index": 0, "message": message, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 8, "completion_tokens": 8, "total_tokens": 16},
    }  # fmt: skip
    facts = {
        "form": "plain", "provider": "echo", "model": "echo", "namespace": "default", "usage_estimated": False,
        "usage": {"input": 8, "output": 8, "cached_input": 0, "cache_write": 0, "reasoning": 0}, "cost": 250_000,
        "finish": "stop", "kept_at": now - number, "ttl": {"secs": 2_592_000, "nanos": 0},
        "grace": {"secs": 0, "nanos": 0}, "latency": {"secs": 1, "nanos": 0},
    }  # fmt: skip
    return json.dumps({"version": 1, "key": key, "material": material, "facts": facts, "body": json.dumps(answer)})


def fill_the_past(database, now):
    """Counters of sixty days, each better than the one before, and of the last two hour by hour."""
    rows = []
    for hour in [now // HOUR - 24 * day for day in range(60)] + [now // HOUR - hour for hour in range(1, 48) if hour % 24]:
        age = now // HOUR - hour
        for model, share in [("river-1", 3), ("river-1-mini", 7)]:
            hits, misses = (1500 - age) * share // 10, (150 + age // 4) * share // 10
            fields = {"hits": hits, "misses": misses, "saved_nanos": hits * 2_100_000, "spent_nanos": misses * 2_300_000}
            fields |= {"saved_tokens": hits * 16, "spent_tokens": misses * 16, "saved_millis": hits * 900}
            rows += [(hour, "work", model, "default", "", field, value) for field, value in fields.items()]
    with sqlite3.connect(database) as connection:
        connection.executemany("INSERT INTO counters VALUES (?, ?, ?, ?, ?, ?, ?)", rows)
    connection.close()


def many_entries(browser, llmc, folder):
    now = int(time.time() * 1000)
    lines = folder / "many.jsonl"
    with open(lines, "w") as file:
        file.writelines(line_of(number, now) + "\n" for number in range(MANY))
    daemon = Daemon(llmc, folder)
    try:
        daemon.run("cache", "import", str(lines))
        for number in range(12):
            for _ in range(1 + number % 5):
                daemon.run("generate", "-m", "echo/echo", f"What is known of number {number}?")
    finally:
        daemon.end()
    fill_the_past(folder / "data" / "llmc.sqlite", now)
    daemon = Daemon(llmc, folder)
    try:
        url = json.loads(daemon.run("dashboard", "--json"))["url"]
        # The best of three: what else the machine does is not the page's.
        took = min(browser.visit(url) for _ in range(3))
        print(f"with {MANY} entries the page shows its figures after {took:.2f} s")
        assert took < READY_WITHIN, f"it took {took:.2f} s"
        assert expect_figures(browser, daemon)["entries"] == MANY
        began = time.monotonic()
        browser.wait(lambda: browser.run("return document.querySelectorAll('#prompts tr').length") == 10, "prompts are listed")
        print(f"and the top prompts {time.monotonic() - began:.2f} s later")
        assert browser.run("return document.querySelectorAll('#rate-chart circle').length") == 60
        browser.expect_usable("many")
        browser.driver.find_element(By.CSS_SELECTOR, "input[value=hour]").click()
        browser.wait(lambda: browser.run("return document.querySelectorAll('#rate-chart circle').length") == 48, "hours are shown")
        browser.picture("many-hours")
        browser.expect_quiet(allowed=["/events"])
    finally:
        daemon.end()


def main():
    llmc, program, driver, pictures = sys.argv[1:]
    browser = Browser(program, driver, pictures)
    try:
        for test in (an_empty_cache, ten_entries_with_hostile_names, many_entries):
            began = time.monotonic()
            with tempfile.TemporaryDirectory() as folder:
                test(browser, llmc, pathlib.Path(folder))
            print(f"passed: {test.__name__.replace('_', ' ')}, {time.monotonic() - began:.0f} s")
    finally:
        browser.driver.quit()


main()
