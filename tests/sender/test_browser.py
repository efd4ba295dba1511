"""The emulator's pages in a real browser: they work without scripts, and a hostile mail has no effect."""

from __future__ import annotations

import http.server
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import requests

from compiler.sender.emulator import Emulator
from tests.sender.payloads import HOSTILE, PNG, attachment, payload

pytestmark = pytest.mark.slow


class Witness(http.server.ThreadingHTTPServer):
    """A proxy that records every request of the browser and forwards only those to this machine."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), WitnessHandler)
        self.seen: list[str] = []

    def paths(self, emulator: Emulator) -> list[str]:
        """The recorded requests, without the emulator's address and without the browser's own requests."""
        seen = [request.replace(emulator.page_url, "/") for request in self.seen]
        return [request for request in seen if request.split()[1].startswith("/") or "hostile.example" in request]


class WitnessHandler(http.server.BaseHTTPRequestHandler):
    server: Witness

    def answer(self) -> None:
        self.server.seen.append(f"{self.command} {self.path}")
        if urlsplit(self.path).hostname != "127.0.0.1":
            self.send_error(502)
            return
        sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with requests.Session() as session:
            session.trust_env = False
            forwarded = session.request(
                self.command, self.path, headers=dict(self.headers), data=sent, allow_redirects=False, timeout=10
            )
        self.send_response_only(forwarded.status_code)
        for name, value in forwarded.headers.items():
            if name.lower() not in ("content-length", "content-encoding", "transfer-encoding", "connection"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(forwarded.content)))
        self.end_headers()
        self.wfile.write(forwarded.content)

    do_GET = do_POST = do_CONNECT = do_HEAD = do_OPTIONS = answer  # noqa: N815 - the base class's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        pass


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    """A new emulator for each test, so that its messages count from 1."""
    with Emulator() as running:
        yield running


@pytest.fixture(scope="module")
def witness() -> Iterator[Witness]:
    with Witness() as running:
        thread = threading.Thread(target=running.serve_forever, args=(0.05,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture(scope="module")
def downloads(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("downloads")


def installed(*names: str) -> str:
    """The first of these programs on PATH. If there is none, the tests are skipped, or fail in CI."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        stop = pytest.fail if os.environ.get("CI") else pytest.skip
        stop(
            f"{' or '.join(names)} is not on PATH: "
            "install Debian's packages chromium and chromium-driver, or Chrome and ChromeDriver"
        )
    return found


@pytest.fixture(scope="module")
def started(witness: Witness, downloads: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    program, driver = installed("chromium", "chromium-browser", "google-chrome"), installed("chromedriver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = program
    for text in (
        *("headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-dev-shm-usage"),
        *("disable-background-networking", "disable-component-update", "disable-sync", "window-size=1200,1000"),
        f"user-data-dir={tmp_path_factory.mktemp('profile')}",
        f"proxy-server=http://127.0.0.1:{witness.server_port}",
        "proxy-bypass-list=<-loopback>",  # proxy requests to this machine too
    ):
        options.add_argument(f"--{text}")
    options.add_experimental_option("prefs", {"download.default_directory": str(downloads)})
    running = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield running
    running.quit()


@pytest.fixture
def browser(started: Any, witness: Witness) -> Any:
    started.get("about:blank")
    witness.seen.clear()
    return started


def find(browser: Any, selector: str) -> Any:
    return browser.find_element("css selector", selector)


def eventually(condition: Callable[[], bool]) -> bool:
    """Whether the condition holds within some seconds; a click does not wait for its effect."""
    until = time.monotonic() + 10
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def post(emulator: Emulator, **properties: Any) -> None:
    answer = requests.post(
        f"{emulator.url}/send",
        json=payload(**properties),
        auth=(emulator.api_key, emulator.secret_key),
        timeout=10,
    )
    assert answer.status_code in (200, 201), answer.text


def kept(emulator: Emulator) -> int:
    answer = requests.get(f"{emulator.page_url}emulator/messages", timeout=10).json()
    return len(answer["messages"] if isinstance(answer, dict) else answer)


def test_the_list_leads_to_the_message_and_clear_empties_it(browser: Any, emulator: Emulator) -> None:
    post(emulator, Subject="<b>First</b>", Text_part="\nHello <b>all</b>\n\n  indented")
    browser.get(emulator.page_url)
    link = find(browser, "table a")
    assert link.text == "<b>First</b>"
    link.click()
    assert eventually(lambda: browser.title.startswith("1: <b>First</b>"))
    assert browser.current_url == f"{emulator.page_url}messages/1"
    assert find(browser, "h1").text == "<b>First</b>"
    assert find(browser, "pre").get_property("textContent") == "\nHello <b>all</b>\n\n  indented"
    find(browser, "header a").click()
    assert eventually(lambda: browser.title.startswith("Messages"))
    assert browser.current_url == emulator.page_url
    find(browser, "header button").click()
    assert eventually(lambda: "no messages yet" in browser.page_source)
    assert kept(emulator) == 0


def test_the_policy_lets_the_page_s_own_style_through(browser: Any, emulator: Emulator) -> None:
    browser.get(emulator.page_url)
    assert find(browser, "header").value_of_css_property("display") == "flex"


def hostile_html(page_url: str) -> str:
    act = "document.title='ran';document.body.id='ran';location='http://hostile.example/ran'"
    return f"""<!doctype html><html><head><title>Mail</title>
<meta http-equiv="refresh" content="0; url={page_url}emulator/clear">
<meta http-equiv="Content-Security-Policy" content="default-src *; script-src * 'unsafe-inline'">
<base href="http://hostile.example/" target="_top">
<link rel="stylesheet" href="http://hostile.example/style"><link rel="icon" href="http://hostile.example/icon">
<link rel="prefetch" href="http://hostile.example/prefetch"><link rel="prerender" href="http://hostile.example/render">
<link rel="preload" as="image" href="http://hostile.example/preload"><link rel="manifest" href="/manifest">
<style>@import "http://hostile.example/import"; @font-face {{ font-family: F; src: url(http://hostile.example/font) }}
body {{ font-family: F; background: url(http://hostile.example/background) }}</style>
<script>{act}</script><script src="http://hostile.example/script"></script></head>
<body onload="{act}"><p id="still">Still here</p>
<a id="out" target="_self" href="http://hostile.example/out">Out</a>
<a id="top" target="_top" href="{page_url}emulator/clear">Top</a>
<a id="new" target="_blank" href="http://hostile.example/new" ping="http://hostile.example/ping">New</a>
<a id="code" target="_self" href="javascript:{act}">Code</a>
<form action="{page_url}emulator/clear" method="post" target="_self"><button id="clear">Clear</button></form>
<form method="get" target="_top"><button id="get" formaction="http://hostile.example/get">Get</button></form>
<img src="none:" onerror="{act}"><img src="http://hostile.example/pixel"><img src="{page_url}emulator/clear">
<img srcset="http://hostile.example/set 1x"><svg><script>{act}</script><image href="http://hostile.example/svg"/></svg>
<svg onload="{act}"></svg>
<iframe src="{page_url}emulator/clear"></iframe><iframe srcdoc="<script>{act}</script>"></iframe>
<object data="http://hostile.example/object"></object><embed src="http://hostile.example/embed">
<video autoplay src="http://hostile.example/video" poster="http://hostile.example/poster"></video>
<audio autoplay src="http://hostile.example/audio"></audio></body></html>"""


CLICKS = ["#out", "#top", "#new", "#code", "#clear", "#get"]


def test_a_hostile_mail_changes_nothing(browser: Any, emulator: Emulator, witness: Witness) -> None:
    post(emulator, Subject="Hostile", Html_part=hostile_html(emulator.page_url))
    address = f"{emulator.page_url}messages/1"
    windows = browser.window_handles
    for click in CLICKS:
        witness.seen.clear()
        browser.get(address)
        browser.switch_to.frame(find(browser, "iframe"))
        assert find(browser, "#still").text == "Still here"
        find(browser, click).click()
        time.sleep(0.3)  # time for unwanted requests
        browser.switch_to.default_content()
        assert browser.current_url == address
        assert browser.title.startswith("1: Hostile")
        assert find(browser, "h1").text == "Hostile"
        assert witness.paths(emulator) == ["GET /messages/1", "GET /messages/1/html"], click
    browser.get(address)
    browser.switch_to.frame(find(browser, "iframe"))
    assert find(browser, "body").get_property("id") == ""
    browser.switch_to.default_content()
    assert browser.window_handles == windows
    assert kept(emulator) == 1


def test_a_hostile_mail_opened_by_itself_runs_and_fetches_nothing(
    browser: Any, emulator: Emulator, witness: Witness
) -> None:
    post(emulator, Subject="Hostile", Html_part=hostile_html(emulator.page_url))
    browser.get(f"{emulator.page_url}messages/1/html")
    for click in ("#new", "#code", "#clear", "#get"):  # the other links may navigate when clicked
        find(browser, click).click()
    time.sleep(0.3)
    assert browser.title == "Mail"
    assert find(browser, "body").get_property("id") == ""
    assert witness.paths(emulator) == ["GET /messages/1/html"]
    assert kept(emulator) == 1


def test_hostile_values_are_shown_as_text(browser: Any, emulator: Emulator, witness: Witness) -> None:
    text = HOSTILE.replace("\ud800", "")
    post(
        emulator,
        Subject=text,
        Text_part=text,
        FromName=text,
        Recipients=[{"Email": "alice@example.com", "Name": text, "Vars": {"v": text}}],
        Attachments=[attachment("a.txt"), attachment(text.replace("/", ""))],
    )
    for address in (emulator.page_url, f"{emulator.page_url}messages/1"):
        browser.get(address)
        assert text in find(browser, "main").get_property("textContent")
        assert browser.find_elements("css selector", "script, img") == []
    assert witness.paths(emulator) == ["GET /", "GET /messages/1"]


def test_an_inline_image_is_rendered(browser: Any, emulator: Emulator, witness: Witness) -> None:
    post(
        emulator,
        Html_part='<img id="logo" src="cid:my%20logo.png"><img id="none" src="cid:none">',
        Inline_attachments=[attachment("my logo.png", PNG, "image/png")],
    )
    browser.get(f"{emulator.page_url}messages/1")
    browser.switch_to.frame(find(browser, "iframe"))
    assert find(browser, "#logo").get_property("naturalWidth") == 2
    assert find(browser, "#none").get_property("naturalWidth") == 0
    assert witness.paths(emulator) == ["GET /messages/1", "GET /messages/1/html"]


def test_an_attachment_is_downloaded_and_not_rendered(browser: Any, emulator: Emulator, downloads: Path) -> None:
    content = b"<!doctype html><title>Rendered</title><script>document.title = 'ran'</script>"
    post(emulator, Text_part="x", Attachments=[attachment("page.html", content, "text/html")])
    browser.get(f"{emulator.page_url}messages/1")
    find(browser, "a[href='/messages/1/attachments/0']").click()
    file = downloads / "page.html"
    assert eventually(file.exists)
    assert file.read_bytes() == content
    assert browser.current_url == f"{emulator.page_url}messages/1"
    assert browser.title.startswith("1: Minutes")
